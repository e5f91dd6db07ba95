"""FITPACK's smoothing splines: their derivative for the knots that were chosen.

FITPACK chooses some of the points as knots, and then makes `|B c|^2 + p |W (A c - y)|^2` least,
with the jumps `B c` of the highest derivative at the knots, and with the p for which
`|W (A c - y)|^2 = s` (P. Dierckx, Curve and Surface Fitting with Splines, 1993, chapter 5).  Which
points are knots counts as constant.  That p moves, for the residual to stay what it is, is part of
the derivative.  FITPACK stops when the residual is within a thousandth of s, in its own way; what
that moves by is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from s2sdiff.rules.scipy_bsplines import basis_back, intervals, local
from s2sdiff.rules.scipy_spline_fits import basis
from s2sdiff.rules.shared import unsupported

__all__ = ["jumps", "knots_at_points", "smoothed_back"]

#: How far coefficients may be from those that the equations give.
_OFF = 1e-4


def jumps(t: Any, k: int) -> Any:
    """The jumps of the k-th derivative at the inner knots, as FITPACK has them, by coefficients.

    It takes the mean distance of knots for the unit of length.

    >>> jumps(np.array([0.0, 0.0, 1.0, 3.0, 3.0]), 1).toarray()
    array([[ 1.5 , -2.25,  0.75]])
    """
    n = len(t) - k - 1
    scale = (n - k) / (t[n] - t[k])
    inner = np.arange(k + 1, n)
    rows, columns, values = [], [], []
    for row, at in enumerate(inner):
        for j in range(row, row + k + 2):
            others = [t[at] - t[m] for m in range(j, j + k + 2) if m != at]
            values.append((t[j + k + 1] - t[j]) / (np.prod(others) * scale**k))
            rows.append(row)
            columns.append(j)
    return sparse.csr_array((values, (rows, columns)), shape=(len(inner), n))


def solved(matrix: Any, right: Any) -> Any:
    try:
        found = linalg.splu(sparse.csc_array(matrix)).solve(right)
    except RuntimeError:  # exactly singular
        found = np.full_like(right, np.nan)
    if not np.all(np.isfinite(found)):
        raise unsupported("a spline that its points do not determine has no derivative",
                          "take fewer knots")
    return found


def smoothed_back(t: Any, k: int, given: tuple, c: Any, bars: tuple) -> tuple:
    """The cotangents of knots, points, values, weights and `s`.

    `given` has points, values and weights; `bars` the cotangents of the coefficients and of the
    residual.
    """
    x, y, w = given
    left = intervals(t, k, x)
    column, values = local(left, k), basis(t, k, x, left)
    a = sparse.csr_array((values.ravel(), (np.repeat(np.arange(len(x)), k + 1), column.ravel())),
                         shape=(len(x), len(c)))
    b, (c_bar, squares_bar) = jumps(t, k), bars
    rest, jump = y - a @ c, b @ c
    weighted = sparse.diags_array(w * w) @ a
    pull, bend = weighted.T @ rest, b.T @ jump
    p = (pull @ bend) / (pull @ pull or np.inf)
    if not np.linalg.norm(bend - p * pull) <= _OFF * np.linalg.norm(bend) or p <= 0.0:
        raise unsupported("FITPACK ended at a spline that is not the smoothest of its residual",
                          "let it use more knots, or give them (LSQUnivariateSpline)")
    whole = b.T @ b + p * (weighted.T @ a)
    z, v = solved(whole, np.stack([c_bar, pull], axis=1)).T
    share = (c_bar @ v) / (pull @ v)
    z = z - share * v
    slope, pressed = a @ z, w * w * rest
    # Of each B-spline at each point, and of each jump.
    of_values = (p * pressed[:, None] * z[column]
                 - (p * w * w * slope + share * pressed)[:, None] * c[column])
    t_bar, x_bar = basis_back(t, k, x, left, 0, of_values)
    t_bar = t_bar + jumps_back(t, k, b, -(jump[:, None] * z[spread(b, k)]
                                          + (b @ z)[:, None] * c[spread(b, k)]))
    y_bar = w * w * (p * slope + share * rest)
    w_bar = w * rest * (2.0 * p * slope + share * rest)
    # The residual itself is s, and moves with nothing else.
    return t_bar, x_bar, y_bar, w_bar, squares_bar - 0.5 * share


def spread(b: Any, k: int) -> Any:
    """The columns of the jumps at each knot."""
    return np.arange(b.shape[0])[:, None] + np.arange(k + 2)


def jumps_back(t: Any, k: int, b: Any, bars: Any) -> Any:
    """The cotangent of knots by that of the jumps' factors, but for their scale, which p undoes."""
    t_bar = np.zeros(len(t))
    factors = np.reshape(b.data, bars.shape) * bars
    for row, at in enumerate(range(k + 1, len(t) - k - 1)):
        for i, g in enumerate(factors[row]):
            first, last = row + i, row + i + k + 1
            width = t[last] - t[first]
            t_bar[last] += g / width
            t_bar[first] -= g / width
            for m in range(first, last + 1):
                if m != at:
                    t_bar[at] -= g / (t[at] - t[m])
                    t_bar[m] += g / (t[at] - t[m])
    return t_bar


def knots_at_points(t_bar: Any, t: Any, k: int, x: Any) -> tuple:
    """The cotangents of points and of both bounds, by that of knots which lie at points."""
    x_bar, inner = np.zeros(len(x)), t[k + 1:len(t) - k - 1]
    at = np.minimum(np.searchsorted(x, inner), len(x) - 1)
    if np.any(x[at] != inner):
        raise unsupported("a smoothing spline whose knots are no points has no derivative here",
                          "give the knots (LSQUnivariateSpline, make_lsq_spline)")
    np.add.at(x_bar, at, t_bar[k + 1:len(t) - k - 1])
    return x_bar, np.sum(t_bar[:k + 1]), np.sum(t_bar[len(t) - k - 1:])
