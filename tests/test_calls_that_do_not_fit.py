"""Calls of builtin functions with stars, and with other numbers of arguments than they take."""

import math
import operator

import numpy as np
import pytest

import s2sdiff as sd


def with_stars(x, a):
    pair = [a, np.ndarray]
    assert isinstance(*pair) and isinstance(*(x, float))
    return operator.add(*[x, operator.getitem(*[a, 1])]) * getattr(*(a, "size"))


def too_many(x, a):
    try:
        return max() + operator.getitem(a, 0, 1) + math.hypot(x, key=2)
    except TypeError:
        return x * a[1]


@pytest.mark.parametrize("function", [with_stars, too_many], ids=lambda f: f.__name__)
def test_python_says_what_they_give(function):
    x, a = 1.3, np.array([0.5, 2.0])
    slope = (function(x + 1e-6, a) - function(x - 1e-6, a)) / 2e-6
    value, pullback = sd.vjp(function, x, a)
    assert value == function(x, a) and abs(pullback(1.0)[0] - slope) < 1e-6
    assert abs(sd.jvp(function, (x, a), (1.0, 0.0 * a))[1] - slope) < 1e-6


def test_what_has_a_rule_may_be_refused():
    def f(x):
        return x * operator.add(x)

    for differentiate in (lambda: sd.vjp(f, 1.0), lambda: sd.jvp(f, (1.0,), (1.0,))):
        with pytest.raises((TypeError, sd.MissingDerivativeError), match="argument"):
            differentiate()


def test_what_a_module_has_may_be_read_for_nothing():
    def f(x, a):
        np.nditer  # noqa: B018
        a.shape  # noqa: B018
        return x * a[0] * np.require(a)[1]

    assert abs(sd.grad(f)(1.3, np.array([0.5, 2.0])) - 1.0) < 1e-12


def test_a_star_that_stands_alone_is_opened_when_keywords_have_their_values():
    def weighed(*values, k=0.0):
        return sum((i + 1) * v for i, v in enumerate(values)) + 10.0 * k

    def f(x):
        items = [x, x * x, 2.0 * x]
        return weighed(*items, k=items.pop()) * weighed(*items, items.pop())

    slope = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    assert sd.vjp(f, 1.3)[0] == f(1.3)
    assert abs(sd.grad(f)(1.3) - slope) < 1e-5
    assert abs(sd.jvp(f, (1.3,), (1.0,))[1] - slope) < 1e-5
