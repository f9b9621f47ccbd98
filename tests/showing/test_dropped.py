from dataclasses import replace

from toolkit import find_mentions, read_corpus, show_dropped
from toolkit.tables import make_table

from .toy import FRAMES, find, make_news

REFUSED = make_table(
    "Refused", {"source_path": ["x.csv"] * 3, "source_row": [4, 5, 9], "reason": ["empty <text>", "empty <text>", "twice"]}
)
REPAIRS = make_table("Repairs", {"article_id": ["a1", "a2"], "step": ["quotes", "quotes"], "n_changes": [1000, 500]})
NEWS = make_news(refused=REFUSED, repairs=REPAIRS)


def test_a_corpus_shows_what_it_is_and_what_was_left_out() -> None:
    assert repr(NEWS) == (
        "Corpus toy: 3 articles, 2 outlets, 2017-02-06 to 2017-02-15, 17 of 17 words searched (refused 3, repaired 2, flagged 0)"
    )
    html = NEWS._repr_html_()
    assert "3 inputs (2 empty &lt;text&gt;; 1 twice)" in html and "<text>" not in html and "0" * 64 in html


def test_what_was_dropped_is_told_with_its_reason() -> None:
    spans = NEWS.spans.copy()
    spans.loc[[1, 2], "part"] = "boilerplate"
    shown = show_dropped(replace(NEWS, spans=spans))
    assert (
        shown.text
        == "Refused: 3 inputs. Repaired: 2 articles. Left out as boilerplate: 2 sentences. Repeating an earlier article: 0 articles."
    )
    assert '<th scope="row">empty &lt;text&gt;</th><td class="fb-n">2</td><td class="fb-n">4</td>' in shown.html
    assert '<th scope="row">quotes</th><td class="fb-n">2</td><td class="fb-n">1,500</td>' in shown.html
    assert '<th scope="row">a.com</th><td>Kyiv asked for peace.</td><td class="fb-n">1</td>' in shown.html


def test_addresses_of_people_are_not_published() -> None:
    news = make_news({"a": "Write to jane@a.com now."})
    assert "<td>Write to (e-mail address) now.</td>" in show_dropped(replace(news, spans=news.spans.assign(part="boilerplate"))).html


def test_article_that_tells_a_story_again_is_told() -> None:
    shown = show_dropped(replace(NEWS, articles=NEWS.articles.assign(story=["a1", "a1", "a3"])))
    assert "Repeating an earlier article: 1 article." in shown.text
    assert shown.files["told-again.csv"] == "article_id,outlet,published,story\na2,a.com,2017-02-14,a1\n"


def test_doubts_learned_lines_and_origins_are_told_escaped_and_in_order() -> None:
    flags = {"article_id": ["a1", "a2", "a2"], "flag": ["another language", "<under> 50 words", "another language"], "detail": [""] * 3}
    lines = {"outlet": ["b.co.uk", "a.com"], "line": ["Mail jane@a.com", "Read <more>"], "n_articles": [3, 9], "n_outlet_articles": [9, 9]}
    origins = {"article_id": ["a1", "a2"], "field": ["published"] * 2, "method": ["address"] * 2, "confidence": ["guess"] * 2}
    made = {"flags": make_table("Flags", flags), "learned": make_table("Learned", lines), "origins": make_table("Origins", origins)}
    shown = show_dropped(replace(NEWS, **made))
    assert "&lt;under&gt; 50 words" in shown.html and "<under>" not in shown.html
    assert shown.html.index("Read &lt;more&gt;") < shown.html.index("Mail (e-mail address)")
    assert '<th scope="row">published</th><td>address</td><td>guess</td><td class="fb-n">2</td>' in shown.html
    assert "jane" not in shown.files["learned-boilerplate.csv"]


def test_what_is_doubtful_in_a_codebook_is_told() -> None:
    book = replace(FRAMES, warnings=("mine.yml:3: no <b>licence",), losses=("mine.dic:9: left out: x",))
    shown = show_dropped(NEWS, find(book, news=NEWS))
    assert "no &lt;b&gt;licence" in shown.html and "left out: x" in shown.html and "<b>" not in shown.html
    assert "codebook-doubts.csv" in shown.files and "codebook-doubts.csv" not in show_dropped(NEWS).files


def test_matches_that_do_not_count_are_listed_by_entry_and_reason() -> None:
    news = read_corpus("ukraine-korea")
    html = show_dropped(news, find_mentions(news, "actors", ["KOR"])).html
    assert '<th scope="row">South Korea</th><td>place</td><td class="fb-n">2</td>' in html
