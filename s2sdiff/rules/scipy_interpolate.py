"""`scipy.interpolate`: splines of FITPACK as functions of the point, and piecewise polynomials."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
from scipy import interpolate

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported

__all__: list[str] = []

_ppoly: Any = importlib.import_module("scipy.interpolate._ppoly")


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


@derivative(of=_ppoly.evaluate, writes="out")
def evaluate(c, x, xp, dx, extrapolate, out):
    """Polynomials between breakpoints x, at points xp, in powers of the way from the left one."""
    if np.iscomplexobj(c) or x[-1] < x[0]:
        raise unsupported("a piecewise polynomial with complex coefficients or falling breakpoints "
                          "has no derivative here", "take parts, and let the breakpoints rise")
    _ppoly.evaluate(c, x, xp, dx, extrapolate, out)
    c, x, xp = c.copy(), x.copy(), xp.copy()

    def pullback(_, out_bar):
        known = np.isfinite(xp) if extrapolate else (xp >= x[0]) & (xp <= x[-1])
        y_bar = np.where(known[:, None], out_bar, 0.0)
        out_bar[...] = 0.0
        at = np.clip(np.searchsorted(x, xp, side="right") - 1, 0, c.shape[1] - 1)
        way = np.where(known, xp - x[at], 0.0)
        c_bar, x_bar, slope = np.zeros_like(c), np.zeros_like(x), np.empty(out_bar.shape)
        for k in range(c.shape[0]):
            power = c.shape[0] - 1 - k
            if power >= dx:
                factor = math.perm(power, dx) * way ** (power - dx)
                np.add.at(c_bar[k], at, y_bar * factor[:, None])
        _ppoly.evaluate(c, x, xp, dx + 1, extrapolate, slope)
        xp_bar = np.sum(np.where(known[:, None], y_bar * slope, 0.0), axis=1)
        np.add.at(x_bar, at, -xp_bar)
        return c_bar, x_bar, xp_bar, None, None, None

    return None, pullback
