from dataclasses import replace

from toolkit import read_corpus
from toolkit.showing.sources import draw_sources, find_damaged
from toolkit.tables import make_table

from .tables import make_estimates


def make_corpus(n_repaired):
    """Ten copies of one article, of a.com; quotation marks were repaired in some."""
    corpus = read_corpus("ukraine-korea")
    articles = corpus.articles.loc[corpus.articles.index.repeat(10)].assign(article_id=[f"a{n}" for n in range(10)], outlet="a.com")
    steps = [("quotation marks", n_repaired), ("apostrophes", 9)]
    rows = [(f"a{n}", step, 1) for step, many in steps for n in range(many)]
    repairs = make_table("Repairs", dict(zip(("article_id", "step", "n_changes"), zip(*rows, strict=True), strict=True)))
    return replace(corpus, articles=articles.reset_index(drop=True), repairs=repairs)


def test_an_outlet_is_marked_from_more_than_a_tenth_of_repaired_articles():
    assert find_damaged(make_corpus(1)) == []
    assert find_damaged(make_corpus(2)) == ["a.com"]


def test_the_mark_is_drawn_and_explained_only_where_it_stands():
    estimates = make_estimates([{"outlet": "a.com", "estimate": 1.0}, {"outlet": "b.com", "estimate": 2.0}])
    assert "†" not in draw_sources(estimates, make_corpus(1)).caption
    chart = draw_sources(estimates, make_corpus(2))
    assert "a.com†" in chart.alt and "b.com†" not in chart.alt
    assert chart.caption.endswith("† Quotation marks were lost or broken before we read them in over 10% of its articles.")
