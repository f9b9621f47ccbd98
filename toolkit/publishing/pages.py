"""A run made into a page: title, parameters, alt texts, captions, data to download, run record; or an honest page about a failure.

A pure function of the run and the plan: the same input gives the same bytes, on any machine and in any folder.
"""

import gzip
import re
import shlex
import sys
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import toolkit
from toolkit.markup import clean_text
from toolkit.publishing.documents import Cell, Notebook, escape_markdown, find_tags, write_json
from toolkit.publishing.generated import FIRST, FOLDER, fill_template, find_first, move_evidence
from toolkit.publishing.inputs import Provenance
from toolkit.publishing.parameters import find_parameters, write_literal, write_parameters
from toolkit.publishing.plan import Page
from toolkit.showing.display import MIME, PIXELS, Shown
from toolkit.tables import read_data

LARGE, _METADATA, _EXPORTER, *_PATTERNS = read_data("lists", "publishing")["pages"].values()
_TITLE, _STYLE, _CODED, _NAME, _LINK = map(re.compile, _PATTERNS)


# One corpus or codebook a page was made from: kind, name, version, sha256.
Source = Mapping[str, str]


def finish_page(
    run: Notebook, page: Page, *, source: Notebook, sources: Sequence[Source], provenance: Provenance, scrub: Callable[[str], str]
) -> dict[str, str | bytes]:
    """Make a page, its evidence and its downloads from a raw run.

    Args:
        run: The notebook as papermill left it.
        page: What the plan says of the page.
        source: The notebook as it is in git; it becomes the download with this page's parameters in it.
        sources: Corpora and codebooks, for the run record.
        provenance: Code, lock and Python, for the run record.
        scrub: Takes this machine's paths out of a text.

    Returns:
        File contents by path in `book/pages`.
    """
    where = f"notebooks/{page.notebook}.ipynb"
    values = {one.name: page.parameters.get(one.name, one.default) for one in find_parameters(source, where)}
    failure = run["metadata"].get("framebook", {"cell": len(run["cells"])})
    files: dict[str, str | bytes] = {f"data/{page.slug}/{page.slug}-source.ipynb": write_json(write_parameters(source, values, where))}
    cells: list[Cell] = []
    taken: Counter[str] = Counter()
    told = {name: one for name, one in find_shown(run).items() if name.startswith("finding-")}
    # The first finding, but one by coded sentences before what only counts words; it stands under the title, and not again in its section
    first = max(told, key=lambda name: bool(_CODED.search(name)) and "% interval" in find_first(told[name], {}, ""), default="")
    for number, cell in enumerate(run["cells"]):
        if {"parameters", "injected-parameters"} & set(find_tags(cell)):
            continue  # the run record gives them
        if cell["cell_type"] == "code":
            shown = [*_take_shown(cell, taken)]
            figure = 1 + sum("mystnb" in earlier["metadata"] for earlier in cells)
            cells.append(_finish_code(cell, shown, f"{page.slug}-", figure, scrub, first))
            cells += [_write_layer(one) for one in shown if one.png and one.html]
            for one in shown:
                placed = [_place_data(page.slug, *named) for named in one.files.items()]
                links = ", ".join(link for (path, _), link in placed if path not in files)
                files |= dict(item for item, _ in placed)
                cells += [_write_prose(f"Data: {links}")] if links else []
            if number > failure["cell"] and cell["source"].strip():
                cells.append(_write_prose("*This step was not run.*"))
        else:
            cells.append(_write_prose(cell["source"]))
        if number == failure["cell"]:
            cells.append(_write_prose(_write_traceback(failure, scrub)))
    files |= move_evidence(cells, page.slug, page.title)
    _write_title(cells, page, scrub(failure.get("reason", "")), find_first(told.get(first), files, "../evidence/"))
    cells.append(_write_prose(_write_record(page, values, sources, provenance)))
    numbered = [{**cell, "id": f"{page.slug}-{number}"[-64:]} for number, cell in enumerate(cells, start=1)]
    files[f"{page.slug}.ipynb"] = write_json({"cells": numbered, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})
    return files


def write_page(run: Notebook, title: str, command: str) -> str:
    """Write a run as one web page that needs no other file: figures, described and with captions, and its command; no code, no script."""
    from nbconvert.exporters import HTMLExporter
    from nbformat import from_dict

    exporter = HTMLExporter(**_EXPORTER)  # type: ignore[no-untyped-call]
    cells: list[Cell] = []
    for cell in run["cells"]:
        cells += [cell, *(_write_prose(escape_markdown(one.caption)) for one in find_shown({"cells": [cell]}).values() if one.png)]
    cells.append(_write_prose(f"Made with Framebook {toolkit.__version__}: {escape_markdown(command)}"))
    page = from_dict({**run, "cells": [{**cell, "id": str(at)} for at, cell in enumerate(cells)]})  # type: ignore[no-untyped-call]
    html = _LINK.sub(r"\1", str(exporter.from_notebook_node(page, resources={"metadata": {"name": title}})[0]))
    alts = {b64encode(one.png).decode(): clean_text(one.alt) for one in find_shown(run).values() if one.png}
    # nbconvert writes "No description has been provided for this image"
    return re.sub(r'(?<=<img alt=")[^"]*("[^>]*;base64,([^"]*)")', lambda found: alts.get(found[2], "A picture") + found[1], html)


def write_command(notebook: Path | str, parameters: Mapping[str, object], out: str) -> str:
    """Write the command that runs a notebook with some parameters.

    Example:
        >>> print(write_command("notebooks/framing.ipynb", {"frames": ["conflict"], "start": "2017-02-06"}, "mine.ipynb"))
        framebook run notebooks/framing.ipynb -p 'frames=["conflict"]' -p start=2017-02-06 --out mine.ipynb
    """
    given = [f"{name}={value if isinstance(value, str) else write_literal(value)}" for name, value in parameters.items()]
    return shlex.join(["framebook", "run", str(notebook), *(word for pair in given for word in ("-p", pair)), "--out", out])


def find_shown(run: Notebook) -> dict[str, Shown]:
    """Find what the outputs of a run hand to the book, by name.

    Example:
        >>> output = {"output_type": "display_data", "data": {"text/plain": "Two.", MIME: {"name": "finding"}}}
        >>> find_shown({"cells": [{"cell_type": "code", "outputs": [output]}]})["finding"].text
        'Two.'
    """
    taken: Counter[str] = Counter()
    return {shown.name: shown for cell in run["cells"] if cell["cell_type"] == "code" for shown in _take_shown(cell, taken)}


def write_scrubber(root: Path) -> Callable[[str], str]:
    """Make the function that takes this machine out of a text: paths, kernel files, addresses of objects.

    Source: publishing notes, section 1: a plain warning prints such a path into a page.

    Example:
        >>> write_scrubber(Path("/home/me/project"))("<f at 0x7f11> in /home/me/project/notebooks/x.py, /tmp/ipykernel_9/1.py")
        '<f> in ./notebooks/x.py, notebook'
    """
    folders = {root.resolve(): ".", Path(toolkit.__file__).resolve().parent.parent: ".", Path(sys.prefix): "python"}
    folders |= {Path(sys.base_prefix) / "lib": "python/lib", Path.home(): "~"}
    known = {str(folder): word for folder, word in folders.items() if len(folder.parts) > 1}
    longest = map(re.escape, sorted(known, key=len, reverse=True))
    paths = re.compile(rf"(?<![\w.:/-])(?:{'|'.join(longest)})(?![\w-])")
    kernels = re.compile(r"/tmp/ipykernel_\d+/\d+\.py|/tmp/framebook-\w+(/\w+)*")
    return lambda text: re.sub(" at 0x[0-9a-f]+", "", paths.sub(lambda found: known[found[0]], kernels.sub("notebook", text)))


def _place_data(slug: str, name: str, text: str) -> tuple[tuple[str, str | bytes], str]:
    """Where a data file of a page stands, its content, and a link; a large one is packed, and one that pages share appears once."""
    if name.startswith("evidence-") or len(text) > LARGE:
        packed = gzip.compress(text.encode("utf8", "replace"), mtime=0)
        name = f"{name}.gz" if name.startswith("evidence-") else f"{slug}-{name}.gz"
        return (f"{FOLDER}/{name}", packed), f'<a href="../evidence/{name}">{name}</a>'
    return (f"data/{slug}/{name}", text), f"[{name}](data/{slug}/{name})"


def _take_shown(cell: Cell, taken: Counter[str]) -> Iterator[Shown]:
    """What a code cell hands to the book, each under a name that no other of its page has; its files likewise."""
    for data in [output["data"] for output in cell["outputs"] if MIME in output.get("data", {})]:
        entry = data[MIME]
        taken[entry["name"]] += 1
        end = f"-{taken[entry['name']]}" if taken[entry["name"]] > 1 else ""
        safe = {Path(_NAME.sub("-", str(name).lower()).lstrip(".")): str(text) for name, text in entry.get("files", {}).items()}
        files = {f"{path.stem}{end}{path.suffix}": text for path, text in safe.items()}
        text, html = "".join(data.get("text/plain", "")), "".join(data.get("text/html", entry.get("layer", "")))
        png = b64decode("".join(data.get("image/png", "")))
        yield Shown(entry["name"] + end, text, html, png, entry.get("alt", ""), entry.get("caption", ""), files)


def _finish_code(cell: Cell, shown: Sequence[Shown], prefix: str, figure: int, scrub: Callable[[str], str], first: str) -> Cell:
    """A code cell for the book: code folded away beside figures and data, else left out, but shown if tagged so; its figure described.

    The finding called `first` loses its first sentence.
    """
    is_step = not shown or any(piece.png for piece in shown)
    tag = "hide-input" if is_step and not cell["source"].startswith("from ") else "remove-input"
    metadata: dict[str, Any] = {"tags": ["show-input" if "show-input" in find_tags(cell) else tag]}
    for piece in shown:
        if piece.png:  # one figure a cell, as the house rule has it: MyST describes them by cell
            named = {"name": prefix + piece.name, "caption": f"**Figure {figure}.** {escape_markdown(piece.caption)}"}
            metadata["mystnb"] = {"image": {"alt": piece.alt, "width": f"{PIXELS}px"}, "figure": named}
    outputs = [_clean_output(output, scrub) for output in cell["outputs"] if output["output_type"] != "error"]
    told = [cleaned for cleaned, raw in zip(outputs, cell["outputs"], strict=False) if MIME in raw.get("data", {})]  # an error comes last
    for output in (output for output, one in zip(told, shown, strict=True) if one.name == first):
        output["data"]["text/html"] = FIRST.sub("", output["data"]["text/html"], count=1)
    count = cell.get("execution_count")
    return {"cell_type": "code", "execution_count": count, "metadata": metadata, "outputs": outputs, "source": cell["source"]}


def _clean_output(output: Mapping[str, Any], scrub: Callable[[str], str]) -> dict[str, Any]:
    """An output without our own entry, the repeated style sheet and this machine's paths."""
    cleaned = dict(output)
    if "text" in output:
        cleaned["text"] = scrub("".join(output["text"]))
    if "data" in output:
        data = {kind: value for kind, value in output["data"].items() if kind != MIME}
        texts = {kind: value for kind, value in data.items() if isinstance(value, list | str) and not kind.startswith("image/")}
        cleaned["data"] = data | {kind: _STYLE.sub("", scrub("".join(text))) for kind, text in texts.items()}
    return cleaned


def _write_layer(figure: Shown) -> Cell:
    """The links of a figure's points: an output of its own, as the one before has the figure's name."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": f'<div class="fb-layer">{figure.html}</div>'}}]
    source = "# points of the figure above"  # without a source, MyST-NB leaves a cell out
    return {"cell_type": "code", "execution_count": None, "metadata": {"tags": ["remove-input"]}, "outputs": outputs, "source": source}


def _write_prose(text: str) -> Cell:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _write_title(cells: list[Cell], page: Page, failure: str, finding: str) -> None:
    """Put the plan's title in place of the notebook's, and a failure and the first finding right under it."""
    title = fill_template("title", page=page, failure=failure, finding=finding).rstrip("\n")
    if not any(cell["cell_type"] == "markdown" and _TITLE.search(cell["source"]) for cell in cells):
        cells.insert(0, _write_prose("# Title"))
    first = next(cell for cell in cells if cell["cell_type"] == "markdown" and _TITLE.search(cell["source"]))
    first["source"] = _TITLE.sub(lambda _: title, first["source"], count=1)


def _write_traceback(failure: Mapping[str, Any], scrub: Callable[[str], str]) -> str:
    """What Python said, folded away; on one line, since an empty one would end the HTML block."""
    said = clean_text(scrub(failure["traceback"] or failure["reason"])).replace("\n", "&#10;")
    return f'<details class="fb-traceback"><summary>This step failed: what Python said</summary><pre tabindex="0">{said}</pre></details>'


def _write_record(page: Page, values: Mapping[str, object], sources: Sequence[Source], provenance: Provenance) -> str:
    """The last section of a page: what it was made from, and how to make it again."""
    command = write_command(f"notebooks/{page.notebook}.ipynb", page.parameters, f"{page.slug}.ipynb")
    fence = "`" * (max([2, *(len(run) for run in re.findall("`+", command))]) + 1)
    return fill_template("record", page=page, values=values, sources=sources, provenance=provenance, fence=fence, command=command)
