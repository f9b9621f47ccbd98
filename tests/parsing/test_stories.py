from pathlib import Path

from toolkit.parsing import find_duplicates, read_articles


def test_same_body_under_another_headline_in_other_case_and_spacing_is_a_duplicate_of_the_earlier():
    articles = read_articles(Path(__file__).parents[1] / "corpus" / "articles.csv").articles
    ids = articles["article_id"]
    assert find_duplicates(articles).values.tolist() == [[ids[3], ids[0]]]
    assert find_duplicates(articles.iloc[::-1]).values.tolist() == [[ids[3], ids[0]]]
