"""`scipy.interpolate`: piecewise polynomials."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported

__all__: list[str] = []

_ppoly: Any = importlib.import_module("scipy.interpolate._ppoly")


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
