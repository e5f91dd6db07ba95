"""Second derivatives of functions that capture what varies, inside of what is differentiated."""

import math

import numpy as np
import pytest

import s2sdiff as sd


def of_a_captured_number(x, y):
    return sd.hvp(lambda p: math.sin(y * p), (x,), (y,))


def of_a_number_bound_anew(x, y):
    def f(p):
        return math.sin(y * p)

    y = y * 2.0
    return sd.hvp(f, (x,), (1.0,))


def of_an_item_of_a_captured_array(x, y):
    held = np.array([y, 2.0])
    return sd.hvp(lambda p: math.sin(held[0] * p), (x,), (y,))


def of_a_hessian_of_a_capture(x, y):
    return sd.hessian(lambda p: math.sin(y * p))(x)


def of_a_linearized_gradient(x, y):
    value, differential = sd.linearize(sd.grad(lambda p: math.sin(y * p)), x)
    return value * differential(y)


@pytest.mark.parametrize("f", (of_a_captured_number, of_a_number_bound_anew,
                               of_an_item_of_a_captured_array, of_a_hessian_of_a_capture,
                               of_a_linearized_gradient))
def test_what_is_captured_has_its_derivative_at_the_third_order(f):
    """Reverse mode lost it: an operator's call was not seen to reach what a function captures."""
    expected = [(f(1.3 + h, 0.4 + k) - f(1.3 - h, 0.4 - k)) / 2e-6
                for h, k in ((1e-6, 0.0), (0.0, 1e-6))]
    value, pullback = sd.vjp(f, 1.3, 0.4)
    assert value == f(1.3, 0.4)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7)
    np.testing.assert_allclose(
        [sd.jvp(f, (1.3, 0.4), along)[1] for along in ((1.0, 0.0), (0.0, 1.0))], expected,
        rtol=1e-7)


def test_a_tangent_of_another_precision_is_that_of_the_argument():
    """The plain call took it as it was, and the call that is differentiated as a float32."""
    def f(x, t):
        return sd.jvp(math.sin, (0.5 * x,), (t,))[1]

    x, t = np.float32(1.2345678), 0.123456789123
    assert f(x, t) == sd.vjp(f, x, t)[0] == sd.jvp(f, (x, t), (np.float32(1.0), 0.0))[0]
