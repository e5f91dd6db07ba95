"""One array that is several items of what a helper joins: it is one array for the caller, too."""

import numpy as np
import pytest

import s2sdiff as sd


def repeated(a):
    return (a * 1.0,) * 2


def of_unknown_length(*items):
    return list(items)


def repeated_by_a_helper(a):
    return of_unknown_length(a * 1.0) * 2


def joined(a):
    t = a * 1.0
    return [t] + [t]


def summed(a):
    t = a * 1.0
    return sum([[t], [t]], [])


@pytest.mark.parametrize("helper", [repeated, repeated_by_a_helper, joined, summed])
def test_an_item_that_is_there_twice_is_written_twice(helper):
    def f(a, x):
        items = helper(a)
        first = items[0]
        first *= x
        return np.sum(items[0] * items[1])

    a = np.array([0.5, -1.2, 2.0])
    value, slope = sd.value_and_grad(f, "x")(a, 0.7)
    assert value == f(a, 0.7)
    assert slope == pytest.approx(1.4 * np.sum(a * a), rel=1e-12)
    np.testing.assert_allclose(sd.grad(f, "a")(a, 0.7), 0.98 * a, rtol=1e-12)
    assert sd.jvp(f, (a, 0.7), (0 * a, 1.0))[1] == pytest.approx(slope, rel=1e-12)
