"""SciPy's integrals of functions, in the language that is differentiated (see `standins_scipy`).

The value is SciPy's; what is added to it is zero and has the derivative: a Gauss sum over the final
subintervals, less itself.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import (
    change_of,
    counted,
    left_alone,
    refuse,
    solved,
    unknown,
    writes,
)

__all__ = ["FEW", "POINTS", "cells_of", "checked", "estimate", "pieces", "quad", "quad_vec",
           "subintervals", "summed"]

#: How far the sum over the subintervals may be from the integral, in units of what was asked for.
_FAR = 100.0
#: Radians of an oscillating weight that the points of one piece follow.
_FOLLOWED = 12.0
#: How many points a subinterval has; fewer over several variables, where these give all digits.
POINTS, FEW = 21, 9


# ------------------------------------------------------------- what has no derivative of its own


def subintervals(func: Any, a: Any, b: Any, args: tuple, options: dict, run: Any = counted) -> Any:
    """The integral, and the ends of the final subintervals; no derivative.

    `run` says what `func` may write: `plainly` asks nothing.
    """
    import scipy.integrate

    found = run(scipy.integrate.quad, func, a, b, args, **{**options, "full_output": 1})
    if "alist" not in found[2] or options.get("weight") not in (None, "cos", "sin"):
        refuse("quad with a weight that is singular, or that oscillates for ever, has no "
               "derivative here", "integrate the product, substituted so that it is smooth")
    # Where a weight oscillates none is counted if the first rule was enough.
    last = max(found[2]["last"], 1)
    return found, found[2]["alist"][:last], found[2]["blist"][:last]


def pieces(starts: Any, ends: Any, options: dict) -> Any:
    """Subintervals cut into parts in which a weight does not oscillate often; no derivative.

    >>> pieces(np.array([0.0]), np.array([1.0]), {"weight": "cos", "wvar": 20.0})
    (array([0. , 0.5]), array([0.5, 1. ]))
    """
    if options.get("weight") is None:
        return starts, ends
    cuts = [np.linspace(a, b, 1 + int(np.ceil(abs(options["wvar"]) * (b - a) / _FOLLOWED + 1e-9)))
            for a, b in zip(starts, ends, strict=True)]
    return (np.concatenate([c[:-1] for c in cuts]), np.concatenate([c[1:] for c in cuts]))


def checked(total: Any, found: Any, options: dict) -> Any:
    """The integral; refuses a sum that is not the same.  It has no derivative of its own."""
    asked = np.maximum(options.get("epsabs", 1.49e-8),
                       options.get("epsrel", 1.49e-8) * np.max(np.abs(found[0]), initial=0.0))
    total = plain_value(total)
    if not np.all(np.abs(total - found[0]) <= _FAR * np.maximum(asked, found[1])):
        refuse("the integrand is too singular for the derivative of an integral",
               "substitute, so that it is smooth")
    return found[0]


# --------------------------------------------------------------------------------- one variable


@functools.cache
def gauss(count: int) -> tuple[Any, Any]:
    """The points of Gauss and Legendre in [0, 1], and their weights; nobody writes into them."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return 0.5 * (1.0 + nodes), 0.5 * weights


def shares(count: int, at_start: bool, at_end: bool) -> tuple[Any, Any]:
    """Points and weights in [0, 1], dense towards the ends of the whole integral.

    A root or a pole may begin there, or a derivative's logarithm where the integrand is smooth: for
    t**c in c.  Where both ends of the whole are those of one subinterval, it has two halves.
    """
    share, weights = gauss(count)
    if not (at_start or at_end):
        return share, weights
    degree = 4 if count > FEW else 2
    share, weights = share**degree, degree * share ** (degree - 1) * weights
    if not at_end:
        return share, weights
    if not at_start:
        return 1.0 - share, weights
    return np.concatenate([0.5 * share, 1.0 - 0.5 * share]), np.tile(0.5 * weights, 2)


def moving(end: Any, points: Any) -> Any:
    """The end of a subinterval, or the break point that lies there."""
    for p in points:
        if stop_gradient(p) == end:
            return p * 1.0
    return end


def part(count: int, start: Any, end: Any, a: Any, b: Any,
         points: Any = ()) -> tuple[Any, Any]:
    """Points and weights in one of the subintervals of [a, b].

    Only the outer ones move with a limit, as a root or a pole there may do, and those beside a
    break point with that; jumps that nobody told of stay.
    """
    at_a, at_b = start <= stop_gradient(a), end >= stop_gradient(b)
    low, high = a if at_a else moving(start, points), b if at_b else moving(end, points)
    share, weights = shares(count, at_a, at_b)
    return low + (high - low) * share, (high - low) * weights


def part_of_half_line(count: int, start: Any, end: Any, limit: Any,
                      way: float) -> tuple[Any, Any]:
    """The same of a half line, to which QUADPACK maps (0, 1] by (1 - t) / t."""
    moves = end >= 1.0
    share, weights = shares(count, start <= 0.0, moves)
    here, at = stop_gradient(limit), start + (end - start) * share
    points, weights = here + way * (1.0 - at) / at, (end - start) * weights / (at * at)
    if not moves:
        return points, weights
    if start <= 0.0:
        return points + (limit - here), weights
    last = here + way * (1.0 - start) / start
    ratio = (last - limit) / (last - here)
    return last + ratio * (points - last), weights * ratio


def weighed(func: Any, given: tuple, at: Any, weights: Any) -> Any:
    total = 0.0
    for j in range(len(at)):
        total = total + weights[j] * func(at[j], *given)
    return total


def summed(func: Any, a: Any, b: Any, given: tuple, cuts: Any, options: dict,
           count: int = POINTS, add: Any = weighed) -> Any:
    """The Gauss sum over subintervals, of each of which `add` gives what it adds."""
    starts, ends = cuts
    points, weight = options.get("points"), options.get("weight")
    breaks: Any = () if points is None else points
    sign = 1.0
    if b < a:
        a, b, sign = b, a, -1.0
    total = 0.0
    for k in range(len(starts) if a != b else 0):
        if np.isfinite(a) and np.isfinite(b):
            at, weights = part(count, starts[k], ends[k], a, b, breaks)
        elif np.isfinite(b):
            at, weights = part_of_half_line(count, starts[k], ends[k], b, -1.0)
        else:
            limit = a if np.isfinite(a) else 0.0
            at, weights = part_of_half_line(count, starts[k], ends[k], limit, 1.0)
        if weight == "cos":
            weights = weights * np.cos(options["wvar"] * at)
        if weight == "sin":
            weights = weights * np.sin(options["wvar"] * at)
        total = total + add(func, given, at, weights)
        if np.isinf(a) and np.isinf(b):
            total = total + add(func, given, -at, weights)
    if a == b:
        total = (b - a) * func(a, *given)
    return sign * total


def quad(func: Any, a: Any, b: Any, args: Any = (), full_output: Any = 0,
         complex_func: bool = False, **options: Any) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    if complex_func:
        return complex_quad(func, a, b, given, full_output, options)
    return real_quad(func, a, b, given, full_output, options)


def real_quad(func: Any, a: Any, b: Any, given: tuple, full_output: Any, options: dict) -> Any:
    found, starts, ends = subintervals(func, a, b, given, options)
    if writes(func):
        func = left_alone(func)
    total = summed(func, a, b, given, pieces(starts, ends, options), options)
    change = float(change_of(total))
    value = checked(total, found, options) + change
    error = estimate(found[1], change)
    return (value, error, *found[2:]) if full_output else (value, error)


def estimate(error: Any, change: Any) -> Any:
    """An estimate of an error, which has no derivative that anybody knows."""
    return unknown(error, change, "an estimate of an integral's error has no derivative",
                   "compute with the integral")


def complex_quad(func: Any, a: Any, b: Any, given: tuple, full_output: Any, options: dict) -> Any:
    real = real_quad(lambda u, *rest: func(u, *rest).real, a, b, given, full_output, options)
    imaginary = real_quad(lambda u, *rest: func(u, *rest).imag, a, b, given, full_output, options)
    value, error = real[0] + 1j * imaginary[0], real[1] + 1j * imaginary[1]
    if full_output:
        return value, error, {"real": real[2:], "imag": imaginary[2:]}
    return value, error


# ------------------------------------------------------------------------------------- of vectors


def cells_of(f: Any, a: Any, b: Any, options: dict) -> Any:
    """What `quad_vec` gives, and the ends of the final subintervals; no derivative."""
    import scipy.integrate

    found = solved(scipy.integrate.quad_vec, f, a, b, **{**options, "full_output": True})
    cells = found[2].intervals
    if np.isinf(a) and np.isinf(b):
        # To (-1, 1) by (1 - |t|) / t: both halves have their own cells.
        ends = np.unique(np.abs(cells))
        cells = np.stack([ends[:-1], ends[1:]], axis=1)
    return found, np.min(cells, axis=1), np.max(cells, axis=1)


def quad_vec(f: Any, a: Any, b: Any, epsabs: Any = 1e-200, epsrel: Any = 1e-8,
             full_output: bool = False, *, args: Any = (), **options: Any) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    asked = {"epsabs": epsabs, "epsrel": epsrel}
    found, starts, ends = cells_of(f, a, b, {**asked, "args": args, **options})
    if writes(f):
        f = left_alone(f)
    total = summed(f, a, b, given, (starts, ends), {"points": options.get("points")})
    checked(total, found, asked)
    change = change_of(total)
    error = estimate(found[1], np.sum(change))
    return (found[0] + change, error, *found[2:]) if full_output else (found[0] + change, error)
