"""A page written into the plan of a project, of which everything else stays as it was written."""

import os
from contextlib import suppress
from pathlib import Path

from toolkit.codebooks.nodes import parse_yaml
from toolkit.errors import PlanError
from toolkit.parsing.outputs import move_files, open_aside


def find_project() -> Path:
    """Find the project that a notebook belongs to: the folder with `book/`, which is this one or the one around it."""
    return next((folder for folder in (Path(), Path("..")) if (folder / "book").is_dir()), Path())


def move_path(place: str, folder: Path) -> str:
    """Write a path as it is from another folder; what is no path stays.

    Example:
        >>> move_path("actors", Path("notebooks"))
        'actors'
    """
    return Path(os.path.relpath(place, folder)).as_posix() if place and Path(place).exists() else place


def add_page(page: str) -> str:
    """Add a page to `book/plan.yml`, after the last one that the same notebook makes, else after the last one.

    Args:
        page: The page, as a list of one in YAML.

    Returns:
        Where it is now, in a sentence.

    Raises:
        PlanError: When there is no plan or notebook, the slug is taken, or the page cannot be put in without changing the rest.
    """
    project, [new] = find_project(), parse_yaml(page).root
    plan, by_hand = project / "book" / "plan.yml", "Nothing was written. Copy the page from below, and put it in by hand."
    for path in (plan, project / "notebooks" / f"{new['notebook']}.ipynb"):
        if not path.is_file():
            raise PlanError(f"{path}: not found. A page is added in a project: framebook new makes one. {by_hand}")
    lines = plan.read_bytes().decode("utf8", "replace").splitlines(keepends=True)
    tree, listed = parse_yaml("".join(lines)), list[tuple[bool, int, int, str]]()
    with suppress(TypeError, KeyError, AttributeError):  # what is no plan has no pages
        parts = [(at, part.get("pages", ())) for at, part in enumerate(tree.root["parts"])]
        listed = [(one["notebook"] == new["notebook"], at, n, one["slug"]) for at, pages in parts for n, one in enumerate(pages)]
    if new["slug"] in [slug for *_, slug in listed]:
        raise PlanError(f"{plan}: the slug '{new['slug']}' is taken. Each page has its own. {by_hand}")
    if tree.faults or not listed:
        raise PlanError(f"{plan}: no page in it that another could follow. {by_hand}")
    _, at, n, before = max(listed)
    place = ("parts", at, "pages", n)
    dash = lines[tree.line(place) - 1].find("-")
    end = max(line for path, line in tree.lines.items() if path[:4] == place)
    while end < len(lines) and lines[end].strip() and lines[end][: dash + 1].isspace():
        end += 1
    lines[end - 1] = lines[end - 1].rstrip("\r\n") + "\n"
    lines[end:end] = [" " * dash + line for line in page.splitlines(keepends=True)]
    written = "".join(lines)
    tree.root["parts"][at]["pages"].insert(n + 1, new)
    if parse_yaml(written).root != tree.root:
        raise PlanError(f"{plan}: its pages are not a list with a line for each key. {by_hand}")
    with open_aside(plan.parent) as aside:
        (aside / plan.name).write_bytes(written.encode())
        move_files(aside, plan.parent)
    return f"Added to {plan}: {new['slug']}, after {before}. framebook book build makes the page."
