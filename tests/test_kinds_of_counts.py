"""Counts and places of which it is known that they are ints: text in their gradients, and right."""

import bisect
import functools
import random

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.9, 0.7, 1.3])


def hermite(y, knots):
    def value(t):
        i = min(max(bisect.bisect_right(knots, t) - 1, 0), len(knots) - 2)
        u = (t - knots[i]) / (knots[i + 1] - knots[i])
        return (1 - u) ** 2 * y[i] + u**2 * y[i + 1]

    return sum(value(t) ** 2 for t in (0.1, 0.9, 1.7)) + value(y[0])


def forward(p, observed):
    a = [[0.7, 0.3], [p[0] / 2, 1 - p[0] / 2]]
    b = [[p[1], 1 - p[1]], [0.2, 0.8]]
    state = [p[2], 1 - p[2]]
    total = 0.0
    for o in observed:
        c = sum(state)
        total += c * c
        state = [s / c for s in state]
        state = [sum([state[i] * a[i][j] for i in range(2)]) * b[j][o] for j in range(2)]
    return total + state[0]


def counted(x, names):
    i = sum(1 for n in names if n > "a")
    j = (1 << i) - names.index("b") + ord("a") - 97
    return x[i] * x[j] ** 2 + x[sum([0, 1])]


def above(x, low):
    return x[np.where(x > low)[0][0]] ** 2 * x[1]


CASES = [(hermite, ([0.0, 1.0, 2.0],)), (forward, ([0, 1, 1],)), (counted, (("a", "b"),)),
         (above, (0.8,))]


@pytest.mark.parametrize(("f", "given"), CASES)
def test_what_is_known_to_be_an_int_leaves_text(f, given):
    expected = np.array([(f(X + h, *given) - f(X - h, *given)) / 2e-6 for h in 1e-6 * np.eye(3)])
    np.testing.assert_allclose(sd.grad(f)(X, *given), expected, rtol=1e-7)
    assert "by_place" not in sd.source(f, mode="grad", args=(X, *given))
    still = (None,) * len(given)
    np.testing.assert_allclose(sd.jvp(f, (X, *given), (X, *still))[1], expected @ X, rtol=1e-7)


def test_drawn_places_are_ints():
    def drawn(x, rng):
        return x[rng.integers(3)] ** 2 * x[rng.integers(0, 2)]

    found = sd.grad(drawn)(X, np.random.default_rng(5))
    rng = np.random.default_rng(5)
    expected, (i, j) = np.zeros(3), (rng.integers(3), rng.integers(0, 2))
    expected[i] += 2 * X[i] * X[j]
    expected[j] += X[i] ** 2
    np.testing.assert_allclose(found, expected)
    random.seed(3)
    i = random.randrange(3)
    random.seed(3)
    np.testing.assert_allclose(sd.grad(lambda x: x[random.randrange(3)] ** 2)(X),
                               np.where(np.arange(3) == i, 2 * X, 0.0))


class Spring:
    def __init__(self, k, x):
        self.k, self.x = k, x


def energy(spring):
    return 0.5 * spring.k * spring.x**2


def folded(x):
    springs = [Spring(x[0], x[1]), Spring(x[2], x[0])]
    return functools.reduce(lambda a, b: a * 0.5 + b, map(energy, springs))


def rates(x):
    amounts = {"A": x[0], "B": x[1]}
    change = dict.fromkeys(amounts, 0.0)
    for name in amounts:
        change[name] -= amounts[name] ** 2
    return change["A"] * change["B"] + dict.fromkeys(amounts, x[2])["A"]


@pytest.mark.parametrize("f", [folded, rates])
def test_iterators_are_folded_and_dicts_have_the_keys_of_others(f):
    expected = np.array([(f(X + h) - f(X - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
    value, pullback = sd.vjp(f, X)
    assert value == f(X)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(f, (X,), (X,))[1], expected @ X, rtol=1e-7)
