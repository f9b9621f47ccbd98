"""YAML as a tree that knows its line numbers: texts, lists and mappings, every value as it was written.

No value becomes a number, a truth or a date on the way (`version: 2026.10` stays so): the checker decides what a field may hold.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Not ruamel.yaml: its parser, in Python, needs a second for the five hundred actors; libyaml needs 0.1.
import yaml

_WIDTH = 120
NO_TEXT = re.compile(
    r"""(?:yes|no|on|off|true|false|null|~|y|n    # truths and nothing, of YAML 1.1 and 1.2
    |[-+]?[\d_]*\.?\d[\d_]*\.?(e[-+]?\d+)?     # numbers: 24, 1_000, .5, 1e3
    |0[xo][\da-f]+|[-+]?\.(inf|nan)
    |\d+(:\d\d)+|\d{4}-\d\d?-\d\d?.*)\Z        # 24:30, 2017-02-01
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What YAML takes for something else than a text when it has no quotes: Norway's `no`, the year 1984."""


@dataclass(frozen=True)
class Text:
    """A text, in NFC; `plain` when it stands without quotes."""

    value: str
    line: int
    plain: bool


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Pairs:
    """A mapping, keys in file order, each once."""

    pairs: tuple[tuple[Text, Node], ...]
    line: int


Node = Text | Items | Pairs


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a file, and where: a line from 1, the entry, or nothing, and the file. With a warning the file can still be used."""

    line: int
    message: str
    entry: str = ""
    is_warning: bool = False
    path: str = ""

    def __str__(self) -> str:
        """Write it as one line: where, what, what is allowed, what to do."""
        entry = f", entry {self.entry!r}" if self.entry else ""
        return f"{self.path}:{self.line}{entry}: {'warning: ' if self.is_warning else ''}{self.message}"


def parse_nodes(text: str) -> tuple[Node | None, list[Fault]]:
    """Parse YAML into nodes; say what YAML itself forbids.

    Args:
        text: The content of a file.

    Returns:
        The root, or None where there is no tree to go on with, and the faults: not YAML, a key twice, an alias.

    Example:
        >>> parse_nodes("kind: frames")[0]
        Pairs(pairs=((Text(value='kind', line=1, plain=True), Text(value='frames', line=1, plain=True)),), line=1)
        >>> parse_nodes("patterns: [war, *nation]")[1][0].message
        "'*nation' is an alias to YAML. Allowed: texts, lists, mappings. Put it into quotes."
    """
    faults: list[Fault] = []
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        roots = [_read_node(next(events), events, faults) for event in events if isinstance(event, yaml.DocumentStartEvent)]
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        hint = "Indent with spaces; put texts that begin with * or & or hold ': ' into quotes."
        return None, [Fault(line, f"not YAML: {fault.problem}. {hint}")]
    except yaml.YAMLError as fault:  # a control character
        return None, [Fault(1, f"not YAML: {' '.join(str(fault).split())}. Save the file as plain text in UTF-8.")]
    except RecursionError:
        return None, [Fault(1, "nested too deep to read. Allowed: entries in entries. Make it flatter.")]
    if len(roots) != 1:
        return None, [Fault(1, f"{len(roots)} YAML documents. Allowed: one codebook. Make it one document.")]
    return roots[0], faults


def write_nodes(tree: Mapping[str, Any]) -> str:
    """Write a tree of mappings, lists, texts, numbers, truths and days as YAML; what is empty is left out.

    Example:
        >>> print(write_nodes({"kind": "frames", "patterns": ["bomb*", "*nation", "no"], "note": ""}), end="")
        kind: frames
        patterns: [bomb*, '*nation', 'no']
    """
    stream = io.StringIO()
    dumper: Any = yaml.CSafeDumper(stream, width=_WIDTH, allow_unicode=True, sort_keys=False, default_flow_style=None)  # type: ignore[arg-type]
    dumper.ignore_aliases = lambda _: True
    dumper.yaml_implicit_resolvers = {**dumper.yaml_implicit_resolvers, None: [("no text", NO_TEXT)]}  # so that these get quotes
    dumper.open()
    dumper.represent(_fill(tree))
    dumper.close()
    return stream.getvalue()


def _fill(value: Any) -> Any:
    """Leave out of mappings what is empty."""
    if isinstance(value, Mapping):
        return {key: _fill(part) for key, part in value.items() if part is not None and part not in ("", {}, [])}
    return [_fill(part) for part in value] if isinstance(value, list) else value


def _read_node(event: Any, events: Iterator[Any], faults: list[Fault]) -> Node:  # Any: PyYAML has no types
    """Read the node that begins with `event`."""
    line = event.start_mark.line + 1
    is_alias = isinstance(event, yaml.AliasEvent)
    if event.anchor is not None:
        written, name = ("*" if is_alias else "&") + event.anchor, "alias" if is_alias else "anchor"
        faults.append(Fault(line, f"{written!r} is an {name} to YAML. Allowed: texts, lists, mappings. Put it into quotes."))
    if is_alias:
        return Text(f"*{event.anchor}", line, False)
    if isinstance(event, yaml.ScalarEvent):
        return Text(unicodedata.normalize("NFC", event.value), line, not event.style)
    if not isinstance(event, yaml.MappingStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_read_node(event, events, faults))
        return Items(tuple(items), line)
    pairs: dict[str, tuple[Text, Node]] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key, value = _read_node(event, events, faults), _read_node(next(events), events, faults)
        if not isinstance(key, Text):
            faults.append(Fault(key.line, "a list or mapping stands as a key. Allowed: a text. Put it into quotes."))
        elif key.value in pairs:
            twice = f"key {key.value!r} appears twice, first in line {pairs[key.value][0].line}"
            faults.append(Fault(key.line, f"{twice}. Each key may appear once. Delete one."))
        else:
            pairs[key.value] = (key, value)
    return Pairs(tuple(pairs.values()), line)
