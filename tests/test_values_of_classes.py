"""What objects have as their class has it: constants, functions in C, class methods; and defaults.

Objects that nobody else sees are variables (`transforms.unboxed`), whatever they read of these.
"""

import abc
import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


class Mode(enum.Enum):
    PLAIN = 1
    TWICE = 2


class Limits:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __call__(self, u):
        return max(self.low, min(self.high, u))


class Controller:
    GAIN = 2.0
    COEFFICIENTS = (1.0, 0.5)
    TABLE: ClassVar = {"a": 1.5}
    WEIGHTS = np.array([1.0, 2.0, 3.0])
    act = np.tanh
    wave = math.sin

    def __init__(self, w, limits=(-20.0, 20.0), mode=Mode.TWICE, kept=Limits):
        self.w, self.limits, self.mode = w, limits, mode
        self.kept, self.last = kept(*limits), None

    @classmethod
    def bounded(cls, u):
        return min(cls.GAIN * 10.0, u)

    def step(self, x):
        low, high = self.limits
        change = 0.0 if self.last is None else x - self.last
        self.last = x
        u = self.GAIN * x * self.w + self.TABLE["a"] * change + self.COEFFICIENTS[1]
        return max(low, min(high, u)) * (2.0 if self.mode is Mode.TWICE else 1.0)

    def curved(self, x):
        return self.act(x) * self.wave(self.w) + self.kept(self.bounded(x))

    def weighted(self, x):
        return self.WEIGHTS @ np.array([1.0, x, x * x]) * self.w


class Model(abc.ABC):
    N = 3

    def __init__(self, w):
        self.w = w

    @abc.abstractmethod
    def f(self, x):
        """What is done twice."""

    def twice(self, x):
        return self.f(self.f(x)) * self.N


class Line(Model):
    def f(self, x):
        return x * self.w + 0.1


class Square(Line):
    N = 5

    def f(self, x):
        return super().f(x) ** 2


@dataclass
class Layer:
    w: float
    act: Callable = np.tanh
    limits: tuple = (0.0, 5.0)
    mode: Mode = Mode.PLAIN
    K: ClassVar[float] = 2.5

    def __call__(self, x):
        low, high = self.limits
        y = self.act(x * self.w) * self.K
        return min(high, max(low, y * 2.0 if self.mode is Mode.PLAIN else y))


def steps(x):
    c, total = Controller(x), 0.0
    for k in range(3):
        total += c.step(x * k)
    return total


def curved(x):
    return Controller(x).curved(x * x)


def weighted(x):
    return Controller(x).weighted(x)


def abstract(x):
    return Line(x).twice(x) + Square(x).twice(x)


def layers(x):
    layer = Layer(x)
    return layer(x) + layer(2.0 * x)


@pytest.mark.parametrize("f", (steps, curved, weighted, abstract, layers))
def test_objects_that_read_of_their_class_are_variables(f):
    check_both_modes(f)
    assert "by_place" not in sd.source(f, "grad", args=(0.7,))
    h = 1e-5
    bent = (sd.grad(f)(0.7 + h) - sd.grad(f)(0.7 - h)) / (2 * h)
    assert sd.hvp(f, (0.7,), (1.0,)) == pytest.approx(bent, rel=1e-7)


def test_a_constant_of_a_class_is_read_when_the_code_runs():
    gradient = sd.grad(abstract)
    before = gradient(0.7)
    line = sd.grad(lambda x: Line(x).twice(x))(0.7)
    Model.N = 7
    try:
        assert gradient(0.7) == pytest.approx(before + 4.0 / 3.0 * line)
    finally:
        Model.N = 3
    assert gradient(0.7) == before


class Shared:
    log: ClassVar = []
    table: ClassVar = {"a": 2.0}
    weights = np.ones(2)
    scale = 2.0
    act = np.tanh
    count = 0

    def __init__(self, w):
        self.w = w

    def put(self, x):
        self.log.append(x * self.w)
        self.table["a"] = x
        self.weights[0] = x
        made = self.log[-1] * self.table["a"] + np.sum(self.weights) * x
        self.table["a"], self.weights[0] = 2.0, 1.0
        return made

    def own(self, x):
        self.scale = self.scale * x
        self.count += 1
        return self.scale * self.w * self.count


def put(x):
    o = Shared(x)
    return o.put(x) + o.put(2.0 * x)


def own(x):
    o = Shared(x)
    return o.own(x) + o.own(2.0 * x)


def function_in_c_of_an_unknown_object(x):
    total = 0.0
    for o in [Shared(x), Controller(x)]:
        total += o.act(x) * o.w
    return total


@pytest.mark.parametrize("f", (put, own, function_in_c_of_an_unknown_object))
def test_what_all_objects_share_is_followed(f):
    check_both_modes(f)
