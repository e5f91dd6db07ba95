"""Variables whose cotangents are the same computation have one each before one of them grows."""

import numpy as np
import pytest

import s2sdiff as sd

X, Y = np.array([0.3, 0.7, 0.4]), np.array([0.5, 0.2, 0.8])


def sums_and_their_sum(x, y):
    w = x * y
    z = x + y
    return np.sum(np.sin(z)) + np.sum(np.cos(w)) + np.sum(x) + np.sum(y)


def of_locals(x, y):
    x = x * 1.0
    y = y * 1.0
    w = x * y
    z = x + y
    z *= 1.5
    return np.sum(np.sin(z)) + np.sum(np.cos(w)) + np.sum(x) + np.sum(y)


def by_place(x, y):
    x = x * 1.0
    y = y * 1.0
    both = [x * y, x + y]
    for each in both:
        each *= 1.5
    return np.sum(np.sin(both[1])) + np.sum(np.cos(both[0])) + np.sum(x) + np.sum(y)


def by_place_and_equal(x, y):
    both = [x + y]
    for each in both:
        each *= 1.5
    return np.sum(np.sin(both[0]))


def of_differences(x, y):
    w = x / (1.0 + y * y)
    z = x - y
    return np.mean(z * z) + np.sum(w) - np.sum(x) - np.sum(y) + np.sum(z)


@pytest.mark.parametrize("f", [sums_and_their_sum, of_locals, by_place, by_place_and_equal,
                               of_differences])
def test_each_gradient_is_its_own(f):
    steps = 1e-6 * np.eye(3)
    expected = (np.array([(f(X + h, Y) - f(X - h, Y)) / 2e-6 for h in steps]),
                np.array([(f(X, Y + h) - f(X, Y - h)) / 2e-6 for h in steps]))
    gradients = sd.grad(f, wrt=(0, 1))(X, Y)
    _, pullback = sd.vjp(f, X, Y)
    for found in (gradients, pullback(1.0), pullback(1.0)):
        for gradient, slope in zip(found, expected, strict=True):
            np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-8)
        assert not np.shares_memory(*found)


class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def squares(self, p, q):
        return np.sum((p[0] + q) ** 2)


def leaves(g):
    if isinstance(g, np.ndarray):
        return [g]
    items = g.values() if isinstance(g, dict) else g if isinstance(g, (list, tuple)) else \
        vars(g).values()
    return [leaf for item in items for leaf in leaves(item)]


STRUCTURES = {
    "list": (lambda p: np.sum((p[0] + p[1]) ** 2), ([X, Y],)),
    "tuple": (lambda p: np.sum(p[0] + p[1]), ((X, Y),)),
    "dict": (lambda p: np.sum((p["a"] + p["b"]) ** 2), ({"a": X, "b": Y},)),
    "object": (lambda p: np.sum((p.a + p.b) ** 2), (Pair(X, Y),)),
    "nested": (lambda p: np.sum((p["w"][0] + p["b"]) ** 2), ({"w": [X], "b": Y},)),
    "list and array": (lambda p, q: np.sum((p[0] + q) ** 2), ([X], Y)),
    "array and dict": (lambda p, q: np.sum(p + q["a"]), (X, {"a": Y})),
    "two objects": (lambda p, q: np.sum((p.a + q.b) ** 2), (Pair(X, Y), Pair(X + 1, Y + 1))),
    "of a method": (Pair(X, Y).squares, ([X], Y)),
    "two lists": (lambda p, q: np.sum((p[0] + q[0]) ** 2), ([X], [Y])),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_no_array_of_a_gradient_is_anothers(name):
    f, args = STRUCTURES[name]
    slots = tuple(range(len(args)))
    _, pullback = sd.vjp(f, *args)
    for found in (sd.grad(f, wrt=slots)(*args), pullback(1.0)):
        arrays = leaves(found)
        assert len(arrays) >= 2
        for i, one in enumerate(arrays):
            assert not any(np.shares_memory(one, other) for other in arrays[:i])
