"""Time and memory of learning boilerplate from articles made up: python -m tests.benchmarks.learn_boilerplate 200000."""

import random
import resource
import sys
import time

import pandas as pd

from tests.parsing.learned import learn_lines


def write_article(chance: random.Random) -> str:
    """Write twenty paragraphs of twenty words, and a line that a tenth of the articles of an outlet share."""
    paragraphs = [" ".join(f"w{chance.randrange(50_000)}" for _ in range(20)) + "." for _ in range(20)]
    return "\n\n".join([*paragraphs, "Sign up to our letter." if chance.random() < 0.1 else "It goes on."])


if __name__ == "__main__":
    n_articles, chance = int(sys.argv[1]), random.Random(1)
    texts = [write_article(chance) for _ in range(n_articles)]
    articles = pd.DataFrame({"outlet": chance.choices(["a", "b", "c"], k=n_articles), "headline": None, "text": texts})
    started = time.process_time()
    learned = learn_lines(articles)
    seconds = time.process_time() - started
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_articles:,} articles: {seconds:.0f} CPU seconds, {held:,.0f} MB at most, {len(learned)} lines learned")
