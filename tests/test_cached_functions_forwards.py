"""Tangents of what functions give that `functools.lru_cache` has made outside."""

import functools

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
