"""The formats, how each is recognised, and which patterns it can say; what else it carries is found by writing and reading back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.codebooks.formats import lexicoder, liwc, petrarch, sheets, wordstat, yamls
from toolkit.codebooks.formats.rows import Row, decode_text
from toolkit.codebooks.nodes import Fault, Pairs, Text, parse_nodes
from toolkit.codebooks.records import Codebook, Pattern

_ANY = re.compile(".*", re.DOTALL)
_STAR_AT_END = re.compile(r"[^*?]*\*?")
_STARS_IN_WORD = re.compile(r"[^?\s]*")
_YAML = (".yml", ".yaml")


@dataclass(frozen=True)
class Format:
    """A format: its title, the suffixes of its files, what a file of it looks like, how it is read and written, what it can say.

    `texts` is what a pattern of it may look like; `n_near`, how many conditions of nearness one may have.
    """

    title: str
    suffixes: tuple[str, ...]
    sign: re.Pattern[str] | None
    read: Callable[[bytes], Iterator[Row | Fault]] | None
    write: Callable[[Codebook], bytes] | None
    texts: re.Pattern[str] = _ANY
    n_near: int = 0

    def says(self, pattern: Pattern) -> bool:
        """Whether a pattern means the same in this format; weight and case aside."""
        return self.read is None or not (
            pattern.is_regex
            or pattern.start
            or pattern.end
            or len(pattern.near) > self.n_near
            or self.texts.fullmatch(pattern.text) is None
        )


FORMATS: Mapping[str, Format] = {
    "framebook": Format("Framebook YAML", _YAML, re.compile(r"(?m)^(codebook|kind|entries):"), None, yamls.write_framebook),
    "xlsx": Format("XLSX table", (".xlsx",), re.compile(r"\APK\x03\x04"), sheets.read_xlsx, sheets.write_xlsx),
    "yoshikoder": Format(
        "Yoshikoder, Lexicoder 2 (XML)",
        (".ykd", ".lcd"),
        re.compile(r"(?s)\A\s*<(.{0,2000}?<)?dictionary[\s>]"),
        lexicoder.read_yoshikoder,
        lexicoder.write_yoshikoder,
        _STARS_IN_WORD,
    ),
    "liwc": Format("LIWC 2007, 2015, 2022", (".dic", ".dicx"), re.compile(r"\A\s*%\s*\n"), liwc.read_liwc, liwc.write_liwc, _STAR_AT_END),
    "wordstat": Format(
        "WordStat", (".cat", ".nfo"), re.compile(r"(?m)\S\s*\([\d.]+\)\s*$"), wordstat.read_wordstat, wordstat.write_wordstat, n_near=1
    ),
    "lexicoder": Format(
        "Lexicoder 3", (".lc3",), re.compile(r"\A\s*\+\S"), lexicoder.read_lexicoder, lexicoder.write_lexicoder, _STAR_AT_END
    ),
    "petrarch": Format(
        "PETRARCH, CAMEO actors", (".actors",), re.compile(r"(?m)^[^#;<,:\n]*\[[^\]\n,]+\]\s*([#;].*)?$"), petrarch.read_petrarch, None
    ),
    "csv": Format("CSV table", (".csv", ".tsv"), re.compile(r"(?i)\A\W*(dicterm|pattern)\W"), sheets.read_csv, sheets.write_csv),
    "quanteda": Format("quanteda YAML", _YAML, None, yamls.read_quanteda, yamls.write_quanteda),
}


def find_format(content: bytes, suffix: str) -> str:
    r"""Find the format of a file by what is in it; by its suffix where that tells nothing.

    Example:
        >>> find_format(b"%\n1\twar\n%\nbomb*\t1\n", ".txt"), find_format(b"war: [bomb*]", ".yml")
        ('liwc', 'quanteda')
    """
    text = decode_text(content)
    if suffix in _YAML:
        root = None if FORMATS["framebook"].sign.search(text) else parse_nodes(text)[0]  # type: ignore[union-attr]
        is_keyed = isinstance(root, Pairs) and root.pairs and not any(isinstance(value, Text) for _, value in root.pairs)
        return "quanteda" if is_keyed else "framebook"
    signed = (name for name, format in FORMATS.items() if format.sign is not None and format.sign.search(text))
    named = (name for name, format in FORMATS.items() if suffix in format.suffixes)
    return next(signed, "") or next(named, "framebook")
