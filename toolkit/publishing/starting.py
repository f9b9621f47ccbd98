"""A project of one's own: corpus, codebook, notebooks, plan and book, made of what the package has, and brought up to date from it."""

import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.errors import BuildError
from toolkit.markup import read_templates, write_count
from toolkit.publishing.book import Build
from toolkit.publishing.documents import escape_markdown, write_file, write_json
from toolkit.tables import read_data

_KEPT = Path("book", ".framebook.json")  # what was written, by whom: what differs from it was changed by the project's people
_PLACES, _OURS, _ELSEWHERE, _SAMPLE, _OWN = read_data("lists", "publishing")["starting"].values()
_CORPUS = Path("corpus", "corpus.parquet")


def start_project(
    folder: Path, articles: Sequence[Path] = (), *, title: str = "", author: str = "", licence: str = "", **options: Any
) -> Build:
    """Make a project: corpus, codebook, notebooks, plan, front page, Makefile; `make book` in it makes the book.

    Args:
        folder: Where; must not be there, or be empty.
        articles: Files and folders with articles. Pages are planned for what is in them: their actors, one article or several.
        title: Of the book; the folder's name if not given.
        author: Of the book.
        licence: Of its texts and figures.
        **options: What is known of the articles, as in `read_corpus`: outlet, name_pattern.

    Returns:
        What was made, and the next step; and what of the articles could not be read or cannot be trusted.

    Raises:
        BuildError: When the folder holds something.
        CorpusError: When no article could be read.
    """
    from toolkit.parsing.corpora import read_corpus, read_to_file
    from toolkit.parsing.summaries import list_failures, list_summary

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BuildError(f"{folder}: there is something already. Give the name of a new folder; or bring one up to date: --update.")
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)  # nothing half-made: the same call shall work again
        said, failed = list[str](), list[str]()
        facts: dict[str, Any] = {"n": 2, "n_articles": "No articles yet", "outlets": list[str](), "actors": list[str]()}
        if articles:
            summary = read_to_file(articles, folder / _CORPUS, **options)
            said, failed = [*list_summary(summary)], list_failures(summary)
            news = read_corpus(folder / _CORPUS)
            facts = {"n": len(news.articles), "n_articles": write_count(len(news.articles), "article"), "actors": _find_actors(news)}
            facts["outlets"] = sorted(news.articles["outlet"].dropna().unique())
        templates = read_templates("publishing", md=escape_markdown, yaml=lambda value: json.dumps(value, ensure_ascii=False))
        told = {**facts, "title": title or folder.name, "version": __version__}
        for name, place in _PLACES.items():
            write_file(folder / place, templates.get_template(f"project/{name}").render(told))
        _write_ours(folder, {"title": told["title"], "author": author, "licence": licence})
        begin = "make book" if articles else f"framebook corpus read YOUR-ARTICLES --out {_CORPUS}, then make book"
        begin += f". To read the articles in another way, delete {folder} first" * bool(failed)
        said.append(f"{folder}: {told['n_articles']}, notebooks, plan and book. Next: cd {folder}, then {begin}")
        undo.pop_all()
    return Build("\n".join(said), tuple(failed))


def update_project(folder: Path) -> Build:
    """Bring notebooks, style and configuration of a project up to date with this version of the package.

    What people of the project changed themselves stays as it is, and is named with what is new in ours.

    Args:
        folder: The project.

    Returns:
        What changed, with the difference.

    Raises:
        BuildError: When this is no project that was made by `framebook new`.
    """
    if not (folder / _KEPT).is_file():
        raise BuildError(f"{folder}: no project that was made by framebook new ({_KEPT} is not there). Name its folder.")
    kept = json.loads((folder / _KEPT).read_text("utf8"))
    said, made = _write_ours(folder, kept["book"], kept["files"]), folder / "Makefile"
    write_file(made, re.sub(r"(?m)^VERSION := .*$", f"VERSION := {__version__}", made.read_text("utf8")))
    return Build("\n".join([*said, f"{folder}: {kept['version']} to {__version__}, {write_count(len(said), 'difference')}"]), ())


def _write_ours(folder: Path, book: Mapping[str, str], kept: Mapping[str, str] | None = None) -> list[str]:
    """Write what comes from the package; say what differs from what is there. A file that people changed stays."""
    said, hashes, checkout = list[str](), dict(kept or {}), Path(__file__).parents[2]
    source = checkout if (checkout / "notebooks").is_dir() else Path(sys.prefix, "share", "framebook")  # what was installed beside it
    for path in sorted(path for pattern in _OURS for path in source.glob(pattern)):
        name = path.relative_to(source).as_posix()
        new, target = re.sub(_SAMPLE, _OWN, re.sub(_ELSEWHERE, r"\1", path.read_text("utf8"))), folder / name
        new = _write_config(new, book) if path.name == "_config.yml" else new
        old = target.read_text("utf8") if target.is_file() else ""
        if old and old != new:
            is_theirs = sha256(old.encode()).hexdigest() != hashes.get(name)
            head = f"{name}: {'yours is kept; ours differs' if is_theirs else 'brought up to date'}"
            said.append("\n".join([head, *unified_diff(old.splitlines(), new.splitlines(), "yours", "ours", lineterm="", n=0)]))
            if is_theirs:
                continue
        write_file(target, new)
        hashes[name] = sha256(new.encode()).hexdigest()
    write_file(folder / _KEPT, write_json({"version": __version__, "book": dict(book), "files": hashes}))
    return said


def _write_config(config: str, book: Mapping[str, str]) -> str:
    """The configuration with the book's own title, author and licence."""
    footer = "Rights in the articles stay with their publishers."
    given = {"title": book["title"], "author": book["author"], "copyright": book["author"]}
    given["extra_footer"] = f"{book['licence']}. {footer}" if book["licence"] else footer
    for key in given:
        config = re.sub(rf"(?m)^( *{key}): .*$", lambda line: f"{line[1]}: {json.dumps(given[line[1].strip()])}", config, count=1)
    return config


def _find_actors(news: Any, most: int = 6) -> list[str]:
    """The actors of the bundled codebook that most articles name, the most frequent first."""
    from toolkit.counting import find_mentions

    named = find_mentions(news, "actors").counted
    tops = named.assign(top=named["entry"].str.partition("/")[0]).drop_duplicates(["article_id", "top"])["top"].value_counts()
    return [str(entry) for entry, _ in sorted(tops.items(), key=lambda item: (-item[1], item[0]))[:most]]
