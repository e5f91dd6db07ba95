"""Second derivatives through loops that take gradients, and write what they move in place."""

import functools
import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([[0.2, -0.5, 1.0], [0.7, 0.1, -0.3], [-0.4, 0.6, 0.5]])


def learned(theta):
    """Model-agnostic: a loss after steps of its gradient, written in place."""
    def loss(w, x):
        return np.mean((np.tanh(x * w[0]) + w[1] - np.sin(x)) ** 2)

    x = np.array([-1.0, 0.2, 0.9])
    w = theta.copy()
    for _ in range(2):
        w -= 0.1 * sd.grad(loss)(w, x)
    return loss(w, x + 0.1)


def leapfrog(state):
    def potential(q):
        return np.sum(q**4) / 4 + 0.5 * np.prod(np.cos(q))

    q, p = state[:1].copy(), state[1:].copy()
    for _ in range(3):
        p -= 0.05 * sd.grad(potential)(q)
        q += 0.1 * p
    return np.sum(q * p) + potential(q)


def newton_step(b):
    def loss(c):
        z = X @ np.append(c, 0.5)
        return np.sum(np.logaddexp(0, z) - np.array([1.0, 0.0, 1.0]) * z) + 0.5 * np.sum(c**2)

    return loss(b - np.linalg.solve(sd.hessian(loss)(b), sd.grad(loss)(b)))


@dataclass
class Line:
    w: np.ndarray
    b: float
    name: str = "line"


def of_an_object(theta):
    def loss(line):
        return np.sum(np.tanh(X[:, :1] @ line.w + line.b) ** 2)

    line = Line(theta[:1].copy(), theta[1])
    for _ in range(2):
        g = sd.grad(loss)(line)
        line.w -= 0.1 * g.w
        line.b -= 0.1 * g.b
    return loss(line)


def of_a_dict(theta):
    def loss(p):
        return np.sum(np.sin(p["a"]) * p["b"][0]) + p["b"][1] ** 2 * p["a"][0]

    p = {"a": theta[:1], "b": [theta[1], 0.4]}
    g = sd.grad(loss)(p)
    return loss({"a": p["a"] - 0.1 * g["a"],
                 "b": [x - 0.1 * d for x, d in zip(p["b"], g["b"], strict=True)]})


def by_a_field(theta):
    """Steps of Euler's method and of its Jacobian, of a function that makes its array."""
    field = lambda s, m: np.array([s[1], m * (1 - s[0] ** 2) * s[1] - s[0]])  # noqa: E731
    s, product = np.array([theta[1], 0.1]), np.eye(2)
    for _ in range(2):
        product = product + 0.05 * sd.jacobian(field)(s, theta[0]) @ product
        s = s + 0.05 * field(s, theta[0])
    return np.trace(product) + s[0]


def of_a_list(theta):
    _, pullback = sd.vjp(lambda x: [x[0] * x[1], np.sin(x)], theta)
    return pullback([1.0, np.array([0.5, 0.2])]) @ theta


@pytest.mark.parametrize("f", [
    learned, leapfrog, newton_step, of_an_object, of_a_dict, by_a_field, of_a_list])
def test_hessians_are_differences_of_values(f):
    x, h, steps = np.array([0.4, -0.3]), 2e-3, {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}
    v, w = np.array([1.0, -0.5]), np.array([0.3, 2.0])
    expected = sum(p * q * f(x + h * (i * v + j * w)) for i, p in steps.items()
                   for j, q in steps.items()) / h**2
    found = [
        sd.hvp(f, (x,), (v,)) @ w,
        sd.grad(lambda x: np.sum(sd.grad(f)(x) * v))(x) @ w,
        sd.grad(lambda x: sd.jvp(f, (x,), (v,))[1])(x) @ w,
        sd.jvp(lambda x: sd.jvp(f, (x,), (v,))[1], (x,), (w,))[1],
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def with_what_does_not_count(x):
    """Code that asks for plain numbers, of which nobody reads the result."""
    def looked(v, k, w=None, xp=np):
        return np.sum(np.asarray(v)) * k

    s = x
    for h in (math.sin, math.cos, functools.partial(math.pow, 0.5 + x)):
        s = h(s)
    math.sin(looked(np.array([[s, 0.3]]), 2))
    return x**3


def test_what_does_not_count_ends_no_run():
    def along(x):
        return sd.jvp(with_what_does_not_count, (x,), (1.0,))[1]

    assert sd.grad(along)(0.7) == pytest.approx(4.2)
    assert sd.jvp(along, (0.7,), (1.0,))[1] == pytest.approx(4.2)
