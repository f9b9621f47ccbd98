"""Words that set one group of articles apart from another, and words around an actor: how many times as often, and how sure."""

import numpy as np
import pandas as pd

from toolkit.counting.counts import list_searched, locate, number_sentences
from toolkit.counting.mentions import Ids, Mentions, is_of, list_labels
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.comparing import OTHERS
from toolkit.estimating.estimates import PLACE, Listing, list_groups, name_groups
from toolkit.estimating.intervals import MIN_ARTICLES
from toolkit.parsing.corpus import Corpus, cut_texts
from toolkit.parsing.words import blank_between, fold
from toolkit.tables import check_record, make_table

KEYS = ("where", "term")
_SHOWN = (*KEYS, "n_mentions", "n_others", "log_ratio", "z", "dispersion", "n_stories")  # the table, and so its file, has the others too


def estimate_keyness(found: Corpus | Mentions, *, pair: Ids, by: str = "outlet", least: int = 10, most: int = 25) -> Listing:
    """Find the words, or the entries of a codebook, that set one group of articles apart from another.

    A critic would ask three things. Is it one article? What is listed occurs in five stories of its group, and `dispersion` says how
    unevenly it is spread over them. Is it chance? `bic` from 2 on speaks for a difference, from 10 on strongly. G² and z take words for
    independent, which they are not, since they come in bursts: read them as an order, not as a test. Is it much? A `log_ratio` of 1 is
    twice as often, 2 is four times.

    Args:
        found: The corpus, whose words are compared; or mentions, whose entries are.
        pair: One group, which is compared with all others, or two: `["tass.com", "bbc.co.uk"]`.
        by: What makes the groups: `outlet`, `day`, `week`, `month` or `year`.
        least: Fewest occurrences in both groups together.
        most: How many of each group at most.

    Returns:
        Table Keyness: what is more frequent in the first group, by z; then what is in the second. Words are in small letters; they are
        those of the sentences searched, so boilerplate is left out; `US` and `us` are one, and those of one letter are not listed. Rates
        are per 1,000 words. Each row opens its uses in `show_numbers`.

    Raises:
        ToolkitError: When the argument is neither, or there are no such groups.

    Source: log ratio: Hardie 2014; half an occurrence stands for none. G²: Dunning 1993, over all four cells, by scipy. BIC: Wilson 2013,
        G² less the log of all words. Log-odds with an informative Dirichlet prior, and z: Monroe, Colaresi & Quinn 2008; the prior is the
        frequency in both groups and weighs as much as a story of mean length (our choice). Dispersion: DP of Gries 2008, over stories.
        Tests hold G² to scipy's chi2_contingency, DP to Gries's example, log-odds and z to their formula, worked word by word.

    Example:
        >>> from toolkit import read_corpus
        >>> estimate_keyness(read_corpus("ukraine-korea"), pair="scmp.com")
        Traceback (most recent call last):
        ...
        toolkit.errors.ToolkitError: estimate_keyness: pair='scmp.com' is not one group with others beside it, or two. Allowed: unknown.
    """
    check_record(found, Mentions if isinstance(found, Mentions) else Corpus, "estimate_keyness")
    corpus, given = found if isinstance(found, Corpus) else found.corpus, [pair] if isinstance(pair, str) else list(pair)
    base, groups = list_searched(corpus), [*given, OTHERS][:2]
    named = name_groups(base, list_groups([by]))[by]
    group = named.where(named.isin(given), OTHERS)
    if len(given) > 2 or len({*groups} & {*group}) < 2:
        said = f"estimate_keyness: pair={', '.join(given)!r} is not one group with others beside it, or two."
        raise ToolkitError(f"{said} {name_choices(''.join(given[-1:]), {*named})}")
    if isinstance(found, Mentions):
        own = [found.measured.loc[is_of(found.measured["entry"], [id]), PLACE].assign(term=id) for id in found.entries]
        uses, labels, told = pd.concat(own), {"term": found.codebook.labels}, (found.codebook.id, found.codebook.kind)
    else:
        uses, labels, told = list_words(corpus), {}, ("words", "frames")
    base = base.assign(where=pd.Categorical(group, groups))
    rows = locate(uses["article_id"], base)
    uses = uses.assign(where=base["where"].array.take(rows), story=base["story"].array.take(rows))
    table, behind = compare_uses(uses, base.groupby(["where", "story"], observed=True)["n_words"].sum(), least, most)
    known = [corpus.outlets.get(one, one) for one in groups]
    name, title, labels = "-".join(["keyness", *given]), f"What sets {known[0]} apart from {known[1]}", {**labels, "where": corpus.outlets}
    return Listing(name, title, table, _SHOWN, "n_mentions", behind, KEYS, labels, corpus, *told)


def estimate_collocates(mentions: Mentions, *, window: int = 5, least: int = 5, most: int = 25) -> Listing:
    """Find the words around an actor, or any entry: which are more frequent near its mentions than elsewhere?

    A critic would ask where the actor's company ends: at the end of the sentence, and `window` words before and after a mention, which are
    counted once however many mentions they are near. The words of the mentions themselves are left out.

    Args:
        mentions: Mentions of the entries; each that is measured has its own words.
        window: Words on either side.
        least: Fewest occurrences of a word in the corpus.
        most: How many words of each entry at most.

    Returns:
        Table Keyness, with the entry in place of the group: of each those words that are more frequent near it than elsewhere, by z. Near
        and elsewhere are all words searched.

    Raises:
        ToolkitError: When the argument is not Mentions.

    Source: measures as in `estimate_keyness`; contingency of near and elsewhere: Evert 2008, §4.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> estimate_collocates(find_mentions(read_corpus("ukraine-korea"), "actors", "UKR"))
        Words around Ukraine: 0 rows, actors in ukraine-korea
    """
    check_record(mentions, Mentions, "estimate_collocates")
    corpus, book, hits, parts = mentions.corpus, mentions.codebook, mentions.measured, []
    base, words = list_searched(corpus), list_words(corpus)
    at, sentence = (locate(words["article_id"], base) << 32) + words["start"].to_numpy(), number_sentences(words, base)
    words = words.assign(story=base["story"].array.take(at >> 32))
    for entry in mentions.entries:
        own = hits[is_of(hits["entry"], [entry])]
        first, last = (np.searchsorted(at, (locate(own["article_id"], base) << 32) + own[edge].to_numpy()) for edge in ("start", "end"))
        steps = np.concatenate([first[:, None] - np.arange(1, window + 1), last[:, None] + np.arange(window)], axis=1)
        near = steps[sentence.take(steps, mode="clip") == number_sentences(own, base)[:, None]]
        is_own = np.cumsum(np.bincount(first, minlength=len(at) + 1) - np.bincount(last, minlength=len(at) + 1))[:-1] > 0
        uses = words.assign(where=pd.Categorical.from_codes((~np.isin(np.arange(len(at)), near)).astype(int), [entry, ""]))[~is_own]
        parts.append(compare_uses(uses, uses.groupby(["where", "story"], observed=True).size(), least, most))
    table, behind = (pd.concat(some, ignore_index=True) for some in zip(*parts, strict=True))
    table, behind = (some[some["where"] != ""].reset_index(drop=True) for some in (table, behind))
    title, told = f"Words around {list_labels(book, mentions.entries)}", (corpus, book.id, book.kind)
    return Listing("collocates", title, table, _SHOWN, "n_mentions", behind, KEYS, {"where": book.labels}, *told)


def list_words(corpus: Corpus) -> pd.DataFrame:
    """List every word of the sentences searched: article_id, sentence, start, end, term (the word in small letters), by article and place.

    Example:
        >>> from toolkit import read_corpus
        >>> list_words(read_corpus("ukraine-korea"))["term"].tolist()[:3]
        ['ukraine', 'seeks', 'weapons']
    """
    spans = corpus.searched.sort_values(["article_id", "start"])
    texts = [fold(text) for text in cut_texts(corpus.articles, spans)]
    text, begin = blank_between(" ".join(texts)), np.cumsum([0, *(len(text) + 1 for text in texts)])
    is_word = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.int32) != ord(" ")
    start, end = np.flatnonzero(np.diff(is_word, prepend=False, append=False)).reshape(-1, 2).T
    row = np.searchsorted(begin, start, side="right") - 1
    told, moved = spans[["article_id", "sentence"]].iloc[row], spans["start"].to_numpy()[row] - begin[row]
    number, terms = pd.factorize(np.array(text.split(), dtype=object))
    return told.assign(start=start + moved, end=end + moved, term=pd.Categorical.from_codes(number, terms))


@np.errstate(invalid="ignore", divide="ignore")  # a place may have no words: nothing is listed then
def compare_uses(uses: pd.DataFrame, sizes: pd.Series, least: int, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare how often terms are used in two places: table Keyness, without what is in few stories; and the uses behind it.

    Args:
        uses: One row per use: where it is, `term`, `where` (one of two categories, or missing), `story`.
        sizes: Words by `where` and `story`.
        least: Fewest uses in both places.
        most: Terms of each at most.
    """
    from scipy.stats import power_divergence

    names = uses["where"].cat.categories
    n = uses.groupby(["term", "where"], observed=True).size().unstack(fill_value=0).reindex(columns=names, fill_value=0)
    n = n[(n.sum(axis=1) >= least) & (n.index.astype("str").str.len() > 1)]
    counts, mean = n.to_numpy(dtype=np.float64).T, sizes.groupby(level="story").sum().mean()
    whole = sizes.groupby(level="where", observed=False).sum().to_numpy(dtype=np.float64)[:, None]
    cells = np.stack([counts, whole - counts])
    expected = cells.sum(axis=1, keepdims=True) * whole / whole.sum()
    g2 = power_divergence(cells.reshape(4, -1), expected.reshape(4, -1), lambda_="log-likelihood").statistic
    seen = counts + mean * counts.sum(axis=0) / whole.sum()
    odds = np.log(seen / (whole + mean - seen))
    z = (odds[0] - odds[1]) / np.sqrt((1 / seen).sum(axis=0))
    (own, other), (size, rest) = (np.where(z > 0, both, both[::-1]) for both in (counts, whole))
    held = uses[uses["term"].isin(n.index)].groupby([*KEYS, "story"], observed=True).size()
    part = (sizes / sizes.groupby(level="where", observed=True).transform("sum")).reindex(held.index.droplevel("term")).to_numpy()
    away = (held / held.groupby(level=KEYS, observed=True).transform("sum") - part).abs() - part  # where it is not, its part is away too
    away = away.groupby(level=KEYS, observed=True).agg(["sum", "size"])
    made = {"where": np.where(z > 0, *names), "term": n.index.astype("str"), "n_mentions": own, "n_others": other}
    away = away.reindex(pd.MultiIndex.from_arrays([*made.values()][:2]))
    ratio = np.log2(own / size * rest / np.maximum(other, 0.5))
    made |= {"rate": 1000 * own / size, "rate_others": 1000 * other / rest, "log_ratio": ratio, "g2": g2, "bic": g2 - np.log(whole.sum())}
    made |= {"log_odds": np.abs(odds[0] - odds[1]), "z": np.abs(z)}
    listed = pd.DataFrame(made | {"dispersion": (1 + away["sum"].array) / 2, "n_stories": away["size"].array})
    listed = listed[listed["n_stories"] >= MIN_ARTICLES].dropna().sort_values(["z", "term"], ascending=[False, True])
    table = make_table("Keyness", pd.concat([listed[listed["where"] == name].head(most) for name in names], ignore_index=True))
    shown = uses[uses["term"].isin(table["term"])].astype(dict.fromkeys(KEYS, "str"))
    return table, shown.merge(table[[*KEYS]])[[*PLACE, *KEYS]]
