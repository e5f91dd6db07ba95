"""Derivatives of high order and mixed partial derivatives, against closed forms."""

import math

import numpy as np
import pytest

import s2sdiff as sd


def wave(x):
    return math.sin(x) * math.exp(x)


def repeated(f, order):
    for _ in range(order):
        f = sd.grad(f)
    return f


def test_the_tenth_derivative_of_sin_times_exp():
    # sqrt(2)^n sin(x + n pi / 4) e^x
    expected = 2.0**5 * math.sin(0.3 + 10 * math.pi / 4) * math.exp(0.3)
    assert repeated(wave, 10)(0.3) == pytest.approx(expected, rel=1e-12)


T = math.tanh(0.4)
SCALARS = {
    "tanh, third": (lambda x: math.tanh(x), 3, -2 * (1 - T * T) * (1 - 3 * T * T)),
    "logarithm, fifth": (lambda x: math.log(x), 5, 24 / 0.4**5),
    "reciprocal, fourth": (lambda x: 1.0 / x, 4, 24 / 0.4**5),
    "square root, third": (lambda x: math.sqrt(x), 3, 0.375 * 0.4**-2.5),
    "power, second": (lambda x: x**2.5, 2, 3.75 * 0.4**0.5),
    "x to the x, second": (lambda x: x**x, 2, 0.4**0.4 * ((1 + math.log(0.4)) ** 2 + 1 / 0.4)),
    "arctangent, second": (lambda x: math.atan(x), 2, -0.8 / (1 + 0.16) ** 2),
    "error function, second": (
        lambda x: math.erf(x), 2, -4 * 0.4 / math.sqrt(math.pi) * math.exp(-0.16)),
}


@pytest.mark.parametrize("name", SCALARS)
def test_derivatives_of_numbers_of_several_orders(name):
    f, order, expected = SCALARS[name]
    assert repeated(f, order)(0.4) == pytest.approx(expected, rel=1e-12)
    by_forward = sd.jvp(repeated(f, order - 1), (0.4,), (1.0,))[1]
    assert by_forward == pytest.approx(expected, rel=1e-12)


def surface(x, y):
    return math.exp(x * y) * math.sin(y)


# d2/dxdy of e^(xy) sin y is e^(xy) ((1 + xy) sin y + y cos y).
MIXED = math.exp(0.3 * 0.7) * ((1 + 0.3 * 0.7) * math.sin(0.7) + 0.7 * math.cos(0.7))


@pytest.mark.parametrize("mixed", [
    lambda: sd.grad(sd.grad(surface, 0), 1)(0.3, 0.7),
    lambda: sd.grad(sd.grad(surface, 1), 0)(0.3, 0.7),
    lambda: sd.jvp(sd.grad(surface, 0), (0.3, 0.7), (0.0, 1.0))[1],
    lambda: sd.grad(lambda x, y: sd.jvp(surface, (x, y), (1.0, 0.0))[1], 1)(0.3, 0.7),
    lambda: sd.hessian(surface, (0, 1))(0.3, 0.7)[0][1],
    lambda: sd.hvp(surface, (0.3, 0.7), (0.0, 1.0))[0],
])
def test_a_mixed_partial_derivative_by_all_ways(mixed):
    assert mixed() == pytest.approx(MIXED, rel=1e-13)


X = np.array([0.5, -1.2, 2.0])
ARRAYS = {
    "logsumexp": (lambda x: np.log(np.sum(np.exp(x))), lambda x: (
        np.diag(np.exp(x)) / np.sum(np.exp(x))
        - np.outer(np.exp(x), np.exp(x)) / np.sum(np.exp(x)) ** 2)),
    "norm": (lambda x: np.sqrt(np.sum(x * x)), lambda x: (
        np.eye(3) / np.linalg.norm(x) - np.outer(x, x) / np.linalg.norm(x) ** 3)),
    "product": (lambda x: x[0] * x[1] * x[2], lambda x: np.array(
        [[0, x[2], x[1]], [x[2], 0, x[0]], [x[1], x[0], 0]])),
    "cubes": (lambda x: np.sum(x**3), lambda x: np.diag(6 * x)),
    "quadratic form": (lambda x: x @ A @ x, lambda x: A + A.T),
}
A = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize("name", ARRAYS)
def test_hessians_of_arrays(name):
    f, closed = ARRAYS[name]
    expected = closed(X)
    np.testing.assert_allclose(sd.hessian(f)(X), expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(sd.jacrev(sd.grad(f))(X), expected, rtol=1e-12, atol=1e-12)
    product = sd.hvp(f, (X,), (np.array([1.0, 2.0, -0.5]),))
    np.testing.assert_allclose(product, expected @ [1.0, 2.0, -0.5], rtol=1e-12, atol=1e-12)


def test_a_masked_side_with_a_vertical_tangent_gives_zero_in_second_order_too():
    def masked(x):
        return np.sum(np.where(x > 0, np.sqrt(np.abs(x)) ** 3, x * x))

    x = np.array([0.0, 4.0, -1.0])
    # (|x|^1.5)'' is 3 / (4 sqrt(x)); where x is not positive, it is x^2 that counts.
    expected = np.diag([2.0, 0.375, 2.0])
    np.testing.assert_allclose(sd.hessian(masked)(x), expected, rtol=1e-12)
    np.testing.assert_allclose(sd.jacrev(sd.grad(masked))(x), expected, rtol=1e-12)


def cube(x):
    return x**3


def product(x, y):
    return x * y**2


def test_a_registered_differential_is_transposed_and_differentiated_again():
    def cube_differential(x):
        return cube(x), lambda x_dot: 3 * x * x * x_dot

    def product_differential(x, y):
        return product(x, y), lambda x_dot, y_dot: x_dot * y**2 + 2 * x * y * y_dot

    with sd.derivatives({}):
        sd.derivative(of=cube, mode="jvp")(cube_differential)
        sd.derivative(of=product, mode="jvp")(product_differential)
        assert sd.grad(sd.grad(cube))(0.7) == pytest.approx(4.2)
        assert sd.grad(lambda x: x * sd.grad(cube)(x))(0.7) == pytest.approx(9 * 0.49)
        assert sd.jvp(lambda x: x * sd.grad(cube)(x), (0.7,), (2.0,))[1] == pytest.approx(18 * 0.49)
        assert sd.grad(lambda x: sd.jvp(cube, (x,), (1.0,))[1])(0.7) == pytest.approx(4.2)
        mixed = sd.grad(sd.grad(product, 1), (0, 1))(0.7, 1.5)
        assert mixed == pytest.approx((3.0, 1.4))
        x = np.array([0.7, -0.2])
        np.testing.assert_allclose(sd.hessian(lambda x: np.sum(cube(x)))(x), np.diag(6 * x))
