"""The parameters of a notebook: read from its cell tagged `parameters`, checked by name and type, written back into it.

Papermill only logs a mistyped name and never checks a type, so a wrong page would look right.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from toolkit.errors import PlanError, name_choices
from toolkit.publishing.documents import Cell, Notebook, find_tags, name_notebook, read_notebook

_SCALARS = ("str", "int", "float", "bool")
KINDS = (*_SCALARS, *(f"list[{name}]" for name in _SCALARS))


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its default, its kind (one of `KINDS`) and its comment."""

    name: str
    default: object
    kind: str
    comment: str


def read_parameters(notebook: Path) -> tuple[Parameter, ...]:
    """Read which parameters a notebook declares.

    A parameter's kind is its annotation, else that of its default; an empty list without annotation is a list of text.

    Args:
        notebook: The notebook; exactly one code cell of it is tagged `parameters` and holds literals only.

    Returns:
        The parameters in their order.

    Raises:
        PlanError: When there is not exactly one such cell or it holds anything else.
    """
    return find_parameters(read_notebook(notebook), name_notebook(notebook))


def find_parameters(notebook: Notebook, where: str) -> tuple[Parameter, ...]:
    """Find the parameters that a notebook already read declares.

    Example:
        >>> source = 'outlets: list[str] = []  # all if empty'
        >>> find_parameters({"cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}]}, "x.ipynb")
        (Parameter(name='outlets', default=[], kind='list[str]', comment='all if empty'),)
    """
    source = _find_cell(notebook, where)["source"]
    found = []
    for statement in _parse_cell(source, where):
        assigned = _read_assignment(statement)
        if assigned is None:
            raise PlanError(
                f"{where}, parameters cell, line {statement.lineno}: {ast.unparse(statement)!r} is not a parameter. "
                f"Expected name = literal, of {', '.join(KINDS)}."
            )
        name, kind, default = assigned
        comment = source.splitlines()[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset or 0 :].decode()
        found.append(Parameter(name, default, kind, comment.partition("#")[2].strip()))
    return tuple(found)


def check_parameters(notebook: Path, parameters: Mapping[str, object]) -> dict[str, object]:
    """Hold parameters to what a notebook declares: no unknown name, no wrong type. `True` is not a whole number.

    Args:
        notebook: The notebook.
        parameters: Values by name; those left out keep their defaults.

    Returns:
        Every parameter of the notebook with the value it will run with, in the notebook's order.

    Raises:
        PlanError: Lists every fault, one a line.
    """
    declared = {parameter.name: parameter for parameter in read_parameters(notebook)}
    where = name_notebook(notebook)
    faults = []
    for name, value in parameters.items():
        if name not in declared:
            faults.append(f"{where}: unknown parameter '{name}'. {name_choices(name, declared).replace('Allowed', 'Declared', 1)}")
        elif not _fits(value, declared[name].kind):
            found, example = f"{write_literal(value)} ({_name_kind(value)})", write_literal(declared[name].default)
            faults.append(f"{where}: parameter '{name}' is {found}. Expected {declared[name].kind}, as in {name} = {example}.")
    if faults:
        raise PlanError("\n".join(faults))
    return {name: parameters.get(name, parameter.default) for name, parameter in declared.items()}


def parse_parameters(notebook: Path, texts: Mapping[str, str]) -> dict[str, object]:
    """Read parameters as a person types them (YAML, of which JSON is a part), by the type that the notebook declares, and check them.

    Args:
        notebook: The notebook.
        texts: What was typed, by name.

    Returns:
        Only the parameters given, with values of the declared types.

    Raises:
        PlanError: Lists every fault, one a line.
    """
    declared = {parameter.name: parameter for parameter in read_parameters(notebook)}
    values = {name: _parse_text(text, declared[name].kind) if name in declared else text for name, text in texts.items()}
    check_parameters(notebook, values)
    return values


def write_parameters(notebook: Notebook, values: Mapping[str, object], where: str) -> str:
    """Write values into the source of the parameters cell; names, order and comments stay.

    Example:
        >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": 'actors = ["UKR"]  # whom'}
        >>> write_parameters({"cells": [cell]}, {"actors": ["KOR", "PRK"]}, "x.ipynb")
        'actors = ["KOR", "PRK"]  # whom'
    """
    source = _find_cell(notebook, where)["source"]
    lines = source.encode().split(b"\n")  # ast counts bytes
    for statement in reversed(_parse_cell(source, where)):
        assigned = _read_assignment(statement)
        value = getattr(statement, "value", None)
        if assigned is not None and value is not None and assigned[0] in values:
            first, last = value.lineno - 1, value.end_lineno - 1
            new = write_literal(values[assigned[0]]).encode()
            lines[first : last + 1] = [lines[first][: value.col_offset] + new + lines[last][value.end_col_offset :]]
    return b"\n".join(lines).decode()


def write_literal(value: object) -> str:
    r"""Write a value as Python, with double quotes.

    Example:
        >>> write_literal(["tass.com", "d'or"])
        '["tass.com", "d\'or"]'
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(write_literal(item) for item in value)}]"
    return repr(value)


def _find_cell(notebook: Notebook, where: str) -> Cell:
    """The one code cell tagged `parameters`."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "parameters" in find_tags(cell)]
    if len(cells) != 1:
        raise PlanError(f"{where}: {len(cells)} cells are tagged 'parameters'. Expected exactly one. Tag it in JupyterLab.")
    return dict(cells[0])


def _parse_cell(source: str, where: str) -> list[ast.stmt]:
    """The statements of the parameters cell."""
    try:
        return ast.parse(source).body
    except SyntaxError as fault:
        raise PlanError(f"{where}, parameters cell, line {fault.lineno}: {fault.msg}.") from fault


def _read_assignment(statement: ast.stmt) -> tuple[str, str, object] | None:
    """Name, kind and value of `name = literal` or `name: kind = literal`; None for anything else."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            annotation = ""
        case ast.AnnAssign(target=ast.Name(id=name), annotation=note, value=ast.expr() as value):
            annotation = ast.unparse(note)
        case _:
            return None
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        return None
    kind = annotation or ("list[str]" if default == [] else _name_kind(default))
    return (name, kind, default) if kind in KINDS and _fits(default, kind) else None


def _name_kind(value: object) -> str:
    """The kind of a value, in the words of `KINDS` where it has one."""
    if isinstance(value, list) and value:
        inner = sorted({type(item).__name__ for item in value})
        return f"list[{' | '.join(inner)}]"
    return type(value).__name__


def _fits(value: object, kind: str) -> bool:
    """Whether a value is of a kind. A whole number fits float; a truth value fits only bool."""
    if kind.startswith("list["):
        return isinstance(value, list) and all(_fits(item, kind[5:-1]) for item in value)
    if kind == "float":
        return type(value) is int or (type(value) is float and math.isfinite(value))
    if kind == "str":
        return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)
    return type(value).__name__ == kind


def _parse_text(text: str, kind: str) -> object:
    """One typed value; text that is no YAML stays text, for the check to refuse."""
    if kind == "str":
        return text
    try:
        return yaml.load(text, yaml.BaseLoader if kind == "list[str]" else yaml.SafeLoader)  # in a list of texts, NO is a text
    except (yaml.YAMLError, ValueError):
        return text
