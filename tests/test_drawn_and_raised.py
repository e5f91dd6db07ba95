"""Generators, and methods that Python calls, which write, raise, and are caught behind what draws
from them: reverse mode refuses what it has not followed, or is right.
"""

import itertools
import statistics

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import right_or_refused


def drawn_by_a_function(x):
    w = [3.0]

    def scaled():
        w[0] = w[0] * x
        yield w[0]
        raise KeyError

    def total():
        try:
            return sum(scaled())
        except KeyError:
            return 0.0

    return total() + w[0]


def of_a_cell(x):
    acc = 2.0

    def scaled():
        nonlocal acc
        acc = acc * x
        yield x
        raise KeyError

    try:
        r = tuple(scaled())[0]
    except KeyError:
        r = 0.0
    return r + acc


def records(w, scale):
    for k in range(len(w)):
        w[k] = w[k] * scale
        if w[k] < 0:
            raise ValueError("negative")
        yield w[k]


def unpacked(x):
    w = np.array([0.9, -0.4, 1.7])
    try:
        first, *_ = records(w, x)
    except ValueError:
        first = 1.0
    return first * np.sum(w)


def by_an_array(x):
    acc = 2.0

    def asked(j):
        nonlocal acc
        acc = acc * x
        if j == 1:
            raise KeyError
        return acc

    try:
        r = float(np.sum(np.fromiter((asked(j) for j in range(3)), float)))
    except KeyError:
        r = x
    return r + acc


def by_a_class(x):
    acc = 2.0

    class Drawn:
        def __iter__(self):
            return self

        def __next__(self):
            nonlocal acc
            acc = acc * x
            raise KeyError

    try:
        r = sum(Drawn())
    except KeyError:
        r = x
    return r + acc


def by_items(x):
    acc = 2.0

    class Items:
        def __getitem__(self, j):
            nonlocal acc
            acc = acc * x
            if j == 1:
                raise KeyError
            return acc

    o = Items()
    try:
        r = o[0] + o[1]
    except KeyError:
        r = x
    return r + acc


def by_a_mean(x):
    acc = 2.0

    def scaled():
        nonlocal acc
        acc = acc * x
        yield x
        raise KeyError

    try:
        r = statistics.fmean(scaled())
    except KeyError:
        r = x
    return r + acc


def by_what_items_call(x):
    acc = 2.0

    def asked(j):
        nonlocal acc
        acc = acc * x
        if j == 2:
            raise KeyError
        return acc

    class Items:
        def __getitem__(self, j):
            return asked(j)

    try:
        r = sum(Items()[j] for j in range(4))
    except KeyError:
        r = x
    return r + acc


@pytest.mark.parametrize("f", [drawn_by_a_function, of_a_cell, unpacked, by_an_array, by_a_class,
                               by_items, by_a_mean, by_what_items_call], ids=lambda f: f.__name__)
def test_what_was_written_before_it_raised(f):
    right_or_refused(f)
    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.jvp(f, (0.61,), (1.0,)) == pytest.approx((f(0.61), slope), rel=1e-6)


def test_too_many_to_unpack_are_not_drawn():
    def f(x, w):
        def scaled():
            for j in range(4):
                w[j] = w[j] * x
                yield w[j]

        try:
            _, _ = scaled()
        except ValueError:
            pass
        return w[2] + w[3]

    given = [1.0, 2.0, 3.0, 4.0]
    assert sd.jvp(f, (0.7, given), (1.0, [0.0] * 4)) == pytest.approx((6.1, 3.0))
    assert given == pytest.approx([0.7, 1.4, 2.1, 4.0])


def test_endless_iterator_that_is_unpacked_raises_as_in_python():
    def f(x):
        try:
            a, b = (x * k for k in itertools.count(1))
        except ValueError:
            a, b = x, x * x
        return a * b

    right_or_refused(f)


def test_what_is_no_iterator_is_caught_and_right():
    def f(x, given):
        try:
            items = list(given)
        except TypeError:
            items = [given]
        return items[0] * x

    assert sd.grad(f)(0.7, 3.0) == 3.0
    assert sd.grad(f)(0.7, [3.0, 4.0]) == 3.0
    assert sd.grad(lambda x: f(x, x))(0.7) == pytest.approx(1.4)
