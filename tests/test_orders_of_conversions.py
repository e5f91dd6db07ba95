"""Second derivatives of what makes arrays of arrays, with every way to say of which dtype."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([1.0, 2.0, 3.0, 4.0])
CONVERSIONS = {
    "asarray": lambda x: np.asarray(x, dtype=float),
    "asarray by position": lambda x: np.asarray(x, float),
    "asanyarray": lambda x: np.asanyarray(x, dtype=float, order="C"),
    "array": lambda x: np.array(x, dtype=float, copy=True),
    "array of a rank": lambda x: np.array(x, dtype=np.float64, ndmin=2),
    "ascontiguousarray": lambda x: np.ascontiguousarray(x, dtype=float),
    "asfortranarray": lambda x: np.asfortranarray(x, dtype=float),
    "astype": lambda x: x.astype(float, order="F"),
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_the_second_derivative_of_a_conversion_is_that_of_the_numbers(name):
    converted = CONVERSIONS[name]

    def f(x):
        return np.sum(converted(x) ** 3)

    def slope(x):
        return sd.jvp(f, (x,), (X,))[1]

    expected = 6 * X * X
    np.testing.assert_allclose(sd.jvp(sd.grad(f), (X,), (X,))[1], expected)
    np.testing.assert_allclose(sd.vjp(sd.grad(f), X)[1](X), expected)
    np.testing.assert_allclose(sd.hvp(f, (X,), (X,)), expected)
    np.testing.assert_allclose(sd.hessian(f)(X), np.diag(6 * X))
    np.testing.assert_allclose(sd.grad(slope)(X), expected)
    np.testing.assert_allclose(sd.jvp(slope, (X,), (X,))[1], np.sum(6 * X**3))


def test_a_function_that_is_looked_up_is_differentiated_twice_forwards():
    def slope(x):
        return sd.jvp(lambda y: np.sum(CONVERSIONS["asarray"](y) ** 3), (x,), (X,))[1]

    np.testing.assert_allclose(sd.jvp(slope, (X,), (X,))[1], np.sum(6 * X**3))
