"""Functions between layers; all act element by element but `softmax` and `log_softmax`.

float32 stays float32.  At 0 the slope of `relu` and `relu6` is 0, and that of others with a kink
there is the one of their left side.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn.selecting import selected

__all__ = [
    "elu", "gelu", "identity", "leaky_relu", "log_softmax", "mish", "relu", "relu6", "selu",
    "sigmoid", "softmax", "softplus", "softsign", "swish", "tanh",
]


def identity(x: Any) -> Any:
    """x."""
    return x


def relu(x: Any) -> Any:
    """max(x, 0), with the slope 0 at 0.

    >>> sd.grad(relu)(0.0), sd.grad(relu)(2.0)
    (0.0, 1.0)
    """
    return np.maximum(x, 0)


@sd.derivative(of=relu)
def relu_derivative(x):
    y = np.maximum(x, 0)
    return y, lambda v: selected(v, y > 0)


def relu6(x: Any) -> Any:
    """min(max(x, 0), 6), with the slope 0 at 0 and at 6."""
    return np.minimum(np.maximum(x, 0), 6)


@sd.derivative(of=relu6)
def relu6_derivative(x):
    y = np.minimum(np.maximum(x, 0), 6)
    return y, lambda v: selected(v, (y > 0) & (y < 6))


def leaky_relu(x: Any, slope: float = 0.2) -> Any:
    """x where it is positive, `slope * x` elsewhere."""
    return np.where(x > 0, x, slope * x)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where it is positive, alpha (exp(x) - 1) elsewhere: https://arxiv.org/abs/1511.07289."""
    # At 0 the slope is alpha, that of the left side; large numbers must not reach `expm1`.
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0, x)))


def selu(x: Any) -> Any:
    """A scaled `elu` that keeps mean 0 and variance 1: https://arxiv.org/abs/1706.02515."""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return np.tanh(x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow and with small relative errors at both ends.

    >>> float(sigmoid(np.float64(0.0))), float(sigmoid(np.float64(-1000.0)))
    (0.5, 0.0)
    """
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


@sd.derivative(of=sigmoid)
def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1, e) / (1 + e)
    # y (1 - y) would lose all digits where y is nearly 1.
    return y, lambda v: v * (e / ((1 + e) * (1 + e)))


def swish(x: Any) -> Any:
    """x sigmoid(x), also called silu: https://arxiv.org/abs/1710.05941."""
    return x * sigmoid(x)


def softplus(x: Any) -> Any:
    """log(1 + exp(x))."""
    return np.logaddexp(x, 0)


def softsign(x: Any) -> Any:
    """x / (1 + |x|)."""
    return x / (1 + np.abs(x))


def mish(x: Any) -> Any:
    """x tanh(softplus(x)): https://arxiv.org/abs/1908.08681."""
    return x * np.tanh(softplus(x))


def gelu(x: Any) -> Any:
    """x times the normal distribution function, by its approximation with tanh.

    The second formula of https://arxiv.org/abs/1606.08415.
    """
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """x - log(sum(exp(x))) along an axis, without overflow."""
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def softmax(x: Any, axis: int = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis, without overflow.

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)
