"""Integrals over several variables, of vectors, and with options, by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_whole

integrate = pytest.importorskip("scipy.integrate", reason="it is what is differentiated")

X = np.array([0.31, 0.72, 0.44])

INTEGRALS = {
    "over a strip": lambda s, t: integrate.dblquad(
        lambda b, a: np.exp(-s * a * b), 0.0, t, lambda a: 0.1 * s, lambda a: a * s)[0],
    "with arguments": lambda s, t: integrate.dblquad(
        lambda b, a, k: np.exp(-k * a * b), 0, 1, 0, t, args=(s,))[0],
    "over three variables": lambda s, t: integrate.tplquad(
        lambda c, b, a: s * a * b + c * c, 0, t, lambda a: 0.0, lambda a: a,
        lambda a, b: a * s, lambda a, b: a + b)[0],
    "with limits by function": lambda s, t: integrate.nquad(
        lambda a, b, k: np.sin(k * a * b), [lambda b, k: (0.0, k * b), [0.0, t]], args=(s,))[0],
    "with options of each": lambda s, t: integrate.nquad(
        lambda a, b: abs(a - s) * b, [[0.0, t], (0.0, 1.0)], opts=[{"points": [s]}, {}])[0],
    "of an oscillation": lambda s, t: integrate.quad(
        lambda u: np.exp(-s * u), 0.0, t, weight="cos", wvar=2.0 * s)[0],
    "of a fast oscillation": lambda s, t: integrate.quad(
        lambda u: np.exp(-s * u), s, t, weight="sin", wvar=40.0 * s)[0],
    "of what jumps at a point": lambda s, t: integrate.quad(
        lambda u: 1.0 + u if u < s else u * s, 0.0, t, points=[s, 0.1])[0],
    "of complex values": lambda s, t: integrate.quad(
        lambda u: np.exp(1j * s * u), 0.0, t, complex_func=True)[0],
    "of complex values, with all": lambda s, t: integrate.quad(
        lambda u: np.exp(1j * s * u), 0.0, t, complex_func=True, full_output=1)[0],
}


@pytest.mark.parametrize("name", INTEGRALS)
def test_an_integral_moves_with_parameters_and_limits(name):
    check_whole(INTEGRALS[name], 0.7, 1.3)


VECTORS = {
    "finite": lambda x, t: integrate.quad_vec(lambda u: np.exp(-x * u), 0.1 * t, t)[0],
    "backwards": lambda x, t: integrate.quad_vec(lambda u: np.exp(-x * u), t, 0.0)[0],
    "from a limit on": lambda x, t: integrate.quad_vec(lambda u: np.exp(-x * u), t, np.inf)[0],
    "up to a limit": lambda x, t: integrate.quad_vec(lambda u: np.exp(x * u), -np.inf, t)[0],
    "over the line": lambda x, t: integrate.quad_vec(
        lambda u, k: np.exp(-x * u * u + k * u), -np.inf, np.inf, args=(t,))[0],
    "of a number": lambda x, t: integrate.quad_vec(
        lambda u: math.exp(-t * u), 0.0, 1.0, full_output=True)[0] * x,
    "at a point": lambda x, t: integrate.quad_vec(
        lambda u: x * u if u < t else x * x, 0.0, 2.0, points=[t])[0],
}


@pytest.mark.parametrize("name", VECTORS)
def test_an_integral_of_vectors_moves_with_parameters_and_limits(name):
    check_whole(VECTORS[name], X, 1.3)


def test_the_value_of_an_integral_over_two_variables_is_a_closed_form():
    def f(s):
        return integrate.dblquad(lambda b, a: np.exp(-s * (a + b)), 0.0, 1.0, 0.0, 1.0)[0]

    inner = (1.0 - math.exp(-0.7)) / 0.7
    slope = math.exp(-0.7) / 0.7 - inner / 0.7
    assert sd.grad(f)(0.7) == pytest.approx(2.0 * inner * slope, rel=1e-10)


@pytest.mark.parametrize(("f", "message"), [
    (lambda s: integrate.quad(lambda u: s * u, 0.0, 1.0)[1], r"error has no.*Instead, compute"),
    (lambda s: integrate.quad(lambda u: s, 0.0, 1.0, weight="alg", wvar=(0.5, 0.0))[0],
     r"singular.*Instead, integrate the product"),
    (lambda s: integrate.quad(lambda u: s / (1.0 + u * u), 0.0, np.inf, weight="cos", wvar=1.0)[0],
     r"oscillates for ever.*Instead, integrate the product"),
], ids=["an estimate", "a singular weight", "an endless oscillation"])
def test_what_an_integral_says_of_itself_is_refused(f, message):
    with pytest.raises(sd.UnsupportedError, match=message):
        sd.grad(f)(0.7)


def test_integrands_that_write_are_refused():
    seen = []

    def f(b, a):
        seen.append(a)
        return a * b

    for way in (lambda s: integrate.dblquad(f, 0.0, s, 0.0, 1.0)[0],
                lambda s: integrate.quad_vec(lambda u: f(u, s), 0.0, 1.0)[0]):
        with pytest.raises(sd.UnsupportedError, match=r"may write.*Instead, give it one"):
            sd.grad(way)(0.7)


def test_second_derivatives_of_integrals_are_right_or_refused():
    def f(s):
        return integrate.dblquad(lambda b, a: np.exp(-s * a * b), 0.0, 1.0, 0.0, 1.0)[0]

    second = (f(0.71) - 2.0 * f(0.7) + f(0.69)) / 1e-4
    try:
        found = sd.grad(sd.grad(f))(0.7)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert found == pytest.approx(second, rel=1e-3)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_a_smooth_integrand_may_have_a_derivative_with_a_logarithm_at_an_end(power):
    exact = -1 / (1 + power) ** 2
    for f in (lambda p: integrate.quad(lambda t: t**p, 0.0, 1.0)[0],
              lambda p: integrate.quad(lambda t: (1.0 - t) ** p, 0.0, 1.0)[0],
              lambda p: integrate.quad(lambda t: (2.0 + t) ** p, -2.0, -1.0)[0],
              lambda p: integrate.quad_vec(lambda t: (1.0 - t) ** p, 0.0, 1.0)[0]):
        assert sd.grad(f)(power) == pytest.approx(exact, rel=1e-9)
        assert sd.jvp(f, (power,), (1.0,))[1] == pytest.approx(exact, rel=1e-9)


def test_integrals_by_tanh_and_sinh_and_sums_of_series_are_differentiated_through_their_source():
    """Both have options that are bools, which functions inside capture."""
    def area(c, b):
        return integrate.tanhsinh(lambda t: np.exp(-c * t), 0.0, b).integral

    exact = math.exp(-1.5 * 0.7) * (0.7 / 1.5 + 1 / 1.5**2) - 1 / 1.5**2
    assert sd.grad(area, wrt=(0, 1))(1.5, 0.7) == pytest.approx((exact, math.exp(-1.5 * 0.7)))
    assert sd.grad(area)(1.5, np.inf) == pytest.approx(-1 / 1.5**2)
    # Of exp(-c k) over k = 1, 2, ...: 1 / (exp(c) - 1).
    total = sd.grad(lambda c: integrate.nsum(lambda k: np.exp(-c * k), 1, np.inf).sum)(1.5)
    assert total == pytest.approx(-math.exp(1.5) / math.expm1(1.5) ** 2)
