"""Shadows are not written at the end, where nobody looks into them any more."""

import re

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, -0.7, 1.1])


def first_and_last(x):
    y = np.zeros(len(x) + 2)
    y[0] = x[0]
    y[-1] = 2.0 * x[1]
    for i in range(len(x)):
        y[i + 1] = y[i] * x[i]
    return np.sum(y * y)


def made_again(x):
    total = 0.0
    for k in range(2):
        y = np.zeros(3)
        y[0] = k
        y[1:] = x[1:] * x[0]
        y[2] = y[1] * x[2]
        total += np.sum(y)
    return total


def a_view_is_looked_at_later(x):
    y = np.zeros(6)
    part = y[1:4]
    part[:] = x * x
    y[1] = x[0]
    return np.sum(part * y[3:])


def under_two_names(x):
    y = np.zeros(3)
    z = y
    y[0] = x[0] * x[1]
    z[1] = x[1]
    y[0] = z[0] * x[2]
    return np.sum(z * x)


def one_of_two(x):
    y, z = np.zeros(3), np.ones(3)
    y[0] = x[0]
    if x[1] < 0:
        z = y
    z[0] = 2.0 * x[1]
    z[1] = x[2]
    return np.sum(y * x) + np.sum(z)


CASES = [first_and_last, made_again, a_view_is_looked_at_later, under_two_names, one_of_two]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_what_is_left_is_the_derivative(f):
    steps = 1e-6 * np.eye(3)
    expected = [(f(X + h) - f(X - h)) / 2e-6 for h in steps]
    x = X.copy()
    np.testing.assert_allclose(sd.grad(f)(x), expected, rtol=1e-7, atol=1e-9)
    _, pullback = sd.vjp(f, x)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(x, X)


def test_the_last_zeros_are_not_written():
    text = sd.source(first_and_last, mode="grad", args=(X,))
    # In the loop they are read in the next round; and what is last may be first, too.
    zeros = re.findall(r"^ *(y_bar\[.*\]) = 0\.0$", text, re.MULTILINE)
    assert zeros == ["y_bar[i + 1]", "y_bar[-1]"]


def popped(xs):
    items = []
    for x in xs:
        items.append(x)
        items.append(0.5)
    for i in range(len(xs)):
        items[i] = items[i] * xs[i]
    return sum(items)


def test_what_nobody_reads_is_not_taken_off_a_list():
    def steady(n, c):
        places = []
        for i in range(n):
            places.append(0.5 * i)
        for i in range(n):
            places[i] = places[i] * c
        return sum(places)

    assert "pop" not in sd.source(steady, mode="grad", wrt="c", args=(3, 2.0))
    assert sd.grad(steady, wrt="c")(3, 2.0) == 1.5
    # What is taken off as well lies on what is read.
    assert sd.source(popped, mode="grad", args=([1.0, 2.0],)).count("pop()") == 2
    assert sd.grad(popped)([1.0, 2.0]) == [2.0, 1.5]
