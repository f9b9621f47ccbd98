"""The named steps of cleaning: every change to a text, and everything that is left out of the counts, is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.errors import CorpusError, name_choices

STEPS: Mapping[str, str] = {
    # Repairs change the text, when it is read.
    "white space": "Line breaks and unusual spaces are written as LF and a space; invisible and control characters go.",
    "mojibake": "Text decoded in the wrong encoding and HTML entities are undone, with ftfy.",
    "composed letters": "A letter and its accent are written as one character, as in the codebooks (NFC).",
    "apostrophes": "A destroyed apostrophe inside a word is written again: Don\"t, We'r.",
    "quotation marks": 'Quotation marks, dashes and possessives are written again where "? or the like stands for them.',
    "lost spaces": "A space is written where one became a hyphen after the end of a sentence.",
    "line-end hyphens": "In a text wrapped by hand, a word that was parted at the end of a line is joined again.",
    # Parts leave the text as it is, and say what of it is no part of the story.
    "outlet suffix": "The outlet's name after the headline (… | BBC News) is no part of the headline.",
    "repeated headline": "The headline stands again: it would be counted twice.",
    "repeated standfirst": "A paragraph before the story is repeated in it: it would be counted twice.",
    "dateline": "The place before the story is a part of its own.",
    "wire slug": "The credit of a news agency after the dateline is no part of the story.",
    "byline": "Who wrote, reported or edited it is no part of the story: By Ann Bo, Reporting by Ann Bo.",
    "known boilerplate": "A pattern of data/boilerplate.yml matches: share bars, sign-up boxes, credits and the like.",
    "learned boilerplate": "The line stands in many articles of the outlet (see the table Learned).",
    "no word": "There is no word in it: a lone dash, a row of stars.",
}
"""What each step does and why, in the order in which they are taken."""


def check_steps(names: Iterable[str]) -> frozenset[str]:
    """Check names of steps to be switched off.

    Args:
        names: Names of steps.

    Returns:
        The names.

    Raises:
        CorpusError: Names every one that is no step.

    Example:
        >>> check_steps(["datelin"])
        Traceback (most recent call last):
        ...
        toolkit.errors.CorpusError: no step of cleaning 'datelin'. Allowed: ...
    """
    faults = [f"no step of cleaning '{name}'. {name_choices(name, STEPS)}" for name in sorted(set(names)) if name not in STEPS]
    if faults:
        raise CorpusError("\n".join(faults))
    return frozenset(names)
