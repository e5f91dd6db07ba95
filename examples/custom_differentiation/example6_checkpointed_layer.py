"""Example 6: checkpointing a layer.

`ActivationDiscarding` is a layer of one's own, made with example 5's five lines: it keeps its
input, and applies the layer that it wraps once more on the way back.  Memory is paid for with time,
and the gradient is the same to the bit.
"""

from dataclasses import dataclass

import numpy as np

import s2sdiff as sd
from s2sdiff import nn


def recomputed_in_gradient(original):
    def with_pullback(layer, x):
        return original(layer, x), lambda v: sd.vjp(original, layer, x)[1](v)

    return sd.differentiable_function(with_pullback)


@recomputed_in_gradient
def recomputed(layer, x):
    print(f"  Applying {type(layer).__name__} layer...")
    return layer(x)


@dataclass(eq=False)
class ActivationDiscarding(nn.Layer):
    wrapped: nn.Layer

    def __call__(self, x):
        return recomputed(self.wrapped, x)


class Conv2D(nn.Conv2D):
    """A convolution that discards its activations as this file does it."""

    def discarding_activations(self):
        return ActivationDiscarding(self)


@dataclass(eq=False)
class Model(nn.Layer):
    conv: nn.Layer
    max_pool: nn.MaxPool2D
    flatten: nn.Flatten
    dense: nn.Dense

    def __call__(self, x):
        return nn.sequenced(x, self.conv, self.max_pool, self.flatten, self.dense)


def made(generator):
    return Model(
        Conv2D((5, 5, 3, 6), generator=generator).discarding_activations(),
        nn.MaxPool2D((2, 2), strides=(2, 2)),
        nn.Flatten(),
        nn.Dense(36 * 6, 10, generator=generator),
    )


def data(generator):
    """Images that show nothing, one for each label."""
    return generator.normal(size=(10, 16, 16, 3)).astype(np.float32), np.arange(10)


def train(model, x, labels, steps=5):
    optimiser = nn.SGD()
    for i in range(1, steps + 1):
        print(f"Starting training step {i}")
        print("  Running original computation...")
        logits, backprop = model.applied_for_backpropagation(x)
        loss, dlogits = sd.value_and_grad(nn.softmax_cross_entropy)(logits, labels)
        print(f"  Loss: {loss}")
        print("  Running backpropagation...")
        gradient, _ = backprop(dlogits)
        model = optimiser.update(model, along=gradient)
    return model


def main():
    generator = np.random.default_rng(0)
    train(made(generator), *data(generator))


if __name__ == "__main__":
    main()
