"""One text split into its sentences."""

import pandas as pd

from toolkit.parsing import split_sentences


def split_text(text, headline, *, learned=(), without=()):
    """Paragraph, part, start, end, quoted and number of words of each sentence."""
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["o"], "headline": [headline], "text": [text]}, dtype=object)
    boilerplate = pd.DataFrame({"outlet": "o", "line": sorted(learned)})
    sentences = split_sentences(articles, boilerplate=boilerplate, without=sorted(without))
    return list(sentences[["paragraph", "part", "start", "end", "quoted", "n_words"]].itertuples(index=False, name=None))
