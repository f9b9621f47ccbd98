"""Learn the bundled scored codebooks anew from our own coding: python tests/validity/learn_bundled.py [FOLDER]

Writes language-learned.yml and frames-learned.yml into toolkit/codebooks/data, or into FOLDER: the same bytes for the same labels and
lists.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from toolkit import learn_codebook, read_corpus, read_labels
from toolkit.codebooks import write_codebook

ROOT = Path(__file__).parents[2]
START = "2017-02-06"


def main() -> None:
    """Learn both."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "toolkit" / "codebooks" / "data"
    news = read_corpus("news-2017", start=START)
    for name in ("language", "frames"):
        learned = learn_codebook(read_labels(ROOT / "book" / "labels" / f"news-2017-{name}.csv", news, name))
        comment = "Learned from our own reference coding (the validity page). Made by tests/validity/learn_bundled.py: not edited by hand."
        write_codebook(
            replace(learned.codebook, title=f"{learned.codebook.title}, learned", comment=comment), folder / f"{name}-learned.yml"
        )
        print(learned)


if __name__ == "__main__":
    main()
