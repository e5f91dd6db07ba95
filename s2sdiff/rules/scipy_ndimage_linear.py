"""Differentials of `scipy.ndimage`'s transforms, which are linear in an image's elements.

So a tangent goes through the function itself, with zeros beyond the ends.  What moves the points at
which an image is read moves the result by the slope there.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import plain, sequence
from s2sdiff.rules.scipy_ndimage_transforms import (
    affine_transform,
    mesh,
    points_back,
    rotate,
    shift,
    taken_apart,
    turned,
    zoom,
)

__all__: list[str] = []


def register(of: Any, wrt: tuple[str, ...], like: Any, moved: Any = None) -> None:
    """Register the differential of a function in its image, and in what else is named.

    `moved` gives the term of what moves the points at which the image is read: for the image, the
    arguments, their tangents and the result's shape.
    """
    signature = inspect.signature(like)

    def rule(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        plain(of, given.get("output"))

        def called(**changes: Any) -> Any:
            new = inspect.BoundArguments(signature, type(given)({**given, **changes}))
            return of(*new.args, **new.kwargs)

        def differential(*dots: Any) -> Any:
            tangents = {n: d for n, d in zip(wrt, dots, strict=True) if d is not None}
            terms = []
            if "input" in tangents or "cval" in tangents:
                still = np.zeros_like(np.asarray(given["input"]))
                terms.append(called(input=tangents.pop("input", still),
                                    cval=tangents.pop("cval", 0.0)))
            if tangents:
                terms.append(moved(np.asarray(given["input"]), given, tangents, np.shape(value)))
            return sum(terms[1:], terms[0])

        value = called()
        return value, differential

    rule.__signature__ = signature  # type: ignore[attr-defined]
    derivative(of=of, wrt=wrt, mode="jvp")(rule)


def read_elsewhere(x: Any, given: Any, points: Any, points_dot: Any) -> Any:
    """What an image gives for a tangent of the points at which it is read."""
    options = [given[name] for name in ("order", "mode", "cval", "prefilter")]
    ones = np.ones(points.shape[1:])
    total = np.sum(points_back(ones, x, points, *options)[1] * points_dot, axis=0)
    if np.iscomplexobj(x):
        total = total + 1j * np.sum(points_back(-1j * ones, x, points, *options)[1] * points_dot,
                                    axis=0)
    return total


def by_shift(x: Any, given: Any, dots: dict[str, Any], shape: Any) -> Any:
    shifts = sequence(given["shift"], len(shape))
    moved = np.array(sequence(dots["shift"], len(shape)), float)
    lines = [np.arange(float(n)) - s for n, s in zip(shape, shifts, strict=True)]
    return read_elsewhere(x, given, mesh(lines), -np.reshape(moved, (-1, *[1] * len(shape))))


def by_matrix(x: Any, given: Any, dots: dict[str, Any], shape: Any) -> Any:
    steps = np.indices(shape, dtype=float)
    linear, start, joined = taken_apart(given["matrix"], given["offset"], x.ndim)
    still = np.zeros(np.shape(given["matrix"]))
    moved, start_dot, _ = taken_apart(dots.get("matrix", still),
                                      0.0 if joined else dots.get("offset", 0.0), x.ndim)

    def at(matrix: Any, constant: Any) -> Any:
        along = (-1, *[1] * len(shape))
        turned_steps = np.reshape(matrix, along) * steps if matrix.ndim == 1 else np.tensordot(
            matrix, steps, 1)
        return turned_steps + np.reshape(constant, along)

    return read_elsewhere(x, given, at(linear, start), at(moved, start_dot))


def by_angle(x: Any, given: Any, dots: dict[str, Any], shape: Any) -> Any:
    plane = sorted(a % x.ndim for a in given["axes"])
    images, size = np.moveaxis(x, plane, (-2, -1)), [shape[a] for a in plane]
    steps = np.indices(size, dtype=float) - np.reshape((np.array(size) - 1) / 2, (2, 1, 1))
    matrix, slope = turned(given["angle"])
    points = np.tensordot(matrix, steps, 1) + np.reshape(
        (np.array(images.shape[-2:]) - 1) / 2, (2, 1, 1))
    points_dot = np.tensordot(slope * dots["angle"], steps, 1)
    found = [read_elsewhere(images[at], given, points, points_dot)
             for at in np.ndindex(images.shape[:-2])]
    return np.moveaxis(np.reshape(found, (*images.shape[:-2], *size)), (-2, -1), plane)


def by_size(x: Any, given: Any, dots: dict[str, Any], shape: Any) -> Any:
    """Nothing: a factor is rounded to a number of elements, and is not seen beyond that."""
    return np.zeros(shape, x.dtype)


register(ndimage.shift, ("input", "shift", "cval"), shift, by_shift)
register(ndimage.zoom, ("input", "zoom", "cval"), zoom, by_size)
register(ndimage.affine_transform, ("input", "matrix", "offset", "cval"), affine_transform,
         by_matrix)
register(ndimage.rotate, ("input", "angle", "cval"), rotate, by_angle)
