"""`checkpoint` of nested functions, inside of functions that are differentiated."""

from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, 0.5, 0.9])
CALLS = []


def in_a_loop(x, w):
    def step(y):
        CALLS.append("step")
        return np.sin(y * w)

    for _ in range(3):
        x = sd.checkpoint(step)(x)
    return np.sum(x)


def bound_anew(x, w):
    k = w
    scaled = sd.checkpoint(lambda y: np.sin(y * k))
    x = scaled(x)
    k = k * k
    return np.sum(scaled(x))


def under_a_gradient(x, w):
    def energy(y):
        return np.sum(np.sin(y * w))

    return np.sum(sd.grad(sd.checkpoint(energy))(x) ** 2)


@dataclass
class Pair:
    a: np.ndarray
    b: float


def of_an_object(x, w):
    def step(pair, y):
        return Pair(pair.a * y, pair.b + y)

    pair = sd.checkpoint(step)(Pair(x, w), 0.5)
    return np.sum(pair.a) * pair.b


@pytest.mark.parametrize("f", [in_a_loop, bound_anew, under_a_gradient, of_an_object],
                         ids=lambda f: f.__name__)
def test_what_the_function_captures_has_its_cotangent(f):
    sd.check_grads(f, (X, 0.7))


@pytest.mark.parametrize("f", [bound_anew, of_an_object], ids=lambda f: f.__name__)
def test_the_gradient_can_be_differentiated_again(f):
    along = 0.1 * X, 0.2
    h = 1e-5
    after, before = (sd.grad(f, (0, 1))(X + s * h * along[0], 0.7 + s * h * along[1])
                     for s in (1, -1))
    expected = [(p - q) / (2 * h) for p, q in zip(after, before, strict=True)]
    found = sd.hvp(f, (X, 0.7), along)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-6)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-6)


def test_the_body_runs_again_for_each_pullback():
    CALLS.clear()
    _, pullback = sd.vjp(in_a_loop, X, 0.7)
    assert len(CALLS) == 3
    assert np.array_equal(pullback(1.0)[0], pullback(1.0)[0])
    assert len(CALLS) == 9


def test_what_holds_what_varies_is_refused():
    def f(x, w):
        def make(a):
            return sd.checkpoint(lambda y: y * a)

        return np.sum(make(w)(x))

    with pytest.raises(sd.DifferentiationError, match="Instead, let it take that as arguments"):
        sd.grad(f)(X, 0.7)
