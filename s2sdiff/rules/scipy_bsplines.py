"""B-splines: `scipy.interpolate`'s compiled helpers for them, with respect to all they read.

A spline at a point is de Boor's triangle (C. de Boor, A Practical Guide to Splines, chapter X): of
the k + 1 coefficients that matter there, each level takes means of neighbours, after `nu` levels of
divided differences for a derivative of order nu.  Going back through it gives the cotangents of
coefficients, point and knots.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import compiled
from s2sdiff.runtime.carried import plain_value, run_of
from s2sdiff.runtime.carried_calls import lifted

__all__ = ["basis_back", "evaluated_back", "intervals", "local", "spline_back"]


def intervals(t: Any, k: int, x: Any) -> Any:
    """The numbers of the knots that begin the intervals of points, the outer ones outside.

    >>> intervals(np.array([0.0, 0.0, 1.0, 2.0, 2.0]), 1, np.array([-1.0, 0.5, 1.0, 2.0]))
    array([1, 1, 2, 2])
    """
    last = len(t) - k - 1
    return np.clip(np.searchsorted(t[:last + 1], x, side="right") - 1, k, last - 1)


def local(left: Any, k: int) -> Any:
    """The numbers of the coefficients that matter in intervals."""
    return left[:, None] + np.arange(-k, 1)


def spline_back(t: Any, d: Any, k: int, x: Any, left: Any, nu: int, out_bar: Any) -> Any:
    """The cotangents of knots, of coefficients (one row for each point) and of points.

    `d` has shape (points, k + 1, columns), `out_bar` shape (points, columns).
    """
    t_bar, x_bar = np.zeros_like(t), np.zeros(len(x))
    if nu > k:
        return t_bar, np.zeros_like(d), x_bar
    levels, steps = [d], []
    for r in range(1, k + 1):
        j = np.arange(r, k + 1)
        low, high = left[:, None] + j - k, left[:, None] + j + 1 - r
        width = t[high] - t[low]
        # An interval without length is where nothing is read but a bound: SciPy's shares are 0.
        inverse = np.divide(1.0, width, out=np.zeros_like(width), where=width != 0.0)
        share = (x[:, None] - t[low]) * inverse
        rise = np.diff(levels[-1], axis=1)
        levels.append((k - r + 1) * rise * inverse[:, :, None] if r <= nu
                      else levels[-1][:, :-1] + share[:, :, None] * rise)
        steps.append((low, high, inverse, share, rise))
    d_bar = out_bar[:, None, :]
    for r in range(k, 0, -1):
        low, high, inverse, share, rise = steps[r - 1]
        below = np.zeros_like(d_bar, shape=(len(x), d_bar.shape[1] + 1, d_bar.shape[2]))
        if r <= nu:
            stretch = -np.sum(d_bar * levels[r], axis=2) * inverse
            np.add.at(t_bar, high, stretch)
            np.add.at(t_bar, low, -stretch)
            even = d_bar * ((k - r + 1) * inverse)[:, :, None]
            below[:, 1:] = even
            below[:, :-1] -= even
        else:
            move = np.sum(d_bar * rise, axis=2) * inverse
            np.add.at(t_bar, high, -move * share)
            np.add.at(t_bar, low, move * (share - 1.0))
            x_bar += np.sum(move, axis=1)
            below[:, 1:] = share[:, :, None] * d_bar
            below[:, :-1] += (1.0 - share)[:, :, None] * d_bar
        d_bar = below
    return t_bar, d_bar, x_bar


def basis_back(t: Any, k: int, x: Any, left: Any, nu: int, bars: Any) -> Any:
    """The cotangents of knots and points, where `bars` has those of the k + 1 basis functions.

    Their sum weighted by `bars` is a spline that has these as its coefficients.
    """
    if run_of((t, x, bars)) is not None:
        return lifted(basis_back, (t, k, x, left, nu, bars), {})
    t_bar, _, x_bar = spline_back(t, bars[:, :, None], k, x, left, nu, np.ones((len(x), 1)))
    return t_bar, x_bar


def evaluated_back(t: Any, c: Any, k: int, x: Any, nu: int, extrapolate: Any, out_bar: Any) -> Any:
    """The cotangents of knots, coefficients and points; those of what is nan are not looked at."""
    known = np.isfinite(x)
    if not extrapolate:
        known &= (x >= t[k]) & (x <= t[len(t) - k - 1])
    left = intervals(t, k, x[known])
    chosen = local(left, k)
    t_bar, d_bar, points = spline_back(t, c[chosen], k, x[known], left, nu, out_bar[known])
    c_bar, x_bar = np.zeros_like(c), np.zeros(len(x))
    np.add.at(c_bar, chosen, d_bar)
    x_bar[known] = points
    return t_bar, c_bar, x_bar


def evaluate_spline(t, c, k, xp, nu, extrapolate):
    def pullback(out_bar):
        return evaluated_back(t, c, k, xp, nu, extrapolate, out_bar)

    return _helpers.evaluate_spline(t, c, k, xp, nu, extrapolate), pullback


def evaluate_spline_into(t, c, k, xp, nu, extrapolate, out):
    """The form of SciPy 1.15, which writes its result into an argument."""
    _helpers.evaluate_spline(t, c, k, xp, nu, extrapolate, out)
    t, c, xp = t.copy(), c.copy(), xp.copy()

    def pullback(_, out_bar):
        bar = out_bar.copy()
        out_bar[...] = 0.0
        t_bar, c_bar, xp_bar = evaluated_back(t, c, k, xp, nu, extrapolate, bar)
        return t_bar, c_bar, None, xp_bar, None, None, None

    return None, pullback


def writes_result() -> bool:
    """Whether this version's `evaluate_spline` takes the array for its result."""
    try:
        _helpers.evaluate_spline(
            np.array([0.0, 1.0]), np.zeros((1, 1)), 0, np.zeros(1), 0, True)
    except TypeError:
        return True
    return False


def evaluate_all_bspl(t, k, xval, m, nu=0):
    def pullback(values_bar):
        at, left = np.array([xval], float), np.array([m])
        t_bar, x_bar = basis_back(t, k, at, left, nu, np.asarray(values_bar)[None])
        return t_bar, x_bar[0]

    return _helpers.evaluate_all_bspl(t, k, xval, m, nu), pullback


def _coloc(x, t, k, ab, offset=0):
    at = placed(x, t, k, offset)
    ab[at] = basis(x, t, k, ab.shape, offset)
    x, t = x.copy(), t.copy()

    def pullback(_, ab_bar):
        bars = ab_bar[at]
        ab_bar[at] = 0.0
        t_bar, x_bar = basis_back(t, k, x, intervals(t, k, x), 0, bars)
        return x_bar, t_bar, None, None, None

    return None, pullback


def placed(x: Any, t: Any, k: int, offset: int) -> tuple[Any, Any]:
    """Where the basis functions at points stand in LAPACK's array, whose rows are diagonals,
    transposed.
    """
    x, t = plain_value(x), plain_value(t)
    column = local(intervals(t, k, x), k)
    return column, 2 * k + np.arange(len(x))[:, None] + offset - column


def basis(x: Any, t: Any, k: int, shape: Any, offset: int) -> Any:
    """What `_coloc` writes, as an array of its own: k + 1 basis functions for each point."""
    if run_of((x, t)) is not None:
        return lifted(basis, (x, t, k, shape, offset), {})
    ab = np.zeros(shape)
    _helpers._coloc(x, t, k, ab, offset)
    return ab[placed(x, t, k, offset)]


@derivative(of=basis, wrt=("x", "t"))
def basis_(x, t, k, shape, offset):
    made = basis(x, t, k, shape, offset)

    def pullback(made_bar):
        t_bar, x_bar = basis_back(t, k, x, intervals(t, k, x), 0, made_bar)
        return x_bar, t_bar

    return made, pullback


def data_matrix(x, t, k, w, extrapolate=False):
    """The basis functions at points, k + 1 for each, times weights."""
    result = _helpers.data_matrix(x, t, k, w, extrapolate)

    def pullback(result_bar):
        left = intervals(t, k, x)
        bars = result_bar[0]
        ones = _helpers.data_matrix(x, t, k, np.ones_like(x), extrapolate)[0]
        t_bar, x_bar = basis_back(t, k, x, left, 0, bars * w[:, None])
        return x_bar, t_bar, np.sum(np.reshape(ones, np.shape(bars)) * bars, axis=1)

    return result, pullback


_helpers: Any = compiled("scipy.interpolate._dierckx")

# These helpers are SciPy's own matter, and not all of its versions have them under these names.
if hasattr(_helpers, "evaluate_spline"):
    if writes_result():
        derivative(of=_helpers.evaluate_spline, writes="out")(evaluate_spline_into)
    else:
        derivative(of=_helpers.evaluate_spline, wrt=("t", "c", "xp"))(evaluate_spline)
for _rule, _wrt, _writes in (
        (evaluate_all_bspl, ("t", "xval"), None),
        (_coloc, None, "ab"),
        (data_matrix, ("x", "t", "w"), None)):
    if hasattr(_helpers, _rule.__name__):
        derivative(of=getattr(_helpers, _rule.__name__), wrt=_wrt, writes=_writes)(_rule)
if hasattr(_helpers, "find_interval"):
    constant(_helpers.find_interval)
