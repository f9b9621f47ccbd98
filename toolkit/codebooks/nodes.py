"""YAML as plain mappings, lists and texts, with a map from each path to its line.

No value becomes a number, a truth or a date on the way (`version: 2026.10` stays so): the checker decides what a field may hold.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import yaml  # with libyaml: a parser in Python needs a second for the five hundred actors

_RESOLVER: Any = yaml.resolver.Resolver()  # Any: PyYAML has no types


class _Dumper(yaml.CSafeDumper):
    """Writes a value that occurs twice in both places."""

    def ignore_aliases(self, data: object) -> bool:
        """No value refers to another one."""
        return True


# R's YAML, which quanteda reads with, takes these for a truth and a number: they get quotes too.
_Dumper.add_implicit_resolver("no text", re.compile(r"(?i)(y|n|\d+e\d+)\Z"), None)

Path = tuple[str | int, ...]


class Bare(str):
    """A text without quotes that YAML does not read as text."""


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


@dataclass
class Tree:
    """A file's content, `None` if it cannot be read; the line of each path in it; all that is wrong with it."""

    root: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def say(self, path: Path, message: str, *, is_warning: bool = False) -> None:
        """Record a fault of the entry or body to which a path belongs."""
        steps = takewhile(lambda step: step[0] == "entries", zip(path[::2], path[1::2], strict=False))
        entry = "/".join(map(str, path[:2] if path[:1] == ("bodies",) else (id for _, id in steps)))
        self.faults.append(Fault(self.line(path), message, entry, is_warning))

    def line(self, path: Path) -> int:
        """Find the line of a path, or of what it is in; 0 in a tree without lines."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def parse_yaml(text: str) -> Tree:
    """Parse YAML; texts become NFC.

    Args:
        text: The content of a file.

    Returns:
        The tree, without a root when the text is not YAML; among its faults are keys that appear twice.

    Example:
        >>> parse_yaml("kind: frames").root
        {'kind': 'frames'}
        >>> parse_yaml("patterns: [war, *nation]").faults[0].message[:75]
        "not YAML: 'nation' is an alias or anchor. Indent with spaces; put texts tha"
    """
    tree = Tree()
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        roots = [_read_node(next(events), events, (), tree) for event in events if isinstance(event, yaml.DocumentStartEvent)]
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        hint = "Indent with spaces; put texts that begin with * or & or contain ': ' into quotes."
        return Tree(faults=[Fault(line, f"not YAML: {fault.problem}. {hint}")])
    except yaml.YAMLError as fault:  # a control character
        return Tree(faults=[Fault(1, f"not YAML: {' '.join(str(fault).split())}. Save the file as plain text in UTF-8.")])
    except RecursionError:
        return Tree(faults=[Fault(1, "nested too deep to read. Make it flatter.")])
    if len(roots) != 1:
        return Tree(faults=[Fault(1, f"{len(roots)} YAML documents. Allowed: one. Make it one document.")])
    tree.root = roots[0]
    return tree


def write_yaml(tree: Mapping[str, Any]) -> str:
    """Write a tree of mappings, lists, texts, numbers, truths and days as YAML; what is empty is left out.

    Example:
        >>> print(write_yaml({"kind": "frames", "patterns": ["bomb*", "*nation", "no"], "note": ""}), end="")
        kind: frames
        patterns: [bomb*, '*nation', 'no']
    """
    return yaml.dump(_fill(tree), Dumper=_Dumper, width=120, allow_unicode=True, sort_keys=False, default_flow_style=None)


def _fill(value: Any) -> Any:
    """Leave out of mappings what is empty."""
    if isinstance(value, Mapping):
        filled = {key: _fill(part) for key, part in value.items()}
        return {key: part for key, part in filled.items() if part is not None and part not in ("", {}, [])}
    return [_fill(part) for part in value] if isinstance(value, list) else value


def _read_node(event: Any, events: Iterator[Any], path: Path, tree: Tree) -> Any:
    """Read the node that begins with `event`."""
    tree.lines.setdefault(path, event.start_mark.line + 1)
    if event.anchor is not None:
        raise yaml.MarkedYAMLError(problem=f"{event.anchor!r} is an alias or anchor", problem_mark=event.start_mark)
    if isinstance(event, yaml.ScalarEvent):
        text = unicodedata.normalize("NFC", event.value)
        is_text = event.style or _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
        return text if is_text else Bare(text)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_read_node(event, events, (*path, len(items)), tree))
        return items
    pairs: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            raise yaml.MarkedYAMLError(problem="a list, mapping or alias is used as a key", problem_mark=event.start_mark)
        key = _read_node(event, events, path, tree)
        first = tree.lines.setdefault((*path, key), line)
        if key in pairs:
            tree.faults.append(Fault(line, f"key {key!r} appears twice, first in line {first}. Each key may appear once. Delete one."))
        pairs[key] = _read_node(next(events), events, (*path, key), tree)
    return pairs
