import re

import pytest

from toolkit.errors import CodebookError, CorpusError
from toolkit.showing import read_closely

from .tables import BOOKS, make_world

ARTICLES, SENTENCES, MENTIONS = make_world()


def test_whole_text_stands_there_with_marks_labels_and_numbers() -> None:
    shown = read_closely(ARTICLES, SENTENCES, [MENTIONS], BOOKS)
    assert (
        '<p><span class="fb-no">1</span> Troops <mark class="fb-frames">shelled<small class="fb-tag">Violence</small></mark> '
        '<mark class="fb-actors">Kyiv<small class="fb-tag">UKR</small></mark>.</p>'
    ) in shown.html
    assert '<mark class="fb-actors">actors</mark> solid line' in shown.html and "dotted" not in shown.html
    assert shown.files["close-reading.csv"].splitlines()[1:] == [
        "actors,Ukraine,UKR,Kyiv (2),2,2",
        "frames,Peace,peace,peace,1,1",
        "frames,War: Violence,war/violence,shelled,1,1",
    ]


def test_what_is_not_the_story_is_set_apart_in_words() -> None:
    odd = SENTENCES.copy()
    odd.loc[0, "part"], odd.loc[1, "part"] = "dateline", "boilerplate"
    html = read_closely(ARTICLES, odd, [MENTIONS], BOOKS).html
    assert re.search(r'<span class="fb-dateline">.*<small class="fb-tag">dateline</small></span>', html)
    assert re.search(r'<span class="fb-left">.*<small class="fb-tag">left out</small></span>', html)


def test_hostile_article_stays_text() -> None:
    articles, sentences, mentions = make_world({"a": ("x", "2017-02-06", None, ["<script>$1$</script> `shelled` {} \u202e"])})
    html = read_closely(articles, sentences, [mentions], BOOKS).html
    assert "<script" not in html and "\u202e" not in html and "&lt;script&gt;$1$" in html


def test_unknown_article_is_refused() -> None:
    with pytest.raises(CorpusError) as caught:
        read_closely(ARTICLES, SENTENCES, [MENTIONS], BOOKS, article_id="a9")
    assert str(caught.value) == "read_closely: no article 'a9'. Allowed: a1, a2, a3."


def test_mention_of_a_codebook_not_given_is_refused() -> None:
    with pytest.raises(CodebookError) as caught:
        read_closely(ARTICLES, SENTENCES, [MENTIONS], BOOKS[:1])
    assert str(caught.value) == "read_closely: no codebook 'actors' given. Allowed: frames."
