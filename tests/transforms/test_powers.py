"""Powers written as products are one step backwards, and stay the products that they were."""

import math
import time

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, body

X = np.array([0.5, -1.25, 2.0])


def cube(x):
    return x * x * x


def fourth(x):
    return x * x * x * x


def square_times(x, c):
    return c * x * x


def cube_times(x, c):
    return c * x * x * x


def constant_times(x):
    return 0.3 * x * x - 0.2 * x * x * x


def itself_between(x, c):
    return x * c * x * x


def named(x):
    square = x * x
    return square * x + square


@pytest.mark.parametrize("function", [cube, fourth, constant_times, named])
@pytest.mark.parametrize("x", [1.7, np.float32(0.6), 0.0, 2 + 1j])
def test_of_numbers(function, x):
    value, pullback = sd.vjp(function, x)
    assert value == function(x)
    assert type(value) is type(function(x))
    h = 1e-3 if isinstance(x, np.float32) else 1e-6
    slope = (function(complex(x) + h) - function(complex(x) - h)) / (2 * h)
    for _ in range(2):
        assert abs(pullback(type(x)(1.0)) - slope) < 1e-5 * (1 + abs(slope))


@pytest.mark.parametrize("function", [square_times, cube_times, itself_between])
def test_with_a_factor(function):
    agrees(function, 1.7, 0.4)
    agrees(lambda x, c: np.sum(function(x, c)), X, 0.4)
    agrees(lambda x, c: np.sum(function(x, c)), X, X[::-1].copy())
    # One of the two is stretched: its cotangent is summed.
    agrees(lambda x, c: np.sum(function(x, c)), X[:1], X)
    agrees(lambda x, c: np.sum(function(x, c)), X, X[:, None])


@pytest.mark.parametrize("function", [cube, fourth, constant_times, named])
def test_of_arrays(function):
    agrees(lambda x: np.sum(np.sin(function(x))), X)
    agrees(lambda x: np.sum(function(x)), np.zeros((2, 0)))


def test_the_value_is_the_product_as_written():
    assert "= x * x * x" in body(cube, 2.0, stage="powers")[0]
    for x in np.random.default_rng(0).normal(size=50).tolist():
        assert sd.vjp(constant_times, x)[0] == constant_times(x)


def test_the_derivative_is_one_product():
    def energy(x: float):
        return 0.5 * x * x

    def wave(x: float):
        return x * x * x

    assert sd.source(energy, mode="grad").splitlines()[-1].strip() == "return x"
    assert sd.source(wave, mode="grad").splitlines()[-1].count("*") == 2


def test_a_factor_may_come_from_a_call_without_arguments():
    def half():
        return 0.5

    agrees(lambda x: half() * x + half() * x * x, 1.7)
    agrees(lambda x: time.time() * 0.0 * x + math.factorial(3) * x, 1.7)


def test_what_the_user_named_stays():
    assert "square = x * x" in sd.source(named)


def test_a_multiplication_of_ones_own_is_called():
    import operator

    seen = []

    def multiply(x, y):
        seen.append((x, y))
        return x * y, lambda v: (v * y, v * x)

    with sd.derivatives({operator.mul: multiply}):
        assert sd.grad(lambda x: x * x * x)(2.0) == 12.0
    assert seen == [(2.0, 2.0), (4.0, 2.0)]


def looped(x):
    for _ in range(2):
        x = np.tanh(x)
    return x


def test_a_factor_that_a_call_by_keywords_makes_is_no_product():
    def f(x):
        return looped(x=x) * x

    agrees(f, 0.7)
