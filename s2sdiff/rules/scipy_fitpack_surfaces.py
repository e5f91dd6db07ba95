"""FITPACK's splines of two variables, which `RectBivariateSpline` and `bisplev` call.

A surface is `Bx C By^T`, with the B-splines of each variable at the points of a grid, or row by row
at single points.  Through a grid of values it is found by `C = Bx^-1 Z By^-T`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.interpolate import BSpline

from s2sdiff.rules.scipy_bsplines import evaluated_back
from s2sdiff.rules.scipy_fitpack import fitpack, integral_back, knots_back, rule_for
from s2sdiff.rules.shared import unsupported

__all__ = ["grid_pullback"]


def basis(t: Any, k: int, x: Any, nu: int = 0) -> Any:
    """The B-splines, or their derivatives, at points: a row for each; at the bound outside."""
    n = len(t) - k - 1
    return BSpline(t, np.eye(n), k)(np.clip(x, t[k], t[n]), nu)


def line_back(t: Any, c: Any, k: int, x: Any, nu: int, y_bar: Any) -> tuple[Any, Any]:
    """The cotangents of knots and points; outside there is the value at the bound."""
    n = len(t) - k - 1
    t_bar, _, x_bar = evaluated_back(t, c, k, np.clip(x, t[k], t[n]), nu, True, y_bar)
    for end, beyond in ((k, x < t[k]), (n, x > t[n])):
        t_bar[end] += np.sum(x_bar[beyond])
        x_bar[beyond] = 0.0
    return t_bar, x_bar


def surface_back(z_bar: Any, given: tuple, orders: tuple[int, int]) -> tuple:
    """The cotangents of both rows of knots, of coefficients and of the coordinates."""
    tx, ty, c, kx, ky, x, y = given
    shapes = np.shape(x), np.shape(y)
    tx, ty, x, y = (np.atleast_1d(np.asarray(v, float)) for v in (tx, ty, x, y))
    of_x, of_y = basis(tx, kx, x, orders[0]), basis(ty, ky, y, orders[1])
    size = of_x.shape[1] * of_y.shape[1]
    table = np.reshape(np.asarray(c, float)[:size], (of_x.shape[1], -1))
    if np.ndim(z_bar) == 2:
        c_bar = of_x.T @ z_bar @ of_y
        lines = (table @ of_y.T, z_bar), ((of_x @ table).T, z_bar.T)
    else:
        g = z_bar[:, None]
        c_bar = of_x.T @ (g * of_y)
        lines = (table, g * of_y), (table.T, g * of_x)
    tx_bar, x_bar = line_back(tx, lines[0][0], kx, x, orders[0], lines[0][1])
    ty_bar, y_bar = line_back(ty, lines[1][0], ky, y, orders[1], lines[1][1])
    all_c_bar = np.zeros(len(c))
    all_c_bar[:size] = np.ravel(c_bar)
    return tx_bar, ty_bar, all_c_bar, np.reshape(x_bar, shapes[0]), np.reshape(y_bar, shapes[1])


def evaluated(of: Any, given: tuple, orders: tuple[int, int] | None = None) -> tuple:
    """The rule of a function that gives values, or partial derivatives, and an error code."""
    args = given if orders is None else (*given[:5], *orders, *given[5:])

    def pullback(result_bar):
        if result_bar[0] is None:
            return (None,) * 5
        return surface_back(result_bar[0], given, orders or (0, 0))

    return of(*args), pullback


@rule_for("bispev", wrt=("tx", "ty", "c", "x", "y"))
def bispev(tx, ty, c, kx, ky, x, y):
    return evaluated(fitpack.bispev, (tx, ty, c, kx, ky, x, y))


@rule_for("bispeu", wrt=("tx", "ty", "c", "x", "y"))
def bispeu(tx, ty, c, kx, ky, x, y):
    return evaluated(fitpack.bispeu, (tx, ty, c, kx, ky, x, y))


@rule_for("parder", wrt=("tx", "ty", "c", "x", "y"))
def parder(tx, ty, c, kx, ky, nux, nuy, x, y):
    return evaluated(fitpack.parder, (tx, ty, c, kx, ky, x, y), (nux, nuy))


@rule_for("pardeu", wrt=("tx", "ty", "c", "x", "y"))
def pardeu(tx, ty, c, kx, ky, nux, nuy, x, y):
    return evaluated(fitpack.pardeu, (tx, ty, c, kx, ky, x, y), (nux, nuy))


@rule_for("dblint", wrt=("tx", "ty", "c", "xb", "xe", "yb", "ye"))
def dblint(tx, ty, c, kx, ky, xb, xe, yb, ye):
    """The integral over a rectangle; in each variable it is the integral of a spline."""
    def pullback(bar):
        x, y = (tx, kx, float(xb), float(xe)), (ty, ky, float(yb), float(ye))
        table = np.reshape(np.asarray(c, float), (len(tx) - kx - 1, len(ty) - ky - 1))
        # The integral of each B-spline: that of a spline is linear in its coefficients.
        of_x, of_y = (integral_back(t, np.zeros(n), k, low, high, 1.0)[1]
                      for (t, k, low, high), n in zip((x, y), table.shape, strict=True))
        tx_bar, _, *x_bars = integral_back(tx, table @ of_y, *x[1:], bar)
        ty_bar, _, *y_bars = integral_back(ty, of_x @ table, *y[1:], bar)
        return tx_bar, ty_bar, np.ravel(bar * np.outer(of_x, of_y)), *x_bars, *y_bars

    return fitpack.dblint(tx, ty, c, kx, ky, xb, xe, yb, ye), pullback


@rule_for("regrid_smth", wrt=("x", "y", "z", "xb", "xe", "yb", "ye"))
def regrid_smth(x, y, z, xb: Any = None, xe: Any = None, yb: Any = None, ye: Any = None, kx=3,
                ky=3, s=0.0, *maxit):
    result = fitpack.regrid_smth(x, y, z, xb, xe, yb, ye, kx, ky, s, *maxit)
    return result, grid_pullback(result, (x, y, kx, ky), (xb, xe, yb, ye))


def grid_pullback(result: tuple, given: tuple, bounds: tuple) -> Any:
    """What goes back through a surface over a grid, to its points, values and bounds."""
    x, y, kx, ky = given
    xb, xe, yb, ye = bounds
    nx, tx, ny, ty, c, _, ier = result
    if ier != -1:
        raise unsupported("a smoothing surface has no derivative here: FITPACK chooses its knots "
                          "and stops when the residual is about s",
                          "pass s=0, so that it goes through the values")
    tx, ty = tx[:nx].copy(), ty[:ny].copy()
    of_x, of_y = basis(tx, kx, np.array(x, float)), basis(ty, ky, np.array(y, float))
    size = of_x.shape[1] * of_y.shape[1]
    table = np.reshape(c[:size].copy(), (of_x.shape[1], -1))

    def pullback(bars):
        c_bar = np.zeros(size) if bars[4] is None else bars[4][:size]
        # Cotangents of C = Bx^-1 Z By^-T: of the values, and what the B-splines move by.
        g = np.linalg.solve(of_x.T, np.reshape(c_bar, table.shape))
        g = np.linalg.solve(of_y.T, g.T).T
        entries = []
        for t, k, at, lines, bar, given, ends in (
                (tx, kx, x, table @ of_y.T, g, bars[1], (xb, xe)),
                (ty, ky, y, (of_x @ table).T, g.T, bars[3], (yb, ye))):
            t_bar, _, at_bar = evaluated_back(t, lines, k, np.asarray(at, float), 0, True, -bar)
            t_bar = t_bar if given is None else t_bar + given[:len(t)]
            of_points, begin, end = knots_back(t_bar, k, len(at), True)
            at_bar = at_bar + of_points
            # A bound that is not given is the outermost point.
            at_bar[0] += begin if ends[0] is None else 0.0
            at_bar[-1] += end if ends[1] is None else 0.0
            entries.append((at_bar, None if ends[0] is None else begin,
                            None if ends[1] is None else end))
        (x_bar, *x_ends), (y_bar, *y_ends) = entries
        return x_bar, y_bar, np.ravel(g), *x_ends, *y_ends

    return pullback
