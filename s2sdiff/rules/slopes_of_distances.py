"""Slopes of distances between pairs of points, for many pairs at once.

Each function takes the points of the pairs, their distances (with a last axis of length 1) and an
option: the weights and the power, a matrix, or variances.  It returns the slopes in both points and
a function from the cotangent of the distances to that of the weights, matrix or variances.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from s2sdiff.rules.shared import unsupported

__all__ = ["METRICS", "by_power", "chebyshev", "mahalanobis"]


def over(a: Any, b: Any) -> Any:
    """A quotient that is 0 where the divisor is.

    >>> over(np.ones(2), np.array([2.0, 0.0]))
    array([0.5, 0. ])
    """
    return np.where(b == 0, 0.0, a / np.where(b == 0, 1.0, b))


def summed(parts: Any, w: Any) -> Any:
    """The function from the distances' cotangent to that of their weights."""
    if w is None:
        return None
    return lambda bar: np.sum(np.expand_dims(bar, -1) * parts, axis=tuple(range(parts.ndim - 1)))


def weight(w: Any) -> Any:
    """The weights, where there are some."""
    return 1.0 if w is None else np.asarray(w)


def euclidean(x: Any, y: Any, length: Any, option: Any) -> tuple:
    w, d = option[0], x - y
    slope = over(weight(w) * d, length)
    return slope, -slope, summed(over(d * d, 2 * length), w)


def sqeuclidean(x: Any, y: Any, length: Any, option: Any) -> tuple:
    w, d = option[0], x - y
    slope = 2 * weight(w) * d
    return slope, -slope, summed(d * d, w)


def cityblock(x: Any, y: Any, length: Any, option: Any) -> tuple:
    w, d = option[0], x - y
    slope = weight(w) * np.sign(d)
    return slope, -slope, summed(np.abs(d), w)


def minkowski(x: Any, y: Any, length: Any, option: Any) -> tuple:
    (w, p), d = option, x - y
    size = over(np.abs(d), length)
    # The sign is 0 where a difference is, also where p is less than 1 and its power infinite.
    slope = weight(w) * np.sign(d) * np.where(d == 0, 1.0, size) ** (p - 1)
    slope = np.where(length == 0, 0.0, slope)
    return slope, -slope, summed(size**p * length / p, w)


def by_power(x: Any, y: Any, length: Any, option: Any) -> Any:
    """The slope of Minkowski's distance in its power."""
    w, p = option
    size = over(np.abs(x - y), length)
    return np.sum(weight(w) * special.xlogy(size**p, size), axis=-1) * length[..., 0] / p


def chebyshev(x: Any, y: Any, length: Any, option: Any) -> tuple:
    d = x - y
    # Weights say which coordinates count; those that are equally far share the slope.
    chosen = (np.abs(d) == length) & (weight(option[0]) > 0)
    slope = over(np.conj(np.sign(d)) * chosen, np.sum(chosen, axis=-1, keepdims=True))
    return slope, -slope, None


def canberra(x: Any, y: Any, length: Any, option: Any) -> tuple:
    w, d = option[0], x - y
    size = np.abs(x) + np.abs(y)
    part = over(np.abs(d), size)
    left = weight(w) * over(np.sign(d) - part * np.sign(x), size)
    right = weight(w) * over(-np.sign(d) - part * np.sign(y), size)
    return left, right, summed(part, w)


def braycurtis(x: Any, y: Any, length: Any, option: Any) -> tuple:
    w, d, s = option[0], x - y, x + y
    size = np.sum(weight(w) * np.abs(s), axis=-1, keepdims=True)
    left = weight(w) * over(np.sign(d) - length * np.sign(s), size)
    right = weight(w) * over(-np.sign(d) - length * np.sign(s), size)
    return left, right, summed(over(np.abs(d) - length * np.abs(s), size), w)


def dice(x: Any, y: Any, length: Any, option: Any) -> tuple:
    if option[0] is not None:
        raise unsupported("the metric 'dice' with weights has no derivative here",
                          "leave the weights out, or write the quotient of sums")
    total = np.sum(x, axis=-1, keepdims=True) + np.sum(y, axis=-1, keepdims=True)
    return over(1 - length - 2 * y, total), over(1 - length - 2 * x, total), None


def cosine(x: Any, y: Any, length: Any, option: Any) -> tuple:
    size_x = np.sqrt(np.sum(x * x, axis=-1, keepdims=True))
    size_y = np.sqrt(np.sum(y * y, axis=-1, keepdims=True))
    unit_x, unit_y = over(x, size_x), over(y, size_y)
    product = np.sum(unit_x * unit_y, axis=-1, keepdims=True)
    return (over(product * unit_x - unit_y, size_x), over(product * unit_y - unit_x, size_y), None)


def jensenshannon(x: Any, y: Any, length: Any, option: Any) -> tuple:
    size_x, size_y = np.sum(x, axis=-1, keepdims=True), np.sum(y, axis=-1, keepdims=True)
    p, q = over(x, size_x), over(y, size_y)
    mean = (p + q) / 2
    return entropic(p, mean, length, size_x), entropic(q, mean, length, size_y), None


def entropic(p: Any, mean: Any, length: Any, size: Any) -> Any:
    """The slopes of the root of half the sum of two entropies in what is divided by its sum."""
    with np.errstate(divide="ignore"):
        logarithm = np.log(np.where(mean == 0, 1.0, over(p, mean)))
    slope = np.where(length == 0, 0.0, logarithm / np.where(length == 0, 1.0, 4 * length))
    along = np.sum(np.where(p == 0, 0.0, slope * p), axis=-1, keepdims=True)
    return over(slope - along, size)


def mahalanobis(x: Any, y: Any, length: Any, matrix: Any) -> tuple:
    d = x - y
    slope = over(d @ (matrix + matrix.T) / 2, length)

    def of_matrix(bar: Any) -> Any:
        rows = np.reshape(over(np.expand_dims(bar, -1) * d, 2 * length), (-1, d.shape[-1]))
        return rows.T @ np.reshape(d, rows.shape)

    return slope, -slope, of_matrix


def seuclidean(x: Any, y: Any, length: Any, variances: Any) -> tuple:
    d = x - y
    slope = over(d, variances * length)
    return slope, -slope, summed(over(-d * d, 2 * variances**2 * length), variances)


METRICS = {f.__name__: f for f in (
    euclidean, sqeuclidean, cityblock, minkowski, chebyshev, canberra, braycurtis, cosine, dice,
    jensenshannon, mahalanobis, seuclidean)}
