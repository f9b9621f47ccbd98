"""The parameters of a notebook: read from its cell tagged `parameters`, checked by name and type, written back into it.

Papermill only logs a mistyped name and never checks a type, so a wrong page would look right.
"""

import ast
import json
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from toolkit.errors import PlanError, name_choices, raise_faults
from toolkit.publishing.documents import Cell, Notebook, find_tags, name_notebook, read_notebook

# Half of a pair of surrogates is no text
KINDS: dict[str, Any] = {"str": Annotated[str, AfterValidator(str.encode)], "int": int, "float": float, "bool": bool}
KINDS |= {f"list[{name}]": list[kind] for name, kind in KINDS.items()}  # type: ignore[valid-type]


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, its default, its kind (one of `KINDS`), and where the default is in the source of the cell."""

    name: str
    default: object
    kind: str
    place: ast.expr


def find_parameters(notebook: Notebook, where: str) -> tuple[Parameter, ...]:
    """Find which parameters a notebook declares.

    A parameter's kind is its annotation, else that of its default; an empty list without annotation is a list of text.

    Args:
        notebook: The notebook; exactly one code cell of it is tagged `parameters` and holds literals only.
        where: Its name, for errors.

    Returns:
        The parameters in their order.

    Raises:
        PlanError: When there is not exactly one such cell or it holds anything else.

    Example:
        >>> source = 'outlets: list[str] = []  # all if empty'
        >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
        >>> [(found.name, found.default, found.kind) for found in find_parameters({"cells": [cell]}, "x.ipynb")]
        [('outlets', [], 'list[str]')]
    """
    try:
        statements = ast.parse(_find_cell(notebook, where)["source"]).body
    except SyntaxError as fault:
        raise PlanError(f"{where}, parameters cell, line {fault.lineno}: {fault.msg}.") from fault
    return tuple(_read_assignment(statement, where) for statement in statements)


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
    where, faults = name_notebook(notebook), []
    declared = {parameter.name: parameter for parameter in find_parameters(read_notebook(notebook), where)}
    for name, value in parameters.items():
        if name not in declared:
            faults.append(f"{where}: unknown parameter '{name}'. {name_choices(name, declared).replace('Allowed', 'Declared', 1)}")
        elif not _fits(value, declared[name].kind):
            found, example = f"{write_literal(value)} ({_name_kind(value)})", write_literal(declared[name].default)
            faults.append(f"{where}: parameter '{name}' is {found}. Expected {declared[name].kind}, as in {name} = {example}.")
    raise_faults(faults, PlanError)
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
    declared = {parameter.name: parameter for parameter in find_parameters(read_notebook(notebook), name_notebook(notebook))}
    values = {name: _parse_text(text, declared[name].kind) if name in declared else text for name, text in texts.items()}
    check_parameters(notebook, values)
    return values


def write_parameters(notebook: Notebook, values: Mapping[str, object], where: str) -> Notebook:
    """Write values into the parameters cell of a copy of a notebook; names, order and comments stay.

    Example:
        >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": 'actors = ["UKR"]  # whom'}
        >>> write_parameters({"cells": [cell]}, {"actors": ["KOR", "PRK"]}, "x.ipynb")["cells"][0]["source"]
        'actors = ["KOR", "PRK"]  # whom'
    """
    written = deepcopy(notebook)
    cell = _find_cell(written, where)
    lines = cell["source"].encode().split(b"\n")  # ast counts bytes
    for declared in reversed(find_parameters(notebook, where)):
        if declared.name in values:
            place = declared.place
            first, last = place.lineno - 1, (place.end_lineno or 1) - 1
            new = write_literal(values[declared.name]).encode()
            lines[first : last + 1] = [lines[first][: place.col_offset] + new + lines[last][place.end_col_offset :]]
    cell["source"] = b"\n".join(lines).decode()
    return written


def write_literal(value: object) -> str:
    r"""Write a value as Python, with double quotes.

    Example:
        >>> write_literal(["tass.com", "d'or"])
        '["tass.com", "d\'or"]'
    """
    return repr(value) if "bool" in _name_kind(value) else json.dumps(value, ensure_ascii=False, default=repr)


def _find_cell(notebook: Notebook, where: str) -> Cell:
    """The one code cell tagged `parameters`."""
    cells: list[Cell] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "parameters" in find_tags(cell)]
    if len(cells) != 1:
        raise PlanError(f"{where}: {len(cells)} cells are tagged 'parameters'. Expected exactly one. Tag it in JupyterLab.")
    return cells[0]


def _read_assignment(statement: ast.stmt, where: str) -> Parameter:
    """The parameter of `name = literal` or `name: kind = literal`; anything else is refused."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            kind = ""
        case ast.AnnAssign(target=ast.Name(id=name), annotation=note, value=ast.expr() as value):
            kind = ast.unparse(note)
        case _:
            name, kind, value = "", "", ast.Constant(None)
    with suppress(ValueError, TypeError):
        default = ast.literal_eval(value)
        kind = kind or ("list[str]" if default == [] else _name_kind(default))
        if kind in KINDS and _fits(default, kind):
            return Parameter(name, default, kind, value)
    found = f"{where}, parameters cell, line {statement.lineno}: {ast.unparse(statement)!r} is not a parameter."
    raise PlanError(f"{found} Expected name = literal, of {', '.join(KINDS)}.")


def _name_kind(value: object) -> str:
    """The kind of a value, in the words of `KINDS` where it has one."""
    if isinstance(value, list) and value:
        return f"list[{' | '.join(sorted({type(item).__name__ for item in value}))}]"
    return type(value).__name__


def _fits(value: object, kind: str) -> bool:
    """Whether a value is of a kind. A whole number fits float; a truth value fits only bool."""
    with suppress(ValidationError):
        TypeAdapter(KINDS[kind], config=ConfigDict(strict=True, allow_inf_nan=False)).validate_python(value)
        return True
    return False


def _parse_text(text: str, kind: str) -> object:
    """One typed value; text that is no YAML stays text, for the check to refuse."""
    if kind == "str":
        return text
    with suppress(yaml.YAMLError, ValueError):
        return yaml.load(text, yaml.BaseLoader if kind == "list[str]" else yaml.SafeLoader)  # in a list of texts, NO is a text
    return text
