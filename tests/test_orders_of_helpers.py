"""Second derivatives by place, of rules whose helpers have rules of their own, and of others."""

import functools
import operator

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")


def reduced(x, y):
    return functools.reduce(operator.pow, [x, y])


def elliptic(x, m):
    return np.sum(special.ellipj(x, m)[0])


def test_what_the_rule_of_a_helper_tells_holds_for_numbers_that_carry_tangents():
    # The slope of a power in its base is 0 at an exponent of 0, and moves with it.
    found = sd.jvp(lambda x, y: sd.jvp(reduced, (x, y), (1.0, 0.0))[1], (1.5, 0.0), (0.0, 1.0))
    assert found == (0.0, pytest.approx(1 / 1.5))


def test_helpers_of_which_no_derivative_is_known_run_as_they_are():
    x, m, along = np.array([0.3, 1.3]), np.array([0.5, 0.7]), np.array([1.0, 0.5])
    slope = sd.grad(elliptic)
    found = sd.jvp(slope, (x, m), (along, np.zeros(2)))[1]
    step = 1e-5 * along
    np.testing.assert_allclose(found, (slope(x + step, m) - slope(x - step, m)) / 2e-5, rtol=1e-8)
