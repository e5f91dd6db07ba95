"""Explicit steps of differential equations, one after the other, for `standins_equations`.

What the equation's function is given besides goes along by itself, so that it is called by name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import standins_implicit
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import change_of

__all__ = ["merged", "nodes", "passed", "passed_by_odeint",
           "passed_by_stiff_odeint", "stage_weights", "step_weights"]


def stage_weights() -> Any:
    """Butcher's coefficients of DOP853's stages.

    >>> stage_weights().shape, step_weights().shape, nodes().shape
    ((12, 12), (12,), (12,))
    """
    import scipy.integrate

    return scipy.integrate.DOP853.A[:12, :12]


def step_weights() -> Any:
    import scipy.integrate

    return scipy.integrate.DOP853.B


def nodes() -> Any:
    import scipy.integrate

    return scipy.integrate.DOP853.C


def merged(ts: Any, asked: Any) -> tuple[Any, Any, Any]:
    """Times of steps up to those that are asked for; which of these each is, or -1; their places.

    >>> [a.tolist() for a in merged([0.0, 1.0, 2.0], [0.0, 1.5, 1.5])]
    [[0.0, 0.0, 1.0, 1.5, 1.5], [-1, 0, -1, 1, 2], [1, 3, 4]]
    """
    way = 1.0 if ts[-1] >= ts[0] else -1.0
    asked = np.asarray(asked, float)
    between = [t for t in ts[1:] if len(asked) and way * t < way * asked[-1] and t not in asked]
    both = np.array([ts[0], *asked, *between])
    order = np.argsort(way * both, kind="stable")
    which = np.array([-1, *range(len(asked)), *[-1] * len(between)])[order]
    return both[order], which, np.flatnonzero(which >= 0)


def went_23(fun: Any, given: tuple, times: Any, y0: Any) -> Any:
    """P. Bogacki and L. F. Shampine, A 3(2) pair of Runge-Kutta formulas."""
    states = [y0]
    for n in range(len(times) - 1):
        t, y = times[n], states[n]
        h = times[n + 1] - t
        k1 = np.asarray(fun(t, y, *given))
        k2 = np.asarray(fun(t + h * 0.5, y + h * (0.5 * k1), *given))
        k3 = np.asarray(fun(t + h * 0.75, y + h * (0.75 * k2), *given))
        states.append(y + h * (2 / 9 * k1 + 1 / 3 * k2 + 4 / 9 * k3))
    return np.stack(states)


def went_45(fun: Any, given: tuple, times: Any, y0: Any) -> Any:
    """J. R. Dormand and P. J. Prince, A family of embedded Runge-Kutta formulae."""
    states = [y0]
    for n in range(len(times) - 1):
        t, y = times[n], states[n]
        h = times[n + 1] - t
        k1 = np.asarray(fun(t, y, *given))
        k2 = np.asarray(fun(t + h * 0.2, y + h * (0.2 * k1), *given))
        k3 = np.asarray(fun(t + h * 0.3, y + h * (3 / 40 * k1 + 9 / 40 * k2), *given))
        k4 = np.asarray(fun(
            t + h * 0.8, y + h * (44 / 45 * k1 - 56 / 15 * k2 + 32 / 9 * k3), *given))
        k5 = np.asarray(fun(
            t + h * (8 / 9), y + h * (19372 / 6561 * k1 - 25360 / 2187 * k2 + 64448 / 6561 * k3
                                      - 212 / 729 * k4), *given))
        k6 = np.asarray(fun(
            t + h, y + h * (9017 / 3168 * k1 - 355 / 33 * k2 + 46732 / 5247 * k3 + 49 / 176 * k4
                            - 5103 / 18656 * k5), *given))
        states.append(y + h * (35 / 384 * k1 + 500 / 1113 * k3 + 125 / 192 * k4
                               - 2187 / 6784 * k5 + 11 / 84 * k6))
    return np.stack(states)


def went_853(fun: Any, given: tuple, times: Any, y0: Any, weights: Any, last: Any, c: Any,
             order: str) -> Any:
    """E. Hairer, S. P. Norsett and G. Wanner, Solving Ordinary Differential Equations I.

    `order` says whether the function is given the time or the state first, "ty" or "yt".
    """
    states = [y0]
    for n in range(len(times) - 1):
        t, y = times[n], states[n]
        h = times[n + 1] - t
        slopes = np.zeros((len(c), len(y)), y.dtype)
        for i in range(len(c)):
            at, state = t + c[i] * h, y + h * (weights[i, :i] @ slopes[:i])
            if order == "ty":
                slopes[i] = np.asarray(fun(at, state, *given))
            elif order == "yt":
                slopes[i] = np.asarray(fun(state, at, *given))
        states.append(y + h * (last @ slopes))
    return np.stack(states)


def at_times(ts: Any, start: Any, asked: Any) -> tuple[Any, Any]:
    """The times of steps from the start to the last time that is asked for; where those are."""
    asked = np.asarray(asked) * 1.0
    at, which, places = merged(ts, stop_gradient(asked))
    begun = at + change_of(start) * (np.arange(len(at)) == 0)
    return np.where(which >= 0, asked[which], begun), places


def passed(fun: Any, given: tuple, method: str, t_span: Any, t_eval: Any, y0: Any, ts: Any,
           own: Any, sol: Any, jac: Any) -> tuple[Any, Any]:
    """The times that are asked for, or that are SciPy's `own`, and the states there."""
    start, end = t_span
    if t_eval is None:
        ends = np.arange(len(ts)) == len(ts) - 1
        begun = change_of(start) * (np.arange(len(ts)) == 0)
        times = ts + begun + change_of(end) * ends
        places = own
    else:
        times, places = at_times(ts, start, t_eval)
    y0 = np.asarray(y0) * 1.0
    if method == "RK45":
        states = went_45(fun, given, times, y0)
    elif method == "RK23":
        states = went_23(fun, given, times, y0)
    elif method != "DOP853":
        states = standins_implicit.passed(fun, given, times, y0, sol, jac, "ty")
    else:
        states = went_853(fun, given, times, y0, stage_weights(), step_weights(), nodes(),
                          "ty")
    return times[places], states[places]


def passed_by_odeint(func: Any, given: tuple, t: Any, y0: Any, ts: Any, order: str) -> Any:
    """The states at the times that are asked for."""
    times, places = at_times(ts, t[0], t)
    return went_853(func, given, times, np.atleast_1d(y0) * 1.0, stage_weights(), step_weights(),
                    nodes(), order)[places]


def passed_by_stiff_odeint(func: Any, given: tuple, t: Any, y0: Any, ts: Any, sol: Any,
                           order: str) -> Any:
    """The same by implicit steps."""
    times, places = at_times(ts, t[0], t)
    y0 = np.atleast_1d(y0) * 1.0
    return standins_implicit.passed(func, given, times, y0, sol, None, order)[places]
