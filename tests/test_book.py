"""The built book, as a reader meets it in a browser, and as a second builder meets it on another machine."""

from __future__ import annotations

import filecmp
import gzip
import html
import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.conftest import serve

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PLAN = yaml.safe_load((ROOT / "book" / "plan.yml").read_text("utf8"))
PAGES = [f"pages/{page['slug']}.html" for part in PLAN["parts"] for page in part.get("pages", [])]
OTHERS = [
    "index.html",
    "how-to-read.html",
    "methods.html",
    "rerun.html",
    "reference.html",
    "glossary.html",
    "licence.html",
    "bibliography.html",
]
GENERATED = [f"pages/{name}.html" for name in ("codebook-actors", "codebook-frames", "codebook-language", "data-dictionary")]
EVIDENCE = "evidence/actors-ukraine-russia-1.html"
OPENED = [PAGES[0], PAGES[2]]  # with every fold open, and in one view only; axe needs minutes for the largest pages so
# Each view with what it alone can break: colours in the dark, what no longer fits on a phone.
VIEWS = {
    "light": ((1280, 900), "light", None),
    "dark": ((1280, 900), "dark", ["color-contrast", "link-in-text-block"]),
    "phone": ((375, 800), "light", ["scrollable-region-focusable", "meta-viewport"]),
}


def test_the_plan_has_twelve_pages_at_least() -> None:
    assert len(PAGES) >= 12


def test_every_page_is_there(built: Path) -> None:
    assert [name for name in [*OTHERS, *PAGES, *GENERATED] if not (built / name).is_file()] == []


CUT = """[...document.querySelectorAll('table')].map(table => table.offsetParent && table.parentElement)
.filter(box => box && box.scrollWidth > box.clientWidth + 1).length"""


# Words of letters that are parted over two lines, where nothing but their middle can have been the place to break.
BROKEN = """[...document.querySelectorAll('.fb-wide, .fb-long')].filter(box => box.offsetParent).flatMap(box => {
  const found = [], walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let node; (node = walker.nextNode());) for (const word of node.data.matchAll(/[\\p{L}\\p{N}]{2,}/gu)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (range.getClientRects().length > 1) found.push(word[0]);
  }
  return found;
})"""


@pytest.mark.parametrize("width", [375, 1280])
def test_tables_of_numbers_are_whole_and_their_words_too(width: int, served: str, browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    faults = []
    for name in PAGES:
        page.goto(f"{served}/{name}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        cut = page.evaluate(
            "[...document.querySelectorAll('.fb-wide, .fb-long')].filter(box => box.scrollWidth > box.clientWidth + 1).length"
        )
        faults += [f"{name}: {cut} tables of numbers are cut"] if cut else []
        faults += [f"{name}: {sorted(set(broken))} broken"] if (broken := page.evaluate(BROKEN)) else []
    page.close()
    assert faults == []


@pytest.mark.parametrize(("view", "most"), [("light", 2.0), ("phone", 2.2)])
def test_a_page_is_two_screens_and_then_folds(view: str, most: float, served: str, browser) -> None:
    (width, height), _, _ = VIEWS[view]
    page, screens = browser.new_page(viewport={"width": width, "height": height}), {}
    for name in PAGES:
        page.goto(f"{served}/{name}")
        page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; })")
        fold = page.locator("details.fb-more").first
        if fold.count():
            box = fold.bounding_box()
            assert box is not None
            screens[name] = box["y"] / height
    page.close()
    assert {name: n for name, n in screens.items() if n > most} == {}


def test_a_number_of_an_outlet_and_an_entry_opens_the_sentences_of_both(built: Path) -> None:
    from lxml import html as tree

    said = {path.name: {p.get("id"): p.text_content() for p in tree.parse(path).iter("p")} for path in (built / "evidence").glob("*.html")}
    n_checked = 0
    for name in PAGES:
        for table in tree.parse(built / name).findall(".//div[@class='fb-scroll fb-wide']//table"):
            heads = [head.text_content() for head in table.findall("thead//th")]
            assert "Estimate" not in heads
            for row in table.findall("tbody/tr"):
                names = [head.text_content() for head in row.findall("th")]
                for head, cell in zip(heads[len(names) :], row.findall("td"), strict=True):
                    if (link := cell.find("a")) is None:
                        continue
                    assert cell.get("data-of") == head
                    entry, groups = (names[0], [head]) if heads[0] == "Entry" else (head, names)
                    page, _, anchor = link.get("href").removeprefix("../evidence/").partition("#")
                    interval = re.sub(r" \(\w\)$", "", cell.find("small").text)
                    words = said[page][anchor]
                    assert words.startswith(f"{', '.join([entry, *groups])}: {link.text} ") and f"({interval})." in words
                    n_checked += 1
    assert n_checked > 1000


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_quiet_accessible_and_fits(view: str, served: str, browser) -> None:
    from axe_playwright_python.sync_playwright import Axe

    (width, height), scheme, rules = VIEWS[view]
    options = {"preload": False} | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    faults: list[str] = []
    page = context.new_page()
    name = ""
    page.on(
        "console",
        lambda message: faults.append(f"{name}: console {message.type}: {message.text}") if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: faults.append(f"{name}: script error: {error}"))
    page.on("response", lambda response: faults.append(f"{name}: {response.status} {response.url}") if response.status >= 400 else None)
    page.on(
        "request", lambda request: faults.append(f"{name}: asks {request.url}") if not request.url.startswith((served, "data:")) else None
    )
    for name in [*OTHERS, *PAGES, *GENERATED, EVIDENCE, f"{EVIDENCE}?as=lines&sort=left&find=war"]:
        page.goto(f"{served}/{name}")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")  # colours of the theme fade in
        images = page.evaluate("[...document.images].map(i => [i.getAttribute('src'), i.alt, i.complete && i.naturalWidth > 0])")
        faults += [f"{name}: {src} has no alt text" for src, alt, _ in images if not alt.strip() or "_images/" in alt]
        # a figure below the fold may not be loaded yet; what failed to load is in the responses
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{name}: {wide} px wider than the screen"] if wide > 0 else []
        cut = page.evaluate(CUT) if width < 500 else 0
        faults += [f"{name}: {cut} tables are not whole on a phone"] if cut else []
        if name in OPENED and rules is None:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.wait_for_timeout(1000)  # what opens fades in, and is pale until then
        found = Axe().run(page, options=options).response["violations"]
        faults += [f"{name}: axe {one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]
    context.close()
    assert faults == []


def test_a_number_opens_the_sentences_behind_it_where_the_reader_is(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.locator("summary", has_text="The numbers:").first.click()
    link = page.locator(".fb td a[href*='#evidence-']").first
    number, address = link.inner_text(), link.get_attribute("href")
    link.click()
    shown = page.frame_locator("dialog[open] iframe")
    shown.locator("section:visible li mark").first.wait_for()
    assert shown.locator("section:visible").count() == 1
    assert f": {number} mentions per 1,000 words" in shown.locator("section:visible p").first.inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    page.wait_for_function("address => document.activeElement.getAttribute('href') === address", arg=address)
    page.close()


def test_the_sentences_behind_a_number_are_explored_where_the_reader_is(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.locator("summary", has_text="The numbers:").first.click()
    page.locator(".fb td a[href*='#evidence-']").first.click()
    shown = page.frame_locator("dialog[open] iframe")
    shown.locator("section:visible li mark").first.wait_for()
    n_marks = shown.locator("section:visible li bdi > mark").count()
    shown.get_by_label("Show").select_option("hits in their context")
    assert shown.locator("tbody tr").count() == n_marks > 0
    assert shown.locator(".fb-x-told").inner_text().endswith("drawn at random.")
    shown.get_by_label("Numbers").select_option("all on this page")
    shown.get_by_label("Sort by").select_option("the words after")
    first = shown.locator("tbody tr td:nth-child(3)").all_inner_texts()
    shown.get_by_role("button", name="20 more").click()
    after = [re.findall(r"\w+", text.lower()) for text in first + shown.locator("tbody tr td:nth-child(3)").all_inner_texts()]
    assert len(after) == 40 and after == sorted(after)  # by letters: a sign comes before none of them
    shown.get_by_label("Find").fill("Crimea")
    n_sentences = int(shown.locator(".fb-x-told").inner_text().split()[0])
    all_of_it = page.evaluate("""[...document.querySelector("dialog iframe").contentDocument.querySelectorAll("li")]
        .filter(item => item.textContent.toLowerCase().includes("crimea")).length""")
    assert n_sentences == all_of_it > 0
    shown.locator("tbody button").first.click()
    outlet = shown.locator("tbody tr td:nth-child(4)").first.inner_text()
    assert set(outlet.split()) <= set(shown.locator(".fb-x-article").inner_text().replace(",", " ").replace(".", " ").split())
    rows = shown.locator("tbody").inner_text()
    address = page.locator("dialog a").get_attribute("href")
    page.goto(address)
    assert page.locator("tbody").inner_text() == rows
    assert page.get_by_label("Find").input_value() == "Crimea"
    page.close()


def test_the_front_pages_first_finding_is_two_steps_from_its_sentences(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/index.html")
    findings = page.locator(".fb-finding")
    assert findings.count() == 3
    findings.first.locator("a").first.press("Enter")
    page.frame_locator("dialog[open] iframe").locator("section:visible li").first.wait_for()
    page.close()


def test_a_point_of_a_figure_opens_its_sentences(served: str, browser) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    point = page.locator(".fb-plate .fb-layer a").first
    box, plate = point.bounding_box(), page.locator(".fb-plate").first.bounding_box()
    assert box is not None and plate is not None
    assert plate["x"] <= box["x"] and box["x"] + box["width"] <= plate["x"] + plate["width"]
    point.click()
    page.frame_locator("dialog[open] iframe").locator("section:visible p").first.wait_for()
    page.close()


def test_a_cell_of_a_heat_map_opens_its_sentences(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/framing-generic.html")
    page.evaluate("document.querySelectorAll('details.fb-more').forEach(one => { one.open = true; })")
    plate = page.locator(".fb-plate").filter(has=page.locator("img[alt^='Heat map']")).first
    cells = plate.locator("a")
    assert cells.count() >= 20
    told = cells.nth(7).inner_text()
    cells.nth(7).click()
    said = page.frame_locator("dialog[open] iframe").locator("section:visible p").first
    assert said.inner_text().startswith(told)
    page.close()


def test_on_a_slow_line_no_other_sentences_are_shown_first(built: Path, browser) -> None:
    page = browser.new_page()
    with serve(built, pause=0.1) as address:
        page.goto(f"{address}/pages/framing-generic.html")
        page.evaluate("document.querySelectorAll('details.fb-more').forEach(one => { one.open = true; })")
        cell = page.locator(".fb-plate a").last
        told = cell.inner_text()
        cell.click()
        assert page.frame_locator("dialog[open] iframe").locator("section:visible p").first.inner_text().startswith(told)
        page.close()


@pytest.mark.parametrize(("width", "is_beside"), [(1280, True), (600, False)])
def test_the_article_of_a_line_comes_beside_it_or_right_after_it(width: int, is_beside: bool, served: str, browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.locator(".fb-first a").first.click()
    shown = page.frame_locator("dialog[open] iframe")
    shown.get_by_label("Show").select_option("hits in their context")
    shown.get_by_label("Numbers").select_option("all on this page")
    line = shown.locator("tbody tr").nth(11)
    line.locator("button").click()
    pane, lines = shown.locator(".fb-x-article").bounding_box(), line.bounding_box()
    assert pane is not None and lines is not None
    if is_beside:
        assert pane["x"] >= lines["x"] + lines["width"]
    else:
        assert 0 <= pane["y"] - lines["y"] - lines["height"] < 20
    shown.locator(".fb-x-article button").click()
    assert shown.locator(".fb-x-article").is_hidden() and shown.locator("tbody tr").count() == 20
    page.close()


def test_a_page_begins_with_its_first_finding(built: Path) -> None:
    found = [name for name in PAGES if re.search(r'fb-first.*?<a href="\.\./evidence/', (built / name).read_text("utf8"))]
    assert len(found) >= 12


def test_the_book_describes_itself_as_a_crate(built: Path) -> None:
    graph = {one["@id"]: one for one in json.loads((built / "ro-crate-metadata.json").read_text("utf8"))["@graph"]}
    parts = [graph[one["@id"]] for one in graph["./"]["hasPart"]]
    assert {name for name in [*OTHERS, *PAGES, *GENERATED]} <= {one["@id"] for one in parts}
    assert all((built / one["@id"]).exists() and one["license"]["@id"] in graph for one in parts)
    runs = [one for one in graph.values() if one["@id"].startswith("#run-")]
    assert {one["result"]["@id"] for one in runs} == set(PAGES)
    assert all(one["description"].startswith("framebook run notebooks/") for one in runs)
    assert graph["./"]["datePublished"] == "2026" and graph["#author"]["name"] == "The Framebook developers"


def test_no_button_leads_to_a_repository_that_is_not_named(built: Path) -> None:
    assert not any("launch-buttons" in (built / name).read_text("utf8") for name in PAGES)
    assert "New since" not in (built / "index.html").read_text("utf8")  # no edition was kept


def test_without_scripts_a_number_leads_to_its_sentences_and_sections_open(served: str, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    from playwright.sync_api import expect

    page = context.new_page()
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.locator("summary", has_text="In how many articles").click()
    page.locator("summary", has_text="The numbers:").nth(1).click()
    page.locator(".fb td a[href*='#evidence-shares']").first.click()
    assert "/evidence/" in page.url
    expect(page.locator("section:visible")).to_have_count(1)
    assert page.locator("section:visible li").first.is_visible()
    page.get_by_text("Show those of all numbers").click()
    assert page.locator("section:visible").count() > 10
    context.close()


def test_paper_shows_what_is_folded(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.fb-more[open]").count() == 0
    page.close()


def list_sections(built: Path) -> dict[str, list[str]]:
    """The sentences of each number, by page of evidence and id."""
    found = {}
    for path in sorted((built / "evidence").glob("*.html")):
        for section in re.findall(r'<section class="fb-behind">(.*?)</section>', path.read_text("utf8"), re.DOTALL):
            anchor = re.search(r'id="([\w-]+)"', section)
            assert anchor is not None
            found[f"{path.name}#{anchor[1]}"] = section.split("<li>")[1:]
    return found


def test_every_number_opens_the_sentences_that_it_claims(built: Path) -> None:
    sections = list_sections(built)
    said = re.compile(r"(\d+) sentences? of")
    n_checked = 0
    for path in (built / "evidence").glob("*.html"):
        for section in re.findall(r'<section class="fb-behind">(.*?)</section>', path.read_text("utf8"), re.DOTALL):
            claimed = said.search(section)
            if claimed:
                n_checked += 1
                assert section.count("<li>") == int(claimed[1]), f"{path.name}: {section[:200]}"
    assert n_checked > 2000
    for name in PAGES:
        links = set(re.findall(r'href="../evidence/([\w-]+\.html#evidence-[\w-]+)"', (built / name).read_text("utf8")))
        assert links <= set(sections), f"{name}: {sorted(links - set(sections))[:3]}"
        assert links or "corpus-" in name, f"{name} has no number that opens sentences"


def test_pages_are_short_and_the_book_is_small(built: Path) -> None:
    heavy = {path.name: path.stat().st_size for path in built.rglob("*.html") if path.stat().st_size > 400_000}
    assert heavy == {}
    assert sum(path.stat().st_size for path in built.rglob("*") if path.is_file()) < 25_000_000


def test_no_article_can_be_put_together_again_from_all_files_of_the_book(built: Path, news_2017: Path) -> None:
    """The limit that the licence page states, for articles of 1,000 code points or more."""
    from toolkit import read_corpus

    articles = read_corpus("news-2017").articles
    by_url = defaultdict(list)
    for id, url in zip(articles["article_id"], articles["url"], strict=True):
        by_url[url].append(id)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    shown = {id: np.zeros(len(text), dtype=bool) for id, text in texts.items()}
    item = re.compile(r'<li><bdi>(.*?)</bdi> <cite><a href="([^"]*)"', re.DOTALL)
    snippets = {pair for path in built.rglob("*.html") for pair in item.findall(path.read_text("utf8"))}
    assert len(snippets) > 5000
    for snippet, url in snippets:
        text = html.unescape(re.sub("<[^>]+>", "", snippet)).strip("…")
        for id in by_url[html.unescape(url)]:
            at = texts[id].find(text)
            if at >= 0:
                shown[id][at : at + len(text)] = True
    shares = {id: mask.mean() for id, mask in shown.items() if len(mask) >= 1000}
    assert max(shares.values()) < 0.5
    assert float(np.mean(list(shares.values()))) < 0.1
    for path in built.rglob("*.csv*"):  # places, not words
        head = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode("utf8").partition("\n")[0]
        assert "text" not in head.split(",") and "sentence_text" not in head.split(","), path.name


def test_every_recipe_shows_something(built: Path) -> None:
    text = (built / "pages" / "recipes.html").read_text("utf8")
    assert "<p>None.</p>" not in text and "There is no number" not in text and "There is nothing to draw" not in text
    assert re.search(r'<caption>Most mentions</caption>.*?<th scope="row">(PRK|UKR)</th>', text, re.DOTALL)


def test_a_page_of_recipes_shows_its_code(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/recipes.html")
    boxes = page.locator("main .cell_input:visible")
    assert boxes.first.inner_text().strip().startswith("news = read_corpus(corpus")
    assert boxes.count() >= 12 and page.locator("main details.hide").count() == 0
    page.close()


def test_search_finds_a_page(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/search.html?q=bootstrap")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() >= 1
    page.close()


def test_the_book_shows_no_whole_article_but_the_commissioned_one(built: Path, news_2017: Path) -> None:
    from toolkit import read_corpus

    texts = read_corpus("news-2017").articles["text"]
    files = [path for path in built.rglob("*.html") if "commissioned" not in path.name]
    pages = " ".join(" ".join(path.read_text("utf8").split()) for path in files)
    long = [text for text in texts.sample(300, random_state=1) if len(text) > 1500]
    assert len(long) > 100
    assert not any(text[400:900] in pages for text in long)


def test_a_second_build_runs_no_notebook(built: Path, framebook) -> None:
    done = framebook("book", "build")
    assert done.returncode == 0
    assert f"{len(PAGES)} pages: 0 run, {len(PAGES)} unchanged." in done.stdout


def test_the_book_verifies_and_lists_its_pages(built: Path, framebook) -> None:
    assert framebook("book", "verify").stdout.strip() == "The book verifies."
    listed = framebook("book", "list").stdout.splitlines()
    assert len(listed) == len(PAGES)
    assert all(re.fullmatch(r"\S+ +ok +\d+\.\d s  unchanged +\S.*", line) for line in listed)


def clone(folder: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    return folder


def list_differences(one: Path, other: Path) -> list[str]:
    names = sorted({path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*") if path.is_file()})
    _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return [*different, *missing]


def test_a_clone_builds_the_same_bytes_and_one_changed_parameter_runs_one_page(built: Path, framebook, tmp_path: Path) -> None:
    folder = clone(tmp_path / "elsewhere" / "b")
    done = framebook("book", "build", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert f"{len(PAGES)} run, 0 unchanged" in done.stdout  # the clone ran all of them itself
    assert list_differences(ROOT / "book" / "pages", folder / "book" / "pages") == []
    assert list_differences(built, folder / "book" / "_build" / "html") == []

    plan = folder / "book" / "plan.yml"
    plan.write_text(plan.read_text("utf8").replace("actors: [KOR, PRK]", "actors: [PRK, KOR]"), "utf8")
    done = framebook("book", "build", cwd=folder)
    assert f"{len(PAGES)} pages: 1 run, {len(PAGES) - 1} unchanged." in done.stdout
    assert f"{len(PAGES)} pages: 0 run, {len(PAGES)} unchanged." in framebook("book", "build", cwd=folder).stdout
