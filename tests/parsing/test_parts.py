import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.splitting import split_text
from toolkit.errors import CorpusError
from toolkit.parsing.parts import cut_suffix, find_dateline, find_parts, split_paragraphs
from toolkit.parsing.repair import STEPS, check_steps

PIECES = """Talks fail;Talks fail | BBC News;\n;\n\n;KYIV (AP) - ;MOSCOW, March 1. /TASS/. ;By Ann Bo;Story by Ann Bo;Leave a Reply
;READ MORE: What now ;The end. ;Learn more;Source:-AP;Go to our site.;It rained on the town for days. ;";hg/jd (AFP) -;Share;x; """.split(
    ";"
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4) | st.just("y" * 130), max_size=20).map("".join)
LEARNED = frozenset({"Go to our site.", "Share", "It rained on the town for days."})


def parts(text, headline="", **options):
    return [(text[start:end], part, step) for start, end, part, step in find_parts(text, headline, split_paragraphs(text), **options)]


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.sampled_from(["", "Talks fail", "Talks"]), st.sets(st.sampled_from(sorted(STEPS))))
def test_parts_lie_in_order_inside_paragraphs_and_only_of_steps_that_are_on(text, headline, without):
    paragraphs = split_paragraphs(text)
    at = 0
    for start, end, part, step in find_parts(text, headline, paragraphs, learned=LEARNED, without=frozenset(without)):
        assert at <= start < end
        assert any(first <= start and end <= last for first, last in paragraphs)
        assert (part, step) == ("headline", "") if part == "headline" else step in STEPS
        assert step not in without
        at = end


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.sampled_from(["", "Talks fail"]))
def test_with_every_step_off_nothing_is_left_out(text, headline):
    found = {part for _, part, *_ in split_text(text, headline, learned=LEARNED, without=frozenset(STEPS))}
    assert found <= {"headline", "body"}


def test_headline_repeat_standfirst_and_dateline_are_told_apart():
    text = (
        "Talks fail | BBC News\n\nThe talks failed on Monday.\n\nTalks fail\n\n"
        "KYIV (AP) - He left.\n\nThe talks failed on Monday. Talks fail often."
    )
    assert parts(text, "Talks fail") == [
        ("Talks fail", "headline", ""),
        ("| BBC News", "boilerplate", "outlet suffix"),
        ("The talks failed on Monday.", "boilerplate", "repeated standfirst"),
        ("Talks fail", "boilerplate", "repeated headline"),
        ("KYIV", "dateline", "dateline"),
        ("(AP) -", "boilerplate", "wire slug"),
    ]


def test_a_suffix_stays_with_the_headline_when_its_step_is_off():
    assert parts("Talks fail | BBC News\n\nHe left.", "Talks fail", without=frozenset({"outlet suffix"})) == [
        ("Talks fail | BBC News", "headline", "")
    ]


def test_learned_lines_are_left_out_as_paragraphs_and_closing_sentences_only():
    text = "Go to our site. It rains.\n\nGo to our site.\n\nIt snows. Go to our site."
    rows = list(split_text(text, "", learned=LEARNED))
    assert [(text[start:end], part) for _, part, start, end, _, _ in rows if part == "boilerplate"] == [
        ("Go to our site.", "boilerplate"),
        ("Go to our site.", "boilerplate"),
        ("Go to our site.", "boilerplate"),
    ]
    long = "Go to our site. " + "It rains. " * 6
    assert {row[1] for row in split_text(long, "", learned=LEARNED)} == {"body"}


def test_a_headline_that_is_learned_elsewhere_stays_a_headline():
    assert parts("Share\n\nIt rains.", "Share", learned=LEARNED) == [("Share", "headline", "")]


def test_a_dateline_after_a_headline_with_its_outlet_is_found():
    assert find_dateline("Talks fail | BBC News\n\nKYIV — He left.", "Talks fail") == "KYIV"


@given(st.text(st.sampled_from("ab N|-–.: newscom"), max_size=30), st.text(st.sampled_from("ab.com"), max_size=8))
def test_a_headline_is_only_shortened_and_never_to_nothing(headline, outlet):
    cut = cut_suffix(headline, outlet)
    assert headline.startswith(cut)
    assert bool(cut) == bool(headline)


def test_an_unknown_step_is_refused_with_all_that_are_allowed():
    with pytest.raises(CorpusError) as refused:
        check_steps(["datelin", "dateline"])
    assert str(refused.value) == f"there is no step of cleaning 'datelin'. Allowed: {', '.join(sorted(STEPS))}. Did you mean 'dateline'?"
