"""Recursive functions that are given functions are plain code; right by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check, slope


def simpson(f, a, b, eps=1e-6, depth=12):
    m, h = 0.5 * (a + b), b - a
    one = h / 6.0 * (f(a) + 4.0 * f(m) + f(b))
    two = h / 12.0 * (f(a) + 4.0 * f(0.5 * (a + m)) + 2.0 * f(m) + 4.0 * f(0.5 * (m + b)) + f(b))
    if depth <= 0 or abs(two - one) < 15.0 * eps:
        return two + (two - one) / 15.0
    return simpson(f, a, m, eps / 2.0, depth - 1) + simpson(f, m, b, eps=eps / 2.0, depth=depth - 1)


def repeated(f, x, n):
    return x if n == 0 else repeated(f, f(x), n - 1)


def both(f, g, n, x):
    if n == 0:
        return g(x)
    return f(both(f, g, n - 1, x * 0.9)) + both(g, f, n - 1, x)


def noted(f, n, log):
    if n == 0:
        return 0.0
    log.append(f(n))
    return noted(f, n - 1, log) + f(n * 0.5)


def rebinding(f, n, x):
    if n == 0:
        return f(x)
    g = f
    f = lambda t: g(t) * 2.0  # noqa: E731
    return rebinding(f, n - 1, x)


def damped(t):
    return math.exp(-0.7 * t) * math.sin(3.0 * t)


def an_integral(k):
    return simpson(lambda t: math.exp(-k * t) * math.sin(3.0 * t), 0.0, 2.0)


def with_the_names_that_it_has_itself(a):
    m = a * 2.0
    return simpson(lambda t: math.sin(a * t) * m, 0.0, a)


def of_a_definition(k):
    c = k * 2.0

    def g(t):
        u = t * c
        return math.sin(u) + k

    s = simpson(g, 0.0, 1.0)
    c = c * 3.0
    return s * simpson(g, 0.0, k)


def two_at_once(k):
    return both(lambda t: math.sin(k * t), lambda t: t * k + 1.0, 3, k)


def of_a_function_outside(k):
    return repeated(damped, k, 3) + repeated(lambda v: math.cos(k * v), 1.0, 4)


def in_a_loop(k):
    s = 0.0
    for i in range(3):
        s += simpson(lambda t: math.sin(k * t + i * s), 0.0, 1.0, 1e-3)
    return s


def that_binds(k):
    total = 0.0

    def g(t):
        nonlocal total
        total += t * k
        return math.sin(k * t)

    return simpson(g, 0.0, 1.0) * total


def that_calls_another(k):
    h = lambda t: t * k  # noqa: E731
    return repeated(lambda t: math.sin(h(t)) + t, k, 3)


def that_is_bound_anew(k):
    return rebinding(lambda t: t * k, 3, k)


def with_a_log(k):
    log = []
    s = noted(lambda v: v * k, 3, log)
    return s * sum(log)


PLAIN = [an_integral, with_the_names_that_it_has_itself, of_a_definition, two_at_once, in_a_loop]


@pytest.mark.parametrize("f", [*PLAIN, of_a_function_outside, that_binds, that_calls_another,
                               that_is_bound_anew, with_a_log], ids=lambda f: f.__name__)
def test_the_gradient_is_the_slope(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_no_function_is_made_for_it(f):
    text = sd.source(f, "grad", args=(0.7,))
    assert "rt.cell" not in text and "make_" not in text and "rt.call" not in text


def test_another_function_of_that_name_is_called_then(monkeypatch):
    assert sd.grad(of_a_definition)(0.5) != pytest.approx(2.0)
    monkeypatch.setitem(globals(), "simpson", lambda f, a, b: b * b + a)
    check(of_a_definition, 0.5)


def activated(a):
    return np.sum(repeated(lambda v: np.tanh(a * v), np.ones(3), 4))


def test_arrays_that_are_captured_have_their_shares():
    a, h = np.array([0.3, 0.5, 0.7]), 1e-6
    expected = [(activated(a + h * e) - activated(a - h * e)) / (2 * h) for e in np.eye(3)]
    assert sd.grad(activated)(a) == pytest.approx(np.array(expected), rel=1e-6)


def test_a_recursive_function_is_differentiated_twice_with_what_it_holds():
    assert sd.hessian(an_integral)(0.7) == pytest.approx(slope(sd.grad(an_integral), 0.7), rel=1e-5)
