"""Helpers that decorators have wrapped: what the wrapper captures is known while it stays."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check


def handed_on(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


def checked(fn):
    @functools.wraps(fn)
    def wrapper(x, *args, **kwargs):
        if x < 0:
            raise ValueError("negative")
        return fn(x, *args, **kwargs)

    return wrapper


def times(k):
    def decorator(fn):
        def wrapper(x):
            return k * fn(x)

        return wrapper

    return decorator


def counted(fn):
    calls = 0

    def wrapper(x):
        nonlocal calls
        calls += 1
        return fn(x) * calls

    return wrapper


@handed_on
def square(x, by=1.0):
    return x * x * by


@handed_on
@handed_on
def cube(x):
    return x * x * x


@checked
def root(x, power=2):
    return x ** (1.0 / power)


@times(3.0)
def sine(x):
    return math.sin(x)


@counted
def exponential(x):
    return math.exp(x)


def of_squares(x):
    return square(x) * square(2.0 * x, by=x) + cube(x)


def of_roots(x):
    return root(x) * root(x + 1.0, power=3)


def of_sines(x):
    return sine(x) * sine(2.0 * x)


@pytest.mark.parametrize("f", [of_squares, of_roots, of_sines], ids=lambda f: f.__name__)
def test_they_agree_with_differences(f):
    check(f)
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


def test_what_is_only_handed_on_is_written_in():
    assert "rt." not in sd.source(of_squares, mode="grad", args=(0.7,))
    assert "rt.call" not in sd.source(of_sines, mode="grad", args=(0.7,))


def test_what_a_wrapper_counts_is_counted():
    def f(x):
        return exponential(x)

    calls = exponential.__closure__[0].cell_contents
    for n in (calls + 1, calls + 2):
        assert sd.grad(f)(0.7) == pytest.approx(n * math.exp(0.7))


def cells_of(fn):
    return dict(zip(fn.__code__.co_freevars, fn.__closure__, strict=True))


def test_another_function_in_a_wrapper_is_noticed():
    def f(x):
        return cube_of_another(x) * sine_of_another(x)

    cube_of_another = handed_on(lambda x: x * x * x)
    sine_of_another = times(2.0)(math.sin)
    assert sd.grad(f)(0.7) == pytest.approx(
        2 * (3 * 0.7**2 * math.sin(0.7) + 0.7**3 * math.cos(0.7)))
    cells_of(cube_of_another)["fn"].cell_contents = math.exp
    factor = cells_of(sine_of_another)["k"]
    factor.cell_contents = 5.0
    assert sd.grad(f)(0.7) == pytest.approx(
        5 * math.exp(0.7) * (math.sin(0.7) + math.cos(0.7)))
    factor.cell_contents = np.array([1.0, 2.0])
    slope = math.exp(0.7) * (math.sin(0.7) + math.cos(0.7))
    np.testing.assert_allclose(sd.jacobian(f)(0.7), [slope, 2 * slope])


SCALED, SQUARED = times(2.0)(math.sin), times(3.0)(math.sin)


def test_two_wrappers_with_one_code_are_two():
    def f(x):
        return SCALED(x) + SQUARED(x)

    assert sd.grad(f)(0.7) == pytest.approx(5 * math.cos(0.7))
    cells_of(SCALED)["k"].cell_contents = 7.0
    try:
        assert sd.grad(f)(0.7) == pytest.approx(10 * math.cos(0.7))
    finally:
        cells_of(SCALED)["k"].cell_contents = 2.0
