"""Items of lists that are written: derivatives, and work that is a small multiple of the plain."""

import sys

import numpy as np
import pytest

import s2sdiff as sd
from tests import written_dicts, written_lists

FUNCTIONS = [*written_lists.FUNCTIONS, *written_dicts.FUNCTIONS]

POINT = ([0.3, 0.9, 0.5, 1.1, 0.7], 0.8)


def differences(f):
    c, x = POINT
    slopes = []
    for i in range(len(c)):
        ends = [f([v + h * (i == k) for k, v in enumerate(c)], x) for h in (1e-6, -1e-6)]
        slopes.append((ends[0] - ends[1]) / 2e-6)
    ends = [f(list(c), x + h) for h in (1e-6, -1e-6)]
    return slopes, (ends[0] - ends[1]) / 2e-6


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_the_derivative_is_that_of_differences(f):
    expected, slope = differences(f)
    plain, mine = list(POINT[0]), list(POINT[0])
    value, pullback = sd.vjp(f, mine, POINT[1])
    assert value == f(plain, POINT[1])
    assert mine == plain
    once = pullback(1.0)
    mine.clear()
    gradient = sd.grad(f, wrt=("c", "x"))(list(POINT[0]), POINT[1])
    for c_bar, x_bar in (once, pullback(1.0), gradient):
        assert c_bar == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert x_bar == pytest.approx(slope, rel=1e-5, abs=1e-7)
    c_bar, x_bar = pullback(-2.0)
    assert x_bar == pytest.approx(-2.0 * slope, rel=1e-5, abs=1e-7)
    assert c_bar == pytest.approx([-2.0 * g for g in expected], rel=1e-5, abs=1e-7)
