"""`splprep`: curves by splines of one parameter, through points or by least squares.

All coordinates have one parameter and the same knots.  Where the parameter is not given it is the
length along the chords between the points, over all of that.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_fitpack import filled, knots_back, refuse_unfinished
from s2sdiff.rules.scipy_spline_fits import fit_back
from s2sdiff.rules.shared import compiled, unsupported

__all__: list[str] = []

_impl: Any = compiled("scipy.interpolate._fitpack_impl")


def splprep(x, w: Any = None, u: Any = None, ub: Any = None, ue: Any = None, k: Any = 3,
            task: Any = 0, s: Any = None, t: Any = None, full_output: Any = 0, nest: Any = None,
            per: Any = 0, quiet: Any = 1):
    if per or task == 1:
        raise unsupported(f"splprep with {'per' if per else 'task=1'} has no derivative here",
                          "use make_interp_spline with a parameter of your own")
    options = (k, task, s, t, 1, nest, per, quiet)
    found, squares, ier, message = _impl.splprep(x, w, u, ub, ue, *options)
    refuse_unfinished(ier)
    if task == 0 and ier == 0:
        raise unsupported("a curve of splprep that smooths has no derivative here",
                          "pass s=0, or knots and task=-1, or smooth each coordinate with splrep")
    (knots, coefficients, _), parameter = found
    kept = (np.array(parameter, float), np.array(x, float).T, knots.copy(),
            np.array(coefficients, float).T)

    def pullback(bars):
        (curve_bar, along_bar), squares_bar = (bars[0] or (None, None), bars[1]) if full_output \
            else (bars, None)
        knots_bar, coefficients_bar, _ = curve_bar or (None, None, None)
        along, points, at, c = kept
        c_bar = np.zeros_like(c)
        for i, bar in enumerate(coefficients_bar or ()):
            c_bar[:, i] = 0.0 if bar is None else bar
        weights = np.ones(len(along)) if w is None else np.array(w, float)
        moved, u_bar, points_bar, w_bar = fit_back(
            at, c, k, along, points, weights, c_bar, squares_bar or 0.0)
        moved = moved + filled(knots_bar, at)
        of_points, begin, end = knots_back(moved, k, len(along), ier == -1 and task == 0)
        u_bar = u_bar + of_points + filled(along_bar, along)
        t_bar = inner(moved, k, t)
        if u is None:
            return rows(x, points_bar + chords_back(points, u_bar)), w_bar, None, None, None, t_bar
        if ub is None:
            u_bar[0] += begin
        if ue is None:
            u_bar[-1] += end
        return (rows(x, points_bar), w_bar, u_bar, None if ub is None else begin,
                None if ue is None else end, t_bar)

    return (found, squares, ier, message) if full_output else found, pullback


def rows(x: Any, points_bar: Any) -> Any:
    """The cotangent of all coordinates, as they were given."""
    if not isinstance(x, SEQUENCES):
        return points_bar.T
    return type(x)([bar.tolist() if isinstance(v, SEQUENCES) else bar
                    for v, bar in zip(x, points_bar.T, strict=True)])


def chords_back(points: Any, u_bar: Any) -> Any:
    """The cotangent of points by that of the share of the length that lies before each."""
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    before = np.concatenate([[0.0], np.cumsum(lengths)])
    whole = before[-1]
    after = np.cumsum(u_bar[:0:-1])[::-1] / whole - (u_bar @ before) / whole**2
    unit = np.divide(steps, lengths[:, None], out=np.zeros_like(steps), where=steps != 0)
    found = np.zeros_like(points)
    found[1:] += after[:, None] * unit
    found[:-1] -= after[:, None] * unit
    return found


def inner(moved: Any, k: int, t: Any) -> Any:
    """The cotangent of knots that were given, of which those between the ends are taken."""
    if t is None:
        return None
    found = np.zeros_like(moved)
    found[k + 1:len(found) - k - 1] = moved[k + 1:len(found) - k - 1]
    return found


if hasattr(_impl, "splprep"):
    derivative(of=_impl.splprep, wrt=("x", "w", "u", "ub", "ue", "t"))(splprep)
