"""What the stock theme gets wrong for a book that is offline and accessible; every patch that must match says so if it does not.

Formulas become MathML at build time. The thebe script, which throws an error on every page, is taken out. A content security policy
keeps each page from fetching anything from outside. The rest are accessibility faults that axe reports on the stock theme.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.errors import ExtensionError
from sphinx.search import js_index, languages
from sphinx.search.en import SearchEnglish

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
)
# What to replace, by what, and whether every page must have it. A patch that no longer matches means that the theme changed.
PATCHES = (
    (re.compile(r'(<button[^>]*search-button-field[^>]*?) aria-label="[^"]*"'), r"\1", True),
    (re.compile(r'(<i class="theme-switch [^>]*?) title="[^"]*"'), r'\1 aria-hidden="true"', True),
    (re.compile(r'<div id="pst-primary-sidebar" class='), '<div id="pst-primary-sidebar" role="navigation" aria-label="Book" class=', True),
    (re.compile(r"<head>"), f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}">', True),
    (re.compile(r' aria-label="Toggle hidden content"'), "", False),
    (re.compile(r"<th></th>"), "<td></td>", False),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">', False),
    (re.compile(r' role="doc-biblioentry"'), "", False),
    # The name holds a hash already; the second one is missing on a build from nothing.
    (re.compile(r"(mystnb\.[0-9a-f]+\.css)\?v=[0-9a-f]+"), r"\1", False),
)


class QuickEnglish(SearchEnglish):
    """Sphinx's own words and stems, each worked out once: pages repeat their words thousands of times."""

    def init(self, options: dict[str, str]) -> None:
        """Remember stems over all pages."""
        super().init(options)
        self.stem = cache(self.stem)

    def split(self, text: str) -> list[str]:
        """Take each word of a text once."""
        return list(dict.fromkeys(super().split(text)))


def write_formula(translator: Any, node: Any, display: bool) -> None:
    """Write a formula as MathML; one that cannot be converted stays readable as code."""
    tex = node.astext()
    try:
        written = convert(tex, display="block" if display else "inline")
    except Exception:  # latex2mathml raises many kinds, and none of them may stop a book
        written = f"<code>{html.escape(tex)}</code>"
    written = written.replace("<math ", f'<math alttext="{html.escape(tex, quote=True)}" ', 1)
    if display:
        places = "".join(f'<span id="{place}"></span>' for place in node.get("ids", []))
        number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
        written = f'<div class="math-block" tabindex="0" role="group" aria-label="formula">{places}{written}{number}</div>\n'
    translator.body.append(written)
    raise nodes.SkipNode


def number_by_page(app: Any, config: Any) -> None:
    """Leave the numbers of figures to the captions, which count by page: a page's numbers do not hang on the pages before it."""
    config.numfig = False  # Jupyter Book's LaTeX extension turns it on, whatever _config.yml says


def take_figures(app: Any, config: Any) -> None:
    """Give pages the numbers of their prose: what figures.json has as n_articles is written {{ n_articles }} there."""
    path = Path(app.srcdir) / "figures.json"
    groups = json.loads(path.read_text("utf8")) if path.is_file() else {}
    config.myst_substitutions = {name: text for figures in groups.values() for name, text in figures.items()}


def add_card(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Say what a shared link to a page shows: title and picture. Only in a book with an address, since the picture needs a whole one."""
    base = app.config.html_baseurl.rstrip("/")
    if base and (Path(app.srcdir) / "_static" / "card.png").is_file():
        title = re.sub(r"<[^>]+>", "", context.get("title", ""))  # which is HTML, escaped already
        facts = {"title": title, "type": "article", "url": f"{base}/{pagename}.html", "image": f"{base}/_static/card.png"}
        facts |= {"image:width": "1200", "image:height": "630", "image:alt": html.escape(app.config.html_title)}
        written = "".join(f'\n<meta property="og:{name}" content="{text.replace(chr(34), "&quot;")}">' for name, text in facts.items())
        context["metatags"] = context.get("metatags", "") + written + '\n<meta name="twitter:card" content="summary_large_image">'


def mend_context(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Take thebe's script and style sheet out of a page; escape the texts that the theme prints as HTML: titles, author, licence."""
    for name in ("pagetitle", "author", "theme_extra_footer"):
        if name in context:
            context[name] = html.escape(str(context[name]), quote=False)
    context["theme_logo"] = {**(context.get("theme_logo") or {}), "text": html.escape(app.config.html_title, quote=False)}
    for kind in ("script_files", "css_files"):
        kept: dict[object, Any] = {}  # the first of a name: Jupyter Book adds each script in _static once more, and not deferred
        for file in context.get(kind, []):
            if "thebe" not in f"{getattr(file, 'filename', '')}{file}{getattr(file, 'attributes', '')}".lower():
                kept.setdefault(getattr(file, "filename", None) or id(file), file)
        context[kind] = [*kept.values()]


def drop_thebe_nodes(app: Any, doctree: Any, docname: str) -> None:
    """Take thebe's settings out of a page's text."""
    for node in list(doctree.findall(nodes.raw)):
        if "x-thebe-config" in node.astext() or node.astext().strip().startswith("<script>kernelName"):
            node.parent.remove(node)


def fold_sections(app: Any, doctree: Any, docname: str) -> None:
    """Fold the sections of a page that a notebook made, but the first, and of a codebook: headings say what else there is."""
    page, is_codebook = Path(app.srcdir) / f"{docname}.ipynb", docname.startswith("pages/codebook-")
    if not is_codebook and (not page.is_file() or '"show-input"' in page.read_text("utf8")):
        return
    sections = [node for node in doctree.findall(nodes.section) if isinstance(node.parent.parent, nodes.document)]
    for section in sections[not is_codebook :]:
        title, *rest = section.children
        marks = ('<details class="fb-more"><summary>', "</summary>", "</details>")
        opened, named, closed = (nodes.raw("", html, format="html") for html in marks)
        section.children = []
        section.extend([opened, title, named, *rest, closed])


def patch_pages(app: Any, exception: Exception | None) -> None:
    """Patch every page that was written."""
    if exception is not None or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        text = path.read_text("utf8")
        if "_static" in path.parts or "Content-Security-Policy" in text or "pst-primary-sidebar" not in text:
            continue
        for pattern, new, required in PATCHES:
            text, n_found = pattern.subn(new, text)
            if required and n_found == 0:
                raise ExtensionError(f"{path.name}: {pattern.pattern!r} was not found. The theme changed; look at book/_ext/bookfix.py.")
        path.write_text(text, "utf8")


def forget_old(app: Any, exception: Exception | None) -> None:
    """After a build of some pages only, take out what no page has any more, so that the book is the same as one built from nothing."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    images = {name for _, name in app.env.images.values()}
    for picture in (out / "_images").glob("*"):
        if picture.name not in images:
            picture.unlink()
    downloads = {name for _, name in app.env.dlfiles.values()}
    for file in (out / "_downloads").glob("*/*"):
        if file.relative_to(out / "_downloads").as_posix() not in downloads:
            shutil.rmtree(file.parent)
    unused = [
        *(out / "_static").rglob("*.map"),
        *(out / "_static").rglob("*.ttf"),
        *(out / "_static" / "locales").rglob("*.*"),
        *(out / "_static").glob("*thebe*"),
    ]
    for file in unused:  # the debugger's, other languages', and the scripts that are taken out of every page
        file.unlink()
    for file in (out / "evidence").glob("*"):
        if not (Path(app.srcdir) / "pages" / "extra" / "evidence" / file.name).is_file():
            file.unlink()
    path = out / "searchindex.js"
    index = js_index.loads(path.read_text("utf8"))
    for kind in ("terms", "titleterms"):
        index[kind] = {word: pages for word, pages in index[kind].items() if pages != []}
    index[
        "indexentries"
    ] = {}  # terms of the glossary: Sphinx forgets them where it does not read that page again; its text is found all the same
    path.write_text(js_index.dumps(index), "utf8")


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("publication")
    languages["en"] = QuickEnglish
    app.add_html_math_renderer(
        "mathml",
        (lambda translator, node: write_formula(translator, node, False), None),
        (lambda translator, node: write_formula(translator, node, True), None),
    )
    app.connect("config-inited", number_by_page, priority=950)
    app.connect("config-inited", take_figures, priority=100)
    app.connect("html-page-context", add_card, priority=940)
    app.connect("html-page-context", mend_context, priority=950)
    app.connect("doctree-resolved", drop_thebe_nodes, priority=950)
    app.connect("doctree-resolved", fold_sections, priority=960)
    app.connect("build-finished", patch_pages)
    app.connect("build-finished", forget_old)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
