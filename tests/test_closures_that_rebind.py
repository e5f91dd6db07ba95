"""Closures that bind what they capture anew: a cell is a variable, right by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check, slope


def accumulator(start):
    total = start

    def add(v):
        nonlocal total
        total += v * v
        return total

    return add


def smoothing(alpha):
    state = None

    def step(v):
        nonlocal state
        state = v if state is None else alpha * v + (1 - alpha) * state
        return state

    return step


def of_two(x):
    a, b = accumulator(x), accumulator(2 * x)
    s = 0.0
    for i in range(3):
        s += a(x * i) * b(s)
    return s


def by_two_names(x):
    add = accumulator(x)
    other = add
    add(x)
    other(2.0)
    return add(0.0) * other(1.0)


def from_both_sides(x):
    total = x

    def grow(v):
        nonlocal total
        total = total * v

    def get():
        return total * x

    grow(x)
    s = get()
    total = total + 1.0
    grow(3.0)
    return s + get() * total


def left_half_way(x):
    total = x

    def add(v):
        nonlocal total
        total = total + v
        if total > 1.0:
            raise ValueError
        total = total * 2.0

    try:
        for _ in range(5):
            add(x * 0.3)
    except ValueError:
        pass
    return total * x


def handed_on(x):
    def apply(f, n):
        s = 0.0
        for i in range(n):
            s += f(x * i)
        return s

    add = accumulator(x)
    return apply(add, 2) + add(x)


def smoothed(x):
    step = smoothing(0.3)
    s = 0.0
    for i in range(4):
        s += step(x * i) ** 2
    return s


def in_two_levels(x):
    a = x

    def outer():
        b = a * 2

        def inner():
            nonlocal a, b
            a = a + b
            b = b * x
            return a

        inner()
        return inner() * b

    return outer() * a


def chosen(x):
    a, b = accumulator(x), accumulator(2.0 * x)
    f = a if x > 0 else b
    f(x)
    a(1.0)
    return a(0.0) + f(0.0) * b(0.0)


def bound_on_one_way(x):
    if x > 0:
        t = x * 2

    def f(v):
        nonlocal t
        t = t * v
        return t

    return f(x) + t


PLAIN = [of_two, by_two_names, from_both_sides, smoothed, in_two_levels]


@pytest.mark.parametrize("f", [*PLAIN, left_half_way, handed_on, chosen, bound_on_one_way],
                         ids=lambda f: f.__name__)
def test_the_gradient_is_the_slope(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_cells_are_variables(f):
    text = sd.source(f, "grad", args=(0.7,))
    assert "cell" not in text and "rt.call" not in text and "_by_place" not in text


def kept_and_written(a):
    total = np.zeros_like(a)

    def add(v):
        nonlocal total
        total += v * a
        return total

    first = add(2.0)
    second = add(a)
    second[0] = a[1]
    return np.sum(total * first)


def test_an_array_that_is_captured_is_one_array():
    a = np.array([0.3, 0.5, 0.7])
    h = 1e-6
    expected = [(kept_and_written(a + h * e) - kept_and_written(a - h * e)) / (2 * h)
                for e in np.eye(3)]
    assert sd.grad(kept_and_written)(a.copy()) == pytest.approx(np.array(expected), rel=1e-6)
