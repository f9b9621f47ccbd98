"""What a published book says of itself: what is new since the last edition, where a page can be opened, and what it is made of.

An edition is a manifest that was kept: `cp book/manifest.json book/editions/2026-11.json`. The last one by name is compared with the book.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import Directive

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "MIT": "https://spdx.org/licenses/MIT",
}
FOLDERS = {
    "_downloads": ("Tables of numbers, and notebooks with the parameters of their pages", 0),
    "_images": ("Figures", 0),
    "evidence": ("Sentences behind the numbers, as quotations, and the places of all that is counted", -1),
}
"""Folders of the built book: what they hold, and which of the licences, in the order of the footer, is theirs."""


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest; an empty one where there is none, or it is damaged."""
    try:
        manifest = json.loads(path.read_bytes())
        return {"made_with": manifest["made_with"], "pages": {page["slug"]: page for page in manifest["pages"]}}
    except (OSError, ValueError, TypeError, KeyError):
        return {"made_with": {}, "pages": {}}


def find_news(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[str]]:
    """Find which pages are new, gone, or have other numbers, and why numbers moved: what else differs between two manifests."""
    pages = {slug: (then["pages"][slug], page) for slug, page in now["pages"].items() if slug in then["pages"]}
    moved = {slug: pair for slug, pair in pages.items() if pair[0].get("numbers") != pair[1].get("numbers")}
    why = [f"{one['kind']} {one['name']}" for before, page in moved.values() for one in page["sources"] if one not in before["sources"]]
    why += [name for before, page in moved.values() for name in ("notebook", "parameters") if before[name] != page[name]]
    code = {"rooms_sha256": "code", "lock": "packages", "python": "Python"}
    why += [name for key, name in code.items() if moved and then["made_with"].get(key) != now["made_with"].get(key)]
    tables = [f"{slug}/{name}" for slug, (before, page) in moved.items() for name in _list_moved(before, page)]
    return {
        "new": [slug for slug in now["pages"] if slug not in then["pages"]],
        "moved": list(moved),
        "gone": [page["title"] for slug, page in then["pages"].items() if slug not in now["pages"]],
        "tables": tables,
        "why": sorted(set(why)),
    }


def _list_moved(before: Mapping[str, Any], page: Mapping[str, Any]) -> list[str]:
    """List the tables of a page that are new, gone or others."""
    numbers = [one.get("numbers", {}) for one in (before, page)]
    return [name for name in sorted({*numbers[0], *numbers[1]}) if numbers[0].get(name) != numbers[1].get(name)]


class NewSince(Directive):
    """What is new since the last edition, as a paragraph; nothing where no edition was kept."""

    def run(self) -> list[nodes.Node]:
        """Compare the manifest of this build with that of the last edition."""
        env = self.state.document.settings.env
        book = Path(env.srcdir)
        editions = sorted((book / "editions").glob("*.json"))
        if not editions:
            return []
        env.note_dependency(str(book / "manifest.json"))
        now, then = read_manifest(book / "manifest.json"), read_manifest(editions[-1])
        news, head = find_news(then, now), nodes.strong("", f"New since {editions[-1].stem}: ")
        said: list[list[nodes.Node]] = []
        if news["new"]:
            said.append([nodes.Text("new pages: "), *_link_pages(news["new"], now)])
        if news["moved"]:
            why = f", as {', '.join(news['why'])} changed" if news["why"] else ""
            n_tables = f" ({len(news['tables'])} table{'s' * (len(news['tables']) > 1)}{why})"
            said.append([nodes.Text("numbers moved on "), *_link_pages(news["moved"], now), nodes.Text(n_tables)])
        if news["gone"]:
            said.append([nodes.Text(f"no longer there: {', '.join(news['gone'])}")])
        if not said:
            return [nodes.paragraph("", "", nodes.Text(f"Since {editions[-1].stem}, no page is new and no number moved."))]
        parts = [node for number, some in enumerate(said) for node in ([nodes.Text("; ")] if number else []) + some]
        return [nodes.paragraph("", "", head, *parts, nodes.Text("."))]


def _link_pages(slugs: Iterable[str], now: Mapping[str, Any]) -> list[nodes.Node]:
    """Titles of pages, each a link."""
    links: list[nodes.Node] = []
    for slug in slugs:
        links += [nodes.Text(", ")] if links else []
        links.append(nodes.reference("", now["pages"][slug]["title"], refuri=f"pages/{slug}.html", internal=True))
    return links


def hide_launch(app: Any, config: Any) -> None:
    """Leave out launch buttons where no repository is named: they would lead nowhere."""
    options = config.html_theme_options
    if not options.get("repository_url"):
        for name in ("launch_buttons", "repository_url", "repository_branch"):
            options.pop(name, None)


def lead_launch(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Let launch buttons open the notebook that a page is made of: the page itself is not in the repository."""
    page = read_manifest(Path(app.srcdir) / "manifest.json")["pages"].get(pagename.removeprefix("pages/"))
    groups = [one for one in context.get("header_buttons", []) if one.get("label") == "launch-buttons"]
    for group in groups:
        if page is None:
            context["header_buttons"].remove(group)
            continue
        for button in group["buttons"]:
            button["url"] = button["url"].replace(f"{pagename}.ipynb", f"notebooks/{page['notebook']}.ipynb")


def write_crate(config: Any, manifest: Mapping[str, Any], names: Iterable[str], day: str) -> dict[str, Any]:
    """Describe a built book as an RO-Crate 1.1: files, licence of each part, author, and the command that made each page.

    Args:
        config: The configuration of Sphinx: title, author, footer with the licences.
        manifest: As `read_manifest` gives it.
        names: The pages of the built book, as paths in it.
        day: When it was published, as ISO 8601; a year will do.
    """
    footer = str(config.html_theme_options.get("extra_footer", ""))
    rights = [part.strip() for part in re.split(r"\.(?:\s+|$)", re.sub("<[^>]+>", "", footer)) if part.strip()] or ["No licence is stated"]
    code = next((part for part in rights if part.startswith("Code:")), rights[0])
    licences = {part: _find_licence(part) for part in rights}
    made = manifest["made_with"]
    parts: list[dict[str, Any]] = []
    actions: list[dict[str, Any]] = []
    sources: dict[str, dict[str, Any]] = {}
    for name in names:
        page = manifest["pages"].get(name.removeprefix("pages/").removesuffix(".html"), {})
        entity = {"@id": quote(name), "@type": "File", "encodingFormat": "text/html", "license": {"@id": licences[rights[0]]}}
        parts.append(entity | ({"name": page["title"]} if page else {}))
        if page:
            used = [{"@id": f"#{one['kind']}-{quote(one['name'], safe='')}"} for one in page["sources"]]
            for one, id in zip(page["sources"], used, strict=True):
                facts = {"version": one["version"]} if one["version"] else {}
                sources[id["@id"]] = id | {"@type": "CreativeWork", "name": f"{one['kind']} {one['name']}", "sha256": one["sha256"]} | facts
            notebook = {"@id": f"#notebook-{page['notebook']}"}
            sources[notebook["@id"]] = {
                **notebook,
                "@type": ["SoftwareSourceCode", "CreativeWork"],
                "name": f"notebooks/{page['notebook']}.ipynb",
                "license": {"@id": licences[code]},
            }
            given = [word for key, value in page["parameters"].items() for word in ("-p", f"{key}={_write_value(value)}")]
            command = shlex.join(["framebook", "run", f"notebooks/{page['notebook']}.ipynb", *given, "--out", f"{page['slug']}.ipynb"])
            action = {"@id": f"#run-{page['slug']}", "@type": "CreateAction", "name": "A notebook run", "description": command}
            actions.append(action | {"instrument": {"@id": "#framebook"}, "object": [notebook, *used], "result": {"@id": quote(name)}})
    for name, (what, at) in FOLDERS.items():
        parts.append({"@id": f"{name}/", "@type": "Dataset", "name": what, "license": {"@id": licences[rights[at]]}})
    title, author = re.sub("<[^>]+>", "", str(config.html_title or config.project)), str(config.author)
    root = {"@id": "./", "@type": "Dataset", "name": title, "description": f"{title}: a book made by Framebook. {footer}".strip()}
    root |= {"author": {"@id": "#author"}, "license": {"@id": licences[rights[0]]}, "hasPart": [{"@id": part["@id"]} for part in parts]}
    root |= {"datePublished": day} if day else {}
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}}
    tool = {"@id": "#framebook", "@type": "SoftwareApplication", "name": "Framebook", "version": made.get("version", "")}
    tool |= {"softwareRequirements": f"Python {made.get('python', '')}", "identifier": made.get("toolkit_sha256", "")}
    build = {"@id": "#build", "@type": "CreateAction", "name": "The book built", "description": "framebook book build"}
    build |= {"instrument": {"@id": "#framebook"}, "object": [{"@id": id} for id in sources], "result": {"@id": "./"}}
    legal = [{"@id": id, "@type": "CreativeWork", "name": name} for name, id in licences.items()]
    people = [{"@id": "#author", "@type": "Person", "name": author or "not stated"}]
    return {"@context": CONTEXT, "@graph": [about, root, *people, *legal, tool, build, *actions, *sources.values(), *parts]}


def _find_licence(part: str) -> str:
    """The address of a licence that a sentence of the footer names, else an id in the crate."""
    known = next((address for name, address in LICENCES.items() if part.endswith(name)), "")
    return known or f"#rights-{re.sub('[^a-z0-9]+', '-', part.lower()).strip('-')}"


def _write_value(value: object) -> str:
    """A parameter as a command line has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def save_crate(app: Any, exception: Exception | None) -> None:
    """Write `ro-crate-metadata.json` next to the pages."""
    if exception is not None or app.builder.format != "html":
        return
    out, book = Path(app.outdir), Path(app.srcdir)
    names = [f"{name}.html" for name in sorted(app.env.found_docs) if (out / f"{name}.html").is_file()]
    year = re.search(r"\b(?:19|20)\d\d\b", str(app.config.copyright))
    day = year[0] if year else _ask_day(book)
    crate = write_crate(app.config, read_manifest(book / "manifest.json"), names, day)
    (out / "ro-crate-metadata.json").write_text(json.dumps(crate, ensure_ascii=False, separators=(",", ":")) + "\n", "utf8")


def _ask_day(book: Path) -> str:
    """The day of the commit that is published; nothing without one."""
    command = ["git", "-C", str(book), "log", "-1", "--format=%cs"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("new-since", NewSince)
    app.connect("config-inited", hide_launch, priority=100)
    app.connect("html-page-context", lead_launch, priority=950)
    app.connect("build-finished", save_crate, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
