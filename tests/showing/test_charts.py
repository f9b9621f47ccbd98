import matplotlib
import pandas as pd
import pytest

from toolkit.errors import TableError
from toolkit.showing import Chart, draw_counts, draw_heatmap, draw_rates, draw_trend
from toolkit.showing.charts import _choose_ink, _find_limits, _find_shades

from .tables import BOOKS, PAIRS, RATES, WEEKS, make_estimates

OUTLETS = pd.DataFrame({"outlet": ["a.com", "b.co.uk"], "n_articles": [2, 1], "n_words": [9, 4]})
DRAWN = {
    "rates": lambda: draw_rates(RATES, codebooks=BOOKS),
    "trend": lambda: draw_trend(WEEKS, codebooks=BOOKS),
    "heatmap": lambda: draw_heatmap(PAIRS, codebooks=BOOKS),
    "counts": lambda: draw_counts(OUTLETS),
}
WORDS = {
    "rates": (
        "Dot chart of the mentions per 1,000 words: War, Peace in 2 outlets. "
        "Highest: War, a.com, 12.0 (11.0–13.0); lowest: War, b.co.uk, 0 (0–4.00).",
        "Mentions per 1,000 words by outlet. Dots are estimates, lines their intervals. Sorted by name. "
        "Intervals: 95%, bootstrap of articles. 3 articles. The sentences behind each number stand under Evidence.",
    ),
    "trend": (
        "Line chart of the mentions per 1,000 words: War in 3 weeks. "
        "Highest: War, week of 13 Feb 2017, 11.0 (10.0–12.0); lowest: War, week of 27 Feb 2017, 2.00 (1.00–3.00).",
        "Mentions per 1,000 words by week. Points are estimates, bands their intervals. 1 week of 4 without an article: there the "
        "line breaks. Intervals: 95%, bootstrap of articles. 6 articles. The sentences behind each number stand under Evidence.",
    ),
    "heatmap": (
        "Heat map of the share of the sentences that mention the actor: War, Peace in 1 actor. "
        "Highest: Peace, Ukraine, 66.7% (65.7–67.7%); lowest: War, Ukraine, 33.3% (32.3–34.3%).",
        "Share of the sentences that mention the actor. Actor down, entry across. The darker the cell, the higher its number. "
        "Intervals: 95%, bootstrap of articles. 2 articles. The sentences behind each number stand under Evidence.",
    ),
    "counts": (
        "Bar chart of the number of articles by outlet, 3 articles in all. Most: a.com, 2; fewest: b.co.uk, 1.",
        "Number of articles by outlet, 3 articles in all. Sorted by number.",
    ),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_alt_and_caption_say_what_the_rows_say(kind: str) -> None:
    chart = DRAWN[kind]()
    assert (chart.alt, chart.caption) == WORDS[kind]


@pytest.mark.parametrize("kind", DRAWN)
def test_same_rows_make_same_bytes_whatever_the_users_style(kind: str) -> None:
    first = DRAWN[kind]()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 20, "figure.figsize": (2, 2)}):
        before = dict(matplotlib.rcParams)
        assert DRAWN[kind]() == first
        assert dict(matplotlib.rcParams) == before
    assert b"Software" not in first.png and b"Date" not in first.png


@pytest.mark.parametrize("kind", DRAWN)
def test_chart_is_896_pixels_wide(kind: str) -> None:
    assert int.from_bytes(DRAWN[kind]().png[16:20], "big") == 896


def test_drawing_opens_no_window_and_no_pyplot_figure() -> None:
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    draw_rates(RATES)
    assert plt.get_fignums() == before


def test_data_file_has_every_row_though_only_twelve_entries_are_drawn() -> None:
    many = make_estimates([{"entry": f"e{number}", "estimate": number + 1} for number in range(15)])
    chart = draw_rates(many)
    assert chart.files["rates.csv"].count("\n") == 16
    assert "Only the 12 highest of 15 are drawn; the data file has all." in chart.caption


def test_one_entry_is_sorted_by_value() -> None:
    assert "Sorted by value." in draw_rates(RATES[RATES["entry"] == "war"].reset_index(drop=True)).caption


def test_missing_interval_is_drawn_hollow_and_said() -> None:
    unsure = RATES.assign(low=[None, 2.0, 0.0, 8.0], high=[None, 4.0, 4.0, 10.0]).astype({"low": float, "high": float})
    assert "A hollow dot has too few articles for an interval." in draw_rates(unsure).caption


def test_mathematics_and_markup_in_labels_stay_text() -> None:
    hostile = RATES.assign(outlet=[r"$\frac{x$", r"$\frac{x$", "<b>&{x}`\u202e", "<b>&{x}`\u202e"]).astype({"outlet": "str"})
    assert isinstance(draw_rates(hostile), Chart)
    assert isinstance(draw_counts(OUTLETS.assign(outlet=["$x^$", r"\alpha$"])), Chart)


def test_stray_days_far_from_all_others_are_not_drawn_but_said() -> None:
    days = pd.date_range("2016-04-01", "2017-03-01").strftime("%Y-%m-%d")
    strayed = pd.DataFrame({"day": days, "n_articles": [1] + [0] * 299 + [40] * 35, "n_words": 1})
    chart = draw_counts(strayed)
    assert "1,401 articles in all. Not drawn: 1 article without a date or far from all others" in chart.caption
    assert "2016-04-01,1,1" in chart.files["articles-by-day.csv"]


def test_panels_that_differ_much_have_their_own_scale_and_say_so() -> None:
    low = RATES.assign(estimate=[10.0, 0.1, 12.0, 0.2], low=[9.0, 0.0, 11.0, 0.1], high=[11.0, 0.3, 13.0, 0.4])
    assert "Each panel has its own scale, from zero." in draw_rates(low).caption


def test_weeks_without_interval_at_the_edges_are_said_not_drawn() -> None:
    unsure = WEEKS.assign(low=[None, 9.0, 1.0], high=[None, 12.0, 3.0]).astype({"low": float, "high": float})
    assert "Before and after, 1 week with too few articles not drawn." in draw_trend(unsure).caption


def test_axis_of_scores_begins_below_zero() -> None:
    scores = RATES[RATES["entry"] == "war"].assign(quantity="score", unit="score per 1,000 words", estimate=[-2.0, 1.0], low=[-3.0, 0.5])
    limits = _find_limits(scores)
    assert limits == pytest.approx((-3.18, 1.06 * scores["high"].max()))
    assert _find_limits(scores.assign(estimate=-2.0, high=-1.0)) == pytest.approx((-3.18, 0))
    assert _find_limits(scores.assign(estimate=0.0, low=0.0, high=0.0)) == (0, 1)
    assert draw_rates(scores.reset_index(drop=True)).name == "scores-by-outlet"


def test_numbers_in_cells_can_be_read_on_every_shade() -> None:
    def light(part: float) -> float:
        return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)

    for step in range(101):
        shade = _find_shades()(step / 100)
        luminance = 0.2126 * light(shade[0]) + 0.7152 * light(shade[1]) + 0.0722 * light(shade[2])
        contrast = 1.05 / (luminance + 0.05) if _choose_ink(shade) == "white" else (luminance + 0.05) / 0.05
        assert contrast >= 4.5


FAULTS = [
    (
        lambda: draw_trend(RATES),
        "draw_trend: the table is grouped by outlet. Expected one of day, week, month, year. Estimate with by=['week'].",
    ),
    (
        lambda: draw_rates(RATES[:0]),
        "draw_rates: the table holds no estimate. Expected at least one row. Widen the outlets, dates or focus.",
    ),
    (
        lambda: draw_heatmap(RATES),
        "draw_heatmap: rows 'actor' and columns 'entry' must be two of outlet, entry, each pair once.",
    ),
    (
        lambda: draw_rates(RATES.assign(unit=["a", "a", "b", "b"]).astype({"unit": "str"})),
        "draw_rates: the table holds 2 units: a, b. Expected one. Give one quantity at a time.",
    ),
    (lambda: draw_counts(OUTLETS[:0]), "draw_counts: 0 rows of columns outlet, …; expected rows of what count_articles gives."),
]


@pytest.mark.parametrize(("call", "message"), FAULTS)
def test_what_cannot_be_drawn_is_refused(call: object, message: str) -> None:
    with pytest.raises(TableError) as caught:
        call()  # type: ignore[operator]
    assert str(caught.value) == message


def test_rows_with_labels_of_two_lines_have_room_for_both() -> None:
    def height(*outlets: str) -> int:
        return int.from_bytes(draw_rates(make_estimates([{"outlet": outlet, "estimate": 1.0} for outlet in outlets])).png[20:24], "big")

    short, long = ("a.com", "b.com", "c.com", "d.com"), "The Association of Newspapers"
    assert height(*short[:3], long) - height(*short) == 24  # 0.15 inches of 160 pixels
    assert height("a.com", "b.com", long, f"{long} too") - height(*short) == pytest.approx((4 * 0.4 - 4 * 0.28) * 160, abs=1)
