"""FITPACK's routines that take and give something else since SciPy 1.18 has them in C."""

from __future__ import annotations

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_fitpack import (
    IN_C,
    fitpack,
    fitted_back,
    integral_back,
    periodic,
    refuse_unfinished,
    smoothing_back,
    value_back,
)
from s2sdiff.rules.scipy_fitpack_surfaces import grid_pullback

__all__: list[str] = []


def splder(t, c, k, nu, x, e):
    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None, None
        return value_back(t, c, k, x, nu, 0 if e == 3 else e, result_bar[0])

    return fitpack.splder(t, c, k, nu, x, e), pullback


def splint(t, c, k, a, b):
    return fitpack.splint(t, c, k, a, b), lambda bar: integral_back(
        t, c, k, float(a), float(b), bar)


def curfit(iopt, x, y, w, xb, xe, k, s, t, wrk, iwrk):
    n, _, c, squares, ier = fitpack.curfit(iopt, x, y, w, xb, xe, k, s, t, wrk, iwrk)
    if iopt != -1:
        refuse_unfinished(ier)
    found = (*(np.array(a, float) for a in (x, y, w)), t[:n].copy(), c[:n].copy())

    def pullback(bars, t_bar, wrk_bar, iwrk_bar):
        # The knots are written into `t`, and given back, too.
        knots = t_bar[:n] + (0.0 if bars[1] is None else bars[1][:n])
        inner = (knots, None if bars[2] is None else bars[2][:n], bars[3])
        t_bar[...] = 0.0
        wrk_bar[...] = 0.0
        if iopt != -1 and ier == 0:
            x_bar, y_bar, w_bar, begin, end, s_bar = smoothing_back(found, k, inner)
            return None, x_bar, y_bar, w_bar, begin, end, None, s_bar, None, None, None
        x_bar, y_bar, w_bar, begin, end, moved = fitted_back(found, k, ier, iopt == -1, inner)
        if iopt == -1:
            t_bar[k + 1:n - k - 1] = moved[k + 1:n - k - 1]
        return None, x_bar, y_bar, w_bar, begin, end, None, None, None, None, None

    return (n, t.copy(), c, squares, ier), pullback


def percur(iopt, x, y, w, k, s, t, wrk, iwrk):
    raise periodic()


def regrid(iopt, x, y, z, xb, xe, yb, ye, kx, ky, s, nxest, nyest, maxit, wrk, iwrk):
    result = fitpack.regrid(iopt, x, y, z, xb, xe, yb, ye, kx, ky, s, nxest, nyest, maxit, wrk,
                            iwrk)
    points = np.array(x, float), np.array(y, float)
    back = grid_pullback(result, (*points, kx, ky), (xb, xe, yb, ye))

    def pullback(bars, wrk_bar, iwrk_bar):
        wrk_bar[...] = 0.0
        x_bar, y_bar, z_bar, *ends = back(bars)
        return None, x_bar, y_bar, z_bar, *ends, *(None,) * 8

    return result, pullback


if IN_C:
    derivative(of=fitpack.splder, wrt=("t", "c", "x"))(splder)
    derivative(of=fitpack.splint, wrt=("t", "c", "a", "b"))(splint)
    derivative(of=fitpack.curfit, writes=("t", "wrk", "iwrk"))(curfit)
    derivative(of=fitpack.percur, writes=("t", "wrk", "iwrk"))(percur)
    derivative(of=fitpack.regrid, writes=("wrk", "iwrk"))(regrid)
