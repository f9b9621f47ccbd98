from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import CorpusError
from toolkit.parsing.repair import REPAIRS, STEPS, repair_text

CASES = yaml.load((Path(__file__).parents[1] / "cases" / "repair.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
HOSTILE = st.text(st.sampled_from("ab sS.,?!-()[]0\"'“”‘’�…\n\r\t\u00a0\u200b\ufeff\u0301é&;<\x00\x85"), max_size=60) | st.text()


def named(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


@pytest.mark.parametrize("case", named("wild") + named("synthetic"))
def test_damage_is_repaired_and_tallied(case):
    assert repair_text(case["text"]) == (case["expect"], case["steps"])


@pytest.mark.parametrize("case", named("negative"))
def test_sound_text_stays_as_it_is(case):
    assert repair_text(case["text"]) == (case["text"], {})


@pytest.mark.parametrize("case", named("known_failures"))
def test_known_failure(case, request):
    request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    assert repair_text(case["text"])[0] == case["expect"]


@given(HOSTILE)
def test_repaired_text_has_no_control_character_and_no_white_space_at_its_ends(text):
    repaired, n_changes = repair_text(text)
    assert repaired == repaired.strip()
    assert not set(repaired) & {"\r", "\x00", "\x85", "\u00a0", "\u200b", "\ufeff"}
    assert set(n_changes) <= set(REPAIRS)
    assert all(n > 0 for n in n_changes.values())


@given(HOSTILE)
def test_a_text_is_changed_only_if_a_step_says_so(text):
    repaired, n_changes = repair_text(text)
    assert bool(n_changes) or repaired == text.strip()


@given(st.text(st.sampled_from('ab .,"\n'), max_size=80).filter(lambda text: '""' not in text))
def test_text_without_signs_of_damage_keeps_every_quotation_mark(text):
    assert repair_text(text)[0].count('"') + repair_text(text)[0].count("'") == text.count('"')


@given(st.text(st.sampled_from("ab eth.,?!-()0'“”’…\n\r\t\u00a0\u200b\u0301é;"), max_size=80))
def test_repairing_twice_changes_nothing_more(text):
    once = repair_text(text)[0]
    assert repair_text(once) == (once, {})


@given(HOSTILE)
def test_with_every_step_off_a_text_only_loses_white_space_at_its_ends(text):
    assert repair_text(text, without=list(REPAIRS)) == (text.strip(), {})


def test_an_unknown_step_is_refused():
    with pytest.raises(CorpusError, match=r"^there is no step of cleaning 'mojibak'\. Allowed: .*\. Did you mean 'mojibake'\?$"):
        repair_text("a", without=["mojibak"])


def test_every_repair_is_a_step_and_every_step_says_why():
    assert list(REPAIRS) == list(STEPS)[: len(REPAIRS)]
    assert all(why.endswith(".") for why in STEPS.values())
