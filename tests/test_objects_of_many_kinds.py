"""A method of many objects of one class, of whose attributes something else is known each time."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import variants
from s2sdiff.kinds import Kind


class Part:
    def __init__(self, size, *others):
        self.size = size
        for k, other in enumerate(others):
            setattr(self, f"other_{k}", other)

    def weight(self, factor):
        total = self.size * self.size
        for k in range(3):
            total = total + getattr(self, f"other_{k}", 0.1) * factor
        return total


def weighed(x):
    a, b = Part(x), Part(x, 2.0 * x)
    parts = [a, b, Part(x, b.size, 3.0), Part(np.sin(x), x, x), Part(2, x), Part(x, 1)]
    total = 0.0
    for part in parts:
        total = total + part.weight(x)
    return total + a.weight(2) + b.weight(x * x) + Part(x * x, x, 1, x).weight(1.0) \
        + Part(x, x, x).weight(a.size) + Part(1, x, x).weight(b.size) + Part(1, 2, 3).weight(x) \
        + Part(1, 2, x).weight(x) + Part(x, 2, x).weight(x) + Part(x, 2, x, 1).weight(3)


def test_both_modes_agree_with_differences():
    h = 1e-6
    slope = (weighed(0.7 + h) - weighed(0.7 - h)) / (2 * h)
    value, pullback = sd.vjp(weighed, 0.7)
    assert value == weighed(0.7)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope, rel=1e-7)
    assert sd.jvp(weighed, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


def test_of_many_objects_of_a_class_the_class_alone_is_looked_at():
    def fn(part, factor):
        return part.size * factor

    def given(k, factor=Kind(float, (), "real")):
        size = Kind(np.ndarray, (f"size.{k}",), "real", np.dtype(float))
        return {"part": Kind(Part, items=(size,), value=("size",)), "factor": factor}

    assert not any([variants.are_many(fn, given(k)) for k in range(8)])
    assert variants.are_many(fn, given(8))
    assert not variants.are_many(fn, given(9, Kind(int, (), "int")))
    assert variants.widened(given(8)) == {
        "part": Kind(Part), "factor": Kind(float, (), "real")}
