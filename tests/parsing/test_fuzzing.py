"""Two hundred damaged inputs and sixty mixtures, the same every time; `make fuzz` reads twenty thousand, and a thousand."""

from tests.parsing.fuzzing import check_case, run_cases


def test_damaged_files_neither_crash_nor_hang_nor_vanish():
    faults, n_articles, n_refused, _, _ = run_cases(200)
    assert faults == []
    assert n_articles > 50 < n_refused  # the damage is neither all nor nothing


def test_mixtures_of_two_formats_neither_crash_nor_hang_nor_vanish():
    faults, n_articles, n_refused, _, _ = run_cases(60, start=-60)
    assert faults == []
    assert n_articles > 10 < n_refused


def test_a_case_is_the_same_every_time():
    assert check_case(7)[:3] == check_case(7)[:3]
