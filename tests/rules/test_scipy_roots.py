"""Roots and fixed points: how a search went counts for nothing, only where it ended."""

import numpy as np
import pytest
from scipy import optimize

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.rules.whole import check_both

ONES = np.array([1.0, 1.2])


def system(x, a):
    return np.array([x[0] ** 2 + a[0] * x[1] - 2.0, x[1] ** 3 + a[1] * x[0] - 2.0])


def slopes(x, a):
    return np.array([[2 * x[0], a[0]], [a[1], 3 * x[1] ** 2]])


def cubic(x, a):
    return x ** 3 - a


def with_slopes(x, a):
    return x ** 3 - a, 3 * x * x, 6 * x


def too_many(x, a):
    return np.array([x[0] - a[0], x[0] ** 2 - a[1], x[0] - 1.0])


STEPS = {"f_tol": 1e-12}
OF_ONE = {
    "newton that starts at the root": lambda a: optimize.newton(
        lambda x: x ** 3 - 8 * a, 2.0, fprime=lambda x: 3 * x * x),
    "newton": lambda a: optimize.newton(lambda x: x ** 3 - a, 1.0),
    "halley": lambda a: optimize.newton(
        cubic, 1.0, lambda x, a: 3 * x * x, (a,), fprime2=lambda x, a: 6 * x),
    "newton, and how it went": lambda a: optimize.newton(
        cubic, 1.0, args=(a,), full_output=True)[1].root,
    "fixed point that starts there": lambda a: optimize.fixed_point(lambda x: 0.5 * a * x + 1, 2.0,
                                                                  xtol=1e-14),
    "fixed point that starts there, step by step": lambda a: optimize.fixed_point(
        lambda x: 0.5 * a * x + 1, 2.0, xtol=1e-14, method="iteration"),
    "fprime=True": lambda a: optimize.root_scalar(
        lambda x: with_slopes(x, a)[:2], x0=1.0, fprime=True, method="newton").root,
    "fprime2=True": lambda a: optimize.root_scalar(
        lambda x: with_slopes(x, a), x0=1.0, fprime=True, fprime2=True).root,
}
OF_SEVERAL = {
    "newton of several": lambda a: optimize.newton(lambda x: x ** 3 - a, np.ones(2)),
    "newton of several, and how it went": lambda a: optimize.newton(
        cubic, np.ones(2), lambda x, a: 3 * x * x, (a,), full_output=True)[0],
    "fixed points that start there": lambda a: optimize.fixed_point(
        lambda x, a: 0.5 * a * x + 1, np.array([2.0, 2.0]), args=(a,)),
    "jac=True": lambda a: optimize.root(
        lambda x, a: (system(x, a), slopes(x, a)), ONES, (a,), jac=True, tol=1e-12).x,
    "jac=True by lm": lambda a: optimize.root(
        lambda x, a: (system(x, a), slopes(x, a)), ONES, (a,), "lm", True, tol=1e-12).x,
    "fsolve, and how it went": lambda a: optimize.fsolve(
        system, ONES, (a,), slopes, xtol=1e-12, full_output=True)[0],
    "newton_krylov": lambda a: optimize.newton_krylov(lambda x: system(x, a), ONES, **STEPS),
    "broyden1": lambda a: optimize.broyden1(lambda x: system(x, a), ONES, **STEPS),
    "anderson": lambda a: optimize.anderson(lambda x: system(x, a), ONES, **STEPS),
}


@pytest.mark.parametrize("name", OF_ONE)
def test_a_root_moves_with_its_equation_wherever_the_search_began(name):
    check_both(OF_ONE[name], 1.0)


@pytest.mark.parametrize("name", OF_SEVERAL)
def test_roots_of_several_numbers_move_with_their_equations(name):
    check_both(OF_SEVERAL[name], np.array([1.1, 0.9]))


@pytest.mark.parametrize("what", ["x", "fun"])
def test_where_squares_of_more_equations_are_least_moves_with_them(what):
    def f(a):
        return getattr(optimize.root(too_many, np.array([1.0]), (a,), "lm",
                                     options={"xtol": 1e-15, "ftol": 1e-15}), what)

    a, step, h = np.array([1.1, 0.9]), np.array([0.3, -0.7]), 1e-3
    expected = (f(a + h * step) - f(a - h * step)) / (2 * h)
    np.testing.assert_allclose(sd.jvp(f, (a,), (step,))[1], expected, 1e-4)
    bar = np.arange(1.0, len(expected) + 1.0)
    assert sd.vjp(f, a)[1](bar) @ step == pytest.approx(bar @ expected, rel=1e-4)


def test_a_complex_root_of_a_holomorphic_function_moves_as_its_cube_does():
    def f(a):
        return optimize.newton(lambda z: z ** 3 - a, 1.0 + 1.0j)

    a = 2.0 + 1.0j
    assert sd.jvp(f, (a,), (0.3 - 0.2j,))[1] == pytest.approx((0.3 - 0.2j) / (3 * f(a) ** 2))
    assert sd.vjp(f, a)[1](1.0 + 0j) == pytest.approx(1 / (3 * f(a) ** 2))


@pytest.mark.parametrize("f", [OF_ONE["newton"], OF_ONE["fprime=True"],
                               lambda a: optimize.fixed_point(lambda x: np.cos(a * x), 0.5)])
def test_roots_have_second_derivatives(f):
    slope, a, h = sd.grad(f), 1.2, 1e-5
    expected = (slope(a + h) - slope(a - h)) / (2 * h)
    assert sd.hessian(f)(a) == pytest.approx(expected, rel=1e-6)
    assert sd.grad(sd.grad(f))(a) == pytest.approx(expected, rel=1e-6)


REFUSED = {
    "no root": (lambda a: optimize.newton(
        lambda x: x ** 3 - a, 50.0, maxiter=3, disp=False), "where there is no root"),
    "no function of each number": (lambda a: np.sum(optimize.newton(
        lambda x: x ** 3 - a * x[::-1], ONES)), "each number alone"),
    "not holomorphic": (lambda a: np.abs(optimize.newton(
        lambda z: z * z + 0.1 * np.conj(z) - a, 1.0 + 0.2j)), "holomorphic"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_root_of_its_own_equation_is_refused(name):
    f, reason = REFUSED[name]
    with pytest.raises(DifferentiationError, match=reason):
        sd.grad(f)(2.0)
    with pytest.raises(DifferentiationError, match=reason):
        sd.jvp(f, (2.0,), (1.0,))


def depressed(x, a):
    return x ** 3 - a * x - 1.0


@pytest.mark.parametrize("search", [
    lambda a: optimize.newton(depressed, 1.5, args=(a,)),
    lambda a: optimize.newton(depressed, np.array([1.5]), args=(a,))[0],
    lambda a: optimize.brentq(depressed, 1.0, 3.0, args=(a,)),
    lambda a: optimize.root_scalar(depressed, args=(a,), bracket=(1.0, 3.0)).root,
    lambda a: optimize.root(depressed, 1.5, args=(a,)).x[0],
    lambda a: optimize.fsolve(depressed, 1.5, args=(a,))[0],
    lambda a: optimize.newton(lambda x: depressed(x, a), 1.5)])
def test_roots_of_equations_that_are_given_numbers_have_second_derivatives(search):
    """x' = x / s and x'' = (2 x' - 6 x x'**2) / s, where s = 3 x**2 - a is the slope."""
    a = 1.3
    x = search(a)
    s = 3.0 * x * x - a
    expected = (2.0 * x / s - 6.0 * x * (x / s) ** 2) / s
    assert sd.grad(search)(a) == pytest.approx(x / s, rel=1e-7)
    assert sd.hvp(search, (a,), (1.0,)) == pytest.approx(expected, rel=1e-7)
    assert sd.grad(sd.grad(search))(a) == pytest.approx(expected, rel=1e-7)
    assert sd.grad(lambda b: sd.jvp(search, (b,), (1.0,))[1])(a) == pytest.approx(
        expected, rel=1e-7)
