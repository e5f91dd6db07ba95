"""`scipy.interpolate`: piecewise polynomials."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import place
from s2sdiff.runtime.carried import run_of
from s2sdiff.runtime.carried_calls import lifted

__all__: list[str] = []

_ppoly: Any = importlib.import_module("scipy.interpolate._ppoly")


@derivative(of=_ppoly.evaluate, writes="out")
def evaluate(c, x, xp, dx, extrapolate, out):
    """Polynomials between breakpoints x, at points xp, in powers of the way from the left one."""
    if np.iscomplexobj(c) or x[-1] < x[0]:
        raise unsupported("a piecewise polynomial with complex coefficients or falling breakpoints "
                          "has no derivative here", "take parts, and let the breakpoints rise")
    made = values(c, x, xp, dx, extrapolate)
    out[...] = made
    c, x, xp = c.copy(), x.copy(), xp.copy()

    def pullback(_, out_bar):
        entries = shares(c, x, xp, dx, extrapolate, out_bar)
        out_bar[...] = 0.0
        return (*entries, None, None, None)

    return None, pullback


def values(c: Any, x: Any, xp: Any, dx: int, extrapolate: Any) -> Any:
    """What `evaluate` writes, as an array of its own."""
    if run_of((c, x, xp)) is not None:
        return lifted(values, (c, x, xp, dx, extrapolate), {})
    out = np.empty((len(xp), c.shape[2]))
    _ppoly.evaluate(c, x, xp, dx, extrapolate, out)
    return out


@derivative(of=values)
def values_(c, x, xp, dx, extrapolate):
    made = values(c, x, xp, dx, extrapolate)
    return made, lambda made_bar: (*shares(c, x, xp, dx, extrapolate, made_bar), None, None)


def shares(c: Any, x: Any, xp: Any, dx: int, extrapolate: Any, out_bar: Any) -> tuple:
    """The cotangents of coefficients, breakpoints and points."""
    known = np.isfinite(xp) if extrapolate else (xp >= x[0]) & (xp <= x[-1])
    y_bar = np.where(known[:, None], out_bar, 0.0)
    at = np.clip(np.searchsorted(x, xp, side="right") - 1, 0, c.shape[1] - 1)
    way = np.where(known, xp - x[at], 0.0)
    rows = []
    for power in range(c.shape[0] - 1, -1, -1):
        if power >= dx:
            factor = math.perm(power, dx) * way ** (power - dx)
            rows.append(place(y_bar * factor[:, None], c.shape[1:], at))
        else:
            rows.append(np.zeros(c.shape[1:]))
    slope = values(c, x, xp, dx + 1, extrapolate)
    xp_bar = np.sum(np.where(known[:, None], y_bar * slope, 0.0), axis=1)
    return np.stack(rows), place(-xp_bar, x.shape, at), xp_bar
