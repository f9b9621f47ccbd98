"""The plan of the book: which notebook with which parameters makes which page, in which order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from toolkit.errors import PlanError, name_choices
from toolkit.publishing.parameters import check_parameters

GENERATED = ("codebooks", "data-dictionary")  # prose that the build writes: a page for each bundled codebook, and one for the tables
_RESERVED = ("data", "data-dictionary", "front")
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _write_date(value: object) -> object:
    """A date that YAML made of 2017-02-01 is the text it was."""
    return value.isoformat() if type(value) is datetime.date else value


class _Record(BaseModel):
    """Frozen, strict, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Page(_Record):
    """One page: a notebook run with parameters. The slug is its address and never changes."""

    slug: str = Field(pattern=_SLUG)
    notebook: str = Field(pattern=_SLUG)
    title: str = Field(min_length=1, pattern=r"^[^\n\r]+$")
    parameters: Mapping[str, Annotated[Any, BeforeValidator(_write_date)]] = {}
    timeout: int = Field(default=600, gt=0, description="Seconds a cell may take.")
    page_timeout: int = Field(default=1800, gt=0, description="Seconds the page may take.")


class Part(_Record):
    """One part of the table of contents: pages run from notebooks, or prose by file name without .md."""

    caption: str = Field(min_length=1)
    pages: list[Page] = []
    prose: list[str] = []


class Front(_Record):
    """Which figure, with its finding, the front page shows."""

    page: str
    figure: str


class Plan(_Record):
    """The whole book."""

    version: Literal[1]
    parts: list[Part] = Field(min_length=1)
    front: Front | None = None

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages that notebooks make, in order."""
        return tuple(page for part in self.parts for page in part.pages)


def read_plan(root: Path) -> Plan:
    """Read `book/plan.yml` and hold every page to its notebook, before anything runs.

    Args:
        root: The project: the folder with `notebooks/` and `book/`.

    Returns:
        The plan; every slug is unique, every notebook and prose file is there, every parameter fits.

    Raises:
        PlanError: Lists every fault, one a line, by page.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = root / "book" / "plan.yml"
    try:
        given = YAML(typ="safe", pure=True).load(path.read_text("utf8"))
        plan = Plan.model_validate(given)
    except FileNotFoundError as fault:
        raise PlanError(f"book/plan.yml: not found in {root.resolve()}. Name the project with --root.") from fault
    except YAMLError as fault:
        raise PlanError(f"book/plan.yml: {fault}") from fault
    except ValidationError as fault:
        raise PlanError("\n".join(_say_fault(dict(error), given) for error in fault.errors())) from fault
    faults = [*_find_doubles(plan), *(found for page in plan.pages for found in _check_page(root, page)), *_check_prose(root, plan)]
    slugs = {page.slug for page in plan.pages}
    if plan.front is not None and plan.front.page not in slugs:
        faults.append(f"book/plan.yml, front: no page '{plan.front.page}'. {name_choices(plan.front.page, slugs)}")
    if faults:
        raise PlanError("\n".join(faults))
    return plan


def _say_fault(error: Mapping[str, Any], given: Any) -> str:
    """One fault of pydantic's in words: where, what was found, what is allowed."""
    places: list[str] = []
    value = given
    for step in error["loc"][:-1] if error["type"] == "missing" else error["loc"]:
        value = value[step] if isinstance(value, list) or (isinstance(value, dict) and step in value) else None
        if isinstance(step, int) and isinstance(value, dict):
            places[-1] = f"{places[-1].rstrip('s')} {step + 1} ({value.get('slug', value.get('caption', 'unnamed'))})"
        else:
            places.append(str(step))
    if error["type"] == "missing":
        places.append(str(error["loc"][-1]))
    where = ", ".join(["book/plan.yml", *places])
    if error["type"] == "extra_forbidden":
        model = next((model for key, model in (("pages", Page), ("front", Front), ("parts", Part)) if key in error["loc"][:-1]), Plan)
        return f"{where}: unknown key. {name_choices(str(error['loc'][-1]), model.model_fields)}"
    return f"{where}: {error['msg']}." + ("" if error["type"] == "missing" else f" Found {value!r}.")


def _find_doubles(plan: Plan) -> list[str]:
    """Slugs that stand twice, and slugs the build needs itself."""
    slugs = [page.slug for page in plan.pages]
    twice = [slug for slug in dict.fromkeys(slugs) if slugs.count(slug) > 1]
    taken = [slug for slug in dict.fromkeys(slugs) if slug in _RESERVED or slug.startswith("codebook-")]
    return [
        *(f"book/plan.yml, page '{slug}': the slug stands {slugs.count(slug)} times. Slugs are unique. Rename one." for slug in twice),
        *(f"book/plan.yml, page '{slug}': the build writes a page of that name itself. Rename it." for slug in taken),
    ]


def _check_page(root: Path, page: Page) -> list[str]:
    """Hold one page to its notebook."""
    notebook = root / "notebooks" / f"{page.notebook}.ipynb"
    where = f"book/plan.yml, page '{page.slug}'"
    if not notebook.is_file():
        found = (path.stem for path in (root / "notebooks").glob("*.ipynb"))
        return [f"{where}: no notebook '{page.notebook}'. {name_choices(page.notebook, found)}"]
    try:
        check_parameters(notebook, page.parameters)
    except PlanError as fault:
        return [f"{where}: {line}" for line in str(fault).splitlines()]
    return []


def _check_prose(root: Path, plan: Plan) -> list[str]:
    """Prose that is neither written nor generated."""
    written = {path.stem for path in (root / "book").glob("*.md")} - {"index"}
    names = [name for part in plan.parts for name in part.prose if name not in GENERATED]
    return [
        f"book/plan.yml: no prose page book/{name}.md. {name_choices(name, written.union(GENERATED))}"
        for name in names
        if name not in written
    ]
