"""Calls of the user's functions, methods and classes by place, when anything about them changes.

Each is differentiated, something is registered or replaced, and it is differentiated again.
"""

from __future__ import annotations

import functools
import math
import operator

import pytest

import s2sdiff as sd
from s2sdiff.runtime.quick import quick_call, quick_method


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def agrees(f, x=0.7):
    plain = f(x)
    value, pullback = sd.vjp(f, x)
    assert value == plain
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-5)
    assert sd.jvp(f, (x,), (1.0,))[1] == pytest.approx(slope(f, x), rel=1e-5)


def through(functions):
    def run(x):
        for f in functions:
            x = f(x)
        return x

    return run


def test_a_rule_that_is_registered_later_counts():
    def doubled(x):
        return 2.0 * x

    run = through([doubled, math.sin])
    agrees(run)
    with sd.derivatives({doubled: lambda x: (2.0 * x, lambda y_bar: 7.0 * y_bar)}):
        assert sd.vjp(run, 0.7)[1](1.0) == pytest.approx(7.0 * math.cos(1.4))
    agrees(run)
    sd.derivative(of=doubled)(lambda x: (2.0 * x, lambda y_bar: 5.0 * y_bar))
    assert sd.vjp(run, 0.7)[1](1.0) == pytest.approx(5.0 * math.cos(1.4))


def test_a_rule_of_the_users_for_an_operator_counts():
    def run(x):
        held = {"k": [x]}
        f = functools.reduce
        return f(operator.mul, held["k"], 3.0)

    agrees(run)

    def twice(x, y):
        return x * y, lambda z_bar: (0.0, 100.0 * z_bar)

    with sd.derivatives({operator.mul: twice}):
        _, pullback = sd.vjp(run, 0.7)
        assert pullback(1.0) == 100.0
    agrees(run)


def test_defaults_that_vary_have_their_cotangents():
    def run(x):
        functions = [lambda v, k=x: v * k, lambda v, k=3: v + k]
        return through(functions)(2.0 * x)

    agrees(run)


def test_what_captures_what_varies_and_is_given_nothing():
    def run(x):
        def power(n):
            return 1.0 if n == 0 else x * power(n - 1)

        return power(4) + through([lambda n: n + 1])(2)

    agrees(run)


class Shape:
    def __init__(self, size):
        self.size = size

    def area(self, k):
        return k * self.size * self.size


class Disc(Shape):
    pass


def areas(shapes):
    def run(x):
        total = 0.0
        for make in shapes:
            total += make(x).area(x)
        return total

    return run


def test_methods_that_are_replaced():
    run = areas([Shape, Disc])
    agrees(run)
    Disc.area = lambda self, k: k * math.sin(self.size)
    agrees(run)
    Disc.area = staticmethod(lambda k: k * k)
    agrees(run)
    del Disc.area
    agrees(run)

    def of_the_object(x):
        shape = Disc(x)
        shape.area = lambda k: math.exp(k) * x
        return areas([lambda _: shape])(x)

    agrees(of_the_object)


def test_constructors_that_are_replaced():
    class Ball(Shape):
        pass

    run = areas([Ball, Shape])
    agrees(run)

    def start(self, size):
        self.size = size * size * size

    Ball.__init__ = start
    agrees(run)
    Ball.__init__ = functools.partialmethod(start)
    agrees(run)
    del Ball.__init__
    Ball.__new__ = staticmethod(lambda cls, size: Shape(2.0 * size))
    agrees(run)


def test_they_serve_what_they_are_for():
    assert quick_call((0,), lambda x: x, (1.0,)) is not None
    assert quick_call((0,), Shape, (1.0,)) is not None
    assert quick_method((0, 1), "area", Shape(1.0), (2.0,)) is not None
    assert quick_call((0,), operator.truediv, (1.0, 2.0)) is not None
    # What is given nothing that varies, and captures nothing.
    assert quick_call((), lambda n: n, (1,)) is None
    assert quick_call((0,), functools.wraps, (1.0,)) is None
