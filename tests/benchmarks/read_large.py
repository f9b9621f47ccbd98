"""How much memory and time does `framebook corpus read` take for large files? By hand: python tests/benchmarks/read_large.py 2

Makes a CSV, a JSON Lines, a JSON and a Parquet file (one row group) of so many GB of news-like text in the temporary folder, one after the
other, reads each in a process of its own, and prints articles, MB, seconds of CPU of all processes, MB a second of CPU and the peak of
resident memory of the largest process. Deletes them. The text is a hard case: its 5,000 sentences all stand in many articles.
"""

import csv
import json
import os
import random
import sys
import tempfile
from pathlib import Path

NAMES = "Kyiv Geneva minister talks rain river said the of a to in and on for with that it was by “we” don’t café percent 2017".split()


def write_articles(n_bytes: int):
    """Yield rows of some 3 KB until there are so many bytes; every article is another."""
    chance, done, number = random.Random(1), 0, 0
    sentences = [" ".join(chance.choices(NAMES, k=18)).capitalize() + "." for _ in range(5000)]
    while done < n_bytes:
        number += 1
        text = "\n\n".join(" ".join(chance.choices(sentences, k=5)) for _ in range(6))
        row = {
            "title": f"Headline {number}",
            "text": text,
            "date": f"2017-{number % 12 + 1:02}-11",
            "url": f"https://daily.example/{number}",
        }
        done += len(text.encode()) + 80
        yield row


def write_csv(file: Path, n_bytes: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["title", "text", "date", "url"])
        writer.writeheader()
        writer.writerows(write_articles(n_bytes))


def write_jsonl(file: Path, n_bytes: int) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in write_articles(n_bytes))


def write_json(file: Path, n_bytes: int) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"status": "ok", "articles": [')
        stream.writelines((", " if number else "") + json.dumps(row) for number, row in enumerate(write_articles(n_bytes)))
        stream.write("]}")


def write_parquet(file: Path, n_bytes: int) -> None:
    import pandas as pd

    pd.DataFrame(write_articles(n_bytes)).to_parquet(file, index=False)


def main() -> None:
    n_bytes = int(float(sys.argv[1]) * 1e9)
    kinds = sys.argv[2:] or ["csv", "jsonl", "json", "parquet"]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"news.{kind}"
            writer = os.fork()
            if writer == 0:  # a process of its own: what writing takes must not count
                globals()[f"write_{kind}"](file, n_bytes)
                os._exit(0)
            os.waitpid(writer, 0)
            size = file.stat().st_size / 1e6
            reader = os.fork()
            if reader == 0:
                os.execv(
                    sys.executable, [sys.executable, "-m", "toolkit", "corpus", "read", str(file), "--out", f"{folder}/corpus.parquet"]
                )
            _, _, used = os.wait4(reader, 0)
            seconds = used.ru_utime + used.ru_stime
            print(
                f"{kind:<8} {size:8,.0f} MB  {seconds:6.0f} s CPU  {size / seconds:5.1f} MB/s  peak {used.ru_maxrss / 1024:5.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
