"""Tangents of what functions give that `functools.lru_cache` has made outside."""

import functools
import math
import sys

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.9, 0.7, 1.3, 0.4])


@functools.lru_cache(None)
def pair(t):
    return t * t, 2 * t


@functools.lru_cache(None)
def row(t):
    return np.array([t * t, 2 * t])


@functools.lru_cache(None)
def items(t):
    return [t * t, 2 * t]


CACHES = [functools.cache]


def of_pairs(x):
    u, v = pair(x[0])
    return u * v * pair(x[1])[0]


def of_rows(x):
    r = row(x[0])
    return np.sum(r * r) + row(x[1]) @ r


def of_a_list(x):
    return items(x[0])[0] * items(x[0])[1]


def appended(x):
    a = items(x[0])
    a.append(x[1])
    b = items(x[0])
    return sum(b) * b[0]


def written(x):
    a, b = row(x[0]), row(x[0])
    b[0] = x[1]
    return a @ a


def cached_inside(x):
    f = CACHES[0](lambda v: {"a": v * v})
    a = f(x[0])
    a["b"] = x[1]
    return f(x[0])["b"] * f(x[0])["a"]


@pytest.mark.parametrize("f", [of_pairs, of_rows, of_a_list, appended, written, cached_inside])
def test_what_a_cached_function_gives_has_its_tangent(f):
    def anew(x):
        row.cache_clear()
        items.cache_clear()
        return f(x)

    expected = np.array([(anew(X + h) - anew(X - h)) / 2e-6 for h in 1e-6 * np.eye(4)])
    plain = anew(X)
    row.cache_clear()
    items.cache_clear()
    value, dot = sd.jvp(f, (X,), (X,))
    assert value == plain
    np.testing.assert_allclose(dot, expected @ X, rtol=1e-7)


def test_one_value_with_two_tangents_is_refused_where_it_is_written():
    def f(x):
        a, b = items(x[0]), items(x[1])
        b[0] = x[2]
        return sum(a)

    with pytest.raises(sd.UnsupportedError, match="what items gave is written"):
        sd.jvp(f, (np.array([0.5, 0.5, 2.0]),), (np.array([1.0, 0.0, 0.0]),))


@functools.lru_cache(None)
def steps(n, x, y=2.0):
    return x * y if n < 2 else math.sin(steps(n - 1, x, y)) + 0.5 * steps(n - 2, x, y)


def sines_in(call):
    """What a call gives, and how often the sine is computed in it."""
    count = 0

    def seen(frame, event, called):
        nonlocal count
        count += event == "c_call" and called is math.sin

    sys.setprofile(seen)
    try:
        found = call()
    finally:
        sys.setprofile(None)
    return found, count


def test_a_recursion_that_is_kept_runs_once_for_each_step():
    """With 14 steps the body runs 15 times, and not 610 times, in both modes."""
    def f(x, y=2.0):
        return steps(14, x, y) + steps(13, y, x)

    h = 1e-6
    expected = [(f(0.7 + h) - f(0.7 - h)) / 2e-6, (f(0.7, 2 + h) - f(0.7, 2 - h)) / 2e-6]
    (value, pullback), count = sines_in(lambda: sd.vjp(f, 0.7, 2.0))
    assert value == f(0.7, 2.0) and count < 100
    for bar in (1.0, -2.0, 0.0):
        assert pullback(bar) == pytest.approx([bar * e for e in expected], rel=1e-5)
    (_, dot), count = sines_in(lambda: sd.jvp(f, (0.7, 2.0), (1.0, 0.5)))
    assert dot == pytest.approx(expected[0] + 0.5 * expected[1], rel=1e-5) and count < 100


def test_a_recursion_that_is_kept_has_second_derivatives():
    slope = sd.grad(lambda x: steps(6, x))
    assert sd.grad(slope)(0.7) == pytest.approx(
        (slope(0.7 + 1e-6) - slope(0.7 - 1e-6)) / 2e-6, rel=1e-4)


def one_asked_for_beside_what_is_written(x):
    held = {"last": x}
    s = 0.5
    for _ in range(2):
        held = dict(held)
        s = steps(5, s, 0.3) + steps(4, 0.3, s)
        held.update(last=s * held["last"])
    return held["last"] + steps(5, x)


def test_one_argument_has_its_slope_by_place_and_by_value():
    f, h = one_asked_for_beside_what_is_written, 1e-6
    expected = pytest.approx((f(0.7 + h) - f(0.7 - h)) / (2 * h), rel=1e-6)
    _, pullback = sd.vjp(f, 0.7)
    assert pullback(1.0) == pullback(1.0) == expected
