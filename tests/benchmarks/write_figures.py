"""Write the numbers of the book's prose: python -m tests.benchmarks.write_figures [--long] [--gold FOLDER --eval FOLDER]

Pages say {{ n_articles }} where a number belongs; this writes book/figures.json, from which the book takes it, and the tables in
book/_figures. There are three groups. `corpus` is what news-2017 answers in seconds: it is computed each time, and tests/test_figures.py
holds the pages to it. `long` (--long, a few minutes) needs a second reading or searching of the corpus, or the parse of its sentences.
`gold` needs the texts and annotations of others, which are not part of the project: --gold is the folder with their folders, --eval that of
their scorers. A group that is not asked for stays as it was written last.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit import (
    compare_groups,
    estimate_accuracy,
    estimate_agreement,
    estimate_rates,
    find_mentions,
    keep_entries,
    read_article,
    read_corpus,
    read_labels,
)
from toolkit.counting import matching
from toolkit.parsing import Corpus

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
FIGURES = BOOK / "figures.json"
VALIDITY = ROOT / "tests" / "validity"
sys.path[:0] = [str(VALIDITY), str(Path(__file__).parent)]

KINDS = {
    "name": "name",
    "alias": "alias",
    "metonym": "capital or seat of power",
    "surname": "surname",
    "given": "given name",
    "demonym": "adjective or people",
    "role": "office held at the article's date",
    "variant": "other spelling",
}
LOST = {
    "apostrophe": "apostrophe: *Trump's*, by `Trump`",
    "part of": "part of a hyphenated or dotted word: *US-led*, by `US`",
    "hyphen": "hyphen for a space: *cease-fire*, by `cease fire`",
    "other": "an overlap with what only one of them finds",
}
GAINED = {
    "in another case": "in another case: *us*, by `US`",
    "in boilerplate": "in boilerplate",
    "a short form": "a short form without its bearer, a longer name, an overlap, a `not`",
    "across": "across two sentences",
}
Texts = dict[str, str]


def compute_corpus() -> tuple[Texts, Texts]:
    """The figures that the sample corpus answers in seconds; and the tables, by name."""
    news, article = read_corpus("news-2017"), read_article("ukraine-korea")
    weeks = count_weeks(news)
    trends = read_corpus("news-2017", start=weeks)
    marks = news.flags[news.flags["flag"] == "unpaired quotation marks"].merge(news.articles[["article_id", "outlet"]])
    numbers = {
        "n_rows": len(news.articles) + len(news.refused),
        "n_articles": len(news.articles),
        "n_refused": len(news.refused),
        "n_outlets": news.articles["outlet"].nunique(),
        "n_words": news.articles["n_words"].sum(),
        "n_sentences": len(news.spans),
        "n_boilerplate": (news.spans["part"] == "boilerplate").sum(),
        "n_learned": len(news.learned),
        "n_repaired": news.repairs["article_id"].nunique(),
        "n_flagged": news.flags["article_id"].nunique(),
        "n_story_pairs": (news.articles["story"].value_counts() == 2).sum(),
        "n_in_trends": len(trends.articles),
        "n_unpaired": len(marks),
        "n_unpaired_bbc": (marks["outlet"] == "bbc.co.uk").sum(),
        "n_unpaired_chinadaily": (marks["outlet"] == "europe.chinadaily.com.cn").sum(),
        **{f"n_{name}": len(find_mentions(news, name).counted) for name in ("frames", "language")},
        **count_actors(news, article),
    }
    written, tables = score_coding_of_mentions()
    written |= count_coding(trends)
    home, tables["home"] = compare_home(trends)
    written |= home
    return {name: f"{int(number):,}" for name, number in numbers.items()} | {"first_full_week": weeks} | written, tables


HOME = {
    "abcnews.go.com": "USA",
    "aljazeera.com": "QAT",
    "bbc.co.uk": "GBR",
    "cnn.com": "USA",
    "dw.com": "DEU",
    "europe.chinadaily.com.cn": "CHN",
    "huffingtonpost.com": "USA",
    "rte.ie": "IRL",
    "tass.com": "RUS",
}
"""The state in which each outlet of the sample corpus has its seat."""


def compare_home(part: Corpus) -> tuple[Texts, str]:
    """How often each outlet names its own state, how often the others that have not the same one do, and how many times as often."""
    rows = [
        "| outlet | its state | mentions per 1,000 words | in outlets of other states | times as many (95% interval) |",
        "|---|---|--:|--:|--:|",
    ]
    figures: Texts = {}
    for outlet, state in HOME.items():
        abroad = [other for other, home in HOME.items() if home != state]
        some = read_corpus("news-2017", outlets=[outlet, *abroad], start=str(part.articles["published"].min().date()))
        named = find_mentions(some, "actors", state)
        rates = estimate_rates(named).table.set_index("outlet")["estimate"]
        compared = compare_groups(estimate_rates(named)).table
        row = compared[(compared["outlet"] == outlet) & (compared["against"] == "the others")].iloc[0]
        times = f"{row['estimate']:.1f} ({row['low']:.1f}–{row['high']:.1f})"
        label = named.codebook.labels[state]
        rows.append(f"| {part.outlets[outlet]} | {label} | {rates[outlet]:.2f} | {rates[abroad].mean():.2f} | {times} |")
        figures |= {"home_tass": times.partition(" ")[0]} if outlet == "tass.com" else {}
    return figures, "\n".join(rows)


def count_weeks(news: Corpus) -> str:
    """The first week of which every outlet has articles, as its Monday."""
    weeks = news.articles["published"].dt.to_period("W-SUN")
    n_outlets = news.articles.groupby(weeks)["outlet"].nunique()
    return str(n_outlets[n_outlets == news.articles["outlet"].nunique()].index.min().start_time.date())


def count_actors(news: Corpus, article: Corpus) -> dict[str, int]:
    """Mentions of actors: found, counted, and left out for what reason."""
    lenient, everything = (find_mentions(news, "actors", uses=uses) for uses in ("lenient", "all"))
    reasons = lenient.rows["left_out"].value_counts()
    return {
        "n_found": len(lenient.rows),
        "n_actors": len(lenient.counted),
        "n_with_places": len(everything.counted),
        "n_places": int(reasons["place"]),
        "n_offices": int(reasons["office"]),
        "n_usa": len(keep_entries(lenient, "USA").measured),
        "n_usa_all": len(keep_entries(everything, "USA").measured),
        "n_korea_article": len(find_mentions(article, "actors", "KOR").measured),
        "n_korea_article_all": len(find_mentions(article, "actors", "KOR", uses="all").measured),
    }


def score_coding_of_mentions() -> tuple[Texts, Texts]:
    """What the reference coding says of our mentions: shares by kind, in the first pass, and agreement of the passes."""
    from scipy.stats import binomtest
    from score_mentions import ALLOWED, LABELS, decide, estimate_alpha

    labels = pd.read_csv(LABELS, dtype={"coder": "str"})
    found = decide()
    first = labels[labels["coder"] == "1"].merge(found, on="id", suffixes=("", "_found"))
    rows = ["| how the mention was found | right actor, first pass | 95% interval (Wilson) |", "|---|---|---|"]
    sure = first[first["actor_right"] != "unsure"].assign(right=lambda table: table["actor_right"] == "yes")
    shares = {kind: (int(sure.loc[sure["via"] == kind, "right"].sum()), int((sure["via"] == kind).sum())) for kind in KINDS}
    for kind, (right, n) in sorted(shares.items(), key=lambda one: -one[1][0] / one[1][1]):
        rows.append(f"| {KINDS[kind]} | {right} of {n} | {write_wilson(binomtest(right, n))} |")
    figures = {"n_coded": f"{labels['id'].nunique()}", "n_coded_lost": f"{labels['id'].nunique() - len(found)}"}
    for column in ALLOWED:
        table = labels.pivot(index="coder", columns="id", values=column)
        figures[f"agreement_{column}"] = f"{100 * (table.loc['1'] == table.loc['2']).mean():.1f}%"
        figures[f"alpha_{column}"] = f"{estimate_alpha(table.loc['1'], table.loc['2']):.3f}"
    told = first[(first["use"] != "undecided") & (first["use_found"] != "undecided")]
    for via, use in (("metonym", "actor"), ("metonym", "place"), ("name", "actor")):
        own = told[(told["via"] == via) & (told["use_found"] == use)]
        right = int((own["use"] == use).sum())
        figures[f"{via}_{use}"] = f"{right} of {len(own)} ({write_wilson(binomtest(right, len(own)))})"
    return figures, {"coding": "\n".join(rows)}


def write_wilson(test: Any) -> str:  # Any: of scipy
    """Wilson's interval in per cent."""
    bounds = test.proportion_ci(method="wilson")
    return f"{100 * bounds.low:.0f}–{100 * bounds.high:.0f}%"


def compute_long() -> tuple[Texts, Texts]:
    """The figures that need a second reading or searching of the corpus, or the parse of its sentences."""
    news = read_corpus("news-2017")
    damaged = read_corpus("news-2017", without=["apostrophes", "quotation marks", "lost spaces", "mojibake"])
    marks = damaged.flags[damaged.flags["flag"] == "unpaired quotation marks"].merge(damaged.articles[["article_id", "outlet"]])
    figures = {"n_unpaired_before": len(marks), "n_unpaired_bbc_before": (marks["outlet"] == "bbc.co.uk").sum()}
    figures["n_unpaired_chinadaily_before"] = (marks["outlet"] == "europe.chinadaily.com.cn").sum()
    matching.PART, part = -9, matching.PART  # nothing is taken for a part of a longer name
    try:
        book = find_mentions(news, "actors").codebook
        n_with_parts = len(matching.match_articles(news.articles, news.searched, book))
    finally:
        matching.PART = part
    figures |= {"n_with_longer_names": n_with_parts, "n_in_longer_names": n_with_parts - len(find_mentions(news, "actors").rows)}
    types = score_types("news") | score_types("check") | measure_pronouns()
    return {name: f"{int(number):,}" for name, number in figures.items()} | types, {"quanteda": compare_with_quanteda(news)}


def compare_with_quanteda(news: Corpus) -> str:
    """The table of mentions here and with quanteda's defaults, and of where they differ."""
    from matching import compare_quanteda

    from toolkit import read_codebook

    found = [compare_quanteda(news, read_codebook(name)) for name in ("actors", "frames", "language")]
    rows = ["| mentions | actors | frames | language |", "|---|--:|--:|--:|"]
    rows += [f"| **Mentions here** | {' | '.join(f'{one[0]:,}' for one in found)} |"]
    rows += [f"| **With quanteda's defaults** | {' | '.join(f'{one[1]:,}' for one in found)} |"]
    for title, names, place in (("Found here only", LOST, 2), ("Found with its defaults only", GAINED, 3)):
        rows.append(f"| *{title}* | | | |")
        for begins, label in names.items():
            cells = [write_share(sum_up(one[place], begins), one[0]) for one in found]
            rows.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(rows)


def sum_up(counts: Counter[str], begins: str) -> int:
    """The count of the reason that begins so."""
    return sum(n for reason, n in counts.items() if reason.startswith(begins))


def write_share(n: int, of: int) -> str:
    """A number, and as a share."""
    return f"{n:,} ({100 * n / of:.1f}%)" if n else "0"


def count_coding(part: Corpus) -> Texts:
    """How far the two passes over 1,200 sentences agree, and how often the lists are right in them."""
    figures: Texts = {}
    for book in ("language", "frames"):
        coded = read_labels(BOOK / "labels" / f"news-2017-{book}.csv", part, book)
        agreed = estimate_agreement(coded).table.set_index("entry")["alpha"]
        scores = estimate_accuracy(find_mentions(part, book, coded.entries), coded).table.pivot(
            index="entry", columns="score", values="estimate"
        )
        for entry in coded.entries:
            name = entry.replace("-", "_")
            figures |= {f"alpha_{name}": f"{agreed[entry]:.2f}"}
            figures |= {f"{score.lower()}_{name}": f"{100 * scores.loc[entry, score]:.0f}%" for score in ("precision", "recall")}
    return figures


def score_types(name: str, *more: str) -> Texts:
    """How often our rules give a source the type that people gave it."""
    told = run([str(VALIDITY / "score_coding.py"), *more, str(VALIDITY / f"sources-{name}")])
    agreed = re.search(r"alike \((0\.\d+)\), Krippendorff's alpha (0\.\d+)", told)
    right = re.search(r"right (0\.\d+) \((0\.\d+)–(0\.\d+)\)", told)
    assert agreed and right, told
    figures = {f"types_{name}_agreement": f"{100 * float(agreed[1]):.1f}%", f"types_{name}_alpha": agreed[2]}
    figures[f"types_{name}"] = f"{100 * float(right[1]):.1f}%"
    figures[f"types_{name}_interval"] = f"{100 * float(right[2]):.1f}–{100 * float(right[3]):.1f}%"
    for label in ("named person", "document or data", "official body", "named organisation", "crowd"):
        hits = re.search(rf"^{label} .*precision (\d+)/(\d+)", told, re.MULTILINE)
        assert hits, label
        figures[f"types_{name}_{label.split()[0]}_{label.split()[-1]}"] = f"{100 * int(hits[1]) / int(hits[2]):.0f}%"
    return figures


PRONOUNS = {
    "gold: one person, as he or she": "gold_pronouns",
    "gold: one person, as a role without a name": "gold_roles",
    "news: source without a type": "news_untyped",
    "news: source is he or she": "news_pronouns",
    "news: of he and she, a name": "news_pronouns_named",
    "news: of he and she, a type and no name": "news_pronouns_typed",
    "news: of he and she, undecided": "news_pronouns_undecided",
    "news: of they and it, undecided": "news_they_undecided",
}


def measure_pronouns(*more: str) -> Texts:
    """What it costs that pronouns and roles without a name are no mentions; what stays undecided."""
    lines = run([str(VALIDITY / "measure_pronouns.py"), *more]).splitlines()
    return {PRONOUNS[name]: told for name, _, told in (line.rpartition(": ") for line in lines)}


def compute_gold(gold: Path, scorers: Path) -> Texts:
    """The figures that need the annotations of others, by their scorers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        countries = ["--format", "geowebnews", "--gold", str(gold / "geowebnews-even"), "--kind", "country"]
        persons = ["--format", "elevant", "--links", *map(str, sorted((gold / "news-fair").glob("*.jsonl"))), "--kind", "person"]
        told = {}
        for kind, words in (("country", countries), ("person", persons)):
            texts, listed, out = folder / kind, folder / f"{kind}.list", folder / f"{kind}.jsonl"
            texts.mkdir()
            run([str(scorers / "actors.py"), *words, "--write-docs", str(texts), "--write-codebook", str(listed)])
            book = ["bundled", "--roll-up"] if kind == "country" else [str(listed)]
            run([str(VALIDITY / "predict.py"), "actors", "--texts", str(texts), "--codebook", *book, "--out", str(out)])
            told[kind] = run([str(scorers / "actors.py"), *words, "--pred", str(out)])
        out = folder / "dev.jsonl"
        run([str(VALIDITY / "predict.py"), "attribution", "--texts", str(gold / "polnear" / "dev" / "text"), "--out", str(out)])
        speech = run([str(scorers / "attribution.py"), "--gold", str(gold / "polnear"), "--split", "dev", "--pred", str(out)])
    capitals = {kind: (int(n), int(hits)) for kind, n, hits in re.findall(r"capital (\w+) +n +(\d+), .* state +(\d+)", told["country"])}
    plain = ("Literal", "Literal_Modifier", "Metonymic")
    figures = {
        "geo_f1": find(r"overlap .*F1 0(\.\d+)", told["country"]),
        "geo_error": find(r"MAE (\d\.\d+)", told["country"]),
        "geo_capitals": f"{sum(n for n, _ in capitals.values())}",
        "geo_capitals_actor": f"{sum(hits for _, hits in capitals.values())}",
        "geo_capitals_right": f"{capitals['Metonymic'][1]}",
        "geo_capitals_metonymic": f"{capitals['Metonymic'][0]}",
        "geo_capitals_plain": f"{sum(capitals[kind][0] for kind in plain)}",
        "fair_f1": find(r"overlap .*F1 0(\.\d+)", told["person"])[:3],
        "polnear_source": find(r"^source .* 0(\.\d+)", speech),
        "polnear_full": find(r"^full .* 0(\.\d+)", speech),
    }
    for kind in ("direct", "mixed", "indirect"):
        figures[f"polnear_{kind}"] = find(rf"content {kind} .*?found 0(\.\d+)", speech)
    for name, place in (("right", 0), ("found", 1)):
        figures[f"polnear_{name}"] = f"{100 * float(re.findall(r'0[.][0-9]+', find('^(content-half .*)', speech))[place]):.0f}%"
    figures |= score_framing(gold, scorers) | score_learned(gold, scorers)
    figures |= measure_pronouns("--gold", str(gold / "polnear"))
    return figures | score_types("polnear", "--texts", str(gold / "polnear" / "train" / "text"))


def score_framing(gold: Path, scorers: Path) -> Texts:
    """Loaded words and frames by the bundled lists, on texts that others coded."""
    told, places = {}, {"babe": gold / "babe", "frames": gold / "narrative-frames", "gvfc": gold / "gvfc" / "gvfc_dev.csv"}
    with tempfile.TemporaryDirectory() as name:
        texts, out = Path(name) / "texts.jsonl", Path(name) / "out.jsonl"
        for task, place in places.items():
            words = [str(scorers / "framing.py"), "--task", task, "--gold", str(place), "--split", "dev"]
            run([*words, "--write-texts", str(texts)])
            run([str(VALIDITY / "predict.py"), "framing", "--task", task, "--texts", str(texts), "--out", str(out)])
            told[task] = run([*words, "--pred", str(out)])
    centre = re.search(r"group center .* positive (0\.\d+) +predicted (0\.\d+)", told["babe"])
    assert centre, told["babe"]
    figures = {"babe_f1": find(r"macro F1 0(\.\d+)", told["babe"]), "babe_words": find(r"^words .*F1 0(\.\d+)", told["babe"])}
    figures |= {
        f"babe_{name}": f"{100 * float(share):.0f}%" for name, share in zip(("centre", "centre_found"), centre.groups(), strict=True)
    }
    return figures | {f"{task}_auc": find(r"mean AUC 0(\.\d+)", told[task]) for task in ("frames", "gvfc")}


def score_learned(gold: Path, scorers: Path) -> Texts:
    """What is learned from coded texts tells of others: mean of ten draws of halves, by words and by vectors."""
    figures: Texts = {}
    for task, place, sizes in (("babe", gold / "babe", ("", "200")), ("gvfc", gold / "gvfc" / "gvfc_dev.csv", ("",))):
        for n, learner in ((n, learner) for n in sizes for learner in ("words", "vectors")):
            words = ["--task", task, "--gold", str(place), "--eval", str(scorers), "--learner", learner, *(["--n", n] if n else [])]
            told = run([str(VALIDITY / "score_framing.py"), *words])
            name = "_".join(filter(None, (task, "learned", learner, n)))
            figures[name] = find(rf"^{'macro_f1' if task == 'babe' else 'mean_auc'} +0(\.\d+)", told)
    return figures


def find(pattern: str, text: str) -> str:
    """What a scorer says."""
    found = re.search(pattern, text, re.MULTILINE)
    assert found, f"{pattern} in\n{text}"
    return found[1]


def run(words: list[str]) -> str:
    """Run a script with this Python, from the root of the project."""
    done = subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def read_figures() -> dict[str, Texts]:
    """The figures as they were written last, by group."""
    known: dict[str, Texts] = json.loads(FIGURES.read_text("utf8")) if FIGURES.is_file() else {}
    return known


def name_table(name: str) -> Path:
    """The file of a table."""
    return BOOK / "_figures" / f"{name}.md"


def write_figures(figures: Mapping[str, Texts], tables: Texts) -> None:
    """Write the figures, and tables that pages include."""
    FIGURES.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf8")
    for name, table in tables.items():
        name_table(name).parent.mkdir(exist_ok=True)
        name_table(name).write_text(table + "\n", "utf8")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="also what takes some minutes")
    parser.add_argument("--gold", type=Path, help="the folder of geowebnews-even, news-fair, polnear, babe, narrative-frames and gvfc")
    parser.add_argument("--eval", type=Path, help="the folder of the scorers actors.py, attribution.py and framing.py")
    given = parser.parse_args()
    before = read_figures()
    figures = dict(before)
    figures["corpus"], tables = compute_corpus()
    if given.long:
        figures["long"], more = compute_long()
        tables |= more
    if given.gold and given.eval:
        figures["gold"] = compute_gold(given.gold, given.eval)
    write_figures(figures, tables)
    for group, own in figures.items():
        for name, text in own.items():
            if (old := before.get(group, {}).get(name)) != text:
                print(f"{group} {name}: {old or 'new'} -> {text}")


if __name__ == "__main__":
    main()
