"""Functions that travel, and iterators: right where they are followed, else refused in full."""

import functools
import math

import numpy as np


@functools.lru_cache
def cached(x):
    return x * 2.0


class Recorder:
    """An object that remembers the sum of what it was given."""

    def __init__(self):
        self.total = 0.0

    def add(self, v):
        self.total = self.total + v
        return v


def a_nested_function_that_captures(x):
    if x > 0:
        def inner(y):  # here
            return y * x
        return max([2.0], key=inner) * inner(2.0)
    return x * 2.0


def a_lambda_that_captures(x):
    if x > 0:
        return [lambda y: y * x][0](2.0)  # here: lambda
    return x * 2.0


def a_default_that_captures(x):
    if x > 0:
        def inner(y, by=x):  # here
            return y * by
        return inner(2.0)
    return x * 2.0


def a_nonlocal_that_is_written(x):
    y = 0.0
    if x > 0:
        def put():  # here
            nonlocal y
            y = x
        put()
        return y
    return x * 2.0


def an_iterator_that_is_not_known(x):
    total = x * 2.0
    if x > 0:
        for item in map(math.sin, [x, x]):  # here: map(
            total = total + item
    return total


def an_iterator_made_by_iter(x):
    total = x * 2.0
    if x > 0:
        for item in iter([x, x]):  # here: iter(
            total = total + item
    return total


def a_star_of_an_iterator(x):
    if x > 0:
        return np.hypot(*map(math.sin, (x, x)))  # here: map(
    return x * 2.0


def an_iterator_that_is_unpacked(x):
    if x > 0:
        a, b = map(math.sin, (x, x))  # here: map(
        return a * b
    return x * 2.0


def a_cached_function(x):
    if x > 0:
        return cached(x)  # here: cached(
    return x * 2.0


def a_key_that_writes(x):
    if x > 0:
        seen = Recorder()
        first = sorted([x, 0.1], key=seen.add)[0]  # here: sorted(
        return seen.total * first
    return x * 2.0


def a_map_that_writes(x):
    if x > 0:
        seen = Recorder()
        items = list(map(seen.add, [x, 2.0 * x]))  # here: map(
        return seen.total * items[0]
    return x * 2.0


def a_filter_that_writes(x):
    if x > 0:
        seen = Recorder()
        for item in filter(seen.add, [x, 0.1]):  # here: filter(
            seen.total = seen.total * item
        return seen.total
    return x * 2.0


def a_reduction_by_a_nested_function(x):
    if x > 0:
        return functools.reduce(lambda p, q: p + q * x, [x, x], 0.0)  # here: functools
    return x * 2.0


TRAVELLING = [f for name, f in dict(globals()).items() if name.startswith(("a_", "an_"))]
