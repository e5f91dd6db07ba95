"""Roots, integrals and solutions of differential equations, against closed forms."""

import math
import warnings

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize", reason="its functions are what is differentiated")
integrate = pytest.importorskip("scipy.integrate", reason="as above")

BRACKETING = [optimize.brentq, optimize.brenth, optimize.bisect, optimize.ridder, optimize.toms748]


@pytest.mark.parametrize("find", BRACKETING, ids=lambda f: f.__name__)
def test_a_root_between_two_points_moves_by_the_implicit_function_theorem(find):
    def captured(t):
        return find(lambda u: u * u - t, 0.0, 3.0, xtol=1e-13)

    def given(t, k):
        root, _ = find(lambda u, t, k: u**k - t, 0.0, 3.0, args=(t, k), full_output=True)
        return root

    assert captured(2.0) == sd.vjp(captured, 2.0)[0]
    assert sd.grad(captured)(2.0) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-10)
    for slope, expected in zip(sd.grad(given, wrt=(0, 1))(2.0, 3.0), (
            2.0 ** (-2 / 3) / 3, -math.log(2.0) / 9 * 2.0 ** (1 / 3)), strict=True):
        assert slope == pytest.approx(expected, rel=1e-8)


def test_the_result_of_root_scalar_has_the_derivative_in_its_root():
    def captured(t):
        return optimize.root_scalar(lambda u: u * u - t, bracket=(0.0, 3.0), xtol=1e-13).root

    assert sd.grad(captured)(2.0) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-10)


def equations(u, s):
    return np.array([u[0] ** 2 + u[1] ** 2 - 2.0 * s, u[0] - u[1]])


def test_several_equations_are_solved_with_the_jacobian_at_the_solution():
    # Both numbers are the square root of s.
    def by_root(s):
        return optimize.root(lambda u: equations(u, s), [1.0, 1.5], tol=1e-13).x[1]

    def by_fsolve(s):
        return np.sum(optimize.fsolve(equations, [1.0, 1.5], args=(s,), xtol=1e-13))

    assert sd.grad(by_root)(1.7) == pytest.approx(0.5 / math.sqrt(1.7), rel=1e-9)
    assert sd.grad(by_fsolve)(1.7) == pytest.approx(1.0 / math.sqrt(1.7), rel=1e-9)


def test_a_root_that_is_double_or_undetermined_is_refused():
    with pytest.raises(sd.UnsupportedError, match=r"slope is .*Instead, choose"):
        sd.vjp(lambda s: optimize.brentq(lambda u: (u - s) ** 3, 0.0, 2.0), 1.0)
    with pytest.raises(sd.UnsupportedError, match=r"singular.*Instead, choose"):
        sd.vjp(lambda s: optimize.fsolve(lambda u: (u - s) ** 2 * [1.0, 0.0], [s, s]), 1.0)


def test_a_function_that_writes_is_refused():
    seen = []

    def f(u, s):
        seen.append(u)
        return u * u - s

    with pytest.raises(sd.UnsupportedError, match=r"brentq.*Instead, give it one"):
        sd.vjp(lambda s: optimize.brentq(f, 0.0, 3.0, args=(s,)), 2.0)


INTEGRALS = [
    (lambda s: integrate.quad(lambda u: np.sin(s * u), 0.0, 2.0)[0],
     lambda s: (2.0 * s * math.sin(2.0 * s) + math.cos(2.0 * s) - 1.0) / s**2),
    (lambda s: integrate.quad(math.exp, 0.0, s)[0], math.exp),
    (lambda s: integrate.quad(math.exp, s, 2.0)[0], lambda s: -math.exp(s)),
    (lambda s: integrate.quad(math.exp, s, s * s)[0],
     lambda s: 2.0 * s * math.exp(s * s) - math.exp(s)),
    (lambda s: integrate.quad(lambda u, p: math.exp(-p * u * u), -np.inf, np.inf, args=(s,))[0],
     lambda s: -0.5 * math.sqrt(math.pi) * s**-1.5),
    (lambda s: integrate.quad(lambda u: math.exp(-u), s, np.inf)[0], lambda s: -math.exp(-s)),
    (lambda s: integrate.quad(math.exp, -np.inf, s)[0], math.exp),
    (lambda s: integrate.quad(math.exp, s, -np.inf)[0], lambda s: -math.exp(s)),
    (lambda s: integrate.quad(lambda u: u**s, 0.0, 1.0)[0], lambda s: -1.0 / (s + 1.0) ** 2),
    (lambda s: integrate.quad(lambda u: s * u, 1.0, 1.0)[0], lambda s: 0.0),
    (lambda s: integrate.quad(lambda u: u + 3.0, 0.7, s)[0], lambda s: s + 3.0),
    # A jump inside stays where it is: in the middle, where the interval is halved first.
    (lambda s: integrate.quad(lambda u: 1.0 if u < 0.35 else 2.0, 0.0, s)[0], lambda s: 2.0),
    (lambda s: integrate.quad(lambda u: 3.0 if u < 1.2 else u, s, 1.7)[0], lambda s: -3.0),
    # A pulse that is over at the limit counts up to there.
    (lambda s: integrate.quad(lambda u: u if u < s else 0.0, 0.0, s)[0], lambda s: s),
    (lambda s: integrate.quad(lambda u: u if u > s else 0.0, 2.0, s)[0], lambda s: s),
    (lambda s: integrate.quad(lambda u: math.exp(-u) if u > s else 0.0, s, np.inf)[0],
     lambda s: -math.exp(-s)),
    # Roots and poles that begin at a limit, and move with it or stay.
    (lambda s: integrate.quad(lambda u: np.sqrt(s - u), 0.0, s)[0], math.sqrt),
    (lambda s: integrate.quad(lambda u: np.sqrt(s * u), 0.0, s)[0], lambda s: 4.0 / 3.0 * s),
    (lambda s: integrate.quad(lambda u: np.log(u), 0.0, s)[0], math.log),
    (lambda s: integrate.quad(lambda u: np.exp(-u) * np.sqrt(u - s), s, np.inf)[0],
     lambda s: -0.5 * math.sqrt(math.pi) * math.exp(-s)),
    (lambda s: integrate.quad(lambda u: np.exp(u) * np.sqrt(s - u), -np.inf, s)[0],
     lambda s: 0.5 * math.sqrt(math.pi) * math.exp(s)),
]


def test_the_limit_where_a_root_begins_may_be_asked_for_too():
    # Where it is zero the integrand is, and so the slope.
    limits = sd.grad(lambda a, b: integrate.quad(np.sqrt, a, b)[0], wrt=(0, 1))(0.0, 0.7)
    assert limits == pytest.approx((0.0, math.sqrt(0.7)), rel=1e-8, abs=1e-10)


def test_an_integrand_is_asked_nowhere_but_inside_of_its_limits():
    def inverse_root(u):
        assert 0.0 < u < 0.7
        return u**-0.2

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sd.grad(lambda s: integrate.quad(lambda u: s * inverse_root(u), 0.0, 0.7)[0])(0.3)
    assert found == pytest.approx(0.7**0.8 / 0.8, rel=1e-5)


@pytest.mark.parametrize("number", range(len(INTEGRALS)))
def test_an_integral_has_the_derivative_of_its_parameters_and_limits(number):
    f, slope = INTEGRALS[number]
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pytest.approx(slope(0.7), rel=1e-6, abs=1e-12)
    assert pullback(1.0) == pullback(1.0)


def test_an_integrand_that_is_too_singular_is_refused():
    with pytest.raises(sd.UnsupportedError, match=r"singular.*Instead, substitute"):
        sd.vjp(lambda s: integrate.quad(lambda u: u**-s, 0.0, 1.0)[0], 0.9)


@pytest.mark.parametrize("method", ["RK45", "DOP853"])
def test_a_differential_equation_is_differentiated_step_by_step(method):
    def decayed(rate, start):
        found = integrate.solve_ivp(lambda t, u: -rate * u, (0.0, 1.0), start, method=method,
                                    rtol=1e-9, atol=1e-9)
        return found.y[0, -1]

    def by_odeint(rate, start):
        found = integrate.odeint(lambda u, t, r: -r * u, start, [0.0, 0.5, 1.0], args=(rate,),
                                 rtol=1e-10, atol=1e-10)
        return found[-1, 0]

    for f in (decayed, by_odeint):
        value, pullback = sd.vjp(f, 0.7, np.array([2.0, 1.0]))
        assert value == f(0.7, np.array([2.0, 1.0]))
        rate_bar, start_bar = pullback(1.0)
        assert rate_bar == pytest.approx(-2.0 * math.exp(-0.7), rel=1e-7)
        np.testing.assert_allclose(start_bar, [math.exp(-0.7), 0.0], rtol=1e-7, atol=1e-7)
