from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from tests.counting.world import make_book, make_entry
from tests.showing.toy import DAYS, find, make_many, make_news
from toolkit import compare_groups, correct_rates, count_mentions, draw, estimate_rates, estimate_shares, show_finding, show_numbers
from toolkit.errors import ToolkitError
from toolkit.estimating.estimates import MEASURES, divide_counts, find_main, standardise
from toolkit.tables import check_table

from .test_corrections import code, make_war
from .world import estimate, make_counts, make_grid


def make_estimates(rows, outlets, kind="rates"):
    """Estimates by outlet of what is counted in articles."""
    table = estimate(kind, make_counts(rows, outlet=outlets), by="outlet")
    return replace(estimate_rates(find(news=make_many())), table=table)


def test_difference_of_shares_is_that_of_newcombe():
    outlets = ["a.com"] * 70 + ["b.com"] * 80  # Newcombe 1998, table II, (a): 56/70 and 48/80, method 10
    rows = [(1, 100)] * 56 + [(0, 100)] * 14 + [(1, 100)] * 48 + [(0, 100)] * 32
    table = compare_groups(make_estimates(rows, outlets, "shares"), ratio=False).table.set_index(["outlet", "against"])
    row = table.loc[("a.com", "b.com")]
    assert row["estimate"] == pytest.approx(0.2) and (row["low"], row["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    theirs = confint_proportions_2indep(56, 70, 48, 80, compare="diff", method="newcomb")
    assert (row["low"], row["high"]) == pytest.approx(theirs, abs=5e-4)
    others = table.loc[("a.com", "the others")]  # with two groups the other one is the others
    assert others[["estimate", "low", "high"]].tolist() == pytest.approx(row[["estimate", "low", "high"]].tolist())


def test_ratio_by_finger_and_its_reverse():
    chance = np.random.default_rng(4)
    rows = [(int(n), 400) for n in [*chance.negative_binomial(1, 0.2, 60), *chance.negative_binomial(1, 0.4, 40)]]
    estimates = make_estimates(rows, ["a.com"] * 60 + ["b.com"] * 40)
    one, other = estimates.table.to_dict("records")
    row = compare_groups(estimates).table.set_index(["outlet", "against"]).loc[("a.com", "b.com")]
    assert row["estimate"] == pytest.approx(one["estimate"] / other["estimate"])
    below = np.hypot(np.log(one["estimate"] / one["low"]), np.log(other["high"] / other["estimate"]))
    assert row["low"] == pytest.approx(row["estimate"] * np.exp(-below))
    back = (
        compare_groups(replace(estimates, table=estimates.table.iloc[::-1])).table.set_index(["outlet", "against"]).loc[("b.com", "a.com")]
    )
    assert [1 / back["high"], 1 / back["low"], back["p"]] == pytest.approx([row["low"], row["high"], row["p"]])


def test_p_of_the_pairs_is_adjusted_as_holm_does_and_agrees_with_the_interval():
    chance = np.random.default_rng(5)
    rows = [(int(n), 400) for n in chance.poisson(np.repeat([4, 4, 5, 9], 40))]
    outlets = list(np.repeat(["a.com", "b.com", "c.com", "d.com"], 40))
    table = check_table(compare_groups(make_estimates(rows, outlets), ratio=False).table, "Estimates")
    pairs = table[~table["against"].isin(["the others", "each other"])]
    margin = np.where(pairs["estimate"] > 0, pairs["estimate"] - pairs["low"], pairs["high"] - pairs["estimate"])
    raw = 2 * stats.norm.sf(1.959964 * pairs["estimate"].abs() / margin)
    order = np.argsort(raw)
    holm = np.empty(6)
    holm[order] = np.minimum(np.maximum.accumulate(raw[order] * np.arange(6, 0, -1)), 1)
    assert len(pairs) == 6 and pairs["p"].tolist() == pytest.approx(holm.tolist())
    assert (((pairs["low"] > 0) | (pairs["high"] < 0)) == (raw < 0.05)).all()
    first = table.iloc[0]
    assert (first["outlet"], first["against"], first["note"]) == ("all", "each other", "whether all are alike") and first["p"] < 0.001


@pytest.mark.slow
def test_where_all_are_alike_the_tests_seldom_say_otherwise():
    chance, outlets = np.random.default_rng(6), list(np.repeat(["a.com", "b.com", "c.com", "d.com"], 40))
    alike, pairs = [], []
    for _ in range(150):
        rows = [(int(n), 400) for n in chance.negative_binomial(0.5, 0.2, 160)]
        table = compare_groups(make_estimates(rows, outlets)).table
        alike.append(table["p"].iloc[0] < 0.05)
        pairs.append((table["p"].iloc[5:] < 0.05).any())
    assert np.mean(alike) < 0.1 and np.mean(pairs) < 0.1


def test_corrected_and_standardised_numbers_keep_the_raw_comparison_beside():
    found = find(entries=["war"], news=make_war(200))
    corrected = correct_rates(found, code(found, 200))
    row = compare_groups(corrected).table.set_index("against").loc["b.com"]
    raw = corrected.table.set_index("outlet")["raw"]
    assert row["raw"] == pytest.approx(raw["a.com"] / raw["b.com"]) and row["estimate"] < row["raw"]  # the machine errs in a.com alone
    assert "Hollow diamonds" in draw(compare_groups(corrected)).caption


def test_forest_and_finding_show_each_beside_the_others_and_the_table_all_pairs():
    compared = compare_groups(estimate_rates(find(entries=["war"], news=make_war(200))))
    chart = draw(compared)
    assert "At the dashed line, an outlet is like the others." in chart.caption and "the others, " not in chart.alt
    assert show_finding(compared).text.startswith("No outlet clearly leads in words of war (highest: a.com, 1.17 times ")
    assert {"a.com, the others", "a.com, b.com", "all, each other"} <= {
        line.rpartition(", War")[0] for line in show_numbers(compared).text.splitlines()
    }


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ToolkitError) as fault:
        compare_groups(estimate_shares(find(), by=["outlet", "week"]))
    assert str(fault.value) == "compare_groups: numbers are by ['outlet', 'week']. Estimate them by one, such as by='outlet'."
    with pytest.raises(ToolkitError) as fault:
        compare_groups(estimate_rates(find()))
    assert str(fault.value) == "compare_groups: no entry has two groups with an interval. Widen the outlets or dates."


# The guard: outlets that come and go, and what is at a fixed mix.

LATE = {f"m{at:03}": "Peace and peace." if at % 2 else "Nothing of it." for at in range(80)}


def make_late():
    """Two outlets in three weeks; b.com is not there in the first."""
    outlets = ["a.com" if at < 40 or at % 4 < 2 else "b.com" for at in range(80)]
    days = [f"2017-02-{6 + 7 * (at >= 20) + 7 * (at >= 60):02}" for at in range(80)]
    outlets[20:40] = ["b.com" if at % 4 < 2 else "a.com" for at in range(20, 40)]
    return make_news(LATE, outlet=outlets, published=days, url=[None] * 80)


def test_a_period_that_lacks_outlets_says_so_and_is_drawn_apart_and_not_ranked():
    trend = estimate_rates(find(entries=["peace"], news=make_late()), by="week")
    assert trend.table["note"].tolist() == ["1 of 2 outlets", "", ""]
    assert "Hollow points: 1 week in which outlets are missing, so a change may come from the collection." in draw(trend).caption
    assert "1 number without an interval, or from periods in which outlets are missing, is not compared." in show_finding(trend).text
    assert "6 Feb" not in show_finding(trend).text
    assert (estimate_rates(find(entries=["peace"], news=make_late()), by=["outlet", "week"]).table["note"] != "1 of 2 outlets").all()


def test_rates_at_a_fixed_mix_by_finger():
    found = find(entries=["peace"], news=make_late())
    fixed = check_table(estimate_rates(found, by="week", over="outlet").table, "Estimates")
    fine = estimate_rates(found, by=["week", "outlet"]).table.pivot(index="week", columns="outlet", values="estimate")
    sizes = found.corpus.articles["outlet"].value_counts(normalize=True)
    assert np.isnan(fixed["estimate"][0]) and fixed["note"][0] == "1 of 2 outlets: no estimate"
    expected = fine["a.com"] * sizes["a.com"] + fine["b.com"] * sizes["b.com"]
    assert fixed["estimate"][1:].tolist() == pytest.approx(expected[1:].tolist())
    assert fixed["raw"].tolist() == estimate_rates(found, by="week").table["estimate"].tolist()
    by_outlet = estimate_rates(found, over="week").table  # of weeks those that both outlets have
    weeks = found.corpus.articles["published"].dt.strftime("%Y-%m-%d").value_counts()[["2017-02-13", "2017-02-20"]]
    assert by_outlet["estimate"].tolist() == pytest.approx((fine.iloc[1:].T @ (weeks / weeks.sum()).to_numpy()).tolist())


def test_a_change_of_who_is_collected_moves_no_rate_at_a_fixed_mix():
    """Two outlets that never change, of which one is collected ever less."""
    outlets, weeks = [], []
    for week, n in enumerate((30, 20, 8)):
        outlets += ["a.com"] * n + ["b.com"] * 30
        weeks += [f"2017-02-{6 + 7 * week:02}"] * (n + 30)
    rows = [(8 - at % 2 * 4, 100) if outlet == "a.com" else (1 - at % 2, 100) for at, outlet in enumerate(outlets)]
    grid = make_grid(make_counts(rows, outlet=outlets, published=weeks))
    words = np.repeat(grid.articles["n_words"].to_numpy(float)[:, None], 1, axis=1)
    grid = replace(grid, values={"top": grid.values["n_mentions"], "bottom": words, "counted": grid.values["n_mentions"]})
    rate = MEASURES["mentions"]["rates"]
    raw = divide_counts(grid, rate, ["week"], 0.95)
    fixed = standardise(raw, grid, rate, "outlet", 0.95)
    assert raw["estimate"].iloc[2] < 0.6 * raw["estimate"].iloc[0]
    assert fixed["estimate"].tolist() == pytest.approx([fixed["estimate"].iloc[0]] * 3, rel=0.01)


def test_at_a_mix_of_one_the_number_keeps_its_interval():
    found = find(entries=["war"], news=make_mixed())
    plain, fixed = estimate_rates(found).table, estimate_rates(found, over="month").table
    columns = ["estimate", "low", "high"]
    assert fixed[columns].to_numpy() == pytest.approx(plain[columns].to_numpy())


def make_mixed():
    """Of each outlet 60 articles, which tell of war as their topic has it; a.com writes of Russia, b.com of France."""
    chance, texts, outlets = np.random.default_rng(2), {}, []
    for outlet, shares in (("a.com", (40, 10, 10)), ("b.com", (10, 40, 10))):
        for topic, n in zip(("Russia and Russia met France.", "France met.", "It rained."), shares, strict=True):
            for _ in range(n):
                wars = chance.binomial(5, {"R": 0.8, "F": 0.2, "I": 0.4}[topic[0]])
                texts[f"m{len(texts):03}"] = " ".join([topic, *["Rebels shelled it."] * wars, *["All was calm."] * (5 - wars)])
                outlets.append(outlet)
    return make_news(texts, outlet=outlets, published=DAYS[:1] * len(texts), url=[None] * len(texts))


ACTORS = make_book(make_entry("RUS", ["Russia"]), make_entry("FRA", ["France"]), make_entry("CHN", ["China"]))


def test_at_the_same_mix_of_actors_outlets_that_write_alike_of_each_are_alike():
    found = find(entries=["war"], news=make_mixed())
    named = find(ACTORS, news=found.corpus)
    fixed = check_table(estimate_rates(found, over=named).table, "Estimates").set_index("outlet")
    main = np.array(["RUS"] * 40 + ["FRA"] * 10 + ["nobody"] * 10 + ["RUS"] * 10 + ["FRA"] * 40 + ["nobody"] * 10)
    counts = count_mentions(found).assign(main=main)
    assert find_main(named, counts["article_id"]).tolist() == main.tolist()
    cells = counts.groupby(["outlet", "main"])[["n_mentions", "n_words"]].sum()
    rates = (1000 * cells["n_mentions"] / cells["n_words"]).unstack()
    weights = counts["main"].value_counts(normalize=True)
    assert fixed["estimate"].tolist() == pytest.approx((rates * weights).sum(axis=1).tolist())
    assert fixed["raw"].tolist() == estimate_rates(found).table["estimate"].tolist() and (fixed["note"] == "").all()
    row = compare_groups(estimate_rates(found, over=named)).table.set_index("against").loc["b.com"]
    assert row["raw"] > 1.5 and 0.8 < row["estimate"] < 1.25 and row["low"] < 1 < row["high"]
    assert "hollow diamonds" in draw(compare_groups(estimate_rates(found, over=named))).caption.lower()


def test_an_outlet_without_the_topics_of_the_others_has_no_number_and_what_is_left_out_is_told():
    news = make_mixed()
    outlets = news.articles["outlet"].where(np.arange(120) >= 30, "c.com")  # thirty on Russia
    found = find(entries=["war"], news=replace(news, articles=news.articles.assign(outlet=outlets)))
    table = estimate_rates(found, over=find(ACTORS, news=found.corpus)).table.set_index("outlet")
    assert table["note"].tolist() == ["", "", "1 of 3 actors: no estimate"] and np.isnan(table["estimate"]["c.com"])
    few = news.articles["outlet"].where(~np.isin(np.arange(120), range(40, 48)), "b.com")  # two on France are left
    found = find(entries=["war"], news=replace(news, articles=news.articles.assign(outlet=few)))
    table = estimate_rates(found, over=find(ACTORS, news=found.corpus)).table
    assert table["note"].tolist() == ["over 2 of 3 actors with 58% of the articles"] * 2


def test_an_unknown_mix_is_refused():
    for over in ("actor", "stories"):
        with pytest.raises(ToolkitError) as fault:
            estimate_rates(find(), over=over)
        assert f"over='{over}' is not a mix. Allowed: day, month, outlet, week, year." in str(fault.value)


def test_what_is_all_there_is_everywhere_is_not_drawn():
    rates = estimate_shares(find(news=make_many(24)))
    is_war = rates.table["entry"] == "war"
    table = rates.table.assign(estimate=np.where(is_war, 1.0, 0.5), low=0.4, high=1.0)
    chart = draw(replace(rates, table=table))
    assert "Entries with 100% everywhere are not drawn." in chart.caption
    assert "Not drawn" not in draw(replace(rates, table=table[is_war])).caption  # where there is nothing else


def test_a_chart_of_words_says_that_it_is_not_validated_and_a_corrected_one_does_not():
    found = find(entries=["war"], news=make_war())
    assert "(not validated: counts words)" in draw(estimate_rates(found)).caption
    corrected = draw(correct_rates(found, code(found, 100))).caption
    assert "not validated" not in corrected and "Corrected by coded sentences." in corrected and "Hollow diamonds" in corrected
