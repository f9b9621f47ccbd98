"""A kernel gives the same however it is run."""

from __future__ import annotations

import numpy as np

from toolkit.counting.kernels import LITTLE, run_kernel


def count_steps(values):
    n = 0
    for place in range(1, len(values)):
        if values[place] != values[place - 1]:
            n += 1
    return n


def test_compiled_and_plain_give_the_same():
    values = np.random.default_rng(1).integers(0, 3, 5000)
    assert run_kernel(count_steps, values, size=0) == run_kernel(count_steps, values, size=LITTLE)
