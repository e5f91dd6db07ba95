"""FITPACK's routines, which `splrep`, `splev`, `UnivariateSpline` and their kin call."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.scipy_bsplines import evaluated_back
from s2sdiff.rules.scipy_fitpack_smoothing import knots_at_points, smoothed_back
from s2sdiff.rules.scipy_spline_fits import fit_back
from s2sdiff.rules.shared import compiled, unsupported

__all__ = ["IN_C", "fitpack", "fitted_back", "integral_back", "knots_back", "periodic",
           "refuse_unfinished", "rule_for", "smoothing_back", "value_back"]

#: From SciPy 1.18 on in C, where a few routines were before; see `scipy_fitpack_in_c`.
IN_C = hasattr(compiled("scipy.interpolate._fitpack"), "curfit")
fitpack: Any = compiled(f"scipy.interpolate.{'_fitpack' if IN_C else '_dfitpack'}")


def rule_for(name: str, wrt: Any = None, writes: Any = None, in_c: bool = True) -> Any:
    """Register a rule, where this version of SciPy has the routine, with these arguments."""
    target = None if IN_C and not in_c else getattr(fitpack, name, None)
    return (lambda rule: rule) if target is None else derivative(of=target, wrt=wrt, writes=writes)


# Whether knots and points fit together.
if hasattr(fitpack, "fpchec"):
    constant(fitpack.fpchec)

# ------------------------------------------------------------------------------- what is read


def value_back(t: Any, c: Any, k: int, x: Any, nu: int, e: int, y_bar: Any) -> Any:
    """The cotangents of knots, coefficients and points; `e` says what is there outside."""
    t, c, x = np.asarray(t, float), np.asarray(c, float), np.asarray(x, float)
    y_bar, ends = np.reshape(y_bar, (-1, 1)), (k, len(t) - k - 1)
    # Outside there is the value at the bound (3), or zero (1).
    at = np.clip(x, t[ends[0]], t[ends[1]]) if e == 3 else x
    t_bar, c_bar, x_bar = evaluated_back(t, c[:, None], k, at, nu, e != 1, y_bar)
    if e == 3:
        for end, beyond in ((ends[0], x < t[ends[0]]), (ends[1], x > t[ends[1]])):
            t_bar[end] += np.sum(x_bar[beyond])
            x_bar[beyond] = 0.0
    return t_bar, c_bar[:, 0], x_bar


@rule_for("splev", wrt=("t", "c", "x"))
def splev(t, c, k, x, e=0):
    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None, None
        return value_back(t, c, k, x, 0, e, result_bar[0])

    return fitpack.splev(t, c, k, x, e), pullback


@rule_for("splder", wrt=("t", "c", "x"), in_c=False)
def splder(t, c, k, x, nu=1, e=0):
    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None, None
        # It knows no value at the bound (3), and goes on there.
        return value_back(t, c, k, x, nu, 0 if e == 3 else e, result_bar[0])

    return fitpack.splder(t, c, k, x, nu, e), pullback


@rule_for("splint", wrt=("t", "c", "a", "b"), in_c=False)
def splint(t, c, k, a, b):
    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None, None, None
        return integral_back(t, c, k, float(a), float(b), result_bar[0])

    return fitpack.splint(t, c, k, a, b), pullback


def integral_back(t: Any, c: Any, k: int, a: float, b: float, bar: Any) -> tuple:
    """The cotangents for the integral of a spline, which is zero outside: a difference of its
    antiderivative's.
    """
    n = len(t) - k - 1
    limits = np.clip([a, b], t[k], t[n])
    inside = (limits == [a, b])
    share = (t[k + 1:] - t[:n]) / (k + 1)
    longer = np.concatenate([t[:1], t, t[-1:]])
    sums = np.concatenate([[0.0], np.cumsum(c[:n] * share)])
    knots_bar, sums_bar, limits_bar = evaluated_back(
        longer, sums[:, None], k + 1, limits, 0, True, np.array([[-1.0], [1.0]]) * bar)
    t_bar, c_bar = knots_bar[1:-1].copy(), np.zeros_like(c)
    t_bar[0] += knots_bar[0]
    t_bar[-1] += knots_bar[-1]
    after = np.cumsum(sums_bar[:0:-1, 0])[::-1]
    c_bar[:n] = after * share
    stretch = after * c[:n] / (k + 1)
    t_bar[k + 1:] += stretch
    t_bar[:n] -= stretch
    low = limits == t[k]
    t_bar[k] += np.sum(limits_bar[~inside & low])
    t_bar[n] += np.sum(limits_bar[~inside & ~low])
    limits_bar = np.where(inside, limits_bar, 0.0)
    return t_bar, c_bar, limits_bar[0], limits_bar[1]


# ----------------------------------------------------------------------------- what is fitted


def knots_back(t_bar: Any, k: int, m: int, interpolating: bool) -> Any:
    """The cotangents of points and of both bounds: where FITPACK puts knots that it chooses.

    The bounds k + 1 times each; where it interpolates, the points between them, or the middles
    between the points for even degrees.
    """
    x_bar, inner = np.zeros(m), t_bar[k + 1:len(t_bar) - k - 1]
    if interpolating:
        first = k // 2 + 1
        if k % 2:
            x_bar[first:first + len(inner)] += inner
        else:
            x_bar[first:first + len(inner)] += inner / 2.0
            x_bar[first - 1:first - 1 + len(inner)] += inner / 2.0
    return x_bar, np.sum(t_bar[:k + 1]), np.sum(t_bar[len(t_bar) - k - 1:])


def refuse_unfinished(ier: int) -> None:
    """Refuse where FITPACK gave up, and ended with what it does not describe."""
    if ier not in (0, -1, -2):
        raise unsupported(
            "FITPACK did not find a smoothing spline whose residual is s, and what it gives "
            "instead has no derivative",
            "pass a greater s, or give the knots (LSQUnivariateSpline, make_lsq_spline)")


def smoothing_back(found: Any, k: int, bars: Any) -> Any:
    """The cotangents of x, y, w, both bounds and s, by those of t, c and the residual."""
    x, y, w, t, c = found
    n = len(t) - k - 1
    t_bar, c_bar, squares_bar = bars
    c_bar = np.zeros(n) if c_bar is None else np.asarray(c_bar)[:n]
    moved, x_bar, y_bar, w_bar, s_bar = smoothed_back(t, k, (x, y, w), c[:n],
                                                      (c_bar, squares_bar or 0.0))
    moved = moved + filled(t_bar, t)
    of_points, begin_bar, end_bar = knots_at_points(moved, t, k, x)
    return x_bar + of_points, y_bar, w_bar, begin_bar, end_bar, s_bar


def filled(bar: Any, like: Any) -> Any:
    return np.zeros_like(like) if bar is None else bar


def fitted_back(found: Any, k: int, ier: int, given: bool, bars: Any) -> Any:
    """The cotangents of x, y, w, both bounds and knots, by those of t, c and the residual."""
    x, y, w, t, c = found
    t_bar, c_bar, squares_bar = bars
    n = len(t) - k - 1
    moved, x_bar, y_bar, w_bar = fit_back(
        t, c[:n, None], k, x, y[:, None], w, filled(c_bar, c)[:n, None], squares_bar or 0.0)
    moved = moved + filled(t_bar, t)
    of_points, begin_bar, end_bar = knots_back(moved, k, len(x), ier == -1 and not given)
    return x_bar + of_points, y_bar[:, 0], w_bar, begin_bar, end_bar, moved


def handed_on(found: tuple, bars: Any, xb: Any, xe: Any, w: Any) -> tuple:
    """The entries for points, values, weights and bounds, with those of what is only handed on."""
    x_bar, y_bar, w_bar = (g + filled(bar, g) for g, bar in zip(found[:3], bars[:3], strict=True))
    begin_bar, end_bar = found[3] + (bars[3] or 0.0), found[4] + (bars[4] or 0.0)
    # A bound that is not given is the outermost point.
    if xb is None:
        x_bar[0] += begin_bar
    if xe is None:
        x_bar[-1] += end_bar
    return (x_bar, y_bar, None if w is None else w_bar, None if xb is None else begin_bar,
            None if xe is None else end_bar)


@rule_for("fpcurf0", wrt=("x", "y", "w", "xb", "xe", "s"))
def fpcurf0(x, y, k, w: Any = None, xb: Any = None, xe: Any = None, s: Any = None,
            nest: Any = None):
    result = fitpack.fpcurf0(x, y, k, w=w, xb=xb, xe=xe, s=s, nest=nest)
    refuse_unfinished(result[-1])
    if result[-1] == 0:
        return result, smooth_pullback(result, k, xb, xe, w)
    plain = fit_pullback(result, k, xb, xe, w, False)
    return result, lambda bars: (*plain(bars), None)


def smooth_pullback(result: Any, k: int, xb: Any, xe: Any, w: Any) -> Any:
    """What goes back through a smoothing spline."""
    n = result[7]
    found = (*(a.copy() for a in result[:3]), result[8][:n].copy(), result[9][:n].copy())

    def pullback(bars):
        inner = (None if bars[8] is None else bars[8][:n], bars[9], bars[10])
        x_bar, y_bar, w_bar, begin_bar, end_bar, s_bar = smoothing_back(found, k, inner)
        return (*handed_on((x_bar, y_bar, w_bar, begin_bar, end_bar), bars, xb, xe, w), s_bar)

    return pullback


@rule_for("fpcurfm1", wrt=("x", "y", "w", "xb", "xe", "t"))
def fpcurfm1(x, y, k, t, w: Any = None, xb: Any = None, xe: Any = None, overwrite_t=1):
    result = fitpack.fpcurfm1(x, y, k, t, w=w, xb=xb, xe=xe, overwrite_t=0)
    plain = fit_pullback(result, k, xb, xe, w, True)
    return result, plain


def fit_pullback(result: Any, k: int, xb: Any, xe: Any, w: Any, given: bool) -> Any:
    """What goes back through FITPACK's fit, of whose results six may have cotangents."""
    n, ier = result[7], result[-1]
    found = (*(a.copy() for a in result[:3]), result[8][:n].copy(), result[9][:n].copy())

    def pullback(bars):
        inner = (None if bars[8] is None else bars[8][:n],
                 None if bars[9] is None else bars[9][:n], bars[10])
        x_bar, y_bar, w_bar, begin_bar, end_bar, t_bar = fitted_back(found, k, ier, given, inner)
        entries = handed_on((x_bar, y_bar, w_bar, begin_bar, end_bar), bars, xb, xe, w)
        if not given:
            return entries
        inside = np.zeros_like(t_bar)
        inside[k + 1:n - k - 1] = t_bar[k + 1:n - k - 1]
        return (*entries, inside)

    return pullback


@rule_for("curfit", writes=("t", "wrk", "iwrk"), in_c=False)
def curfit(iopt, x, y, w, t, wrk, iwrk, xb: Any = None, xe: Any = None, k=3, s=0.0):
    bounds = (x[0] if xb is None else xb, x[-1] if xe is None else xe)
    result = fitpack.curfit(iopt, x, y, w, t, wrk, iwrk, *bounds, k, s)
    n, c, _, ier = result
    if iopt != -1:
        refuse_unfinished(ier)
    found = (*(np.array(a, float) for a in (x, y, w)), t[:n].copy(), c[:n].copy())
    if iopt != -1 and ier == 0:
        return result, curfit_smooth(found, k, xb, xe)

    def pullback(result_bar, t_bar, wrk_bar, iwrk_bar):
        bars = (t_bar[:n].copy(), None if result_bar[1] is None else result_bar[1][:n],
                result_bar[2])
        x_bar, y_bar, w_bar, begin_bar, end_bar, moved = fitted_back(found, k, ier, iopt == -1,
                                                                     bars)
        t_bar[...] = 0.0
        wrk_bar[...] = 0.0
        if iopt == -1:
            t_bar[k + 1:n - k - 1] = moved[k + 1:n - k - 1]
        if xb is None:
            x_bar[0] += begin_bar
        if xe is None:
            x_bar[-1] += end_bar
        return (None, x_bar, y_bar, w_bar, None, None, None, None if xb is None else begin_bar,
                None if xe is None else end_bar, None, None)

    return result, pullback


def curfit_smooth(found: Any, k: int, xb: Any, xe: Any) -> Any:
    def pullback(result_bar, t_bar, wrk_bar, iwrk_bar):
        n = len(found[3])
        x_bar, y_bar, w_bar, begin_bar, end_bar, s_bar = smoothing_back(
            found, k, (t_bar[:n].copy(), result_bar[1], result_bar[2]))
        t_bar[...] = 0.0
        wrk_bar[...] = 0.0
        if xb is None:
            x_bar[0] += begin_bar
        if xe is None:
            x_bar[-1] += end_bar
        return (None, x_bar, y_bar, w_bar, None, None, None, None if xb is None else begin_bar,
                None if xe is None else end_bar, None, s_bar)

    return pullback


@rule_for("percur", writes=("t", "wrk", "iwrk"), in_c=False)
def percur(iopt, x, y, w, t, wrk, iwrk, k=3, s=0.0):
    raise periodic()


def periodic() -> Exception:
    return unsupported("splrep with per has no derivative here",
                       "use make_interp_spline(bc_type='periodic')")
