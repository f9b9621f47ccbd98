import pandas as pd
import pytest

from toolkit.counting import count_shared
from toolkit.errors import CorpusError, TableError
from toolkit.showing import compare_versions, draw_shared, show_stories
from toolkit.tables import make_table

from .tables import make_world

LONG = [f"Word{n}" for n in range(60)]
TEXTS = {
    "a1": ("a.com", "2017-02-06", None, ["Troops <b>shelled</b> the “old” town – twice."]),
    "a2": ("b.co.uk", "2017-02-07", None, ['Troops shelled the "old" town, and left {0}.']),
    "a3": ("b.co.uk", "2017-02-07", None, [" ".join(LONG)]),
    "a4": ("a.com", "2017-02-07", None, [" ".join(["First", *LONG, "last"])]),
}
ARTICLES = make_world(TEXTS)[0].assign(story=["a1", "a1", "a3", "a3"])


def test_differing_words_are_marked_by_element_and_escaped_and_typography_is_no_difference() -> None:
    shown = compare_versions(ARTICLES, "a2", "a1")
    first, second = shown.html.split("<div><p")[1:]
    assert "The first: a.com, 2017-02-06" in first and "The second: b.co.uk, 2017-02-07" in second
    assert "Troops <del>&lt;b&gt;shelled&lt;/b&gt;</del> the “old” town <del>twice.</del>" in first
    assert "Troops <ins>shelled</ins> the “old” town <ins>and left {0}.</ins>" in second
    assert shown.text == ("a.com, 2017-02-06 and b.co.uk, 2017-02-07: 4 words in both, 2 only in the first, 4 only in the second.")
    assert shown.files["versions.csv"].splitlines()[:2] == ["version,n_words,words", "both,1,Troops"]


def test_what_both_have_is_cut_to_its_ends() -> None:
    shown = compare_versions(ARTICLES, "a3", "a4")
    assert "Word4 [… 50 words …] Word55" in shown.html and "Word30" not in shown.html
    assert shown.text.endswith("60 words in both, 0 only in the first, 2 only in the second. Which was first is not known.")


def test_more_passages_than_can_be_read_are_counted() -> None:
    words = [f"w{n}" for n in range(100)]
    texts = {"a1": " ".join(words), "a2": " ".join(f"{word} x" for word in words)}
    shown = compare_versions(ARTICLES.iloc[:2].assign(text=list(texts.values())), "a1", "a2")
    assert "170 more passages not shown." in shown.html and len(shown.files["versions.csv"].splitlines()) == 201


def test_unknown_article_is_refused() -> None:
    with pytest.raises(CorpusError) as fault:
        compare_versions(ARTICLES, "a1", "a9")
    assert str(fault.value) == "compare_versions: no article 'a9'. Allowed: a1, a2, a3, a4."


def test_stories_are_told_with_their_versions_and_all_are_in_the_data() -> None:
    shown = show_stories(ARTICLES)
    assert shown.text == "2 stories told more than once."
    assert shown.html.count("<details>") == 2 and shown.html.count("(2 articles of 2 outlets)") == 2
    assert [line.split(",")[0] for line in shown.files["stories.csv"].splitlines()] == ["story", "a1", "a1", "a3", "a3"]


def test_stories_of_no_article_are_none() -> None:
    assert show_stories(ARTICLES.iloc[:0]).text == "0 stories told more than once."
    assert show_stories(ARTICLES.assign(story=list(ARTICLES["article_id"]))).files["stories.csv"].count("\n") == 1


def test_shared_stories_are_drawn_with_words_and_data() -> None:
    shared = count_shared(ARTICLES)
    chart = draw_shared(shared)
    assert chart.alt == "Heat map of the stories shared two by two by 2 outlets. Most: a.com and b.co.uk, 2."
    assert chart.files == {"shared-stories.csv": "outlet,a.com,b.co.uk\na.com,0,2\nb.co.uk,2,0\n"}
    assert draw_shared(shared) == chart


def test_outlets_that_share_nothing_are_said_to() -> None:
    alone = ARTICLES.assign(story=list(ARTICLES["article_id"]))
    assert draw_shared(count_shared(alone)).alt == "Heat map of the stories shared two by two by 2 outlets. No two share any."
    one = alone[alone["outlet"] == "a.com"]
    assert draw_shared(count_shared(one)).alt == "Heat map of the stories shared two by two by 1 outlet. No two share any."


def test_only_twelve_outlets_are_drawn_and_all_are_in_the_data() -> None:
    names = [f"o{n:02}" for n in range(15)]
    chart = draw_shared(pd.DataFrame(1, index=range(15), columns=names).assign(outlet=names)[["outlet", *names]])
    assert chart.caption.endswith("Only the 12 that share most are drawn.") and chart.files["shared-stories.csv"].count("\n") == 16


def test_no_outlet_cannot_be_drawn() -> None:
    with pytest.raises(TableError) as fault:
        draw_shared(count_shared(make_table("Articles")))
    assert str(fault.value) == "draw_shared: the table has no outlet. Expected what count_shared gives. Widen the outlets or dates."
