"""Forward mode of functions in objects that helpers give to callers who deal with no places."""

import functools
import operator

import numpy as np
import pytest

import s2sdiff as sd


class Lazy:
    """Computes an item when it is asked for."""

    def __init__(self, made):
        self.made = made

    def __getitem__(self, key):
        return self.made[key]()


def in_a_dict(a, b):
    return Lazy({0: lambda: a * b, 1: lambda: a + b})


def in_a_list(a, b):
    return Lazy([lambda: a * b])


def in_a_tuple(a, b):
    return Lazy((functools.partial(operator.mul, a, b), a))


def product(held, x, y):
    return held(x, y)[0] * 1.0


@pytest.mark.parametrize("held", [in_a_dict, in_a_list, in_a_tuple])
def test_what_functions_in_an_object_capture_moves_along(held):
    assert sd.jvp(lambda x, y: product(held, x, y), (2.0, 3.0), (1.0, 0.0)) == (6.0, 3.0)
    assert sd.jvp(lambda x, y: held(x, y)[0] + y, (2.0, 3.0), (0.5, 1.0)) == (9.0, 4.5)


def test_users_see_none_where_a_function_holds_what_moves():
    _, dot = sd.jvp(lambda x: Lazy({"f": lambda: x, "x": x * x}), (3.0,), (1.0,))
    assert dot.made == {"f": None, "x": 6.0}


X, Y, ALONG = np.random.default_rng(0).normal(size=(3, 3, 3))


@pytest.mark.parametrize("function", [
    lambda x, y: np.tensordot(x, y, axes=(0, 0)), lambda x, y: np.tensordot(x, y, 1),
    lambda x, y: np.tensordot(x, y, axes=([0, 1], [1, 0])), lambda x, y: np.inner(x[None], y),
    lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0])])
def test_contractions_have_second_derivatives(function):
    def loss(x, y):
        return np.sum(np.sin(1.0 + function(x, y)))

    gradient, step = sd.grad(loss, wrt=(0, 1)), 1e-5
    found = sd.jvp(gradient, (X, Y), (ALONG, X.T.copy()))[1]
    ahead, behind = (gradient(X + s * ALONG, Y + s * X.T) for s in (step, -step))
    for dot, more, less in zip(found, ahead, behind, strict=True):
        np.testing.assert_allclose(dot, (more - less) / (2 * step), rtol=1e-5, atol=1e-6)


class Energy:
    def __init__(self, stiffness):
        self.stiffness = stiffness

    def __call__(self, q):
        return self.stiffness * np.sum(q**4)


@pytest.mark.parametrize("of", [lambda energy: energy, lambda energy: lambda q: energy(q)])
def test_an_object_that_is_called_in_a_derivative_holds_what_moves(of):
    def f(k):
        q = np.array([0.3, 0.4])
        return np.sum(sd.grad(of(Energy(k)))(q) * q)

    slope = 4 * (0.3**4 + 0.4**4)
    assert sd.jvp(f, (1.3,), (1.0,)) == pytest.approx((1.3 * slope, slope))
