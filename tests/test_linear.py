"""An article twice as long takes twice as long, whatever it is made of, from the first step to the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import toolkit
from tests.timing import take_seconds

pytestmark = pytest.mark.alone

SIZES = (60_000, 240_000)  # characters
MOST = 2.3  # times the seconds of a text half as long, on average
FLOOR = 0.08  # seconds of the processor: what takes less says more about the machine than about the text
KINDS = {
    "quotations": "“It rains in Ukraine,” said Ann Bo. “We go,” he said. ",
    "unclosed marks": "“It rains and ‘",
    "capitalised words": "Ann Bo Carl Dan Eve Ukraine ",
    "one line": "the rain falls and the people said nothing of Ukraine and the war, ",
    "no spaces": "rain",
    "brackets": "([{Ukraine (war) ",
    "abbreviations": "Mr. Dr. U.S. Gen. a.m. No. ",
    "paragraphs": "Bo: the war in Ukraine goes on, and nobody says why.\n\n",
    "damage": '"?rain"? Don"t â€œItâ€™s ""so ',
}
_number = count()


def measure(unit: str, size: int) -> dict[str, float]:
    """Seconds of the processor for each step on an article that was never seen before."""
    text = (f"Text {next(_number)}. " + unit * (size // len(unit) + 1))[:size]
    taken: dict[str, float] = {}

    def take(step: str, make: Callable[[], Any]) -> Any:  # Any: whatever the step makes
        taken[step], made = take_seconds(make)
        return made

    frame = pd.DataFrame({"text": [text], "outlet": ["a.example"], "headline": ["A head"]})
    news = take("cleaning, sentences", lambda: toolkit.read_corpus(frame))
    actors = take("matching", lambda: toolkit.find_mentions(news, "actors"))
    frames = toolkit.find_mentions(news, "frames")
    take("names", lambda: toolkit.find_names(actors))
    speech = take("attributions", lambda: toolkit.find_attributions(actors))
    take("voices", lambda: toolkit.keep_voice(frames, speech, "own voice"))
    take("evidence", lambda: toolkit.show_numbers(toolkit.estimate_rates(toolkit.keep_entries(actors, "found"), by="")))
    take("close reading", lambda: toolkit.show_article(news, actors, frames, speech=speech))
    return taken


@pytest.mark.parametrize("kind", list(KINDS))
def test_twice_the_text_takes_twice_the_time(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path))
    measure(KINDS[kind], 2000)  # what is loaded when it is first used
    best = {size: measure(KINDS[kind], size) for size in SIZES}

    def list_slow() -> list[str]:
        first, last = SIZES[0], SIZES[-1]  # two doublings at once: one alone says too much about the machine
        ratios = {step: max(best[last][step], FLOOR) / max(best[first][step], FLOOR) for step in best[first]}
        return [f"{step}, {first:,} to {last:,}: {ratio:.1f}" for step, ratio in ratios.items() if ratio > MOST**2]

    for _ in range(2):  # the best of three, where a first look says slow
        if list_slow():
            again = {size: measure(KINDS[kind], size) for size in SIZES}
            best = {size: {step: min(best[size][step], again[size][step]) for step in best[size]} for size in SIZES}
    assert list_slow() == []
