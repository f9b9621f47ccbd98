"""A codebook seen from its patterns: what each found, with sentences; what changes without it; which words might be added."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.codebooks.records import Codebook, Entry, Pattern
from toolkit.counting import find_mentions, find_sentences_with
from toolkit.showing.charts import BLUE, GREY, HIGHEST, draw_figure, start_figure, use_style, wrap_label
from toolkit.showing.display import Chart, Shown, clean_text, write_block, write_csv, write_slug
from toolkit.showing.evidence import find_hits, find_marks, write_item
from toolkit.showing.numbers import write_table
from toolkit.showing.wording import find_labels, write_count, write_number
from toolkit.tables import check_table

HEAVY = 0.6
"""Share of an entry's mentions above which one pattern is the entry: it must be defended in the codebook (our choice)."""
PERCENT = "share of "  # how `write_number` knows a share


def draw_audit(audit: pd.DataFrame, *, codebooks: Sequence[Codebook] = (), name: str = "") -> Chart:
    """Draw how much of each entry its most frequent pattern makes: an entry that is one word is that word under another name.

    Args:
        audit: Audit.
        codebooks: Where labels are taken from.
        name: Of the chart and its file; made from the codebook if empty.

    Returns:
        The chart, at most twelve entries with ten mentions or more, those with the highest shares; its CSV file holds the whole audit.

    Raises:
        TableError: When the table does not fit its schema.

    Example:
        >>> from toolkit.tables import make_table
        >>> draw_audit(make_table("Audit")).alt
        'Dot chart of the share of the most frequent pattern in its entry: no entry has ten mentions.'
    """
    check_table(audit, "Audit")
    labels = find_labels(codebooks)
    first = audit.sort_values(["share", "pattern"], ascending=[False, True]).drop_duplicates(["codebook", "entry"])
    first = first[first["n_mentions"] / first["share"] >= 10] if len(first) else first
    drawn = first.head(HIGHEST)
    names = [labels.get((book, entry), entry) for book, entry in zip(drawn["codebook"], drawn["entry"], strict=True)]
    places, shares = list(range(len(drawn))), [100 * float(share) for share in drawn["share"]]
    with use_style():
        figure = start_figure(0.66 * max(1, len(drawn)) + 0.8)
        axes = figure.subplots()
        axes.scatter(shares, places, s=42, color=BLUE, zorder=3)
        axes.axvline(100 * HEAVY, color=GREY, linestyle="--", linewidth=1.2)
        for place, share, pattern in zip(places, shares, drawn["pattern"], strict=True):
            left = share > 50
            axes.text(
                share + (-2.5 if left else 2.5), place, wrap_label(pattern, 24), va="center", ha="right" if left else "left", fontsize=11
            )
        axes.set_yticks(places, [wrap_label(label, 20) for label in names])
        axes.set_ylim(max(1, len(drawn)) - 0.4, -0.6)
        axes.set_xlim(0, 103)
        axes.set_xlabel("% of the entry's mentions")
        png = draw_figure(figure)
    heavy = int((first["share"] > HEAVY).sum())
    said = f"{write_count(heavy, 'entry')} above {100 * HEAVY:.0f}%"
    top = f"Highest: {names[0]}, {drawn['pattern'].iloc[0]!r}, {write_number(shares[0] / 100, PERCENT)}." if names else ""
    alt = "Dot chart of the share of the most frequent pattern in its entry: " + (
        f"{said}. {top}" if names else "no entry has ten mentions."
    )
    left_out = f" Only the {HIGHEST} highest of {len(first)} are drawn; the data file has all." if len(first) > HIGHEST else ""
    caption = f"Share of the most frequent pattern in its entry, own mentions only. Dashed line: {100 * HEAVY:.0f}%; {said}.{left_out}"
    name = name or write_slug("audit", *dict.fromkeys(audit["codebook"]))
    return Chart(name, png, alt, caption, {f"{name}.csv": write_csv(audit)})


def show_audit(
    audit: pd.DataFrame,
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    codebook: Codebook,
    *,
    per_pattern: int = 10,
    seed: int,
) -> Shown:
    """Show every pattern of a codebook with what it found and a few of the sentences, drawn at random; and those that found nothing.

    Args:
        audit: Audit of the codebook.
        mentions: The mentions it was made from.
        sentences: The sentences that were searched.
        articles: Their articles.
        codebook: The codebook.
        per_pattern: Sentences shown of a pattern.
        seed: Of the draw.

    Returns:
        One foldable block for each entry.

    Raises:
        TableError: When the table does not fit its schema.

    Example:
        >>> from toolkit.tables import make_table
        >>> from toolkit import read_codebook
        >>> none = [make_table(name) for name in ("Audit", "Mentions", "Sentences", "Articles")]
        >>> show_audit(*none, read_codebook("frames"), seed=1).text
        'frames: 0 patterns, 0 of them found nothing, 0 mentions.'
    """
    check_table(audit, "Audit")
    labels, texts = find_labels([codebook]), dict(zip(articles["article_id"], articles["text"], strict=True))
    hits = find_hits(mentions[mentions["codebook"] == codebook.id], sentences, articles, seed)
    found = dict(list(hits.groupby(["entry", "pattern"], sort=False)))
    head = ["Pattern", "Mentions", "Share", "Articles", "Outlets", "Shared with another entry"]
    blocks = []
    for entry, rows in audit.groupby("entry", sort=False):
        lines: list[list[str]] = []
        samples: list[str] = []
        for row in rows.sort_values(["n_mentions", "pattern"], ascending=[False, True]).to_dict("records"):
            shared = f"{row['n_shared']:,} ({labels.get((codebook.id, row['shared_with']), '')})" if row["n_shared"] else "0"
            n_mentions = f"{row['n_mentions']:,}"
            if row["n_mentions"]:
                anchor = write_slug("evidence", codebook.id, str(entry), row["pattern"], f"{len(lines)}")
                some = found[entry, row["pattern"]]
                samples.append(_write_samples(row["pattern"], anchor, some, texts, codebook.kind, per_pattern))
                n_mentions = f'<a href="#{anchor}">{n_mentions}</a>'
            counted = [f"{row[column]:,}" for column in ("n_articles", "n_outlets")]
            share = write_number(row["share"], PERCENT) if row["n_mentions"] else "0.0%"
            lines.append([clean_text(row["pattern"]), n_mentions, share, *counted, clean_text(shared)])
        in_all = write_count(int(rows["n_mentions"].sum()), "mention")
        said = f"{labels[codebook.id, str(entry)]}: {write_count(len(rows), 'pattern')}, {in_all}"
        table = write_table(head, lines, f"Patterns of {entry}", 1, range(1, 5))
        blocks.append(f"<details><summary>{clean_text(said)}</summary>{table}{''.join(samples)}</details>")
    nothing = int((audit["n_mentions"] == 0).sum())
    in_all = write_count(int(audit["n_mentions"].sum()), "mention")
    text = f"{codebook.id}: {write_count(len(audit), 'pattern')}, {nothing:,} of them found nothing, {in_all}."
    return Shown(write_slug("patterns", codebook.id), write_block("".join(blocks), "fb-evidence"), text, text)


def show_suggestions(
    suggestions: pd.DataFrame,
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    codebook: Codebook,
    *,
    per_word: int = 3,
    seed: int,
) -> Shown:
    """Show words that keep company with entries, each with some of the sentences that hold both: a person decides what becomes a pattern.

    Args:
        suggestions: Suggestions.
        mentions: The mentions they were made from.
        sentences: The sentences that were searched.
        articles: Their articles.
        codebook: The codebook.
        per_word: Sentences shown of a word.
        seed: Of the draw.

    Returns:
        One foldable block for each entry, and the data file.

    Raises:
        TableError: When the table does not fit its schema.

    Example:
        >>> from toolkit.tables import make_table
        >>> from toolkit import read_codebook
        >>> none = [make_table(name) for name in ("Suggestions", "Mentions", "Sentences", "Articles")]
        >>> show_suggestions(*none, read_codebook("frames"), seed=1).text
        'frames: 0 words that might be looked at.'
    """
    check_table(suggestions, "Suggestions")
    labels, texts = find_labels([codebook]), dict(zip(articles["article_id"], articles["text"], strict=True))
    own, blocks = mentions[mentions["codebook"] == codebook.id], []
    for entry, rows in suggestions.groupby("entry", sort=False):
        beside = find_sentences_with(sentences, own, str(entry))
        looked_for = tuple(
            Entry(f"w{at}", word, "", "", (Pattern(word, "pattern", False, 0),), (), {}, (), "", 0) for at, word in enumerate(rows["word"])
        )
        words = Codebook("words", "language", "", "", "", "key", looked_for, "", "")
        hits = find_hits(find_mentions(articles, beside, words), beside, articles, seed)
        lines, samples = [], []
        for at, row in enumerate(rows.to_dict("records")):
            anchor = write_slug("evidence", "word", codebook.id, str(entry), str(at))
            some = hits[hits["entry"] == f"w{at}"]
            samples.append(_write_samples(row["word"], anchor, some, texts, "language", per_word))
            numbers = [f'<a href="#{anchor}">{row["n_both"]:,}</a>', f"{row['n_word']:,}", f"{row['n_articles']:,}"]
            times = write_number(2 ** row["log_ratio"])
            lines.append([clean_text(row["word"]), *numbers, times, write_number(row["g2"])])
        head = ["Word", "Sentences with both", "Sentences with the word", "Articles", "Times as frequent", "Log-likelihood"]
        table = write_table(head, lines, f"Words beside {entry}", 1, range(1, 6))
        said = f"{labels[codebook.id, str(entry)]}: {write_count(len(rows), 'word')}"
        blocks.append(f"<details><summary>{clean_text(said)}</summary>{table}{''.join(samples)}</details>")
    name = write_slug("suggestions", codebook.id)
    text = f"{codebook.id}: {write_count(len(suggestions), 'word')} that might be looked at."
    html = write_block("".join(blocks) or "<p>None.</p>", "fb-evidence")
    return Shown(name, html, text, text, {f"{name}.csv": write_csv(suggestions)})


def show_changes(changes: pd.DataFrame, *, codebooks: Sequence[Codebook] = (), most: int = 25) -> Shown:
    """Show the rates that move most, whichever way: without a pattern, or with another codebook.

    Args:
        changes: Changes.
        codebooks: Where labels are taken from.
        most: Rows shown; the data file has all.

    Returns:
        A table and its data file; of a dropped pattern the outlet that moves most.

    Raises:
        TableError: When the table does not fit its schema.

    Example:
        >>> from toolkit.tables import make_table
        >>> show_changes(make_table("Changes")).text
        'No rate moves.'
    """
    check_table(changes, "Changes")
    labels = find_labels(codebooks)
    moved = changes[changes["n_before"] != changes["n_after"]]
    size = moved["change"].abs().fillna(float("inf"))
    moved = moved.assign(size=size).sort_values(["size", "n_before", "outlet", "entry"], ascending=[False, False, True, True])
    keys = ["entry", "pattern"] if (moved["pattern"] != "").any() else ["entry", "outlet"]
    moved = moved[moved["n_before"] + moved["n_after"] >= 10] if keys[1] == "pattern" else moved
    top = moved.drop_duplicates(keys).head(most)
    lines, plain = [], []
    for row in top.to_dict("records"):
        label = labels.get((row["codebook"], row["entry"]), row["entry"])
        change = "new" if pd.isna(row["change"]) else f"{row['change']:+.0%}"
        rates = [write_number(row["rate_before"]), write_number(row["rate_after"])]
        names = [label, *([row["pattern"]] if keys[1] == "pattern" else []), row["outlet"]]
        lines.append([*map(clean_text, names), *rates, change, f"{row['n_before']:,}", f"{row['n_after']:,}"])
        plain.append(f"{', '.join(names)}: {rates[0]} to {rates[1]} ({change})")
    names = ["Entry", *(["Pattern dropped"] if keys[1] == "pattern" else []), "Outlet"]
    head = [*names, "Rate before", "Rate after", "Change", "Mentions before", "After"]
    caption = "Mentions per 1,000 words: the rates that move most"
    name = write_slug("changes", *dict.fromkeys(changes["codebook"]))
    html = write_block(write_table(head, lines, caption, len(names), range(len(names), len(head))))
    return Shown(name, html, "\n".join([caption, *plain]) if plain else "No rate moves.", caption, {f"{name}.csv": write_csv(changes)})


def _write_samples(said: str, anchor: str, hits: pd.DataFrame, texts: dict[str, str], kind: str, most: int) -> str:
    """A few sentences of one pattern, each article's first before any second, under a heading that links lead to."""
    shown = hits.drop_duplicates(["article_id", "sentence"])
    shown = shown.assign(again=shown.groupby("article_id").cumcount()).sort_values(["again", "lot"]).head(most)
    shown = shown.sort_values(["published", "article_id", "start"])
    marks = find_marks(hits, kind, shown)
    items = "".join(write_item(hit, texts[hit["article_id"]], marks) for hit in shown.to_dict("records"))
    n = len(hits.drop_duplicates(["article_id", "sentence"]))
    counted = f"{len(shown)} of {write_count(n, 'sentence')} shown" + (", drawn at random" if len(shown) < n else "")
    return f'<p class="fb-h" id="{anchor}" tabindex="-1">{clean_text(f"{said}: {counted}.")}</p><ul>{items}</ul>'
