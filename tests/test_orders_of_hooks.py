"""Hooks that capture what varies, in gradients that are differentiated again."""

import functools

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import again
from s2sdiff.errors import DifferentiationError


def of_a_lambda(w, x):
    return sd.grad(lambda x: sd.with_derivative(x, lambda v: v * w) * x)(x)


def scaled(x, w):
    return sd.with_derivative(x, lambda v: v * w) * x


def of_a_function(w, x):
    return sd.grad(scaled)(x, w)


def of_a_partial(w, x):
    hook = functools.partial(lambda a, v: a * v, w)
    return sd.grad(lambda x: sd.with_derivative(x, hook) * x)(x)


def of_an_object(w, x):
    class Scaled:
        def __init__(self, w):
            self.w = w

        def __call__(self, v):
            return v * self.w

    return sd.grad(lambda x, hook: sd.with_derivative(x, hook) * x)(x, Scaled(w))


def of_a_pullback(w, x):
    return sd.vjp(lambda x: sd.with_derivative(x, lambda v: v * w) * x, x)[1](1.0)


@pytest.mark.parametrize("f", [of_a_lambda, of_a_function, of_a_partial, of_an_object,
                               of_a_pullback], ids=lambda f: f.__name__)
def test_what_a_hook_captures_has_its_cotangent(f):
    assert f(0.7, 0.4) == pytest.approx(0.4 * 1.7)
    value, pullback = sd.vjp(f, 0.7, 0.4)
    assert pullback(1.0) == pullback(1.0) == pytest.approx((0.4, 1.7))
    assert sd.jvp(f, (0.7, 0.4), (1.0, 2.0)) == (value, pytest.approx(0.4 + 3.4))


def test_a_hook_that_writes_its_cotangent():
    def f(w, x):
        def doubled(v):
            v *= w

        return np.sum(sd.grad(lambda x: np.sum(sd.with_derivative(x, doubled) * x))(x) ** 2)

    w, x = 0.7, np.array([0.4, -1.0])
    by_w, by_x = sd.grad(f, (0, 1))(w, x)
    assert by_w == pytest.approx(2 * 1.7 * np.sum(x**2))
    assert by_x == pytest.approx(2 * 1.7**2 * x)


def lopsided(x, w):
    return sd.with_derivative(x, lambda v: v * w) * 1.0 + w


def test_a_product_with_the_transpose_is_compared_in_all_arguments():
    def refused():
        raise DifferentiationError("refused")

    _, pullback = again.backward(sd.grad(lopsided), (0, 1), (0.7, 0.4), {}, refused)
    with pytest.raises(DifferentiationError, match="should be the same differ"):
        pullback(1.0)  # the gradient in x is w, and that in w is 1.0


def test_forward_mode_has_no_cotangent_for_a_hook():
    with pytest.raises(DifferentiationError, match="Instead, use reverse mode"):
        sd.jvp(scaled, (0.7, 0.4), (1.0, 0.0))
