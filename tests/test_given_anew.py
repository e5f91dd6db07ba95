"""Operators in place on arrays that nobody else sees, and on such as somebody does."""

import functools
from typing import Any

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.7, -0.4, 1.3])
TABLE = np.array([1.0, 2.0, 3.0])


class Box:
    z: Any


@functools.lru_cache
def cached(n):
    return np.arange(1.0, n + 1.0)


def kept(x, into=[]):  # noqa: B006
    y = x * 2.0
    into.append(y)
    return y


KEPT: list[Any] = []


def keep(y):
    KEPT.append(y)


class Kept:
    every: list[Any] = []  # noqa: RUF012

    def __init__(self, z):
        self.z = z
        Kept.every.append(self)


def given_back(x):
    return x


def own(x):
    z = x - x.mean()
    z /= z.std()
    z *= 2.0
    z -= x
    z **= 2
    return z


def softmax(x):
    p = np.exp(x - x.max())
    p /= p.sum()
    return p * TABLE


def out_of_a_ufunc(x):
    z = x * 3.0
    np.tanh(z, out=z)
    np.multiply(z, x, out=z)
    return z + z[0]


def seen_by_a_view(x):
    z = x * 2.0
    first = z[:1]
    z *= x
    return z + first


def seen_by_another_name(x):
    z = x * 2.0
    y = z
    z *= x
    return y + z


def seen_by_a_list(x):
    z = x * 2.0
    held = [z]
    z /= x + 2.0
    return held[0] * z


def seen_by_an_attribute(x):
    box = Box()
    box.z = x * 2.0
    z = box.z
    z *= x
    return box.z


def seen_by_a_function(x):
    z = x * 2.0
    read = lambda: z[0]  # noqa: E731
    z *= x
    return z * read()


def seen_by_an_earlier_transpose(x):
    z = np.outer(x, x)
    t = z.T
    np.sin(z, out=z)
    return (t * x).sum(axis=0)


def an_argument(x):
    y = given_back(x)
    y *= x + 0.0
    return x + y


def a_global(x):
    z = TABLE
    z *= 1.0
    return z * x


def of_a_cache(x):
    z = cached(3)
    z *= 1.0
    return cached(3) * x + z


def kept_by_a_helper(x):
    held = []
    z = kept(x, held)
    z *= x
    return held[0] + z


def kept_outside(x):
    z = x * 2.0
    keep(z)
    z *= x
    return KEPT[-1] + 0.0


def a_part_kept_outside(x):
    z = x * 2.0
    if x[0] > 0:
        keep((z[1:],))
    np.exp(z, out=z)
    return KEPT[-1][0].sum() * x


def kept_by_its_own_function(x):
    z = x * 2.0

    def note():
        KEPT.append(z)

    note()
    z *= x
    return KEPT[-1] + 0.0


def kept_by_a_class(x):
    z = x * 2.0
    made = Kept(z)
    z *= x
    return Kept.every[-1].z + made.z


def drawn_twice(x):
    def draw():
        z = x * 2.0
        yield z
        z *= x
        yield z

    first, second = draw()
    return first + second


def in_a_branch(x):
    z = x * 2.0
    if x[0] > 0:
        z *= x
    else:
        z /= x
    return z


def on_one_of_two_ways(x):
    z = x * 2.0
    y = z if x[0] > 0 else x * 3.0
    y *= x
    return z + y


def in_a_loop(x):
    z = np.zeros(3)
    for k in range(3):
        z += x * k
        z *= x
    return z


def in_a_try(x):
    z = x * 2.0
    try:
        z *= x
        raise ValueError
    except ValueError:
        return z * x


def wider(x):
    z = x * 2.0
    z += np.ones(1)
    z *= x[:1]
    return z


EVERY = [own, softmax, out_of_a_ufunc, seen_by_a_view, seen_by_another_name, seen_by_a_list,
         seen_by_an_attribute, seen_by_a_function, seen_by_an_earlier_transpose, an_argument,
         a_global, of_a_cache, kept_by_a_helper, kept_outside, a_part_kept_outside,
         kept_by_its_own_function, kept_by_a_class, drawn_twice, in_a_branch,
         on_one_of_two_ways, in_a_loop, in_a_try, wider]


@pytest.mark.parametrize("f", EVERY, ids=lambda f: f.__name__)
def test_slopes_are_those_of_the_plain_function(f):
    w, d = np.array([0.3, 1.1, -0.7]), np.array([0.5, -1.0, 0.25])
    h = 1e-6
    slope = (f(X + h * d) - f(X - h * d)) @ w / (2 * h)
    x = X.copy()
    value, pullback = sd.vjp(f, x)
    again = X.copy()
    assert np.array_equal(value, f(again))
    assert np.array_equal(x, again)
    for _ in range(2):
        assert pullback(w.copy()) @ d == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(f, (X.copy(),), (d,))[1] @ w == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize(("f", "dtype"), [
    (own, np.float32), (softmax, np.float32), (out_of_a_ufunc, np.float32),
    (out_of_a_ufunc, np.complex128), (in_a_branch, np.float32)])
def test_dtypes_stay(f, dtype):
    x = X.astype(dtype)
    value, pullback = sd.vjp(f, x)
    assert value.dtype == f(x).dtype
    assert pullback(np.ones_like(value)).dtype == dtype


def test_what_keeps_its_dtype_in_place_stays_in_place():
    def f(x):
        z = x * 2
        z *= np.float64(0.1)
        return z

    x = X.astype(np.float32)
    value, pullback = sd.vjp(f, x)
    assert value.dtype == f(x).dtype == np.float32
    assert pullback(np.ones(3, np.float32)).tolist() == pytest.approx([0.2] * 3)


def test_what_does_not_fit_raises_as_it_does():
    def f(x, y):
        z = x[:1] * 2.0
        z += y
        return z

    for way in (f, lambda x, y: sd.vjp(f, x, y), lambda x, y: sd.jvp(
            lambda x: f(x, y), (x,), (x,))):
        with pytest.raises(ValueError, match="broadcast"):
            way(X, X)


def test_the_text_is_that_of_the_operators():
    text = str(sd.source(softmax, args=(X,)))
    assert "copy(p)" not in text
    assert "p_1 = p / sum_p" in text
    text = str(sd.source(out_of_a_ufunc, args=(X,)))
    assert "out=" not in "".join(
        line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "[...]" not in text


def of_several_elements(x, y):
    a = x.copy()
    b = y * 1.0
    a += b
    some = np.sum(a[[0, 1, 1]])
    return np.sum(y ** 2) + some


def of_elements_twice(x, y):
    b = y * 1.0
    a = (x + b)[[2, 0, 2]]
    return (a * a).sum() + b.sum()


def of_a_part(x, y):
    a = x * 1.0
    a -= y * 1.0
    b = a + y
    return b[1:].sum() + b[0] * 3.0 + (y * y).sum()


@pytest.mark.parametrize("f", [of_several_elements, of_elements_twice, of_a_part])
def test_what_two_variables_get_is_not_put_into_one_of_them(f):
    x, y, h = X.copy(), np.array([0.2, 0.9, -1.1]), 1e-6
    slopes = [[(f(x + h * e, y) - f(x - h * e, y)) / (2 * h) for e in np.eye(3)],
              [(f(x, y + h * e) - f(x, y - h * e)) / (2 * h) for e in np.eye(3)]]
    _, pullback = sd.vjp(f, x, y)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, rtol=1e-6, atol=1e-8)
