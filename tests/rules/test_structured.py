"""Cotangents of what is given back in rows, of which some have none."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import calls
from s2sdiff.runtime.joined import structured


@pytest.mark.parametrize(("bar", "expected"), [
    ([1.0, 2.0], [1.0, 2.0]), ([None, 2.0], [0.0, 2.0]), ({1: 2.0}, [0.0, 2.0]),
    (None, [0.0, 0.0])])
def test_items_without_a_cotangent_have_zeros(bar, expected):
    value, pullback = calls.call((0,), structured, np.array([3.0, 4.0]), [0.5, 0.25])
    assert value == [3.0, 4.0]
    np.testing.assert_array_equal(pullback(bar), expected)


def test_rows_within_rows():
    like = [(0.5, 1.0), (2.0, 3.0)]
    _, pullback = calls.call((0,), structured, np.ones((2, 2)), like)
    np.testing.assert_array_equal(pullback([None, (None, 2.0)]), [[0.0, 0.0], [0.0, 2.0]])


def made(x):
    vec = np.array([0.3, x])
    rows = np.array([[x, 0.5], [1.0, x * x]])
    for _ in range(2):
        vec = 0.5 * vec + np.array([x, vec[0]])
    return np.sum(rows @ vec * vec[1])


def test_third_derivatives_of_arrays_that_are_made():
    x, h = 0.7, 1e-4
    second = sd.grad(sd.grad(made))
    assert second(x) == pytest.approx((made(x + h) - 2 * made(x) + made(x - h)) / h**2, rel=1e-5)
    third = sd.grad(second)(x)
    assert third == pytest.approx((second(x + h) - second(x - h)) / (2 * h), rel=1e-6)
    _, differential = sd.linearize(second, x)
    assert differential(1.0) == pytest.approx(third, rel=1e-9)
