"""Operators inside of functions, on functions that capture what varies, at points that do not."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd


def hessian_at_a_constant(a):
    return sd.hessian(lambda x: x**4 * a)(2.0)


def hessian_at_what_varies(a):
    return sd.hessian(lambda x: x**3 * a * a)(a)


def product_at_a_constant(a):
    return sd.hvp(lambda x: x**4 * a, (2.0,), (1.0,))


def product_at_what_varies(a):
    return sd.hvp(lambda x: x**4 * a, (a,), (1.0,))


def linearized_at_a_constant(a):
    return sd.linearize(sd.grad(lambda x: x**4 * a), 2.0)[1](1.0)


def jacobian_of_an_item(a):
    return sd.jacobian([lambda x: x**4 * a][0])(2.0)


def jacobians_of_mapped_functions(a):
    first, second = map(sd.jacfwd, [lambda x: x**4 * a, lambda x: x**3 * a])
    return first(2.0) + second(a)


def operator_by_another_name(a):
    operator = sd.hessian
    return operator(lambda x: x**4 * a)(2.0)


def taken_in_another_function(a):
    f = lambda x: x**4 * a  # noqa: E731

    def slope():
        return sd.jvp(f, (2.0,), (1.0,))[1]

    return slope() * a


def reduced_to_a_derivative(a):
    second = functools.reduce(lambda g, _: sd.grad(g), range(2), lambda x: x**4 * a)
    return second(a)


def captured_twice(a):
    first, second = (functools.reduce(lambda g, _: sd.grad(g), range(n), lambda x: x**4 * a)
                     for n in (1, 2))
    return first(2.0) * second(a)


PROGRAMS = [hessian_at_a_constant, hessian_at_what_varies, product_at_a_constant,
            product_at_what_varies, linearized_at_a_constant, jacobian_of_an_item,
            jacobians_of_mapped_functions, operator_by_another_name, taken_in_another_function,
            reduced_to_a_derivative, captured_twice]


def slope_of(f, x):
    return (8 * (f(x + 1e-3) - f(x - 1e-3)) - (f(x + 2e-3) - f(x - 2e-3))) / 12e-3


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_a_function_captures_has_its_derivative(f):
    expected = slope_of(f, 0.7)
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)


def of_a_function_in_a_list(a):
    def f(x):
        functions = [lambda y: a * y]
        return sd.grad(functions[0])(x) * x

    return sd.grad(f)(a)


def of_a_function_in_a_dict(a):
    def f(x):
        functions = {"line": lambda y: a * y}
        return sd.jacfwd(functions["line"])(math.tanh(x)) * x

    return sd.grad(f)(a)


def of_a_tangent_in_a_list(a):
    def f(x):
        functions = [lambda y: a * y]
        return sd.jvp(functions[0], (x,), (1.0,))[1] * x

    return sd.grad(f)(a)


@pytest.mark.parametrize("f", [of_a_function_in_a_list, of_a_function_in_a_dict,
                               of_a_tangent_in_a_list], ids=lambda f: f.__name__)
def test_what_is_captured_two_levels_down_is_not_lost(f):
    try:
        found = sd.grad(f)(0.7)
    except sd.UnsupportedError as error:  # a NestedDerivativeError is one, too
        assert "Instead, " in str(error)
        return
    assert found == pytest.approx(slope_of(f, 0.7), rel=1e-7)


def cubed(w, x):
    return np.sum((w * x) ** 3)


def test_products_of_a_partial_can_be_taken_again():
    loss = functools.partial(cubed, x=2.0)
    w = np.array([1.0, -0.5])
    for _ in range(3):
        assert sd.hvp(loss, (w,), (np.ones(2),)) == pytest.approx(48 * w)
