"""The house keeps its order: imports go one way, notebooks hold no logic, everything public is explained."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ROOMS = [
    "tables",
    "errors",
    "markup",
    "parsing",
    "codebooks",
    "counting",
    "coding",
    "learning",
    "estimating",
    "showing",
    "publishing",
    "__main__",
]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "toolkit").rglob("*.py"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "toolkit").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    if path == ROOT / "toolkit" / "__init__.py":
        return
    own = ROOMS.index(room_of(path))
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            if name.startswith("toolkit."):
                other = name.split(".")[1]
                before = ROOMS.index(other) < own or other == room_of(path) or other in ("tables", "errors", "markup")
                assert before, f"{path.name} imports {name}, from a later room"


def test_the_toolkit_the_command_line_and_a_build_start_without_the_heavy_libraries() -> None:
    heavy = [
        "matplotlib",
        "scipy",
        "papermill",
        "nbformat",
        "ftfy",
        "jupyter_client",
        "numba",
        "spacy",
        "trafilatura",
        "pandas",
        "pyarrow",
    ]
    code = f"import sys, toolkit.__main__, toolkit.publishing.book; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_calls_and_prose(path: Path) -> None:
    notebook = json.loads(path.read_text("utf8"))
    cells = notebook["cells"]
    assert cells[0]["cell_type"] == "markdown" and "".join(cells[0]["source"]).startswith("# ")
    assert [number for number, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])] == [1]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [] and cell["execution_count"] is None, "outputs are stripped"
        source = "".join(cell["source"])
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.With, ast.Lambda, ast.ListComp)
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, forbidden), f"logic in a cell: {source}"
            if isinstance(node, ast.ImportFrom):
                assert node.module == "toolkit", "a notebook needs nothing but the toolkit"
    for line in "".join(cells[1]["source"]).strip().splitlines():
        assert re.fullmatch(r"\w+ = .+  # .+", line), f"a parameter is a literal with a comment: {line}"


def test_a_figure_is_the_last_line_of_its_cell() -> None:
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            lines = "".join(cell["source"]).strip().splitlines()
            if cell["cell_type"] == "code" and not lines[0].startswith("from "):
                assert all(not line.startswith(("draw(", "show_")) for line in lines[:-1]), f"{path.name}: {lines}"


def public_functions() -> list[tuple[str, object]]:
    found = []
    for room in ROOMS[2:-1]:
        module = importlib.import_module(f"toolkit.{room}")
        names = getattr(module, "__all__", [])
        found += [(f"{room}.{name}", getattr(module, name)) for name in names if inspect.isfunction(getattr(module, name))]
    return found


@pytest.mark.parametrize(("name", "function"), public_functions(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_public_function_is_typed_and_explained(name: str, function: object) -> None:
    assert inspect.getdoc(function), f"{name} is not explained"
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, f"{name}: {parameter.name} has no type"


VERBS = {
    "read",
    "find",
    "explore",
    "sample",
    "code",
    "learn",
    "correct",
    "keep",
    "count",
    "estimate",
    "audit",
    "compare",
    "suggest",
    "draw",
    "show",
}


def test_the_toolkit_offers_few_verbs_that_can_be_guessed() -> None:
    import toolkit

    assert len(toolkit.__all__) <= 37
    assert {name.partition("_")[0] for name in toolkit.__all__} <= VERBS
    for name in toolkit.__all__:
        parameters = list(inspect.signature(getattr(toolkit, name)).parameters.values())
        positional = [one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
        assert len(positional) <= 3 and "seed" not in positional, f"{name}: the thing comes first, and options by name"


RECORDS = ["Corpus", "Mentions", "Attributions", "Names", "Labels", "Agreement", "Learned", "Estimates", "Listing", "Shown"]


def test_records_hold_data_and_show_themselves() -> None:
    from toolkit import coding, counting, estimating, learning, parsing, showing

    for name in RECORDS:
        record = next(getattr(room, name) for room in (parsing, counting, coding, learning, estimating, showing) if hasattr(room, name))
        assert record.__dataclass_params__.frozen
        public = {key for key, value in vars(record).items() if not key.startswith("_") and inspect.isfunction(value)}
        assert public <= {"surest", "save"}, f"{name} has methods: {public}"
        own = {key for one in record.__mro__[:-1] for key in vars(one)}  # of its own, or of Facts
        assert ("__repr__" in own and {"_repr_html_", "_repr_mimebundle_"} & own) or name == "Names"


SWAPS = """
from toolkit import find_mentions, read_corpus, estimate_rates, find_attributions, keep_voice
news = read_corpus("news-2017")
named = find_mentions(news, "actors", ["UKR"])
speech = find_attributions(named)
estimate_rates(named, by="outlet")
estimate_rates(news)
find_mentions(named, "actors")
keep_voice(speech, named, "all")
"""


def test_a_swap_of_two_records_is_a_type_error(tmp_path: Path) -> None:
    (tmp_path / "swaps.py").write_text(SWAPS, "utf8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(tmp_path / "swaps.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [int(line.split(":")[1]) for line in done.stdout.splitlines() if "[arg-type]" in line]
    assert sorted(set(lines)) == [7, 8, 9], done.stdout


def count_code(path: Path) -> int:
    """Lines of code: neither blank, nor comment, nor docstring."""
    text = path.read_text("utf8")
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = [node.body[0] for node in ast.walk(ast.parse(text)) if isinstance(node, kinds) and ast.get_docstring(node)]
    inside = {line for doc in docs for line in range(doc.lineno, (doc.end_lineno or doc.lineno) + 1)}
    lines = enumerate(text.splitlines(), start=1)
    return sum(1 for number, line in lines if line.strip() and not line.strip().startswith("#") and number not in inside)


def test_the_toolkit_stays_small() -> None:
    assert sum(map(count_code, MODULES)) <= 9700


def test_the_top_level_is_as_given() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert folders == {"notebooks", "toolkit", "book", "tests", ".ci", ".github"}


def test_conda_and_make_install_from_the_same_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf8"))
    *conda, pip = environment["dependencies"]
    assert conda == ["python=3.11", "pip"]
    assert pip == {"pip": ["-r requirements.lock"]}
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["requires-python"] == ">=3.11"


def test_the_lock_has_hashes_and_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    extras = [name for extra in project["project"]["optional-dependencies"].values() for name in extra]
    wanted = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    pinned = {line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")}
    assert {re.split(r"[<>=]", name)[0].replace(".", "-") for name in wanted} <= pinned
    entries = [entry for entry in re.split(r"\n(?=\S)", lock.strip()) if entry]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_no_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    host = re.compile(r"pypi[.]org|files[.]python[h]osted|npmjs[.]org|anaconda[.]org")
    machine = re.compile(r"(?<![\w./])/(?:root|work|farm)/\w")
    for path in tracked():
        try:
            text = path.read_text("utf8")
        except UnicodeDecodeError:
            continue
        assert not host.search(text), path
        assert not machine.search(text), path


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join)
def test_the_code_passes(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
