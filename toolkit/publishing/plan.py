"""The plan of the book: which notebook with which parameters makes which page, in which order."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from toolkit.codebooks.nodes import Tree, parse_yaml
from toolkit.errors import PlanError, name_choices, raise_faults
from toolkit.publishing.parameters import check_parameters

GENERATED = ("codebooks", "data-dictionary")  # prose that the build writes: a page for each bundled codebook, and one for the tables
_RESERVED = ("data", "data-dictionary", "front")
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _PlanLoader(yaml.CSafeLoader):
    """Leaves a date the text that it was. `parse_yaml` has refused aliases, a bomb of which never ends, and keys that appear twice."""


_PlanLoader.add_constructor("tag:yaml.org,2002:timestamp", yaml.CSafeLoader.construct_yaml_str)  # type: ignore[type-var]


class _Record(BaseModel):
    """Frozen, strict, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _see_path(given: Any, about: ValidationInfo) -> Any:
    """Write a path of the plan, which counts from the project's root, as the notebooks see it; and leave all other values."""
    is_path = isinstance(given, str) and "/" in given and not given.startswith(("/", ".")) and Path(about.context or "", given).exists()
    return f"../{given}" if is_path else given


class Page(_Record):
    """One page: a notebook run with parameters. The slug is its address and never changes."""

    slug: str = Field(pattern=_SLUG)
    notebook: str = Field(pattern=_SLUG)
    title: str = Field(min_length=1, pattern=r"^[^\n\r]+$")
    parameters: Mapping[str, Annotated[Any, AfterValidator(_see_path)]] = {}
    lead: str = Field(default="", description="So what: a sentence by the plan's author, under the title.")
    author: str = Field(default="", description="Who says so.")
    timeout: int = Field(default=600, gt=0, description="Seconds a cell may take.")
    page_timeout: int = Field(default=1800, gt=0, description="Seconds the page may take.")


class Part(_Record):
    """One part of the table of contents: pages run from notebooks, or prose by file name without .md."""

    caption: str = Field(min_length=1)
    pages: list[Page] = []
    prose: list[str] = []


class Front(_Record):
    """Which finding the front page shows, and the first one's figure."""

    page: str
    figure: str


class Plan(_Record):
    """The whole book."""

    version: Literal[1]
    parts: list[Part] = Field(min_length=1)
    front: Annotated[list[Front], BeforeValidator(lambda given: [given] if isinstance(given, dict) else given)] = []

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages that notebooks make, in order."""
        return tuple(page for part in self.parts for page in part.pages)


def read_plan(root: Path) -> Plan:
    """Read `book/plan.yml` and check every page against its notebook, before anything runs.

    Args:
        root: The project: the folder with `notebooks/` and `book/`.

    Returns:
        The plan; every slug is unique, every notebook and prose file is there, every parameter fits.

    Raises:
        PlanError: Lists every fault, one a line, by page.
    """
    path = root / "book" / "plan.yml"
    try:
        text = path.read_text("utf8")
        tree = parse_yaml(text)
        raise_faults([f"book/plan.yml:{fault.line}: {fault.message}" for fault in tree.faults], PlanError)
        plan = Plan.model_validate(yaml.load(text, _PlanLoader), context=root)
    except FileNotFoundError as fault:
        raise PlanError(f"book/plan.yml: not found in {root.resolve()}. Name the project with --root.") from fault
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        raise PlanError(f"book/plan.yml: it cannot be read: {fault}\nExpected: YAML in UTF-8.") from fault
    except ValidationError as fault:
        raise PlanError("\n".join(_say_fault(dict(error), tree) for error in fault.errors())) from fault
    slugs = Counter(page.slug for page in plan.pages)
    faults = [f"page '{slug}': the slug appears {n} times. Slugs are unique. Rename one." for slug, n in slugs.items() if n > 1]
    taken = [slug for slug in slugs if slug in _RESERVED or slug.startswith("codebook-")]
    faults += [f"page '{slug}': the build writes a page of that name itself. Rename it." for slug in taken]
    faults += [f"page '{page.slug}': {fault}" for page in plan.pages for fault in _check_page(root, page)]
    prose = {path.stem for path in (root / "book").glob("*.md")} - {"index"} | set(GENERATED)
    unknown = [name for part in plan.parts for name in part.prose if name not in prose]
    faults += [f"no prose page book/{name}.md. {name_choices(name, prose)}" for name in unknown]
    faults += [f"front: no page '{front.page}'. {name_choices(front.page, slugs)}" for front in plan.front if front.page not in slugs]
    raise_faults([f"book/plan.yml{':' if fault.startswith('no ') else ','} {fault}" for fault in faults], PlanError)
    return plan


def _say_fault(error: Mapping[str, Any], tree: Tree) -> str:
    """One fault of pydantic's in words: where, what was found, what is allowed."""
    models: dict[str, type[_Record]] = {"pages": Page, "parts": Part, "front": Front}
    steps = [step if isinstance(step, str) else str(step + 1) for step in error["loc"]] or ["plan"]
    where = f"book/plan.yml:{tree.line(error['loc']) or 1}, {' '.join(steps)}"
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key. {name_choices(steps[-1], models.get(steps[-3:][0], Plan).model_fields)}"
    return f"{where}: {error['msg']}." + ("" if error["type"] == "missing" else f" Found {error['input']!r}.")


def _check_page(root: Path, page: Page) -> list[str]:
    """Faults of one page's notebook and parameters."""
    try:
        check_parameters(root / "notebooks" / f"{page.notebook}.ipynb", page.parameters)
    except PlanError as fault:
        return str(fault).splitlines()
    return []
