"""The functions of `math` that take several numbers, or a sequence of them."""

from __future__ import annotations

import math
import sys

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.powers import exponent_slope, number_slope
from s2sdiff.rules.sequences import items_of, parts_back
from s2sdiff.runtime import divide, literal, power, scaled, steep
from s2sdiff.runtime.choosing import for_each, of_reals

__all__ = ["others"]


@derivative(of=math.pow)
def pow_(x, y):
    z = math.pow(x, y)

    def pullback(z_bar):
        if not literal(y):
            x_bar = steep(z_bar, number_slope(x, y))
        elif y == 2:
            x_bar = z_bar * (2 * x)
        elif y == 0:
            x_bar = None
        else:
            x_bar = steep(z_bar, y * power(x, y - 1))
        return x_bar, scaled(z_bar, exponent_slope(x, y, z))

    return z, pullback


@derivative(of=math.atan2)
def atan2(y, x):
    def pullback(z_bar):
        # NumPy's small integers have no squares, and unsigned ones no negative.
        r = math.hypot(x, y)
        return (scaled(z_bar, divide(divide(x, r), r)),
                scaled(-z_bar, divide(divide(y, r), r)))

    return math.atan2(y, x), pullback


@derivative(of=math.hypot, wrt="coordinates")
def hypot(*coordinates):
    z = math.hypot(*coordinates)
    if len(coordinates) == 2:
        x, y = coordinates
        return z, lambda z_bar: (scaled(z_bar, divide(x, z)), scaled(z_bar, divide(y, z)))
    if len(coordinates) == 3:
        a, b, c = coordinates
        return z, lambda z_bar: (
            scaled(z_bar, divide(a, z)), scaled(z_bar, divide(b, z)), scaled(z_bar, divide(c, z)))

    def pullback(z_bar):
        # All are 0 where z is, and divide(0, 0) is 0.
        return tuple([scaled(z_bar, divide(x, z)) for x in coordinates])

    return z, pullback


@derivative(of=math.hypot, wrt="coordinates", mode="jvp")
def hypot_forward(*coordinates):
    z = math.hypot(*coordinates)
    if len(coordinates) == 2:
        a, b = coordinates

        def of_two(dots):
            a_dot, b_dot = dots
            if b_dot is None:
                return a_dot * divide(a, z)
            if a_dot is None:
                return b_dot * divide(b, z)
            return a_dot * divide(a, z) + b_dot * divide(b, z)

        return z, of_two
    return z, lambda dots: along([divide(x, z) for x in coordinates], dots)


def along(slopes, dots):
    """The sum of slopes times tangents; None is a tangent of zero.

    >>> along([2.0, 3.0], [None, 5.0])
    15.0
    """
    total = 0.0
    for slope, dot in zip(slopes, dots, strict=True):
        if dot is not None:
            total = total + slope * dot
    return total


@derivative(of=math.dist)
def dist(p, q):
    z = math.dist(p, q)

    def pullback(z_bar):
        parts = [scaled(z_bar, divide(a - b, z)) for a, b in zip(p, q, strict=True)]
        return parts_back(parts, parts, p), parts_back([-g for g in parts], parts, q)

    return z, pullback


@derivative(of=math.dist, mode="jvp")
def dist_forward(p, q):
    z = math.dist(p, q)

    def differential(p_dot, q_dot):
        slopes = [divide(a - b, z) for a, b in zip(p, q, strict=True)]
        towards = 0.0 if p_dot is None else along(slopes, p_dot)
        return towards if q_dot is None else towards - along(slopes, q_dot)

    return z, differential


@derivative(of=math.fsum)
def fsum(seq):
    if of_reals(seq):
        count = len(seq)
        return math.fsum(seq), lambda z_bar: for_each(z_bar, count, seq)
    items = items_of(seq)
    return math.fsum(items), lambda z_bar: parts_back([z_bar] * len(items), items, seq)


def others(items, start=1.0):
    """For each item the product of start and all the other items, without a division.

    >>> others([2.0, 0.0, 5.0])
    [0.0, 10.0, 0.0]
    """
    before = [start]
    for x in items:
        before.append(before[-1] * x)
    after = 1.0
    products = []
    for i in range(len(items) - 1, -1, -1):
        products.append(before[i] * after)
        after = after * items[i]
    return products[::-1]


@derivative(of=math.prod)
def prod(iterable, *, start=1):
    items = items_of(iterable)

    def pullback(z_bar):
        start_bar, *bars = [z_bar * product for product in others([start, *items])]
        return parts_back(bars, items, iterable), start_bar

    return math.prod(items, start=start), pullback


@derivative(of=math.prod, mode="jvp")
def prod_forward(iterable, *, start=1):
    items = items_of(iterable)

    def differential(items_dot, start_dot):
        dots = [None] * len(items) if items_dot is None else items_dot
        return along(others([start, *items]), [start_dot, *dots])

    return math.prod(items, start=start), differential


@derivative(of=math.copysign)
def copysign(x, y):
    return math.copysign(x, y), lambda z_bar: (
        z_bar * (np.sign(x) * math.copysign(1.0, y)), None)


@derivative(of=math.fmod)
def fmod(x, y):
    z = math.fmod(x, y)
    # trunc(x / y) would be off by one where the quotient rounds up to an integer.
    return z, lambda z_bar: (z_bar, -z_bar * np.rint((x - z) / y))


@derivative(of=math.remainder)
def remainder(x, y):
    z = math.remainder(x, y)
    return z, lambda z_bar: (z_bar, -z_bar * np.rint((x - z) / y))


@derivative(of=math.ldexp, wrt="x")
def ldexp(x, i):
    return math.ldexp(x, i), lambda z_bar: z_bar * power(2.0, i)


@derivative(of=math.nextafter)
def nextafter(x, y):
    return math.nextafter(x, y), lambda z_bar: (z_bar, None)


if sys.version_info >= (3, 12):

    @derivative(of=math.sumprod)
    def sumprod(p, q):
        left, right = items_of(p), items_of(q)

        def pullback(z_bar):
            return (parts_back([z_bar * b for b in right], left, p),
                    parts_back([z_bar * a for a in left], right, q))

        return math.sumprod(left, right), pullback


if sys.version_info >= (3, 13):

    @derivative(of=math.fma)
    def fma(x, y, z):
        return math.fma(x, y, z), lambda result_bar: (result_bar * y, result_bar * x, result_bar)
