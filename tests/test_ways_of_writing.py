"""Methods that run without being called, and write in ways that no store shows."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.transforms import audits
from tests.right_or_refused import picked


class Held:
    def __init__(self, v):
        self.v = v
        self.asked = 0


class ByOut(Held):
    def __len__(self):
        np.multiply(self.v, 2.0, out=self.v)
        return 3


class ByPosition(Held):
    def __len__(self):
        np.multiply(self.v, 2.0, self.v)
        return 3


class ByMutator(Held):
    def __len__(self):
        np.copyto(self.v, self.v * 2.0)
        return 3


class Doubler:
    def __init__(self, held):
        held.v = held.v * 2.0


class ByConstructor(Held):
    def __len__(self):
        Doubler(self)
        return 3


def doubled(v):
    v *= 2.0


class ByHelper(Held):
    def __len__(self):
        doubled(self.v)
        return 3


class BySetter(Held):
    @property
    def scale(self):
        return 1

    @scale.setter
    def scale(self, by):
        self.v = self.v * by

    def __len__(self):
        self.scale = 2
        return 3


class BySlice(Held):
    def __len__(self):
        self.v[:1] = self.v[1:] * 2.0
        return 3


class Counting(Held):
    """A constant that is added to an array in place changes what was read before."""

    def __len__(self):
        self.v += 1
        return 3


class InACircle(Held):
    def first(self, more):
        if more:
            self.second(0)
        self.v = self.v * 2.0

    def second(self, more):
        if more:
            self.first(0)

    def __float__(self):
        self.first(1)
        return 3.0

    def __len__(self):
        self.second(1)
        return 3


def looked_at(held):
    return len(picked(held))


@pytest.mark.parametrize("cls", [
    ByOut, ByPosition, ByMutator, ByConstructor, ByHelper, BySetter, BySlice, Counting, InACircle])
def test_what_a_method_writes_is_followed(cls):
    def f(x):
        held = picked(cls(x * np.array([1.0, 2.0])))
        before = held.v
        y = np.sin(before)
        n = looked_at(held)
        return y.sum() * n + (before * held.v).sum()

    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)
    _, pullback = sd.vjp(f, 0.61)
    assert pullback(1.0) == pytest.approx(slope, rel=1e-6)


class Asked(Held):
    def __len__(self):
        self.asked += 1
        return 3


def test_what_only_counts_leaves_a_derivative_as_it_is():
    def f(x):
        held = picked(Asked(x))
        return held.v * len(held) * held.v

    assert sd.grad(f)(0.61) == pytest.approx(6 * 0.61, rel=1e-12)
    assert audits.judge(Asked) == frozenset()


class Sized:
    """What its length runs has no parameter."""

    @staticmethod
    def size():
        return [0, 1][1:]

    def __init__(self, x):
        self.x = x

    def __len__(self):
        return len(Sized.size()) if self.size() else 0


def test_a_method_without_parameters_writes_nothing():
    def f(x):
        held = [Sized(x)]
        return held[0].x * len(held[0])

    assert sd.grad(f)(0.7) == 1.0
