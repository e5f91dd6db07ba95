"""Layers of features: dense, embedding, dropout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.activations import identity
from s2sdiff.nn.initialisers import Initialiser, glorot_uniform, normal, zeros
from s2sdiff.nn.layer import Layer
from s2sdiff.nn.selecting import selected

__all__ = ["Dense", "Dropout", "Embedding", "dropout"]


@dataclass(eq=False)
class Dense(Layer):
    """activation(x @ weight + bias).

    Parameters
    ----------
    inputs, outputs : numbers of features
    activation : function of an array
    generator : numpy.random.Generator that the weight is drawn from
    weight_initialiser, bias_initialiser : functions of (shape, generator, dtype)
    dtype : of the parameters

    Attributes
    ----------
    weight : (inputs, outputs)
    bias : (outputs,)

    Examples
    --------
    >>> layer = Dense(2, 10, generator=np.random.default_rng(0))
    >>> layer(np.ones((4, 2), np.float32)).shape
    (4, 10)
    """

    weight: np.ndarray
    bias: np.ndarray
    activation: Callable[[Any], Any]

    def __init__(self, inputs: int, outputs: int, activation: Callable[[Any], Any] = identity, *,
                 generator: np.random.Generator,
                 weight_initialiser: Initialiser = glorot_uniform,
                 bias_initialiser: Initialiser = zeros, dtype: Any = np.float32) -> None:
        checks.sizes("Dense", "(inputs, outputs)", (inputs, outputs), "inputs, outputs")
        self.weight = weight_initialiser((inputs, outputs), generator, dtype)
        self.bias = bias_initialiser((outputs,), generator, dtype)
        self.activation = activation

    def __call__(self, x: Any) -> Any:
        checks.features("Dense", np.shape(x), self.weight.shape[0])
        return self.activation(x @ self.weight + self.bias)


@dataclass(eq=False)
class Embedding(Layer):
    """Rows of a table, by number.

    Parameters
    ----------
    count : of the rows
    features : in a row
    generator : numpy.random.Generator that the table is drawn from

    Attributes
    ----------
    table : (count, features)

    Examples
    --------
    >>> Embedding(100, 16, generator=np.random.default_rng(0))(np.array([[3, 5], [7, 3]])).shape
    (2, 2, 16)
    """

    table: np.ndarray

    def __init__(self, count: int, features: int, *, generator: np.random.Generator,
                 initialiser: Initialiser = normal(0.05), dtype: Any = np.float32) -> None:
        checks.sizes("Embedding", "(count, features)", (count, features), "count, features")
        self.table = initialiser((count, features), generator, dtype)

    def __call__(self, indices: Any) -> Any:
        return self.table[checks.indices("Embedding", indices, self.table.shape[0])]


def dropout(x: Any, rate: float, generator: np.random.Generator) -> Any:
    """Each element divided by 1 - rate, or zero with the probability `rate`.

    >>> dropout(np.ones(4), 0.5, np.random.default_rng(0))
    array([2., 0., 0., 0.])
    """
    return dropout_derivative(x, rate, generator)[0]


@sd.derivative(of=dropout, wrt="x")
def dropout_derivative(x, rate, generator):
    if not rate:
        return x, lambda v: v
    kept = generator.random(np.shape(x)) >= rate

    def thinned(y):
        return selected(y / (1 - rate), kept)

    return thinned(x), thinned


@dataclass(eq=False)
class Dropout(Layer):
    """`dropout` while the model is trained.

    Srivastava et al., https://jmlr.org/papers/v15/srivastava14a.html.  `inference(model)` gives the
    model in which nothing is dropped.

    Parameters
    ----------
    rate : probability that an element is dropped, from 0 to below 1
    generator : numpy.random.Generator; each call draws from it

    Examples
    --------
    >>> dropout = Dropout(0.5, generator=np.random.default_rng(0))
    >>> dropout(np.ones(4))
    array([2., 0., 0., 0.])
    """

    generator: np.random.Generator
    rate: float = sd.field(differentiable=False)
    training: bool = sd.field(differentiable=False)

    def __init__(self, rate: float, *, generator: np.random.Generator) -> None:
        checks.in_range("rate", rate, 0.0, 1.0)
        self.rate = rate
        self.generator = checks.generator_of(generator)
        self.training = True

    def __call__(self, x: Any) -> Any:
        return dropout(x, self.rate * self.training, self.generator)
