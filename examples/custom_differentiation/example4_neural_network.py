"""Example 4: surgery in a neural network.

A network of two layers learns exclusive or.  `with_derivative` looks at the cotangents of the
prediction and of the first layer's output in each step, without a change to the layers.  The start
is the tutorial's, and so is every number that is printed.
"""

from dataclasses import dataclass

import numpy as np

import s2sdiff as sd
from s2sdiff import nn

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
Y = np.array([0, 1, 1, 0], np.float32)

W1 = np.array([
    [.22361562, .69921625, .10107975, .21025331, .33363408, -.5, .30567104, -.5, -.5, -.5],
    [-.5, .36636233, -.5, .014809394, -.08625317, -.5, .107223384, -.5, .16573174, -.5],
], np.float32)
W2 = np.array([
    [.21614777], [.36945933], [.3615411], [.368926], [-.6740197],
    [.37160093], [-.40759772], [.07821429], [-.60358757], [-.13001484],
], np.float32)


def show(name):
    """A hook that prints the cotangent, and leaves it as it is."""

    def hook(v):
        print(f"{name} =\n{v}")

    return hook


@dataclass(eq=False)
class Classifier(nn.Layer):
    layer1: nn.Dense
    layer2: nn.Dense

    def __call__(self, x):
        hidden = sd.with_derivative(self.layer1(x), show("dL/dlayer1"))
        return self.layer2(hidden)


def made():
    generator = np.random.default_rng(0)
    model = Classifier(
        nn.Dense(2, 10, nn.relu, generator=generator),
        nn.Dense(10, 1, nn.relu, generator=generator),
    )
    model.layer1.weight, model.layer2.weight = W1, W2
    return model


def loss(model, x, y):
    prediction = sd.with_derivative(model(x), show("dL/dŷ"))
    # The prediction is (4, 1) and y is (4,), so that the mean is over (4, 4), as in the tutorial.
    value = np.mean((prediction - y) ** 2)
    print("Loss:", value)
    return value


def train(model, steps=10):
    optimiser = nn.SGD(learning_rate=0.02)
    for _ in range(steps):
        gradient = sd.grad(loss)(model, X, Y)
        model = optimiser.update(model, along=gradient)
    return model


def main():
    train(made())


if __name__ == "__main__":
    main()
