"""Convolution of images (batch, height, width, channels), as one product of matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.activations import identity
from s2sdiff.nn.initialisers import Initialiser, glorot_uniform, zeros
from s2sdiff.nn.layer import Layer
from s2sdiff.nn.windows import Pair, Sliding, fold, pair, same_padding, sliding, unfold

__all__ = ["Conv2D", "conv2d"]


def conv2d(x: Any, filter: Any, strides: Pair = 1, dilation: Pair = 1,
           same: bool = False) -> Any:
    """The cross-correlation of images with filters, as deep learning calls convolution.

    Parameters
    ----------
    x : floating array (batch, height, width, in)
    filter : floating array (filter height, filter width, in, out)
    strides : from window to window, one number or that of height and that of width
    dilation : from element to element of a window
    same : pad with zeros, so that there are ceil(length / stride) windows

    Returns
    -------
    Array (batch, new height, new width, out).

    Raises
    ------
    ValueError
        The shapes do not go together, or no window fits.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> conv2d(x, np.ones((2, 2, 1, 1)))[0, :, :, 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    return conv2d_derivative(x, filter, strides, dilation, same)[0]


@sd.derivative(of=conv2d, wrt=("x", "filter"))
def conv2d_derivative(x, filter, strides=1, dilation=1, same=False):
    windows = windows_over(np.shape(x), np.shape(filter), strides, dilation, same)
    columns = columns_of(x, windows)
    # The first layer's input is data: what costs most is not asked for there.
    return product_of(filter, columns, windows), lambda y_bar: sd.Later({
        0: lambda: image_bar(y_bar, filter, windows),
        1: lambda: filter_bar(y_bar, columns, windows),
    })


def windows_over(x: tuple[int, ...], filter: tuple[int, ...], strides: Pair, dilation: Pair,
                 same: bool) -> Sliding:
    """The windows of a filter of this shape over images of that shape."""
    checks.rank("conv2d", "x", x, "batch, height, width, in")
    checks.rank("conv2d", "filter", filter, "height, width, in, out")
    checks.features("conv2d", x, filter[2], "(batch, height, width, channels)")
    size = filter[0], filter[1]
    return sliding(x[1:3], size, pair("strides", strides), pair("dilation", dilation), same)


def columns_of(x: Any, windows: Sliding) -> Any:
    """A column for each window, (in * filter height * filter width, new height * … * batch)."""
    patches = unfold(x.transpose(3, 1, 2, 0), windows)
    return patches.reshape(math.prod(patches.shape[:3]), -1)


def rows_of(filter: Any) -> Any:
    """A row for each output, (out, in * filter height * filter width)."""
    return filter.transpose(3, 2, 0, 1).reshape(filter.shape[3], -1)


def product_of(filter: Any, columns: Any, windows: Sliding) -> Any:
    rows = rows_of(filter)
    height, width = windows.out
    y = (rows @ columns).reshape(len(rows), height, width, columns.shape[1] // (height * width))
    return y.transpose(3, 1, 2, 0)


def image_bar(y_bar: Any, filter: Any, windows: Sliding) -> Any:
    height, width, channels, out = filter.shape
    rows_bar = y_bar.transpose(3, 1, 2, 0).reshape(out, -1)
    patches_bar = (rows_of(filter).T @ rows_bar).reshape(
        channels, height, width, *windows.out, len(y_bar))
    return fold(patches_bar, windows).transpose(3, 1, 2, 0)


def filter_bar(y_bar: Any, columns: Any, windows: Sliding) -> Any:
    height, width = windows.size
    rows_bar = y_bar.transpose(3, 1, 2, 0).reshape(y_bar.shape[3], -1) @ columns.T
    return rows_bar.reshape(len(rows_bar), -1, height, width).transpose(2, 3, 1, 0)


@sd.derivative(of=conv2d, wrt=("x", "filter"), mode="jvp")
def conv2d_differential(x, filter, strides=1, dilation=1, same=False):
    def differential(x_dot, filter_dot):
        # Linear in each of the two; None stands for zero.
        y_dot = 0.0 if x_dot is None else conv2d(x_dot, filter, strides, dilation, same)
        if filter_dot is None:
            return y_dot
        return y_dot + conv2d(x, filter_dot, strides, dilation, same)

    return conv2d(x, filter, strides, dilation, same), differential


@dataclass(eq=False)
class Conv2D(Layer):
    """A convolution of images, a bias, and an activation.

    Parameters
    ----------
    shape : (filter height, filter width, in, out)
    activation : function of an array
    strides, dilation, padding : as in `conv2d`; padding is "valid" or "same"
    generator : numpy.random.Generator that the filter is drawn from
    filter_initialiser, bias_initialiser : functions of (shape, generator, dtype)
    dtype : of the parameters

    Examples
    --------
    >>> layer = Conv2D((5, 5, 3, 6), generator=np.random.default_rng(0))
    >>> layer(np.ones((10, 16, 16, 3), np.float32)).shape
    (10, 12, 12, 6)
    """

    filter: np.ndarray
    bias: np.ndarray
    activation: Callable[[Any], Any]
    strides: tuple[int, int] = sd.field(differentiable=False)
    dilation: tuple[int, int] = sd.field(differentiable=False)
    padding: str = sd.field(differentiable=False)

    def __init__(self, shape: tuple[int, int, int, int],
                 activation: Callable[[Any], Any] = identity, *, strides: Pair = 1,
                 dilation: Pair = 1, padding: str = "valid", generator: np.random.Generator,
                 filter_initialiser: Initialiser = glorot_uniform,
                 bias_initialiser: Initialiser = zeros, dtype: Any = np.float32) -> None:
        checks.sizes("Conv2D", "shape", shape, "filter height, filter width, in, out")
        same_padding(padding)
        self.filter = filter_initialiser(tuple(shape), generator, dtype)
        self.bias = bias_initialiser((shape[3],), generator, dtype)
        self.activation = activation
        self.strides = pair("strides", strides)
        self.dilation = pair("dilation", dilation)
        self.padding = padding

    def __call__(self, x: Any) -> Any:
        same = self.padding == "same"
        y = conv2d(x, self.filter, self.strides, self.dilation, same)
        return self.activation(y + self.bias)
