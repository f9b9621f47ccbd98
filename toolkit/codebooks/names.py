"""Variant spellings of the names of persons in news, by stated rules."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from toolkit.codebooks.records import Codebook, Entry, Pattern
from toolkit.tables import read_data

_LISTS = read_data("spellings", "codebooks")
_LETTERS = [str.maketrans(_LISTS[name]) for name in ("plain", "spelled-out")]
_FAMILIES: Mapping[str, Sequence[str]] = {name: family for family in _LISTS["given-names"] for name in family}
_SHORT_NAMES = {name: sorted({*names}) for names in _LISTS["short-names"] for name in names}
_PARTICLES = frozenset(_LISTS["particles"])
_SKY, _YE, _SYLLABLES = map(re.compile, _LISTS["endings"])


def list_spellings(name: str) -> list[str]:
    """List the other ways in which news writes a person's full name.

    Accents left out (Erdoğan: Erdogan) or spelled out (Füle: Fuele); the endings of Slavic names (Zelensky, Zelenskiy, Zelenskyy); given
    names in several transliterations (Sergei, Sergey; Yeltsin, Eltsin) and short (Bob for Robert); initials with and without full stops; a
    middle name left out; Korean and Chinese given names with a hyphen, in one word or two (Won-sik, Wonsik, Won Sik); other hyphens left
    out; particles in either case (el-Sisi, El-Sisi).

    Args:
        name: A full name, as a codebook has it.

    Returns:
        The other spellings, sorted; never the name itself.

    Example:
        >>> list_spellings("Shin Won-sik")
        ['Shin Won Sik', 'Shin Won sik', 'Shin Won-Sik', 'Shin Wonsik']
        >>> list_spellings("J. K. Rowling")
        ['J K Rowling', 'J. Rowling', 'J.K. Rowling', 'JK Rowling']
    """
    found = {*_list_word_orders(re.sub(r",?\s(?:Jr\.?|Sr\.?|II|III|IV|M\.?D\.?|Ph\.?D\.?)$", "", name))}
    found |= {other for spelled in list(found) for other in _list_words(spelled)}
    found |= {other for spelled in list(found) for other in _list_plain(spelled)}
    return sorted(spelled for spelled in found if spelled != name and len(spelled.split()) > 1)


def _list_plain(text: str) -> Iterable[str]:
    """Without accents, and with German and Nordic letters spelled out."""
    for table in _LETTERS if not text.isascii() else ():
        plain = unicodedata.normalize("NFD", text.translate(table)).encode("ascii", "ignore").decode()
        if len(plain) >= len(text) - 1:  # else letters of another alphabet were lost
            yield plain


def _list_words(text: str) -> Iterable[str]:
    """Every word in its spellings."""
    choices = []
    for word in text.split():
        spelled = {word, *_FAMILIES.get(word, ()), _YE.sub("E", word), *(_SKY.sub(ending, word) for ending in _LISTS["skies"])}
        head, hyphen, tail = word.partition("-")
        if hyphen and head.lower() in _PARTICLES:
            spelled |= {f"{first}-{last}" for first in (head.lower(), head.capitalize()) for last in _FAMILIES.get(tail, (tail,))}
        elif word.lower() in _PARTICLES:
            spelled |= {word.lower(), word.capitalize()}
        choices.append(sorted(spelled))
    choices[:1] = [sorted({*choices[0], *_SHORT_NAMES.get(text.split()[0], ())})] if len(choices) > 1 else choices[:1]
    return (" ".join(words) for words in product(*choices))


def _list_word_orders(text: str) -> Iterable[str]:
    """Initials, middle names and hyphens: other divisions of the same name."""
    words = text.split()
    yield from (text, *(re.sub(r"\b([A-Z])\.?(?= )", letter, text) for letter in (r"\1.", r"\1")))
    if initials := re.match(r"(?:[A-Z]\.?\s?){2,}(?=[A-Z][a-z])", text):
        letters, rest = re.findall("[A-Z]", initials[0]), text[initials.end() :]
        yield from (f"{''.join(letters)} {rest}", f"{''.join(f'{letter}.' for letter in letters)} {rest}")
    if len(words) == 3 and words[1].lower() not in _PARTICLES:
        yield f"{words[0]} {words[2]}"
    head, hyphen, rest = words[0].partition("-")
    yield from (text.replace("-", " "), text.removesuffix("."), " ".join([head if hyphen and rest.istitle() else words[0], *words[1:]]))
    syllables = re.split("[- ]", " ".join(words[1:]))
    if len(words[0]) <= 5 and len(syllables) == 2 and all(_SYLLABLES.fullmatch(one.capitalize()) for one in syllables) and "-" in text:
        first, second = syllables[0], syllables[1].lower()
        joined = (f"-{second.capitalize()}", f"-{second}", second, f" {second.capitalize()}", f" {second}")
        yield from (f"{words[0]} {first}{end}" for end in joined)


def _list_initials(text: str) -> list[str]:
    """The initials of all words (BoJ, BOJ) and of the capitalised ones, from three letters on; without U.S. before them (DOJ)."""
    letters = "".join(re.findall(r"(?<![\w'’?*.])[^\W\d_](?!\.)", text))
    return sorted(initials for initials in {letters, letters.upper(), re.sub("[a-z]", "", letters)} if len(initials) > 2)


def spell_names(codebook: Codebook) -> tuple[Codebook, dict[tuple[str, str], str]]:
    """Add to an actors codebook the other spellings of persons' names, their given names, and the initials of organisations.

    Initials (Bank of Japan: BOJ, BoJ) are looked for only in an article that has the full name.

    A spelling or given name that is a pattern of the codebook already is left alone.

    Args:
        codebook: An actors codebook.

    Returns:
        The codebook with patterns of kind `variant` and `given`, and for each of these, by entry and text, the pattern it was made of.

    Example:
        >>> from toolkit.codebooks import read_codebook
        >>> more, origin = spell_names(read_codebook("actors"))
        >>> origin["zelensky", "Volodymyr Zelenskii"]
        'Volodymyr Zelensky'
    """
    known = {pattern.text for entry in codebook.entries for pattern in (*entry.patterns, *entry.protects)}
    origin: dict[tuple[str, str], str] = {}
    entries = tuple(replace(entry, patterns=(*entry.patterns, *_spell_entry(entry, known, origin))) for entry in codebook.entries)
    return replace(codebook, entries=entries), origin


def _spell_entry(entry: Entry, known: set[str], origin: dict[tuple[str, str], str]) -> Iterable[Pattern]:
    """The patterns to add to one entry: a person's spellings and given names, the initials of an organisation."""
    surnames = [pattern.text for pattern in entry.patterns if pattern.via == "surname"]
    for pattern in entry.patterns:
        spelled: list[tuple[str, str]] = []
        if pattern.via == "name" and entry.type in ("organisation", "medium", "group"):
            spelled = [(initials, "variant") for initials in _list_initials(pattern.text)]
        elif pattern.via == "name" and " " in pattern.text and entry.type == "person":
            given = pattern.text.split()[0]
            shorter = [f"{given} {surname}" for surname in surnames]
            wholes = [*shorter, *(text for whole in (pattern.text, *shorter) for text in list_spellings(whole))]
            pairs = [text.split() for text in (pattern.text, *wholes) if pattern.text.count(" ") == text.count(" ") == 1]
            middles = [f"{first} {middle} {last}" for first, last in pairs if "-" not in last for middle in ("?.", "?*")]
            spelled = [*((text, "variant") for text in (*wholes, *middles)), (given, "given")]
        elif pattern.via == "surname" and entry.type == "person":
            words = [*_list_words(pattern.text), pattern.text.replace("-", " "), pattern.text]
            spelled = [(text, "surname") for text in sorted({*words, *(plain for word in words for plain in _list_plain(word))})]
        for text, via in spelled:
            if text not in known and (entry.id, text) not in origin and (len(text) > 2 or via == "given"):
                origin[entry.id, text] = pattern.text
                yield replace(pattern, text=text, via=via)
