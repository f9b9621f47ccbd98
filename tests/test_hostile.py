"""Hostile texts through every path, opened in a browser: nothing runs, nothing is fetched, no table breaks, and a text stays a text."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, run_framebook, serve
from tests.payloads import KINDS, PAYLOADS, keep_visible
from toolkit import read_corpus

pytestmark = pytest.mark.slow

SOME = [texts[at] for at in (0, -1, 5) for texts in KINDS.values() if len(texts[at]) < 150]
OUTLETS = [text for text in SOME[:16] if text.strip()]
WORDS = "risk danger threatens again war said agreed script img window onerror svg evil https".split()
LABELS = [text for text in (*(KINDS[kind][2] for kind in KINDS if kind != "size"),) if text.isprintable()]
TITLES = {"corpus": KINDS["event"][0], "own": KINDS["script"][0], "article": KINDS["MyST"][0], "failed": KINDS["template"][0]}
DANGERS = (
    "script, iframe, object, embed, form, base, meta, link, style, video, audio, svg, marquee, [onerror], [onload], [onfocus], [onclick]"
)
LOOK = """dangers => ({
  hacked: window.hacked,
  dangers: [...document.querySelectorAll('.fb, .fb-alone main, .fb-chains')].flatMap(
    one => [...one.querySelectorAll(dangers)].map(found => found.outerHTML.slice(0, 200))),
  links: [...document.links].map(link => link.protocol).filter(name => !['http:', 'https:'].includes(name)),
  uneven: [...document.querySelectorAll('table')].filter(table => new Set([...table.rows].map(
    row => [...row.cells].reduce((n, cell) => n + cell.colSpan, 0))).size > 1).map(table => table.innerText.slice(0, 200)),
})"""
READ = """() => {
  const copy = document.querySelector('.fb-article').cloneNode(true);
  copy.querySelectorAll('.fb-tag, .fb-no, .fb-chains').forEach(one => one.remove());
  return copy.textContent;
}"""


def write_text(payload: str) -> str:
    said = f"“Russia {payload} threatens war,” Ann Bo {payload} said in Kyiv."
    return f"Ukraine said {payload} is a risk. {said}\n\n{payload}\n\nA danger again."


def keep_words(text: str) -> str:
    """What is visible of a text, without the quotation marks, dashes and dots that Sphinx sets by its own rules."""
    return re.sub("[\"'.-]", "", keep_visible(text))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All payloads, each in every field of an article of its own, as JSON Lines, which hold every sign; and all in one plain text."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "headline": payload if at % 2 else f"Ukraine {payload} war",
            "text": write_text(payload),
            "outlet": OUTLETS[at % len(OUTLETS)],
            "byline": payload,
            "url": payload if at % 3 else f"https://a.example/{payload}",
            "date": f"2017-02-{at % 27 + 1:02}",
        }
        for at, payload in enumerate(PAYLOADS)
    ]
    (folder / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf8")
    shown = [f"Number {at}. Ukraine said {payload} is a danger." for at, payload in enumerate(PAYLOADS) if payload not in KINDS["size"]]
    (folder / "one.txt").write_bytes("\n\n".join(["All of them", *shown]).encode("utf8", "surrogatepass").replace(b"\0", b"\x01"))
    return folder


@pytest.fixture(scope="module")
def project(articles: Path) -> Path:
    """A book of these articles, by a codebook and a plan that are hostile as well; built."""
    root = articles / "project"
    words = ["--title", SOME[0] + SOME[1], "--author", SOME[1], "--licence", SOME[0]]
    made = run_framebook("new", str(root), "--articles", str(articles / "many.jsonl"), *words)
    (root / "corpus" / "one.txt").write_bytes((articles / "one.txt").read_bytes())
    assert made.returncode == 0 and ": 364 articles, " in made.stdout, made.stdout + made.stderr
    entries = {
        f"entry-{at}": {"label": label, "meaning": label, "patterns": [word], "rejected": {f"{word}s": label}}
        for at, (label, word) in enumerate(zip(LABELS, WORDS, strict=False))
    }
    book = {"codebook": "own", "kind": "frames", "version": 1, "licence": SOME[0], "source": SOME[5], "entries": entries}
    (root / "codebooks" / "own.yml").write_text(json.dumps(book, ensure_ascii=False), "utf8")
    many = {"corpus": "../corpus/corpus.parquet"}
    given = {
        "corpus": ("corpus", many),
        "own": ("framing", many | {"codebook": "../codebooks/own.yml", "frames": []}),
        "article": ("article", {"corpus": "../corpus/one.txt"}),
        "failed": ("corpus", many | {"outlets": SOME}),
    }
    pages = [
        {"slug": slug, "notebook": notebook, "title": TITLES[slug], "lead": SOME[3], "author": SOME[1], "parameters": parameters}
        for slug, (notebook, parameters) in given.items()
    ]
    parts = [{"caption": SOME[1], "pages": pages}, {"caption": SOME[6], "prose": ["how-to-read", "data-dictionary"]}]
    plan = {"version": 1, "front": {"page": "own", "figure": "rates-by-outlet"}, "parts": parts}
    (root / "book" / "plan.yml").write_text(json.dumps(plan, ensure_ascii=False), "utf8")
    built = run_framebook("book", "build", "--root", str(root))
    assert built.returncode == 1 and "1 of 4 pages failed:\n  failed: CorpusError: corpus: no outlet " in built.stdout, built
    assert "faults in the book" not in built.stdout, built.stdout
    return root


class Watch:
    """A page of a browser, and everything that it should not do."""

    def __init__(self, browser, served: str) -> None:
        self.faults: list[str] = []
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: script error {error}"))
        self.page.on("console", self.hear)
        inside = (served, "data:", "about:")
        self.context.on("request", lambda asked: self.faults.append(f"asks {asked.url}") if not asked.url.startswith(inside) else None)

    def hear(self, said) -> None:
        """Note what the console says, but of the icon that a browser asks for by itself."""
        if said.type in ("error", "warning") and not said.location["url"].endswith("/favicon.ico"):
            self.faults.append(f"{self.page.url}: console {said.text}")

    def look(self, frame) -> None:
        """Note what stands in a document that should not."""
        found = frame.evaluate(LOOK, DANGERS)
        self.faults += [f"{frame.url}: {name} {value}" for name, value in found.items() if value]


@pytest.fixture(scope="module")
def served(project: Path) -> Iterator[str]:
    with serve(project / "book" / "_build" / "html") as address:
        yield address


@pytest.fixture
def watch(served: str, browser) -> Iterator[Watch]:
    watching = Watch(browser, served)
    yield watching
    watching.context.close()


def test_there_are_three_hundred_payloads_and_the_corpus_holds_them(articles: Path) -> None:
    assert len(set(PAYLOADS)) >= 300
    text = keep_visible(read_corpus(articles / "one.txt").articles["text"].iloc[0])
    kept = [payload for payload in PAYLOADS if payload not in KINDS["size"] and keep_visible(payload) in text]
    assert len(kept) >= 300


def test_on_every_page_nothing_runs_or_is_fetched_and_tables_are_whole(project: Path, served: str, watch: Watch) -> None:
    html = project / "book" / "_build" / "html"
    names = [path.relative_to(html).as_posix() for folder in (".", "pages", "evidence") for path in sorted((html / folder).glob("*.html"))]
    assert len([name for name in names if name.startswith("evidence/")]) >= 2
    for name in names:
        watch.page.goto(f"{served}/{name}")
        watch.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        watch.page.mouse.move(300, 300)
        watch.look(watch.page.main_frame)
    assert "\n".join(watch.faults) == ""


def test_titles_leads_labels_and_reasons_stand_on_their_pages_as_text(served: str, watch: Watch) -> None:
    for slug, title in TITLES.items():
        watch.page.goto(f"{served}/pages/{slug}.html")
        shown = keep_words(watch.page.locator("article.bd-article").text_content())
        assert keep_words(watch.page.locator("h1").first.text_content()).startswith(keep_words(title))
        assert keep_words(SOME[3]) in shown and keep_words(SOME[1]) in shown
        assert keep_words(SOME[0] + SOME[1]) == keep_words(watch.page.locator(".logo__title").first.text_content())
    assert [outlet for outlet in SOME if keep_words(outlet) not in shown] == [] and "nooutlet" in shown
    watch.page.goto(f"{served}/pages/own.html")
    shown = keep_words(watch.page.locator("article.bd-article").text_content())
    assert [label for label in LABELS[: len(WORDS)] if keep_words(label) not in shown] == []


def test_a_table_has_a_row_for_each_outlet(project: Path, served: str, watch: Watch) -> None:
    outlets = pd.read_parquet(project / "corpus" / "corpus.parquet")["outlet"].nunique(dropna=False)
    watch.page.goto(f"{served}/pages/corpus.html")
    table = watch.page.locator(".fb-scroll", has_text="Articles and words by outlet").locator("tbody tr")
    assert outlets > 10 and table.count() == outlets


def test_the_article_is_read_as_it_was_written(articles: Path, served: str, watch: Watch) -> None:
    watch.page.goto(f"{served}/pages/article.html")
    text = read_corpus(articles / "one.txt").articles["text"].iloc[0]
    for number, (shown, written) in enumerate(zip_longest(watch.page.evaluate(READ).split("Number "), text.split("Number "))):
        assert keep_visible(shown).startswith(keep_visible(written)), f"{number}: {written!r}"


def test_numbers_open_their_sentences_in_the_dialog_and_nothing_runs_there(served: str, watch: Watch) -> None:
    watch.page.goto(f"{served}/pages/own.html")
    watch.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    links = watch.page.locator(".fb td a[href*='#evidence-']")
    for at in range(0, min(links.count(), 60), 6):
        links.nth(at).click()
        shown = watch.page.frame_locator("dialog[open] iframe")
        shown.locator("section:visible p").first.wait_for()
        watch.look(watch.page.frames[-1])
        shown.get_by_label("Numbers").select_option("all on this page")
        shown.get_by_label("Show").select_option("hits in their context")
        if shown.locator("tbody button").count():
            shown.locator("tbody button").first.click()
        watch.look(watch.page.frames[-1])
        watch.page.get_by_role("button", name="Close").click()
    assert links.count() > 20 and watch.faults == []


def test_a_page_that_stands_alone_is_as_safe(articles: Path, browser) -> None:
    words = ("-p", f"corpus={articles / 'one.txt'}", "--out", str(articles / "alone" / "article.ipynb"), "--html")
    (articles / "alone").mkdir()
    done = run_framebook("run", "notebooks/article.ipynb", *words)
    assert done.returncode == 0, done.stderr
    with serve(articles / "alone") as address:
        watching = Watch(browser, address)
        watching.page.goto(f"{address}/article.html")
        watching.look(watching.page.main_frame)
        text = keep_visible(watching.page.evaluate(READ))
        watching.context.close()
    assert keep_visible(SOME[0]) in text
    assert watching.faults == []


def test_no_cell_of_a_csv_is_a_formula(articles: Path, tmp_path: Path) -> None:
    for words in (["count", str(articles / "many.jsonl"), "--codebook", "frames"], ["sources", str(articles / "one.txt")]):
        done = run_framebook(*words, "--out", str(tmp_path))
        assert done.returncode == 0, done.stderr
    for file in ("counts.csv", "attributions.csv"):
        with (tmp_path / file).open(encoding="utf8", newline="") as stream:
            cells = {cell for row in csv.reader(stream) for cell in row}
        assert [cell for cell in cells if re.match(r"\s*[=+\-@]", cell)] == []
    assert "'=1+1" in (tmp_path / "counts.csv").read_text("utf8")


def test_a_sample_in_a_terminal_gives_it_no_orders(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[bytes] = []

    def read(terminal: int) -> bytes:
        said.append(os.read(terminal, 1 << 16))
        return said[-1]

    words = ["corpus", "read", str(articles / "many.jsonl"), "--sample", str(len(PAYLOADS))]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pty.spawn([sys.executable, "-m", "toolkit", *words], read)
    shown = b"".join(said).decode("utf8").replace("\r\n", "\n")
    assert "[2J" in shown and "window.hacked" in shown
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) == []
