import re
from dataclasses import replace

from tests.counting.world import make_book, make_entry
from toolkit.parsing import Corpus
from toolkit.showing import show_corpus, show_dropped
from toolkit.tables import make_table

from .tables import make_world

ARTICLES, SENTENCES, _ = make_world()
REFUSED = make_table(
    "Refused", {"source_path": ["x.csv"] * 3, "source_row": [4, 5, 9], "reason": ["empty <text>", "empty <text>", "no date"]}
)
REPAIRS = make_table("Repairs", {"article_id": ["a1", "a2"], "step": ["quotes", "quotes"], "n_changes": [1000, 500]})
CORPUS = Corpus(name="tiny", title="Tiny & small", articles=ARTICLES, refused=REFUSED, repairs=REPAIRS, sha256="ab", rights="Ours")


def test_facts_of_a_corpus_are_counted() -> None:
    shown = show_corpus(CORPUS)
    facts = dict(re.findall(r'<th scope="row">(.*?)</th><td><span class="fb-hash">(.*?)</span></td>', shown.html))
    assert facts["Corpus"] == "Tiny &amp; small (tiny)"
    assert facts["Outlets"] == "2: a.com, b.co.uk" and facts["Published"] == "2017-02-06 to 2017-02-15"
    assert facts["Refused"] == "3 rows" and facts["Repaired"] == "2 articles" and facts["Rights"] == "Ours"


def test_what_was_dropped_is_told_with_its_reason() -> None:
    odd = SENTENCES.copy()
    odd.loc[[1, 3], "part"] = "boilerplate"
    shown = show_dropped(CORPUS, odd)
    said = "3 rows refused, 2 articles repaired, 2 sentences left out as boilerplate, 0 articles that tell a story again."
    assert shown.text == said
    assert '<th scope="row">empty &lt;text&gt;</th><td class="fb-n">2</td><td class="fb-n">4</td>' in shown.html
    assert '<th scope="row">quotes</th><td class="fb-n">2</td><td class="fb-n">1,500</td>' in shown.html
    assert '<th scope="row">a.com</th><td>Kyiv asked for peace.</td><td class="fb-n">1</td>' in shown.html
    assert sorted(shown.files) == sorted(f"{name}.csv" for name in "refused repairs flags origins learned-boilerplate told-again".split())
    assert "Doubtful" not in shown.html and "Lines learned" not in shown.html and "no source plainly gives" not in shown.html


def test_addresses_of_people_are_not_published() -> None:
    articles, sentences, _ = make_world({"a1": ("a.com", "2017-02-06", None, ["Write to jane@a.com now."])})
    one = Corpus(name="t", title="T", articles=articles, refused=REFUSED, repairs=REPAIRS, sha256="", rights="")
    assert "<td>Write to (e-mail address) now.</td>" in show_dropped(one, sentences.assign(part="boilerplate")).html


def test_article_that_tells_a_story_again_is_told() -> None:
    again = replace(CORPUS, articles=ARTICLES.assign(story=["a1", "a1", "a3"]))
    shown = show_dropped(again, SENTENCES)
    assert "1 article that tells a story again" in shown.text
    assert shown.files["told-again.csv"] == "article_id,outlet,published,story\na2,a.com,2017-02-14,a1\n"


def test_doubts_learned_lines_and_origins_are_told_escaped_and_in_order() -> None:
    flags = {
        "article_id": ["a1", "a2", "a2"],
        "flag": ["in another language", "<under> 50 words", "in another language"],
        "detail": ["", "", ""],
    }
    lines = {"outlet": ["b.co.uk", "a.com"], "line": ["Mail jane@a.com", "Read <more>"], "n_articles": [3, 9], "n_outlet_articles": [9, 9]}
    origins = {"article_id": ["a1", "a2"], "field": ["published"] * 2, "method": ["address"] * 2, "confidence": ["guess"] * 2}
    tables = {"flags": ("Flags", flags), "boilerplate": ("Boilerplate", lines), "origins": ("Origins", origins)}
    shown = show_dropped(replace(CORPUS, **{name: make_table(*made) for name, made in tables.items()}), SENTENCES)
    assert '<th scope="row">a.com</th><td class="fb-n">1</td><td class="fb-n">2</td>' in shown.html
    assert "&lt;under&gt; 50 words" in shown.html and "<under>" not in shown.html
    assert shown.html.index("Read &lt;more&gt;") < shown.html.index("Mail (e-mail address)")
    assert '<th scope="row">published</th><td>address</td><td>guess</td><td class="fb-n">2</td>' in shown.html
    assert "jane" not in shown.files["learned-boilerplate.csv"]


def test_only_the_twenty_most_frequent_learned_lines_are_shown() -> None:
    lines = {"outlet": ["a.com"] * 25, "line": [f"Line {n:02}" for n in range(25)], "n_articles": range(25), "n_outlet_articles": [30] * 25}
    shown = show_dropped(replace(CORPUS, boilerplate=make_table("Boilerplate", lines)), SENTENCES)
    assert "Line 05" in shown.html and "Line 04" not in shown.html and "Line 04" in shown.files["learned-boilerplate.csv"]


def test_marks_without_a_partner_are_counted_in_the_texts() -> None:
    odd = replace(CORPUS, articles=ARTICLES.assign(text=['He said "no', '"Yes," she said', "Nothing"]))
    assert "After repair 1 text with a straight quotation mark that has no partner." in show_dropped(odd, SENTENCES.iloc[:0]).html


def test_what_is_doubtful_in_a_codebook_is_told():
    book = replace(make_book(make_entry("war", ["war"])), warnings=("mine.yml:3: no <b>licence",), losses=("mine.dic:9: left out: x",))
    shown = show_dropped(CORPUS, SENTENCES, codebooks=[book])
    assert "no &lt;b&gt;licence" in shown.html and "left out: x" in shown.html and "<b>" not in shown.html
    assert "codebook-doubts.csv" in shown.files and "codebook-doubts.csv" not in show_dropped(CORPUS, SENTENCES).files
