"""Second derivatives where a rule's pullback, or what stands for a function, holds what varies."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime.dots import Dots, zero_in

X = np.array([0.31, 0.72, 0.44, 0.63, 0.26])
ALONG = np.array([0.3, -0.8, 0.5, 0.2, 0.1])
WEIGHTS = np.array([1.1, -0.4, 0.9, 0.3, -0.7])

WAYS = {
    "vjp of grad": lambda f, x: sd.vjp(sd.grad(f), x)[1](WEIGHTS) @ ALONG,
    "grad of grad": lambda f, x: sd.grad(lambda q: sd.grad(f)(q) @ WEIGHTS)(x) @ ALONG,
    "jvp of grad": lambda f, x: sd.jvp(sd.grad(f), (x,), (ALONG,))[1] @ WEIGHTS,
    "hvp": lambda f, x: sd.hvp(f, (x,), (ALONG,)) @ WEIGHTS,
}


def powers(x):
    return np.sum(np.sin(0.1 * np.logspace(x[0], x[1], 4)))


def powers_of(x):
    return np.sum(np.sin(0.1 * np.logspace(x[0], x[1], 4, base=x[2] + 1.5)))


def roots(x):
    return np.sum(np.sin(np.geomspace(x[0], x[1], 4)))


def medians(x):
    return np.sum(np.sin(pytest.importorskip("scipy.signal").medfilt(x, 3)))


def largest(x):
    return np.sum(np.sin(pytest.importorskip("scipy.ndimage").maximum_filter(x, 3)))


def polynomial(x):
    return np.sum(np.sin(pytest.importorskip("scipy.special").legendre(3)(x)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("f", [powers, powers_of, roots, medians, largest, polynomial])
def test_a_second_derivative_loses_no_term(f, way):
    step = 1e-5
    gradient = sd.grad(f)
    expected = (gradient(X + step * ALONG) - gradient(X - step * ALONG)) @ WEIGHTS / (2 * step)
    assert WAYS[way](f, X) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("x", [0.3, 0.9, 1.3, 3.9, 20.0])
def test_the_exponent_of_a_number_is_that_of_the_call(x):
    def scaled(t):
        mantissa, exponent = math.frexp(t)
        return mantissa * 2.0 ** (-exponent) + math.sin(mantissa)

    power = 2.0 ** -math.frexp(x)[1]
    assert sd.grad(scaled)(x) == pytest.approx(power * power + power * math.cos(power * x))
    assert sd.jvp(scaled, (x,), (1.0,))[1] == pytest.approx(sd.grad(scaled)(x))
    assert sd.grad(sd.grad(scaled))(x) == pytest.approx(-power**2 * math.sin(power * x))


def test_what_holds_itself_has_a_tangent_that_holds_itself():
    names: dict = {"x": 2.0}
    row: list = [1.0]
    names["own"] = names
    row.append(row)
    dots = Dots()
    dot = zero_in(dots, names)
    assert dot["own"] is dot and dot["x"] == 0.0 and zero_in(dots, names) is dot
    dot = zero_in(dots, row)
    assert dot[1] is dot and dot[0] == 0.0
