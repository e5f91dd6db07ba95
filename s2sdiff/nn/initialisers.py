"""Initial values of parameters, drawn from a `numpy.random.Generator` that is handed over.

Each takes `(shape, generator, dtype)`.  The fans of a weight (…, in, out) are its last two lengths,
each times the receptive field, the product of those before: Glorot and Bengio,
https://proceedings.mlr.press/v9/glorot10a.html; He et al., https://arxiv.org/abs/1502.01852.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.nn.checks import floating, generator_of

__all__ = [
    "Initialiser", "fans", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "normal",
    "ones", "orthogonal", "zeros",
]

Initialiser = Callable[[tuple[int, ...], np.random.Generator, Any], np.ndarray]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many inputs an output of the weight has, and how many outputs an input has.

    >>> fans((5, 5, 3, 6))
    (75, 150)
    """
    if len(shape) < 2:
        raise ValueError(
            f"a weight of shape {tuple(shape)} has no fans. Instead, give it a shape (…, in, out)."
        )
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


def _uniform(limit: float, shape: tuple[int, ...], generator: np.random.Generator,
             dtype: Any) -> np.ndarray:
    return generator_of(generator).uniform(-limit, limit, shape).astype(floating(dtype))


def _normal(deviation: float, shape: tuple[int, ...], generator: np.random.Generator,
            dtype: Any) -> np.ndarray:
    return generator_of(generator).normal(0.0, deviation, shape).astype(floating(dtype))


def glorot_uniform(shape: tuple[int, ...], generator: np.random.Generator,
                   dtype: Any = np.float32) -> np.ndarray:
    """Uniform within ±sqrt(6 / (fan_in + fan_out)).

    >>> weight = glorot_uniform((2, 10), np.random.default_rng(0))
    >>> weight.dtype, bool(abs(weight).max() <= 0.5 ** 0.5)
    (dtype('float32'), True)
    """
    return _uniform(math.sqrt(6 / sum(fans(shape))), shape, generator, dtype)


def glorot_normal(shape: tuple[int, ...], generator: np.random.Generator,
                  dtype: Any = np.float32) -> np.ndarray:
    """Normal with the variance 2 / (fan_in + fan_out)."""
    return _normal(math.sqrt(2 / sum(fans(shape))), shape, generator, dtype)


def he_uniform(shape: tuple[int, ...], generator: np.random.Generator,
               dtype: Any = np.float32) -> np.ndarray:
    """Uniform within ±sqrt(6 / fan_in), for layers before a relu."""
    return _uniform(math.sqrt(6 / fans(shape)[0]), shape, generator, dtype)


def he_normal(shape: tuple[int, ...], generator: np.random.Generator,
              dtype: Any = np.float32) -> np.ndarray:
    """Normal with the variance 2 / fan_in, for layers before a relu."""
    return _normal(math.sqrt(2 / fans(shape)[0]), shape, generator, dtype)


def orthogonal(shape: tuple[int, ...], generator: np.random.Generator,
               dtype: Any = np.float32) -> np.ndarray:
    """A matrix with orthonormal columns or rows, for what is applied again and again.

    Saxe et al., https://arxiv.org/abs/1312.6120; drawn evenly from all of them, as the signs of the
    triangular factor are made positive (Mezzadri, https://arxiv.org/abs/math-ph/0609050).

    >>> q = orthogonal((4, 3), np.random.default_rng(0), np.float64)
    >>> bool(np.allclose(q.T @ q, np.eye(3)))
    True
    """
    if len(shape) != 2:
        raise ValueError(
            f"orthogonal: shape is {tuple(shape)}. Instead, ask for a matrix, (rows, columns)."
        )
    tall = max(shape), min(shape)
    q, r = np.linalg.qr(generator_of(generator).normal(size=tall))
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)
    return np.ascontiguousarray(q if tall == tuple(shape) else q.T).astype(floating(dtype))


def normal(deviation: float = 1.0) -> Initialiser:
    """Normal with this standard deviation."""

    def draw(shape: tuple[int, ...], generator: np.random.Generator,
             dtype: Any = np.float32) -> np.ndarray:
        return _normal(deviation, shape, generator, dtype)

    return draw


def zeros(shape: tuple[int, ...], generator: np.random.Generator | None = None,
          dtype: Any = np.float32) -> np.ndarray:
    """Zeros."""
    return np.zeros(shape, floating(dtype))


def ones(shape: tuple[int, ...], generator: np.random.Generator | None = None,
         dtype: Any = np.float32) -> np.ndarray:
    """Ones."""
    return np.ones(shape, floating(dtype))
