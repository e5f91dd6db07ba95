"""`itertools.groupby`: groups are windows into one iterator, in both modes, by differences."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.7, 1.3, 1.9, -0.4])


def sums(x):
    return sum([sum(g) ** 2 for _, g in itertools.groupby(x, key=lambda v: v > 1.0)])


def by_name(x):
    rows = sorted([("b", x[0]), ("a", x[1]), ("b", x[2])], key=lambda row: row[0])
    found = {k: [v for _, v in g] for k, g in itertools.groupby(rows, key=lambda row: row[0])}
    return found["b"][0] * found["b"][1] ** 2 + len(found) * found["a"][0]


def kept_groups_are_empty(x):
    groups = list(itertools.groupby([x[0], x[1], x[3]], lambda v: v > 0))
    return sum(len(list(g)) for _, g in groups) + x[0] * len(groups) + groups[1][0] * x[1]


def left_in_the_middle(x):
    total = 0.0
    for k, g in itertools.groupby([x[0], x[1], x[2], x[3]], lambda v: v > 1.0):
        for v in g:
            total += v**2
            if v < 1.5:
                break
        total = total * (2.0 if k else x[0])
    return total


def asked_by_next(x):
    it = itertools.groupby(iter([x[0], x[1], x[2]]), key=lambda v: v > 1.0)
    _, first = next(it)
    a = next(first)
    k, second = next(it)
    return a * next(second) ** 2 + next(first, x[3]) * (3.0 if k else 1.0) + sum(second)


def runs_of_equal_numbers(x):
    total = 0.0
    for k, g in itertools.groupby([x[0], x[0], x[2], x[0]]):
        total = total * k + len(list(g)) * k
    return total


def handed_to_a_helper(x):
    def mean(group):
        values = list(group)
        return sum(values) / len(values)

    def gaps(values):
        for a, b in itertools.pairwise(values):
            yield b - a

    return sum(mean(g) ** 2 for k, g in itertools.groupby(gaps(x), key=lambda v: v > 0))


def a_key_that_counts(x):
    seen = [0.0]

    def key(v):
        seen[0] = seen[0] * 2.0 + v
        return v > 1.0

    total = 0.0
    for _, g in itertools.groupby([x[0], x[1], x[2]], key=key):
        for v in g:
            total += v * seen[0]
    return total


def of_places(x):
    return sum(sum(x[i] for i in g) ** 2 for _, g in itertools.groupby(range(4), lambda i: i // 3))


def of_nothing(x):
    return sum([v for _, g in itertools.groupby([]) for v in g], x[0] ** 2)


@pytest.mark.parametrize("f", [
    sums, by_name, kept_groups_are_empty, left_in_the_middle, asked_by_next,
    runs_of_equal_numbers, handed_to_a_helper, a_key_that_counts, of_places, of_nothing,
], ids=lambda f: f.__name__)
def test_groups_are_drawn_as_python_draws_them(f):
    expected = [(f(X + 1e-6 * e) - f(X - 1e-6 * e)) / 2e-6 for e in np.eye(4)]
    given = X.copy()
    value, pullback = sd.vjp(f, given)
    assert value == f(X)
    np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7, atol=1e-8)
    np.testing.assert_array_equal(given, X)
    forwards = [sd.jvp(f, (X,), (e,))[1] for e in np.eye(4)]
    np.testing.assert_allclose(forwards, expected, rtol=1e-7, atol=1e-8)
