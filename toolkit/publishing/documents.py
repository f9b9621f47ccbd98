"""Notebooks as plain JSON, and files that are written whole or not at all."""

import json
import re
from pathlib import Path
from typing import Any

from toolkit.errors import PlanError, name_choices

Notebook = dict[str, Any]
Cell = dict[str, Any]

ANSI = re.compile(r"\x1b\[[0-9;]*m")  # colours of a terminal
_PUNCTUATION = re.compile(r"""([]!"#$&()*+:<=>@[\\^_`{|}~-])""")  # what Markdown, MyST, HTML or a table could take for its own


def read_notebook(path: Path) -> Notebook:
    """Read a notebook; the source of each cell becomes one string.

    Plain JSON, because nbformat's schema check costs half a second and papermill makes it anyway before it runs anything.

    Raises:
        PlanError: When the file is missing or no notebook of format 4.

    Example:
        >>> read_notebook(Path("none/actors.ipynb"))
        Traceback (most recent call last):
        ...
        toolkit.errors.PlanError: none/actors.ipynb: no such notebook. Allowed: nothing.
    """
    try:
        notebook = json.loads(path.read_bytes())
        if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
            raise PlanError(f"{name_notebook(path)}: no notebook of nbformat 4. Open it in JupyterLab and save it.")
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            cell["cell_type"], cell.setdefault("metadata", {}).get("tags")
    except FileNotFoundError as fault:
        allowed = name_choices(path.stem, (one.stem for one in path.parent.glob("*.ipynb")))
        raise PlanError(f"{name_notebook(path)}: no such notebook. {allowed}") from fault
    except (ValueError, RecursionError) as fault:
        raise PlanError(f"{name_notebook(path)}: no notebook: {fault}. Expected JSON of nbformat 4.") from fault
    except (TypeError, KeyError, AttributeError) as fault:
        raise PlanError(f"{name_notebook(path)}: a cell has no type, source or metadata. Open it in JupyterLab and save it.") from fault
    return dict(notebook)


def name_notebook(path: Path) -> str:
    """Name a notebook by its folder and file, the same on every machine.

    Example:
        >>> name_notebook(Path("/home/me/framebook/notebooks/actors.ipynb"))
        'notebooks/actors.ipynb'
    """
    return f"{path.parent.name}/{path.name}".lstrip("/")


def find_tags(cell: Cell) -> list[str]:
    """List the tags of a cell.

    Example:
        >>> find_tags({"cell_type": "code", "metadata": {"tags": ["parameters"]}})
        ['parameters']
    """
    return list(cell.get("metadata", {}).get("tags", []))


def write_json(value: object) -> str:
    r"""Write a value as JSON, the same bytes for the same value.

    Example:
        >>> write_json({"b": "ü", "a": 1})
        '{\n "a": 1,\n "b": "ü"\n}\n'
    """
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, and only if its bytes change."""
    new = content.encode("utf8", "replace") if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == new:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(new)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def escape_markdown(text: str) -> str:
    r"""Escape a text from outside for Markdown, on one line: no markup, no HTML, no role.

    Source: publishing notes, section 1: an unescaped title ran a script on every page.

    Example:
        >>> print(escape_markdown("Who <b>speaks</b> | *why*"))
        Who \<b\>speaks\</b\> \| \*why\*
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
