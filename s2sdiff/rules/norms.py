"""`np.linalg.norm` and its kin; at 0 the derivative is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.degenerate import vanishing
from s2sdiff.rules.extremes import direction, share, winners
from s2sdiff.rules.shared import axes_of, unsupported

__all__: list[str] = []


@derivative(of=np.linalg.norm, wrt="x")
def norm(x, ord=None, axis=None, keepdims=False):
    if ord is not None:
        return general_norm(x, ord, axis, keepdims)
    if axis is None and not keepdims:
        return np.linalg.norm(x), lambda length_bar: np.conj(direction(x, length_bar))
    length = np.linalg.norm(x, axis=axis, keepdims=keepdims)

    def pullback(length_bar):
        # At 0 the subgradient is 0: dividing by infinity picks it.
        slope = length_bar / np.where(length == 0, np.inf, length)
        if axis is not None and not keepdims:
            slope = np.expand_dims(slope, axis)
        return slope * np.conj(x)

    return length, pullback


@derivative(of=np.linalg.vector_norm, wrt="x")
def vector_norm(x, /, *, axis=None, keepdims: Any = False, ord=2):
    n = np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)
    axes = axes_of(axis, np.ndim(x))
    return n, lambda n_bar: vector_norm_back(
        spread(n_bar, axes, keepdims), np.asarray(x), 2 if ord is None else ord, axes)


@derivative(of=np.linalg.matrix_norm, wrt="x")
def matrix_norm(x, /, *, keepdims: Any = False, ord: Any = "fro"):
    n = np.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)
    return n, lambda n_bar: matrix_norm_back(
        spread(n_bar, (-2, -1), keepdims), np.asarray(x), ord, (np.ndim(x) - 2, np.ndim(x) - 1))


def spread(g: Any, axis: Any, keepdims: bool) -> Any:
    """A cotangent of a reduction with the reduced axes put back, as length 1."""
    return g if keepdims or axis is None else np.expand_dims(g, axis)


def general_norm(x, ord, axis, keepdims):
    """`np.linalg.norm` with an order."""
    n = np.linalg.norm(x, ord, axis, keepdims)
    a = np.asarray(x)
    axes = axes_of(axis, a.ndim)

    def pullback(n_bar):
        g = spread(n_bar, axes, keepdims)
        if len(axes) == 1:
            return vector_norm_back(g, a, ord, axes)
        return matrix_norm_back(g, a, ord, axes)

    return n, pullback


def signs(a: Any) -> Any:
    """What the absolute value's cotangent is multiplied with: the sign, conj(a) / |a|, 0 at 0."""
    if not np.iscomplexobj(a):
        return np.sign(a)
    size = np.abs(a)
    return np.conj(a) / np.where(size == 0, np.inf, size)


def vector_norm_back(g: Any, a: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """The pullback of the p-norm over the given axes; `g` has them as length 1."""
    size = np.abs(a)
    if ord == 0:
        return np.zeros_like(a)
    if ord in (np.inf, -np.inf):
        z = (np.max if ord > 0 else np.min)(size, axis=axes, keepdims=True)
        return share(g, winners(size, z, axes, True), axes, True) * signs(a)
    if ord == 1:
        return g * signs(a)
    largest = np.max(size, axis=axes, keepdims=True) if a.size else np.ones((1,) * a.ndim)
    # Scaled by the largest entry, so that no power overflows.
    unit = size / np.where(largest == 0, 1.0, largest)
    if ord < 2:
        # Entries of 0 would raise 0 to a negative power; their direction is 0 anyway.
        unit = np.where(size == 0, 1.0, unit)
    total = np.sum(np.where(size == 0, 0.0, unit**ord) if ord < 2 else unit**ord,
                   axis=axes, keepdims=True)
    ratio = unit ** (ord - 1) * np.where(total == 0, 1.0, total) ** (1 / ord - 1)
    return g * ratio * signs(a)


def matrix_norm_back(g: Any, a: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """The pullback of a matrix norm over two axes; `g` has them as length 1."""
    if a.size == 0:
        return np.zeros_like(a)
    rows, columns = axes[0], axes[1]
    if ord == "fro":
        length = np.sqrt(np.sum(np.real(np.conj(a) * a), axis=axes, keepdims=True))
        return g / np.where(length == 0, np.inf, length) * np.conj(a)
    if ord in (1, -1, np.inf, -np.inf):
        inner, outer = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = np.sum(np.abs(a), axis=inner, keepdims=True)
        z = (np.max if ord > 0 else np.min)(sums, axis=outer, keepdims=True)
        return share(g, winners(sums, z, outer, True), outer, True) * signs(a)
    if ord in ("nuc", 2, -2):
        u, s, vh = np.linalg.svd(np.moveaxis(a, axes, (-2, -1)), full_matrices=False)
        if ord == "nuc":
            weights = (~vanishing(s)).astype(s.dtype)
        else:
            z = (np.max if ord > 0 else np.min)(s, axis=-1, keepdims=True)
            weights = share(np.ones_like(z), winners(s, z, -1, True) & ~vanishing(s), -1, True)
        bar = np.conj((u * weights[..., None, :]) @ vh)
        return g * np.moveaxis(bar, (-2, -1), axes)
    raise unsupported(f"np.linalg.norm of a matrix with ord={ord!r} has no derivative here",
                      "use 'fro', 'nuc', 1, -1, 2, -2, np.inf or -np.inf")
