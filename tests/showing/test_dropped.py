import re

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
    said = "3 rows refused, 2 articles repaired, 2 sentences left out as boilerplate, 0 articles that stand twice."
    assert shown.text == said
    assert '<th scope="row">empty &lt;text&gt;</th><td class="fb-n">2</td><td class="fb-n">4</td>' in shown.html
    assert '<th scope="row">quotes</th><td class="fb-n">2</td><td class="fb-n">1,500</td>' in shown.html
    assert '<th scope="row">a.com</th><td>Kyiv asked for peace.</td><td class="fb-n">1</td>' in shown.html
    assert sorted(shown.files) == ["duplicates.csv", "refused.csv", "repairs.csv"]


def test_addresses_of_people_are_not_published() -> None:
    articles, sentences, _ = make_world({"a1": ("a.com", "2017-02-06", None, ["Write to jane@a.com now."])})
    one = Corpus(name="t", title="T", articles=articles, refused=REFUSED, repairs=REPAIRS, sha256="", rights="")
    assert "<td>Write to (e-mail address) now.</td>" in show_dropped(one, sentences.assign(part="boilerplate")).html


def test_article_that_stands_twice_is_told() -> None:
    articles, sentences, _ = make_world({name: ("a.com", "2017-02-06", None, ["The same words."]) for name in ("a1", "a2")})
    twice = Corpus(
        name="t", title="T", articles=articles, refused=make_table("Refused"), repairs=make_table("Repairs"), sha256="", rights=""
    )
    assert "1 article that stands twice" in show_dropped(twice, sentences).text
