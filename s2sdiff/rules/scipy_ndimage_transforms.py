"""Images that are read at other places: `map_coordinates`, `shift`, `zoom`, `affine_transform`.

A result is linear in the image's elements and in the constant beyond its ends.  Where it is read
between elements it moves with the coordinates, by the slope of the spline (`places`).
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import constant_back, plain, sequence
from s2sdiff.rules.scipy_ndimage_splines import (
    EXTENDED,
    coefficients,
    elements_back,
    lines_back,
    places,
    summed_at,
)
from s2sdiff.rules.shared import shaped, unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.later import Later

__all__ = ["affine_transform", "map_coordinates", "mesh", "points_back", "rotate", "shift",
           "taken_apart", "turned", "zoom"]


def not_empty(x: Any) -> None:
    """Refuse to read an image without elements, by which SciPy may stop the process."""
    if not np.size(x):
        raise unsupported("what is read of an image without elements has no derivative",
                          "pass an image that is not empty")


def points_back(y_bar: Any, x: Any, points: Any, order: int, mode: str, cval: Any,
                prefilter: bool) -> tuple[Any, Any]:
    """The cotangents of an image and of the points at which it is read."""
    not_empty(x)
    filtered = prefilter and order > 1
    padded = filtered and mode in EXTENDED
    values = coefficients(x, order, mode, padded, cval) if filtered else x
    axes = [places(c, n, order, mode, padded) for c, n in zip(points, values.shape, strict=True)]
    values_bar = np.zeros(values.size, np.result_type(y_bar, np.float64))
    points_bar = np.zeros(points.shape)
    for chosen in itertools.product(range(order + 1), repeat=x.ndim):
        parts = [[table[o] for table in axis] for axis, o in zip(axes, chosen, strict=True)]
        at = tuple(p[0] for p in parts)
        seen = math.prod(p[3] for p in parts)
        share = y_bar * math.prod(p[1] for p in parts) * seen
        flat = np.ravel_multi_index(at, values.shape)
        values_bar += summed_at(flat, share, values.size)
        g = np.real(y_bar * np.where(seen, values[at], cval))
        for axis in range(x.ndim):
            factors = [p[2 if a == axis else 1] for a, p in enumerate(parts)]
            points_bar[axis] += g * math.prod(factors)
    x_bar = np.reshape(values_bar, values.shape)
    x_bar = elements_back(x_bar, x.shape, order, mode, padded) if filtered else x_bar
    return x_bar.astype(x.dtype), points_bar


def mesh(lines: list[Any]) -> Any:
    """The points of a grid."""
    return np.stack(np.meshgrid(*lines, indexing="ij"))


@derivative(of=ndimage.map_coordinates, wrt=("input", "coordinates", "cval"))
@shaped
def map_coordinates(input, coordinates, output=None, order=3, mode="constant", cval=0.0,
                    prefilter=True):
    plain(ndimage.map_coordinates, output)

    def read(x: Any, beyond: Any) -> Any:
        return ndimage.map_coordinates(x, coordinates, output, order, mode, beyond, prefilter)

    def pullback(y_bar):
        x, points = np.asarray(input), np.asarray(coordinates)
        found = functools.cache(lambda: points_back(
            y_bar, x, points, order, mode, cval, prefilter))
        return Later({
            0: lambda: found()[0],
            1: lambda: structured(found()[1].astype(points.dtype), coordinates),
            2: lambda: constant_back(y_bar, read, input, cval)})

    return read(input, cval), pullback


@derivative(of=ndimage.map_coordinates, wrt=("input", "coordinates", "cval"), mode="jvp")
def map_coordinates_differential(input, coordinates, output=None, order=3, mode="constant",
                                 cval=0.0, prefilter=True):
    plain(ndimage.map_coordinates, output)

    def read(x: Any, beyond: Any) -> Any:
        return ndimage.map_coordinates(x, coordinates, output, order, mode, beyond, prefilter)

    y = read(input, cval)

    def differential(input_dot, coordinates_dot, cval_dot):
        not_empty(input)
        total = np.zeros_like(y)
        if input_dot is not None:
            total += read(input_dot, 0.0)
        if cval_dot is not None:
            total += read(np.zeros(np.shape(input)), 1.0) * cval_dot
        if coordinates_dot is not None:
            x, points = np.asarray(input), np.asarray(coordinates)
            slopes = points_back(np.ones_like(y), x, points, order, mode, cval, prefilter)[1]
            if np.iscomplexobj(y):
                slopes = slopes + 1j * points_back(np.full_like(y, -1j), x, points, order, mode,
                                                   cval, prefilter)[1]
            total += np.sum(slopes * np.asarray(coordinates_dot), axis=0)
        return total

    return y, differential


@derivative(of=ndimage.shift, wrt=("input", "shift", "cval"))
@shaped
def shift(input, shift, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    plain(ndimage.shift, output)

    def moved(x: Any, beyond: Any) -> Any:
        return ndimage.shift(x, shift, output, order, mode, beyond, prefilter)

    def pullback(y_bar):
        x = np.asarray(input)
        shifts = sequence(shift, x.ndim)
        lines = [np.arange(float(n)) - s for n, s in zip(x.shape, shifts, strict=True)]

        def of_shift() -> Any:
            points_bar = points_back(y_bar, x, mesh(lines), order, mode, cval, prefilter)[1]
            bar = -np.sum(points_bar, axis=tuple(range(1, x.ndim + 1)))
            return structured(unbroadcast(bar, np.shape(shift)), shift)

        return Later({
            0: lambda: lines_back(y_bar, x, lines, order, mode, prefilter), 1: of_shift,
            2: lambda: constant_back(y_bar, moved, input, cval)})

    return moved(input, cval), pullback


@derivative(of=ndimage.zoom, wrt=("input", "zoom", "cval"))
@shaped
def zoom(input, zoom, output=None, order=3, mode="constant", cval=0.0, prefilter=True, *,
         grid_mode=False):
    plain(ndimage.zoom, output)

    def zoomed(x: Any, beyond: Any) -> Any:
        return ndimage.zoom(x, zoom, output, order, mode, beyond, prefilter, grid_mode=grid_mode)

    y = zoomed(input, cval)

    def of_input(y_bar: Any) -> Any:
        x = np.asarray(input)
        # Before SciPy 1.16 an image that keeps its size is filtered, if only by rounding.
        if prefilter and np.all(np.asarray(zoom) == 1) and np.array_equal(x, y):
            return y_bar
        lines = []
        for n, m in zip(x.shape, y.shape, strict=True):
            steps = np.arange(float(m))
            # SciPy hands it on for real images only.
            if grid_mode and x.dtype.kind != "c":
                lines.append((n / m) * (steps + 0.5) - 0.5)
            else:
                lines.append(((n - 1) / (m - 1) if m > 1 else 1.0) * steps)
        return lines_back(y_bar, x, lines, order, mode, prefilter)

    def pullback(y_bar):
        # It is rounded to a number of elements, and is not seen beyond that.
        return Later({0: lambda: of_input(y_bar), 1: lambda: None,
                      2: lambda: constant_back(y_bar, zoomed, input, cval)})

    return y, pullback


# ----------------------------------------------------------------------------- linear transforms


def taken_apart(matrix: Any, offset: Any, ndim: int) -> tuple[Any, Any, bool]:
    """The linear part, a constant for each axis, and whether the matrix held both."""
    matrix = np.asarray(matrix, float)
    if matrix.ndim == 2 and matrix.shape[1] == ndim + 1 and matrix.shape[0] in (ndim, ndim + 1):
        return matrix[:ndim, :ndim], matrix[:ndim, ndim], True
    return matrix, np.array(sequence(offset, ndim), float), False


@derivative(of=ndimage.affine_transform, wrt=("input", "matrix", "offset", "cval"))
@shaped
def affine_transform(input, matrix, offset=0.0, output_shape=None, output=None, order=3,
                     mode="constant", cval=0.0, prefilter=True):
    plain(ndimage.affine_transform, output)

    def transformed(x: Any, beyond: Any) -> Any:
        return ndimage.affine_transform(x, matrix, offset, output_shape, output, order, mode,
                                        beyond, prefilter)

    y = transformed(input, cval)

    def pullback(y_bar):
        x = np.asarray(input)
        linear, start, joined = taken_apart(matrix, offset, x.ndim)
        steps = np.indices(y.shape, dtype=float)
        lines = None if linear.ndim == 2 else [
            a * np.arange(float(n)) + b for a, b, n in zip(linear, start, y.shape, strict=True)]
        points = mesh(lines) if lines else np.tensordot(linear, steps, 1) + np.reshape(
            start, (-1, *[1] * y.ndim))
        found = functools.cache(lambda: points_back(
            y_bar, x, points, order, mode, cval, prefilter))

        def of_matrix() -> Any:
            points_bar = found()[1]
            every = tuple(range(1, y.ndim + 1))
            if linear.ndim == 1:
                return structured(np.sum(points_bar * steps, axis=every), matrix)
            bar = np.tensordot(points_bar, steps, (every, every))
            if joined:
                whole = np.zeros(np.shape(matrix))
                whole[:x.ndim, :x.ndim], whole[:x.ndim, x.ndim] = bar, np.sum(points_bar, every)
                bar = whole
            return structured(bar, matrix)

        def of_offset() -> Any:
            if joined:
                return None
            bar = np.sum(found()[1], axis=tuple(range(1, y.ndim + 1)))
            return structured(unbroadcast(bar, np.shape(offset)), offset)

        return Later({
            0: lambda: lines_back(y_bar, x, lines, order, mode, prefilter) if lines else found()[0],
            1: of_matrix, 2: of_offset,
            3: lambda: constant_back(y_bar, transformed, input, cval)})

    return y, pullback


@derivative(of=ndimage.rotate, wrt=("input", "angle", "cval"))
@shaped
def rotate(input, angle, axes=(1, 0), reshape=True, output=None, order=3, mode="constant",
           cval=0.0, prefilter=True):
    plain(ndimage.rotate, output)

    def rotated(x: Any, beyond: Any) -> Any:
        return ndimage.rotate(x, angle, axes, reshape, output, order, mode, beyond, prefilter)

    y = rotated(input, cval)

    def pullback(y_bar):
        x = np.asarray(input)
        plane = sorted(a % x.ndim for a in axes)
        images, bars = (np.moveaxis(v, plane, (-2, -1)) for v in (x, y_bar))
        turn, slope = turned(angle)
        steps = np.indices(bars.shape[-2:], dtype=float)
        # Both centres are the same point; the size of the result is rounded.
        steps -= np.reshape((np.array(bars.shape[-2:]) - 1) / 2, (2, 1, 1))
        centre = np.reshape((np.array(images.shape[-2:]) - 1) / 2, (2, 1, 1))
        points = np.tensordot(turn, steps, 1) + centre

        @functools.cache
        def found() -> tuple[Any, Any]:
            x_bar, angle_bar = np.zeros(images.shape, images.dtype), 0.0
            for at in np.ndindex(images.shape[:-2]):
                x_bar[at], points_bar = points_back(bars[at], images[at], points, order, mode,
                                                    cval, prefilter)
                angle_bar += np.sum(points_bar * np.tensordot(slope, steps, 1))
            return np.moveaxis(x_bar, (-2, -1), plane), angle_bar

        return Later({0: lambda: found()[0], 1: lambda: found()[1],
                      2: lambda: constant_back(y_bar, rotated, input, cval)})

    return y, pullback


def turned(angle: Any) -> tuple[Any, Any]:
    """The matrix of a rotation by degrees, and its derivative.

    >>> turned(90.0)[0].round(6).tolist()
    [[0.0, 1.0], [-1.0, 0.0]]
    """
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[c, s], [-s, c]]), np.radians(np.array([[-s, c], [-c, -s]]))
