"""SciPy's functions that look for the least value, in the language that is differentiated.

The least value of a function has the derivative of the function at the point, which itself counts
as fixed (the envelope theorem).  The point has that of the root which the function's slope has
there: the one that was given as `jac=`, or that which the compiler makes of the function.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal
from s2sdiff.runtime import standins_constrained
from s2sdiff.runtime.carried import CARRIED, class_of, plain_value
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.noted_on_the_way import on_the_way
from s2sdiff.runtime.standins_bounds import free_of, limits, on_bounds
from s2sdiff.runtime.standins_solved import (
    change_of,
    check_reads,
    left_alone,
    unknown,
)

__all__ = ["minimize", "minimize_scalar"]

#: Set by the public API: `sd.grad` and `sd.vjp`.
gradient: Any = None
pulled: Any = None
#: Set by it, too: a gradient of a function for `wrt`, with `has_aux`, and with the value.
derived: Any = None

#: How steep a function may still be at its least value, in units of what it is and its point.
_STEEP = 1e-3

#: How far from a bound a search may end that the bound holds back, in units of the point.
_NEAR_BOUND = 1e-4

#: Why something has no derivative, and what to do instead.
FIELD = ("of what minimize finds only x and fun have derivatives here", "compute with these")
_SINGULAR = ("where a function is least is a root of its slope, whose derivative could not be "
             "made, or is singular")
POINT = (_SINGULAR, "pass jac=, a function that gives the slope")
SCALAR_POINT = (_SINGULAR, "find the root of the slope: root_scalar, brentq")


# ------------------------------------------------------------- what has no derivative of its own


def refused(reason: str, instead: str) -> None:
    raise refusal(UnsupportedError, reason, instead)


def check_flat(slope: Any, scale: float) -> None:
    """Refuse a point that is none where the function is least; it has no derivative."""
    if not (np.isfinite(scale) and np.all(np.abs(slope) <= _STEEP * scale)):
        raise refusal(UnsupportedError,
                      "the search for the least value ended where the function is not flat",
                      "let it search longer, or with a smaller tolerance")


def held(fun: Any, x: np.ndarray, low: Any, high: Any, args: tuple, scale: float) -> Any:
    """The point, on those bounds that the search came near to and that keep it from going on.

    It has no derivative of its own.
    """
    from s2sdiff.runtime.standins_solved import plainly

    return plainly(_held, fun, x, low, high, args, scale)


def _held(fun: Any, x: np.ndarray, low: Any, high: Any, args: tuple, scale: float) -> Any:
    near = _NEAR_BOUND * (1.0 + np.abs(x))
    at_low, at_high = x - low <= near, high - x <= near
    if not np.any(at_low | at_high):
        return x
    slope = slope_of(fun, x, args)
    return np.where(at_low & (slope > _STEEP * scale), low, np.where(
        at_high & (slope < -_STEEP * scale), high, x))


def end_of(fun: Any, found: Any, bounds: Any, args: tuple) -> Any:
    """Which end of an interval keeps a search from going on, or None; it has no derivative."""
    low, high = plain_value(bounds[0]), plain_value(bounds[1])
    at = np.array([found.x], float)
    ended = held(_of_first(fun), at, low, high, args, 1.0 + abs(found.fun))
    return None if ended[0] == at[0] else int(ended[0] == high)


def _of_first(fun: Any) -> Any:
    return lambda u, *rest: fun(u[0], *rest)


def found_by(name: str, called: Any, others: Any, args: tuple, options: dict[str, Any]) -> Any:
    """What SciPy's function gives, of functions that only count; it has no derivative.

    Where numbers carry tangents, `led` gives the point its own.
    """
    import scipy.optimize

    from s2sdiff.runtime.standins_solved import counted

    given = (*args, *options.values())
    check_reads(name, *[f for f in others if not any(f is g for g in given)])
    if hasattr(options.get("bounds"), "lb"):
        # SciPy writes into these what it has made of them.
        options = {**options, "bounds": copy.copy(options["bounds"])}
    # What a callback of `minimize` has noted, that looks at itself.
    unwatched = ("callback",) if name == "minimize" else ()
    return counted(getattr(scipy.optimize, name), called, *args, unwatched=unwatched, **options)


def led(fun: Any, slope: Any, x: Any, low: Any, high: Any, args: tuple) -> Any:
    """The point, with the tangent that it has where numbers carry theirs; no derivative of its own.

    `slope` is the function's, or None: that which the compiler makes.
    """
    run = carrying()
    if run is None:
        return x
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.least(fun, slope, x, low, high, args, run)


def gives_number(fun: Any, x: Any, args: tuple) -> bool:
    """Whether a function gives no array of one number, which SciPy takes, too."""
    from s2sdiff.runtime.standins_solved import plainly

    return np.ndim(plainly(fun, x, *args)) == 0


def functions_of(constraints: Any) -> Any:
    """The functions of the point in constraints."""
    each = constraints if isinstance(constraints, (list, tuple)) else (constraints,)
    return tuple([f for c in each for f in (
        (c["fun"], c.get("jac")) if isinstance(c, dict) else
        (getattr(c, "fun", None), getattr(c, "jac", None)))])


def slope_of(f: Any, x: np.ndarray, args: tuple) -> Any:
    """The slope of a function of a vector that gives a number; it has no derivative of its own."""
    from s2sdiff.runtime.standins_solved import value_and_pullback

    value, pullback = value_and_pullback(
        lambda u: np.sum(f(u, *args)), (x if type(x) in CARRIED else np.array(x, float),))
    return pullback(class_of(value)(1.0))


def slopes_of_free(f: Any, x: np.ndarray, free: np.ndarray, args: tuple) -> np.ndarray:
    """The second derivatives in the coordinates that are free; no derivative of its own."""
    from s2sdiff.runtime.standins_solved import jacobian_at

    if len(free) == x.size:
        return jacobian_at(f, x, args)
    return jacobian_at(lambda u: f(inserted(x, free, u), *args)[free], x[free], ())


def curvature(f: Any, x: np.ndarray, free: np.ndarray, args: tuple) -> Any:
    """`slopes_of_free` of the slope that the compiler makes, or None where it makes none.

    Who wants the least value alone needs no second derivative, so that it is no error here.
    """
    return curvature_by(gradient(f), x, free, args)


def curvature_by(slope: Any, x: np.ndarray, free: np.ndarray, args: tuple) -> Any:
    """The same of a slope that is at hand."""
    try:
        return slopes_of_free(slope, x, free, args) if len(free) else None
    except (DifferentiationError, TypeError):
        return None


def curvature_along(f: Any, x: np.ndarray, args: tuple) -> Any:
    """`curvature` of a part of a function, of which it may be singular."""
    from s2sdiff.runtime.standins_solved import rows_at

    try:
        return rows_at(gradient(f), x, args)
    except (DifferentiationError, TypeError):
        return None


def curvature_of_one(f: Any, x: float, args: tuple) -> Any:
    """The same for a function of one number."""
    from s2sdiff.runtime.standins_solved import slope_at

    try:
        return slope_at(gradient(f), x, args)
    except (DifferentiationError, TypeError):
        return None


# ------------------------------------------------------------------------------------- points


def inserted(x: Any, free: Any, u: Any) -> Any:
    y = np.array(x, dtype=float)
    y[free] = u
    return y


def at_least(slope: Any, x: Any, low: Any, high: Any, args: tuple, second: Any = None) -> Any:
    """The point where the slope is a root in the free coordinates: dx = -H^-1 d(slope)."""
    free = free_of(x, low, high)
    if len(free) == 0:
        return x
    residual = np.asarray(slope(x, *args))[free]
    if second is None:
        second = slopes_of_free(slope, x, free, args)
    moved = np.linalg.solve(second, change_of(residual))
    return inserted(x, free, x[free] - moved)


# ------------------------------------------------------------------------------------ searches


def minimize(fun: Any, x0: Any, args: Any = (), method: Any = None, jac: Any = None,
             hess: Any = None, hessp: Any = None, bounds: Any = None, constraints: Any = (),
             tol: Any = None, callback: Any = None, options: Any = None) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    asked = functions_of(constraints)
    check_reads("minimize", *asked)
    before: Any = None if callback is None else on_the_way(callback)
    found = found_by("minimize", fun, (jac, hess, hessp), (x0, args), {
        "method": method, "jac": jac, "hess": hess, "hessp": hessp, "bounds": bounds,
        "constraints": constraints, "tol": tol, "callback": callback, "options": options})
    if callback is not None:
        before.look(callback)
    fun, jac = left_alone(fun), left_alone(jac)
    low, high = limits(bounds, len(np.atleast_1d(found.x)))
    value_at = (lambda u, *rest: fun(u, *rest)[0]) if jac is True else fun
    slope_at = (lambda u, *rest: fun(u, *rest)[1]) if jac is True else jac
    if asked:
        number = value_at if gives_number(value_at, found.x, given) else (
            lambda u, *rest: np.sum(value_at(u, *rest)))
        return standins_constrained.constrained(number, found, constraints, low, high, given)
    ended = held(value_at, np.atleast_1d(found.x), low, high, given, 1.0 + abs(found.fun))
    x = led(fun, slope_at if callable(slope_at) else None, ended, low, high, given)
    free = free_of(x, low, high)
    steep = slope_of(value_at, x, given)
    check_flat(steep[free], 1.0 + abs(found.fun))
    tied = on_bounds(x, low, high)
    value = value_at(tied, *given)
    change = change_of(value)
    if isinstance(change, np.ndarray):
        change = np.reshape(change, np.shape(found.fun))[()]
    for name in ("jac", "hess_inv", "hess", "grad"):
        if isinstance(found.get(name), np.ndarray):
            found[name] = unknown(found[name], change, *FIELD)
    single = (lambda u, *rest: np.sum(fun(u, *rest))) if np.ndim(value) else fun
    second = None if callable(slope_at) else curvature(single, x, free, given)
    if callable(slope_at):
        point = at_least(slope_at, tied, low, high, given)
    elif second is not None or len(free) == 0:
        point = at_least(gradient(single), tied, low, high, given, second)
    else:
        point = unknown(tied, change, *POINT)
    found.x = point if ended is found.x else found.x + change_of(point)
    found.fun = found.fun + change
    return found


def minimize_scalar(fun: Any, bracket: Any = None, bounds: Any = None, args: Any = (),
                    method: Any = None, tol: Any = None, options: Any = None) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    found = found_by("minimize_scalar", fun, (), (bracket, bounds, args, method, tol, options), {})
    fun = left_alone(fun)
    side = None if bounds is None else end_of(fun, found, bounds, given)
    if bounds is not None and side is not None:
        end = bounds[side]
        found.x = found.x + change_of(end)
        value = fun(found.x, *given)
        found.fun = found.fun + change_of(value)
        return found
    x = led(fun, None, float(found.x), -np.inf, np.inf, given)
    steep = slope_of(lambda u, *rest: fun(u[0], *rest), np.array([x]), given)
    check_flat(steep, 1.0 + abs(found.fun))
    value = fun(x, *given)
    change = change_of(value)
    second = curvature_of_one(fun, x, given)
    if second is None:
        found.x = unknown(found.x, change, *SCALAR_POINT)
    else:
        slope = gradient(fun)(x, *given)
        found.x = x - change_of(slope) / second
    found.fun = found.fun + change
    return found
