"""The command line `framebook`. Only this module prints and exits.

Exit codes: 0 well; 1 done, but there is something to look at; 2 wrong use or input; 3 the computer or Framebook failed; 130 interrupted.
"""

import sqlite3
import sys
import traceback
from collections.abc import Iterable
from concurrent.futures import BrokenExecutor
from functools import partial
from pathlib import Path
from typing import Any

import click

import toolkit
from toolkit import codebooks, parsing, publishing  # each loads what it has when it is asked for it
from toolkit.errors import RunError, ToolkitError
from toolkit.markup import CHANGE, clean_signs, write_count, write_number
from toolkit.parsing import store
from toolkit.parsing.fetch import find_file
from toolkit.parsing.formats import ARCHIVES, FORMATS
from toolkit.parsing.outputs import write_tables
from toolkit.tables import read_data

# After what ends a command early: files are written whole or not at all.
_LEFT = "What was there before is unchanged, and what was finished is kept: run the same command again."
_ROOM = "Give it room or permission, or write elsewhere."
_OF_CLICK: dict[str, Any] = {"Path": partial(click.Path, path_type=Path), "IntRange": click.IntRange, "Choice": click.Choice}
# The types of what is typed, by the names that data/commands.yml has for them; they are data/types.yml.
_TYPES = {name: _OF_CLICK[kind](**facts) for name, (kind, facts) in read_data("types", ".").items()} | {"input": find_file}


def _open_cluster(context: click.Context, option: click.Parameter, address: str) -> None:
    """Open a client of the Dask scheduler at an address, if one is given: what works in parts uses it from now on."""
    if address and not context.resilient_parsing:
        try:
            from distributed import Client

            Client(address, timeout=10)  # type: ignore[no-untyped-call]  # distributed has few types
        except (ImportError, OSError, ValueError) as fault:
            how = "No Dask scheduler answers there. Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
            how = "Dask is not installed. Install it: pip install framebook[dask]" if isinstance(fault, ImportError) else how
            raise ToolkitError(f"--scheduler {address}: {how}") from fault


def _list_parameters(command: str) -> list[click.Parameter]:
    """Arguments and options of a command, from data/commands.yml."""
    made: list[click.Parameter] = []
    for names, facts in read_data("commands", ".")[command].items():
        kind: dict[str, Any] = {"callback": _open_cluster} if "scheduler" in names else {}
        kind |= {"type": _TYPES[facts["type"]]} if "type" in facts else {}
        made.append((click.Option if names.startswith("-") else click.Argument)(names.split(), **facts | kind))
    return made


def _list_formats() -> str:
    """The formats that can be read, as a help text."""
    names = [f"  {name:<10} {known.name}: {known.looks}; {known.gives}" for name, known in FORMATS.items()]
    return "\n".join(["\b", "Formats, known by their content:", *names, f"  Archives: {ARCHIVES}."])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(toolkit.__version__, prog_name="framebook")
def cli() -> None:
    """How is the news told, and who is in it? Read articles, count against codebooks, publish a book.

    \b
    A first walk:
      framebook corpus fetch news-2017
      framebook count news-2017 --codebook frames --out counts/
      framebook run notebooks/actors.ipynb -p actors='["UKR", "RUS"]' --out mine.ipynb
      framebook new demo --articles my-articles/

    \b
    Exit codes:
      0    well
      1    done, but there is something to look at, which is said
      2    wrong use or input: what is allowed is said
      3    the computer failed (no room on the disk, no permission, no memory), or Framebook itself did
      130  interrupted
    Files are written whole or not at all. After 3 and 130, what was there before is unchanged, and pages and tables that were
    finished are kept: the same command makes the rest.
    """


@cli.group()
def corpus() -> None:
    """Get and read articles."""


@corpus.command("list")
def list_corpora_command() -> None:
    """List the corpora that can be named."""
    _say(f"{name:<16} {title}" for name, title in parsing.list_corpora().items())


@corpus.command("fetch", params=_list_parameters("corpus fetch"))
def fetch_command(name: str) -> None:
    """Fetch the corpus NAME into the cache once; its hash is checked each time it is used.

    The cache is the folder named by FRAMEBOOK_CACHE, else the user's usual cache folder.
    """
    _say([f"{name}: in {parsing.fetch_corpus(name)}"])


@corpus.command("read", params=_list_parameters("corpus read"), epilog=_list_formats())
def read_command(paths: tuple[Path, ...], out: Path | None, sample: int | None, maps: tuple[str, ...], force: bool, **options: Any) -> None:
    """Read the articles in files and folders of any format into one corpus.

    \b
    framebook corpus read articles/ --sample 5
    framebook corpus read articles/ --out corpus.parquet --outlet "The Daily"
    framebook corpus read export.csv --out corpus.parquet --column text=body --column published=date
    framebook corpus read crawl.warc.gz pages.zip --out corpus.parquet

    An input that cannot be read is refused, the reason is recorded, and reading continues. If the command is interrupted, the same
    command continues where it was. In Python,
    `read_corpus("corpus.parquet").refused` lists these inputs; .repairs, .origins, .flags and .learned list what was repaired, guessed,
    flagged as doubtful and learned.

    Exit codes: 0 everything was read, except empty and duplicate articles; 1 the corpus was written, but something could not be read or is
    doubtful (some dates of a file cannot be told or half of its texts are missing, an export has no dates, texts are consent notices or
    were cut off by a paywall); 2 wrong use, no article, or a doubt with --strict;
    3 and 130 as in `framebook --help`.
    """
    from toolkit.parsing import read_to_file
    from toolkit.parsing.corpora import read_sample
    from toolkit.parsing.summaries import count_inputs, list_failures, list_summary

    given = {**options, "columns": dict(_split_pair(pair, "--column") for pair in maps) or None}
    given["delimiter"] = given["delimiter"].replace("\\t", "\t")
    if sample:
        articles, summary = read_sample(paths, sample, **given)
        for article in articles.astype(str).where(articles.notna(), "none").itertuples():
            facts = ", ".join(f"{name} {getattr(article, name)}" for name in ("outlet", "published", "byline", "n_words"))
            _say([f"{article.headline}\n  {facts}\n  {' '.join(article.text.removeprefix(article.headline).split())[:300]}\n"])
    elif out:
        summary = read_to_file(paths, out, force=force, **given)
    else:
        raise click.UsageError("Say where to write: --out corpus.parquet; or look first: --sample 5")
    n_read, n_refused = (count_inputs(summary, fate) for fate in ("read", "refused"))
    _say([f"{write_count(n_read, 'article')} read, {n_refused:,} refused: {out or 'sample'}", *list_summary(summary)])
    sys.exit(1 if list_failures(summary) else 0)


@cli.command("count", params=_list_parameters("count"))
def count_command(corpus: str, names: tuple[str, ...], without: tuple[str, ...], out: Path, force: bool, **limits: Any) -> None:
    """Find and count every entry of the codebooks in CORPUS: a name, or a file or folder in any format, here or under an address (s3://…)."""
    from toolkit.counting.files import write_counts

    books = [toolkit.read_codebook(name) for name in names]
    _say((line for book in books for line in book.losses), err=True)
    n_articles, totals = write_counts(parsing.list_parts(corpus, without=without, **limits), books, out, force=force)
    said = [f"  {n_mentions:>9,}  {book_id}: {entry}" for (book_id, entry), n_mentions in totals.nlargest(10).items()]
    _say([f"{write_count(n_articles, 'article')}, {write_count(int(totals.sum()), 'mention')}: {out}", *said])


@cli.command("sources", params=_list_parameters("sources"))
def sources_command(corpus: str, codebook: str, out: Path, force: bool, encoding: str) -> None:
    """Find who says what in CORPUS: a name, or a file or folder in any format, here or under an address (s3://…)."""
    from toolkit.counting.files import write_attributions

    book = toolkit.read_codebook(codebook)
    n_articles, totals = write_attributions(parsing.list_parts(corpus, encoding=encoding), book, out, force=force)
    said = [f"  {n_attributions:>9,}  {source_type}" for source_type, n_attributions in totals.sort_values(ascending=False).items()]
    _say([f"{write_count(n_articles, 'article')}, {write_count(int(totals.sum()), 'attribution')}: {out}", *said])


@cli.group()
def codebook() -> None:
    """Check, convert and list codebooks."""


@codebook.command("check", params=_list_parameters("codebook check"))
def check_command(files: tuple[str, ...], encoding: str) -> None:
    """Report all faults of codebook FILES (or bundled names), with line numbers. Exits with 2 if there is an error, not only warnings."""
    faults = [fault for file in files for fault in codebooks.check_codebook(file, encoding=encoding)]
    _say(faults, err=True)
    n_warnings = sum(fault.is_warning for fault in faults)
    if n_warnings < len(faults):
        sys.exit(2)
    _say([f"{len(files)} codebook{'s' if len(files) > 1 else ''}, no error{f', {n_warnings:,} warnings' if n_warnings else ''}"])


@codebook.command("convert", params=_list_parameters("codebook convert"))
def convert_command(source: str, target: Path, source_format: str, target_format: str, strict: bool, force: bool, **options: str) -> None:
    """Convert a codebook of another tool to YAML, or a codebook to quanteda or LIWC, and report what is lost.

    \b
    framebook codebook convert mine.dic mine.yml
    framebook codebook convert frames frames.dic

    Formats that can be written: framebook, quanteda, liwc. Formats that can only be read: lexicoder, yoshikoder, wordstat, csv.
    """
    book = codebooks.read_codebook(source, format=source_format, **options)
    lost = [*book.losses, *codebooks.write_codebook(book, target, format=target_format, force=force)]
    _say(lost, err=True)
    _say([f"{target}: {write_count(len(book.entries), 'entry')}, {write_count(sum(len(one.patterns) for one in book.entries), 'pattern')}"])
    sys.exit(1 if strict and lost else 0)


@codebook.command("list")
def list_codebooks_command() -> None:
    """List the bundled codebooks with their entries."""
    for book in map(codebooks.read_codebook, codebooks.list_codebooks()):
        _say([f"{book.id} {book.version} ({book.kind}), {len(book.entries)} entries: {', '.join(entry.id for entry in book.top()[:8])} …"])


@codebook.command("diff", params=_list_parameters("codebook diff"))
def diff_command(first: str, second: str, name: str, tolerance: float, most: int, out: Path | None, encoding: str, **options: bool) -> None:
    """Report which rates change from codebook FIRST to SECOND. Exits with 1 if one changes by more than the tolerance."""
    news = toolkit.read_corpus(name, encoding=encoding)
    books = [toolkit.read_codebook(file) for file in (first, second)]
    sides = [toolkit.find_mentions(news, book, [entry.id for entry in book.entries]) for book in books]
    changes = toolkit.compare_codebooks(*sides).table
    moved = changes[changes["n_before"] != changes["n_after"]]
    sizes = moved["change"].abs().fillna(float("inf")).sort_values(ascending=False, kind="stable")
    _say(["No rate moves." if moved.empty else f"{write_count(len(moved), 'rate')} moved, those that move most:"])
    for row in moved.loc[sizes.index[:most]].to_dict("records"):
        change = write_number(row["change"], CHANGE)
        _say([f"  {row['entry']}, {row['outlet']}: {row['rate_before']:.3g} to {row['rate_after']:.3g} per 1,000 words ({change})"])
    if out is not None:
        write_tables(out, {"changes.csv": changes}, **options)
    sys.exit(int((sizes > tolerance).any()))


@cli.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> None:
    """List the contents of the cache: fetched corpora and computed tables. `framebook cache clear` removes the tables."""
    if context.invoked_subcommand is None:
        listed = store.list_kept()
        for name, own in listed.groupby("name", sort=False):
            versions = f", {len(own):,} tables" if len(own) > 1 else ""
            _say([f"{own['n_bytes'].sum() / 1e6:>9,.1f} MB  {own['used'].max():%Y-%m-%d %H:%M}  {name}{versions}"])
        _say([f"{listed['n_bytes'].sum() / 1e6:>9,.1f} MB  in {store.cache_folder()}"])


@cache.command("clear", params=_list_parameters("cache clear"))
def clear_command(corpora: bool) -> None:
    """Remove the computed tables. They are computed again when needed."""
    _say([f"{store.clear_kept(corpora=corpora) / 1e6:,.1f} MB freed"])


@cli.command("run", params=_list_parameters("run"))
def run_command(notebook: Path, pairs: tuple[str, ...], out: Path, **options: Any) -> None:
    """Run NOTEBOOK with other parameters; names and types are checked before anything runs.

    \b
    framebook run notebooks/actors.ipynb -p outlets='["tass.com"]' -p start=2017-02-01 --out tass.ipynb

    Exits with 1 if a step failed; what was made before it is written.
    """
    parameters = publishing.parse_parameters(notebook, dict(_split_pair(pair, "-p") for pair in pairs))
    _say([f"{out}: {publishing.run_notebook(notebook, parameters, out, **options)}"])


@cli.command("new", params=_list_parameters("new"))
def new_command(folder: Path, update: bool, articles: tuple[Path, ...], **options: str) -> None:
    """Make your own project in FOLDER: corpus, codebook, notebooks, plan. Run make book in it to build the book.

    \b
    framebook new demo --articles my-articles/
    cd demo
    make book

    Exits with 1 if some articles could not be read or are doubtful, as `framebook corpus read` does.
    """
    made = publishing.update_project(folder) if update else publishing.start_project(folder, articles, **options)
    _say([made.summary])
    sys.exit(1 if made.failed else 0)


@cli.group()
def book() -> None:
    """Build, check and clean the book that book/plan.yml describes."""


@book.command("build", params=_list_parameters("book build"))
def build_command(root: Path, jobs: int | None, slugs: tuple[str, ...], force: bool) -> None:
    """Run what changed, build the book into book/_build/html, and verify it.

    A page is not run again if its notebook, parameters, corpus, codebooks, code and lock file are unchanged.
    """
    build = publishing.build_book(root, jobs=jobs, only=slugs, force=force)
    _say([build.summary])
    sys.exit(1 if build.failed else 0)


@book.command("serve", params=_list_parameters("book serve"))
def serve_command(root: Path, port: int) -> None:
    """Build the book, serve it on this computer alone, and build it again on each change, until Ctrl-C.

    What is watched: book/ (plan, prose), notebooks/, codebooks/ and corpus/. A line says what changed and how the build went.
    """
    publishing.serve_book(root, port=port, say=lambda line: _say([line]))


@book.command("list", params=_list_parameters("book list"))
def list_command(root: Path) -> None:
    """List the pages of the plan: how each last ran and for how long, and whether a build would run it again."""
    _say(publishing.list_pages(root))


@book.command("verify", params=_list_parameters("book verify"))
def verify_command(root: Path, recount: bool) -> None:
    """Check the built book: pages, links, alt texts, outside requests, paths of this machine, failed pages; and the numbers."""
    faults = publishing.verify_book(root) + (publishing.recount_book(root) if recount else [])
    _say(faults or ["The book verifies."], err=bool(faults))
    sys.exit(1 if faults else 0)


@book.command("diff", params=_list_parameters("book diff"))
def book_diff_command(old: Path, new: Path) -> None:
    """Report which numbers changed from the book in OLD to that in NEW, and why: data, codebook, parameters or code.

    \b
    framebook book diff last-edition/book book

    Exits with 1 if a number changed.
    """
    said = publishing.compare_books(old, new)
    _say(said or ["No number changed."])
    sys.exit(1 if said else 0)


@book.command("clean", params=_list_parameters("book clean"))
def clean_command(root: Path, runs: bool) -> None:
    """Remove what was built. The corpus in your cache is kept."""
    publishing.clean_book(root, runs=runs)


def _say(lines: Iterable[object], *, err: bool = False) -> None:
    """Print lines, which may hold texts from outside."""
    for line in lines:
        click.echo(clean_signs(str(line)), err=err)


def _split_pair(pair: str, option: str) -> tuple[str, str]:
    """Split NAME=VALUE."""
    name, sign, value = pair.partition("=")
    if not sign or not name:
        raise ToolkitError(f"{option} {pair!r}: no '=' with a name before it. Write {option} name=value.")
    return name.strip(), value


def main() -> None:
    """Run the command line and turn faults into messages and exit codes."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _say([f"framebook: interrupted. {_LEFT}"], err=True)
        sys.exit(130)
    except ToolkitError as fault:
        _say([f"framebook: {fault}"], err=True)
        sys.exit(1 if isinstance(fault, RunError) else 2)
    except (OSError, MemoryError, sqlite3.Error, BrokenExecutor) as fault:
        how = "Check the network, and what you may do there." if isinstance(fault, ConnectionError) else _ROOM
        where = "".join(f"{name}: " for name in [getattr(fault, "filename", None)] if name)
        said = getattr(fault, "strerror", None) or str(fault).partition("\n")[0] or "the memory is full"
        _say([f"framebook: {where}{said}. {how} {_LEFT}"], err=True)
        sys.exit(3)
    except Exception as fault:  # exit code 1 would say that it is done
        traceback.print_exc()
        _say([f"framebook: a fault in Framebook ({type(fault).__name__}). Please report the lines above. {_LEFT}"], err=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
