"""Results that `functools.lru_cache` keeps at a module's top level, and that somebody writes."""

import functools
import gc
import types
from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import kept_calls


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


class Box:
    def __init__(self, v):
        self.v = v


class Slotted:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v


class Model:
    def __init__(self, v):
        self.v = v

    @functools.lru_cache  # noqa: B019
    def both(self):
        return np.array([self.v, 2 * self.v])


@functools.lru_cache
def row(x, n):
    return np.zeros(2) + x * n


@functools.cache
def items(x):
    return [x, x * x]


@functools.cache
def queue(x):
    return deque([x, x * x])


@functools.cache
def nested(x):
    return [x, x * x], {"a": {"b": [x]}}


@functools.cache
def box(x):
    return Box(x)


@functools.cache
def slotted(x):
    return Slotted(Box([x]))


@functools.cache
def outer(x):
    return row(x, 2)


@functools.cache
def ones(n):
    return np.ones(n)


@functools.cache
def zeros(n):
    return [0.0] * n


CACHED = [row, items, queue, nested, box, slotted, outer, ones, zeros, Model.both]


@pytest.fixture(autouse=True)
def nothing_is_kept():
    for function in CACHED:
        function.cache_clear()


def plain(f):
    """A program that begins with empty caches, for differences."""
    def g(x):
        for function in CACHED:
            function.cache_clear()
        return f(x)

    return g


def an_array(x):
    a, b = row(x, 2), row(x, 2)
    a[0] = 5 * x
    return b[0] * b[1]


def the_second_array(x):
    a, b = row(x, 2), row(x, 2)
    b[0] = 5 * x
    return a[0] * a[1]


def an_array_before_the_second_call(x):
    a = row(x, 2)
    a[0] = 5 * x
    return row(x, 2)[0] * a[1]


def a_view(x):
    a, b = row(x, 2)[:1], row(x, 2)
    a += x
    return np.sum(b)


def an_array_in_a_loop(x):
    total = 0.0
    for _ in range(3):
        a = row(x, 2)
        a[0] += x
        total = total + a[0]
    return total


def a_list(x):
    a, b = items(x), items(x)
    a[0] = 5 * x
    return b[0] * b[1]


def a_list_that_grows(x):
    items(x).append(3 * x)
    return sum(items(x))


def a_queue(x):
    a, b = queue(x), queue(x)
    a.append(5 * x)
    return b[-1] * b[0]


def a_list_in_a_tuple(x):
    a, b = nested(x)[0], nested(x)[0]
    a[0] = 5 * x
    return b[0] * b[1]


def a_list_that_lies_deep(x):
    a, b = nested(x), nested(x)
    a[1]["a"]["b"][0] = 5 * x
    return b[1]["a"]["b"][0] * x


def an_object(x):
    a, b = box(x), box(x)
    a.v = 5 * x
    return b.v * x


def an_object_with_slots(x):
    a, b = slotted(x), slotted(x)
    a.v.v[0] = 5 * x
    return b.v.v[0] * x


def what_another_one_keeps(x):
    a, b = outer(x), row(x, 2)
    a[0] = 5 * x
    return b[0] * b[1]


def write(x):
    row(x, 2)[0] = 5 * x


def in_a_helper(x):
    b = row(x, 2)
    write(x)
    return b[0] * b[1]


def given_by_a_helper(x):
    a, b = give(x), give(x)
    a[0] = 5 * x
    return b[0] * b[1]


def give(x):
    return row(x, 2)


def by_out(x):
    np.multiply(row(x, 2), 3.0, out=row(x, 2))
    return np.sum(row(x, 2))


def a_method(x):
    model = Model(x)
    a, b = model.both(), model.both()
    a[0] = 5 * x
    return b[0] * b[1]


WRITTEN = [
    an_array, the_second_array, an_array_before_the_second_call, a_view, an_array_in_a_loop, a_list,
    a_list_that_grows, a_queue, a_list_in_a_tuple, a_list_that_lies_deep, an_object,
    an_object_with_slots, what_another_one_keeps, in_a_helper, given_by_a_helper, by_out, a_method,
]


@pytest.mark.parametrize("f", WRITTEN, ids=lambda f: f.__name__)
def test_a_kept_result_that_is_written_where_two_have_it_is_refused(f):
    match = r"test_cached_and_written.py:\d+:\d+ in (.|\n)*is written(.|\n)*Instead, write into a"
    with pytest.raises(sd.UnsupportedError, match=match):
        sd.grad(f)(0.7)
    with pytest.raises(sd.UnsupportedError, match=match):
        _, pullback = sd.vjp(f, 0.7)
        pullback(1.0)


def only_read(x):
    a, b = row(x, 2), row(x, 2)
    return b[0] * a[1] + items(x)[0] * items(x)[1]


def a_copy_is_written(x):
    a = row(x, 2).copy()
    a[0] = 5 * x
    return np.sum(row(x, 2) * a)


def one_alone_is_written(x):
    a = row(x, 2)
    a[0] = 5 * x
    return a[0] * a[1]


def what_holds_nothing_active(x):
    a, b = ones(2), ones(2)
    a[0] = 5 * x
    return b[0] * (b[1] + x)


def a_list_without_anything_active(x):
    zeros(2)[0] = 5 * x
    return zeros(2)[0] * x


@pytest.mark.parametrize("f", [
    only_read, a_copy_is_written, one_alone_is_written, what_holds_nothing_active,
    a_list_without_anything_active], ids=lambda f: f.__name__)
def test_what_is_kept_and_not_written_by_one_of_two_is_differentiated(f):
    expected = slope(plain(f), 0.7)
    for function in CACHED:
        function.cache_clear()
    gc.collect()  # what refused runs before this one were given may live in their tracebacks
    value, pullback = sd.vjp(f, 0.7)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(expected, rel=1e-6)
    assert value == plain(f)(0.7)
    del pullback  # as long as it lives, another run has what was written in this one
    assert sd.grad(f)(0.7) == pytest.approx(expected, rel=1e-6)


def test_a_result_may_hold_a_module_whose_names_come_and_go():
    library = types.ModuleType("library")
    before = kept_calls._picture((library, [2.0]), 6)
    library.part = [1.0]  # a module loads its parts when they are asked for
    assert kept_calls._equal(before, kept_calls._picture((library, [2.0]), 6), 6)
    assert not kept_calls._equal(before, kept_calls._picture((library, [3.0]), 6), 6)
