"""Objects that class methods make, that write their own fields, or ask the parts they are made of.

Those that nobody else sees are variables (`transforms.unboxed`).
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


class Rotation:
    def __init__(self, w, x):
        self.w, self.x = w, x

    @classmethod
    def polar(cls, r, t):
        return cls(r * math.cos(t), r * math.sin(t))

    @staticmethod
    def unit(t):
        return Rotation(math.cos(t), math.sin(t))

    @classmethod
    def twice(cls, r, t):
        q = cls.polar(r, t)
        return q * q

    def __mul__(self, other):
        if not isinstance(other, Rotation):
            return NotImplemented
        return Rotation(self.w * other.w - self.x * other.x, self.w * other.x + self.x * other.w)

    def turned_back(self):
        return type(self)(self.w, -self.x)

    def norm(self):
        return math.hypot(self.w, self.x)


class Doubled(Rotation):
    def norm(self):
        return 2.0 * super().norm()


def at(r):
    return Rotation.polar(r, 0.3 * r)


@dataclass(frozen=True)
class Epidemic:
    beta: float
    gamma: float = 0.1

    def __post_init__(self):
        if self.beta < 0.0:
            raise ValueError("beta")
        object.__setattr__(self, "reproduction", self.beta / self.gamma)

    def force(self, x):
        return self.reproduction * x - self.beta


class Process:
    def __init__(self, a, b):
        self.a, self.b = a, b
        self.count = 0

    @functools.cached_property
    def factor(self):
        self.count += 1
        return np.linalg.cholesky(np.array([[self.a + 2.0, 0.5], [0.5, self.b + 1.0]]))

    @functools.cached_property
    def product(self):
        return self.a * self.b

    @property
    def solution(self):
        return np.linalg.solve(self.factor, np.array([1.0, 2.0])) * self.product

    def value(self):
        return self.solution @ self.solution + np.log(np.diag(self.factor)).sum() * self.count

    def stale(self):
        before = self.product
        self.a = self.a * 3.0
        return before + self.product * self.a


class Kernel:
    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other if isinstance(other, Kernel) else Constant(other))

    __rmul__ = __mul__


class Constant(Kernel):
    def __init__(self, c):
        self.c = c

    def __call__(self, x):
        return self.c


class Bell(Kernel):
    def __init__(self, length):
        self.length = length

    def __call__(self, x):
        return np.exp(-x * x / self.length)


class Sum(Kernel):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __call__(self, x):
        return self.a(x) + self.b(x)


class Product(Sum):
    def __call__(self, x):
        return self.a(x) * self.b(x)


def powers(x):
    q = Rotation.polar(1.0, 0.1)
    for _ in range(3):
        q = q * Rotation.polar(x, 0.2) * Rotation.unit(x)
    return q.norm() + q.turned_back().x


def squares(x):
    return Rotation.twice(x, 0.3 * x).w + at(x).norm() * at(x * x).x


def of_a_subclass(x):
    return Doubled.polar(x, 0.3 * x).norm() + (Doubled.unit(x) * Doubled.polar(x, 0.2)).norm()


def epidemics(x):
    total = 0.0
    for k in range(3):
        e = Epidemic(x, gamma=0.1 * (k + 1))
        total += e.force(x) * e.reproduction
    return total


def kept(x):
    return Process(x, 2.0 * x).value() + Process(x, x).stale()


def kernels(x):
    k = x * Bell(x) + Bell(2.0) * Bell(x) * 0.5 + Constant(x)
    return k(1.5) + k(x)


def of_parameters(p):
    k = p["scale"] * Bell(p["length"]) + Constant(p["scale"])
    return k(1.5)


@pytest.mark.parametrize("f", (powers, squares, of_a_subclass, epidemics, kept, kernels))
def test_such_objects_are_variables(f):
    check_both_modes(f)
    assert "by_place" not in sd.source(f, "grad", args=(0.7,))
    h = 1e-5
    bent = (sd.grad(f)(0.7 + h) - sd.grad(f)(0.7 - h)) / (2 * h)
    assert sd.hvp(f, (0.7,), (1.0,)) == pytest.approx(bent, rel=1e-6)


def test_what_multiplies_an_object_from_the_left_may_lie_in_a_dict():
    bell = math.exp(-1.5 * 1.5 / 2.0)
    found = sd.grad(of_parameters)({"scale": 3.0, "length": 2.0})
    assert found["scale"] == pytest.approx(bell + 1.0)
    assert found["length"] == pytest.approx(3.0 * bell * 2.25 / 4.0)


def read_in_a_loop(x):
    p, total = Process(x, 2.0), 0.0
    for i in range(3):
        total += p.product * i
        p.a = p.a * 1.5
    return total + p.product


def read_on_one_way(x):
    p = Process(x, 2.0)
    total = p.product if x > 0.0 else x
    p.a = x * x
    return total + p.product * p.a


@pytest.mark.parametrize("f", (read_in_a_loop, read_on_one_way))
def test_what_is_kept_is_what_the_first_read_gave(f):
    check_both_modes(f)


class Ruled:
    def __init__(self, w):
        self.w = w

    @classmethod
    def made(cls, x):
        return cls(x * x).w

    @staticmethod
    def plain(x):
        return x * x


sd.derivative(of=Ruled.made)(lambda x: (x * x, lambda v: 30.0 * v))
sd.derivative(of=Ruled.plain)(lambda x: (x * x, lambda v: 50.0 * v))


def test_a_registered_derivative_of_a_class_method_wins():
    assert sd.grad(lambda x: Ruled.made(x) * 2.0)(3.0) == 60.0
    assert sd.grad(lambda x: Ruled.plain(x) * 2.0)(3.0) == 100.0
    assert sd.grad(lambda x: Ruled(x).made(x))(3.0) == 30.0
    assert sd.grad(lambda x: Ruled(x).plain(x) + Ruled(x).w)(3.0) == 51.0
