"""Ask a coder in JupyterLab, by keyboard, and save each answer at once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from toolkit.coding.agreement import find_disputed
from toolkit.coding.files import PLACE, Row, add_lines, list_questions, read_lines
from toolkit.coding.records import SETTLED, Labels
from toolkit.errors import ToolkitError
from toolkit.markup import read_widget, write_slug
from toolkit.tables import check_record, make_table


def code_sentences(labels: Labels, coder: str = "a", *, file: str | Path = "") -> "Coding":
    """Ask a coder about each sentence and entry: does the sentence contain what the entry means?

    All entries of a sentence are asked one after the other, because reading a sentence in context takes longer than answering. One answer
    may influence the next; if that matters, sample and code one entry at a time. The coder does not see what the machine found. Keys: y
    yes, n no, u unsure, b or left arrow back, right arrow forward, m note.

    Args:
        labels: The sample. Answers that this coder has already given in it count.
        coder: Name of the coder, as it will appear in the labels. `settled`: ask only about sentences on which coders differ or are unsure,
            and show their answers.
        file: Where each keystroke is saved. Default: a file in the current folder, named by corpus, codebook and coder, such as
            labels-news-2017-language-a.jsonl. If the file exists, coding continues at the first unanswered question. It starts with the
            sample and has a line with the time for each keystroke; `read_labels` reads it.

    Returns:
        The widget, which displays itself; its `labels` are the current Labels.

    Raises:
        ToolkitError: When the argument is not Labels, the coder has no name, or the file was begun with another sample.

    Source: one question at a time, with its context: our choice. Coders blind to each other and to the machine: Krippendorff 2019, ch. 7.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from toolkit import find_mentions, read_corpus, sample_sentences
        >>> drawn = sample_sentences(find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words"), n=6)
        >>> with TemporaryDirectory() as folder:
        ...     code_sentences(drawn, "anna", file=Path(folder) / "mine.jsonl").labels
        Labels: 6 sentences of ukraine-korea for 1 entry of language: Loaded words (nothing coded yet)
    """
    check_record(labels, Labels, "code_sentences")
    if not coder.strip():
        raise ToolkitError(f"code_sentences: coder={coder!r} is no name. Allowed: any name, such as 'anna'. Say who codes.")
    path = Path(file or f"{write_slug('labels', labels.corpus.name, labels.codebook.id, coder)}.jsonl")
    lines = list(read_lines(path)) if path.exists() else []
    drawn = labels.sample.astype(object).where(labels.sample.notna(), None).to_dict("records")
    held = [row for row in lines if "stratum" in row]
    if not all(row in drawn for row in held):
        raise ToolkitError(f"{path}: was begun with another sample. Give the labels that it was begun with, or another file=….")
    add_lines(path, [row for row in drawn if row not in held])
    asked = list_questions(labels)
    if coder == SETTLED:
        asked = asked.merge(find_disputed(labels)[[*PLACE, "said"]], on=PLACE)
    said = {tuple(row[name] for name in PLACE): row for row in [*labels.rows.to_dict("records"), *lines] if row.get("coder") == coder}
    blank = {"coder": coder, "label": "", "note": ""}
    questions = [row | blank | said.get(tuple(row[name] for name in PLACE), {}) for row in asked.to_dict("records")]
    return Coding(labels, path, questions, "; ".join(row["damage"] for row in lines if "damage" in row))


class Coding(anywidget.AnyWidget):
    """The widget. The script data/coding.js shows its `questions`; an answer counts once it is saved here and sent back.

    `labels` are the Labels given with this coder's answers as they now are.
    """

    _esm, _css = read_widget("coding", "coding")
    questions: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    file, told = traitlets.Unicode().tag(sync=True), traitlets.Unicode().tag(sync=True)

    def __init__(self, labels: Labels, path: Path, questions: list[Row], told: str) -> None:
        """Take the questions, each with the answer that it has."""
        super().__init__(questions=questions, file=path.name, told=told)
        self._given, self._path = labels, path
        self.on_msg(self._save)

    @property
    def labels(self) -> Labels:
        """The labels given, and this coder's as they now are."""
        own, rows = [row for row in self.questions if row["label"]], self._given.rows
        rows = rows[rows["coder"] != self.questions[0]["coder"]] if self.questions else rows
        return replace(self._given, rows=make_table("Labels", {name: [*rows[name], *(row[name] for row in own)] for name in rows}))

    def _save(self, _: object, stroke: Row, __: object) -> None:
        """Save a keystroke, and tell the script that it is saved."""
        row = {name: self.questions[stroke["at"]][name] for name in (*PLACE, "start", "coder")}
        row |= {"label": stroke["label"], "note": stroke["note"], "coded_at": datetime.now(UTC).isoformat(timespec="milliseconds")}
        add_lines(self._path, [row])
        self.questions[stroke["at"]].update(row)  # in place: sent whole only to a page that is loaded again
        self.send({**stroke, **row})
