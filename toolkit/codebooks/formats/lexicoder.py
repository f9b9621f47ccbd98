"""Lexicoder 3 (`.lc3`): a line `+category`, then a pattern a line. XML: Yoshikoder (`.ykd`) and Lexicoder 2 (`.lcd`)."""

from collections.abc import Iterator

from toolkit.codebooks.formats.rows import NO_WEIGHTS, Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault


def read_lexicoder(content: bytes) -> Iterator[Row | Fault]:
    """Read a Lexicoder 3 dictionary. A name with a slash is a category in another.

    Source: Daku, Soroka & Young (2015), Lexicoder 3.0 manual.
    """
    path: list[str] = []
    for line, text in enumerate(map(str.strip, decode_text(content).splitlines()), start=1):
        if text.startswith("+"):
            path = text[1:].split("/")
            yield make_row(path, line)
        elif text:
            yield make_row(path, line, text) if path else lose(line, f"{text!r} is before the first category.")


def read_yoshikoder(content: bytes) -> Iterator[Row | Fault]:
    """Read a Yoshikoder or Lexicoder 2 dictionary; no entity, document type or other file is followed.

    Source: Yoshikoder's own writer (Lowe 2015), class ExportUtil: the outermost category is the dictionary itself, a score is a weight.
    """
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as fault:
        yield Fault(fault.lineno or 1, f"not XML: {fault.msg}. Save the dictionary again in its tool.")
        return
    if root.getroottree().docinfo.doctype:
        yield Fault(1, "a document type is declared. Allowed: XML without one. Delete the <!DOCTYPE …>.")
        return
    dictionary = next(root.iter("dictionary"), root)
    if "reg" in dictionary.get("patternengine", ""):
        why = 'Allowed: patterns with * and ?. Write them so, and save the dictionary with patternengine="substring".'
        yield Fault(dictionary.sourceline, f"its patterns are regular expressions, which are not supported. {why}")
        return
    outer = dictionary.findall("cnode")
    is_wrapped = len(outer) == 1 and dictionary.get("name") is None and outer[0].find("pnode") is None
    for node in dictionary.iterdescendants():
        path = [up.get("name") or "category" for up in (node, *node.iterancestors()) if up.tag == "cnode"][::-1][is_wrapped:]
        yield from [NO_WEIGHTS] * (node.get("score", "1") not in ("", "1", "1.0"))
        if node.tag == "cnode" and path:
            yield make_row(path, node.sourceline, meaning=" ".join(node.get("desc", "").split()))
        elif node.tag == "pnode" and path:
            yield make_row(path, node.sourceline, node.get("name", ""))
        elif node.tag != "cnode" and isinstance(node.tag, str):
            yield lose(node.sourceline, f"<{node.tag}> is not known here.")
