"""Labels in files: ours, and those of other programs; nothing is lost, and nothing runs."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.coding.toy import BOOK, make_corpus, make_labels, make_sample
from tests.counting.world import make_entry, make_world
from tests.showing.toy import make_news
from toolkit import read_labels
from toolkit.coding import Labels, write_labels
from toolkit.coding.files import add_lines, list_questions, read_lines
from toolkit.errors import CodebookError, TableError, ToolkitError
from toolkit.parsing.corpus import is_searched
from toolkit.tables import make_table

NEWS = make_corpus(6)
SPANS = NEWS.searched
SAID = [["art000", 0, "yes"], ["art000", 1, "no"]]


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf8")
    return path


def list_said(labels: Labels, *columns: str) -> list[list[object]]:
    return labels.rows[["article_id", "sentence", *columns, "label"]].values.tolist()


def read_quietly(*args: object, **options: object) -> Labels:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_labels(*args, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["labels.csv", "labels.xlsx"])
@pytest.mark.parametrize("texts", [True, False])
def test_a_table_is_read_back_as_it_was(name: str, texts: bool, tmp_path: Path) -> None:
    labels = make_labels({"ann": "ynu-yn", "bob": "yyu--n"}, notes={"ann": 'see, "there"\n=1+1'})
    write_labels(labels, tmp_path / name, texts=texts)
    again = read_quietly(tmp_path / name, labels.corpus, BOOK)
    pd.testing.assert_frame_equal(again.sample, labels.sample)
    key = ["article_id", "sentence", "entry", "coder"]
    pd.testing.assert_frame_equal(*(one.rows.sort_values(key, ignore_index=True) for one in (again, labels)))
    assert again.entries == labels.entries


@pytest.mark.parametrize("name", ["labels.csv", "labels.xlsx"])
def test_equal_labels_give_equal_bytes(name: str, tmp_path: Path) -> None:
    labels = make_labels({"bob": "ynu", "ann": "y-n"})
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_labels(labels, tmp_path / folder / name)
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_workbook_does_not_say_when_it_was_written(tmp_path: Path) -> None:
    when = "2017-03-01T10:00:00Z"
    write_labels(make_labels({"ann": "y"}, notes={"ann": when}), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.properties.created.year == book.properties.modified.year == 2000
    assert when in [cell.value for row in book.active.iter_rows() for cell in row], "but what is in the cells stays"


def test_who_fills_in_a_blank_table_is_called_as_the_file(tmp_path: Path) -> None:
    labels = make_sample(3, ("war", "peace"))
    write_labels(labels, tmp_path / "cleo.csv")
    blank = pd.read_csv(tmp_path / "cleo.csv", keep_default_na=False, dtype=str)
    assert (blank["label"] == "").all() and len(blank) == 6
    assert read_quietly(tmp_path / "cleo.csv", labels.corpus, BOOK).entries == ("war", "peace")
    filled = blank.assign(label=["Yes", "", "NO ", "1", "", "?"], probability=blank["probability"].str.replace(".", ","))
    filled.to_csv(tmp_path / "cleo.csv", index=False, sep=";")
    back = read_quietly(tmp_path / "cleo.csv", labels.corpus, BOOK)
    assert back.coders == ("cleo",)
    assert back.rows["label"].tolist() == ["yes", "no", "yes", "unsure"]
    pd.testing.assert_frame_equal(back.sample, labels.sample)


HOSTILE = ["=1+1", "+A1", "-2+3", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", "<script>alert(1)</script>", "\x07bell", "a\u202eb"]


@pytest.mark.parametrize("name", ["labels.csv", "labels.xlsx"])
def test_no_cell_is_a_formula(name: str, tmp_path: Path) -> None:
    articles, spans = make_world({f"art{at:03}": [("body", text)] for at, text in enumerate(HOSTILE)})
    corpus = make_news(articles=articles, spans=spans, kept=is_searched(spans))
    labels = make_labels({"=ann": "y" * len(HOSTILE)}, notes={"=ann": "@x"})
    labels = replace(labels, corpus=corpus, sample=make_sample(len(HOSTILE), corpus=corpus).sample)
    rows = labels.rows.assign(article_id=list(articles["article_id"]), sentence=0)
    write_labels(replace(labels, rows=rows), tmp_path / name)
    if name.endswith(".xlsx"):
        cells = [cell for row in openpyxl.load_workbook(tmp_path / name).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value} == {"s"}
        values = [str(cell.value) for cell in cells if cell.value]
    else:
        values = pd.read_csv(tmp_path / name, keep_default_na=False, dtype=str).to_numpy().ravel().tolist()
    assert [value for value in values if value.strip()[:1] in ("=", "+", "-", "@")] == []
    assert read_quietly(tmp_path / name, corpus, BOOK).rows[["coder", "note"]].drop_duplicates().values.tolist() == [["=ann", "@x"]]


def test_texts_can_be_left_out(tmp_path: Path) -> None:
    write_labels(make_labels({"ann": "yn"}), tmp_path / "a.csv", texts=False)
    assert "Sentence" not in (tmp_path / "a.csv").read_text().replace("sentence", "")


def test_a_question_has_the_sentences_around_and_not_what_concerns_the_machine() -> None:
    entry = replace(make_entry("war", ["x"]), label="War", meaning="People fight. The words cannot see a crime. Also threats.")
    labels = replace(make_sample(3), codebook=replace(BOOK, entries=(entry,)))
    asked = list_questions(labels)
    assert asked.loc[1, ["question", "meaning"]].tolist() == ["Does the sentence hold this: War?", "People fight. Also threats."]
    assert asked.loc[[0, 1], ["before", "text", "after"]].values.tolist() == [
        ["", "Sentence 0 is told.", "Sentence 1 is told."],
        ["Sentence 0 is told.", "Sentence 1 is told.", ""],
    ]


@given(at=st.integers(0, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_kill_at_any_byte_loses_the_last_line_alone(at: int, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.unlink(missing_ok=True)
    rows = [{"article_id": "art000", "sentence": n, "note": "é\u2028" * 5} for n in range(4)]
    add_lines(path, rows)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - at])
    kept = path.read_bytes().count(b"\n")
    add_lines(path, [{"label": "yes"}])
    read = list(read_lines(path))
    assert read[:kept] == rows[:kept]
    assert read[-1] == {"label": "yes"}
    assert all("damage" in row or row == rows[kept] for row in read[kept:-1])


def test_keystrokes_are_read_and_the_last_counts(tmp_path: Path) -> None:
    labels = make_sample(3)
    stroke = {"article_id": "art000", "sentence": 0, "start": 0, "entry": "war", "coder": "ann", "note": ""}
    sample = json.loads(labels.sample.to_json(orient="records", double_precision=15))
    path = write(
        tmp_path / "x.jsonl",
        *sample,
        {**stroke, "label": "no"},
        {**stroke, "label": "yes", "note": "hm"},
        {**stroke, "coder": "bob", "label": "no"},
    )
    path.write_text(path.read_text() + '{"article_id": "art0', "utf8")
    with pytest.warns(UserWarning, match=r"^read_labels: rows left out, 1: line 7 is cut off or damaged\.$"):
        again = read_labels(path, labels.corpus, BOOK)
    assert again.rows[["coder", "label", "note"]].values.tolist() == [["ann", "yes", "hm"], ["bob", "no", ""]]
    pd.testing.assert_frame_equal(again.sample, labels.sample)


def test_the_files_of_two_coders_are_put_together(tmp_path: Path) -> None:
    for coder, said in (("ann", "yyn"), ("bob", "ynn")):
        write_labels(make_labels({coder: said}), tmp_path / f"{coder}.csv")
    both = read_quietly([tmp_path / "ann.csv", str(tmp_path / "bob.csv")], make_corpus(3), BOOK)
    assert both.coders == ("ann", "bob") and len(both.sample) == 3 and len(both.rows) == 6
    assert both.sample["probability"].notna().all()


def test_doccano_says_what_was_chosen(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "Sentence 0  is\ttold.", "label": ["war"], "Comments": []},
        {"id": 2, "text": "Sentence 1 is told.", "label": []},
        {"id": 3, "text": "Sentence 2 is told.", "label": [[0, 8, "peace"]], "meta": {}},
    ]
    labels = read_quietly(write(tmp_path / "admin.jsonl", *rows), NEWS, BOOK)
    assert labels.sample["probability"].isna().all()
    assert list_said(labels, "entry", "coder") == [
        ["art000", 0, "war", "admin", "yes"],
        ["art000", 0, "peace", "admin", "no"],
        ["art000", 1, "war", "admin", "no"],
        ["art000", 1, "peace", "admin", "no"],
        ["art001", 0, "war", "admin", "no"],
        ["art001", 0, "peace", "admin", "yes"],
    ]


def test_label_studio_has_several_annotators(tmp_path: Path) -> None:
    def annotate(who: int, *chosen: str, cancelled: bool = False) -> dict[str, object]:
        result = [{"type": "choices", "from_name": "frame", "to_name": "text", "value": {"choices": list(chosen)}}]
        return {"completed_by": who, "result": result if chosen else [], "was_cancelled": cancelled}

    tasks = [
        {"id": 1, "data": {"text": "Sentence 0 is told."}, "annotations": [annotate(1, "War"), annotate(2)]},
        {
            "id": 2,
            "data": {"text": "x", "article_id": "art000", "sentence": 1},
            "annotations": [annotate(1), annotate(2, "War", cancelled=True)],
        },
    ]
    (tmp_path / "export.json").write_text(json.dumps(tasks), "utf8")
    labels = read_quietly(tmp_path / "export.json", NEWS, BOOK, columns={"war": "War"})
    assert list_said(labels, "coder") == [["art000", 0, "1", "yes"], ["art000", 0, "2", "no"], ["art000", 1, "1", "no"]]


def test_prodigy_accepts_rejects_and_ignores(tmp_path: Path) -> None:
    rows = [
        {"text": f"Sentence {at} is told.", "label": "WAR", "answer": answer, "_annotator_id": "set-ann", "_input_hash": 1}
        for at, answer in enumerate(("accept", "reject", "ignore"))
    ]
    labels = read_quietly(write(tmp_path / "x.jsonl", *rows), NEWS, BOOK, columns={"war": "WAR"})
    assert labels.rows[["entry", "coder", "label"]].values.tolist() == [["war", "set-ann", one] for one in ("yes", "no", "unsure")]


def test_prodigy_choices(tmp_path: Path) -> None:
    options = [{"id": "war", "text": "War"}, {"id": "peace", "text": "Peace"}]
    rows = [
        {"text": "Sentence 0 is told.", "options": options, "accept": ["peace"], "answer": "accept", "_session_id": "p-bob"},
        {"text": "Sentence 1 is told.", "options": options, "accept": [], "answer": "reject"},
    ]
    labels = read_quietly(write(tmp_path / "x.jsonl", *rows), NEWS, BOOK, entries=["war", "peace"])
    assert list_said(labels, "entry") == [["art000", 0, "war", "no"], ["art000", 0, "peace", "yes"]]


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ([["Satz", "Code"], ["Sentence 0 is told.", "ja"], ["Sentence 1 is told.", "nein"]], {"columns": {"text": "Satz", "war": "Code"}}),
        ([["sentence_text", "label"], ["Sentence 0 is told.", "1"], ["Sentence 1 is told.", "0"]], {"entries": "war"}),
        ([["article_id", "sentence", "war"], ["art000", "0", "x"], ["art000", "1.0", "No"]], {"entries": ["war"]}),
        ([["text", "category", "code"], ["Sentence 0 is told.", "war", "true"], ["Sentence 1 is told.", "war", "false"]], {}),
    ],
)
def test_anybodys_table(rows: list[list[str]], options: dict[str, object], tmp_path: Path) -> None:
    pd.DataFrame(rows[1:], columns=rows[0]).to_excel(tmp_path / "a.xlsx", index=False)
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(tmp_path / "a.csv", index=False, sep="\t")
    for name in ("a.csv", "a.xlsx"):
        assert list_said(read_quietly(tmp_path / name, NEWS, BOOK, **options)) == SAID


def test_one_category_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\nSentence 0 is told.,war\nSentence 1 is told.,peace\n")
    labels = read_quietly(tmp_path / "a.csv", NEWS, BOOK)
    assert [row for row in list_said(labels, "entry") if row[-1] == "yes"] == [["art000", 0, "war", "yes"], ["art000", 1, "peace", "yes"]]
    assert len(labels.rows) == 4


def test_a_row_whose_number_and_text_are_of_two_sentences_is_told_and_left_out(tmp_path: Path) -> None:
    rows = [
        {"article_id": "art000", "sentence": number, "text": f"Sentence {told} is told.", "label": ["war"]}
        for number, told in ((0, 0), (1, 0))
    ]
    with pytest.warns(UserWarning, match=r"^read_labels: rows left out, 1: number and text are those of two sentences\.$"):
        labels = read_labels(write(tmp_path / "a.jsonl", *rows), NEWS, BOOK, entries="war")
    assert list_said(labels) == [["art000", 0, "yes"]]


def test_rows_without_a_sentence_are_told_and_left_out(tmp_path: Path) -> None:
    articles, spans = make_world({"a": [("body", "Twice."), ("body", "Once."), ("boilerplate", "Subscribe.")], "b": [("body", "Twice.")]})
    news = make_news(articles=articles, spans=spans, kept=is_searched(spans))
    texts = ("Twice.", "Once.", "Subscribe.", "Never.")
    path = write(
        tmp_path / "a.jsonl",
        *({"text": text, "label": ["war"]} for text in texts),
        {"article_id": "a", "sentence": 0, "start": 3, "label": ["war"]},
    )
    told = (
        r"^read_labels: rows left out, 1: several sentences have this text: add article_id and sentence; "
        r"3: no sentence has this text or number\.$"
    )
    with pytest.warns(UserWarning, match=told):
        assert list_said(read_labels(path, news, BOOK)) == [["a", 1, "yes"]]


def test_a_file_without_any_sentence_of_the_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError) as fault:
        read_labels(write(tmp_path / "a.jsonl", {"text": "Never.", "label": ["war"]}), NEWS, BOOK)
    assert str(fault.value) == "read_labels: no row belongs to a sentence that is searched in toy. 1: no sentence has this text or number."


def test_an_empty_path_gives_labels_without_a_sentence() -> None:
    labels = read_quietly("", NEWS, BOOK, entries="war")
    assert (len(labels.sample), len(labels.rows), labels.entries) == (0, 0, ("war",))
    pd.testing.assert_frame_equal(labels.rows, make_table("Labels"))
    pd.testing.assert_frame_equal(labels.sample, make_table("Sample"))
    assert read_quietly("", NEWS, BOOK).entries == ("war", "peace"), "as in a book: all at the top"
    with pytest.raises(ToolkitError, match="There is no row"):
        read_labels([], NEWS, BOOK)


def test_a_label_that_is_none_and_a_category_that_is_no_entry_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="column 'label' holds 'perhaps'; allowed: yes, no, unsure"):
        read_labels(write(tmp_path / "a.jsonl", {"text": "Sentence 0 is told.", "entry": "war", "label": "perhaps"}), NEWS, BOOK)
    with pytest.raises(CodebookError, match="there is no entry 'wra'"):
        read_labels(write(tmp_path / "b.jsonl", {"text": "Sentence 0 is told.", "label": ["wra"]}), NEWS, BOOK)


def test_an_answer_to_no_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="entries="):
        read_labels(write(tmp_path / "a.jsonl", {"text": "Sentence 0 is told.", "label": "yes"}), NEWS, BOOK)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK no workbook"), ("b.jsonl", None), ("c.json", b'[{"data": 3}]')])
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ToolkitError) as fault:
        read_labels(tmp_path / name, NEWS, BOOK)
    assert str(fault.value).startswith(f"{tmp_path / name}: cannot be read: ")
    assert str(fault.value).endswith(". Allowed: JSON Lines, JSON, CSV, XLSX.")


@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".jsonl", ".json", ".xlsx"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_it(content: bytes, suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a{suffix}").write_bytes(content)
    with pytest.raises(ToolkitError):
        read_labels(tmp_path / f"a{suffix}", NEWS, BOOK)


def test_what_has_no_label_or_no_probability_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,verdict\nSentence 0 is told.,yes\n", "utf8")
    with pytest.raises(ToolkitError, match=re.escape("no column of labels among text, verdict. Name it: columns={'label': '…'}")):
        read_labels(tmp_path / "a.csv", NEWS, BOOK)
    for chance in ("often", "0", "1.5"):
        (tmp_path / "b.csv").write_text(f"text,entry,label,probability\nSentence 0 is told.,war,yes,{chance}\n", "utf8")
        with pytest.raises(ToolkitError, match=re.escape(f"the probability '{chance}' of a sentence. Allowed: above 0, to 1; or empty.")):
            read_labels(tmp_path / "b.csv", NEWS, BOOK)
