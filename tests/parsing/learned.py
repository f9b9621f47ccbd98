"""Learn the boilerplate of articles in memory, for tests and benchmarks."""

import pandas as pd

from toolkit.parsing.learning import learn_boilerplate, sketch_lines
from toolkit.parsing.sentences import split_articles


def learn_lines(articles: pd.DataFrame) -> pd.DataFrame:
    """What `learn_boilerplate` learns of articles that are one part."""
    articles = articles.assign(article_id="")
    sentences = list(split_articles(articles))
    return learn_boilerplate([sketch_lines(articles, sentences)], lambda at: (articles[at : at + 1], sentences[at : at + 1]))[0]
