import re

import pandas as pd
import pytest

from toolkit.errors import TableError
from toolkit.showing import Shown, show_evidence, show_numbers
from toolkit.showing.evidence import write_link

from .tables import BOOKS, PAIRS, RATES, make_estimates, make_world

ARTICLES, SENTENCES, MENTIONS = make_world()
FRAMES = MENTIONS[MENTIONS["codebook"] == "frames"].reset_index(drop=True)
ACTORS = MENTIONS[MENTIONS["codebook"] == "actors"].reset_index(drop=True)
WEEKS = make_estimates(
    [
        {"week": "2017-02-06", "entry": "war", "estimate": 10.0},
        {"week": "2017-02-13", "entry": "war", "estimate": 11.0},
        {"week": "2017-02-13", "entry": "peace", "estimate": 5.0},
    ]
)
SHARES = make_estimates([{"outlet": "a.com", "entry": "war", "estimate": 1.0, "n_mentions": 2}], "share of articles")
SURE_PAIRS = PAIRS.assign(n_mentions=[1, 2])


def show(**changes: object) -> Shown:
    given = {
        "estimates": [RATES, WEEKS, SURE_PAIRS, SHARES],
        "mentions": FRAMES,
        "sentences": SENTENCES,
        "articles": ARTICLES,
    } | changes
    options = {"actors": ACTORS, "seed": 1, "codebooks": BOOKS} | {key: given.pop(key) for key in list(given) if key in ("per_number",)}
    return show_evidence(*given.values(), **options)  # type: ignore[arg-type]


def test_every_link_of_every_number_resolves_and_no_id_stands_twice() -> None:
    ids = re.findall(r' id="([^"]+)"', show().html)
    links = [link for table in (RATES, WEEKS, SURE_PAIRS, SHARES) for link in re.findall(r'href="#([^"]+)"', show_numbers(table).html)]
    assert set(re.findall(r'<span data-jupyter-id="([^"]+)"></span>', show().html)) == set(ids)
    assert len(links) == 10 and sorted(links) == sorted(ids) and len(set(ids)) == len(ids)


def test_number_opens_the_sentences_behind_it_children_included() -> None:
    said = re.sub(r"<[^>]+>", "", show(estimates=[RATES]).html)
    assert "a.com: 12.0 mentions per 1,000 words (11.0–13.0). 2 of 2 mentions shown." in said
    assert "Troops shelled Kyiv. a.com, 6 Feb 2017Rebels shelled the town. a.com, 14 Feb 2017" in said
    assert "b.co.uk: 0 mentions per 1,000 words (0–4.00). No mention among 1 article." in said


def test_pair_opens_only_sentences_with_both_and_marks_both() -> None:
    html = show(estimates=[SURE_PAIRS]).html
    assert "Rebels" not in html
    assert 'Troops <mark class="fb-frames">shelled</mark> <mark class="fb-actors">Kyiv</mark>.' in html


def test_anchor_stands_inside_details_and_can_take_focus() -> None:
    for block in re.findall(r"<details>.*?</details>", show().html):
        assert re.search(r'<p class="fb-h" id="evidence-[^"]+" tabindex="-1">', block)
    assert "<h" not in show().html


def test_order_of_rows_changes_nothing_and_the_seed_the_draw() -> None:
    many = {f"a{n:02}": ("a.com", "2017-02-06", None, [f"He shelled {n}."]) for n in range(30)}
    articles, sentences, mentions = make_world(many)
    estimates = make_estimates([{"outlet": "a.com", "entry": "war", "estimate": 3.0, "n_mentions": 30}])
    tables = [articles, sentences, mentions]
    first = show_evidence([estimates], mentions, sentences, articles, seed=1)
    shuffled = [table.sample(frac=1, random_state=3).reset_index(drop=True) for table in tables]
    assert show_evidence([estimates], shuffled[2], shuffled[1], shuffled[0], seed=1) == first
    assert show_evidence([estimates], mentions, sentences, articles, seed=2).html != first.html
    assert first.html.count("<li>") == 3 and "3 of 30 mentions shown" in first.html


def test_long_sentence_is_cut_around_its_mention() -> None:
    articles, sentences, mentions = make_world({"a": ("a.com", "2017-02-06", None, ["word " * 90 + "shelled " + "word " * 90 + "end."])})
    html = show_evidence(
        [make_estimates([{"outlet": "a.com", "entry": "war", "estimate": 3.0}])],
        mentions,
        sentences,
        articles,
        seed=1,
        codebooks=BOOKS,
    ).html
    snippet = re.sub(r"<[^>]+>", "", re.findall(r"<bdi>(.*?)</bdi>", html)[0])
    assert snippet.startswith("…word") and snippet.endswith("word…") and " shelled " in snippet and 150 < len(snippet) <= 200


def test_data_file_has_every_mention_but_words_around_only_five_of_an_article() -> None:
    articles, sentences, mentions = make_world({"a": ("a.com", "2017-02-06", None, [f"He shelled {n}." for n in range(8)])})
    estimates = make_estimates([{"outlet": "a.com", "entry": "war", "estimate": 3.0, "n_mentions": 8}])
    shown = show_evidence([estimates], mentions, sentences, articles, seed=1)
    lines = shown.files["evidence-frames.csv"].splitlines()
    assert lines[0] == "article_id,outlet,published,url,sentence,start,end,codebook,entry,surface,before,after"
    assert (len(lines), sum(line.endswith(".") for line in lines)) == (9, 5)


def test_hostile_text_stays_text() -> None:
    evil = '</li><script>alert("x")</script><img src=x onerror=alert(1)> {0} $5 and $6 `rm` \u202eabc'
    articles, sentences, mentions = make_world({"a": ("<b>$o$</b>", "2017-02-06", 'https://x.com/"><script>', [f"{evil} shelled {evil}"])})
    estimates = make_estimates([{"outlet": "<b>$o$</b>", "entry": "war", "estimate": 3.0}])
    html = show_evidence([estimates], mentions, sentences, articles, seed=1).html + show_numbers(estimates).html
    assert set(re.findall(r"<([a-z]+)", html)) <= set(
        "div details summary p ul li bdi mark span a table caption thead tbody tr th td".split()
    )
    assert "\u202e" not in html and html.count("mathjax_ignore") == 2
    assert not re.search(r"<[^>]*onerror", html)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.com", "http://", "http://[", None, float("nan"), "file:///etc"]
)
def test_only_addresses_of_the_web_are_links(url: object) -> None:
    assert write_link(url, "<a.com>") == "&lt;a.com&gt;"


def test_link_names_the_outlet_and_passes_nothing_on() -> None:
    link = '<a href="https://a.com/?q=&quot;&amp;b" rel="noopener noreferrer nofollow">a.com</a>'
    assert write_link('https://a.com/?q="&b', "a.com") == link


def test_numbers_that_the_mentions_do_not_give_again_are_refused() -> None:
    with pytest.raises(TableError) as caught:
        show(mentions=FRAMES[FRAMES["article_id"] != "a2"])
    assert str(caught.value) == (
        "show_evidence: entry 'war', a.com: the numbers count 2, the mentions given are 1. "
        "Give the mentions, sentences and articles that were counted."
    )


def test_actor_groups_need_the_mentions_of_actors() -> None:
    with pytest.raises(TableError) as caught:
        show_evidence([PAIRS], FRAMES, SENTENCES, ARTICLES, seed=1)
    assert str(caught.value) == "show_evidence: a table is grouped by actor. Expected actors=, the mentions of actors. Give them."


def test_article_without_outlet_or_date_keeps_its_evidence() -> None:
    articles = ARTICLES.assign(outlet=pd.Series([None] * 3, dtype="str"), published=pd.Series([None] * 3, dtype="datetime64[us]"))
    estimates = make_estimates([{"entry": "war", "estimate": 3.0, "n_mentions": 2}])
    assert "unknown outlet, unknown day" in show_evidence([estimates], FRAMES, SENTENCES, articles, seed=1).html
