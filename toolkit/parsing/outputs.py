"""Files that are written whole or not at all, and never over a file of others."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from toolkit.errors import TableError, raise_faults
from toolkit.markup import defuse_formulas

if TYPE_CHECKING:
    import pandas as pd

# What to do where a file is there that Framebook did not make.
REPLACING = "Give another --out, move it away, or replace it with --force."


@contextmanager
def open_aside(folder: Path, prefix: str = ".writing-") -> Iterator[Path]:
    """Open an empty folder next to what is being made. It is removed in the end, and so are those that killed runs left behind.

    Args:
        folder: Where; it is made if it is not there.
        prefix: How the names of such folders begin.

    Yields:
        The empty folder. What is finished is moved out of it.

    Raises:
        TableError: When the folder is an address.
    """
    from filelock import FileLock

    if re.match("[a-z][a-z0-9+.-]+:(/|$)", str(folder)):  # a path has one stroke less, and would be a folder here
        raise TableError(f"{folder}: Framebook writes on this machine only. Write here, and copy the files there.")
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{prefix}*/new"):
        with suppress(OSError):  # its owner is alive: the system frees the lock of a process that ends
            if (lock := left.with_name(".lock")).is_file():
                with FileLock(lock, timeout=0):
                    shutil.rmtree(left.parent, ignore_errors=True)
    with TemporaryDirectory(dir=folder, prefix=prefix, ignore_cleanup_errors=True) as own, FileLock(Path(own, ".lock")):
        Path(own, "new").mkdir()  # only now: a folder without it may be one whose lock is not held yet
        yield Path(own, "new")


def check_replaced(tables: Mapping[Path, Collection[str]], *, force: bool = False) -> None:
    """Refuse to write over a file that Framebook did not make.

    Args:
        tables: The files that will be written, with their columns. A file that is there must have the same ones.
        force: Replace any file.

    Raises:
        TableError: Names every file that is another.

    Example:
        >>> check_replaced({Path("not/there.csv"): ["outlet"]})
    """
    theirs = [path for path, columns in tables.items() if not force and path.exists() and {*_read_columns(path)} != {*columns}]
    raise_faults([f"{path}: there is a file of that name already, and it is not such a table. {REPLACING}" for path in theirs], TableError)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], *, force: bool = False) -> None:
    r"""Write tables into CSV files, all of them or none.

    Args:
        folder: Where.
        tables: Each with the name of its file.
        force: Replace also files that Framebook did not make.

    Raises:
        TableError: When there is a file of such a name that is another table.

    Example:
        >>> import pandas as pd, tempfile
        >>> made = Path(tempfile.mkdtemp())
        >>> write_tables(made, {"a.csv": pd.DataFrame({"x": [1]})})
        >>> (made / "a.csv").read_text()
        'x\n1\n'
    """
    check_replaced({folder / name: table.columns for name, table in tables.items()}, force=force)
    with open_aside(folder) as made:
        for name, table in tables.items():
            defuse_formulas(table).to_csv(made / name, index=False)
        move_files(made, folder)


def move_files(made: Path, folder: Path) -> None:
    """Move finished files to where they belong."""
    for file in sorted(made.iterdir()):
        file.replace(folder / file.name)


def _read_columns(path: Path) -> list[str]:
    """The columns of a table in a file; none if it is no table."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    with suppress(ArrowException, OSError, ValueError, csv.Error):
        if path.suffix == ".parquet":
            return list(read_schema(path).names)
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            return next(csv.reader(stream), [])
    return []
