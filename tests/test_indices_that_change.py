"""Indices, axes and masks that change between a call and its pullback, or later in the function."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import s2sdiff as sd

V, W = np.array([0.5, 1.2, 0.8, 1.7]), np.arange(1.0, 5.0)


class At:
    """An object that says which number it is."""

    def __init__(self, i):
        self.i, self.asked = i, 0

    def __index__(self):
        self.asked += 1
        return self.i

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.i == getattr(other, "i", other)


def move(k):
    k.i = 3


def first(k, i=3):
    k[0] = i


def weighted(b):
    return np.sum(b * b * np.reshape(np.arange(1.0, b.size + 1), b.shape))


def stored(v, k):
    b = v * 1.0
    b[k] = v[0] * v[2]
    return weighted(b)


def scaled(v, k):
    b = v * 1.0
    b[k] *= v[0] * v[2]
    return weighted(b)


def by_function(v, k):
    b = v * 1.0
    operator.setitem(b, k, v[0] * v[2])
    return weighted(b)


def in_two_dimensions(v, k):
    b = np.outer(v, v)
    b[k, 1:] *= b[1, k]
    return weighted(b) + b[2, k]


def added(v, k):
    b = v * 1.0
    np.add.at(b, k, v[0] * v[2])
    return weighted(b)


def of_a_list(v, k):
    items = [v[0], v[1], v[2], v[3]]
    items[k] = items[k] * v[0]
    items.insert(k, v[2])
    del items[k]
    return items[0] * items[1] * items[2] + items.pop(k) * items[0]


def of_a_dict(v, k):
    table = {k: v[0] * v[1], "a": v[2]}
    table[k] = table[k] * v[3]
    return table[k] * table["a"]


def bound(k):
    return slice(k, None)


INDICES = {
    "read": (lambda v, k: v[k] * v[k] * v[0], lambda: At(1), move),
    "sliced": (lambda v, k: np.sum(v[k:] * v[: k + 0 if isinstance(k, int) else k][0]),
               lambda: At(1), move),
    "a slice": (lambda v, k: weighted(v[k]), lambda: bound(At(1)), lambda k: move(k.start)),
    "an array in a slice": (lambda v, k: weighted(v[k]), lambda: bound(np.array(1)),
                            lambda k: k.start.__setitem__(..., 3)),
    "stored": (stored, lambda: At(1), move),
    "stored at a slice": (lambda v, k: stored(v, bound(k)), lambda: At(1), move),
    "scaled at a slice": (lambda v, k: scaled(v, bound(k)), lambda: At(1), move),
    "scaled": (scaled, lambda: At(1), move),
    "by a function": (by_function, lambda: At(1), move),
    "in two dimensions": (in_two_dimensions, lambda: At(1), move),
    "added": (added, lambda: At(1), move),
    "of a list": (of_a_list, lambda: At(1), move),
    "of a dict": (of_a_dict, lambda: At(1), lambda k: None),
    "an array": (lambda v, k: weighted(v[k]), lambda: np.array([1, 2]), first),
    "an array without dimensions": (lambda v, k: v[k] * v[k], lambda: np.array(1),
                                    lambda k: k.__setitem__(..., 3)),
    "a mask": (lambda v, k: weighted(v[k]), lambda: V > 1.0, lambda k: first(k, True)),
    "a list": (lambda v, k: weighted(v[k]), lambda: [1, 2], first),
    "a tuple": (lambda v, k: weighted(np.outer(v, v)[k]), lambda: (np.array([1, 2]), slice(2)),
                lambda k: first(k[0])),
    "take": (lambda v, k: weighted(np.take(v, k)), lambda: np.array([1, 2]), first),
    "take as a method": (lambda v, k: weighted(v.take(k)), lambda: np.array([1, 2]), first),
    "take with a list": (lambda v, k: weighted(np.take(v, k)), lambda: [1, 2], first),
    "take along an axis": (lambda v, k: weighted(np.take(np.outer(v, v), k, axis=1)),
                           lambda: np.array([1, 2]), first),
    "choose": (lambda v, k: weighted(np.choose(k, [v, v * v])), lambda: np.array([1, 0, 0, 1]),
               lambda k: first(k, 0)),
    "transpose": (lambda v, k: weighted(np.transpose(np.outer(v, v * v), k)), lambda: [1, 0],
                  lambda k: k.reverse()),
    "transpose as a method": (lambda v, k: weighted(np.outer(v, v * v).transpose(k)),
                              lambda: [1, 0], lambda k: k.reverse()),
    "moveaxis": (lambda v, k: weighted(np.moveaxis(np.outer(v, v * v), k, [0, 1])),
                 lambda: [1, 0], lambda k: k.reverse()),
    "repeat": (lambda v, k: weighted(np.repeat(v, k)), lambda: np.array([1, 2, 0, 1]), first),
    "where": (lambda v, k: weighted(np.where(k, v, v * v)), lambda: V > 1.0,
              lambda k: first(k, True)),
}


@pytest.mark.parametrize("f, make, change", INDICES.values(), ids=INDICES)
def test_an_index_is_what_it_was_when_it_was_used(f, make, change):
    steps = 1e-6 * np.eye(4)
    expected = [(f(V + h, make()) - f(V - h, make())) / 2e-6 for h in steps]

    def inside(v):
        k = make()
        value = f(v, k)
        change(k)
        return value

    k = make()
    value, captured = sd.vjp(lambda v: f(v, k), V)
    change(k)
    assert value == f(V, make())
    k = make()
    _, given = sd.vjp(f, V, k)
    change(k)
    for found in (captured(1.0), captured(1.0), given(1.0), sd.grad(inside)(V)):
        found = found[0] if isinstance(found, tuple) else found
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_an_index_that_counts_in_a_loop():
    def f(v):
        k, b = At(0), np.zeros(4)
        while k.i < 4:
            b[k] = v[k] * v[k] * (k.i + 1.0)
            k.i += 1
        return np.sum(b * b)

    expected = [(f(V + h) - f(V - h)) / 2e-6 for h in 1e-6 * np.eye(4)]
    np.testing.assert_allclose(sd.grad(f)(V), expected, rtol=1e-6)


def test_an_index_is_asked_as_often_as_python_asks():
    def f(v, k):
        b = v * 1.0
        b[k] = v[k] * v[0]
        return b[k:].sum()

    plain, ours = At(1), At(1)
    f(V, plain)
    _, pullback = sd.vjp(lambda v: f(v, ours), V)
    pullback(1.0)
    assert ours.asked == plain.asked
