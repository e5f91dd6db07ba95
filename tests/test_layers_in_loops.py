"""Loops over layers, functions and parameters: right, and the text of code that is written out."""

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


# ------------------------------------------------------------------------------------- texts


def of(model, *args):
    return sd.source(lambda model, *args: np.mean(model(*args) ** 2), "grad", args=(model, *args))


def products(text):
    return sum(line.count(" @ ") for line in text.split("\n") if "#" not in line)


@pytest.mark.parametrize("layers", [tuple(three()), three()], ids=["tuple", "list"])
def test_layers_in_a_row_are_plain_text(layers):
    text = of(nn.Sequential(layers), X)
    assert "rt.call" not in text
    assert "_pullback" not in text
    assert products(text) == 3 + 5  # one forwards and two back, less the input's


def test_more_layers_than_a_dozen_are_plain_text_too():
    text = of(nn.Sequential([dense(3, 3, i) for i in range(20)]), X)
    assert products(text) == 20 + 39


def cells():
    keys = {"generator": np.random.default_rng(0), "dtype": float}
    return [nn.RNNCell(3, 4, **keys), nn.LSTMCell(3, 4, **keys), nn.GRUCell(3, 4, **keys)]


@pytest.mark.parametrize("cell", cells(), ids=lambda c: type(c).__name__)
def test_a_recurrent_layer_goes_by_values(cell):
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    layer = nn.Recurrent(cell)
    for text in (of(layer, x), sd.source(nn.Recurrent.run, "vjp", args=(
            layer, x, cell.initial_state(2)))):
        assert "by_place" not in text
        assert "rt.call(" not in text


def steps(p, x, n):
    for _ in range(n):
        x = np.tanh(x @ p["W"]) + p["b"]["c"]
    return np.sum(x)


def test_parameters_are_read_before_the_loop_and_copied_once():
    p = {"W": np.eye(3) / 2, "b": {"c": np.ones(3)}}
    text = sd.source(steps, "vjp", args=(p, X, 3))
    loop = text.index("for _ in")
    assert text.index("p['W']") < loop
    assert text.count("rt.copy(p_W)") == 1
    assert text.index("rt.copy(p_W)") < loop
    assert "p_W_bar +=" in text
    for n in (0, 1, 3):
        gradient = sd.grad(steps)(p, X, n)
        for path, h in ((("W",), np.eye(3)), (("b", "c"), np.ones(3))):
            def moved(s):
                W, c = p["W"], p["b"]["c"]
                return steps({"W": W + s * h if path == ("W",) else W,
                              "b": {"c": c + s * h if path != ("W",) else c}}, X, n)

            found = gradient["W"] if path == ("W",) else gradient["b"]["c"]
            expected = (moved(1e-6) - moved(-1e-6)) / 2e-6
            assert np.sum(found * h) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_pullback_stands_at_the_point_of_the_call():
    p, x = {"W": np.eye(3) / 2, "b": {"c": np.ones(3)}}, X.copy()
    expected = sd.grad(steps)(p, x, 3)["W"]
    _, pullback = sd.vjp(steps, p, x, 3)
    p["W"][:] = 7.0
    x[:] = 0.0
    np.testing.assert_allclose(pullback(1.0)[0]["W"], expected)


def through_cell(model, x):
    return np.sum(model.run(x, model.cell.initial_state(len(x)))[0])


def test_text_with_methods_runs_as_printed():
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    model = nn.Recurrent(cells()[1])
    text = sd.source(through_cell, "grad", args=(model, x))
    assert "rt.derived(Recurrent.run" in text
    space = dict(globals())
    exec(text, space)
    found, expected = space["through_cell_grad"](model, x), sd.grad(through_cell)(model, x)
    np.testing.assert_array_equal(found.cell.bias, expected.cell.bias)
