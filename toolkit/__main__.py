"""The command line `framebook`. Only this module prints and exits.

Exit codes: 0 well; 1 done, but something failed and was said; 2 wrong use or input; 130 interrupted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.errors import ToolkitError

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_ROOT = click.option(
    "--root", type=_FOLDER, default=Path(), help="The project: the folder that holds notebooks/ and book/. [default: here]"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="framebook", prog_name="framebook")
def cli() -> None:
    """How is the news told, and who is in it? Read articles, count against codebooks, publish a book.

    \b
    A first walk:
      framebook corpus fetch news-2017
      framebook count news-2017 --codebook frames --out counts/
      framebook run notebooks/actors.ipynb -p actors='["UKR", "RUS"]' --out mine.ipynb
      framebook book build

    Exit codes: 0 well; 1 done, but something failed and was said; 2 wrong use or input; 130 interrupted.
    """


@cli.group()
def corpus() -> None:
    """Get and read articles."""


@corpus.command("list")
def list_corpora_command() -> None:
    """List the corpora that can be named."""
    from toolkit.parsing import list_corpora

    for name, title in list_corpora().items():
        click.echo(f"{name:<16} {title}")


@corpus.command("fetch")
@click.argument("name")
def fetch_command(name: str) -> None:
    """Fetch the corpus NAME into the cache, once; its hash is checked every time.

    The cache is the folder named by FRAMEBOOK_CACHE, else the user's usual cache folder.
    """
    from toolkit.parsing import fetch_corpus

    click.echo(f"{name}: in {fetch_corpus(name)}")


@corpus.command("read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=_FILE, help="The Parquet file to write; what was refused and repaired goes beside it.")
@click.option("--outlet", help="Outlet of every article that names none.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="A CSV column by name, e.g. text=body; may be repeated.")
def read_command(paths: tuple[Path, ...], out: Path, outlet: str | None, columns: tuple[str, ...]) -> None:
    """Read articles from text files, folders of them, or CSV files, into one corpus.

    \b
    framebook corpus read articles/ --out corpus.parquet --outlet "The Daily"
    framebook corpus read export.csv --out corpus.parquet --column text=body --column published=date

    A bad article is refused with its reason and the run goes on; the summary says how many.
    """
    from toolkit.parsing import join_corpora, read_articles, write_corpus

    mapped = dict(_split_pair(pair, "--column") for pair in columns)
    read = join_corpora([read_articles(path, columns=mapped or None, outlet=outlet) for path in paths])
    write_corpus(read, out)
    click.echo(f"{len(read.articles):,} articles read, {len(read.refused):,} refused, {len(read.repairs):,} repairs: {out}")
    for reason, n_refused in read.refused["reason"].value_counts().sort_index().items():
        click.echo(f"  refused {n_refused:,}: {reason}")
    for step, n_articles in read.repairs["step"].value_counts().sort_index().items():
        click.echo(f"  repaired {n_articles:,} articles: {step}")


@cli.command("count")
@click.argument("corpus")
@click.option("--codebook", "codebooks", multiple=True, required=True, help="A bundled codebook's name or a YAML file; may be repeated.")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be repeated.")
@click.option("--start", default="", help="First day, as 2017-02-01.")
@click.option("--end", default="", help="Last day.")
@click.option("--out", required=True, type=_FOLDER, help="The folder for mentions.parquet, counts.parquet and counts.csv.")
def count_command(corpus: str, codebooks: tuple[str, ...], outlets: tuple[str, ...], start: str, end: str, out: Path) -> None:
    """Find and count every entry of the codebooks in CORPUS: a name, a Parquet or CSV file, or a folder of texts."""
    import pandas as pd

    from toolkit import count_mentions, find_mentions, read_codebook, read_corpus, split_sentences

    books = [read_codebook(name) for name in codebooks]
    news = read_corpus(corpus, outlets=outlets, start=start, end=end)
    sentences = split_sentences(news.articles)
    found = [find_mentions(news.articles, sentences, book) for book in books]
    every_entry = [[entry.id for entry in book.entries] for book in books]
    counted = [
        count_mentions(mentions, sentences, news.articles, book, entries=entries)
        for mentions, book, entries in zip(found, books, every_entry, strict=True)
    ]
    mentions, counts = pd.concat(found, ignore_index=True), pd.concat(counted, ignore_index=True)
    out.mkdir(parents=True, exist_ok=True)
    mentions.to_parquet(out / "mentions.parquet", index=False)
    counts.to_parquet(out / "counts.parquet", index=False)
    counts.to_csv(out / "counts.csv", index=False)
    click.echo(f"{len(news.articles):,} articles, {len(mentions):,} mentions: {out}")
    totals = counts.groupby(["codebook", "entry"], sort=True)["n_mentions"].sum().nlargest(10)
    for (book_id, entry), n_mentions in totals.items():
        click.echo(f"  {n_mentions:>9,}  {book_id}: {entry}")


@cli.command("sources")
@click.argument("corpus")
@click.option("--codebook", default="actors", show_default=True, help="The actors that sources are resolved to: a bundled name or a file.")
@click.option(
    "--no-model", is_flag=True, help="Rules on words alone: ten times as fast, finds quotations but half of what is said indirectly."
)
@click.option("--out", required=True, type=_FOLDER, help="The folder for attributions.parquet and attributions.csv.")
def sources_command(corpus: str, codebook: str, no_model: bool, out: Path) -> None:
    """Find who says what in CORPUS: a name, a Parquet or CSV file, or a folder of texts."""
    from toolkit import find_attributions, find_mentions, read_codebook, read_corpus, split_sentences
    from toolkit.counting.sourcing import MODEL

    news, actors = read_corpus(corpus), read_codebook(codebook)
    sentences = split_sentences(news.articles)
    mentions = find_mentions(news.articles, sentences, actors)
    attributions = find_attributions(news.articles, sentences, mentions, actors, model=None if no_model else MODEL)
    out.mkdir(parents=True, exist_ok=True)
    attributions.to_parquet(out / "attributions.parquet", index=False)
    attributions.to_csv(out / "attributions.csv", index=False)
    click.echo(f"{len(news.articles):,} articles, {len(attributions):,} attributions: {out}")
    for source_type, n_attributions in attributions["source_type"].fillna("undecided").value_counts().items():
        click.echo(f"  {n_attributions:>9,}  {source_type}")


@cli.group()
def codebook() -> None:
    """Check and list codebooks."""


@codebook.command("check")
@click.argument("files", nargs=-1, required=True)
def check_command(files: tuple[str, ...]) -> None:
    """Report every fault of codebook FILES (or bundled names), with line numbers. Exits with 2 if there is one."""
    from toolkit.codebooks import check_codebook

    faults = [fault for file in files for fault in check_codebook(file)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(2)
    click.echo(f"{len(files)} codebook{'s' if len(files) > 1 else ''}, no fault")


@codebook.command("list")
def list_codebooks_command() -> None:
    """List the bundled codebooks with their entries."""
    from toolkit.codebooks import list_codebooks, read_codebook

    for name in list_codebooks():
        book = read_codebook(name)
        click.echo(f"{name} {book.version} ({book.kind}), {len(book.entries)} entries: {', '.join(entry.id for entry in book.top()[:8])} …")


@cli.command("run")
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-p", "--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter of the notebook; may be repeated.")
@click.option("--out", required=True, type=_FILE, help="The executed notebook to write; its figures' data goes beside it.")
@click.option("--timeout", default=600, show_default=True, help="Seconds a cell may take.")
def run_command(notebook: Path, pairs: tuple[str, ...], out: Path, timeout: int) -> None:
    """Run NOTEBOOK with other parameters, checked by name and type before anything runs.

    \b
    framebook run notebooks/actors.ipynb -p outlets='["tass.com"]' -p start=2017-02-01 --out tass.ipynb
    """
    from toolkit.publishing import parse_parameters, run_notebook

    parameters = parse_parameters(notebook, dict(_split_pair(pair, "-p") for pair in pairs))
    click.echo(f"{out}: {run_notebook(notebook, parameters, out, timeout=timeout)}")


@cli.group()
def book() -> None:
    """Build, check and clean the book that book/plan.yml describes."""


@book.command("build")
@_ROOT
@click.option("--jobs", type=click.IntRange(1), help="Notebooks run at once. [default: one per core]")
@click.option("--only", "slugs", multiple=True, metavar="SLUG", help="Run only this page anew; may be repeated.")
@click.option("--force", is_flag=True, help="Run every notebook, also those that are unchanged.")
def build_command(root: Path, jobs: int | None, slugs: tuple[str, ...], force: bool) -> None:
    """Run what changed, build the book into book/_build/html, and verify it.

    A page whose notebook, parameters, corpus, codebooks, code and lock are unchanged is not run again.
    """
    from toolkit.publishing import build_book

    build = build_book(root, jobs=jobs, only=slugs, force=force)
    click.echo(build.summary)
    sys.exit(1 if build.failed else 0)


@book.command("list")
@_ROOT
def list_command(root: Path) -> None:
    """List the pages of the plan and how each last ran."""
    from toolkit.publishing import list_pages

    for line in list_pages(root):
        click.echo(line)


@book.command("verify")
@_ROOT
def verify_command(root: Path) -> None:
    """Check the built book: pages, links, alt texts, no outside request, no path of this machine, no failed page."""
    from toolkit.publishing import verify_book

    faults = verify_book(root)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("The book verifies.")


@book.command("clean")
@_ROOT
@click.option("--runs", is_flag=True, help="Forget the notebook runs as well; the next build runs all of them.")
def clean_command(root: Path, runs: bool) -> None:
    """Remove what was built. The corpus in your cache stays."""
    from toolkit.publishing import clean_book

    clean_book(root, runs=runs)


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
    except click.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("framebook: interrupted; what was finished is kept", err=True)
        sys.exit(130)
    except ToolkitError as fault:
        click.echo(f"framebook: {fault}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
