"""Tuples that are written into arrays at masks and indices, or meet arrays in operators."""

import numpy as np
import pytest

import s2sdiff as sd


def two(x):
    return x * x, x * 3.0


def at_a_mask(x):
    a = np.zeros(3)
    a[[True, False, True]] = two(x)
    return a @ np.array([1.0, 2.0, 5.0])


def below(x):
    a = np.ones(2) * x
    a[a < 9.0] = x * x, x
    return a[0] * a[1]


def at_indices(x):
    a = np.ones(3) * x
    pair = (x * x, x * 3.0)
    a[[2, 0]] = pair
    return a[0] * a[1] * a[2] ** 2


def twice_one_index(x):
    a = np.ones(3) * x
    for _ in range(2):
        a[np.array([1, 1])] = x, x * a[0]
    return np.sum(a * a)


def one_of_them_whole(x):
    a = np.ones(2) * x
    a[[0, 1]] *= x, 2
    return np.sum(a * a)


def nested(x):
    return np.sum((np.ones((2, 2)) * x * ((x, 2), [3, x])) ** 2)


def product(x):
    return np.sum(np.dot(np.ones((2, 2)) * x, ((x, 2), (3, 4))) ** 2)


@pytest.mark.parametrize("f", [
    at_a_mask, below, at_indices, twice_one_index, one_of_them_whole, nested, product])
def test_tuples_give_their_cotangents_and_tangents(f):
    sd.check_grads(f, (0.61,))


class Empty:
    pass


def named(owner, x):
    return getattr(owner, "held", x)


def by_default(x):
    a = x * x
    b = getattr(Empty(), "held", a)
    b[1] = x[2] * 3.0
    return np.sum(a * np.arange(1.0, 4.0)) + b[0]


def by_default_of_a_list(x):
    items = [x[0] * x[1]]
    getattr(Empty(), "held", items).append(x[2])
    return items[0] * items[-1] * len(items)


def by_default_in_a_helper(x):
    a = x + 1.0
    b = named(Empty(), a)
    a *= x[1]
    return b[0] * b[2]


@pytest.mark.parametrize("f", [by_default, by_default_of_a_list, by_default_in_a_helper])
def test_what_getattr_gives_by_default_is_what_it_was_given(f):
    sd.check_grads(f, (np.array([0.7, 1.3, 0.4]),))


def over(items):
    total = 1.0
    for item in items:
        total = total * item
    return total


def of_a_set(x):
    return over({x * x, 3.0})


def of_pairs(x):
    return over(frozenset(v for _, v in {("a", x), ("b", x * x)}))


def filled(x):
    items = [1.0, 2.0]
    items[:1] = sorted({x * x, 3.0})
    return items[0] * items[1] + np.sum(np.fromiter({x, 5.0}, float))


def handed_on(x):
    found = with_note(x, [])
    return sum(v * v for v in found[-1])


def with_note(x, notes):
    notes.append({x * x, 3.0})
    return notes


@pytest.mark.parametrize("f", [of_a_set, of_pairs, filled, handed_on])
def test_sets_that_helpers_are_given_keep_their_tangents(f):
    sd.check_grads(f, (0.61,))
