"""Helpers that walk over what they collect are written out for the number of arguments at hand."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn


def through(x, *functions):
    for f in functions:
        x = f(x)
    return x


def summed(x, *functions, scale=2.0):
    total = x
    for f in functions:
        y = f(x)
        total = total * y + scale
        x = y
    return total + x


def walked_twice(x, *functions):
    for f in functions:
        x = f(x)
    for g in functions:
        x = x + g(x)
    return x


def last_of_all(x, *functions):
    for f in functions:
        x = f(x)
    return f(x) * x


def in_place(x, *functions):
    for f in functions:
        x += f(x)
    return x


def pairs(x, *lines):
    for slope, offset in lines:
        x = x * slope + offset
    return x


# What follows is not written out, and right all the same.


def counted(x, *functions):
    for f in functions:
        x = f(x)
    return x * len(functions)


def left_early(x, *functions):
    for f in functions:
        if np.sum(x) > 1.2:
            break
        x = f(x)
    return x


def in_one_another(x, *functions):
    for f in functions:
        for g in functions:
            x = 0.5 * g(x) + 0.5 * f(x)
    return x


def with_else(x, *functions):
    for f in functions:
        x = f(x)
    else:
        x = x * 3.0
    return x


def bent(x):
    return np.sin(x) * 0.5 + x


def curved(x):
    return x * x * 0.3 + 1.0


HELPERS = [through, summed, walked_twice, in_place, last_of_all, counted, left_early,
           in_one_another, with_else]


@pytest.mark.parametrize("x", [0.7, np.array([0.3, -0.2])], ids=["number", "array"])
@pytest.mark.parametrize("helper", HELPERS, ids=lambda f: f.__name__)
def test_gradients_are_those_of_differences(helper, x):
    def two(x):
        return np.sum(helper(x * 1.0, bent, curved))

    def three(x):
        return np.sum(helper(x * 1.0, curved, bent, curved))

    for loss in (two, three):
        steps = [1e-6] if isinstance(x, float) else list(np.eye(2) * 1e-6)
        expected = [(loss(x + d) - loss(x - d)) / 2e-6 for d in steps]
        np.testing.assert_allclose(np.ravel(sd.grad(loss)(x)), expected, rtol=1e-6)


def of_through(x):
    return through(x, bent, curved)


def of_summed(x):
    return summed(x, bent, curved)


def of_walked_twice(x):
    return walked_twice(x, bent, curved)


def of_in_place(x):
    return in_place(x * 1.0, bent, curved)


@pytest.mark.parametrize("loss", [of_through, of_summed, of_walked_twice, of_in_place],
                         ids=lambda f: f.__name__)
def test_no_loop_and_no_call_is_left_of_a_loop_over_arguments(loss):
    text = sd.source(loss, "grad", args=(0.7,)).partition("def ")[2]
    assert "for " not in text.replace("# ", "")
    assert "_vjp" not in text
    assert "np.cos" in text


def test_items_that_are_unpacked_keywords_none_and_stars():
    assert sd.grad(lambda x: pairs(x, (2.0, x), (x, 1.0)))(0.7) == pytest.approx(6 * 0.7)
    assert sd.grad(lambda x: summed(x, curved, scale=x))(0.7) == pytest.approx(
        0.7 * 0.6 * 0.7 + (0.3 * 0.49 + 1) + 1 + 0.6 * 0.7)
    assert sd.grad(lambda x: through(x))(0.7) == 1.0
    expected = (0.5 * math.cos(curved(0.7)) + 1) * 0.6 * 0.7
    assert sd.grad(lambda x: through(x, *[curved, bent]))(0.7) == pytest.approx(expected)
    with pytest.raises(UnboundLocalError):
        sd.grad(lambda x: last_of_all(x))(0.7)


def test_a_helper_that_is_bound_anew_counts_from_the_next_call_on(monkeypatch):
    assert sd.grad(of_through)(0.7) == pytest.approx(
        0.6 * bent(0.7) * (0.5 * math.cos(0.7) + 1))
    monkeypatch.setitem(globals(), "bent", lambda x: 2.0 * x)
    assert sd.grad(of_through)(0.7) == pytest.approx(0.6 * 1.4 * 2.0)


@dataclass(eq=False)
class Model(nn.Layer):
    first: nn.Dense
    flat: nn.Flatten
    last: nn.Dense

    def __call__(self, x):
        return nn.sequenced(x, self.first, self.flat, self.last)


def test_layers_in_a_row_become_the_code_that_a_person_would_write():
    generator = np.random.default_rng(0)
    model = Model(nn.Dense(2, 3, nn.tanh, generator=generator), nn.Flatten(),
                  nn.Dense(3, 1, generator=generator))

    def loss(model, x):
        return np.sum(model(x) ** 2)

    x = np.ones((4, 2), np.float32)
    text = sd.source(loss, "grad", args=(model, x)).partition("def loss_grad")[2]
    assert "sequenced" not in text
    assert "by_place" not in text
    assert "np.tanh(" in text
    gradient = sd.grad(loss)(model, x)
    hidden = np.tanh(x @ model.first.weight)
    out_bar = 2 * (hidden @ model.last.weight)
    np.testing.assert_allclose(gradient.last.weight, hidden.T @ out_bar, rtol=1e-5)
    hidden_bar = out_bar @ model.last.weight.T * (1 - hidden**2)
    np.testing.assert_allclose(gradient.first.weight, x.T @ hidden_bar, rtol=1e-5)
