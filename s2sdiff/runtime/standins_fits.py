"""SciPy's fits by least squares, in the language that is differentiated (see `standins_minimize`).

The parameters are where half the sum of the squares is least: a root of its slope, which is made of
the Jacobian where that is given, or else by the compiler.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import standins_minimize
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_minimize import (
    FIELD,
    POINT,
    at_least,
    check_flat,
    curvature,
    found_by,
    free_of,
    limits,
    on_bounds,
    refused,
    slope_of,
)
from s2sdiff.runtime.standins_solved import unknown

__all__ = ["curve_fit", "least_squares"]


def half_of_squares(fun: Any, args: tuple, kwargs: dict) -> Any:
    """What `least_squares` makes least; without stars, which no second derivative goes through."""
    if not args and not kwargs:
        return lambda u: 0.5 * np.sum(np.square(fun(u)))
    if len(args) == 1 and not kwargs:
        return lambda u: 0.5 * np.sum(np.square(fun(u, args[0])))
    return lambda u: 0.5 * np.sum(np.square(fun(u, *args, **kwargs)))


def least_squares(fun: Any, x0: Any, jac: Any = "2-point", bounds: Any = (-np.inf, np.inf),
                  args: Any = (), kwargs: Any = None, loss: Any = "linear",
                  **options: Any) -> Any:
    if loss != "linear":
        refused("least_squares with another loss has no derivative here",
                "use minimize, with jac=")
    given = args if isinstance(args, tuple) else (args,)
    named = kwargs or {}
    found = found_by("least_squares", fun, (jac,), (x0,), {
        "jac": jac, "bounds": bounds, "args": args, "kwargs": named, **options})
    x = found.x
    low, high = limits(bounds if hasattr(bounds, "lb") else list(zip(
        np.broadcast_to(bounds[0], x.shape), np.broadcast_to(bounds[1], x.shape))), len(x))
    squares = half_of_squares(fun, given, named)
    steep = slope_of(squares, x, ())
    check_flat(steep[free_of(x, stop_gradient(low), stop_gradient(high))], 1.0 + found.cost)
    tied = on_bounds(x, low, high)
    cost = squares(tied)
    change = cost - stop_gradient(cost)
    found.cost = found.cost + change
    for name in ("jac", "grad"):
        found[name] = unknown(found[name], change, *FIELD)
    if callable(jac):
        found.x = at_least(lambda u: np.asarray(jac(u, *given, **named)).T @ np.atleast_1d(
            fun(u, *given, **named)), tied, low, high, ())
    else:
        free = free_of(x, stop_gradient(low), stop_gradient(high))
        second = curvature(squares, x, free, ())
        if second is None and len(free):
            found.x = unknown(tied, change, *POINT)
            found.fun = unknown(found.fun, change, *FIELD)
            return found
        found.x = at_least(standins_minimize.gradient(squares), tied, low, high, (), second)
    rest = np.atleast_1d(fun(found.x, *given, **named))
    found.fun = found.fun + (rest - stop_gradient(rest))
    return found


def misses(f: Any, x: Any, y: Any, weight: Any, n: int) -> Any:
    """Half the sum of the squares as a function of the vector of n parameters.

    Without a star for a few of them, as no second derivative goes through one.
    """
    if n == 1:
        return lambda u: 0.5 * np.sum(((f(x, u[0]) - y) * weight) ** 2)
    if n == 2:
        return lambda u: 0.5 * np.sum(((f(x, u[0], u[1]) - y) * weight) ** 2)
    if n == 3:
        return lambda u: 0.5 * np.sum(((f(x, u[0], u[1], u[2]) - y) * weight) ** 2)
    if n == 4:
        return lambda u: 0.5 * np.sum(((f(x, u[0], u[1], u[2], u[3]) - y) * weight) ** 2)
    return lambda u: 0.5 * np.sum(((f(x, *u) - y) * weight) ** 2)


def curve_fit(f: Any, xdata: Any, ydata: Any, p0: Any = None, sigma: Any = None,
              absolute_sigma: Any = False, check_finite: Any = None,
              bounds: Any = (-np.inf, np.inf), method: Any = None, jac: Any = None, *,
              full_output: Any = False, nan_policy: Any = None, **options: Any) -> Any:
    found = found_by("curve_fit", f, (jac,), (xdata, ydata, p0, sigma), {
        "absolute_sigma": absolute_sigma, "check_finite": check_finite, "bounds": bounds,
        "method": method, "jac": jac, "full_output": full_output, "nan_policy": nan_policy,
        **options})
    if np.ndim(sigma) == 2 or full_output:
        refused("curve_fit with correlated errors, or with full_output, has no derivative here",
                "use least_squares, with jac=")
    p = found[0]
    low, high = limits(list(zip(np.broadcast_to(bounds[0], p.shape), np.broadcast_to(
        bounds[1], p.shape))), len(p))
    weight = 1.0 if sigma is None else 1.0 / np.asarray(sigma)
    values = np.asarray(ydata)
    squares = misses(f, xdata, values, weight, len(p))
    check_flat(slope_of(squares, p, ())[free_of(p, stop_gradient(low), stop_gradient(high))],
               1.0 + stop_gradient(squares(p)))
    tied = on_bounds(p, low, high)
    total = squares(tied)
    change = total - stop_gradient(total)
    covariance = unknown(found[1], change, *FIELD)
    if not callable(jac):
        free = free_of(p, stop_gradient(low), stop_gradient(high))
        second = curvature(squares, p, free, ())
        if second is None and len(free):
            return unknown(tied, change, *POINT), covariance
        slope = standins_minimize.gradient(squares)
        return at_least(slope, tied, low, high, (), second), covariance
    squared = np.reshape(weight * weight, (-1,))
    return at_least(lambda u: np.asarray(jac(xdata, *u)).T @ (
        (f(xdata, *u) - values) * squared), tied, low, high, ()), covariance
