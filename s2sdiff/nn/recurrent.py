"""Cells that go from step to step, and the layer that runs one along an axis of time.

A cell takes `(x, state)` and returns `(output, state)`, with x of shape (batch, inputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.nn import checks
from s2sdiff.nn.activations import sigmoid
from s2sdiff.nn.initialisers import Initialiser, glorot_uniform, orthogonal, zeros
from s2sdiff.nn.layer import Layer

__all__ = ["GRUCell", "LSTMCell", "RNNCell", "Recurrent"]


@dataclass(eq=False)
class RNNCell(Layer):
    """tanh(x @ input_weight + h @ hidden_weight + bias), which is output and state.

    Parameters
    ----------
    inputs, hidden : numbers of features
    generator : numpy.random.Generator that the weights are drawn from

    Attributes
    ----------
    input_weight : (inputs, hidden)
    hidden_weight : (hidden, hidden)
    bias : (hidden,)
    """

    input_weight: np.ndarray
    hidden_weight: np.ndarray
    bias: np.ndarray

    def __init__(self, inputs: int, hidden: int, *, generator: np.random.Generator,
                 input_initialiser: Initialiser = glorot_uniform,
                 hidden_initialiser: Initialiser = orthogonal, dtype: Any = np.float32) -> None:
        checks.sizes("RNNCell", "(inputs, hidden)", (inputs, hidden), "inputs, hidden")
        self.input_weight = input_initialiser((inputs, hidden), generator, dtype)
        self.hidden_weight = hidden_initialiser((hidden, hidden), generator, dtype)
        self.bias = zeros((hidden,), generator, dtype)

    def initial_state(self, batch: int) -> Any:
        return np.zeros((batch, len(self.hidden_weight)), self.hidden_weight.dtype)

    def __call__(self, x: Any, state: Any) -> tuple[Any, Any]:
        checks.features("RNNCell", np.shape(x), self.input_weight.shape[0])
        h = np.tanh(x @ self.input_weight + state @ self.hidden_weight + self.bias)
        return h, h


@dataclass(eq=False)
class LSTMCell(Layer):
    """A cell with a memory: Hochreiter and Schmidhuber, https://doi.org/10.1162/neco.1997.9.8.1735.

    The gates are, in this order, input, forget, candidate and output; the state is (h, memory).

    Parameters
    ----------
    inputs, hidden : numbers of features
    generator : numpy.random.Generator that the weights are drawn from
    forget_bias : at first; 1 lets the memory last at first (https://proceedings.mlr.press/v37/jozefowicz15.html)

    Attributes
    ----------
    input_weight : (inputs, 4 hidden)
    hidden_weight : (hidden, 4 hidden)
    bias : (4 hidden,)
    """

    input_weight: np.ndarray
    hidden_weight: np.ndarray
    bias: np.ndarray

    def __init__(self, inputs: int, hidden: int, *, generator: np.random.Generator,
                 input_initialiser: Initialiser = glorot_uniform,
                 hidden_initialiser: Initialiser = orthogonal, forget_bias: float = 1.0,
                 dtype: Any = np.float32) -> None:
        checks.sizes("LSTMCell", "(inputs, hidden)", (inputs, hidden), "inputs, hidden")
        self.input_weight = gates(4, (inputs, hidden), input_initialiser, generator, dtype)
        self.hidden_weight = gates(4, (hidden, hidden), hidden_initialiser, generator, dtype)
        self.bias = zeros((4 * hidden,), generator, dtype)
        self.bias[hidden : 2 * hidden] = forget_bias

    def initial_state(self, batch: int) -> Any:
        zero = np.zeros((batch, len(self.hidden_weight)), self.hidden_weight.dtype)
        return zero, zero

    def __call__(self, x: Any, state: Any) -> tuple[Any, Any]:
        checks.features("LSTMCell", np.shape(x), self.input_weight.shape[0])
        h, memory = state
        z = x @ self.input_weight + h @ self.hidden_weight + self.bias
        n = self.hidden_weight.shape[0]
        taken, kept, shown = sigmoid(z[:, :n]), sigmoid(z[:, n : 2 * n]), sigmoid(z[:, 3 * n :])
        memory = kept * memory + taken * np.tanh(z[:, 2 * n : 3 * n])
        h = shown * np.tanh(memory)
        return h, (h, memory)


@dataclass(eq=False)
class GRUCell(Layer):
    """A gated cell without a memory of its own: Cho et al., https://arxiv.org/abs/1406.1078.

    The gates are reset, update and candidate; the reset acts on the product with the hidden weight.

    Parameters
    ----------
    inputs, hidden : numbers of features
    generator : numpy.random.Generator that the weights are drawn from

    Attributes
    ----------
    input_weight : (inputs, 3 hidden)
    hidden_weight : (hidden, 3 hidden)
    input_bias, hidden_bias : (3 hidden,)
    """

    input_weight: np.ndarray
    hidden_weight: np.ndarray
    input_bias: np.ndarray
    hidden_bias: np.ndarray

    def __init__(self, inputs: int, hidden: int, *, generator: np.random.Generator,
                 input_initialiser: Initialiser = glorot_uniform,
                 hidden_initialiser: Initialiser = orthogonal, dtype: Any = np.float32) -> None:
        checks.sizes("GRUCell", "(inputs, hidden)", (inputs, hidden), "inputs, hidden")
        self.input_weight = gates(3, (inputs, hidden), input_initialiser, generator, dtype)
        self.hidden_weight = gates(3, (hidden, hidden), hidden_initialiser, generator, dtype)
        self.input_bias = zeros((3 * hidden,), generator, dtype)
        self.hidden_bias = zeros((3 * hidden,), generator, dtype)

    def initial_state(self, batch: int) -> Any:
        return np.zeros((batch, len(self.hidden_weight)), self.hidden_weight.dtype)

    def __call__(self, x: Any, state: Any) -> tuple[Any, Any]:
        checks.features("GRUCell", np.shape(x), self.input_weight.shape[0])
        n = self.hidden_weight.shape[0]
        from_x = x @ self.input_weight + self.input_bias
        from_h = state @ self.hidden_weight + self.hidden_bias
        reset = sigmoid(from_x[:, :n] + from_h[:, :n])
        update = sigmoid(from_x[:, n : 2 * n] + from_h[:, n : 2 * n])
        candidate = np.tanh(from_x[:, 2 * n :] + reset * from_h[:, 2 * n :])
        h = (1 - update) * candidate + update * state
        return h, h


def gates(count: int, shape: tuple[int, int], initialiser: Initialiser,
          generator: np.random.Generator, dtype: Any) -> np.ndarray:
    """The weights of several gates side by side, each drawn by itself."""
    return np.concatenate([initialiser(shape, generator, dtype) for _ in range(count)], axis=1)


@dataclass(eq=False)
class Recurrent(Layer):
    """Runs a cell along the axis of time, (batch, time, inputs) to (batch, time, hidden).

    Examples
    --------
    >>> layer = Recurrent(LSTMCell(3, 8, generator=np.random.default_rng(0)))
    >>> layer(np.ones((2, 5, 3), np.float32)).shape
    (2, 5, 8)
    """

    cell: Any

    def __call__(self, x: Any) -> Any:
        checks.rank("Recurrent", "x", np.shape(x), "batch, time, features")
        outputs, _ = self.run(x, self.cell.initial_state(np.shape(x)[0]))
        return outputs

    def run(self, x: Any, state: Any) -> tuple[Any, Any]:
        """The outputs from this state on, and the state at the end."""
        outputs = []
        for t in range(np.shape(x)[1]):
            output, state = self.cell(x[:, t], state)
            outputs.append(output)
        return np.stack(outputs, axis=1), state
