"""Items of numbers are written in a `try`: Python raises, and what handles that goes on."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def without_rounding(x):
    try:
        x[abs(x) < 1e-3] = 0.0
    except TypeError:
        if abs(x) < 1e-3:
            x = 0.0
    return x * x


@pytest.mark.parametrize("x", [0.7, np.float64(0.7)])
def test_the_handler_s_way_has_its_derivative(x):
    check_both_modes(without_rounding, x)


def test_of_an_array_the_items_are_written():
    def f(x):
        return np.sum(without_rounding(x * np.array([1.0, 1e-4, 2.0])))

    assert sd.grad(f)(0.7) == pytest.approx(10.0 * 0.7)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(10.0 * 0.7)
