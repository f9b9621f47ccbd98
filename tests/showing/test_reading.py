import re

import pytest

from toolkit import find_mentions, read_corpus, show_article
from toolkit.errors import CorpusError, TableError

from .toy import ACTORS, find, make_news


def test_whole_text_is_there_with_marks_labels_and_numbers() -> None:
    shown = show_article(make_news(), find(), find(ACTORS))
    assert (
        '<p><span class="fb-no">1</span> Troops <mark class="fb-frames" title="War: Violence, by the pattern shelled" data-at="7">shelled'
        '<small class="fb-tag">Violence</small></mark> '
        '<mark class="fb-actors" title="UKR, by the pattern Kyiv" data-at="15">Kyiv<small class="fb-tag">UKR</small></mark>.'
    ) in shown.html
    assert '<mark class="fb-actors">actors</mark> solid line, 2' in shown.html and "dotted" not in shown.html
    assert shown.files["close-reading.csv"].splitlines()[1:] == [
        "actors,UKR,UKR,Kyiv (2),2,2",
        "frames,Peace,peace,peace,1,1",
        "frames,War: Violence,war/violence,shelled,1,1",
    ]


def test_what_is_not_counted_is_marked_and_says_why() -> None:
    news = read_corpus("ukraine-korea")
    html = show_article(news, find_mentions(news, "actors")).html
    assert "KOR, place: not counted" in html
    assert "actors</mark> solid line, 43" in html and ': not counted">not counted</mark> place 2</li>' in html
    assert re.search(r'<span class="fb-dateline">.*<small class="fb-tag">dateline</small></span>', html)
    assert re.search(r'<span class="fb-left">.*<small class="fb-tag">left out</small></span>', html)


def test_the_end_of_a_long_article_can_be_folded() -> None:
    html = show_article(make_news({"a": "\n\n".join(f"Troops shelled town {at}. {'And so on. ' * 20}" for at in range(9))})).html
    assert '<details class="fb-rest" open><summary>Paragraphs 5 to 9</summary><p><span class="fb-no">5</span>' in html
    assert html.count("<details") == html.count("</details>") == 2
    assert "fb-rest" not in show_article(make_news()).html


def test_hostile_article_stays_text() -> None:
    news = make_news({"a": "<script>$1$</script> `shelled` {} \u202e it was."})
    html = show_article(news, find(news=news)).html
    assert "<script" not in html and "\u202e" not in html and "&lt;script&gt;$1$" in html


def test_unknown_article_and_swapped_arguments_are_refused() -> None:
    with pytest.raises(CorpusError, match=r"show_article: no article 'a9'\. Allowed: a1, a2, a3"):
        show_article(make_news(), find(), article="a9")
    with pytest.raises(TableError, match="show_article: got Mentions, expected Corpus"):
        show_article(find(), find())
