"""Forward mode inside of what is differentiated, of functions with `*args`."""

import numpy as np
import pytest

import s2sdiff as sd

U, W, AT = (0.7, -0.3), (1.3, 0.4), (1.1, 0.6)


def wavy(*a):
    return a[0] ** 2 * a[1] + np.sin(a[0] * a[1])


def hessian_of_wavy(x, y):
    s, c = np.sin(x * y), np.cos(x * y)
    return np.array([[2.0 * y - y * y * s, 2.0 * x + c - x * y * s],
                     [2.0 * x + c - x * y * s, -x * x * s]])


def cubic(x, *rest):
    return x ** 3 * rest[0] * rest[-1]


PUSHES = {
    "stars on both sides": lambda *a: sd.jvp(wavy, a, U)[1],
    "a star inside": lambda x, y: sd.jvp(wavy, (x, y), U)[1],
}


@pytest.mark.parametrize("name", PUSHES)
def test_a_tangent_of_stars_has_a_gradient_and_a_tangent(name):
    push, expected = PUSHES[name], hessian_of_wavy(*AT)
    np.testing.assert_allclose(sd.grad(push, wrt=(0, 1))(*AT), U @ expected, rtol=1e-12)
    np.testing.assert_allclose(sd.jvp(push, AT, W)[1], U @ expected @ W, rtol=1e-12)
    _, pullback = sd.vjp(push, *AT)
    assert pullback(2.0) == pullback(2.0)
    np.testing.assert_allclose(pullback(2.0), 2.0 * (U @ expected), rtol=1e-12)


@pytest.mark.parametrize("between", [None, 0.0])
def test_arguments_beside_a_star_and_in_it_that_do_not_move(between):
    def push(x, y):
        return sd.jvp(cubic, (x, 2.0, y), (1.0, between, 0.5))[1]

    x, y = AT
    # The tangent is 6 x^2 y + x^3.
    np.testing.assert_allclose(sd.grad(push, wrt=(0, 1))(x, y),
                               (12.0 * x * y + 3.0 * x * x, 6.0 * x * x), rtol=1e-12)


def test_arrays_in_a_star():
    a, b = np.array([0.4, -1.2]), np.array([1.5, 0.3])

    def push(*given):
        return np.sum(sd.jvp(lambda *v: v[0] ** 3 * v[1], given, (b, a))[1])

    # The tangent is 3 a^2 b b + a^3 a at the point (a, b) along (b, a), which are constants here.
    found = sd.grad(push, wrt=(0, 1))(a, b)
    np.testing.assert_allclose(found[0], 6.0 * a * b * b + 3.0 * a * a * a, rtol=1e-12)
    np.testing.assert_allclose(found[1], 3.0 * a * a * b, rtol=1e-12)
