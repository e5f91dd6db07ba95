"""SciPy's fits by least squares, in the language that is differentiated (see `standins_minimize`).

The parameters are where half the sum of the squares is least: a root of its slope, which is made of
the Jacobian where that is given, or else by the compiler.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import standins_minimize
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_bounds import free_of, limits, on_bounds
from s2sdiff.runtime.standins_minimize import (
    FIELD,
    POINT,
    at_least,
    check_flat,
    curvature_by,
    found_by,
    held,
    inserted,
    led,
    refused,
    slope_of,
)
from s2sdiff.runtime.standins_solved import change_of, left_alone, plainly, unknown

__all__ = ["curve_fit", "half_of_squares", "least_squares", "lsq_linear", "slope_of_losses"]

_COVARIANCE = ("the covariance that curve_fit finds has no derivative here",
               "pass jac=, a function that gives the slopes of f in its parameters")
_LINEAR = ("of what lsq_linear finds only x, fun and cost have derivatives here",
           "compute with these")


def half_of_squares(fun: Any, args: tuple, kwargs: dict) -> Any:
    """What `least_squares` makes least."""
    return lambda u: 0.5 * np.sum(np.square(np.asarray(fun(u, *args, **kwargs))))


def least_squares(fun: Any, x0: Any, jac: Any = "2-point", bounds: Any = (-np.inf, np.inf),
                  args: Any = (), kwargs: Any = None, loss: Any = "linear", f_scale: Any = 1.0,
                  **options: Any) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    named = kwargs or {}
    found = found_by("least_squares", fun, (jac, loss), (x0,), {
        "jac": jac, "bounds": bounds, "args": args, "kwargs": named, "loss": loss,
        "f_scale": f_scale, **options})
    slopes = None if is_made_of(fun, jac) else left_alone(jac)
    fun = left_alone(fun)
    shape = found.x.shape
    low, high = limits(bounds if hasattr(bounds, "lb") else list(zip(
        np.broadcast_to(bounds[0], shape), np.broadcast_to(bounds[1], shape))), shape[0])
    squares = half_of_squares(fun, given, named) if loss == "linear" else half_of_losses(
        fun, given, named, loss, f_scale)
    slope = slope_of_losses(fun, slopes, given, named, loss, f_scale)
    ended = held(squares, found.x, low, high, (), 1.0 + found.cost)
    x = led(squares, slope, ended, low, high, ())
    steep = slope_of(squares, x, ())
    check_flat(steep[free_of(x, low, high)], 1.0 + found.cost)
    tied = on_bounds(x, low, high)
    cost = squares(tied)
    change = change_of(cost)
    found.cost = found.cost + change
    for name in ("jac", "grad"):
        found[name] = unknown(found[name], change, *FIELD)
    free = free_of(x, low, high)
    second = None if callable(slopes) else curvature_by(slope, x, free, ())
    if second is None and len(free) and not callable(slopes):
        found.x = unknown(tied, change, *POINT)
        found.fun = unknown(found.fun, change, *FIELD)
        return found
    point = at_least(slope, tied, low, high, (), second)
    found.x = found.x + change_of(point)
    rest = np.atleast_1d(np.asarray(fun(found.x, *given, **named)))
    found.fun = found.fun + change_of(rest)
    return found


def is_made_of(fun: Any, jac: Any) -> bool:
    """Whether slopes are those that the compiler makes of the function; it has no derivative.

    They need not be asked for then, and a pullback goes through more than a Jacobian does.
    """
    return getattr(jac, "__s2sdiff_jacobian__", None) == (fun, 0)


def slope_of_losses(fun: Any, jac: Any, given: tuple, named: dict, loss: Any, scale: Any) -> Any:
    """The slope of what `least_squares` makes least: by the residuals' Jacobian or pullback."""
    if callable(jac):
        return lambda u: np.asarray(jac(u, *given, **named)).T @ pulls(
            np.atleast_1d(np.asarray(fun(u, *given, **named))), loss, scale)

    def slope(u: Any) -> Any:
        rest, pullback = standins_minimize.pulled(fun, u, *given, **named)
        weights = pulls(np.atleast_1d(np.asarray(rest)), loss, scale)
        entries = pullback(shaped(weights, rest))
        return entries[0] if isinstance(entries, tuple) else entries

    return slope


def shaped(weights: Any, rest: Any) -> Any:
    """A vector in the structure of residuals."""
    if isinstance(rest, list):
        return list(weights)
    if isinstance(rest, tuple):
        return tuple(weights)
    return weights if np.ndim(rest) else weights[0]


def half_of_losses(fun: Any, args: tuple, kwargs: dict, loss: Any, scale: Any) -> Any:
    """What `least_squares` makes least that is given another loss than squares."""
    from scipy.special import huber

    def rest(u: Any) -> Any:
        return np.asarray(fun(u, *args, **kwargs))

    if callable(loss):
        return lambda u: 0.5 * scale ** 2 * np.sum(
            loss(np.square(np.atleast_1d(rest(u)) / scale))[0])  # type: ignore[index]
    if loss == "huber":
        return lambda u: scale ** 2 * np.sum(huber(1.0, rest(u) / scale))
    if loss == "soft_l1":
        return lambda u: scale ** 2 * np.sum(np.sqrt(1.0 + np.square(rest(u) / scale)) - 1.0)
    if loss == "cauchy":
        return lambda u: 0.5 * scale ** 2 * np.sum(np.log1p(np.square(rest(u) / scale)))
    return lambda u: 0.5 * scale ** 2 * np.sum(np.arctan(np.square(rest(u) / scale)))


def pulls(rest: Any, loss: Any, scale: Any) -> Any:
    """The residuals by how much their losses weigh them: half the slopes of the losses."""
    if loss == "linear":
        return rest
    z = (rest / scale) ** 2
    if callable(loss):
        return loss(z)[1] * rest  # type: ignore[index]
    if loss == "huber":
        return np.where(z <= 1.0, 1.0, 1.0 / np.sqrt(np.where(z <= 1.0, 1.0, z))) * rest
    if loss == "soft_l1":
        return rest / np.sqrt(1.0 + z)
    return rest / (1.0 + z) if loss == "cauchy" else rest / (1.0 + z ** 2)


def lsq_linear(A: Any, b: Any, bounds: Any = (-np.inf, np.inf), method: Any = "trf",
               **options: Any) -> Any:
    found = nearest(A, b, bounds, method, options)
    if not isinstance(A, np.ndarray | list | tuple):
        refused("lsq_linear of a matrix that is no array has no derivative here",
                "make it an array, or call scipy.sparse.linalg.lsqr")
    a, values, x = np.asarray(A), np.asarray(b), found.x
    low, high = limits(bounds if hasattr(bounds, "lb") else list(zip(
        np.broadcast_to(bounds[0], x.shape), np.broadcast_to(bounds[1], x.shape))), len(x))
    tied = between(a, values, x, low, high, found.active_mask)
    found.x = found.x + change_of(tied)
    rest = a @ found.x - values
    found.fun = found.fun + change_of(rest)
    cost = 0.5 * np.sum(rest * rest)
    found.cost = found.cost + change_of(cost)
    found.optimality = unknown(found.optimality, change_of(cost), *_LINEAR)
    return found


def nearest(A: Any, b: Any, bounds: Any, method: Any, options: dict[str, Any]) -> Any:
    """What SciPy's function finds; it has no derivative."""
    from scipy.optimize import lsq_linear as search

    return plainly(search, A, b, bounds, method, **options)


def between(a: Any, values: Any, x: Any, low: Any, high: Any, active: Any) -> Any:
    """Where the residuals of `a @ x` are least: on the bounds, and free of them elsewhere."""
    first, last = stop_gradient(low), stop_gradient(high)
    x = np.where(active < 0, first, np.where(active > 0, last, x))
    near = 1e-8 * (1.0 + np.abs(x))  # the search comes near bounds, and marks them
    free = np.flatnonzero((x > first + near) & (x < last - near))
    tied = on_bounds(x, low, high)
    if len(free) == 0:
        return tied
    columns = a[:, free]
    if np.linalg.matrix_rank(columns) < len(free):
        refused("lsq_linear of columns that depend on each other has no derivative here",
                "call np.linalg.lstsq, which gives the solution of least norm")
    moved = np.linalg.lstsq(columns, values - a @ tied, None)[0]
    return inserted(tied, free, tied[free] + moved)


def misses(f: Any, x: Any, y: Any, weight: Any) -> Any:
    """Half the sum of the squares as a function of the vector of parameters."""
    return lambda u: 0.5 * np.sum(((f(x, *u) - y) * weight) ** 2)


def slope_of_misses(f: Any, x: Any, y: Any, weight: Any) -> Any:
    """The slope of `misses`, by the pullback of the function."""
    def slope(u: Any) -> Any:
        value, pullback = standins_minimize.pulled(f, x, *u)
        return np.stack(pullback((value - y) * weight * weight)[1:])

    return slope


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
    f, jac = left_alone(f), left_alone(jac)
    shape = found[0].shape
    low, high = limits(list(zip(np.broadcast_to(bounds[0], shape), np.broadcast_to(
        bounds[1], shape))), shape[0])
    weight = 1.0 if sigma is None else 1.0 / np.asarray(sigma)
    values = np.asarray(ydata)
    squares = misses(f, xdata, values, weight)
    ended = held(squares, found[0], low, high, (), 1.0 + squares(found[0]))
    p = led(squares, slope_of_misses(f, xdata, values, weight), ended, low, high, ())
    check_flat(slope_of(squares, p, ())[free_of(p, low, high)],
               1.0 + stop_gradient(squares(p)))
    tied = on_bounds(p, low, high)
    total = squares(tied)
    change = change_of(total)
    if not callable(jac):
        covariance = unknown(found[1], change, *_COVARIANCE)
        free = free_of(p, low, high)
        slope = slope_of_misses(f, xdata, values, weight)
        second = curvature_by(slope, p, free, ())
        if second is None and len(free):
            return unknown(found[0] + change_of(tied), change, *POINT), covariance
        moved = at_least(slope, tied, low, high, (), second)
        return found[0] + change_of(moved), covariance
    squared = np.reshape(weight * weight, (-1,))
    point = at_least(lambda u: np.asarray(jac(xdata, *u)).T @ (
        (f(xdata, *u) - values) * squared), tied, low, high, ())
    point = found[0] + change_of(point)
    if not np.all(np.isfinite(found[1])):
        return point, unknown(found[1], change, *_COVARIANCE)
    rows = np.asarray(jac(xdata, *point))
    spread = np.linalg.inv(rows.T @ (rows * np.reshape(squared * np.ones(len(rows)), (-1, 1))))
    if not absolute_sigma:
        spread = spread * (2.0 * squares(point) / (len(rows) - len(p)))
    return point, found[1] + change_of(spread)
