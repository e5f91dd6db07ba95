"""Layers that bring features to mean 0 and variance 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.layer import Layer

__all__ = ["BatchNorm", "LayerNorm"]


@dataclass(eq=False)
class LayerNorm(Layer):
    """Normalises the last axis of each sample: Ba et al., https://arxiv.org/abs/1607.06450.

    Parameters
    ----------
    features : length of the last axis
    epsilon : added to the variance
    dtype : of the parameters

    Attributes
    ----------
    scale, offset : (features,), ones and zeros at first

    Examples
    --------
    >>> y = LayerNorm(3, dtype=np.float64)(np.array([[1.0, 2.0, 3.0]]))
    >>> bool(np.isclose(y.mean(), 0.0)), bool(np.isclose(y.std(), 1.0, atol=1e-4))
    (True, True)
    """

    scale: np.ndarray
    offset: np.ndarray
    epsilon: float = sd.field(differentiable=False)

    def __init__(self, features: int, *, epsilon: float = 1e-5, dtype: Any = np.float32) -> None:
        checks.sizes("LayerNorm", "features", features, "features")
        self.scale = np.ones(features, checks.floating(dtype))
        self.offset = np.zeros(features, dtype)
        self.epsilon = epsilon

    def __call__(self, x: Any) -> Any:
        checks.features("LayerNorm", np.shape(x), self.scale.shape[0])
        centred = x - np.mean(x, axis=-1, keepdims=True)
        variance = np.mean(centred * centred, axis=-1, keepdims=True)
        return centred / np.sqrt(variance + self.epsilon) * self.scale + self.offset


@dataclass(eq=False)
class BatchNorm(Layer):
    """Normalises each feature over the batch: Ioffe and Szegedy, https://arxiv.org/abs/1502.03167.

    While it is trained, mean and variance are those of the batch, and running averages of them are
    kept; in `inference(model)` the averages are used.

    Parameters
    ----------
    features : length of the last axis; all others are the batch
    momentum : how much of a running average stays at each call
    epsilon : added to the variance
    dtype : of the parameters

    Attributes
    ----------
    scale, offset : (features,), ones and zeros at first
    running_mean, running_variance : (features,), zeros and ones at first; not differentiated
    """

    scale: np.ndarray
    offset: np.ndarray
    running_mean: np.ndarray = sd.field(differentiable=False)
    running_variance: np.ndarray = sd.field(differentiable=False)
    momentum: float = sd.field(differentiable=False)
    epsilon: float = sd.field(differentiable=False)
    training: bool = sd.field(differentiable=False)

    def __init__(self, features: int, *, momentum: float = 0.99, epsilon: float = 0.001,
                 dtype: Any = np.float32) -> None:
        checks.sizes("BatchNorm", "features", features, "features")
        checks.in_range("momentum", momentum, 0.0, 1.0)
        self.scale = np.ones(features, checks.floating(dtype))
        self.offset = np.zeros(features, dtype)
        self.running_mean = np.zeros(features, dtype)
        self.running_variance = np.ones(features, dtype)
        self.momentum = momentum
        self.epsilon = epsilon
        self.training = True

    def __call__(self, x: Any) -> Any:
        checks.features("BatchNorm", np.shape(x), self.scale.shape[0])
        if self.training:
            features = self.scale.shape[0]
            mean = np.mean(np.reshape(x, (-1, features)), axis=0)
            centred = x - mean
            variance = np.mean(np.reshape(centred * centred, (-1, features)), axis=0)
            kept = self.momentum
            self.running_mean = kept * self.running_mean + (1 - kept) * mean
            self.running_variance = kept * self.running_variance + (1 - kept) * variance
        else:
            centred = x - self.running_mean
            variance = self.running_variance
        return centred / np.sqrt(variance + self.epsilon) * self.scale + self.offset
