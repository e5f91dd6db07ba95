"""Loops over layers and functions, which are written out, and flags that objects hold."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn

X = np.random.default_rng(1).normal(size=(2, 3))


def dense(inputs, outputs, seed=0):
    return nn.Dense(inputs, outputs, generator=np.random.default_rng(seed), dtype=float)


def three():
    return [dense(3, 4), dense(4, 4, 1), dense(4, 2, 2)]


@dataclass(eq=False)
class Model(nn.Layer):
    layers: Any
    flag: bool = True
    more: Any = None


class Numbered(Model):
    def __call__(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = np.tanh(x)
        return x


class AllButTheLast(Model):
    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = np.maximum(layer(x), 0.1)
        return self.layers[-1](x)


class ReadAfterwards(Model):
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x * np.sum(layer.weight)


class Left(Model):
    def __call__(self, x):
        for layer in self.layers:
            if x.shape[1] == 4:
                break
            x = layer(x)
        else:
            x = x * 2
        return x


class Branched(Model):
    def __call__(self, x):
        for layer in self.layers:
            if np.sum(x) > 0:
                x = layer(x)
            else:
                x = layer(-x) * 2
        return x


class Scaled(Model):
    def __call__(self, x):
        for layer, scale in zip(self.layers, self.more):
            x = layer(x) * scale
        return x


class Named(Model):
    def __call__(self, x):
        for name, layer in self.layers.items():
            x = layer(x) if name != "b" else np.tanh(layer(x))
        for layer in self.layers.values():
            x = x + np.sum(layer.bias) + np.sum(layer.weight)
        return x


class Backwards(Model):
    def __call__(self, x):
        for layer in reversed(self.layers):
            x = layer(x)
        return x


class Nested(Model):
    def __call__(self, x):
        for block in self.layers:
            y = x
            for layer in block:
                y = np.tanh(layer(y))
            x = x + y
        return x


class Together(Model):
    def __call__(self, x):
        return sum(layer(x) for layer in self.layers) + sum(
            [np.tanh(layer(x)) for layer in self.layers])


class OfTwoClasses(Model):
    def __call__(self, x):
        for layer in self.layers:
            if isinstance(layer, nn.Dense):
                x = layer(x)
            else:
                x = x * layer
        return x


class Starred(Model):
    def scaled(self, a, b, *c):
        return a * b + sum(c)

    def __call__(self, x):
        args = (x, x * 2, x ** 2)
        return self.scaled(*args) + self.scaled(*args[:2], *args) + nn.sequenced(
            x, *self.layers[1:], self.layers[0])


class Kept(Model):
    """It writes what it walks over, and itself, so that nothing of it is known for good."""

    def __call__(self, x):
        layers = list(self.layers)
        layers.append(self.layers[0])
        for layer in layers:
            x = layer(x)
            self.more = x
        return x + np.sum(self.more)


class Optional(Model):
    def __call__(self, x):
        if self.flag:
            x = np.sin(x)
        if not self.flag:
            x = x ** 2
        return x * self.more if self.more is not None else x * 2


SHARED = dense(3, 3)
MODELS = [
    Numbered(three()), Numbered(tuple(three())), Numbered([SHARED, SHARED, dense(3, 2)]),
    AllButTheLast(three()), ReadAfterwards(three()), Left(three()), Branched(three()),
    Scaled(three(), True, [1.5, 2.5]), Named(dict(zip("abc", three()))), Backwards(three()[::-1]),
    Nested([[dense(3, 4), dense(4, 3)], [dense(3, 3)]]), Together([dense(3, 2), dense(3, 2, 1)]),
    OfTwoClasses([dense(3, 4), 2.5, dense(4, 2)]), Starred([dense(3, 3), np.sin]),
    Kept([dense(3, 3), dense(3, 3, 1)]), nn.Sequential(three()), nn.Sequential((np.sin, SHARED)),
    Optional((), True, X + 1), Optional((), False, X + 1),
]


def loss(model, x):
    return np.sum(model(x) ** 2)


def along(model, x, tangent):
    """The slope of the loss in a direction, by central differences."""
    step = sd.TangentVector(tangent) * 1e-6
    return (loss(sd.move(model, along=step), x) - loss(sd.move(model, along=-step), x)) / 2e-6


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_a_model_that_walks_over_its_layers_has_its_gradient_both_ways(model):
    _, gradient = sd.value_and_grad(loss)(model, X)
    x_bar = sd.grad(loss, wrt=1)(model, X)
    for seed in range(2):
        random = np.random.default_rng(seed)
        tangent = sd.tangent_map(lambda z: random.normal(size=np.shape(z)) if np.ndim(z) else
                                 float(random.normal()), sd.zero_tangent(model))
        expected = along(model, X, tangent)
        assert sd.TangentVector(gradient) @ sd.TangentVector(tangent) == pytest.approx(
            expected, rel=1e-6, abs=1e-6)
        assert sd.jvp(lambda m: loss(m, X), (model,), (tangent,))[1] == pytest.approx(
            expected, rel=1e-6, abs=1e-6)
    v = np.random.default_rng(3).normal(size=X.shape)
    slope = (loss(model, X + 1e-6 * v) - loss(model, X - 1e-6 * v)) / 2e-6
    assert np.sum(x_bar * v) == pytest.approx(slope, rel=1e-6, abs=1e-6)


@dataclass(eq=False)
class Replaced(Model):
    def __call__(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i == 0:
                self.layers[1] = self.layers[0]
        return x


def test_a_layer_that_is_replaced_while_the_list_is_walked_over_is_seen():
    first, second = dense(3, 3), dense(3, 3, 1)
    gradient = sd.grad(loss)(Replaced([first, second]), X)
    twice = sd.grad(lambda layer: loss(lambda x: layer(layer(x)), X))(first)
    np.testing.assert_allclose(gradient.layers[0].weight, twice.weight)


def test_a_flag_that_is_turned_or_is_no_bool_any_more_is_asked_anew():
    model = Optional((), True)
    for flag, slope in ((True, np.sin(2 * X) * 4), (False, 16 * X ** 3), (1, np.sin(2 * X) * 4),
                        (np.bool_(False), 16 * X ** 3), (None, 16 * X ** 3)):
        model.flag = flag
        np.testing.assert_allclose(sd.grad(loss, wrt=1)(model, X), slope)


@dataclass(eq=False)
class Counted:
    on: bool
    w: float

    def __call__(self, x):
        return x * self.on * self.w + self.on


@pytest.mark.parametrize("on", [True, False])
def test_a_flag_may_be_counted_with(on):
    gradient = sd.grad(loss)(Counted(on, 2.0), X)
    assert gradient.w == pytest.approx(2 * np.sum((X * on * 2.0 + on) * X * on))
