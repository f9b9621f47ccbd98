"""Repair damaged text by named steps, and count what each step changed.

A step is a function from a text to the text and the number of places changed. A step leaves undamaged text alone: it acts on
signs that sound English text does not show, such as `Don"t` or `world."?Do`.

How the quotation marks of *News Articles* (Dai 2017) were destroyed: curly marks, dashes and the ellipsis are three bytes in UTF-8
(E2 80 xx). Read in a Chinese encoding, the first two became one character, later written `"`, and the third was joined with the
character after it: a space or a punctuation mark was swallowed and the pair became `?`; with a letter it became U+FFFD, or an
apostrophe was guessed. So `"?` stands for a closing mark, an apostrophe or a dash *and the space after it*.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from toolkit.errors import CorpusError, name_choices, raise_faults
from toolkit.parsing.words import keep_foreign
from toolkit.tables import read_data, read_pattern

STEPS: Mapping[str, str] = read_data("layouts")["steps"]  # What each step does and why, in the order in which they are taken


def check_steps(names: Iterable[str]) -> frozenset[str]:
    """Check names of steps to be switched off.

    Args:
        names: Names of steps.

    Returns:
        The names.

    Raises:
        CorpusError: Names every one that is not a step.

    Example:
        >>> check_steps(["datelin"])
        Traceback (most recent call last):
        ...
        toolkit.errors.CorpusError: there is no step of cleaning 'datelin'. Allowed: ...
    """
    faults = [f"there is no step of cleaning '{name}'. {name_choices(name, STEPS)}" for name in sorted(set(names)) if name not in STEPS]
    raise_faults(faults, CorpusError)
    return frozenset(names)


_LOOKED_FOR = ("any line break", "unusual space", "invisible", "foreign", "contraction", "cut contraction", "destroyed", "destroyed mark")
_BROKEN, _HYPHEN, _WORD = map(read_pattern, ("broken word", "broken line", "word with hyphens"))
_LINE_BREAK, _SPACE, _INVISIBLE, _FOREIGN, _CONTRACTION, _CUT_CONTRACTION, _DESTROYED, _MARK = map(read_pattern, _LOOKED_FOR)


def _clean_white_space(text: str) -> tuple[str, int]:
    """Write every line break as LF and every unusual space as a space; drop soft hyphens, zero-width spaces, control characters."""
    n_changes = 0
    if text.replace("\n", "").isprintable():  # no character of these is, and most texts have none
        return text, 0
    for pattern, instead in ((_LINE_BREAK, "\n"), (_SPACE, " "), (_INVISIBLE, "")):
        text, n = pattern.subn(instead, text)
        n_changes += n
    return text, n_changes


# Pieces of a character that was decoded wrongly stand side by side; or one is lost (`?`, U+FFFD) or a `Ã`, `Â`, `à` before a space. So
# these letters are sound where they are among ASCII characters, and these marks among themselves.
_SOUND = frozenset("áäæçèéêëíïñóôöøúûüýßÁÄÆÇÈÉÊËÍÏÑÓÔÖØÚÛÜÝ")


def _clean_mojibake(text: str) -> tuple[str, int]:
    """Undo text decoded in the wrong encoding, and HTML entities, with ftfy (Speer 2019); curly quotation marks stay as they are."""
    if _is_sound(text):
        return text, 0
    from ftfy import TextFixerConfig, fix_text

    off = dict.fromkeys(("uncurl_quotes", "fix_latin_ligatures", "fix_character_width", "fix_line_breaks", "remove_control_chars"), False)
    given = TextFixerConfig(**off, normalization=None, explain=False)
    return _with_count(text, re.sub(r"[^\r\n]+", lambda line: line[0] if _is_sound(line[0]) else fix_text(line[0], given), text))


def _is_sound(text: str) -> bool:
    """Whether a text holds no entity and no letters or marks that may be pieces of others."""
    sound = _SOUND if "\ufffd" not in text else ()
    return "&" not in text and (not _FOREIGN.search(keep_foreign(text)) or all(some in sound for some in set(_FOREIGN.findall(text))))


def _compose_letters(text: str) -> tuple[str, int]:
    """Write a letter and its accent as one character where Unicode has one (NFC), as the codebooks do."""
    return _with_count(text, unicodedata.normalize("NFC", text))


def _clean_apostrophes(text: str) -> tuple[str, int]:
    """Write an apostrophe where one inside a word was destroyed (`Don"t`, `O"�Neill`), and mend `We'r` and `I'l` (I'm)."""
    text, n_marks = _CONTRACTION.subn("'", text) if '"' in text else (text, 0)
    text, n_cut = _CUT_CONTRACTION.subn(lambda cut: "'m" if cut[0] == "'l" else "'re", text) if "'" in text else (text, 0)
    return text, n_marks + n_cut


_OPENERS = " \n\t([{-–—"


def _clean_quotation_marks(text: str) -> tuple[str, int]:
    """Write quotation marks, dashes and possessives again where `"?`, `"�` or `""` stand for them; what is lost becomes U+FFFD."""
    if ('"?' not in text and '"\ufffd' not in text and '""' not in text) or _DESTROYED.search(text) is None:
        return text, 0
    pieces: list[str] = []
    n_changes, done, is_open, before = 0, 0, False, " "
    marks = list(_MARK.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark.start() > done:
            before = text[mark.start() - 1]
        written, is_open = _read_mark(mark, before, is_open, following is not None and _is_closing(following))
        n_changes += written != mark[0]
        pieces += [text[done : mark.start()], written]
        done, before = mark.end(), written[-1]
    return "".join(pieces) + text[done:], n_changes


def _is_closing(mark: re.Match[str]) -> bool:
    """Whether a mark, seen by itself, ends a quotation: something before it, and nothing or a swallowed space after it."""
    before, after = _neighbours(mark)
    return before not in _OPENERS and ("?" in mark[0] or not (after.isalnum() or after in '"['))


def _neighbours(mark: re.Match[str]) -> tuple[str, str]:
    """The characters before and after a mark; a space at the edges of the text."""
    return mark.string[max(0, mark.start() - 1) : mark.start()] or " ", mark.string[mark.end() : mark.end() + 1] or " "


def _read_mark(mark: re.Match[str], before: str, is_open: bool, closes_next: bool) -> tuple[str, bool]:
    """Decide what one mark stands for, and whether a quotation is open after it; `before` is what was written before it."""
    after = _neighbours(mark)[1]
    if mark[0] == '"':  # undamaged
        return '"', before in _OPENERS if not after.isalnum() or before in _OPENERS else not is_open
    if mark[0] == '""':  # `10 years.""Other` closes and opens; ` ""We` opens once
        return '"' if before in _OPENERS else '" "', True
    swallowed = mark[0][-1] == "?"  # the character after it is gone
    if before == "[" and after == "]":
        return "…", is_open
    if before in _OPENERS:
        if mark[0] == '"\ufffd?' and not after.isalnum():  # a quoted character of another script
            return mark[0], is_open
        if after.isspace():  # ` "? `
            return "—", is_open
        if after.isdigit():  # `CBS's "?0 Minutes` was “60 Minutes”
            return '"\ufffd' if swallowed else '"', True
        return ("— ", is_open) if swallowed else ('"', True)  # `supporters "?along`; `anonymous "�civil defense`
    if swallowed:
        return _read_closing(mark[0], before, after, is_open, closes_next)
    # `job"�crushing`, `in 2003"�despite`; `document,"�ranking`
    return ("—", is_open) if before.isalnum() and not after.isspace() else ('"' if after.isspace() else '" ', False)


def _read_closing(mark: str, before: str, after: str, is_open: bool, closes_next: bool) -> tuple[str, bool]:
    """Decide what `"?` stands for where a word or a punctuation mark comes directly before it."""
    if after.isspace():  # `the "It girl"? They` may be sound
        return mark, False
    if before.isdigit() and after.isdigit():  # `in 2011"?012`
        return "–\ufffd", is_open
    if before in "sS" and (not is_open or (closes_next and after.islower())):  # `the workers"?pay`
        return "' ", is_open
    # `your best friend"?with better taste`; `world."?Do`, `DeVos,"?she`
    return (" — ", False) if before.isalnum() and not is_open else ('"' if after in ".,;:)]" else '" ', False)


def _clean_lost_spaces(text: str) -> tuple[str, int]:
    """Write a space where a no-break space after the end of a sentence became a hyphen; inside a sentence it cannot be decided."""
    return read_pattern("lost space").subn(" ", text)


_STEPS = (_clean_mojibake, _clean_white_space, _compose_letters, _clean_apostrophes, _clean_quotation_marks, _clean_lost_spaces)
# The steps, in the order in which they are taken: the first needs the control characters and spaces that the second takes away.
REPAIRS: dict[str, Callable[[str], tuple[str, int]]] = dict(zip(STEPS, _STEPS, strict=False))


def list_words(texts: Sequence[str]) -> frozenset[str]:
    r"""List those words of texts, in lower case, that tell how to write what a hyphen breaks at the end of a line: in one, or with it.

    Example:
        >>> sorted(list_words(["Ethi-\nopia, Sino-\nRussian", "Ethiopia rains"]))
        ['ethiopia']
    """
    broken = [found for text in texts if _HYPHEN.search(text) for found in _BROKEN.finditer(text) if found[2].islower()]
    wanted = {f"{found[1]}{sign}{found[2]}".lower() for found in broken for sign in ("", "-")}
    whole = (_BROKEN.sub(" ", text) if _HYPHEN.search(text) else text for text in texts if wanted)
    return frozenset(word for text in whole for word in wanted.intersection(_WORD.findall(text.lower())))


def join_words(text: str, known: Collection[str]) -> tuple[str, int]:
    r"""Write in one the words that a hyphen breaks at the end of a line, where that is sure.

    A critic would ask about `long-term`: the whole must occur elsewhere, and the word with a hyphen must not.

    Args:
        text: A text.
        known: The words of all texts that are read with it, from `list_words`.

    Returns:
        The text, with the line's end after the word, and how many were joined.

    Example:
        >>> join_words("Ethi-\nopia, Sino-\nRussian", {"ethiopia"})
        ('Ethiopia,\nSino-\nRussian', 1)
    """

    def join(found: re.Match[str]) -> str:
        first, second, rest, gap = found.groups()
        is_one = second.islower() and (first + second).lower() in known and f"{first}-{second}".lower() not in known
        return first + second + rest + "\n" * len(gap) if is_one else found[0]

    joined = _BROKEN.sub(join, text) if known and _HYPHEN.search(text) else text
    return joined, 0 if joined is text else count_broken(text) - count_broken(joined)


def count_broken(text: str) -> int:
    """Count the words that a hyphen breaks at the end of a line, and that go on in small letters."""
    return sum(found[2].islower() for found in _BROKEN.finditer(text)) if _HYPHEN.search(text) else 0


def repair_text(text: str, *, without: Collection[str] = ()) -> tuple[str, dict[str, int]]:
    r"""Take every step of `REPAIRS` on a text and say what each changed.

    Once is enough and twice may harm: a digit that was lost is written `"\ufffd`, which is also what a damaged opening mark looks like (in
    28 of the 3,824 texts of News Articles). All other repairs leave a repaired text alone.

    Args:
        text: Text as read from a file.
        without: Steps not to take.

    Returns:
        The repaired text, without white space at its ends, and the number of places changed by each step that changed any.

    Raises:
        CorpusError: When there is no such step.

    Example:
        >>> repair_text('They don"t know.')
        ("They don't know.", {'apostrophes': 1})
    """
    off = check_steps(without) if without else without
    n_changes = dict[str, int]()
    for step, clean in REPAIRS.items():
        text, n_changes[step] = clean(text) if step not in off else (text, 0)
    return text.strip(), {step: n for step, n in n_changes.items() if n}


def _with_count(before: str, after: str) -> tuple[str, int]:
    """Pair a changed text with the number of its words that changed, at least 1."""
    if before == after:
        return after, 0
    old, new = before.split(), after.split()
    return after, max(1, sum(a != b for a, b in zip(old, new, strict=True)) if len(old) == len(new) else 1)
