"""Convolution of images (batch, height, width, channels), as one product of matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks
from s2sdiff.nn.activations import identity
from s2sdiff.nn.initialisers import Initialiser, glorot_uniform, zeros
from s2sdiff.nn.layer import Layer
from s2sdiff.nn.windows import Pair, fold, pair, same_padding, sliding, unfold

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
    checks.rank("conv2d", "x", np.shape(x), "batch, height, width, in")
    checks.rank("conv2d", "filter", np.shape(filter), "height, width, in, out")
    height, width, channels, out = filter.shape
    checks.features("conv2d", x.shape, channels, "(batch, height, width, channels)")
    image = x.transpose(3, 1, 2, 0)
    size = image.shape[1:3]
    windows = sliding(size, (height, width), pair("strides", strides),
                      pair("dilation", dilation), same)
    patches = unfold(image, windows)
    columns = patches.reshape(channels * height * width, -1)
    rows = filter.transpose(3, 2, 0, 1).reshape(out, -1)
    y = (rows @ columns).reshape(out, *windows.out, len(x)).transpose(3, 1, 2, 0)

    def pullback(y_bar):
        rows_bar = y_bar.transpose(3, 1, 2, 0).reshape(out, -1)

        def x_bar():
            patches_bar = (rows.T @ rows_bar).reshape(patches.shape)
            return fold(patches_bar, windows, size).transpose(3, 1, 2, 0)

        def filter_bar():
            filter_bar = rows_bar @ columns.T
            return filter_bar.reshape(out, channels, height, width).transpose(2, 3, 1, 0)

        # The first layer's input is data: what costs most is not asked for there.
        return sd.Later({0: x_bar, 1: filter_bar})

    return y, pullback


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
    strides: tuple[int, int]
    dilation: tuple[int, int]
    padding: str

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
