"""Text of an object that may hold active values: a word without a digit says nothing of them."""

import numpy as np
import pytest

import s2sdiff as sd


class Tanh:
    def __str__(self):
        return "tanh"

    def __call__(self, z):
        return np.tanh(z)


class Affine:
    def __init__(self, slope):
        self.slope = slope

    def __str__(self):
        return f"Affine({self.slope})"

    def __call__(self, z):
        return z * self.slope


class Initialiser:
    """As in numpy-ml: it is told by the name of what follows."""

    def __init__(self, name, mode="uniform"):
        if mode not in ("uniform", "normal"):
            raise ValueError(f"unknown mode: {mode}")
        self.name, self.mode = name, mode
        self.gain = self.find_gain()
        self.fill = {"uniform": np.full, "normal": np.zeros}[mode]

    def find_gain(self):
        gain = 1.0
        if self.name == "tanh":
            gain = 5.0 / 3.0
        elif self.name.startswith("Affine"):
            gain = float(self.name[7:-1])
        return gain

    def __call__(self, shape):
        return self.fill(shape, 0.5 * self.gain)


MAKERS = {"plain": Initialiser}


class Layer:
    def __init__(self, act, units):
        self.act, self.units, self.seen, self.weights = act, units, [], {}

    def prepare(self):
        initialised = MAKERS["plain"](str(self.act), mode="uniform")
        self.weights = {"w": initialised((2, self.units)), "b": 0.1}

    def forward(self, x):
        if not self.weights:
            self.prepare()
        self.seen.append(x)
        y = self.act(x @ self.weights["w"] + self.weights["b"])
        self.seen.append(y)
        return y


LAYERS = {"tanh": Tanh, "affine": lambda: Affine(0.5)}


def by_a_word(x, name):
    layer = [Layer(LAYERS[name](), 3)][0]
    return np.sum(layer.forward(x) ** 2)


def by_a_number(x):
    layer = [Layer(Affine(x[0] * x[1]), 3)][0]
    return np.sum(layer.forward(x))


def test_a_word_is_handed_on():
    x = np.array([0.4, -0.7])
    slopes = [(by_a_word(x + 1e-6 * e, "tanh") - by_a_word(x - 1e-6 * e, "tanh")) / 2e-6
              for e in np.eye(2)]
    _, pullback = sd.vjp(by_a_word, x, "tanh")
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0)[0], slopes, rtol=1e-6)
    dot = sd.jvp(by_a_word, (x, "tanh"), (np.array([0.3, 1.1]), None))[1]
    np.testing.assert_allclose(dot, np.dot(slopes, [0.3, 1.1]), rtol=1e-6)


@pytest.mark.parametrize("way", [
    lambda x: sd.vjp(by_a_number, x), lambda x: sd.jvp(by_a_number, (x,), (x,))],
    ids=["reverse", "forward"])
def test_a_number_in_it_is_refused(way):
    with pytest.raises(sd.UnsupportedError, match="text .*read back into the result. Instead, "):
        way(np.array([0.4, -0.7]))
