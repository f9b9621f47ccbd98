import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.learned import learn_lines


def news(*texts, outlet="a.example", headline=None):
    return pd.DataFrame({"outlet": outlet, "headline": headline, "text": list(texts)})


def learned(articles):
    return learn_lines(articles)["line"].tolist()


STORIES = [f"The number {n} bus to the harbour was late again on this day. Nobody knew why." for n in "abcdefgh"]


def test_a_line_of_five_stories_is_learned_and_one_of_four_is_not():
    assert learned(news(*(f"{story}\n\nGo to our site." for story in STORIES[:5]))) == ["Go to our site.", "Nobody knew why."]
    assert learned(news(*(f"{story}\n\nGo to our site." for story in STORIES[:4]))) == []


def test_a_line_must_stand_in_one_article_of_a_hundred():
    others = [f"Day {n} was calm. It ended at {n}." for n in range(600)]
    assert learned(news(*(f"{story} Go on." for story in STORIES[:5]), *others)) == []
    assert learned(news(*(f"{story} Go on." for story in STORIES[:5]), *others[:400])) == ["Go on.", "Nobody knew why."]


def test_versions_of_one_story_teach_nothing():
    versions = [f"Hour {n}. The bus to the harbour was late again on this day, and nobody could say why. He left. It rained. All waited."
                " None came. The end." for n in range(9)]  # fmt: skip
    assert learned(news(*versions)) == []


def test_a_slogan_in_quotation_marks_is_news():
    assert learned(news(*(f'{story[:-17]} She said: "Make the harbour great again!"' for story in STORIES))) == []


def test_a_recurring_headline_is_not_learned():
    texts = (f"In pictures\n\n{story} It was {story[11]}." for story in STORIES)
    assert learned(news(*texts, headline="In pictures")) == ["Nobody knew why."]


def test_a_sentence_in_the_middle_is_not_learned():
    middle = "Go to our site. One was here. Two were there. Three came. Four left. Five"
    assert learned(news(*(f"{story[:-17]} {middle} {story[11]}." for story in STORIES))) == [
        "Four left.", "One was here.", "Three came.", "Two were there."
    ]  # fmt: skip


def test_outlets_learn_apart_and_no_outlet_is_one_of_them():
    both = pd.concat([news(*(f"{story} Go on." for story in STORIES[:3]), outlet=name) for name in ("a.example", "b.example")])
    assert learned(both) == []
    found = learn_lines(news(*(f"{story} Go on." for story in STORIES), outlet=None))
    assert found["outlet"].isna().tolist() == [True, True]
    assert found[["n_articles", "n_outlet_articles"]].values.tolist() == [[8, 8], [8, 8]]


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(8)))
def test_order_does_not_change_what_is_learned(order):
    articles = news(*(f"{story} Go on.\n\nTo the top" for story in STORIES))
    pd.testing.assert_frame_equal(learn_lines(articles.iloc[list(order)]), learn_lines(articles))
    assert len(learn_lines(articles)) == 3


def test_nothing_teaches_nothing():
    assert learned(news()) == []
