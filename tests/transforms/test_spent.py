"""Shadows that nobody looks into are not written; what is looked into later is."""

import numpy as np
import pytest

import s2sdiff as sd

X, W = np.array([0.3, -0.7, 1.1]), np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def framed(x, w):
    y = np.zeros(5)
    y[1:-1] = x
    return np.sum(y * w)


def overwritten(x, w):
    y = w * np.sum(x)
    y[1:4] = x
    y[2] = x[0]
    return np.sum(y * w)


def twice(x, w):
    y = np.zeros(5)
    y[:3] = x
    y[1:4] = x * x
    y[4] = y[0]
    return np.sum(y * w)


def added_to(x, w):
    y = w * x[0]
    y[1:4] += x
    y[0] = 2.0
    return np.sum(y * y)


def in_a_loop(x, w):
    y = np.zeros(5)
    for i in range(3):
        y[i] = x[i] * w[i]
        y[i + 1] = x[i] + y[i]
    return np.sum(y * w)


CASES = [framed, overwritten, twice, added_to, in_a_loop]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_writes_agree_with_differences(f):
    sd.check_grads(f, (X, W))
    step = 1e-6 * np.eye(3)
    expected = [(f(X + h, W) - f(X - h, W)) / 2e-6 for h in step]
    np.testing.assert_allclose(sd.grad(f)(X, W), expected, rtol=1e-7)
    _, pullback = sd.vjp(lambda x: f(x, W), X)
    np.testing.assert_allclose(pullback(2.0), np.multiply(2.0, expected), rtol=1e-7)


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_pullbacks_run_again_and_gradients_are_nobody_elses(f):
    _, pullback = sd.vjp(f, X, W)
    first, kept = pullback(1.0), X.copy()
    again = pullback(1.0)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.shares_memory(a, b) and not np.shares_memory(a, W)
    first[0][...] = 7.0
    np.testing.assert_array_equal(pullback(1.0)[0], again[0])
    np.testing.assert_array_equal(X, kept)


def test_the_last_shadow_is_neither_copied_nor_cleared():
    text = sd.source(framed, mode="grad", args=(X, W))
    assert "return w[1:-1].copy()" in text
    assert "= 0.0" not in text


def test_a_cotangent_that_is_the_callers_is_not_written():
    def f(x):
        y = np.zeros(5)
        y[1:-1] = x
        return y

    seed = W.copy()
    _, pullback = sd.vjp(f, X)
    np.testing.assert_array_equal(pullback(seed), [2.0, 3.0, 4.0])
    np.testing.assert_array_equal(seed, W)
