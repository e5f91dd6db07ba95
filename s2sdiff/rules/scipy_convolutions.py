"""Convolutions of `scipy.signal`: the adjoint of each is a convolution by the same method.

With z = x * y and the cotangent g of the full convolution, that of x is the valid part of g
convolved with the reversed y.  Nothing is conjugated but by `correlate`, which conjugates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import extended, folded
from s2sdiff.rules.shared import axes_of, shaped
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def entire(g: Any, shape: tuple[int, ...], later: int = 0) -> Any:
    """A cotangent of the middle of an array as one of all of it.

    Where the middle is not exactly one, it is the later one if `later` is 1.

    >>> entire(np.array([1.0, 2.0]), (5,)).tolist()
    [0.0, 1.0, 2.0, 0.0, 0.0]
    """
    if np.shape(g) == shape:
        return g
    whole = np.zeros(shape, g.dtype)
    starts = [(n - m + later) // 2 for n, m in zip(shape, g.shape, strict=True)]
    whole[tuple(slice(s, s + m) for s, m in zip(starts, g.shape, strict=True))] = g
    return whole


def factors_back(of: Any, g: Any, x: Any, y: Any, axis: Any = None, **options: Any) -> Any:
    """The cotangents of two arrays for that of their convolution by a function of SciPy's."""
    x, y = np.asarray(x), np.asarray(y)
    if not x.size or not y.size:
        return Later({0: lambda: np.zeros_like(x), 1: lambda: np.zeros_like(y)})
    axes = axes_of(axis, x.ndim)
    shape = tuple(n + m - 1 if i in axes else max(n, m)
                  for i, (n, m) in enumerate(zip(x.shape, y.shape, strict=True)))
    whole = entire(np.asarray(g), shape)


    def back(like: Any, other: Any) -> Any:
        return unbroadcast(of(whole, np.flip(other, axes), mode="valid", **options), like.shape)

    return Later({0: lambda: back(x, y), 1: lambda: back(y, x)})


@derivative(of=signal.fftconvolve, wrt=("in1", "in2"))
@shaped
def fftconvolve(in1, in2, mode="full", axes: Any = None):
    z = signal.fftconvolve(in1, in2, mode, axes)
    if np.ndim(in1) == 0:
        return z, lambda z_bar: (z_bar * in2, z_bar * in1)
    return z, lambda z_bar: factors_back(signal.fftconvolve, z_bar, in1, in2, axes, axes=axes)


@derivative(of=signal.oaconvolve, wrt=("in1", "in2"))
@shaped
def oaconvolve(in1, in2, mode="full", axes: Any = None):
    z = signal.oaconvolve(in1, in2, mode, axes)
    if np.ndim(in1) == 0:
        return z, lambda z_bar: (z_bar * in2, z_bar * in1)
    return z, lambda z_bar: factors_back(signal.oaconvolve, z_bar, in1, in2, axes, axes=axes)


@derivative(of=signal.convolve, wrt=("in1", "in2"))
@shaped
def convolve(in1, in2, mode="full", method="auto"):
    z = signal.convolve(in1, in2, mode, method)
    if np.ndim(in1) == 0:
        return z, lambda z_bar: (z_bar * in2, z_bar * in1)
    return z, lambda z_bar: factors_back(signal.convolve, z_bar, in1, in2, method=method)


@derivative(of=signal.correlate, wrt=("in1", "in2"))
@shaped
def correlate(in1, in2, mode="full", method="auto"):
    z = signal.correlate(in1, in2, mode, method)
    if np.ndim(in1) == 0:
        return z, lambda z_bar: (z_bar * np.conj(in2), np.conj(z_bar * in1))

    def pullback(z_bar):
        turned = np.flip(np.conj(in2))
        found = factors_back(signal.convolve, z_bar, in1, turned, method=method)
        return Later({0: lambda: found[0], 1: lambda: np.conj(np.flip(found[1]))})

    return z, pullback


# ------------------------------------------------------------------------------- two dimensions

#: What stands beyond the ends, by the names of `scipy.signal` and of `np.pad`.
BOUNDARIES = {"fill": "constant", "wrap": "wrap", "circular": "wrap", "symm": "symmetric",
              "symmetric": "symmetric"}


def plane_back(g: Any, x: Any, y: Any, boundary: Any, value: Any) -> Any:
    """The cotangents of an image and a kernel for that of their full convolution."""
    mode = BOUNDARIES.get(boundary, "constant")
    (rows, columns), (above, beside) = x.shape, (y.shape[0] - 1, y.shape[1] - 1)

    def of_image() -> Any:
        if mode == "constant":
            return signal.convolve2d(g, np.flip(y), mode="valid")
        wide_bar = folded(signal.convolve2d(g, np.flip(y)), 0, above, rows, mode)
        return folded(wide_bar, 1, beside, columns, mode)

    def of_kernel() -> Any:
        wide = extended(extended(x, 0, above, above, mode, value), 1, beside, beside, mode, value)
        return signal.convolve2d(np.flip(wide), g, mode="valid")

    def of_value() -> Any:
        # What is beyond the ends gets all that an image of this size would, less its middle.
        if mode != "constant":
            return None
        return np.sum(g) * np.sum(y) - np.sum(of_image())

    return Later({0: of_image, 1: of_kernel, 2: of_value})


def swapped_entries(found: Later) -> Later:
    """Two cotangents in the other order."""
    return Later({0: lambda: found[1], 1: lambda: found[0], 2: lambda: None})


def full_plane(g: Any, x: Any, y: Any, later: int = 0) -> Any:
    """The cotangent of a full convolution for that of its middle."""
    return entire(g, (x.shape[0] + y.shape[0] - 1, x.shape[1] + y.shape[1] - 1), later)


@derivative(of=signal.convolve2d, wrt=("in1", "in2", "fillvalue"))
@shaped
def convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    def pullback(z_bar):
        x, y = np.asarray(in1), np.asarray(in2)
        if not (x.size and y.size):
            return np.zeros_like(x), np.zeros_like(y), None
        g = full_plane(z_bar, x, y)
        if mode == "valid":
            # Nothing beyond the ends is read; the larger one is the image.
            swapped = x.shape[0] < y.shape[0] or x.shape[1] < y.shape[1]
            found = plane_back(g, y, x, "fill", 0) if swapped else plane_back(g, x, y, "fill", 0)
            return swapped_entries(found) if swapped else found
        return plane_back(g, x, y, boundary, fillvalue)

    return signal.convolve2d(in1, in2, mode, boundary, fillvalue), pullback


@derivative(of=signal.correlate2d, wrt=("in1", "in2", "fillvalue"))
@shaped
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    def pullback(z_bar):
        x, y = np.asarray(in1), np.asarray(in2)
        if mode == "valid" and (x.shape[0] < y.shape[0] or x.shape[1] < y.shape[1]):
            # SciPy exchanges them and turns the result, but does not conjugate it.
            return swapped_entries(correlate2d(in2, in1, mode)[1](np.flip(z_bar)))
        if not (x.size and y.size):
            return np.zeros_like(x), np.zeros_like(y), None
        turned = np.flip(np.conj(y))
        g = full_plane(z_bar, x, y, later=1)
        found = plane_back(g, x, turned, "fill" if mode == "valid" else boundary, fillvalue)
        return Later({0: lambda: found[0], 1: lambda: np.conj(np.flip(found[1])),
                      2: lambda: found[2]})

    return signal.correlate2d(in1, in2, mode, boundary, fillvalue), pullback
