"""Loops over active values draw each element once, in order, and from where it was drawn."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, refused

A = np.array([1.0, 2.5, 3.0])


def over_zip(a, b):
    s = 0.0
    for p, q in zip(a, b):
        s = s + p * q * q
    return s


def over_enumerate(a, b):
    s = 0.0
    for i, p in enumerate(a):
        s = s + p * i + p * p * b[0]
    return s


def over_enumerate_from_two(a, b):
    s = 0.0
    for i, p in enumerate(a, 2):
        s = s + p * i * b[0]
    return s


def number_changed(a, b):
    s = 0.0
    for i, p in enumerate(a):
        i = i * 2
        s = s + p * i * b[0]
    return s


def number_read_afterwards(a, b):
    s, i = 0.0, 7
    for i, p in enumerate(a):
        if s > 5.0:
            break
        s = s + p * i * b[0]
    return s * (i + 1)


def number_captured(a, b):
    s, kept = 0.0, []
    for i, p in enumerate(a):
        kept.append(lambda v: v * i)
        s = s + p * b[0]
    return s * kept[0](a[1])


def over_reversed(a, b):
    s = 0.0
    for p in reversed(a):
        s = s * b[0] + p
    return s


def over_both(a, b):
    s = 0.0
    for i, (p, q) in enumerate(zip(a, a[1:])):
        s = s + p * q * i * b[0]
    return s


def over_rows(a, b):
    s = 0.0
    for row in np.outer(a, b):
        for v in row:
            s = s + v * v
    return s


def over_pairs_as_tuples(a, b):
    s = 0.0
    for pair in zip(a, b):
        s = s + pair[0] * pair[1]
    return s


def with_a_break(a, b):
    s = 0.0
    for p in a:
        s = s + p
        if s > 3.0:
            break
    return s * p * b[0]


def source_bound_anew_inside(a, b):
    s = 0.0
    for p in a:
        a = a * 2.0
        s = s + p * a[0] * b[0]
    return s


def source_bound_anew_before(a, b):
    s = 0.0
    pairs = zip(a, b)
    a = a * 2.0
    for p, q in pairs:
        s = s + p * q + a[0]
    return s


def iterator_made_in_each_round(a, b):
    s = 0.0
    for _ in range(2):
        pairs = enumerate(a)
        a = a * 2.0
        for j, q in pairs:
            s = s + q * j * b[0]
    return s


def iterator_of_one_branch(a, b):
    if a[0] > 0.0:
        pairs = zip(a, b)
    else:
        pairs = zip(b, a[1:])
    s = 0.0
    for p, q in pairs:
        s = s + p * q * q
    return s


@pytest.mark.parametrize(
    "function",
    [
        over_zip,
        over_enumerate,
        over_enumerate_from_two,
        number_changed,
        number_read_afterwards,
        number_captured,
        over_reversed,
        over_both,
        over_rows,
        over_pairs_as_tuples,
        with_a_break,
        source_bound_anew_inside,
        source_bound_anew_before,
        iterator_made_in_each_round,
        iterator_of_one_branch,
    ],
    ids=lambda f: f.__name__,
)
def test_a_loop_over_active_values(function):
    agrees(function, A, A + 0.5)
    agrees(function, A, (A + 0.5)[:2])


def walked_twice(a):
    s = 0.0
    pairs = zip(a, a)
    for p, q in pairs:
        s = s + p * q
    for _ in pairs:
        s = s + 100.0
    return s


def walked_in_every_round(a):
    s = 0.0
    pairs = enumerate(a)
    for _ in range(2):
        for i, p in pairs:
            s = s + p * i
    return s


def begun_by_hand(a):
    s = 0.0
    pairs = enumerate(a)
    next(pairs)
    for i, p in pairs:
        s = s + p * i
    return s


def walked_twice_through_a_branch(a):
    s = 0.0
    if a[0] > 0.0:
        pairs = zip(a, a)
    else:
        pairs = zip(a, a[1:])
    for p, q in pairs:
        s = s + p * q
    for p, q in pairs:
        s = s + p * q
    return s


@pytest.mark.parametrize(
    "function", [walked_twice, walked_in_every_round, begun_by_hand], ids=lambda f: f.__name__
)
def test_an_iterator_that_is_used_up_is_never_walked_again(function):
    agrees(function, A)


def test_a_zip_that_is_one_of_two_is_walked_once():
    message = refused(walked_twice_through_a_branch, A)
    assert "iterator over active values is used more than once" in message


def test_a_loop_over_a_tuple_of_active_numbers():
    def f(x):
        s = 0.0
        for p in (x, x * x, 3.0):
            s = s + p * p
            p = 0.0
        return s + p

    agrees(f, 1.5)


def test_an_empty_array_gives_no_round():
    def f(a, x):
        for v in a[3:]:
            x = x * v
        return x

    agrees(f, A, 2.0)


def test_a_loop_variable_that_changes_its_shape_and_forgets_its_old_value():
    def f(x, a, n):
        x = x + a
        for _ in range(2):
            for _ in range(n):
                x = a
            x = x + a
        return np.sum(x)

    for n in (0, 1, 2):
        agrees(f, np.array([1.0, 2.0]), np.array([0.5]), n)


def test_a_number_that_may_become_complex_in_a_loop():
    def f(x, a):
        x = math.exp(x / np.mean(a))
        for _ in range(2):
            for _ in range(2):
                x = np.sum(a)
            x = x**0.5
        return x

    x_bar, a_bar = sd.grad(f, wrt=(0, 1))(1.5, np.array([0.5, 2.0]))
    assert x_bar == 0.0
    np.testing.assert_allclose(a_bar, np.full(2, 0.5 / 2.5**0.5), rtol=1e-14)


def test_a_power_that_may_be_complex_and_is_not():
    def f(a, y, n):
        root = (1.5 + y) ** y
        a = np.stack([root, root]) * a
        total = np.sum(a)
        for _ in range(n):
            total = math.cos(0.3) * total
        return np.sum(total + a * a)

    def g(y, n):
        root = (1.5 + y) ** y
        a = np.stack([root, root])
        total = np.sum(a)
        i = 0
        while i < n:
            total = list(range(3))
        return np.sum(total + a * a)

    agrees(f, np.array([0.5, 2.0]), -1.25, 1)
    agrees(g, -1.25, 0)


def test_the_number_of_a_round_has_no_second_name():
    def f(a, v):
        out = np.zeros(len(v))
        for i, x in enumerate(v):
            out[i] = a * x
        return out

    assert "saved.append((i, x))" in sd.source(f, wrt=(0, 1), args=(2.0, A))
