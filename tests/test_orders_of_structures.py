"""Products with Hessians in objects and lists of layers, whose arrays become arguments."""

from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.together import flat

GENERATOR = np.random.default_rng(1)
X, Y = GENERATOR.standard_normal((5, 3)), GENERATOR.standard_normal((5, 2))


@dataclass
class Dense:
    w: np.ndarray
    b: np.ndarray

    def __call__(self, x):
        return x @ self.w + self.b


@dataclass
class Stack:
    layers: list
    scale: float = 1.5
    name: str = "stack"
    frozen: float = sd.field(differentiable=False, default=2.0)

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = np.tanh(layer(x))
        return self.layers[-1](x) * self.scale + self.frozen


class Doubled:
    """`twice` is computed of `w` when it is read."""

    def __init__(self, w):
        self.w = w

    @property
    def twice(self):
        return 2.0 * self.w


def layers(kind):
    sizes = [(3, 4), (4, 4), (4, 2)]
    return [kind(GENERATOR.standard_normal(s) / 2, GENERATOR.standard_normal(s[1:])) for s in sizes]


def loss(model, x=X, y=Y):
    return np.mean((model(x) - y) ** 2)


def of_tuples(parameters, x=X, y=Y):
    for w, b in parameters[:-1]:
        x = np.tanh(x @ w + b)
    w, b = parameters[-1]
    return np.mean((x @ w + b - y) ** 2)


def of_dicts(parameters, x=X, y=Y):
    for layer in parameters:
        x = np.tanh(x @ layer["w"] + layer["b"])
    return np.mean((x - y) ** 2)


def backwards(parameters, x=X):
    total = 0.0
    for w, b in parameters[::-2]:
        total += np.sum(np.sin(w)) * np.sum(b ** 3)
    return total


def of_property(model):
    return np.sum(model.twice ** 3)


def in_branches(model):
    if hasattr(model, "extra"):
        return np.sum(model.extra)
    return np.sum(np.sin(model.w) * model.w)


CASES = {
    "a dataclass": (loss, Stack(layers(Dense))),
    "tuples": (of_tuples, layers(lambda w, b: (w, b))),
    "dicts": (of_dicts, layers(lambda w, b: {"w": w, "b": b})),
    "a slice with a step": (backwards, layers(lambda w, b: (w, b))),
    "a property": (of_property, Doubled(np.array([0.5, 1.0]))),
    "a branch": (in_branches, Doubled(np.array([0.5, 1.0]))),
    "a captured x": ((lambda x: lambda m: loss(m, x, Y))(X), Stack(layers(Dense))),
}


@pytest.mark.parametrize("name", CASES)
def test_products_agree_with_differences_of_gradients(name):
    f, model = CASES[name]
    d = sd.TangentVector(sd.grad(f)(model))
    step = 1e-5
    ends = [flat(sd.grad(f)(sd.move(model, along=h * d))) for h in (step, -step)]
    wanted = (ends[0] - ends[1]) / (2 * step)
    for _ in range(2):
        found = sd.hvp(f, (model,), (d.value,))
        assert type(found) is type(model)
        np.testing.assert_allclose(flat(found), wanted, rtol=1e-5, atol=1e-8)


def test_a_loop_over_a_slice_of_layers_is_written_out():
    text = sd.source(of_tuples, "grad", args=(layers(lambda w, b: (w, b)),))
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "saved" not in code and ":-1]" not in code


def test_arrays_that_are_one_have_one_product():
    w = np.array([0.3, 0.7])

    def tied(model):
        return np.sum(np.sin(model["a"]) * model["b"])

    found = sd.hvp(tied, ({"a": w, "b": w.copy()},), ({"a": w, "b": w},))
    np.testing.assert_allclose(found["a"], -np.sin(w) * w * w + np.cos(w) * w)

    @dataclass
    class Two:
        first: Dense
        second: Dense

    layer = Dense(w, np.ones(2))
    tangent = Dense(np.ones(2), np.zeros(2))

    def both(model):
        return np.sum(np.sin(model.first.w) * model.second.w)

    found = sd.hvp(both, (Two(layer, layer),), (Two(tangent, tangent),))
    np.testing.assert_allclose(found.first.w, 2 * np.cos(w) - w * np.sin(w))
    assert found.first is found.second


def test_what_is_written_into_an_object_is_followed():
    def written(model):
        model.w = np.sin(model.w)
        return np.sum(model.w ** 2)

    w = np.array([0.3, 0.7])
    found = sd.hvp(written, (Doubled(w),), (Doubled(np.ones(2)),))
    np.testing.assert_allclose(found.w, 2 * np.cos(2 * w))


def test_what_does_not_move_is_none_in_the_product():
    found = sd.hvp(loss, (Stack(layers(Dense)),), (sd.zero_tangent(Stack(layers(Dense))),))
    assert found.name is None and found.frozen is None


def test_one_item_of_a_zero_tangent():
    def f(p):
        return np.sum(p["a"] * 2 + sd.zero_tangent(p)["a"]) * p["b"]

    found = sd.grad(f)({"a": np.array([0.3, 0.5]), "b": 0.7})
    assert found["b"] == pytest.approx(1.6)
    np.testing.assert_allclose(found["a"], [1.4, 1.4])
