"""One contrast under many choices: which conclusions hold?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.coding import Labels
from toolkit.counting import Attributions, Mentions, keep_entries, keep_voice
from toolkit.counting.mentions import is_of
from toolkit.counting.sourcing.voices import check_speech
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.comparing import compare_pair
from toolkit.estimating.corrections import correct_rates
from toolkit.estimating.estimates import Estimates, Measure, order_columns
from toolkit.estimating.rates import estimate_rates, estimate_shares
from toolkit.parsing.corpus import keep_articles, narrow_corpus
from toolkit.parsing.stories import find_firsts

# Actors whose mix is held fixed, those named most often: of more, too many have too few articles to be compared (our choice).
MOST_ACTORS = 10


def estimate_robustness(found: Mentions, speech: Attributions, *, pair: Sequence[str] = (), labels: Labels | None = None) -> Estimates:
    """Compare two outlets under every way of counting: does the conclusion depend on a choice?

    Any published number is one of many possible ones. The ratio of the two outlets is therefore estimated per 1,000 words and as a share of
    articles; in all words and in the outlet's own voice; for all articles and for one per story; at the same mix of main actors, and of
    weeks; without each part of the entry in turn; and corrected by coded sentences.

    Args:
        found: Mentions of the entry; if several are measured, the first is used.
        speech: Attributions in the same corpus.
        pair: Two outlets; default: those with the highest and the lowest rate among those with an interval.
        labels: Coded sentences, for the corrected ratio.

    Returns:
        One ratio per way of counting (`specification`), with its interval; missing if an outlet has too few mentions. The first is the one
        that pages use.

    Raises:
        ToolkitError: When an outlet is not in the corpus, or fewer than two have an interval.

    Source: specification curve: Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4; intervals as in `compare_groups`.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> found = find_mentions(read_corpus("ukraine-korea"), "frames", "conflict")
        >>> estimate_robustness(found, find_attributions(find_mentions(found.corpus, "actors")))
        Traceback (most recent call last):
        ...
        toolkit.errors.ToolkitError: estimate_robustness: fewer than two outlets have an interval. Widen the outlets or dates.
    """
    check_speech(found, speech, "estimate_robustness")
    found, articles = replace(found, entries=found.entries[:1]), found.corpus.articles
    first = estimate_rates(keep_voice(found, speech, "own voice"))
    known = first.table[first.table["low"].notna()].sort_values("estimate", ascending=False)["outlet"].tolist()
    outlets = sorted(first.table["outlet"])
    if pair and not (len({*pair}) == 2 and {*pair} <= {*outlets}):
        raise ToolkitError(f"estimate_robustness: pair={', '.join(pair)!r} is not two outlets. {name_choices(pair[-1], outlets)}")
    if len(known) < 2 and not pair:
        raise ToolkitError("estimate_robustness: fewer than two outlets have an interval. Widen the outlets or dates.")
    one, other = pair or (known[0], known[-1])
    ways = dict(_list_ways(found, speech, labels, [one, other]))
    tables = [made.table.set_index("outlet") for made in ways.values()]
    ratios = [compare_pair(table, one, other, level=first.level) for table in tables]
    table = pd.DataFrame({"specification": list(ways), "entry": found.entries[0]})
    counts = {name: [int(way.loc[[one, other], name].sum()) for way in tables] for name in ("n_mentions", "n_articles", "n_words")}
    notes = ["" if np.isfinite(low) else "too little in one of the two: no interval" for _, low, _ in ratios]
    table = table.assign(**dict(zip(("estimate", "low", "high"), zip(*ratios, strict=True), strict=True)), **counts, note=notes)
    known_as = found.corpus.outlets
    unit = f"times as frequent in {known_as.get(one, one)} as in {known_as.get(other, other)}"
    shown = articles.loc[articles["outlet"].isin([one, other]), ["article_id"]]
    behind = pd.concat([made.behind.merge(shown).assign(specification=name) for name, made in ways.items()])
    return replace(first, table=order_columns(table), measure=Measure("robustness", unit, "mention", part=False), behind=behind)


def _list_ways(found: Mentions, speech: Attributions, labels: Labels | None, pair: Sequence[str]) -> Iterator[tuple[str, Estimates]]:
    """List the ways to estimate, that of the pages first, and what each gives by outlet."""
    articles = found.corpus.articles
    once = _keep_part(found, speech, find_firsts(articles).reindex(articles.index, fill_value=False))
    for voice in ("own voice", "all"):
        for estimate, name in ((estimate_rates, "rate"), (estimate_shares, "share of articles")):
            for (told, said), stories in (((found, speech), "all articles"), (once, "once per story")):
                yield f"{name}, {'all voices' if voice == 'all' else voice}, {stories}", estimate(keep_voice(told, said, voice))
    own, (entry,) = keep_voice(found, speech, "own voice"), found.entries
    told, said = _keep_part(own, speech, articles["outlet"].isin(pair))
    often = said.actors.measured["entry"].value_counts().index[:MOST_ACTORS]
    yield "rate, at the same mix of actors", estimate_rates(told, over=keep_entries(said.actors, [*often]))
    yield "rate, at the same mix of weeks", estimate_rates(told, over="week")
    for inner in (one for one in found.codebook.entries if one.parent == entry):
        yield f"rate, without {inner.label}", estimate_rates(replace(own, rows=own.rows[~is_of(own.rows["entry"], [inner.id])]))
    if labels is not None and entry in set(labels.settled["entry"]):
        yield "share of sentences, corrected by coding", correct_rates(found, labels)


def _keep_part(found: Mentions, speech: Attributions, kept: pd.Series) -> tuple[Mentions, Attributions]:
    """Keep some articles, and what was found in them."""
    part = narrow_corpus(found.corpus, kept, "a part")
    told, actors = (replace(one, corpus=part, rows=keep_articles(one.rows, part.articles)) for one in (found, speech.actors))
    return told, replace(speech, rows=keep_articles(speech.rows, part.articles), actors=actors)
