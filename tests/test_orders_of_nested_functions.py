"""Operators of nested functions that capture what varies, however deep, in all modes over modes."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler
from s2sdiff.errors import NestedDerivativeError


def captured_twice(x):
    def f(p):
        def g(q):
            return math.sin(q * p) * x
        return sd.grad(g)(1.5) * x
    return sd.grad(f)(2.0)


def captured_thrice(x):
    def f(p):
        def g(q):
            def h(r):
                return math.sin(r * q * p * x)
            return sd.grad(h)(0.7) * q
        return sd.grad(g)(1.5) * p
    return sd.grad(f)(2.0) * x


def through_another(x):
    def potential(q):
        return np.sum(x * q**2 + q**4)

    force = sd.grad(lambda q: -potential(q))
    q = np.array([0.3, 0.2])
    for _ in range(3):
        q = q + 0.1 * force(q)
    return np.sum(q * q)


def newton(f, p):
    for _ in range(3):
        p = p - sd.grad(f)(p) / sd.grad(sd.grad(f))(p)
    return p


def through_a_solver(x):
    def inner(y):
        def cost(p):
            return math.cosh(p - x) + 0.1 * p * p * y
        return newton(cost, 0.5)
    return sd.grad(inner)(x * 0.5)


def tangent_of_gradient(x):
    y = x * x

    def f(p):
        z = p * y

        def g(q):
            return q * z * z + math.sin(q * y)
        return sd.grad(g)(p)
    return sd.jvp(f, (x,), (1.0,))[1]


def three_operators(x):
    def f(p):
        def g(q):
            def h(r):
                return r**3 * q * p * x
            return sd.jvp(h, (p,), (q,))[1]
        return sd.hvp(g, (p,), (x,))
    return sd.grad(f)(1.1)


def bound_anew(x):
    y = x

    def f(p):
        return p * p * y
    y = x * x * y
    return sd.grad(f)(2.0) + f(x)


def in_each_round(x):
    def total(p):
        s = 0.0
        for k in range(3):
            def term(q):
                return math.sin(q * x * (k + 1))
            s = s + sd.grad(term)(p)
        return s
    return sd.grad(total)(0.6)


def written_into(x):
    seen = []

    def f(p):
        seen.append(p * x)
        return seen[-1] ** 2
    return sd.grad(f)(2.0)


def bound_at_times(x):
    def f(p):
        return p * p * (y if x > 1.0 else x)
    if x > 1.0:
        y = 3.0 * x
    return sd.grad(f)(2.0)


FUNCTIONS = [captured_twice, captured_thrice, through_another, through_a_solver,
             tangent_of_gradient, three_operators, bound_anew, in_each_round, bound_at_times]


def slope(f, x, h):
    return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_derivatives_of_nested_derivatives_are_those_of_differences(f):
    once, twice = slope(f, 0.8, 1e-3), slope(lambda u: slope(f, u, 2e-3), 0.8, 2e-3)
    assert sd.grad(f)(0.8) == pytest.approx(once, rel=1e-5)
    assert sd.jvp(f, (0.8,), (1.0,))[1] == pytest.approx(once, rel=1e-5)
    assert sd.grad(sd.grad(f))(0.8) == pytest.approx(twice, rel=1e-4, abs=1e-5)
    assert sd.jvp(sd.grad(f), (0.8,), (1.0,))[1] == pytest.approx(twice, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_derivatives_of_tangents_are_those_of_differences(f):
    def along(u):
        return sd.jvp(f, (u,), (1.0,))[1]

    twice = slope(lambda u: slope(f, u, 2e-3), 0.8, 2e-3)
    assert sd.grad(along)(0.8) == pytest.approx(twice, rel=1e-4, abs=1e-5)
    assert sd.jvp(along, (0.8,), (1.0,))[1] == pytest.approx(twice, rel=1e-4, abs=1e-5)


def test_what_a_nested_function_writes_is_written_once():
    # d/dp (p x)^2 = 2 p x^2 at p = 2
    assert written_into(0.8) == pytest.approx(4 * 0.64)
    assert sd.grad(written_into)(0.8) == pytest.approx(8 * 0.8)


def grad(f):
    return lambda p: 7.0 * f(p)


def test_a_function_of_the_users_that_is_called_as_an_operator_is_left():
    def f(x):
        def g(p):
            return p * x * x
        return grad(g)(2.0)

    assert sd.grad(f)(3.0) == pytest.approx(84.0)


def test_the_text_of_a_nested_derivative_finds_nothing_out_when_it_runs():
    text = sd.source(captured_thrice, "grad", args=(0.8,))
    assert "by_place" not in text
    assert "pullback" not in text


def test_a_jacobian_of_what_counts_its_calls_is_refused_inside():
    def f(x):
        total = 0.0

        def g(p):
            nonlocal total
            total = total + x * p
            return math.sin(total) * x
        return sd.jacobian(lambda p: p * np.array([g(1.0), g(2.0)]))(x)[1]

    with pytest.raises(NestedDerivativeError, match=r"binds a name outside .*Instead, "):
        sd.grad(f)(0.8)
    with pytest.raises(NestedDerivativeError, match=r"binds a name outside .*Instead, "):
        sd.jvp(f, (0.8,), (1.0,))


class Doubling(dict):
    def __missing__(self, key):
        return 2.0 * key


class Sixfold(Doubling):
    def __missing__(self, key):
        return super().__missing__(key) * 3.0


@pytest.mark.parametrize(("cls", "factor"), [(Doubling, 2.0), (Sixfold, 6.0)])
def test_a_key_that_a_dict_has_not_moves_what_it_gives(cls, factor):
    def f(x):
        return cls()[x] * x

    assert sd.jvp(f, (0.8,), (1.0,))[1] == pytest.approx(2 * factor * 0.8)
    assert sd.grad(f)(0.8) == pytest.approx(2 * factor * 0.8)


def bound_again_by_a_match(x):
    g = lambda p: p * p * x  # noqa: E731
    match [lambda p: p**3 * x]:
        case [g]:
            pass
    return sd.grad(g)(2.0)


def named_first(x):
    c = x

    def g(p):
        return p * p * c

    slope, c = sd.grad(g), c * x
    return slope(2.0) * x


def made_in_a_loop(x):
    total = 0.0
    for c in (x, x * x):
        def g(p):
            return p * p * c  # noqa: B023 (called in the same round)
        total += sd.grad(g)(c)
    return total


def written_before_the_call(x):
    values = np.array([x, 2 * x])
    slope = sd.grad(lambda p: np.sum(p * values))
    values[0] = x**3
    return np.sum(slope(values) * values)


def of_an_exception(x):
    try:
        c = x

        def g(p):
            return p * p * c

        if c > 0:
            raise ValueError("positive")
    except ValueError:
        c = 2 * x
    return sd.grad(g)(x)


@pytest.mark.parametrize("f", [bound_again_by_a_match, named_first, made_in_a_loop,
                               written_before_the_call, of_an_exception],
                         ids=lambda f: f.__name__)
def test_what_is_captured_is_what_it_is_at_the_call(f):
    sd.check_grads(f, (0.7,), order=2)


def base(p):
    return p * p


def cube(p):
    return base(p) * p


def slope_of_cube(x):
    return sd.grad(cube)(x) * x


def tangent_of_cube(x):
    return sd.jvp(cube, (x,), (1.0,))[1] * x


def test_a_rule_that_comes_later_is_in_force_in_derivatives_inside():
    for f in (slope_of_cube, tangent_of_cube):
        assert sd.grad(f)(0.7) == pytest.approx(9 * 0.7**2, rel=1e-12)

    @sd.derivative(of=base)
    def _(p):
        return p * p, lambda bar: bar * 100.0

    # The slope of the cube is p² + 100 p now, and x³ + 100 x² is differentiated.
    for f in (slope_of_cube, tangent_of_cube):
        assert f(0.7) == pytest.approx(0.7**3 + 100 * 0.7**2, rel=1e-12)
        assert sd.grad(f)(0.7) == pytest.approx(3 * 0.7**2 + 200 * 0.7, rel=1e-12)


def test_what_captures_tangents_is_made_once(monkeypatch):
    made, compile_for = [], compiler.compile_for
    monkeypatch.setattr(compiler, "compile_for", lambda fn, *asked: (
        made.append(fn.__name__), compile_for(fn, *asked))[1])
    for x, most in ((0.3, 4), (0.4, 0)):
        assert sd.grad(through_a_solver)(x) == pytest.approx(
            slope(through_a_solver, x, 1e-3), rel=1e-6)
        assert made.count("cost") <= most
        made.clear()
