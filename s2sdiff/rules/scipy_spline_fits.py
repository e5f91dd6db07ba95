"""Splines that are fitted to values: least squares, of which interpolation is a case.

Of `A c = b`, A the basis functions at the points times the weights, least squares give
`dc = (A^T A)^-1 (dA^T r + A^T (db - dA c))` with `r = b - A c` (G. Golub and V. Pereyra, The
Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems, 1973).  A has k + 1
elements in each row, and only these are made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.rules.scipy_bsplines import basis_back, intervals, local
from s2sdiff.rules.shared import unsupported

__all__ = ["basis", "fit_back"]


def basis(t: Any, k: int, x: Any, left: Any) -> Any:
    """The k + 1 basis functions that are not zero in the intervals of points.

    >>> basis(np.array([0.0, 0.0, 1.0, 1.0]), 1, np.array([0.25]), np.array([1]))
    array([[0.75, 0.25]])
    """
    values = np.ones((len(x), 1))
    for r in range(1, k + 1):
        j = np.arange(1, r + 1)
        high, low = t[left[:, None] + j], t[left[:, None] + j - r]
        width = high - low
        part = np.divide(values, width, out=np.zeros_like(width), where=width != 0.0)
        values = np.zeros((len(x), r + 1))
        values[:, :-1] = (high - x[:, None]) * part
        values[:, 1:] += (x[:, None] - low) * part
    return values


def solved_back(a: Any, column: Any, k: int, count: int, c_bar: Any) -> tuple[Any, Any]:
    """`u = A (A^T A)^-1 c_bar`, and `(A^T A)^-1 c_bar`, which is None where A is square."""
    rows = len(a)
    try:
        if rows == count:
            # Each point lies where its own basis function is not zero: |row - column| <= k.
            band = np.zeros((2 * k + 1, count))
            band[k + column - np.arange(rows)[:, None], np.arange(rows)[:, None]] = a
            return linalg.solve_banded((k, k), band, c_bar), None
        gram = np.zeros((k + 1, count))
        for d in range(k + 1):
            np.add.at(gram[d], column[:, :k + 1 - d], a[:, :k + 1 - d] * a[:, d:])
        v = linalg.solveh_banded(gram, c_bar, lower=True)
    except linalg.LinAlgError:
        raise unsupported("a spline that its points do not determine has no derivative",
                          "take fewer knots") from None
    return np.sum(a[:, :, None] * v[column], axis=1), v


def fit_back(t: Any, c: Any, k: int, x: Any, y: Any, w: Any, c_bar: Any, squares_bar: Any) -> Any:
    """The cotangents of knots, points, values and weights, of a spline fitted to values.

    `y`, `c` and `c_bar` have columns; `squares_bar` is that of the sum of squared residuals.
    """
    left = intervals(t, k, x)
    column = local(left, k)
    values = basis(t, k, x, left)
    a = values * w[:, None]
    u, v = solved_back(a, column, k, len(c), c_bar)
    bars = -np.sum(u[:, None, :] * c[column], axis=2)
    if v is not None:
        rest = w[:, None] * y - np.sum(a[:, :, None] * c[column], axis=1)
        bars += np.sum(rest[:, None, :] * v[column], axis=2)
        # The coefficients are where the squares are least: they need not move for these.
        direct = 2.0 * squares_bar * rest
        u = u + direct
        bars -= np.sum(direct[:, None, :] * c[column], axis=2)
    t_bar, x_bar = basis_back(t, k, x, left, 0, bars * w[:, None])
    w_bar = np.sum(u * y, axis=1) + np.sum(bars * values, axis=1)
    return t_bar, x_bar, w[:, None] * u, w_bar
