"""SciPy's splines through a grid of values, in the language that is differentiated.

SciPy solves for all coefficients at once, by iterations.  The matrix is the Kronecker product of
those of the variables, so that its inverse is applied by splines of one variable, axis by axis
(C. de Boor, A Practical Guide to Splines, chapter XVII).  SciPy's own coefficients are kept: what
is added to them is zero and has the derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient

__all__ = ["coefficients", "make_ndbspl"]


def coefficients(points: Any, values: Any, k: Any, options: dict[str, Any]) -> Any:
    """What SciPy finds; it has no derivative."""
    from scipy.interpolate import _ndbspline

    return _ndbspline.make_ndbspl(points, values, k, **options).c.copy()


def make_ndbspl(points: Any, values: Any, k: Any = 3, **options: Any) -> Any:
    from scipy.interpolate import NdBSpline, make_interp_spline

    degrees = (k,) * len(points) if isinstance(k, int) else k
    found = coefficients(stop_gradient(points), stop_gradient(values), k, options)
    knots = ()
    c = np.asarray(values) * 1.0
    for axis in range(len(points)):
        line = make_interp_spline(np.asarray(points[axis]) * 1.0, c, degrees[axis], axis=axis)
        knots = (*knots, line.t)
        c = np.moveaxis(line.c, 0, axis)
    return NdBSpline(knots, found + (c - stop_gradient(c)), degrees)
