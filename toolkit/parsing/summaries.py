"""What reading found, counted for its user and laid out in lines."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from toolkit.markup import read_templates, write_count
from toolkit.parsing.flags import find_wall
from toolkit.parsing.formats import FORMATS
from toolkit.parsing.repair import count_broken
from toolkit.parsing.sources import AGAIN, EXPORTS, NO_TEXT, RawArticle
from toolkit.parsing.webpages import is_notice
from toolkit.tables import read_data, read_limits, read_pattern

_MOST_LINES, _LONG, _SHORT, _CELL = read_limits("summaries")
_TITLES, _DOUBTS, _SHARES = (read_data("layouts")[name] for name in ("notes", "doubts", "shares"))
_DOCUMENTS = ("text", "html", "docx", "rtf", *EXPORTS)  # in which several articles are an archive's export
DATED, _MARKED = map(read_pattern, ("dated name", "marked up"))  # a date in the name of a file
_TEASER = re.compile(read_data("layouts")["teaser"], re.I)


@dataclass
class Summary:
    """Inputs by format and fate, reasons of refusals, articles by repair, by kind what was guessed, and by file what was found and lost.

    `files` counts by path: articles read, inputs without a text, words, articles of an export, dates given and lost, texts that are none;
    `examples` has by path the first date that was lost.
    """

    n_inputs: Counter[tuple[str, str]] = field(default_factory=Counter)  # format, "read" or "refused"
    reasons: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    files: defaultdict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    examples: dict[str, str] = field(default_factory=dict)


def add_summary(summary: Summary, part: Summary) -> None:
    """Add what was found in a part.

    Example:
        >>> whole = Summary()
        >>> add_summary(whole, Summary(reasons=Counter([NO_TEXT])))
        >>> whole.reasons
        Counter({'no text': 1})
    """
    for name in ("n_inputs", "reasons", "repairs", "notes"):
        getattr(summary, name).update(getattr(part, name))
    for path, found in part.files.items():
        summary.files[path].update(found)
    summary.examples = {**part.examples, **summary.examples}


def count_article(summary: Summary, path: str, kind: str, raw: RawArticle, article: Mapping[str, Any]) -> None:
    """Count for the user what an article that was read has, and what of it was lost."""
    written, text, is_dated = raw.fields.get("published", "").strip(), article["text"], article["published"] is not None
    facts = {"export": raw.row is not None and kind in _DOCUMENTS, "dated": is_dated, "dates lost": bool(written) and not is_dated}
    if facts["dates lost"]:
        summary.examples.setdefault(path, f"'{written[:40]}'" + (f" in row {raw.row}" if raw.row else ""))
    facts |= {"alone": raw.row is None, "damaged": text.count("\ufffd") * 1000 > len(text), "marked": bool(_MARKED.search(text))}
    facts["outlets"] = article["outlet"] is not None
    summary.notes["broken", "words that go on in small letters in the next line"] += count_broken(text)
    facts["cut"] = bool({len(given := raw.fields["text"]), len(given.encode("utf8", "replace"))} & {*_CELL})
    if article["n_words"] < _SHORT:
        is_whole = raw.origins.get("text", ("", ""))[1] != "guess"  # as far as its page says
        facts |= {"consent": is_notice(text), "paywall": not is_whole or bool(find_wall(text)), "teaser": bool(_TEASER.search(text))}
    summary.files[path].update(facts)
    summary.files[path]["words"] += article["n_words"]


def count_inputs(summary: Summary, fate: str) -> int:
    """Count the inputs that were "read" or "refused".

    Example:
        >>> count_inputs(Summary(n_inputs=Counter({("csv", "read"): 2, ("text", "read"): 1})), "read")
        3
    """
    return sum(n for (_, found), n in summary.n_inputs.items() if found == fate)


def list_doubts(summary: Summary) -> list[str]:
    """Say what a careful person would stop at, a sentence each: the first file where it was found, and in how many others.

    Example:
        >>> list_doubts(Summary(files=defaultdict(Counter, {"a.csv": Counter({"read": 1, NO_TEXT: 3})})))
        ['a.csv: 3 of 4 rows have no text. Export full texts, or name the column: --column text=NAME.']
    """
    doubts: defaultdict[str, list[str]] = defaultdict(list)
    for path, found in summary.files.items():
        n_read, n_rows = found["read"], found["read"] + found[NO_TEXT]
        is_so = {name: found[name] > share * n_read for name, share in _SHARES.items()}
        is_so["no text"] = n_rows > 1 and 2 * found[NO_TEXT] >= n_rows
        is_so["no date"] = bool(found["export"]) and not found["dated"] + found["dates lost"]
        is_so["outlets"] = bool(found["outlets"]) and 5 * (n_read - found["outlets"]) >= n_read
        facts = {"n_read": n_read, "n_rows": n_rows, "n_no_text": found[NO_TEXT], "n_lost": found["dates lost"]}
        for name in filter(is_so.get, is_so):
            doubts[name].append(f"{path}: " + _DOUBTS[name].format(**facts, n=found[name], example=summary.examples.get(path, "")))
    named = [path for path, found in summary.files.items() if found["alone"] > found["dated"] and DATED.search(PurePosixPath(path).stem)]
    if named:
        doubts["names dated"].append(_DOUBTS["names dated"].format(n=len(named), example=named[0], pattern=suggest_pattern(named)))
    noted = [re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", what) for (kind, what), n in summary.notes.items() if kind == "doubt" and n]
    return noted + [said[0] + (f" ({len(said) - 1:,} more files like this.)" if len(said) > 1 else "") for said in doubts.values()]


def suggest_pattern(paths: Sequence[str]) -> str:
    """Suggest a `--name-pattern` for names of files that hold dates; a folder, or the part that is the same in most, names an outlet.

    Example:
        >>> suggest_pattern(["2017-02-03_bbc_rain.txt", "2017-02-04_cnn_snow.txt", "2017-02-05_bbc_ice.txt", "2017-02-06_cnn_hail.txt"])
        '{published}_{outlet}_{_}'
        >>> suggest_pattern(["bbc/2017-02-03_0.txt", "bbc/2017-02-04_1.txt", "cnn/2017-02-03_0.txt", "cnn/2017-02-05_1.txt"])
        '{outlet}/{published}_{_}'
    """
    befores, afters = zip(*(DATED.split(PurePosixPath(path).stem, maxsplit=1) for path in paths), strict=True)
    sign = afters[0][:1] or befores[0][-1:] or "_"
    firsts, seconds = zip(*(after[1:].partition(sign)[::2] for after in afters), strict=True)
    folders = [PurePosixPath(path).parent.name for path in paths]
    has_folders = 1 < len({*folders}) <= len(folders) / 2 and all(name[:1].isalpha() for name in folders)  # a folder an outlet
    names = ["{outlet}" if not has_folders and 2 * len({*some}) <= len(some) else "{_}" for some in (befores, firsts)]
    after = f"{sign}{names[1]}" + f"{sign}{{_}}" * all(seconds) if names[1] == "{_}" or all(seconds) else f"{sign}{{_}}"
    return "{outlet}/" * has_folders + f"{names[0]}{sign}" * bool(befores[0]) + "{published}" + after * bool(afters[0])


def list_failures(summary: Summary) -> list[str]:
    """List the doubts, and why anything could not be read, but for what has no text or was read before.

    Example:
        >>> list_failures(Summary(reasons=Counter({NO_TEXT: 3}))), list_failures(Summary(reasons=Counter({"damaged": 1})))
        ([], ['damaged'])
    """
    return [*list_doubts(summary), *sorted({*summary.reasons} - {NO_TEXT, AGAIN})]


def list_summary(summary: Summary) -> list[str]:
    r"""Lay out a summary: inputs by format and file, what was guessed and how to say otherwise, refusals, repairs, doubts.

    Example:
        >>> summary = Summary(n_inputs=Counter({("csv", "read"): 2, ("csv", "refused"): 1}), reasons=Counter([NO_TEXT]))
        >>> print(*list_summary(summary), sep="\n")
        <BLANKLINE>
            found      read   refused
                3         2         1  CSV, TSV
        <BLANKLINE>
        refused, by reason
                1  no text
    """
    kinds = sorted({kind for kind, _ in summary.n_inputs}, key=[*FORMATS, "dataframe", "archive", "unknown"].index)
    counts: dict[str, Mapping[str, int]] = {"refused": summary.reasons, "repaired": summary.repairs}
    counts |= {kind: {what: n for (of, what), n in summary.notes.items() if of == kind and n} for kind in _TITLES if kind not in counts}
    counts["files"] = {path: found["read"] for path, found in summary.files.items() if found["read"] > 1 and len(summary.files) > 1}
    counts["long"] = {path: found["words"] for path, found in summary.files.items() if found["read"] == 1 and found["words"] > _LONG}
    tables = {title: sorted(counts[name].items(), key=lambda item: (-item[1], item[0])) for name, title in _TITLES.items()}
    told = {"kinds": kinds, "formats": FORMATS, "n_inputs": summary.n_inputs, "tables": tables, "lost": summary.examples}
    template = read_templates("parsing", count=write_count).get_template("summary.txt")
    return str(template.render(told, most=_MOST_LINES, doubts=list_doubts(summary))).rstrip("\n").split("\n")
