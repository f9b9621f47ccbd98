"""What the book's own Sphinx extension does to a page, without a build."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))


def write_metatags(base: str, folder: Path = ROOT / "book") -> str:
    from bookfix import add_card

    app = SimpleNamespace(config=SimpleNamespace(html_baseurl=base, html_title='"News" & more'), srcdir=folder)
    context = {"title": 'War &amp; "peace" <em>now</em>', "metatags": "<meta>"}
    add_card(app, "pages/one", "page.html", context, None)
    return context["metatags"]


def test_a_book_with_an_address_says_what_a_shared_link_shows() -> None:
    written = write_metatags("https://example.org/book/")
    assert '<meta property="og:title" content="War &amp; &quot;peace&quot; now">' in written
    assert '<meta property="og:url" content="https://example.org/book/pages/one.html">' in written
    assert '<meta property="og:image" content="https://example.org/book/_static/card.png">' in written
    assert '<meta property="og:image:alt" content="&quot;News&quot; &amp; more">' in written


def test_a_book_without_an_address_or_card_says_nothing(tmp_path: Path) -> None:
    assert write_metatags("") == write_metatags("https://example.org", tmp_path) == "<meta>"
