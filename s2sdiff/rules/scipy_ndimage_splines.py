"""Interpolation in `scipy.ndimage`: splines through the elements of an array.

A result is a sum of coefficients, weighted by B-splines (Unser, Aldroubi and Eden 1993); its
adjoint adds to these coefficients.  Coefficients solve a banded system for the elements, whose
matrix is symmetric but for the ends.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import folded
from s2sdiff.rules.scipy_ndimage_filters import plain
from s2sdiff.rules.shared import shaped

__all__ = ["EXTENDED", "coefficients", "elements_back", "lines_back", "places", "summed_at"]

#: Modes in which the array is extended by so many elements before its coefficients are computed.
EXTENDED, EXTENSION = ("nearest", "grid-constant"), 12


def bspline(order: int, t: Any) -> Any:
    """The centred B-spline, by its truncated powers.

    >>> bspline(3, np.array([0.0, 1.0, 2.0])).round(6)
    array([0.666667, 0.166667, 0.      ])
    """
    if order == 0:
        return ((t >= -0.5) & (t < 0.5)).astype(t.dtype)
    total = np.zeros_like(t)
    for j in range(order + 2):
        reach = np.maximum((order + 1) / 2 - np.abs(t) - j, 0.0)
        total += (-1) ** j * math.comb(order + 1, j) * reach**order
    return total / math.factorial(order)


def slope(order: int, t: Any) -> Any:
    """The derivative of the B-spline."""
    return bspline(order - 1, t + 0.5) - bspline(order - 1, t - 0.5) if order else np.zeros_like(t)


def places(c: Any, n: int, order: int, mode: str, padded: bool) -> tuple[Any, Any, Any, Any]:
    """For coordinates on an axis of n coefficients: indices, weights and slopes of the weights.

    The last part says which coefficients there are; others stand for the constant beyond the ends.
    """
    if padded:
        c = c + EXTENSION
    inside = np.ones(c.shape, bool)
    if mode == "wrap":
        beyond = (c < 0) | (c > n - 1)
        c = np.where(beyond, np.mod(c, max(n - 1, 1)), c)
    elif mode == "constant":
        inside = (c >= 0) & (c <= n - 1)
        c = np.clip(c, 0, n - 1)
    first = np.floor(c if order % 2 else c + 0.5).astype(int) - order // 2
    at = first + np.reshape(np.arange(order + 1), (-1, *[1] * c.ndim))
    weights, slopes = bspline(order, c - at), slope(order, c - at) * inside
    if mode == "constant":
        weights = weights * inside
    seen = (at >= 0) & (at < n) | (mode != "grid-constant")
    return index(at, n, mode), weights, slopes, seen


def index(at: Any, n: int, mode: str) -> Any:
    """The coefficients that stand beyond the ends."""
    if n == 1:
        return np.zeros_like(at)
    if mode == "grid-wrap":
        return np.mod(at, n)
    if mode in ("nearest", "grid-constant"):
        return np.clip(at, 0, n - 1)
    if mode in ("reflect", "grid-mirror"):
        at = np.mod(at, 2 * n)
        return np.where(at < n, at, 2 * n - 1 - at)
    at = np.mod(at, 2 * n - 2)
    return np.where(at < n, at, 2 * n - 2 - at)


def coefficients_back(g: Any, order: int, mode: str, axis: int) -> Any:
    """The cotangent of elements for that of their coefficients along an axis."""
    if order < 2 or g.shape[axis] == 1:
        return g
    n = g.shape[axis]
    if n < 24:
        # SciPy approximates what it begins with at the ends, which counts in short lines.
        matrix = ndimage.spline_filter1d(np.eye(n), order, 0, mode=mode)
        return np.moveaxis(np.tensordot(matrix, g, (0, axis)), 0, axis).astype(g.dtype)
    if mode in ("reflect", "grid-mirror", "nearest", "grid-wrap"):
        return ndimage.spline_filter1d(g, order, axis, g.dtype, mode)
    # Mirrored at the outermost elements, the system is symmetric once these count half.
    half = np.ones(n)
    half[0] = half[-1] = 0.5
    half = np.reshape(half, [-1 if a == axis else 1 for a in range(g.ndim)])
    return ndimage.spline_filter1d(g / half, order, axis, g.dtype, mode) * half


def elements_back(g: Any, shape: tuple[int, ...], order: int, mode: str, padded: bool) -> Any:
    """The cotangent of an array for that of its coefficients, which may be of an extended one."""
    for axis, n in enumerate(shape):
        g = coefficients_back(g, order, mode, axis)
        if padded:
            g = folded(g, axis, EXTENSION, n, "edge" if mode == "nearest" else "constant")
    return g


def coefficients(x: Any, order: int, mode: str, padded: bool, cval: Any) -> Any:
    """The coefficients of the spline through an array."""
    if padded:
        options: Any = {"mode": "edge"} if mode == "nearest" else {"constant_values": cval}
        x = np.pad(x, EXTENSION, **options)
    kind: Any = np.complex128 if np.iscomplexobj(x) else np.float64
    return ndimage.spline_filter(x, order, kind, mode)


@derivative(of=ndimage.spline_filter1d, wrt="input")
@shaped
def spline_filter1d(input, order=3, axis=-1, output: Any = np.float64, mode="mirror"):
    plain(ndimage.spline_filter1d, output)
    y = ndimage.spline_filter1d(input, order, axis, output, mode)
    return y, lambda y_bar: coefficients_back(y_bar, order, mode, axis % y.ndim)


@derivative(of=ndimage.spline_filter, wrt="input")
@shaped
def spline_filter(input, order=3, output: Any = np.float64, mode="mirror"):
    plain(ndimage.spline_filter, output)
    y = ndimage.spline_filter(input, order, output, mode)
    return y, lambda y_bar: elements_back(y_bar, y.shape, order, mode, False)


def summed_at(at: Any, share: Any, size: int) -> Any:
    """The sums of shares that go to the same place."""
    at, share = np.ravel(at), np.ravel(share)
    if np.iscomplexobj(share):
        return np.bincount(at, share.real, size) + 1j * np.bincount(at, share.imag, size)
    return np.bincount(at, share, size)


def lines_back(g: Any, x: Any, points: list[Any], order: int, mode: str, prefilter: bool) -> Any:
    """The cotangent of an array that was interpolated on a grid, along one axis after the other."""
    filtered = prefilter and order > 1
    padded = filtered and mode in EXTENDED
    more = 2 * EXTENSION if padded else 0
    g = g.astype(np.result_type(g, np.float64))
    for axis, (c, n) in enumerate(zip(points, x.shape, strict=True)):
        at, weights, _, seen = places(c, n + more, order, mode, padded)
        weights = weights * seen
        g = np.moveaxis(g, axis, 0)
        total = np.zeros((n + more, *g.shape[1:]), g.dtype)
        for o in range(order + 1):
            np.add.at(total, at[o], g * np.reshape(weights[o], (-1, *[1] * (g.ndim - 1))))
        g = np.moveaxis(total, 0, axis)
    return (elements_back(g, x.shape, order, mode, padded) if filtered else g).astype(x.dtype)
