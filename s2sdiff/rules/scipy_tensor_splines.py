"""Splines of several variables, `NdBSpline`, by which `RegularGridInterpolator` is smooth.

A value is a sum of coefficients times products of B-splines, one factor for each variable; what
such a factor moves by is what a spline of one variable moves by (`scipy_bsplines`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_bsplines import basis_back, intervals, local, spline_back
from s2sdiff.rules.shared import compiled

__all__: list[str] = []

_helpers: Any = compiled("scipy.interpolate._dierckx")


def factors(t: Any, lengths: Any, k: Any, x: Any, nu: Any) -> list[tuple[Any, Any]]:
    """For each variable: the intervals of points, and the k + 1 B-splines of each."""
    made = []
    for d in range(len(k)):
        knots, degree, at = t[d, :lengths[d]], int(k[d]), x[:, d]
        left = intervals(knots, degree, at)
        # A spline is linear in its coefficients: their cotangents are the B-splines.
        rows = np.zeros((len(at), degree + 1, 1))
        ones = np.ones((len(at), 1))
        _, values, _ = spline_back(knots, rows, degree, at, left, int(nu[d]), ones)
        made.append((left, values[:, :, 0]))
    return made


def product(rows: list[Any]) -> Any:
    """The products of one factor of each variable, for each point, as an array of all of them."""
    made = rows[0]
    for row in rows[1:]:
        made = made[..., None] * np.expand_dims(row, tuple(range(1, made.ndim)))
    return made


def products_back(t: Any, lengths: Any, k: Any, x: Any, nu: Any, made: Any, bars: Any) -> Any:
    """The cotangents of knots and points, of those of the products."""
    t_bar, x_bar = np.zeros_like(t), np.zeros_like(x)
    values = [row for _, row in made]
    for d, (left, _) in enumerate(made):
        ones = [row if e != d else np.ones_like(row) for e, row in enumerate(values)]
        axes = tuple(e + 1 for e in range(len(values)) if e != d)
        bar = np.sum(bars * product(ones), axis=axes)
        t_bar[d, :lengths[d]], x_bar[:, d] = basis_back(
            t[d, :lengths[d]], int(k[d]), x[:, d], left, int(nu[d]), bar)
    return t_bar, x_bar


def evaluate_ndbspline(xi, t, len_t, k, nu, extrapolate, c1r, num_c_tr, strides_c1, indices_k1d):
    result = _helpers.evaluate_ndbspline(
        xi, t, len_t, k, nu, extrapolate, c1r, num_c_tr, strides_c1, indices_k1d)

    def pullback(result_bar):
        known = np.all(np.isfinite(xi), axis=1)
        if not extrapolate:
            for d in range(len(k)):
                low, high = t[d, k[d]], t[d, len_t[d] - k[d] - 1]
                known &= (xi[:, d] >= low) & (xi[:, d] <= high)
        x, g = xi[known], result_bar[known]
        made = factors(t, len_t, k, x, nu)
        place = np.zeros((len(x),) + (1,) * len(made), int)
        for d, (left, _) in enumerate(made):
            number = local(left, int(k[d])) * strides_c1[d]
            place = place + np.expand_dims(
                number, tuple(e + 1 for e in range(len(made)) if e != d))
        at = place[..., None] + np.arange(num_c_tr)
        g = np.expand_dims(g, tuple(range(1, len(made) + 1)))
        c_bar = np.zeros_like(c1r)
        np.add.at(c_bar, at, product([row for _, row in made])[..., None] * g)
        bars = np.sum(c1r[at] * g, axis=-1)
        t_bar, points = products_back(t, len_t, k, x, nu, made, bars)
        xi_bar = np.zeros_like(xi)
        xi_bar[known] = points
        return xi_bar, t_bar, c_bar

    return result, pullback


def _coloc_nd(xvals, _t, len_t, k, _indices_k1d, _cstrides):
    """The elements of the matrix of B-splines at points, row by row, and their places."""
    result = _helpers._coloc_nd(xvals, _t, len_t, k, _indices_k1d, _cstrides)

    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None
        none = np.zeros(len(k), int)
        made = factors(_t, len_t, k, xvals, none)
        bars = np.reshape(result_bar[0], (len(xvals), *(row.shape[1] for _, row in made)))
        t_bar, x_bar = products_back(_t, len_t, k, xvals, none, made, bars)
        return x_bar, t_bar

    return result, pullback


# They are SciPy's own matter, and not all of its versions have them here.
if hasattr(_helpers, "evaluate_ndbspline"):
    derivative(of=_helpers.evaluate_ndbspline, wrt=("xi", "t", "c1r"))(evaluate_ndbspline)
    derivative(of=_helpers._coloc_nd, wrt=("xvals", "_t"))(_coloc_nd)
