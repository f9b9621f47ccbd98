from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from scipy import optimize
from sklearn.metrics import precision_recall_fscore_support

from tests.counting.world import make_book, make_entry
from tests.showing.toy import find, make_news
from tests.validity.simulate_corrections import World, simulate, sum_rows
from toolkit import correct_rates, draw, estimate_accuracy, sample_sentences, show_finding, show_numbers
from toolkit.coding import Labels
from toolkit.coding.agreement import POOR
from toolkit.counting import Mentions
from toolkit.errors import ToolkitError
from toolkit.estimating.corrections import _divide
from toolkit.parsing import Corpus
from toolkit.tables import check_table, make_table

# What the machine, which looks for `shelled`, gets right, takes for it, and misses; and what is none.
SAID = ["Rebels shelled the town.", "Cooks shelled the peas.", "Guns were fired.", "All was calm."]
TRUE = ("Rebels", "Guns")


def make_war(n: int = 60, sentences: int = 10, chances: tuple[float, ...] = (0.08, 0.06, 0.06, 0.8), seed: int = 3) -> Corpus:
    """Articles of two outlets, their sentences drawn with given chances; in b.com the machine is right more often."""
    chance = np.random.default_rng(seed)
    kinds = {"a.com": chances, "b.com": (chances[0] + chances[1], 0, chances[2], chances[3])}
    outlets = [("a.com", "b.com")[at % 2] for at in range(n)]
    texts = {f"m{at:04}": " ".join(chance.choice(SAID, sentences, p=kinds[outlet])) for at, outlet in enumerate(outlets)}
    days = [f"2017-02-{6 + 7 * (at // 2 % 2):02}" for at in range(n)]
    return make_news(texts, outlet=outlets, published=days, url=[None] * n)


def tell(news: Corpus) -> pd.DataFrame:
    """Each sentence searched, and whether it holds war."""
    texts = news.articles.set_index("article_id")["text"]
    lines = news.searched[["article_id", "sentence", "start", "end"]]
    said = [texts[id][start:end] for id, start, end in zip(lines["article_id"], lines["start"], lines["end"], strict=True)]
    return lines.assign(holds=[text.startswith(TRUE) for text in said], found=["shelled" in text for text in said])


def code(found: Mentions, n: int, hits: float = 0.5) -> Labels:
    """A sample coded without a fault."""
    drawn = sample_sentences(found, n=n, hits=hits)
    told = drawn.sample.merge(tell(found.corpus), on=["article_id", "sentence"])
    rows = told[["article_id", "sentence"]].assign(entry="war", coder="a", label=np.where(told["holds"], "yes", "no"), note="")
    return replace(drawn, rows=make_table("Labels", rows))


def test_share_corrected_by_finger():
    found = find(entries=["war"], news=make_war())
    labels = code(found, 80)
    table = check_table(correct_rates(found, labels).table, "Estimates").set_index("outlet")
    coded = labels.settled.merge(tell(found.corpus), on=["article_id", "sentence"])
    outlet = coded["article_id"].map(found.corpus.articles.set_index("article_id")["outlet"])
    every = tell(found.corpus)
    for name, row in table.iterrows():
        own, part = coded[outlet == name], every[every["article_id"].map(found.corpus.articles.set_index("article_id")["outlet"]) == name]
        shares = own.groupby("found")["holds_x"].mean()  # as each of a stratum has the same chance
        assert row["estimate"] == pytest.approx(shares[True] * part["found"].mean() + shares[False] * (~part["found"]).mean())
        assert row["raw"] == pytest.approx(part["found"].mean()) and row["n_mentions"] == part["found"].sum()
        assert row["n_coded"] == len(own) and row["low"] < row["estimate"] < row["high"]


def test_where_all_is_coded_the_share_is_the_true_one_and_only_stories_vary():
    found = find(entries=["war"], news=make_war())
    every = tell(found.corpus)
    table = correct_rates(found, code(found, len(every), every["found"].mean()), by="").table
    assert table["estimate"].tolist() == pytest.approx([every["holds"].mean()]) and table["n_coded"].tolist() == [len(every)]
    sampled = correct_rates(found, code(found, 60), by="").table
    assert table["high"][0] - table["low"][0] < 0.7 * (sampled["high"][0] - sampled["low"][0])


def test_estimate_and_interval_are_those_of_ppi_where_the_designs_coincide():
    """One outlet, one sentence an article, a simple random sample: what Angelopoulos and others have written."""
    news = make_war(6000, 1, (0.25, 0.1, 0.1, 0.55))
    news = replace(news, articles=news.articles.assign(outlet="a.com"))
    found, every = find(entries=["war"], news=news), tell(news)
    drawn = np.random.default_rng(5).choice(len(every), 600, replace=False)
    coded, rest = every.iloc[drawn], every.drop(index=every.index[drawn])
    place = coded[["article_id", "sentence", "start", "end"]].assign(stratum="all", probability=600 / len(every))
    rows = coded[["article_id", "sentence"]].assign(entry="war", coder="a", label=np.where(coded["holds"], "yes", "no"), note="")
    labels = Labels(make_table("Sample", place), make_table("Labels", rows), news, found.codebook, ("war",))
    (row,) = correct_rates(found, labels, by="").table.to_dict("records")
    given = coded["holds"].to_numpy(float), coded["found"].to_numpy(float), rest["found"].to_numpy(float)
    low, high = (float(np.squeeze(bound)) for bound in ppi_mean_ci(*given, alpha=0.05))
    assert row["estimate"] == pytest.approx(float(np.squeeze(ppi_mean_pointestimate(*given))), abs=0.05 * (high - low))
    assert row["high"] - row["low"] == pytest.approx(high - low, rel=0.05)


def test_rogan_and_gladen_say_the_same_by_sensitivity_and_specificity():
    found = find(entries=["war"], news=make_war(400))
    labels = code(found, 600)
    (row,) = correct_rates(found, labels, by="").table.to_dict("records")
    coded = labels.settled.merge(tell(found.corpus)[["article_id", "sentence", "found"]], on=["article_id", "sentence"])
    weight = 1 / coded["probability"]
    sensitivity = (weight * coded["holds"] * coded["found"]).sum() / (weight * coded["holds"]).sum()
    specificity = (weight * ~coded["holds"] * ~coded["found"]).sum() / (weight * ~coded["holds"]).sum()
    assert row["estimate"] == pytest.approx((row["raw"] + specificity - 1) / (sensitivity + specificity - 1), rel=0.01)


@pytest.mark.parametrize("pattern", ["calm", "zebra"])
def test_a_machine_that_says_the_opposite_or_nothing_is_corrected_too(pattern):
    found = find(entries=["war"], news=make_war(200))
    wrong = find(make_book(make_entry("war", [pattern])), ["war"], found.corpus)
    (row,) = correct_rates(wrong, code(found, 300), by="").table.to_dict("records")
    truth = tell(found.corpus)["holds"].mean()
    assert row["low"] <= truth <= row["high"] and not row["low"] <= row["raw"] <= row["high"]


def test_few_labels_say_how_many_more():
    found = find(entries=["war"], news=make_war())
    (first, second) = correct_rates(found, code(found, 16, 0.25)).table.to_dict("records")
    for row in (first, second):
        assert np.isnan([row["low"], row["high"]]).all()
        assert row["note"] == "coded: 2 with a match, 6 without; code 3 more: no interval"


def test_labels_of_other_outlets_and_weeks_are_left_out():
    whole = find(entries=["war"], news=make_war())
    labels = code(whole, 120)
    articles = whole.corpus.articles[whole.corpus.articles["outlet"] == "a.com"]
    own = whole.corpus.spans["article_id"].isin(articles["article_id"]).to_numpy()
    small = replace(whole.corpus, articles=articles, spans=whole.corpus.spans[own], kept=whole.corpus.kept[own])
    own = correct_rates(find(entries=["war"], news=small), labels).table
    pd.testing.assert_series_equal(own["estimate"], correct_rates(whole, labels).table["estimate"].head(1))
    assert own["outlet"].tolist() == ["a.com"]


def test_what_is_not_coded_is_refused():
    found = find(entries=["war"], news=make_war())
    labels = code(found, 30)
    with pytest.raises(ToolkitError) as fault:
        estimate_accuracy(find(entries=["peace"], news=found.corpus), labels)
    assert str(fault.value) == "estimate_accuracy: no sentence of toy is coded for Peace. Coded: war. Give mentions of what was coded."


def test_corrected_intervals_hold_the_truth_and_are_narrower_than_those_of_the_sample_alone():
    for world in (World(9, 100, 400), World(9, 20, 400)):
        table = sum_rows(simulate(world, 60))
        assert 93 <= table.loc["corrected", "held"] <= 98.5 and table.loc["raw", "held"] < 90
        assert table.loc["corrected", "width"] < 0.93 * table.loc["alone", "width"]


def test_accuracy_is_that_of_sklearn_with_weights():
    found = find(entries=["war"], news=make_war(200))
    labels = code(found, 300)
    accuracy = check_table(estimate_accuracy(found, labels).table, "Estimates").set_index("score")
    coded = labels.settled.merge(tell(found.corpus)[["article_id", "sentence", "found"]], on=["article_id", "sentence"])
    scores = precision_recall_fscore_support(coded["holds"], coded["found"], average="binary", sample_weight=1 / coded["probability"])
    assert accuracy["estimate"].tolist() == pytest.approx(scores[:3]) and accuracy["n_coded"].tolist() == [300] * 3
    assert (accuracy["low"] < accuracy["estimate"]).all() and (accuracy["estimate"] < accuracy["high"]).all()
    by_outlet = estimate_accuracy(found, labels, by="outlet").table.set_index(["outlet", "score"])
    assert by_outlet.loc[("b.com", "precision"), "estimate"] == 1 and by_outlet.loc[("a.com", "precision"), "high"] < 0.8


def test_corrected_numbers_and_accuracy_are_shown():
    found = find(entries=["war"], news=make_war())
    labels = code(found, 100)
    assert "n_coded" in next(iter(draw(correct_rates(found, labels)).files.values()))
    assert "a.com" in show_numbers(correct_rates(found, labels)).text
    assert "precision" in show_numbers(estimate_accuracy(found, labels, by="outlet")).text


def test_intervals_of_accuracy_hold_the_truth_of_the_corpus():
    found = find(entries=["war"], news=make_war(300))
    every = tell(found.corpus)
    truth = np.array(precision_recall_fscore_support(every["holds"], every["found"], average="binary")[:3])
    held = []
    for seed in range(40):
        table = estimate_accuracy(found, code(replace(found, corpus=replace(found.corpus, seed=seed)), 150)).table
        held.append((table["low"] <= truth) & (truth <= table["high"]))
    assert np.mean(held) > 0.9  # of 120, which vary together by three: 95 % less two standard errors


def test_ratio_of_two_shares_is_bounded_as_the_slow_way_has_it():
    """A ratio is in the interval when numerator less ratio times denominator may be 0, margins added up by their squares."""
    top, bottom = np.array([[0.02], [0.005], [0.06]]), np.array([[0.07], [0.05], [0.09]])

    def misses(ratio):
        gap = top[0, 0] - ratio * bottom[0, 0]
        sides = (1, 2) if gap > 0 else (2, 1)
        return gap**2 - (top[sides[0], 0] - top[0, 0]) ** 2 - ratio**2 * (bottom[sides[1], 0] - bottom[0, 0]) ** 2

    low, high = optimize.brentq(misses, 0, 2 / 7), optimize.brentq(misses, 2 / 7, 10)
    assert _divide(top, bottom)[:, 0].tolist() == pytest.approx([2 / 7, low, high])


def test_an_entry_on_which_readers_do_not_agree_is_marked_and_told():
    found = find(entries=["war"], news=make_war())
    labels = code(found, 80)
    other = labels.rows.assign(coder="b", label=["yes" if at % 2 else "no" for at in range(len(labels.rows))])
    settled = labels.rows.assign(coder="settled")
    poor = correct_rates(found, replace(labels, rows=pd.concat([labels.rows, other, settled])))
    assert poor.table["note"].tolist() == [POOR] * 2
    assert "Not reliable, readers agree too little: " in draw(poor).caption
    assert show_finding(poor).text == "Coders agree too little for a finding on words of war."
    alike = correct_rates(found, replace(labels, rows=pd.concat([labels.rows, labels.rows.assign(coder="b")])))
    assert alike.table["note"].tolist() == ["", ""]
    assert poor.table["estimate"].tolist() == alike.table["estimate"].tolist()  # what was settled counts


def test_without_any_label_the_raw_shares_stand_alone():
    found = find(entries=["war"], news=make_war())
    none = correct_rates(found, replace(code(found, 10), rows=make_table("Labels")))
    assert none.table["estimate"].isna().all() and none.table["raw"].gt(0).all()
    assert none.table["note"].tolist() == ["coded: 0 with a match, 0 without; code 10 more: no interval"] * 2
    assert draw(none).png and "code 10 more" in show_numbers(none).html


def code_articles(found: Mentions, n: int, *, stop: bool = False) -> Labels:
    """Articles coded whole without a fault; with `stop`, each only as far as the first sentence that holds war."""
    drawn = sample_sentences(found, n=n, whole=True)
    told = drawn.sample.merge(tell(found.corpus)[["article_id", "sentence", "holds"]], on=["article_id", "sentence"])
    if stop:
        told = told[told.groupby("article_id")["holds"].transform(lambda holds: holds.cumsum().shift(fill_value=0)) == 0]
    rows = told[["article_id", "sentence"]].assign(entry="war", coder="a", label=np.where(told["holds"], "yes", "no"), note="")
    return replace(drawn, rows=make_table("Labels", rows))


def test_whole_articles_are_drawn_with_all_their_sentences_together():
    found = find(entries=["war"], news=make_war())
    sample = sample_sentences(found, n=20, whole=True).sample
    assert sample["article_id"].nunique() == 20 and len(sample) == 200
    assert sample["sentence"].tolist() == [*range(10)] * 20 and sample["stratum"].str.startswith("whole articles, ").all()
    told = tell(found.corpus).groupby("article_id")["found"].any()
    outlets = found.corpus.articles.set_index("article_id")["outlet"]
    for (outlet, is_found), own in sample.groupby([sample["article_id"].map(outlets), sample["article_id"].map(told)]):
        there = (told == is_found) & (outlets[told.index] == outlet)
        assert own["probability"].tolist() == pytest.approx([own["article_id"].nunique() / there.sum()] * len(own))


def test_share_of_articles_corrected_by_finger():
    found = find(entries=["war"], news=make_war(200, 4))
    labels = code_articles(found, 80)
    every = tell(found.corpus).groupby("article_id")[["holds", "found"]].any()
    outlets = found.corpus.articles.set_index("article_id")["outlet"][every.index]
    coded = every[every.index.isin(labels.sample["article_id"])]
    made = correct_rates(found, labels, share="articles")
    assert "Corrected by coded articles." in draw(made).caption
    for name, row in check_table(made.table, "Estimates").set_index("outlet").iterrows():
        own, part = coded[outlets[coded.index] == name], every[outlets == name]
        shares = own.groupby("found")["holds"].mean()
        assert row["estimate"] == pytest.approx(shares[True] * part["found"].mean() + shares[False] * (~part["found"]).mean())
        assert row["raw"] == pytest.approx(part["found"].mean()) and row["n_coded"] == len(own) and row["note"] == ""
        assert row["low"] < row["estimate"] < row["high"] and row["low"] <= part["holds"].mean() <= row["high"]
    assert made.name == "corrected-articles-by-outlet" and "Share of articles, by outlet" in show_numbers(made).text
    assert "the fewer articles are coded" in show_numbers(made).html


def test_the_rest_of_an_article_that_holds_the_entry_need_not_be_coded():
    found = find(entries=["war"], news=make_war(200, 4))
    whole, part = code_articles(found, 80), code_articles(found, 80, stop=True)
    assert len(part.rows) < len(whole.rows)
    pd.testing.assert_frame_equal(*(correct_rates(found, one, share="articles").table for one in (whole, part)))


def test_articles_coded_in_part_are_to_be_finished():
    found = find(entries=["war"], news=make_war(200, 4))
    labels = code_articles(found, 80)
    holds = labels.rows.groupby("article_id")["label"].transform(lambda said: (said == "yes").any())
    outlets = labels.rows["article_id"].map(found.corpus.articles.set_index("article_id")["outlet"])
    dropped = labels.rows[~holds & (outlets == "a.com")].drop_duplicates("article_id").index[:3]
    table = correct_rates(found, replace(labels, rows=labels.rows.drop(index=dropped)), share="articles").table.set_index("outlet")
    assert np.isnan(table.loc["a.com", "low"]) and "finish 3 articles: no interval" in table.loc["a.com", "note"]
    assert table.loc["a.com", "n_coded"] + 3 == correct_rates(found, labels, share="articles").table["n_coded"][0]
    assert not np.isnan(table.loc["b.com", "low"])


def test_each_kind_of_sample_corrects_its_own_share():
    found = find(entries=["war"], news=make_war())
    with pytest.raises(ToolkitError) as fault:
        correct_rates(found, code(found, 40), share="articles")
    said = "correct_rates: these labels are of single sentences, which do not say what the others hold."
    assert str(fault.value) == f"{said} Draw articles: sample_sentences(mentions, whole=True)."
    for estimate in (correct_rates, estimate_accuracy):
        with pytest.raises(ToolkitError, match=r"these labels are of whole articles, .* Draw sentences: .*whole=False\)\."):
            estimate(found, code_articles(found, 20))
    with pytest.raises(ToolkitError, match=r"share='words' is not corrected\. Allowed: articles, sentences\."):
        correct_rates(found, code(found, 40), share="words")
    both, one = code(found, 40), code_articles(found, 20)
    joined = replace(both, sample=pd.concat([both.sample, one.sample]), rows=pd.concat([both.rows, one.rows]))
    joined = replace(joined, sample=joined.sample.drop_duplicates(["article_id", "sentence"], keep="last"))
    assert correct_rates(found, joined, share="articles").table["n_coded"].sum() == 20


def test_corrected_shares_of_articles_hold_the_truth():
    table = sum_rows(simulate(World(9, 100, 360, whole=True), 40))
    assert 93 <= table.loc["corrected", "held"] <= 98 and table.loc["raw", "held"] < 80
    assert table.loc["corrected", "width"] < 0.93 * table.loc["alone", "width"]
