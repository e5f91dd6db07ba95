"""Classes that are defined inside of differentiated functions, and capture what is around them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.transforms.programs import agrees


def methods_capture(x, y):
    class Spring:
        stiffness = 2.0

        def __init__(self, rest):
            self.rest = rest * x

        def force(self, d):
            return -x * (d - self.rest) * self.stiffness

        @property
        def energy(self):
            return 0.5 * x * self.rest**2

        @staticmethod
        def doubled(t):
            return 2.0 * t * y

        @classmethod
        def longer(cls, rest):
            return cls(rest * y)

        def __add__(self, other):
            return Spring(self.rest + other.rest)

    s = Spring(y)
    return s.force(2.0) * s.energy + Spring.doubled(x) * (s + Spring.longer(x)).force(1.0)


def inherited(x, y):
    class Base:
        def __init__(self, *parts):
            self.parts = parts

        @classmethod
        def of(cls, r, angle):
            return cls(r * angle, r + y)

        def total(self):
            return sum(self.parts) * x

    class Scaled(Base):
        def __init__(self, *parts):
            super().__init__(*[2.0 * p * y for p in parts])

        def total(self):
            return super().total() + x

    return Scaled.of(x, y).total() * Base(x).total()


def dataclass_of_values(x, y):
    @dataclass
    class Point:
        a: float
        b: float = 0.0
        path: list = field(default_factory=list)

        def __post_init__(self):
            self.path.append(self.a * self.b)

        def moved(self, d):
            return Point(self.a + d, self.b * x)

    p = Point(x, y).moved(y)
    q = dataclasses.replace(p, a=x * x)
    return p.a * p.b + p.path[0] + q.a * q.path[-1]


def named_tuple(x, y):
    class Pair(NamedTuple):
        a: float
        b: float

        def product(self):
            return self.a * self.b

    return Pair(x, y * y).product() + Pair(y, x)._replace(a=x).product()


def counts_by_a_variable_outside(x, y):
    total = y

    class Adder:
        def __call__(self, t):
            nonlocal total
            total = total + t * x
            return total

    add = Adder()
    add(x)
    return add(y) * total


def given_to_a_helper(x, y):
    class Square:
        def area(self):
            return x * x

    def build(cls):
        return cls().area()

    def area_of(shape):
        return shape.area() * y

    return build(Square) + area_of(Square())


def made_in_a_loop(x, y):
    shapes = []
    for k in range(3):
        class Shape:
            def value(self, k=k):
                return x * k + y

        shapes.append(Shape())
    return sum([s.value() * s.value() for s in shapes])


def bound_later(x, y):
    class Late:
        def value(self):
            return z * x

    z = x * y
    late = Late()
    first = late.value()
    z = y
    return first * late.value()


@pytest.mark.parametrize("function", [
    methods_capture, inherited, dataclass_of_values, named_tuple, counts_by_a_variable_outside,
    given_to_a_helper, bound_later,
])
def test_derivatives_through_local_classes(function):
    agrees(function, 1.3, 0.7)


def test_a_class_whose_body_keeps_an_active_number_is_refused():
    def f(x):
        class Holder:
            value = x * x

        return Holder.value

    with pytest.raises(DifferentiationError, match="class"):
        sd.grad(f)(3.0)


def test_a_default_of_a_method_is_computed_in_the_body_of_the_class():
    def f(x):
        class Holder:
            def value(self, t=x):
                return t * t

        return Holder().value()

    with pytest.raises(DifferentiationError, match="class"):
        sd.grad(f)(3.0)
    assert made_in_a_loop(1.0, 2.0) == 4.0 + 9.0 + 16.0
