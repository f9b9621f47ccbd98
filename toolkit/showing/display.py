"""What the room hands on: a `Shown`, which carries its picture or HTML, its words and its data into a notebook's output."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.markup import read_style

MIME = "application/vnd.framebook+json"
PIXELS = 560  # shown width of a chart: 5.6 inches at 100 pixels an inch; the file has 1.6 times as many


@dataclass(frozen=True, repr=False)
class Shown:
    """A chart or a piece of page.

    Attributes:
        name: Its name, and that of its files.
        text: The same as plain text.
        html: HTML in which everything from outside is escaped; of a chart, a link for each of its points, placed over it.
        png: The picture of a chart.
        alt: What the picture shows, in words.
        caption: Its caption.
        files: Its data, as CSV text by file name.
    """

    name: str
    text: str
    html: str = ""
    png: bytes = b""
    alt: str = ""
    caption: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a name that could not be a file name or part of an address on any machine."""
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            wanted = "expected lower-case letters, digits and hyphens, as in 'rates-by-outlet'."
            raise ToolkitError(f"name {self.name!r} of a chart or table: {wanted}")

    def __repr__(self) -> str:
        """The words: what a terminal can show."""
        return f"{self.text}\n{self.caption}" if self.png else self.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """Hand Jupyter the picture or the HTML with its style sheet, the text and the data."""
        told = {"version": 1, "name": self.name, "alt": self.alt, "caption": self.caption, "files": dict(self.files)}
        if self.png:
            told["layer"] = self.html
            return {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.alt, MIME: told}, {"image/png": {"width": PIXELS}}
        return {"text/html": read_style() + self.html, "text/plain": self.text, MIME: told}, {}

    def save(self, folder: Path | str) -> tuple[Path, ...]:
        """Write the picture, or the HTML as a page of its own, and its CSV files into a folder, made if need be; return their paths."""
        head = f'<head><meta charset="utf-8"><title>{self.name}</title>{read_style()}</head>'
        page = f'<!doctype html>\n<html lang="en">{head}<body><main>{self.html}</main></body></html>\n'
        contents = {f"{self.name}.png": self.png} if self.png else {f"{self.name}.html": page.encode()}
        contents |= {name: text.encode("utf8", "replace") for name, text in self.files.items()}
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (Path(folder) / name).write_bytes(content)
        return tuple(Path(folder) / name for name in contents)
