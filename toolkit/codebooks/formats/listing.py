"""The formats: how each is recognised, read and written, and which patterns those that are written can say."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.codebooks.formats import lexicoder, liwc, sheets, wordstat, yamls
from toolkit.codebooks.formats.rows import Row, decode_text
from toolkit.codebooks.nodes import Fault, parse_yaml
from toolkit.codebooks.records import Codebook, Pattern

_YAML = (".yml", ".yaml")
_DICTIONARY = r"(?s)\A\s*<(.{0,2000}?<)?dictionary[\s>]"  # in XML


@dataclass(frozen=True)
class Format:
    """A format: its title, the suffixes of its files, what a file of it looks like, how it is read and, in some, written.

    `read` is None for our own YAML. `texts` is what a pattern may look like in a format that is written.
    """

    title: str
    suffixes: tuple[str, ...]
    sign: str
    read: Callable[[bytes], Iterator[Row | Fault]] | None
    write: Callable[[Codebook], bytes] | None = None
    texts: str = r"(?s).*"

    def says(self, pattern: Pattern) -> bool:
        """Whether a pattern without case means the same in this format."""
        return not (pattern.start or pattern.end or pattern.near) and re.fullmatch(self.texts, pattern.text) is not None


FORMATS: Mapping[str, Format] = {
    "framebook": Format("Framebook YAML", _YAML, r"(?m)^(codebook|kind|entries):", None, yamls.write_framebook),
    "yoshikoder": Format("Yoshikoder, Lexicoder 2 (XML)", (".ykd", ".lcd"), _DICTIONARY, lexicoder.read_yoshikoder),
    "liwc": Format("LIWC 2007, 2015, 2022", (".dic", ".dicx"), r"\A\s*%\s*\n", liwc.read_liwc, liwc.write_liwc, r"[^*?]*\*?"),
    "wordstat": Format("WordStat", (".cat", ".nfo"), r"(?m)\S\s*\([\d.]+\)\s*$", wordstat.read_wordstat),
    "lexicoder": Format("Lexicoder 3", (".lc3",), r"\A\s*\+\S", lexicoder.read_lexicoder),
    "csv": Format("CSV table", (".csv", ".tsv"), r"(?i)\A(PK\x03\x04|\W*(dicterm|pattern)\W)", sheets.read_csv),
    "quanteda": Format("quanteda YAML", _YAML, r"(?!)", yamls.read_quanteda, yamls.write_quanteda),
}


def find_format(content: bytes, suffix: str) -> str:
    r"""Find the format of a file by its content, or by its suffix if the content does not decide.

    Example:
        >>> find_format(b"%\n1\twar\n%\nbomb*\t1\n", ".txt"), find_format(b"war: [bomb*]", ".yml")
        ('liwc', 'quanteda')
    """
    text = decode_text(content)
    if suffix in _YAML:
        root = None if re.search(FORMATS["framebook"].sign, text) else parse_yaml(text).root
        is_keyed = isinstance(root, dict) and root and not any(isinstance(value, str) for value in root.values())
        return "quanteda" if is_keyed else "framebook"
    signed = (name for name, format in FORMATS.items() if re.search(format.sign, text))
    return next(signed, "") or next((name for name, format in FORMATS.items() if suffix in format.suffixes), "framebook")
