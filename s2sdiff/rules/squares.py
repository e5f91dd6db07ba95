"""Powers of sizes, smooth where the size itself has a kink; see `transforms.squares`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.registry import derivative
from s2sdiff.runtime import power, scaled, unbroadcast, weighed

__all__ = ["raised_size", "squared_hypot", "squared_norm", "squared_size"]


@derivative(of=ops.moving_with)
def moving_with(smooth, function, x):
    return function(x), lambda z_bar: (z_bar, None, None)


@derivative(of=ops.both_moving_with)
def both_moving_with(smooth, function, x, y):
    return function(x, y), lambda z_bar: (z_bar, None, None, None)


def squared_size(x: Any) -> Any:
    """`np.abs(x) ** 2`.

    >>> float(squared_size(-3.0)), float(squared_size(3.0 + 4.0j))
    (9.0, 25.0)
    """
    return np.real(x * np.conj(x))


@derivative(of=squared_size)
def squared_size_(x):
    return squared_size(x), lambda z_bar: weighed(z_bar, 2 * np.conj(x))


def raised_size(x: Any, p: float) -> Any:
    """`np.abs(x) ** p` of real numbers, for p > 1.

    >>> raised_size(-4.0, 1.5)
    np.float64(8.0)
    """
    return np.abs(x) ** p


@derivative(of=raised_size, wrt="x")
def raised_size_(x, p):
    return raised_size(x, p), lambda z_bar: weighed(z_bar, raised_slope(x, p))


def raised_slope(x: Any, p: float) -> Any:
    """The derivative of `np.abs(x) ** p`, whose own is infinite at 0 for p < 2.

    >>> raised_slope(-4.0, 1.5)
    np.float64(-3.0)
    """
    return p * np.sign(x) * np.abs(x) ** (p - 1)


@derivative(of=raised_slope, wrt="x")
def raised_slope_(x, p):
    def pullback(d_bar):
        with np.errstate(divide="ignore"):
            return scaled(d_bar, p * (p - 1) * power(np.abs(x), p - 2))

    return raised_slope(x, p), pullback


def squared_norm(x: Any, axis: Any, keepdims: Any) -> Any:
    """`np.linalg.norm(x, axis=axis, keepdims=keepdims) ** 2`.

    >>> squared_norm(np.array([3.0, 4.0]), None, False)
    np.float64(25.0)
    """
    return np.sum(squared_size(x), axis=axis, keepdims=keepdims)


@derivative(of=squared_norm, wrt="x")
def squared_norm_(x, axis, keepdims):
    def pullback(z_bar):
        if axis is not None and not keepdims:
            z_bar = np.expand_dims(z_bar, axis)
        return weighed(z_bar, 2 * np.conj(x))

    return squared_norm(x, axis, keepdims), pullback


def squared_hypot(x: Any, y: Any, z: Any = 0.0) -> Any:
    """`math.hypot(x, y, z) ** 2`.

    >>> squared_hypot(3.0, 4.0)
    25.0
    """
    return x * x + y * y + z * z


@derivative(of=squared_hypot)
def squared_hypot_(x, y, z=0.0):
    shape_x, shape_y, shape_z = np.shape(x), np.shape(y), np.shape(z)

    def pullback(l_bar):
        x_bar = unbroadcast(weighed(l_bar, 2 * x), shape_x)
        y_bar = unbroadcast(weighed(l_bar, 2 * y), shape_y)
        return x_bar, y_bar, unbroadcast(weighed(l_bar, 2 * z), shape_z)

    return squared_hypot(x, y, z), pullback
