"""The formats: how each is recognised, read and written, and which patterns those that are written can say."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.codebooks.formats.dictionaries import read_csv, read_lexicoder, read_liwc, read_wordstat, read_yoshikoder, write_liwc
from toolkit.codebooks.formats.rows import Row, decode_text
from toolkit.codebooks.formats.yamls import read_quanteda, write_framebook, write_quanteda
from toolkit.codebooks.nodes import Fault, parse_yaml
from toolkit.codebooks.records import Codebook, Pattern
from toolkit.tables import read_data


@dataclass(frozen=True)
class Format:
    """A format: its title, the suffixes of its files, what a file of it looks like, how it is read and, in some, written.

    `read` is None for our own YAML. `texts` is what a pattern may look like in a format that is written.
    """

    title: str
    suffixes: Sequence[str]
    sign: str
    read: Callable[[bytes], Iterator[Row | Fault]] | None
    write: Callable[[Codebook], bytes] | None = None
    texts: str = r"(?s).*"

    def says(self, pattern: Pattern) -> bool:
        """Whether a pattern without case means the same in this format."""
        return not (pattern.start or pattern.end or pattern.near) and re.fullmatch(self.texts, pattern.text) is not None


_READ = dict(csv=read_csv, lexicoder=read_lexicoder, liwc=read_liwc, quanteda=read_quanteda)
_READ |= dict(wordstat=read_wordstat, yoshikoder=read_yoshikoder)
_WRITE = dict(framebook=write_framebook, liwc=write_liwc, quanteda=write_quanteda)
_LISTED = read_data("checks", "codebooks")["formats"].items()
FORMATS: Mapping[str, Format] = {name: Format(**facts, read=_READ.get(name), write=_WRITE.get(name)) for name, facts in _LISTED}


def find_format(content: bytes, suffix: str) -> str:
    r"""Find the format of a file by its content, or by its suffix if the content does not decide.

    Example:
        >>> find_format(b"%\n1\twar\n%\nbomb*\t1\n", ".txt"), find_format(b"war: [bomb*]", ".yml")
        ('liwc', 'quanteda')
    """
    text = decode_text(content)
    if suffix in FORMATS["quanteda"].suffixes:
        root = None if re.search(FORMATS["framebook"].sign, text) else parse_yaml(text).root
        is_keyed = isinstance(root, dict) and root and not any(isinstance(value, str) for value in root.values())
        return "quanteda" if is_keyed else "framebook"
    signed = (name for name, format in FORMATS.items() if re.search(format.sign, text))
    return next(signed, "") or next((name for name, format in FORMATS.items() if suffix in format.suffixes), "framebook")
