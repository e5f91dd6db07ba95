"""Functions that a context manager decorates: one like it is entered around each call."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees

BOX = [0.0]


@np.errstate(divide="ignore", invalid="ignore")
def entropy(x):
    return np.where(x > 0, -x * np.log(x), 0.0)


@np.errstate(over="raise")
def grown(x):
    return np.exp(x)


@contextlib.contextmanager
def told(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("leave", name)


@contextlib.contextmanager
def doubled(cell):
    cell[0] = cell[0] * 2
    yield
    cell[0] = cell[0] + 1


@told("square")
def square(x):
    return x * x


@told("power")
def power(x, n):
    return x if n <= 1 else x * power(x, n - 1)


class Timed(contextlib.ContextDecorator):
    """A decorator of a class of one's own."""

    def __init__(self):
        self.entered = 0

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, *error):
        return False


timed = Timed()


@timed
def cubed(x):
    return x * x * x


def of_numpy(x):
    return np.sum(entropy(np.array([x, 0.0, x * x]))) * grown(x)


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        total = total + square(x) * k
    return total


def by_itself(x):
    return power(x, 3) * x


def of_its_own_class(x):
    return cubed(x) + cubed(2 * x)


def that_writes(x):
    cell = [x]

    @doubled(cell)
    def read(k):
        return cell[0] * k

    return read(3.0) * cell[0] + read(x)


@pytest.mark.parametrize("f", [of_numpy, in_a_loop, by_itself, of_its_own_class, that_writes],
                         ids=lambda f: f.__name__)
def test_a_decorated_function_is_followed(f):
    assert agrees(f, 0.7)


def test_an_error_that_numpy_was_asked_for_is_raised_in_the_derivative_too():
    with pytest.raises(FloatingPointError):
        grown(1e4)
    with pytest.raises(FloatingPointError):
        sd.grad(lambda x: grown(np.float64(1e4) * x))(1.0)
    with np.errstate(over="ignore"):
        assert np.exp(np.float64(1e4)) == np.inf
    assert np.geterr()["over"] != "raise"  # what was asked for has ended
