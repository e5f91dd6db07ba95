"""Slices that are made beforehand, of lists that grow: what they read is a list."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.9, 0.7, 1.3])


def first_two(x):
    squares = []
    part = slice(0, 2)
    for v in x:
        squares.append(v * v)
    a = squares[part]
    squares.append(a[0] * a[1])
    return squares[-1] + sum(a)


def last_two(x):
    items = [x[0], x[1], x[2]]
    last = slice(-2, None)
    a = items[last]
    items.append(a[0] * a[1])
    b = items[last]
    items.extend(b)
    c = items[last]
    items.pop()
    d = items[last]
    return sum(p * q * r * s for p, q, r, s in zip(a, b, c, d, strict=True))


def of_arrays(x):
    rows = []
    part = slice(None, None, 2)
    for k in range(3):
        rows.append(x * x[k])
    a = rows[part]
    rows.append(a[0] * a[1])
    return np.sum(rows[-1] * a[1])


class Window:
    def __init__(self, n):
        self.values, self.part = [], slice(-n, None)

    def mean(self, v):
        self.values.append(v)
        last = self.values[self.part]
        return sum(last) / len(last)


def means(x):
    window = Window(2)
    total = 0.0
    for v in x:
        total = total * v + window.mean(v * v)
    return total


@pytest.mark.parametrize("f", [first_two, last_two, of_arrays, means])
def test_what_a_slice_reads_is_a_list(f):
    steps = 1e-6 * np.eye(3)
    expected = np.array([(f(X + h) - f(X - h)) / 2e-6 for h in steps])
    value, pullback = sd.vjp(f, X)
    assert value == f(X)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(f, (X,), (X,))[1], expected @ X, rtol=1e-7)
