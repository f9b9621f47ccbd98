"""The built book, as a reader meets it in a browser, and as a second builder meets it on another machine."""

from __future__ import annotations

import filecmp
import subprocess
from pathlib import Path

import pytest
import yaml

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
    for name in [*OTHERS, *PAGES, *GENERATED]:
        page.goto(f"{served}/{name}")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        images = page.evaluate("[...document.images].map(i => [i.getAttribute('src'), i.alt, i.complete && i.naturalWidth > 0])")
        faults += [f"{name}: {src} has no alt text" for src, alt, _ in images if not alt.strip() or "_images/" in alt]
        # a figure below the fold may not be loaded yet; what failed to load is in the responses
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{name}: {wide} px wider than the screen"] if wide > 0 else []
        if name in OPENED and rules is None:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.wait_for_timeout(1000)  # what opens fades in, and is pale until then
        found = Axe().run(page, options=options).response["violations"]
        faults += [f"{name}: axe {one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]
    context.close()
    assert faults == []


def test_a_number_opens_the_sentences_behind_it(served: str, browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/pages/actors-ukraine-russia.html")
    page.locator("summary", has_text="The numbers:").first.click()
    link = page.locator(".fb td a[href^='#evidence-']").first
    anchor = link.get_attribute("href")
    assert anchor is not None
    assert not page.locator(anchor).is_visible()
    link.click()
    page.wait_for_function("id => document.querySelector(id).checkVisibility()", arg=anchor)
    following = page.locator(f"{anchor} + ul li")
    assert following.count() >= 1
    assert page.locator(f"{anchor} + ul li mark").first.is_visible()
    page.close()


def test_every_number_has_its_evidence(built: Path) -> None:
    import re

    for name in PAGES:
        html = (built / name).read_text("utf8")
        links = set(re.findall(r'href="#(evidence-[\w-]+)"', html))
        ids = set(re.findall(r'id="(evidence-[\w-]+)"', html))
        assert links <= ids, f"{name}: {sorted(links - ids)[:3]}"
        assert links or "corpus-" in name, f"{name} has no number that opens sentences"


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
    pages = " ".join(" ".join((built / name).read_text("utf8").split()) for name in PAGES if "commissioned" not in name)
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
    assert len(listed) == len(PAGES) and all(" ok " in line for line in listed)


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
