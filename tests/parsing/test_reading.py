"""Files that people have: each kind that was lost without a word, with its right value (tests/cases/reading.yml)."""

import io
import itertools
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from tests.parsing.test_files import read_bytes
from toolkit.codebooks import read_codebook
from toolkit.counting.files import write_counts
from toolkit.errors import CorpusError
from toolkit.parsing import list_parts, read_corpus, read_to_file
from toolkit.parsing.dates import settle_dates
from toolkit.parsing.files import collect_batches
from toolkit.parsing.formats import read_source
from toolkit.parsing.sources import Options, RawArticle, Source, decode
from toolkit.parsing.summaries import Summary, list_doubts, list_failures, list_summary

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "reading.yml").read_text("utf8"))
FIELDS = ["headline", "outlet", "published", "byline"]


def read(name, content, **options):
    """The articles of one file as lists of what is known of each, reasons of refusals, and what a user is told."""
    given, summary = Options(**options), Summary()
    batches = list(collect_batches(read_source(Source(name, io.BytesIO(content), given, summary.notes)), given, summary))
    articles, refused = (pd.concat([batch[table] for batch in batches], ignore_index=True) for table in ("Articles", "Refused"))
    articles["published"] = articles["published"].map(lambda day: None if pd.isna(day) else day.isoformat().removesuffix("T00:00:00"))
    known = articles.astype(object).where(articles.notna(), None)
    said = [[*row[:4], row[4].rpartition("\n\n")[2]] for row in known[[*FIELDS, "text"]].to_numpy().tolist()]
    return said, refused["reason"].tolist(), "\n".join(list_summary(summary))


def fails(why):
    """Mark a known failure, strictly."""
    return pytest.mark.xfail(strict=True, reason=why)


def list_cases(*kinds):
    """Cases by their labels; one with a reason is a known failure, strictly."""
    cases = [case for kind in kinds for case in CASES[kind]]
    return [pytest.param(case, id=case["label"], marks=fails(case["why"]) if "why" in case else ()) for case in cases]


@pytest.mark.parametrize("case", list_cases("tables", "exports"))
def test_file_gives_what_is_in_it(case):
    articles, refused, told = read(case["name"], case["content"].encode(case.get("encoding", "utf8")), columns=case.get("columns"))
    assert articles == case["articles"]
    assert refused == case.get("refused", [])
    assert case.get("told", "") in told


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES["dates"]])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_dates_of_a_file_are_read_together(case, kind):
    rows = [{"title": f"Ferry {n}", "text": "The board met.", "date": written} for n, written in enumerate(case["written"])]
    table = pd.DataFrame(rows).to_csv(index=False) if kind == "csv" else "".join(json.dumps(row) + "\n" for row in rows)
    articles, refused, _ = read(f"a.{kind}", table.encode(), dates=case.get("order", ""))
    assert ([article[2] for article in articles], refused) == (case["read"], [])


BRIEFS = "".join(
    json.dumps({"text": f"{line}\n\nMore news from Russia and Ukraine on our website"} | ({"title": f"Brief {n}"} if n % 2 else {})) + "\n"
    for n, line in enumerate(["The ferry stopped.", "A school got a roof.", "Wolves left.", "Bread costs more.", "We lost.", "It rained."])
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("briefs.jsonl", BRIEFS),
        *((one["name"], one["content"]) for one in CASES["tables"] + CASES["exports"] if one["articles"] and "columns" not in one),
    ],
)
def test_saving_changes_nothing(tmp_path, name, content):
    file, saved = tmp_path / name, tmp_path / "saved.parquet"
    file.write_text(content, "utf8")
    read_to_file([file], saved)
    first, second = read_corpus(file), read_corpus(saved)
    for table in ("articles", "spans", "searched", "refused", "repairs", "origins", "flags", "learned"):
        assert getattr(first, table).equals(getattr(second, table)), table
    counted = [write_counts(list_parts(str(path)), [read_codebook("actors")], tmp_path / path.stem)[1] for path in (file, saved)]
    assert counted[0].equals(counted[1])
    assert name != "briefs.jsonl" or counted[0].sum() == 0  # a line that all articles have is learned, also where no outlet is named


def test_header_of_a_sheet_may_stand_below_titles():
    book = openpyxl.Workbook()
    for row in (
        ["Export from the archive"],
        ["12 May 2017", "2 articles"],
        ["Title", "Text"],
        ["One", "It rained.\n_x000D_Again."],
        ["Two", "Sun."],
    ):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert read("a.xlsx", stream.getvalue())[0] == [
        ["One", None, None, None, "Again."],
        ["Two", None, None, None, "Sun."],
    ]


def test_the_header_of_a_sheet_is_the_row_that_names_most():
    book = openpyxl.Workbook()
    for row in (
        ["Article", None, "About it"],
        ["Title", "Text", "Date"],
        ["One", "It rained.", datetime(2017, 5, 12)],
        ["Total", None, "1"],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    stream = io.BytesIO()
    book.save(stream)
    assert read("a.xlsx", stream.getvalue())[:2] == ([["One", None, "2017-05-12", None, "It rained."]], ["no text"])


@pytest.mark.parametrize("text", ["It rained. " * 2979, "é" * 32767 + "x"], ids=["a cell of Excel", "a TEXT of MySQL"])
def test_a_text_as_long_as_a_cell_can_be_is_a_failure(text):
    told = "a.csv: 1 of 2 texts are as long as a cell of Excel or of a database can be (32,767 or 65,535), and so were cut off."
    assert told not in read("a.csv", f"text\n{text[:9]}\nSun.\n".encode())[2]
    cut = text[:32767] if text[0] == "I" else text
    assert told in read("a.csv", f"text\n{cut}\nSun.\n".encode())[2]


def test_words_are_joined_where_another_article_has_the_whole():
    rows = [{"text": "The Ethi-\nopian minis-\nter met."}, {"text": "A minister left."}]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    articles, _, told = read("a.jsonl", lines)
    assert [article[4] for article in articles] == ["The Ethi-\nopian minister\nmet.", "A minister left."]
    assert "1  words that go on in small letters in the next line" in told and "1  broken words" in told
    assert read("a.jsonl", lines, without=["broken words"])[0][0][4] == rows[0]["text"]


def test_a_soft_hyphen_at_the_end_of_a_line_goes_with_it():
    assert read("a.txt", "The minis\u00ad\r\nter met.".encode())[0][0][4] == "The minister met."


@pytest.mark.parametrize(
    ("names", "pattern", "outlets"),
    [
        (
            ["2017-02-03_bbc_a.txt", "2017-02-04_bbc_b_c.txt", "2017-02-04_cnn_d.txt", "2017-02-05_cnn_e.txt"],
            "{published}_{outlet}_{_}",
            {"bbc", "cnn"},
        ),
        (["bbc 20170203 a.txt", "bbc 20170204 b.txt"], "{outlet} {published} {_}", {"bbc"}),
        (["2017-02-03-a.txt", "2017-02-04-b-c.txt"], "{published}-{_}", None),
        (["in/a_b_2017-02-03.txt", "in/c_2017-02-04.txt"], "{_}_{published}", None),
        (["2017.02.03.txt"], "{published}", None),
    ],
)
def test_names_of_files_that_hold_dates_lead_to_the_pattern_that_reads_them(tmp_path, names, pattern, outlets):
    for number, name in enumerate(names):
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_text(f"Ferry\n\nIt met {number} times.")
    summary = read_to_file([tmp_path / "files"], tmp_path / "a.parquet")
    told = f"{len(names)} articles have no date, and the names of their files do, such as {sorted(names)[0]}. "
    assert list_doubts(summary) == [f"{told}Read again with --name-pattern '{pattern}'."]
    again = read_to_file([tmp_path / "files"], tmp_path / "b.parquet", name_pattern=pattern)
    articles = read_corpus(tmp_path / "b.parquet").articles
    assert list_doubts(again) == [] and articles["published"].notna().all() and set(articles["headline"]) == {"Ferry"}
    assert set(articles["outlet"].dropna()) == (outlets or set())


@pytest.mark.parametrize("name", ["flight20170203x.txt", "12017-02-03.txt", "2017-13-03_a.txt", "notes.txt"])
def test_names_of_files_without_a_date_lead_to_no_pattern(tmp_path, name):
    (tmp_path / name).write_text("It met.")
    assert list_doubts(read_to_file([tmp_path / name], tmp_path / "a.parquet")) == []


def test_a_link_to_nothing_is_refused(tmp_path):
    (tmp_path / "in" / "a.txt").parent.mkdir()
    (tmp_path / "in" / "a.txt").write_text("It met.")
    (tmp_path / "in" / "b.txt").symlink_to(".git/annex/objects/gone")
    (tmp_path / "in" / "~$a.docx").write_bytes(b"Ann Bo")  # Word's, beside a document that is open
    assert read_corpus(tmp_path / "in").refused[["source_path", "reason"]].to_numpy().tolist() == [
        ["b.txt", "cannot be opened: No such file or directory"]
    ]


def test_origins_say_which_dates_were_told_by_others():
    rows = b"text,date\nOne.,03/04/2017\nTwo.,13/04/2017\n"
    assert read_bytes("a.csv", rows)["Origins"]["method"].tolist() == ["day-first, by --dates or by others of the file"]


@pytest.mark.parametrize("line", ["POLL: Clinton leads (45%)", "City: three killed", "Person: unknown"])
def test_a_line_of_the_story_is_no_index_term(line):
    head = "1 of 1 DOCUMENTS\n\nThe Daily\n\nMarch 12, 2013 Tuesday\n\nFerry\n\nLENGTH: 9 words\n\nThe board met.\n\n"
    assert [line, "It ended."] == read_bytes("a.txt", f"{head}{line}\n\nIt ended.\n\nLOAD-DATE: March 13, 2013\n".encode())["Articles"][
        "text"
    ][0].split("\n\n")[-2:]


def test_where_dates_are_lost_the_way_out_is_told_and_it_is_a_failure():
    given, summary = Options(), Summary()
    list(collect_batches(read_source(Source("a.csv", io.BytesIO(b"text,date\nOne.,03/04/2017\n"))), given, summary))
    assert list_failures(summary)
    told = "a.csv: 1 dates of 1 articles cannot be told, such as '03/04/2017' in row 1. Say what comes first (--dates"
    assert told in "\n".join(list_summary(summary))


def test_a_wrong_order_of_dates_is_refused():
    with pytest.raises(CorpusError, match=r"No order of dates 'dayfirst'\. Allowed: day-first, month-first\."):
        read("a.csv", b"text\nOne.", dates="dayfirst")


def test_a_data_frame_gives_the_dates_that_its_file_gives():
    frame = pd.DataFrame({"text": ["One.", "Two."], "date": ["03/04/2017", "13/04/2017"]})
    assert read_corpus(frame).articles["published"].astype(str).tolist() == ["2017-04-03", "2017-04-13"]


@pytest.mark.parametrize(
    ("name", "wrap"), [("a.html", "<html><body><article><p>{0}</p><p>{0}</p></article></body></html>"), ("a.txt", "{0}")]
)
def test_an_encoding_that_is_a_guess_is_told(name, wrap):
    polish = "Rada portu obradowała trzy godziny i wysłuchała rybaków. Nikt nie przeczył, że falochron trzeba odbudować przed zimą."
    assert "\n        1  cp1250, guessed" in read(name, wrap.format(polish).encode("cp1250"))[2]


def write_sheets(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        for row in rows:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    book.worksheets[-1].sheet_state = "hidden" if len(sheets) > 1 else "visible"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_hidden_sheet_is_read_and_told():
    articles, _, told = read("a.xlsx", write_sheets(Now=[["Text"], ["It rained."]], Old=[["Text"], ["It snowed."]]))
    assert [article[4] for article in articles] == ["It rained.", "It snowed."]
    assert "a.xlsx: the sheet 'Old' is hidden, and was read like the others. Delete it if its articles are not wanted." in told


@fails("openpyxl does not say which rows are hidden where it reads a sheet row by row, and to read it whole takes too much memory")
def test_hidden_rows_are_told():
    book = openpyxl.load_workbook(io.BytesIO(write_sheets(Now=[["Text"], ["It rained."], ["It snowed."]])))
    book["Now"].row_dimensions[3].hidden = True
    book.save(stream := io.BytesIO())
    assert "hidden" in read("a.xlsx", stream.getvalue())[2]


@pytest.mark.parametrize(
    ("days", "is_told"),
    [
        (["13/05/2017", datetime(2017, 12, 5)], True),  # 12/05/2017, to an Excel of the United States
        (["13/05/2017", datetime(2017, 5, 14)], False),
        (["2017-05-13", datetime(2017, 5, 12)], False),
        ([datetime(2017, 5, 1), datetime(2017, 5, 2)], False),
    ],
)
def test_dates_that_excel_read_in_part_are_told(days, is_told):
    rows = [["Text", "Date"], *(["It rained " + "again " * n, day] for n, day in enumerate(days))]
    told = "a.xlsx: of a column of dates in the sheet 'A', some are dates to Excel, none later than the 12th, and others are text, such as"
    assert (told in read("a.xlsx", write_sheets(A=rows))[2]) is is_told


def test_parquet_of_hive_has_bytes_and_objects_in_objects():
    table = pa.table({"title": pa.array([b"Caf\xc3\xa9"]), "fields": [{"bodyText": "It met.", "byline": "Ann Bo"}]})
    pq.write_table(table, stream := io.BytesIO())
    assert read("a.parquet", stream.getvalue())[0] == [["Café", None, None, "Ann Bo", "It met."]]


@pytest.mark.parametrize("option", [{"name_pattern": "{outlet}_{_}"}, {"header_row": 2}, {"delimiter": ";"}, {"columns": {"text": "body"}}])
def test_an_option_that_had_no_use_is_a_failure(option):
    name, content = ("a.csv", b"text\nIt rained.\n") if "name_pattern" in option else ("a.txt", b"It rained.")
    summary = Summary()
    list(collect_batches(read_source(Source(name, io.BytesIO(content), Options(), summary.notes)), Options(**option), summary))
    (told,) = list_failures(summary)
    assert f"--{next(iter(option)).replace('_', '-').rstrip('s')}" in told


FRENCH = "Le conseil a siégé lundi et a entendu les pêcheurs. Personne ne conteste que la jetée doive être reconstruite avant l'hiver."
POLISH = "Rada portu obradowała trzy godziny i wysłuchała rybaków. Nikt nie przeczył, że falochron trzeba odbudować przed zimą."
RUSSIAN = "Совет порта заседал в понедельник три часа и выслушал рыбаков. Никто не спорил, что волнолом надо восстановить."
CZECH = "Rada přístavu zasedala tři hodiny a vyslechla rybáře. Nikdo nezpochybnil, že vlnolam je třeba před zimou znovu postavit."
CROATIAN = "Vijeće luke zasjedalo je tri sata i saslušalo ribare. Ništa više neće biti isto, kažu građani i ribari iz čamaca na moru."
TURKISH = (
    "Liman kurulu üç saat toplandı ve balıkçıları dinledi. Dalgakıranın kıştan önce yeniden yapılması gerektiğine kimse karşı çıkmadı."
)
UKRAINIAN = "Рада порту засідала в понеділок три години й вислухала рибалок. Ніхто не заперечував, що хвилелом треба відбудувати."
JAPANESE = "港湾委員会は月曜日に三時間会合し、漁師から話を聞いた。冬までに防波堤を再建しなければならないことに誰も異論はない。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((FRENCH, encoding) for encoding in ("cp1252", "mac-roman", "cp850")),
        ("The board met at the Café and heard “fishermen”.", "mac-roman"),
        ("The board met near the façade of the Élysée.", "cp1252"),
        *((POLISH, encoding) for encoding in ("cp1250", "iso8859-2", "cp852")),
        ("Żółć i źdźbło, gęślą jaźń, łódź, żółw, źrebię, pięć pięćset ćwierć świętość.", "cp1250"),
        *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8-r", "iso8859-5", "cp866")),
        (UKRAINIAN, "koi8-u"),
        (POLISH, "mac-latin2"),
        (JAPANESE, "iso2022_jp"),
        pytest.param(RUSSIAN, "mac-cyrillic", marks=fails("its capitals are other letters of windows-1251, and all else is the same")),
        pytest.param("港务委员会周一开会三小时，听取了渔民的意见。", "hz", marks=fails("HZ is ASCII; nobody writes it now")),
        pytest.param("Der Bürgermeister hörte zu.", "utf-7", marks=fails("UTF-7 is ASCII; nobody writes it now")),
    ],
)
def test_a_text_of_an_old_machine_is_read_as_it_was_written(text, encoding):
    assert read("a.csv", f'title,text\nA,"{text}"\n'.encode(encoding))[0][0][4] == text


@pytest.mark.parametrize(
    ("declared", "text", "encoding"),
    [("iso-8859-1", RUSSIAN, "cp1251"), ("iso-8859-1", POLISH, "iso8859-2"), ("iso-2022-jp", JAPANESE, "iso2022_jp"),
     ("x-sjis", JAPANESE, "shift_jis"), ("iso-8859-1", FRENCH, "cp1252"), ("utf-8", FRENCH, "cp1252"),
     ("windows-1251", RUSSIAN, "koi8-r"), ("koi8-r", RUSSIAN, "cp1251"), ("iso-8859-1", CZECH, "cp1250"), ("iso-8859-1", TURKISH, "cp1254"),
     ("windows-1250", CROATIAN, "iso8859-2"), ("iso-8859-2", CROATIAN, "cp1250"), ("koi8-r", UKRAINIAN, "koi8-u"),
     ("iso-8859-15", f"{FRENCH} Elle coûtait 3 €…", "cp1252")],
)  # fmt: skip
def test_an_encoding_that_gives_no_words_or_others_than_a_likelier_one_is_not_believed(declared, text, encoding):
    assert decode(text.encode(encoding), declared=declared) == text


@pytest.mark.parametrize("declared", ["cp1252", "windows-1252", "iso-8859-1"])
def test_an_encoding_that_is_right_is_believed_in_a_language_that_is_seldom_seen(declared):
    albanian = "Këshilli i portit u mblodh tri orë dhe dëgjoi peshkatarët. Askush nuk mohoi se vallja duhet të rindërtohet përpara dimrit."
    assert decode(albanian.encode("cp1252"), declared=declared) == albanian


def test_characters_that_are_lost_are_a_failure():
    told = "a.csv: 1 of 1 texts hold characters that could not be read (\ufffd). Name the encoding: --encoding NAME."
    assert told in read("a.csv", "text\nRada portu wysłuchała rybaków.\n".encode(), encoding="ascii")[2]
    assert "a.csv: 1 of 3 texts hold" in read("a.csv", "text\nCafé\nSun.\nIce.\n".encode("cp1252"), encoding="utf-8")[2]


@pytest.mark.parametrize(
    ("name", "content", "options", "found"),
    [
        ("a.csv", "title~text\nOne~It rained.\n", {"delimiter": "~"}, [["One", "It rained."]]),
        ("a.csv", 'title,text\nOne,"No boats\nTwo,"None\n', {"quoting": "none"}, [["One", '"No boats'], ["Two", '"None']]),
        ("a.tsv", 'title\ttext\n"a"b\t"c\nd"\n', {"quoting": "minimal"}, [["ab", "c\nd"]]),
        ("a.csv", "text,title\nx,y\ntitle,text\nOne,It rained.\n", {"header_row": 3}, [["One", "It rained."]]),
        ("a.csv", "what,words\nx,y\n", {"header_row": 9, "columns": {"text": "words"}}, []),
    ],
)
def test_how_a_table_is_written_can_be_said(name, content, options, found):
    assert [[article[0], article[4]] for article in read(name, content.encode(), **options)[0]] == found


@pytest.mark.parametrize(
    ("options", "said"),
    [({"delimiter": ";;"}, "No delimiter ';;'. Name one sign"), ({"quoting": "all"}, "No quoting 'all'. Allowed: minimal, none.")],
)
def test_a_wrong_way_to_write_tables_is_refused(options, said):
    with pytest.raises(CorpusError) as fault:
        read("a.csv", b"text\nOne.", **options)
    assert str(fault.value).startswith(said)


def test_dates_with_dots_are_handed_on_as_they_come():
    source = Source("a.csv", io.BytesIO())
    given = (RawArticle(n, {"published": "03.04.2017"}) for n in itertools.count())
    assert next(settle_dates(given, source)).row == 0  # it did not wait for others
