"""Pooling of images (batch, height, width, channels)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.layer import Layer
from s2sdiff.nn.selecting import selected
from s2sdiff.nn.windows import Pair, Sliding, fold, pair, same_padding, sliding, unfold

__all__ = ["AvgPool2D", "Flatten", "GlobalAvgPool2D", "MaxPool2D", "avg_pool2d", "max_pool2d"]


def _windows(function: str, x: Any, size: Pair, strides: Pair | None, same: bool) -> Sliding:
    checks.rank(function, "x", np.shape(x), "batch, height, width, channels")
    size = pair("size", size)
    strides = size if strides is None else pair("strides", strides)
    return sliding(x.shape[1:3], size, strides, (1, 1), same)


def max_pool2d(x: Any, size: Pair, strides: Pair | None = None, same: bool = False) -> Any:
    """The largest element of each window.

    Parameters
    ----------
    x : floating array (batch, height, width, channels)
    size : of the windows, one number or height and width
    strides : from window to window; the size where None
    same : let windows reach over the edge, so that there are ceil(length / stride) of them

    Returns
    -------
    Array (batch, new height, new width, channels).  Equal largest elements share the cotangent.

    Examples
    --------
    >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4, 1), 2)[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    return max_pool2d_derivative(x, size, strides, same)[0]


@sd.derivative(of=max_pool2d, wrt="x")
def max_pool2d_derivative(x, size, strides=None, same=False):
    windows = _windows("max_pool2d", x, size, strides, same)
    image = x.transpose(3, 1, 2, 0)
    patches = unfold(image, windows, -np.inf)
    largest = np.max(patches, axis=(1, 2), keepdims=True)

    def pullback(y_bar):
        chosen = patches == largest
        share = y_bar.transpose(3, 1, 2, 0)[:, None, None]
        share = share / np.sum(chosen, axis=(1, 2), keepdims=True, dtype=share.dtype)
        return fold(selected(share, chosen), windows).transpose(3, 1, 2, 0)

    return largest[:, 0, 0].transpose(3, 1, 2, 0), pullback


def avg_pool2d(x: Any, size: Pair, strides: Pair | None = None, same: bool = False) -> Any:
    """The mean of each window, over what of it lies within the image.

    Parameters and result are those of `max_pool2d`.

    >>> avg_pool2d(np.arange(16.0).reshape(1, 4, 4, 1), 2)[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    return avg_pool2d_derivative(x, size, strides, same)[0]


@sd.derivative(of=avg_pool2d, wrt="x")
def avg_pool2d_derivative(x, size, strides=None, same=False):
    windows = _windows("avg_pool2d", x, size, strides, same)
    image = x.transpose(3, 1, 2, 0)
    inside = unfold(np.ones((1, *image.shape[1:3], 1), x.dtype), windows)
    count = np.sum(inside, axis=(1, 2))
    total = np.sum(unfold(image, windows), axis=(1, 2))

    def pullback(y_bar):
        share = (y_bar.transpose(3, 1, 2, 0) / count)[:, None, None]
        patches_bar = np.broadcast_to(share, (len(share), *windows.size, *share.shape[3:]))
        return fold(patches_bar, windows).transpose(3, 1, 2, 0)

    return (total / count).transpose(3, 1, 2, 0), pullback


@dataclass(eq=False)
class MaxPool2D(Layer):
    """`max_pool2d` as a layer; padding is "valid" or "same".

    >>> MaxPool2D(2)(np.zeros((10, 12, 12, 6))).shape
    (10, 6, 6, 6)
    """

    size: tuple[int, int] = sd.field(differentiable=False)
    strides: tuple[int, int] = sd.field(differentiable=False)
    padding: str = sd.field(differentiable=False)

    def __init__(self, size: Pair, strides: Pair | None = None, padding: str = "valid") -> None:
        self.size = pair("size", size)
        self.strides = self.size if strides is None else pair("strides", strides)
        same_padding(padding)
        self.padding = padding

    def __call__(self, x: Any) -> Any:
        return max_pool2d(x, self.size, self.strides, self.padding == "same")


@dataclass(eq=False)
class AvgPool2D(Layer):
    """`avg_pool2d` as a layer; padding is "valid" or "same"."""

    size: tuple[int, int] = sd.field(differentiable=False)
    strides: tuple[int, int] = sd.field(differentiable=False)
    padding: str = sd.field(differentiable=False)

    def __init__(self, size: Pair, strides: Pair | None = None, padding: str = "valid") -> None:
        self.size = pair("size", size)
        self.strides = self.size if strides is None else pair("strides", strides)
        same_padding(padding)
        self.padding = padding

    def __call__(self, x: Any) -> Any:
        return avg_pool2d(x, self.size, self.strides, self.padding == "same")


@dataclass(eq=False)
class GlobalAvgPool2D(Layer):
    """The mean over height and width: (batch, height, width, channels) to (batch, channels)."""

    def __call__(self, x: Any) -> Any:
        checks.rank("GlobalAvgPool2D", "x", np.shape(x), "batch, height, width, channels")
        return np.mean(x, axis=(1, 2))


@dataclass(eq=False)
class Flatten(Layer):
    """All axes but the first as one: (batch, …) to (batch, features).

    >>> Flatten()(np.zeros((10, 6, 6, 6))).shape
    (10, 216)
    """

    def __call__(self, x: Any) -> Any:
        return np.reshape(x, (np.shape(x)[0], -1))
