"""Jacobians inside of differentiated functions, of functions that write what is their own."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.7, -0.4, 1.3])
V = np.array([1.0, 2.0, -0.5])
COUNTS = []


def in_a_copy(x):
    y = x.copy()
    y[1:] += y[:-1] ** 2
    y[0] *= y[2]
    return y * x


class Layer:
    def __init__(self):
        self.w, self.seen = np.array([2.0, 3.0, 1.0]), 0

    def __call__(self, x):
        y = x * self.w
        y[0] = y[1]
        return y**3

    def counting(self, x):
        self.seen += 1
        return x.copy() ** 3


def in_an_object(x):
    kept = Layer()
    kept.total = x * x
    kept.total[0] += kept.total[2]
    kept.total = kept.total * x
    return kept.total


LAYER = Layer()


def of_columns(f):
    return lambda x: np.sum(sd.jacfwd(f)(x) @ V)


def of_rows(f):
    return lambda x: np.sum(sd.jacrev(f)(x) @ V)


def of_a_hessian(f):
    return lambda x: V @ sd.hessian(lambda p: np.sum(f(p)))(x) @ V


def linearized(f):
    return lambda x: np.sum(sd.linearize(f, x)[1](V))


def differences(g, step=1e-4):
    return np.array([(8 * (g(X + step * e) - g(X - step * e)) - g(X + 2 * step * e) + g(
        X - 2 * step * e)) / (12 * step) for e in np.eye(3)])


@pytest.mark.parametrize("way, f", [
    *[(way, f) for way in (of_columns, of_rows, of_a_hessian, linearized)
      for f in (in_a_copy, in_an_object)], (of_columns, LAYER), (linearized, LAYER)])
def test_a_function_that_writes_its_own_is_followed(way, f):
    g = way(f)
    expected = differences(g)
    np.testing.assert_allclose(sd.grad(g)(X), expected, rtol=1e-7, atol=1e-7)
    value, dot = sd.jvp(g, (X,), (V,))
    assert value == pytest.approx(g(X), rel=1e-12)
    assert dot == pytest.approx(expected @ V, rel=1e-7)


def test_a_jacobian_of_columns_is_a_hessian():
    f = lambda x: np.sum(in_a_copy(x))  # noqa: E731
    expected = np.stack([differences(lambda p, i=i: sd.grad(f)(p)[i]) for i in range(3)])
    for made in (sd.jacfwd(sd.jacfwd(f))(X), sd.jacrev(sd.jacfwd(f))(X)):
        np.testing.assert_allclose(made, expected, rtol=1e-7, atol=1e-7)


def noting(x):
    y = x.copy()
    y[0] = y[1] ** 2
    if x[0] > 0.0:
        COUNTS.append(1)
    return y * x


def in_its_argument(x):
    x *= x
    return x * x


@pytest.mark.parametrize("f", [noting, in_its_argument, LAYER.counting])
def test_what_leaves_something_is_refused_and_leaves_nothing(f):
    point = X.copy()
    with pytest.raises(sd.DifferentiationError, match=r"(?s)may write what others see.*Instead, "):
        sd.grad(of_columns(f))(point)
    assert not COUNTS and LAYER.seen == 0
    np.testing.assert_array_equal(point, X)


def test_whether_it_writes_is_found_at_each_call():
    g = of_columns(noting)
    at = np.array([-0.7, 0.4, 1.3])
    # y x = (x1^2 x0, x1 x1, x2 x2)
    np.testing.assert_allclose(sd.grad(g)(at), [
        2 * at[1] * V[1], 2 * at[1] * V[0] + (2 * at[0] + 2) * V[1], 2 * V[2]], rtol=1e-12)
    with pytest.raises(sd.DifferentiationError, match="may write what others see"):
        sd.grad(g)(X)
    assert not COUNTS


def test_the_tangent_of_a_copy_is_a_copy_of_the_tangent():
    assert "    y_dot = x_dot.copy()\n" in sd.source(in_a_copy, "jvp", args=(X,))
