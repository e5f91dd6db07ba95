"""`scipy.interpolate`: integrals of piecewise polynomials, which it writes into arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import compiled, unsupported

__all__: list[str] = []

_ppoly: Any = compiled("scipy.interpolate._ppoly")


def check_real(c: Any, x: Any) -> None:
    if np.iscomplexobj(c) or x[-1] < x[0]:
        raise unsupported("a piecewise polynomial with complex coefficients or falling breakpoints "
                          "has no derivative here", "take parts, and let the breakpoints rise")


def values_at(c: Any, way: Any) -> Any:
    """Each piece at its own way from its left breakpoint."""
    total = np.zeros(c.shape[1:])
    for coefficient in c:
        total = total * way[:, None] + coefficient
    return total


@derivative(of=_ppoly.integrate, writes="out")
def integrate(c, x, a, b, extrapolate, out):
    """The sum over pieces of what lies between a and b, which is not below it."""
    check_real(c, x)
    _ppoly.integrate(c, x, a, b, extrapolate, out)
    c, x = c.copy(), x.copy()

    def pullback(_, out_bar):
        g = np.where(np.isfinite(out), out_bar, 0.0)
        out_bar[...] = 0.0
        low, high = x[:-1].copy(), x[1:].copy()
        if extrapolate:
            low[0], high[-1] = -np.inf, np.inf
        from_a, to_b = low < a, high > b
        inside = np.maximum(low, a) < np.minimum(high, b)
        start, stop = (np.where(inside, np.where(own, end, side) - x[:-1], 0.0)
                       for own, end, side in ((from_a, a, low), (to_b, b, high)))
        c_bar, x_bar = np.zeros_like(c), np.zeros_like(x)
        for k in range(len(c)):
            power = len(c) - k
            c_bar[k] = ((stop**power - start**power) / power)[:, None] * g
        at_start, at_stop = (np.where(inside, values_at(c, way) @ g, 0.0)
                             for way in (start, stop))
        x_bar[:-1] += at_start - at_stop - np.where(from_a, 0.0, at_start)
        x_bar[1:] += np.where(to_b, 0.0, at_stop)
        return (c_bar, x_bar, -np.sum(at_start[from_a]), np.sum(at_stop[to_b]), None, None)

    return None, pullback


@derivative(of=_ppoly.fix_continuity, writes="c")
def fix_continuity(c, x, order):
    """The lowest coefficients of each piece are made those of the piece before it, at its end."""
    check_real(c, x)
    _ppoly.fix_continuity(c, x, order)
    made, x, steps = c.copy(), x.copy(), np.diff(x)
    last = len(made) - 1

    def pullback(_, c_bar):
        x_bar = np.zeros_like(x)
        for i in range(made.shape[1] - 1, 0, -1):
            for d in range(order + 1):
                g = c_bar[last - d, i].copy()
                c_bar[last - d, i] = 0.0
                slope = 0.0
                for power in range(d, last + 1):
                    factor = math.comb(power, d)
                    c_bar[last - power, i - 1] += factor * steps[i - 1] ** (power - d) * g
                    if power > d:
                        slope = slope + factor * (power - d) * steps[i - 1] ** (
                            power - d - 1) * np.sum(made[last - power, i - 1] * g)
                x_bar[i] += slope
                x_bar[i - 1] -= slope
        return None, x_bar, None

    return None, pullback
