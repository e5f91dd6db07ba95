"""What was found out of a function when its result was asked for is not found out again."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def halved(value, times):
    for _ in range(times):
        value = value * 0.5 + scale
    return value


scale = 0.25


def square(value):
    return value * value


def scaled(value, weight):
    total = square(weight)
    for _ in range(2):
        total = total * value
    return total


@pytest.fixture
def passes(monkeypatch):
    """The names of the functions that callees are resolved in."""
    seen = []

    def counting(step):
        return lambda f, c: (seen.append(f.name), step(f, c))[1]

    monkeypatch.setattr(compiler, "NORMALISE", [
        (name, text, counting(step) if name == "resolve" else step)
        for name, text, step in compiler.NORMALISE])
    return seen


def test_a_callee_goes_through_the_first_passes_once(passes):
    def f(x):
        return np.sin(halved(x, 3)) * x

    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)
    assert passes.count("halved") == 1


def total_of(weights, values):
    total = 0.0
    for _ in range(2):
        total = total + np.sum(weights * values)
    return total


def test_a_callee_that_names_its_arrays_otherwise_goes_through_them_once(passes):
    def f(x):
        return total_of(x, np.sin(x)) + total_of(x, x[0])

    x = np.array([0.3, 0.7])
    unit = np.eye(2)
    expected = [slope(lambda h, e=e: f(x + h * e), 0.0) for e in unit]
    np.testing.assert_allclose(sd.grad(f)(x), expected, rtol=1e-6)
    # Once for an array and an array, once for an array and a number.
    assert passes.count("total_of") == 2


def test_a_global_that_changed_meanwhile_is_seen(monkeypatch):
    def f(x):
        return halved(x, 2) * x

    def g(x):
        return halved(x, 2) * halved(x, 2)

    sd.vjp(f, 0.7)
    monkeypatch.setitem(globals(), "scale", np.float64(0.5))
    assert sd.grad(g)(0.7) == pytest.approx(slope(g, 0.7), rel=1e-6)


def test_of_fewer_arguments_that_vary_the_derivative_is_right_too():
    def f(x):
        return scaled(x, 3.0) + scaled(2.0, x)

    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_functions_that_call_each_other_are_right():
    def f(x):
        return even(x, 4) + odd(x, 3)

    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)


def even(x, n):
    return 1.0 if n == 0 else x * odd(x, n - 1)


def odd(x, n):
    return x if n == 0 else np.sin(x) * even(x, n - 1)


def shaded(value):
    return square(value) * scale


def test_what_is_asked_of_a_function_later_begins_where_the_first_did(passes):
    x = 0.7
    expected = slope(shaded, x)
    assert sd.grad(shaded)(x) == pytest.approx(expected, rel=1e-6)
    assert sd.jvp(shaded, (x,), (1.0,))[1] == pytest.approx(expected, rel=1e-6)
    assert sd.vjp(shaded, x)[1](1.0) == pytest.approx(expected, rel=1e-6)
    assert passes.count("shaded") == 1


def test_a_global_that_changed_between_two_requests_is_seen(monkeypatch):
    sd.grad(shaded)(0.7)
    monkeypatch.setitem(globals(), "scale", 2.0)
    assert sd.jvp(shaded, (0.7,), (1.0,))[1] == pytest.approx(slope(shaded, 0.7), rel=1e-6)


def test_a_helper_that_became_another_between_two_requests_is_seen(monkeypatch):
    sd.grad(shaded)(0.8)
    monkeypatch.setattr(square, "__code__", (lambda value: value * value * value).__code__)
    assert sd.jvp(shaded, (0.8,), (1.0,))[1] == pytest.approx(slope(shaded, 0.8), rel=1e-6)


def test_a_derivative_of_a_helper_that_came_between_two_requests_counts():
    sd.grad(shaded)(0.6)
    with sd.derivatives({square: lambda value: (value * value, lambda bar: 10.0 * bar)}):
        assert sd.jvp(shaded, (0.6,), (1.0,))[1] == pytest.approx(10.0 * scale)
    assert sd.jvp(shaded, (0.6,), (1.0,))[1] == pytest.approx(slope(shaded, 0.6), rel=1e-6)


class Weight:
    def __init__(self, factor):
        self.factor = factor

    def of(self, value):
        return self.factor * value * value


def weighted(value):
    return Weight(value).of(value)


def test_a_method_that_changed_between_two_requests_is_seen(monkeypatch):
    sd.grad(weighted)(0.7)
    monkeypatch.setattr(Weight, "of", lambda self, value: self.factor + np.sin(value))
    assert sd.jvp(weighted, (0.7,), (1.0,))[1] == pytest.approx(slope(weighted, 0.7), rel=1e-6)


def chosen(a, b):
    return square(a) * b if b > 0.0 else a + square(b)


def test_for_other_arguments_that_vary_the_derivative_is_right_after_all_of_them():
    a, b = 0.7, 0.3
    expected = slope(lambda h: chosen(h, b), a), slope(lambda h: chosen(a, h), b)
    assert sd.grad(chosen, wrt=("a", "b"))(a, b) == pytest.approx(expected, rel=1e-6)
    assert sd.grad(chosen, wrt="b")(a, b) == pytest.approx(expected[1], rel=1e-6)
    assert sd.grad(chosen, wrt="a")(a, b) == pytest.approx(expected[0], rel=1e-6)
