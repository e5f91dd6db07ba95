"""SciPy's spline of least squares for given knots, in the language that is differentiated.

SciPy reduces the matrix in compiled code, row by row.  Its coefficients are kept: what is added to
them is zero, and has the derivative of the solution for the same matrix.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient

__all__ = ["least_coefficients", "make_lsq_spline"]


def least_coefficients(x: Any, y: Any, t: Any, k: Any, options: dict[str, Any]) -> Any:
    """What SciPy finds; it has no derivative."""
    from scipy.interpolate import _bsplines

    return _bsplines.make_lsq_spline(x, y, t, k, **options).c


def make_lsq_spline(x: Any, y: Any, t: Any, k: Any = 3, w: Any = None, axis: Any = 0,
                    check_finite: Any = True, **options: Any) -> Any:
    from scipy.interpolate import BSpline

    weights = np.ones(len(x)) if w is None else np.asarray(w) * 1.0
    # Copies, as what is stopped may be a list, of which nobody knows who writes it.
    given = None if w is None else stop_gradient(np.array(w))
    found = least_coefficients(
        stop_gradient(np.array(x)), stop_gradient(np.array(y)), stop_gradient(np.array(t)), k,
        {"w": given, "axis": axis, "check_finite": check_finite, **options})
    knots = np.asarray(t) * 1.0
    rows = BSpline(knots, np.eye(len(found)), k)(np.asarray(x) * 1.0)
    sides = np.moveaxis(np.asarray(y) * 1.0, axis, 0)
    flat = sides.reshape(len(sides), -1)
    solved = np.linalg.lstsq(weights[:, None] * rows, weights[:, None] * flat, None)[0]
    c = np.reshape(solved, found.shape) * 1.0
    return BSpline.construct_fast(knots, found + (c - stop_gradient(c)), k, axis=axis)
