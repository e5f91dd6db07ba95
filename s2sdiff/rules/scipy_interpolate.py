"""`scipy.interpolate`: splines of FITPACK as functions of the point."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import interpolate

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported

__all__: list[str] = []


@derivative(of=interpolate.splev, wrt=("x", "tck"))
def splev(x, tck, der=0, ext: Any = 0):
    if isinstance(tck, interpolate.BSpline) or np.ndim(tck[1]) != 1:
        raise unsupported("scipy.interpolate.splev of several splines has no derivative here",
                          "call it for each of them")
    order = tck[2]

    def pullback(y_bar):
        if der >= order:
            return 0.0 * np.asarray(y_bar), NotImplemented
        # Where a bound's value is repeated (3), or zero returned (1), the slope is 0 outside.
        slope = interpolate.splev(x, tck, der + 1, 1 if ext == 3 else ext)
        return y_bar * slope, NotImplemented

    return interpolate.splev(x, tck, der, ext), pullback
