"""The command line, as a user types it."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

from toolkit.__main__ import cli
from toolkit.tables import read_data


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(cli), ids=" ".join)
def test_every_command_and_option_is_explained(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*path, "--help"])
    assert done.exit_code == 0 and "\\b" not in done.output
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_data_on_commands_is_of_commands_that_there_are() -> None:
    assert set(read_data("commands", ".")) <= {" ".join(path) for path in commands(cli)}


def test_a_folder_of_texts_is_read_and_counted(framebook, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("Talks fail\n\nUkraine and Russia met in Geneva. They did not agree.\n", "utf8")
    (texts / "b.txt").write_text("", "utf8")
    done = framebook("corpus", "read", str(texts), "--out", str(tmp_path / "mine.parquet"), "--outlet", "The Daily")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 article read, 1 refused")
    done = framebook("count", str(tmp_path / "mine.parquet"), "--codebook", "actors", "--out", str(tmp_path / "counts"))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "counts").iterdir()) == ["counts.csv", "counts.parquet", "mentions.parquet"]
    counts = pd.read_parquet(tmp_path / "counts" / "counts.parquet").set_index("entry")["n_mentions"]
    assert (counts["UKR"], counts["RUS"], counts["FRA"]) == (1, 1, 0)


def test_sources_are_written_with_who_says_what(framebook, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Talks fail\n\n“It rains in Kyiv,” said Emmanuel Macron. Officials said it was late.\n", "utf8")
    done = framebook("sources", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"1 article, 2 attributions: {tmp_path / 'out'}\n")
    found = pd.read_parquet(tmp_path / "out" / "attributions.parquet")
    assert found["source"].tolist() == ["Emmanuel Macron", "Officials"]
    assert pd.read_csv(tmp_path / "out" / "attributions.csv")["source"].tolist() == found["source"].tolist()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["attributions.csv", "attributions.parquet"]


@pytest.mark.slow
def test_steps_of_cleaning_can_be_switched_off_by_name(framebook, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('Talks fail\n\nThey don"t know of France.\n\nRead more: Rain in France\n', "utf8")
    counts, given = [], ["--without", "apostrophes"]
    for number, without in enumerate(([], ["--without", "known boilerplate"])):
        out = tmp_path / f"{number}.parquet"
        assert framebook("corpus", "read", str(tmp_path / "a.txt"), "--out", str(out), *(given if without else [])).returncode == 0
        text = pd.read_parquet(out)["text"].item()
        assert ('don"t' in text) == bool(without)
        told = ["--codebook", "actors", "--stories", "once per story", "--out", str(tmp_path / str(number)), *without]
        assert framebook("count", str(out), *told).returncode == 0
        counts.append(int(pd.read_parquet(tmp_path / str(number) / "counts.parquet").set_index("entry")["n_mentions"]["FRA"]))
    assert counts == [1, 2]
    done = framebook("count", "ukraine-korea", "--codebook", "actors", "--out", str(tmp_path / "no"), "--without", "datelin")
    assert done.returncode == 2 and "there is no step of cleaning 'datelin'" in done.stderr and "dateline" in done.stderr


def test_a_sample_shows_articles_and_writes_nothing(framebook, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title|body|date\nRain|It rains.|2017-02-07\nSun|It shines.|2017-02-08\n", "utf8")
    done = framebook("corpus", "read", str(tmp_path / "a.csv"), "--sample", "1")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "Rain\n  outlet none, published 2017-02-07, byline none, n_words 3\n  It rains.\n\n1 article read, 0 refused: sample"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    done = framebook("corpus", "read", str(tmp_path / "a.csv"))
    assert done.returncode == 2 and "Say where to write: --out corpus.parquet; or look first: --sample 5" in done.stderr


def test_an_encoding_can_be_said_wherever_files_are_read(framebook, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Le café.\n\nMinisters from Łódź met in Poland.".encode("iso8859-2"))
    text = str(tmp_path / "a.txt")
    counted = framebook("count", text, "--codebook", "actors", "--encoding", "iso8859-2", "--out", str(tmp_path / "counts"))
    assert counted.returncode == 0 and "1 article, 1 mention" in counted.stdout
    assert framebook("codebook", "diff", "actors", "actors", "--corpus", text, "--encoding", "iso8859-2").stdout == "No rate moves.\n"
    wrong = framebook("count", text, "--codebook", "actors", "--encoding", "iso", "--out", str(tmp_path / "counts"))
    assert wrong.returncode == 2 and "No encoding 'iso'. Name one that Python knows" in wrong.stderr


def test_strict_writes_nothing_where_a_careful_person_would_stop(framebook, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,body,date\nRain,It rains.,03/04/2017\n", "utf8")
    out = tmp_path / "mine.parquet"
    done = framebook("corpus", "read", str(tmp_path / "a.csv"), "--out", str(out), "--strict")
    assert (done.returncode, out.exists()) == (2, False)
    assert (
        "strict: nothing was kept of what was read.\n  a.csv: 1 dates of 1 articles cannot be told, such as '03/04/2017' in row 1."
        in done.stderr
    )
    assert framebook("corpus", "read", str(tmp_path / "a.csv"), "--out", str(out), "--strict", "--dates", "day-first").returncode == 0
    assert framebook("corpus", "read", str(tmp_path / "a.csv"), "--out", str(out)).returncode == 1


def test_reading_tells_what_was_found_guessed_and_refused(framebook, tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "a.csv").write_text("Title,Body,Date\nRain,It rains.,2017-02-07\nSun,,\n", "utf8")
    (inputs / "b.pdf").write_bytes(b"%PDF-1.7")
    done = framebook("corpus", "read", str(inputs), "--out", str(tmp_path / "mine.parquet"))
    assert done.returncode == 1  # a PDF was not read
    assert (
        done.stdout.partition("\n")[2]
        == """
    found      read   refused
        2         1         1  CSV, TSV
        1         0         1  unknown

columns, as taken (--column OURS=THEIRS takes another)
        2  headline=Title, text=Body, published=Date

refused, by reason
        1  a PDF keeps no reading order: save it as text, DOCX or HTML, or take the archive's export in another format
        1  no text

Look before you count: a.csv: 1 of 2 rows have no text. Export full texts, or name the column: --column text=NAME.
"""
    )
    (inputs / "a.csv").unlink()
    done = framebook("corpus", "read", str(inputs), "--out", str(tmp_path / "none.parquet"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"framebook: {inputs}: not one article in it.\n  1 refused: a PDF keeps no reading order")
    assert not (tmp_path / "none.parquet").exists()


def test_an_unknown_corpus_is_wrong_use_and_says_what_there_is(framebook) -> None:
    done = framebook("corpus", "fetch", "news-2018")
    assert done.returncode == 2
    assert done.stderr == "framebook: No corpus 'news-2018'. Allowed: news-2017, ukraine-korea. Did you mean 'news-2017'?\n"


def test_a_codebook_with_faults_exits_with_two_and_names_the_lines(framebook, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("codebook: mine\nkind: frames\nversion: 1\nlicence: CC0-1.0\nsource: Mine.\nentries:\n  aid: {label: Aid}\n", "utf8")
    done = framebook("codebook", "check", str(file))
    assert done.returncode == 2
    assert f"{file}:7, entry 'aid'" in done.stderr


def test_a_value_without_a_name_is_refused(framebook, tmp_path: Path) -> None:
    done = framebook("run", "notebooks/actors.ipynb", "-p", "seed", "--out", str(tmp_path / "x.ipynb"))
    assert done.returncode == 2
    assert done.stderr == "framebook: -p 'seed': no '=' with a name before it. Write -p name=value.\n"


def test_a_codebook_with_warnings_alone_can_be_used_and_they_are_said(framebook, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("codebook: mine\nkind: frames\nversion: 1\nlicence: CC0-1.0\nentries:\n  aid: {label: Aid, patterns: [aid]}\n", "utf8")
    done = framebook("codebook", "check", str(file))
    assert done.returncode == 0
    assert done.stdout == "1 codebook, no error, 2 warnings\n"
    assert done.stderr.splitlines()[0] == f"{file}:1: warning: 'source' is missing. Others need it to use the codebook. Add it."


def test_the_encoding_of_a_codebook_can_be_said(framebook, tmp_path: Path) -> None:
    file = tmp_path / "mine.dic"
    file.write_bytes("%\n1\tПомощь\n%\nхлеб*\t1\n".encode("iso8859-5"))
    done = framebook("codebook", "check", "--encoding", "iso8859-5", str(file))
    assert (done.returncode, done.stdout) == (0, "1 codebook, no error, 1 warnings\n")
    done = framebook("codebook", "convert", "--encoding", "iso8859-5", str(file), str(tmp_path / "mine.yml"))
    assert done.returncode == 0 and "Помощь:" in (tmp_path / "mine.yml").read_text("utf8")
    wrong = framebook("codebook", "check", "--encoding", "ascii", str(file))
    assert wrong.returncode == 2 and "not text in the encoding 'ascii'" in wrong.stderr


def test_a_codebook_is_converted_and_what_is_lost_is_said(framebook, tmp_path: Path) -> None:
    source, target = tmp_path / "mine.dic", tmp_path / "mine.yml"
    source.write_text("%\n1\taid\n%\naid\t1\n:)\t1\n", "utf8")
    done = framebook("codebook", "convert", str(source), str(target))
    assert (done.returncode, done.stdout) == (0, f"{target}: 1 entry, 1 pattern\n")
    assert done.stderr.startswith("mine.dic:5: warning: left out: pattern ':)' has no letter or digit.")
    assert framebook("codebook", "convert", str(source), str(target), "--strict").returncode == 1
    assert framebook("codebook", "convert", str(target), str(tmp_path / "again.dic"), "--strict").returncode == 0
    assert framebook("codebook", "convert", str(source), str(target), "--to", "docx").returncode == 2


def test_a_second_codebook_moves_rates_beyond_the_tolerance(framebook, tmp_path: Path) -> None:
    book = "codebook: mine\nkind: frames\nversion: 1\nlicence: CC0-1.0\nsource: Mine.\nentries:\n  war: {label: War, patterns: [WORDS]}\n"
    for name, patterns in (("old", "war*"), ("new", "war*, arms")):
        (tmp_path / f"{name}.yml").write_text(book.replace("WORDS", patterns), "utf8")
    (tmp_path / "a.txt").write_text("Talks fail\n\nThe war goes on. Arms were sent.\n", "utf8")
    given = [str(tmp_path / name) for name in ("old.yml", "new.yml")]
    words = ["--corpus", str(tmp_path / "a.txt"), "--out", str(tmp_path / "moves")]
    done = framebook("codebook", "diff", *given, *words)
    assert done.returncode == 1 and done.stdout.startswith("1 rate moved, those that move most:\n  war, unknown: 111 to 222 per"), done
    assert pd.read_csv(tmp_path / "moves" / "changes.csv")[["n_before", "n_after"]].to_numpy().tolist() == [[1, 2]]
    assert framebook("codebook", "diff", *given, *words, "--tolerance", "1").returncode == 0
    assert framebook("codebook", "diff", given[0], given[0], *words).stdout == "No rate moves.\n"
