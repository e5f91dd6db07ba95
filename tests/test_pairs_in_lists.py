"""Tuples of numbers in lists and dicts that are written: added and taken where they lie."""

import collections

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes_of_lists import check_is_plain, check_list


def groups(xs):
    found = {}
    for i, x in enumerate(xs):
        found.setdefault(i % 2, []).append((x, i))
    return sum(sum(a * b * a for a, b in v) for v in found.values())


def neighbours(xs):
    adjacent = collections.defaultdict(list)
    for i in range(len(xs) - 1):
        adjacent[i].append((i + 1, xs[i]))
        adjacent[i + 1].append((i, xs[i]))
    return sum(w * v for u in range(len(xs)) for v, w in adjacent[u])


def a_stack(xs):
    stack, total = [], 0.0
    for i, x in enumerate(xs):
        stack.append((x, x * i))
        if i % 3 == 2:
            a, b = stack.pop()
            c, d = stack[-1]
            stack[-1] = (a * c, b + d)
    while stack:
        a, b = stack.pop()
        total = total * 0.5 + a * b
    return total


def with_texts(xs):
    items = []
    for x in xs:
        items.append((x, "a", x * x))
    items[-2] = (xs[0], "b", 1.0)
    t = items[-1][0] * items[-2][2] + items[-2][0]
    items.append((t, "c", t))
    return items[-1][0] * items[-4][2] * len(items[-2][1])


def one_pair_at_many_places(xs):
    p, some, others = (xs[0], xs[1]), [], []
    for _ in range(3):
        some.append(p)
        others.append(p)
    some[1] = (xs[2], p[0])
    q = some[0]
    some[0] = some[1]
    others[2] = q
    return sum(a * b * (k + 1) for k, (a, b) in enumerate(some)) + \
        others[2][0] * others[0][1] + p[1]


def pairs_in_pairs(xs):
    items = []
    for i, x in enumerate(xs):
        items.append(((x, i), x * x))
    items[1] = ((xs[0], 3), items[0][0][0])
    return sum(p[0] * p[1] * b for p, b in items)


def lists_in_pairs(xs):
    items = []
    for x in xs:
        items.append((x, [x]))
    items[0][1].append(xs[2])
    items[1][1][0] = xs[3] * 2
    return sum(a * sum(b) for a, b in items)


def moved_and_taken_out(xs):
    items = []
    for i, x in enumerate(xs):
        items.append((x, x * i))
    first, last = items.pop(0), items.pop(-1)
    del items[1]
    items.insert(0, (xs[1], 2.0))
    items.sort()
    items.reverse()
    return first[0] * last[1] + sum(a * b * (k + 1) for k, (a, b) in enumerate(items))


def under_keys(xs):
    found = {}
    for i, x in enumerate(xs):
        found[i % 3] = (x, found[i % 3][1] + x if i % 3 in found else x)
    return sum(a * b for a, b in found.values()) + found[0][1]


def numbers_that_vary(xs):
    items = []
    for i, x in enumerate(xs):
        items.append((i, x if i % 2 else 1))
    return sum(i * float(v) for i, v in items) * xs[0]


FAST = [groups, neighbours, a_stack, with_texts]
CASES = [*FAST, one_pair_at_many_places, pairs_in_pairs, lists_in_pairs, moved_and_taken_out,
         under_keys, numbers_that_vary]


@pytest.mark.parametrize("f", CASES)
def test_pairs_in_lists_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_pairs_in_lists_are_known(f):
    check_is_plain(f)


def test_pairs_that_the_caller_has_given_have_cotangents_in_their_places():
    def f(points, x):
        points[0] = (points[1][0] * x, points[0][1])
        points.append((x, points[2][1]))
        return sum(a * b for a, b in points)

    points = [(0.5, 2.0), (1.5, 3.0), (0.25, 4.0)]
    value, pullback = sd.vjp(f, [*points], 0.7)
    assert value == f([*points], 0.7)
    for _ in range(2):
        bar, x_bar = pullback(1.0)
        np.testing.assert_allclose(bar, [(0.0, 1.05), (4.4, 1.5), (4.0, 0.95)])
        assert x_bar == pytest.approx(7.0)
