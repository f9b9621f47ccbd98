"""The API reference: each comment `<!-- verbs: a, b -->` of a page becomes the signatures and docstrings of a and b.

The package's source is read, not imported: that takes a tenth of a second, and shows types as they are written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

_ASKED = re.compile(r"^<!-- verbs: (.+) -->$", re.MULTILINE)
_SECTION = re.compile(r"(Args|Attributes|Returns|Raises|Source|Example):\s")
_ITEM = re.compile(r"^ {4}(?=\S)", re.MULTILINE)
_WIDTH = 76


@cache
def find_sources() -> dict[str, Path]:
    """Find the file of each name that a room of the toolkit offers, by its stub."""
    spec = find_spec("toolkit")
    assert spec is not None and spec.submodule_search_locations is not None
    stubs = Path(spec.submodule_search_locations[0]).glob("*/__init__.pyi")
    offers = ((stub, node) for stub in stubs for node in ast.parse(stub.read_text("utf8")).body if isinstance(node, ast.ImportFrom))
    return {name.name: stub.parent / f"{(node.module or '').replace('.', '/')}.py" for stub, node in offers for name in node.names}


def write_entry(name: str) -> str:
    """Write a verb or record: heading, summary, signature, and what its docstring says."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    module = ast.parse(find_sources()[name].read_text("utf8")).body
    node = next(one for one in module if isinstance(one, kinds) and one.name == name)
    named = {one.targets[0].id: one.value for one in module if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)}
    summary, *blocks = re.split(r"\n\n(?=\S)", ast.get_docstring(node) or "")
    written = [f"({name})=\n### {name}", summary]
    if isinstance(node, ast.FunctionDef):
        written.append(f"```python\n{write_signature(node, named)}\n```")
    written += map(write_block, blocks)
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
    listed = [_list_method(one, named) for one in methods if isinstance(node, ast.ClassDef)]
    is_list = written[-1].startswith("- ")  # of attributes, which it continues
    written[-1:] = ["\n".join([written[-1], *listed])] if is_list else [written[-1], "\n".join(listed)]
    return "\n\n".join(written)


def _list_method(method: ast.FunctionDef, named: Mapping[str, ast.expr]) -> str:
    """List a method or property of a record with the first paragraph of its docstring."""
    said = (ast.get_docstring(method) or "").partition("\n\n")[0]
    return f"- `{method.name if method.decorator_list else write_signature(method, named)}`: {' '.join(said.split())}"


def write_signature(node: ast.FunctionDef, named: Mapping[str, ast.expr]) -> str:
    """Write a call with its types, an argument to the line where it is long; what the module has a name for is written out."""
    own = _Written(named).visit(node.args)
    plain = [*own.posonlyargs, *own.args]
    given: list[ast.expr | None] = [*[None] * (len(plain) - len(own.defaults)), *own.defaults]
    words = [_write_argument(one, default) for one, default in zip(plain, given, strict=True) if one.arg != "self"]
    if own.vararg:
        words.append(f"*{_write_argument(own.vararg, None)}")
    elif own.kwonlyargs:
        words.append("*")
    words += [_write_argument(one, default) for one, default in zip(own.kwonlyargs, own.kw_defaults, strict=True)]
    words += [f"**{_write_argument(own.kwarg, None)}"] if own.kwarg else []
    end = f" -> {ast.unparse(node.returns).strip(chr(39))}" if node.returns else ""
    line = f"{node.name}({', '.join(words)}){end}"
    return line if len(line) <= _WIDTH else f"{node.name}(\n" + "".join(f"    {word},\n" for word in words) + f"){end}"


class _Written(ast.NodeTransformer):
    """Puts what a module has a name for in the place of the name."""

    def __init__(self, named: Mapping[str, ast.expr]) -> None:
        """Take what the names stand for."""
        self.named = named

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name."""
        return self.named.get(node.id, node)


def _write_argument(argument: ast.arg, default: ast.expr | None) -> str:
    """An argument with its type and default."""
    typed = f"{argument.arg}: {ast.unparse(argument.annotation).strip(chr(39))}" if argument.annotation else argument.arg
    return typed if default is None else f"{typed} = {ast.unparse(default)}".replace(" = '", ' = "').replace("'", '"')


def write_block(block: str) -> str:
    """Write a paragraph of a docstring as Markdown, or one of its sections."""
    found = _SECTION.match(block)
    if found is None:
        return block
    title, text = found[1], block[found.end() :].strip("\n")
    if title == "Example":
        return f"```pycon\n{dedent(text)}\n```"
    if title in ("Returns", "Source"):
        return f"**{title}:** " + " ".join(text.split())
    items = [" ".join(item.split()).partition(": ") for item in _ITEM.split(text) if item.strip()]
    listed = "\n".join(f"- `{name}`: {said}" for name, _, said in items)
    return listed if title in ("Args", "Attributes") else f"**{title}:**\n\n{listed}"


def link_names(text: str, names: Iterable[str]) -> str:
    """Make each name in running text a link to its entry; code stays as it is."""
    pieces = re.split(r"(```.*?```)", text, flags=re.DOTALL)  # prose, code, prose, ...
    known = re.compile(rf"`({'|'.join(map(re.escape, names))})`")
    return "".join(piece if piece.startswith("```") else known.sub(r"[`\1`](#\1)", piece) for piece in pieces)


def fill_page(app: Any, docname: str, source: list[str]) -> None:
    """Put the entries in the place of the comment that asks for them; the page is read again where their source changed."""
    asked = [name for found in _ASKED.findall(source[0]) for name in found.split(", ")]
    for name in asked:
        app.env.note_dependency(str(find_sources()[name]))
    if asked:
        source[0] = link_names(_ASKED.sub(lambda found: "\n\n".join(map(write_entry, found[1].split(", "))), source[0]), asked)


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", fill_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
