"""Lengths that loops change: a cotangent is summed where its value was broadcast in that round."""

import numpy as np
import pytest

import s2sdiff as sd

X, W = np.array([0.3, -0.7, 1.1]), np.array([[0.5, -1.0, 0.2], [0.1, 0.7, 0.4], [1.2, 0.3, -0.6]])


def normalised(x, w):
    for _ in range(3):
        total = (x * x).sum()
        x = x / total
        x = w @ x
    return x.sum() + x[0] ** 2


def one_at_first(x, w):
    y = x[:1]
    for i in range(3):
        y = y / (1.0 + (y * y).sum()) * w[i]
    return np.sum(y * y)


def longer_than_before(x, w):
    y, before, total = x[:1], x[:1], 0.0
    for _ in range(3):
        total = total + np.sum(before[-1:] * y)
        before = y
        y = np.concatenate([y, w[0, :1] * y]) / np.sum(before)
        total = total + np.sum(y * before[:1]) + before[0]
    return total


def long_and_short(x, w):
    a, b = x[:1], x * w[0]
    for _ in range(3):
        c = a / (1.0 + (b * b).sum())
        total = np.sum(c * b)
        a, b = b / (1.0 + (a * a).sum()), a
    return total + np.sum(a) * np.sum(b * b)


def as_long_or_one(x, w):
    y, total = x, 0.0
    for i in range(4):
        z = y[:1] if i % 2 else y
        total = total + np.sum(z / (1.0 + (y * y).sum()) + y)
        y = y * w[i % 3] + z
    return total


def rows(x, w):
    y = w[:1]
    for _ in range(2):
        y = y / (2.0 + (y * y).sum(axis=0))
        y = np.concatenate([y, y * x])
    return np.sum(np.sin(y))


CASES = [normalised, one_at_first, longer_than_before, long_and_short, as_long_or_one, rows]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_gradients_have_the_lengths_and_numbers_of_differences(f):
    expected = []
    for values in (X, W):
        slopes = np.zeros(values.shape)
        for i in np.ndindex(values.shape):
            h = np.zeros(values.shape)
            h[i] = 1e-6
            ends = [f(X + s * h, W) if values is X else f(X, W + s * h) for s in (1, -1)]
            slopes[i] = (ends[0] - ends[1]) / 2e-6
        expected.append(slopes)
    x, w = X.copy(), W.copy()
    _, pullback = sd.vjp(f, x, w)
    for found in (sd.grad(f, wrt=("x", "w"))(x, w), pullback(1.0), pullback(1.0)):
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8)
    directions = np.cos(X), np.sin(W)
    _, along = sd.jvp(f, (x, w), directions)
    sums = [np.sum(g * d) for g, d in zip(expected, directions, strict=True)]
    assert along == pytest.approx(sum(sums))
    np.testing.assert_array_equal(x, X)


def test_what_is_divided_by_a_number_in_a_loop_is_not_summed():
    text = sd.source(normalised, mode="grad", args=(X, W))
    assert "unbroadcast" not in text
    assert "_shape" not in text
