"""Second derivatives of products, with zeros among their factors: by closed forms."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd


def pairs(a, v):
    """The Hessian of the product of a vector's elements, times v, element by element."""
    n = len(a)
    found = np.zeros(n, np.result_type(a, v))
    for i, j in itertools.permutations(range(n), 2):
        found[i] += v[j] * np.prod([a[k] for k in range(n) if k not in (i, j)])
    return found


FACTORS = {
    "none is zero": [2.0, -3.0, 0.5, 1.5],
    "one zero": [2.0, 0.0, 0.5, 1.5],
    "two zeros": [2.0, 0.0, 0.5, 0.0],
    "three zeros": [0.0, 0.0, 0.5, 0.0],
    "two factors": [2.0, 3.0],
    "one factor": [2.0],
    "no factors": [],
}
DIRECTION = np.array([0.3, -1.2, 0.7, 2.0])


def both(f, x, v):
    """A product with the Hessian, by both modes over the gradient."""
    _, forward = sd.jvp(sd.grad(f), (x,), (v,))
    _, back = sd.vjp(sd.grad(f), x)
    first, second = back(v), back(v)
    np.testing.assert_array_equal(first, second)
    return forward, first[0] if isinstance(first, tuple) else first


@pytest.mark.parametrize("name", FACTORS)
def test_a_product_is_right_twice_whichever_factors_are_zero(name):
    a = np.array(FACTORS[name])
    v, was = DIRECTION[:len(a)], a.copy()
    for found in both(np.prod, a, v):
        np.testing.assert_allclose(found, pairs(a, v), atol=1e-14)
    np.testing.assert_array_equal(a, was)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1), None])
def test_products_along_axes_are_right_twice(axis, keepdims):
    a = np.array([[2.0, 0.0, 0.5], [0.0, 0.0, 3.0], [1.0, -2.0, 0.25]])[:, ::-1]
    v = np.arange(9.0).reshape(3, 3) - 4.0
    along = {0: [0], 1: [1], -1: [1], (0, 1): [0, 1], None: [0, 1]}[axis]
    rows = np.moveaxis(np.arange(9).reshape(3, 3), along, range(-len(along), 0))
    expected = np.zeros(9)
    for row in rows.reshape(-1, 3 ** len(along)):
        expected[row] = pairs(a.ravel()[row], v.ravel()[row])
    for found in both(lambda a: np.sum(np.prod(a, axis=axis, keepdims=keepdims)), a, v):
        np.testing.assert_allclose(found, expected.reshape(3, 3), atol=1e-14)


def test_the_dtype_of_factors_stays():
    a, v = np.array(FACTORS["one zero"], np.float32), DIRECTION.astype(np.float32)
    for found in both(np.prod, a, v):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, pairs(a, v), rtol=1e-5)


def test_products_of_complex_factors_are_right_twice():
    a = np.array([1.0 + 2.0j, 0.0, 0.5j, 1.5])
    x, v = np.array([1.0, 0.5, -0.3, 2.0]), DIRECTION

    def f(x):
        return np.real(np.prod(a * x))

    for found in both(f, x, v):
        np.testing.assert_allclose(found, np.real(np.prod(a)) * pairs(x, v), atol=1e-14)
    shifted = np.real(pairs(a, v))
    for found in both(lambda x: np.real(np.prod(a + x)), np.zeros(4), v):
        np.testing.assert_allclose(found, shifted, atol=1e-14)


def test_a_product_of_one_number_has_no_second_derivative():
    for found in both(np.prod, np.array(3.0), np.array(1.0)):
        assert not np.any(found)


@pytest.mark.parametrize("name", FACTORS)
def test_cumulative_products_are_right_twice(name):
    a = np.array(FACTORS[name])
    v, weights = DIRECTION[:len(a)], np.array([1.0, -0.5, 2.0, 0.25])[:len(a)]
    expected = np.zeros(len(a))
    for j, w in enumerate(weights):
        expected[:j + 1] += w * pairs(a[:j + 1], v[:j + 1])
    for found in both(lambda a: np.sum(weights * np.cumprod(a)), a, v):
        np.testing.assert_allclose(found, expected, atol=1e-14)


def test_cumulative_products_whose_weights_move_are_right_twice():
    a, v = np.array([[0.5, 0.0, 2.0], [1.5, -1.0, 0.0]]), np.array([[1.0, 2, 3], [-1.0, 0.5, 2]])

    def f(a):
        return np.sum(np.cumprod(a, axis=1) ** 2)

    step = 1e-6
    expected = (sd.grad(f)(a + step * v) - sd.grad(f)(a - step * v)) / (2 * step)
    for found in both(f, a, v):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_third_derivatives_of_products_are_products_of_the_others():
    a = np.array([2.0, 0.0, 0.5])
    e = np.eye(3)

    def product(a):
        return np.prod(a)

    def second(a):
        return sd.jvp(sd.grad(product), (a,), (e[1],))[1]

    _, third = sd.jvp(second, (a,), (e[2],))
    np.testing.assert_allclose(third, [1.0, 0.0, 0.0], atol=1e-14)
