"""Python's operators, NumPy's arithmetic of the same names, and operators that have no derivative.

Operators and ufuncs are apart although their derivatives agree: `np.add(1.0, 2.0)` is a NumPy
number and `np.add([1.0], [2.0])` an array, which `+` would not give.
"""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.registry import constant, derivative
from s2sdiff.rules.containers import sharing
from s2sdiff.rules.sequences import in_order, like
from s2sdiff.rules.set_reads import set_operation
from s2sdiff.runtime import add as plus
from s2sdiff.runtime import scaled, unbroadcast, weighed

__all__: list[str] = []


#: `+` joins these and `*` repeats them.
SEQUENCES: Any = (list, tuple)
SETS: Any = (set, frozenset)
COUNTS = (int, np.integer)


@derivative(of=[operator.add, np.ndarray.__add__])
def add(x, y):
    if isinstance(x, SEQUENCES) and isinstance(y, SEQUENCES):
        return concatenate(x, y)
    if isinstance(x, deque):
        return concatenate_deques(x, y)
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_x), unbroadcast(z_bar, shape_y)

    return x + y, pullback


@derivative(of=np.add)
def add_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_x), unbroadcast(z_bar, shape_y)

    return np.add(x, y), pullback


@derivative(of=[operator.sub, np.ndarray.__sub__])
def subtract(x, y):
    if isinstance(x, SETS):
        return set_operation(operator.sub, x, y)
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_x), -unbroadcast(z_bar, shape_y)

    return x - y, pullback


@derivative(of=np.subtract)
def subtract_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_x), -unbroadcast(z_bar, shape_y)

    return np.subtract(x, y), pullback


@derivative(of=[operator.mul, np.ndarray.__mul__])
def multiply(x: Any, y: Any):
    if isinstance(x, SEQUENCES) and isinstance(y, COUNTS):
        return repeat(x, y)
    if isinstance(x, deque):
        return repeat_deque(x, y)
    if isinstance(y, SEQUENCES) and isinstance(x, COUNTS):
        z, pullback_y = repeat(y, x)
        return z, lambda z_bar: pullback_y(z_bar)[::-1]
    if isinstance(y, deque):
        z, pullback_y = repeat_deque(y, x)
        return z, lambda z_bar: pullback_y(z_bar)[::-1]
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        x_bar = unbroadcast(weighed(z_bar, y), shape_x)
        return x_bar, unbroadcast(weighed(z_bar, x), shape_y)

    return x * y, pullback


@derivative(of=np.multiply)
def multiply_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        x_bar = unbroadcast(weighed(z_bar, y), shape_x)
        return x_bar, unbroadcast(weighed(z_bar, x), shape_y)

    return np.multiply(x, y), pullback


@derivative(of=ops.cube)
def cube(x):
    return x * x * x, lambda z_bar: 3 * weighed(z_bar, x * x)


@derivative(of=ops.times_square)
def times_square(c, x):
    shape_c, shape_x = np.shape(c), np.shape(x)

    def pullback(z_bar):
        part = z_bar * x
        return unbroadcast(part * x, shape_c), unbroadcast(2 * part * c, shape_x)

    return c * x * x, pullback


@derivative(of=ops.times_cube)
def times_cube(c, x):
    shape_c, shape_x = np.shape(c), np.shape(x)

    def pullback(z_bar):
        part = z_bar * x * x
        return unbroadcast(part * x, shape_c), unbroadcast(3 * part * c, shape_x)

    return c * x * x * x, pullback


@derivative(of=operator.mod)
def modulo(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_x), unbroadcast(scaled(z_bar, -(x // y)), shape_y)

    return x % y, pullback


@derivative(of=np.remainder)
def remainder(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        y_bar = unbroadcast(scaled(z_bar, -np.floor_divide(x, y)), shape_y)
        return unbroadcast(z_bar, shape_x), y_bar

    return np.remainder(x, y), pullback


@derivative(of=np.fmod)
def fmod(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    z = np.fmod(x, y)

    def pullback(z_bar):
        # trunc(x / y) would be off by one where the quotient rounds up to an integer.
        y_bar = unbroadcast(scaled(z_bar, -np.rint((x - z) / y)), shape_y)
        return unbroadcast(z_bar, shape_x), y_bar

    return z, pullback


@derivative(of=np.divmod)
def divmod_arrays(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    q, r = np.divmod(x, y)

    def pullback(z_bar):
        _, r_bar = z_bar
        return unbroadcast(r_bar, shape_x), unbroadcast(scaled(r_bar, -q), shape_y)

    return (q, r), pullback


@derivative(of=[operator.neg, np.ndarray.__neg__])
def negative(x):
    return -x, lambda z_bar: -z_bar


@derivative(of=np.negative)
def negative_array(x):
    return np.negative(x), lambda z_bar: -z_bar


@derivative(of=operator.pos)
def positive(x):
    return +x, lambda z_bar: z_bar


@derivative(of=np.positive)
def positive_array(x):
    return np.positive(x), lambda z_bar: z_bar


@derivative(of=[operator.concat, list.__add__, tuple.__add__])
@sharing("items")
def concatenate(x, y):
    n, count = len(x), len(x) + len(y)
    # Not `x + y`: that may be the method of a class of the user's, which has called this one.
    z = list.__add__(x, y) if isinstance(x, list) else tuple.__add__(x, y)

    def pullback(z_bar):
        bars = in_order(z_bar, count)
        return like(x, bars[:n]), like(y, bars[n:])

    return z, pullback


@derivative(of=[list.__mul__, tuple.__mul__, list.__rmul__, tuple.__rmul__])
@sharing("items")
def repeat(x, times):
    n, count = len(x), len(x) * max(int(times), 0)
    z = list.__mul__(x, times) if isinstance(x, list) else tuple.__mul__(x, times)

    def pullback(z_bar):
        sums = [None] * n
        for i, g in enumerate(in_order(z_bar, count)):
            # Each copy of an item sends its share to the one original.
            sums[i % n] = plus(sums[i % n], g)
        return like(x, sums), None

    return z, pullback


@derivative(of=deque.__add__)
@sharing("items")
def concatenate_deques(x, y):
    z, n, count = deque.__add__(x, y), len(x), len(x) + len(y)
    origins = deque(range(n), x.maxlen) + deque(range(n, count))

    def pullback(z_bar):
        bars = _sent(z_bar, origins, count)
        return like(x, bars[:n]), like(y, bars[n:])

    return z, pullback


@derivative(of=[deque.__mul__, vars(deque)["__rmul__"]])
@sharing("items")
def repeat_deque(x, times):
    n, z = len(x), deque.__mul__(x, times)
    origins = deque(range(n), x.maxlen) * times
    return z, lambda z_bar: (like(x, _sent(z_bar, origins, n)), None)


def _sent(bars: Any, origins: Any, count: int) -> list:
    """The cotangents of `count` items, of those that a deque has of them, which may be bounded."""
    sums: list[Any] = [None] * count
    for i, g in zip(origins, in_order(bars, len(origins)), strict=True):
        sums[i] = plus(sums[i], g)
    return sums


constant(
    operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge, operator.not_,
    operator.truth, operator.is_, operator.is_not, operator.invert,
    operator.lshift, operator.rshift, operator.floordiv, operator.contains, operator.countOf,
    operator.indexOf, operator.index, operator.length_hint, ops.contains, ops.not_contains,
    np.floor_divide,
)
