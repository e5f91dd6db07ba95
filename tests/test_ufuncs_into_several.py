"""`np.modf(x, a, b)`: ufuncs of several results that write them into arrays."""

import numpy as np
import pytest

import s2sdiff as sd


def into_both(x):
    fractions, wholes = np.zeros(3), np.zeros(3)
    again, _ = np.modf(x, fractions, wholes)
    return np.sum(again * x + fractions * x**2 + wholes)


def into_the_first(x):
    fractions = np.zeros(3)
    again, wholes = np.modf(x, fractions)
    return np.sum(fractions * x + again**2 * wholes)


def over_what_is_read(x):
    y, rows = x * x, np.ones((2, 3))
    np.divmod(y, 0.7, rows[1], y)
    return np.sum(y * x + rows[1])


@pytest.mark.parametrize("function", [into_both, into_the_first, over_what_is_read])
def test_results_that_are_written_have_derivatives(function):
    x, along, step = np.array([0.31, 1.72, 2.2]), np.array([0.2, -0.5, 0.3]), 1e-6

    def slope(f):
        return (f(x + step * along) - f(x - step * along)) / (2 * step)

    gradient = sd.grad(function)
    assert gradient(x) @ along == pytest.approx(slope(function))
    assert sd.jvp(function, (x,), (along,))[1] == pytest.approx(slope(function))
    np.testing.assert_allclose(sd.hvp(function, (x,), (along,)), slope(gradient), atol=1e-6)


def test_a_handler_of_errors_does_not_hide_that_one_result_is_written():
    def f(x):
        fractions = np.zeros(3)
        try:
            np.modf(x, fractions)
        except ValueError:
            fractions = x
        return np.sum(fractions * x)

    with pytest.raises(sd.UnsupportedError, match="one of its results only.* Instead, "):
        sd.grad(f)(np.array([0.3, 1.7, 2.2]))
