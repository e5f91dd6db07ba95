"""Attention: means of values, weighed by how well their keys fit a query."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.activations import softmax
from s2sdiff.nn.initialisers import Initialiser, glorot_uniform, zeros
from s2sdiff.nn.layer import Layer

__all__ = ["MultiHeadAttention", "dot_product_attention"]


def dot_product_attention(query: Any, key: Any, value: Any, mask: Any = None) -> Any:
    """softmax(query keyᵀ / sqrt(features)) value: Vaswani et al., https://arxiv.org/abs/1706.03762.

    Parameters
    ----------
    query : (…, queries, features)
    key : (…, keys, features)
    value : (…, keys, values)
    mask : bool array that broadcasts to (…, queries, keys): which keys a query may look at, one at
        least; all where None

    Returns
    -------
    Array (…, queries, values).

    Examples
    --------
    >>> key = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> dot_product_attention(1000.0 * key, key, np.array([[1.0], [2.0]]))
    array([[1.],
           [2.]])
    """
    scores = query @ np.swapaxes(key, -1, -2) / math.sqrt(np.shape(query)[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    return softmax(scores) @ value


@dataclass(eq=False)
class MultiHeadAttention(Layer):
    """Attention in several subspaces at once, of a sequence to itself or to another.

    Parameters
    ----------
    features : of the sequences (batch, time, features); a multiple of the heads
    heads : number of subspaces
    causal : nobody looks at what comes later
    generator : numpy.random.Generator that the weights are drawn from

    Attributes
    ----------
    query_weight, key_weight, value_weight, output_weight : (features, features)
    query_bias, key_bias, value_bias, output_bias : (features,)

    Examples
    --------
    >>> layer = MultiHeadAttention(8, 2, generator=np.random.default_rng(0))
    >>> layer(np.ones((3, 5, 8), np.float32)).shape
    (3, 5, 8)
    """

    query_weight: np.ndarray
    key_weight: np.ndarray
    value_weight: np.ndarray
    output_weight: np.ndarray
    query_bias: np.ndarray
    key_bias: np.ndarray
    value_bias: np.ndarray
    output_bias: np.ndarray
    heads: int = sd.field(differentiable=False)
    causal: bool = sd.field(differentiable=False)

    def __init__(self, features: int, heads: int, *, causal: bool = False,
                 generator: np.random.Generator, initialiser: Initialiser = glorot_uniform,
                 dtype: Any = np.float32) -> None:
        checks.sizes("MultiHeadAttention", "(features, heads)", (features, heads),
                     "features, heads")
        if features % heads:
            raise ValueError(
                f"MultiHeadAttention: features is {features} and heads is {heads}. Instead, pass "
                "a multiple of the heads."
            )
        for role in ("query", "key", "value", "output"):
            weight = initialiser((features, features), generator, dtype)
            setattr(self, f"{role}_weight", weight)
            setattr(self, f"{role}_bias", zeros((features,), generator, dtype))
        self.heads = heads
        self.causal = causal

    def __call__(self, x: Any, memory: Any = None, mask: Any = None) -> Any:
        """`x` looks at itself, or at `memory` where that is given, where `mask` lets it."""
        checks.rank("MultiHeadAttention", "x", np.shape(x), "batch, time, features")
        checks.features("MultiHeadAttention", np.shape(x), self.query_weight.shape[0])
        if memory is None:
            memory = x
        query = split(x @ self.query_weight + self.query_bias, self.heads)
        key = split(memory @ self.key_weight + self.key_bias, self.heads)
        value = split(memory @ self.value_weight + self.value_bias, self.heads)
        if self.causal:
            earlier = np.tri(np.shape(x)[1], np.shape(memory)[1], dtype=bool)
            mask = earlier if mask is None else mask & earlier
        found = dot_product_attention(query, key, value, mask)
        merged = np.reshape(np.swapaxes(found, 1, 2), np.shape(x))
        return merged @ self.output_weight + self.output_bias


def split(x: Any, heads: int) -> Any:
    """(batch, time, features) as (batch, heads, time, features of a head)."""
    batch, time, features = np.shape(x)
    return np.swapaxes(np.reshape(x, (batch, time, heads, features // heads)), 1, 2)
