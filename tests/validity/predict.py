"""Write predictions for the scorers: texts in, JSON Lines out, offsets into each text as it is.

python tests/validity/predict.py attribution --texts FOLDER --out PRED.jsonl
python tests/validity/predict.py actors --texts FOLDER --codebook LIST.jsonl|bundled [--roll-up] --out PRED.jsonl
python tests/validity/predict.py framing --task babe|frames|gvfc --texts TEXTS.jsonl [--codebook FILE]
    [--labels LABELS.jsonl [--learner vectors]] --out PRED.jsonl
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolkit import count_mentions, find_attributions, find_mentions, learn_codebook, read_codebook
from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.coding import Labels
from toolkit.counting import Mentions, score_sentences
from toolkit.parsing import Corpus
from toolkit.parsing.corpora import complete_tables
from toolkit.parsing.corpus import is_searched
from toolkit.parsing.words import count_words
from toolkit.tables import TABLES, make_table

_TENTH = 0.1  # of an article's sentences: from there on a frame is taken to be present
_THAT = re.compile(r"\bthat\s+[“\"'‘]?\Z", re.IGNORECASE)  # PolNeAR counts it as content; ours begins behind it


def read_texts(folder: Path, *, headlines: bool) -> Corpus:
    """A corpus of files as they are: nothing is repaired, so offsets stay. The id is the file's name, a headline its first line or none.

    Everything else is as in any corpus: lines that many of its articles share are learned to be boilerplate.
    """
    texts = {path.stem: path.read_bytes().decode("utf8") for path in sorted(folder.glob("*.txt"))}
    return make_corpus(folder.name, texts, headlines=headlines)


def make_corpus(name: str, texts: Mapping[str, str], *, headlines: bool = False, is_sentence: bool = False) -> Corpus:
    """A corpus of texts as they are; where each is one sentence, it is not split."""
    heads = [text.partition("\n")[0] for text in texts.values()]
    n_words = list(map(count_words, texts.values()))
    given: dict[str, object] = dict.fromkeys(("outlet", "published", "headline", "byline", "dateline", "url", "source_row"))
    given |= {"article_id": list(texts), "story": list(texts), "text": list(texts.values())}
    given |= {"source_path": [f"{name}.txt" for name in texts], "n_words": n_words}
    if headlines:
        given["headline"] = [head if head.strip() and len(head) < 200 else None for head in heads]
    articles = make_table("Articles", {column.name: given[column.name] for column in TABLES["Articles"].columns})
    read = {"Articles": articles, **{name: make_table(name) for name in ("Refused", "Repairs", "Origins")}}
    if is_sentence:
        ends = [len(text) for text in texts.values()]
        spans = {"article_id": list(texts), "sentence": 0, "paragraph": 0, "part": "body", "step": "", "start": 0, "end": ends}
        read["Sentences"] = make_table("Sentences", spans | {"quoted": False, "n_words": n_words})
        read |= {name: make_table(name) for name in ("Flags", "Learned")}
    tables = {name.lower(): table for name, table in (read if is_sentence else complete_tables(read)).items()}
    spans = tables.pop("sentences")
    return Corpus(name, name, "", "", spans=spans, kept=is_searched(spans), **tables)


def predict_attributions(corpus: Corpus) -> Iterator[dict[str, object]]:
    """Every attribution that is inside no other: PolNeAR annotates only the outermost, and several sources of one statement as one."""
    found = find_attributions(find_mentions(corpus, "actors")).rows
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    by_number = {(row["article_id"], row["attribution"]): row for row in rows}
    joint: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        same = (
            (row["article_id"], row["cue_start"], row["content_start"], row["content_end"]) if row["cue_start"] is not None else (id(row),)
        )
        first = joint.setdefault(same, row)
        if (
            first is not row
            and first["sentence"] == row["sentence"]
            and row["source_start"] is not None
            and first["source_end"] is not None
        ):
            first["source_end"] = max(first["source_end"], row["source_end"])
    for row in joint.values():
        via = by_number.get((row["article_id"], row["via_attribution"]))
        if via is not None and row["cue_start"] is not None and via["content_start"] <= row["cue_start"] < via["content_end"]:
            continue
        edges = [row[name] for name in ("content_start", "gap_start", "gap_end", "content_end") if row[name] is not None]
        before = _THAT.search(corpus.texts[str(row["article_id"])], max(0, edges[0] - 8), edges[0])
        edges[0] = before.start() if before else edges[0]
        spans = {"start": row["source_start"], "end": row["source_end"], "cue_start": row["cue_start"], "cue_end": row["cue_end"]}
        yield {"doc": row["article_id"], **spans, "content": list(zip(edges[::2], edges[1::2], strict=True))}


def read_closed_list(path: Path) -> Codebook:
    """An actors codebook of the persons or bodies of a list: full name, and for a person the surname that no other person has."""
    rows = [json.loads(line) for line in path.read_text("utf8").splitlines() if line.strip()]
    entries = []
    for row in rows:
        words = row["name"].split()
        is_person = row["kind"] == "person" and len(words) > 1
        patterns = [Pattern(row["name"], "name", True, 0)]
        if is_person:
            patterns.append(Pattern(words[-1], "surname", True, 0))
            if len(words) > 2:
                patterns.append(Pattern(f"{words[0]} {words[-1]}", "alias", True, 0))
        entries.append(Entry(row["actor"], row["name"], "", "person" if is_person else "organisation", tuple(patterns), (), {}, (), "", 0))
    return Codebook("list", "actors", "1", "", "", "dictionary", tuple(entries), "", path.name)


def predict_actors(corpus: Corpus, codebook: str, *, roll_up: bool) -> Iterator[dict[str, object]]:
    """Every mention of an actor: a capital only where it is decided to be the actor, and no office.

    With `roll_up`, the state's name in the name of its ministry or parliament is the state's mention: gold of countries has it so.
    """
    book = read_codebook("actors") if codebook == "bundled" else read_closed_list(Path(codebook))
    for row in find_mentions(corpus, book, uses="all").counted.to_dict("records"):
        actor, start, surface = row["entry"].partition("/")[0], row["start"], row["surface"]
        state = book.entry(row["entry"]).within if roll_up else ""
        inside = [pattern.text for pattern in book.entry(state).patterns if pattern.text in surface] if state else []
        if inside:
            actor, part = state, max(inside, key=len)
            start, surface = start + surface.index(part), part
        if row["via"] != "metonym" or row["use"] == "actor":
            yield {"doc": row["article_id"], "start": start, "end": start + len(surface), "actor": actor}


FRAMES = {"CO": "conflict", "EC": "economic-consequences", "HI": "human-interest", "MO": "morality", "RE": "responsibility"}
ENTRIES = {"babe": {"label": "loaded-words"}, "frames": FRAMES, "gvfc": {str(number): str(number) for number in range(1, 10)}}
"""What the scorer calls a class, and the entry of the bundled codebook that stands for it; for gvfc, the entry of this place."""


def predict_framing(texts: Mapping[str, str], task: str, codebook: Codebook) -> Iterator[dict[str, object]]:
    """Loaded words of each sentence (babe), or of each frame the share of sentences that hold it, in an article or headline."""
    corpus, names = make_corpus(task, texts, is_sentence=task != "frames"), name_entries(task, codebook)
    mentions = find_mentions(corpus, codebook, list(names.values()))
    if task == "babe":
        words = list_words(mentions)
        yield from ({"doc": doc, "label": doc in words, "score": len(words.get(doc, ())), "words": words.get(doc, [])} for doc in texts)
        return
    counts = count_mentions(mentions)
    sentences, hits = counts["n_sentences_with"] / counts["n_sentences"], counts["n_mentions"]
    scores = sentences / (sentences + _TENTH) if task == "frames" else hits / (hits + 1)  # one half: a tenth of the sentences; one hit
    shares = scores.groupby([counts["article_id"], counts["entry"]]).first()
    for doc in texts:
        yield {"doc": doc, "frames": {name: float(shares.get((doc, entry), 0.0)) for name, entry in names.items()}}


def list_words(mentions: Mentions) -> dict[str, list[tuple[int, int]]]:
    """The places of what counts, by article."""
    words: dict[str, list[tuple[int, int]]] = {}
    for row in mentions.measured.to_dict("records"):
        words.setdefault(row["article_id"], []).append((row["start"], row["end"]))
    return words


def name_entries(task: str, codebook: Codebook) -> dict[str, str]:
    """The entry that stands for each class: of the same id, else the one in the same place."""
    top = [entry.id for entry in codebook.top()]
    return {name: id if id in top else top[place] for place, (name, id) in enumerate(ENTRIES[task].items())}


def make_labels(texts: Mapping[str, str], coded: Mapping[str, Mapping[str, object]], task: str, codebook: Codebook) -> Labels:
    """Coded texts as labels, each text one sentence of its own article."""
    corpus = make_corpus(task, {doc: texts[doc] for doc in sorted(coded)}, is_sentence=True)
    names, spans = name_entries(task, codebook), corpus.spans
    told = {"article_id": spans["article_id"].array, "sentence": 0, "start": 0, "end": spans["end"].array, "stratum": "all"}
    rows = [
        (doc, 0, entry, "gold", "yes" if (row.get("frames") or row).get(name) else "no", "")  # type: ignore[attr-defined]
        for doc, row in coded.items()
        for name, entry in names.items()
    ]
    sample = make_table("Sample", told | {"probability": None})
    listed = dict(zip(make_table("Labels").columns, zip(*rows, strict=True), strict=True))
    return Labels(sample, make_table("Labels", listed), corpus, codebook, tuple(names.values()))


def predict_learned(
    texts: Mapping[str, str], coded: Mapping[str, Mapping[str, object]], task: str, codebook: Codebook, learner: str
) -> Iterator[dict[str, object]]:
    """What a codebook says that was learned from coded texts; a class that was not learned is in no text."""
    labels = make_labels(texts, coded, task, codebook)
    learned = learn_codebook(labels, by=learner)
    mentions = find_mentions(make_corpus(task, texts, is_sentence=True), learned.codebook)
    scores = score_sentences(mentions).set_index(["article_id", "entry"])["probability"]
    words, thresholds = list_words(mentions), {entry.id: entry.threshold for entry in learned.codebook.entries}
    ids = {name: entry for name, entry in name_entries(task, codebook).items() if entry in thresholds}
    for doc in texts:
        said = {name: float(scores[doc, id]) for name, id in ids.items()}
        if task == "babe":
            found = [] if learner == "vectors" else words.get(doc, [])
            yield {"doc": doc, "label": said["label"] >= thresholds[ids["label"]], "score": said["label"], "words": found}
        else:  # the scorer takes one half for the threshold of all frames
            yield {"doc": doc, "frames": {name: p ** (math.log(0.5) / math.log(thresholds[ids[name]])) for name, p in said.items()}}


def read_codings(path: Path) -> dict[str, dict[str, object]]:
    """Coded texts, JSON Lines, by doc."""
    return {row["doc"]: row for row in map(json.loads, path.read_text("utf8").splitlines())}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("attribution", help="who says what, for eval/attribution.py")
    actors = tasks.add_parser("actors", help="who is in it, for eval/actors.py")
    actors.add_argument("--codebook", required=True, help="a JSON Lines file of a closed list, or: bundled")
    actors.add_argument("--roll-up", action="store_true", help="the state's name in a ministry's as the state, as gold of countries has it")
    framing = tasks.add_parser("framing", help="how it is told, for eval/framing.py")
    framing.add_argument("--task", dest="gold", choices=("babe", "frames", "gvfc"), required=True)
    framing.add_argument("--codebook", default="", help="the file of a codebook with the entries of the task, or the bundled one")
    framing.add_argument("--labels", type=Path, help="JSON Lines: doc, label or frames; learn from these texts first")
    framing.add_argument("--learner", choices=("words", "vectors"), default="words")
    for name, task in tasks.choices.items():
        task.add_argument(
            "--texts", type=Path, required=True, help="JSON Lines: doc, text" if name == "framing" else "a folder of .txt files"
        )
        task.add_argument("--out", type=Path, required=True, help="the JSON Lines file to write")
    given = parser.parse_args()
    if given.task == "actors":
        rows = predict_actors(read_texts(given.texts, headlines=True), given.codebook, roll_up=given.roll_up)
    elif given.task == "framing":
        texts = {doc: str(row["text"]) for doc, row in read_codings(given.texts).items()}
        names = given.codebook or {"babe": "language", "frames": "frames", "gvfc": "gun-violence"}[given.gold]
        book = read_codebook(names)
        if given.labels:
            rows = predict_learned(texts, read_codings(given.labels), given.gold, book, given.learner)
        else:
            rows = predict_framing(texts, given.gold, book)
    else:
        rows = predict_attributions(read_texts(given.texts, headlines=False))
    given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf8")


if __name__ == "__main__":
    main()
