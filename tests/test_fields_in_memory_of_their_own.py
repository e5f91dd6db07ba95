"""Attributes that a class of C keeps as numbers in memory, where others may lie, too."""

import ctypes

import numpy as np
import pytest

import s2sdiff as sd


class Pair(ctypes.Structure):
    _fields_ = (("first", ctypes.c_double), ("count", ctypes.c_int))


class Either(ctypes.Union):
    _fields_ = (("one", ctypes.c_double), ("other", ctypes.c_double))


class Kept:
    __slots__ = ("first",)


def one_way_and_another(x):
    either = Either()
    either.one = x * x
    return either.other * x


def under_its_name(x):
    pair = Pair()
    setattr(pair, "first", x * x)  # noqa: B010
    return pair.first * x


def given(x):
    return write(Pair(), x * x).first * x


def write(owner, value):
    owner.first = value
    return owner


@pytest.mark.parametrize("f", [one_way_and_another, under_its_name, given])
def test_an_active_number_in_such_memory_is_refused(f):
    for derivative in (lambda: sd.grad(f)(0.61), lambda: sd.jvp(f, (0.61,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="memory of its own.*Instead, "):
            derivative()


def test_counts_and_slots_are_written_as_before():
    def f(x):
        pair = Pair()
        pair.count = 3
        return pair.count * write(Kept(), x * x).first

    assert sd.grad(f)(0.61) == pytest.approx(6 * 0.61)
    assert sd.jvp(f, (0.61,), (1.0,))[1] == pytest.approx(6 * 0.61)
    assert np.isfinite(f(0.61))
