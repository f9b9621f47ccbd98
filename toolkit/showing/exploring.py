"""Look around in a corpus, in JupyterLab: rates, trend, and every hit in its context, as filters change; a view becomes a page."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from toolkit.codebooks import list_codebooks, read_codebook
from toolkit.codebooks.nodes import parse_yaml
from toolkit.counting import Attributions, Mentions, find_attributions, find_mentions, keep_voice
from toolkit.counting.sourcing.voices import VOICES
from toolkit.errors import PlanError, ToolkitError
from toolkit.estimating import Estimates, estimate_rates
from toolkit.markup import name_ids, read_templates, read_widget, write_count, write_csv, write_interval, write_number, write_slug
from toolkit.parsing.corpora import limit_corpus
from toolkit.parsing.corpus import Corpus, cut_texts, keep_articles, narrow_corpus
from toolkit.parsing.outputs import move_files, open_aside
from toolkit.showing.reading import show_article
from toolkit.showing.wording import fill_words
from toolkit.tables import check_record

_AROUND, _MOST = 90, 20  # code points of context on either side; hits shown at once
_CHOSEN = ("codebook", "entry", "outlets", "start", "end", "voice")
_WORD = re.compile(r"\w+")
_JSON = partial(json.dumps, ensure_ascii=False)  # which is YAML and Python too

View = Mapping[str, Any]


def explore(corpus: Corpus, codebook: str = "frames", entry: str = "") -> Explorer:
    """Explore a corpus interactively: who is in it, and how is it told?

    Choose an entry of any codebook, outlets, dates, and whose voice counts. The widget shows rates by outlet and by week, with intervals,
    and all hits as keyword in context; a click on a hit opens its article. A view can be copied as code and as a command line, added
    to the plan of the project as a page, and its hits can be saved as CSV.

    Args:
        corpus: The corpus.
        codebook: The codebook to begin with: a bundled one by name, or a path.
        entry: The entry to begin with, by id or label; the first one if not given.

    Returns:
        The widget.

    Raises:
        ToolkitError: When the first argument is not a corpus, or there is no such codebook or entry.

    Source: keyword in context, sorted by the words on either side: Sinclair 1991.

    Example:
        >>> from toolkit import read_corpus
        >>> view = explore(read_corpus("ukraine-korea"), "actors", "Ukraine")
        >>> view.find({})["told"]
        'Ukraine: 12 mentions in 1 article of 1, 33.1 per 1,000 words (95% interval: none)'
    """
    check_record(corpus, Corpus, "explore")
    book = read_codebook(codebook)
    first = book.entry(entry).id if entry else book.top()[0].id
    books = {name: read_codebook(name) for name in dict.fromkeys([codebook, *list_codebooks()])}
    return Explorer(corpus, {"codebook": codebook, "entry": first}, {name: dict(one.labels) for name, one in books.items()})


class Explorer(anywidget.AnyWidget):
    """The widget. The script data/exploring.js sends what is chosen, and is sent what there is to show; `view` is the last choice."""

    _esm, _css = read_widget("showing", "exploring")
    choices: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    view: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(self, corpus: Corpus, first: View, entries: Mapping[str, Mapping[str, str]]) -> None:
        """Take the corpus, and list what there is to choose."""
        self._corpus = corpus
        days, known = corpus.articles["published"].dropna(), corpus.articles["outlet"].dropna().unique()
        outlets = sorted(corpus.outlets.get(one, one) for one in known)
        ends = [f"{days.min():%Y-%m-%d}", f"{days.max():%Y-%m-%d}"] if len(days) else ["", ""]
        kinds = {name: sorted(labels.items(), key=lambda item: item[1]) for name, labels in entries.items()}
        choices = {"entries": kinds, "outlets": outlets, "days": ends, "voices": ["all", *VOICES]}
        view = {"codebook": "", "entry": "", "outlets": [], "start": "", "end": "", "voice": "all", "sort": "date", "page": 0, **first}
        super().__init__(choices=choices, view=view)
        # another page is neither counted nor sorted again, another order not counted
        self._count, self._sort = lru_cache(maxsize=1)(self._estimate), lru_cache(maxsize=1)(_sort_hits)
        self.on_msg(self._answer)

    @cached_property
    def _speech(self) -> Attributions:
        """Who says what in the whole corpus: found when a voice is first asked for."""
        return find_attributions(find_mentions(self._corpus, "actors"))

    def find(self, change: View) -> dict[str, Any]:
        """Find what there is to show of a view: the last one with some changes.

        Args:
            change: What is chosen now: codebook, entry, outlets, start, end, voice, sort, page.

        Returns:
            `told` in a sentence; `outlets` and `weeks`, rates with bounds; `hits`, of the page asked for; the view as code, command, page.

        Raises:
            ToolkitError: When nothing is left; says which choice left nothing.
        """
        view = {**self.view, **change}
        if view["entry"] not in {id for id, _ in self.choices["entries"][view["codebook"]]}:
            view["entry"] = read_codebook(view["codebook"]).top()[0].id
        self.view = view
        told, told_of = self._count(_JSON({name: view[name] for name in _CHOSEN}))
        hits = self._sort(told, view["sort"])
        at = min(max(int(view["page"]), 0), pages := max(0, (len(hits) - 1) // _MOST))
        shown = _show_hits(told, hits.iloc[at * _MOST : (at + 1) * _MOST])
        rows = {"hits": shown.to_dict("records"), "n": len(hits), "page": at, "pages": pages}
        return {**told_of, **rows, **_write_copies(self._corpus, told, view)}

    def read(self, article: str) -> str:
        """The close reading of an article with the chosen codebook and the actors marked, as HTML in which all from outside is escaped."""
        own = narrow_corpus(self._corpus, self._corpus.articles["article_id"] == article, article)
        found = [find_mentions(own, book) for book in dict.fromkeys(["actors", self.view["codebook"]])]
        return show_article(own, *found, article=article).html

    def save(self) -> str:
        """Save all hits of the view as CSV in the current folder; return the file's name. No cell can run as a formula."""
        told, _ = self._count(_JSON({name: self.view[name] for name in _CHOSEN}))
        name = f"{write_slug('hits', self._corpus.name, self.view['codebook'], self.view['entry'])}.csv"
        Path(name).write_text(write_csv(told.table[told.table["left_out"] == ""]), "utf8")
        return name

    def _select(self, view: View) -> Mentions:
        """The mentions of a view."""
        part = limit_corpus(self._corpus, view["outlets"], view["start"], view["end"])
        found = find_mentions(part, view["codebook"], view["entry"], alone=True)
        if view["voice"] == "all":
            return found
        rows, actors = keep_articles(self._speech.rows, part.articles), replace(self._speech.actors, corpus=part)
        return keep_voice(found, replace(self._speech, rows=rows, actors=actors), view["voice"])

    def _estimate(self, chosen: str) -> tuple[Mentions, dict[str, Any]]:
        """The mentions of what is chosen, given as JSON, and their rates: in a sentence, by outlet and by week."""
        told = self._select(json.loads(chosen))
        whole, outlets = estimate_rates(told, by="").table.iloc[0], [*_list_rates(estimate_rates(told, by="outlet"), "outlet")]
        weeks = [*_list_rates(estimate_rates(told, by="week"), "week")] if told.corpus.articles["published"].notna().any() else []
        numbers = {"rate": write_number(whole["estimate"]), "interval": write_interval(whole["low"], whole["high"])}
        counted = {"n": len(told.measured), "n_with": told.measured["article_id"].nunique(), "n_articles": int(whole["n_articles"])}
        label, is_listed = told.codebook.labels[told.entries[0]], told.codebook.kind != "actors"
        said = fill_words("view", label=label, **numbers, **counted, is_listed=is_listed)
        return told, {"told": said, "outlets": outlets, "weeks": weeks}

    def _answer(self, _: object, asked: View, __: object) -> None:
        """Answer the script; what went wrong is said in its words."""
        try:
            done = {"article": lambda: {"html": self.read(asked["article"])}, "add": lambda: {"done": add_page(self.find({})["plan"])}}
            done |= {"save": lambda: {"done": f"Saved: {self.save()}, beside the notebook."}}
            answer = done.get(asked["kind"], lambda: self.find(asked["change"]))()  # type: ignore[no-untyped-call]
        except Exception as fault:  # whatever it is: the script must not wait for ever
            answer = {"fault": str(fault) if isinstance(fault, ToolkitError) else f"{type(fault).__name__}: {fault}"}
        self.send({**answer, "kind": asked["kind"], "turn": asked["turn"], "view": self.view})


def _sort_hits(told: Mentions, sort: str) -> pd.DataFrame:
    """The hits, sorted: by date, word, or the words to the left (from the nearest) or right."""
    hits = told.measured[["article_id", "start", "end", "surface"]].merge(told.corpus.articles[["article_id", "published", "outlet"]])
    words = hits["surface"] if sort == "word" else _cut_side(told, hits, sort) if sort != "date" else []
    step = -1 if sort == "left" else 1
    # signs do not count, and what has no words comes last
    key = [" ".join(_WORD.findall(text.casefold())[::step]) or "\uffff" for text in words] if sort != "date" else hits["published"]
    order = ["key", "published", "article_id", "start"]
    return hits.assign(key=key).sort_values(order, kind="stable", ignore_index=True, na_position="first")


def _cut_side(told: Mentions, hits: pd.DataFrame, side: str) -> list[str]:
    """What is to the left or right of hits."""
    at = hits["start"] - _AROUND if side == "left" else hits["end"]
    return cut_texts(told.corpus.articles, hits.assign(start=at.clip(0), end=at + _AROUND))


def _show_hits(told: Mentions, hits: pd.DataFrame) -> pd.DataFrame:
    """Some hits as the script shows them: with the name of the outlet, the day, and what is on either side."""
    sides = {side: [" ".join(text.split()) for text in _cut_side(told, hits, side)] for side in ("left", "right")}
    days = hits["published"].dt.strftime("%Y-%m-%d").astype("str").fillna("")
    named = name_ids(hits.drop(columns="key").fillna({"outlet": "unknown"}), {"outlet": told.corpus.outlets})
    return named.assign(published=days, **sides)


def _list_rates(rates: Estimates, by: str) -> Iterator[dict[str, Any]]:
    """Rates for the script: name, estimate, bounds (none: null), and how they read."""
    for row in rates.table.astype(object).where(rates.table.notna(), None).to_dict("records"):
        bounds = "" if row["low"] is None else write_interval(row["low"], row["high"])
        mentions = write_count(row["n_mentions"], "mention")
        said = "no words" if row["estimate"] is None else f"{write_number(row['estimate'])} {bounds}, {mentions}"
        numbers = {name: row[name] for name in ("estimate", "low", "high", "note")}
        yield {"name": rates.names.get(by, {}).get(row[by], row[by]), **numbers, "said": said}


def _write_copies(corpus: Corpus, told: Mentions, view: View) -> dict[str, str]:
    """The view as Python for this folder, as a command line for that of the project, and as a page of its plan, from templates in data/."""
    key, notebook = ("actors", "actors") if told.codebook.kind == "actors" else ("frames", "framing")
    limits = {name: view[name] for name in ("outlets", "start", "end") if view[name]}
    values = {"view": view, "source": corpus.source, "codebook": view["codebook"], "limits": limits, "notebook": notebook}
    values |= {"slug": write_slug(told.codebook.id, view["entry"]), "title": told.codebook.labels[view["entry"]]}
    made, project, templates = dict[str, str](), find_project(), read_templates("showing", json=_JSON, python=repr, shell=shlex.quote)
    for name, folder in (("code", Path()), ("command", project), ("plan", project / "notebooks")):
        parameters = {"corpus": move_path(corpus.source, folder), "codebook": move_path(view["codebook"], folder), key: [view["entry"]]}
        parameters |= limits | ({} if key == "actors" else {"voice": view["voice"]})
        made[name] = str(templates.get_template(f"{name}.txt").render(values, parameters=parameters))
    return made


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
