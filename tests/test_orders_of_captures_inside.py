"""Derivatives inside of functions that are differentiated, of closures whose text is refused there.
"""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.7, -0.4, 1.3])
V = np.array([1.0, 2.0, -0.5])


def scattered(x):
    y = np.zeros(4)
    np.add.at(y, [0, 0, 3], x**2)
    return np.sum(y**2)


def recursive(x):
    def fall(n, a):
        return a if n == 0 else fall(n - 1, np.sin(a) * x)
    return np.sum(fall(3, x))


def loss_of(f, scale=2.0):
    weights = np.array([1.0, 3.0, 0.5])

    def loss(x):
        return np.sum(f(x) * weights) * scale
    return loss


def summed(operator, p):
    return np.sum(operator(p) * V)


def by_a_number(f, p):
    w = p[0] * p[1]

    def inner(q):
        return f(q) * w
    return summed(sd.grad(inner), p)


def by_an_array(f, p):
    w = p * p

    def inner(q):
        return f(q) * np.sum(w * q)
    gradients = [sd.grad(inner)]
    w[0] = p[1] ** 2
    return summed(gradients[0], p) + np.sum(w)


def by_a_list(f, p):
    w = [p[0], p[1] ** 2]

    def inner(q):
        return f(q * w[0]) * w[1]
    return summed(sd.grad(inner), p)


def by_a_function(f, p):
    w = p * p

    def deep(q):
        return f(q * w)

    def inner(q):
        return deep(q) * w[0]
    return summed(sd.grad(inner), p)


def with_the_value(f, p):
    w = {"a": p * p, "b": p[0]}

    def inner(q):
        return f(q * w["b"]) * np.sum(w["a"])

    def used(g):
        value, slope = g(p)
        return value * np.sum(slope)
    return used(sd.value_and_grad(inner))


def along(f, p):
    w = p * p

    def inner(q):
        return f(q) * np.sum(w * q)
    return summed(lambda z: sd.jvp(inner, (z,), (V,))[1], p)


def constants(f, p):
    return summed(sd.grad(loss_of(f)), p)


def constants_along(f, p):
    return sd.jvp(loss_of(f), (p,), (V,))[1]


def pulled_back(f, p):
    value, pullback = sd.vjp(lambda q: f(q) * q, p)
    return pullback(p * V) @ V + np.sum(value)


PROGRAMS = [by_a_number, by_an_array, by_a_list, by_a_function, with_the_value, along, constants,
            constants_along, pulled_back]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("f", [scattered, recursive])
def test_what_is_captured_has_its_derivative(program, f):
    def g(p):
        return program(f, p)

    expected = np.array([sum(c * g(X + k * 1e-4 * e) for k, c in (
        (1, 8), (-1, -8), (2, -1), (-2, 1))) / 12e-4 for e in np.eye(3)])
    np.testing.assert_allclose(sd.grad(g)(X), expected, rtol=1e-6, atol=1e-7)
    pullback = sd.vjp(g, X)[1]
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    value, dot = sd.jvp(g, (X,), (V,))
    assert value == pytest.approx(g(X), rel=1e-12)
    assert dot == pytest.approx(expected @ V, rel=1e-6)
    np.testing.assert_allclose(sd.jacfwd(g)(X), expected, rtol=1e-6, atol=1e-7)


LOSSES = {f.__name__: loss_of(f) for f in (scattered, recursive)}


@pytest.mark.parametrize("name", LOSSES)
def test_a_closure_of_the_module_has_its_second_derivatives(name):
    loss = LOSSES[name]
    slope = sd.grad(loss)
    expected = (slope(X + 1e-5 * V) - slope(X - 1e-5 * V)) / 2e-5
    for found in (sd.grad(lambda p: slope(p) @ V)(X), sd.jacrev(slope)(X) @ V,
                  sd.grad(lambda p: sd.jvp(loss, (p,), (V,))[1])(X)):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)
