"""SciPy's older functions that look for the least value, and those that look everywhere.

Points and values have the derivatives that `standins_minimize` says; how they were found, and from
where, counts for nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import standins_minimize
from s2sdiff.runtime.standins_bounds import free_of, limits, on_bounds
from s2sdiff.runtime.standins_fits import half_of_squares, slope_of_losses
from s2sdiff.runtime.standins_minimize import (
    FIELD,
    POINT,
    SCALAR_POINT,
    at_least,
    check_flat,
    curvature_by,
    curvature_of_one,
    found_by,
    held,
    led,
    refused,
    slope_of,
)
from s2sdiff.runtime.standins_solved import change_of, left_alone, plainly, unknown

__all__ = ["ALL", "settled"]


def settled(fun: Any, x: Any, value: Any, given: tuple, bounds: Any, slope: Any,
            made: Any = None) -> Any:
    """The point that was found, and a zero that has the derivative of the value there.

    `slope` is the user's; one that is `made` may have no derivative that is known.
    """
    low, high = limits(bounds, len(x))
    ended = held(fun, x, low, high, given, 1.0 + abs(value))
    moved, change = moved_by(fun, ended, value, given, low, high, slope, made)
    return (moved if ended is x else x + change_of(moved)), change


def moved_by(fun: Any, x: Any, value: Any, given: tuple, low: Any, high: Any, slope: Any,
             made: Any) -> Any:
    """That point and that zero, where the point lies on the bounds that hold it."""
    x = led(fun, slope if callable(slope) else made, x, low, high, given)
    free = free_of(x, low, high)
    check_flat(slope_of(fun, x, given)[free], 1.0 + abs(value))
    tied = on_bounds(x, low, high)
    at = fun(tied, *given)
    change = change_of(at)
    if callable(slope):
        return at_least(slope, tied, low, high, given), change
    made = standins_minimize.gradient(fun) if made is None else made
    second = curvature_by(made, x, free, given)
    if second is None and len(free):
        return unknown(tied, change, *POINT), change
    return at_least(made, tied, low, high, given, second), change


def told(part: Any, change: Any) -> Any:
    """What else is told of a search, none of which has a derivative that is known."""
    return unknown(part, change, FIELD[0], FIELD[1]) if isinstance(part, np.ndarray) else part


def given_of(args: Any) -> tuple:
    return args if isinstance(args, tuple) else (args,)


def check_short(name: str, rest: tuple, options: dict) -> None:
    """Refuse a list of all points on the way, and options by place; no derivative of its own."""
    if rest:
        refused(f"{name} is given options by place", "give them by name")
    if options.get("retall"):
        refused(f"{name} with retall has no derivative here", "leave it out")


def size_at(fun: Any, x: Any, given: tuple) -> float:
    """How great a function is somewhere; it has no derivative of its own."""
    return abs(float(plainly(_at, fun, x, given)))


def _at(fun: Any, x: Any, given: tuple) -> Any:
    return fun(x, *given)


# ------------------------------------------------------------------------------- from a point on


def without_slopes(name: str) -> Any:
    def search(func: Any, x0: Any, args: Any = (), *rest: Any, **options: Any) -> Any:
        check_short(name, rest, options)
        found = found_by(name, func, (), (x0, args), {**options, "full_output": 1})
        func = left_alone(func)
        x, change = settled(func, np.atleast_1d(found[0]), found[1], given_of(args), None, None)
        x = np.reshape(x, np.shape(found[0]))
        if options.get("full_output"):
            return (x, found[1] + change, *[told(part, change) for part in found[2:]])
        return x

    return search


def by_slopes(name: str) -> Any:
    def search(f: Any, x0: Any, fprime: Any = None, args: Any = (), *rest: Any,
               **options: Any) -> Any:
        check_short(name, rest, options)
        found = found_by(name, f, (fprime,), (x0, fprime),
                         {**options, "args": args, "full_output": 1})
        x, change = settled(left_alone(f), np.atleast_1d(found[0]), found[1], given_of(args), None,
                            left_alone(fprime))
        if options.get("full_output"):
            return (x, found[1] + change, *[told(part, change) for part in found[2:]])
        return x

    return search


def within_bounds(name: str) -> Any:
    def search(func: Any, x0: Any, fprime: Any = None, args: Any = (), approx_grad: Any = 0,
               bounds: Any = None, **options: Any) -> Any:
        found = found_by(name, func, (fprime,), (x0, fprime, args, approx_grad, bounds), options)
        func, fprime = left_alone(func), left_alone(fprime)
        both = fprime is None and not approx_grad
        value_at = (lambda u, *rest: func(u, *rest)[0]) if both else func
        slope_at = (lambda u, *rest: func(u, *rest)[1]) if both else fprime
        value = size_at(value_at, found[0], given_of(args))
        x, change = settled(value_at, found[0], value, given_of(args), bounds, slope_at)
        if name == "fmin_tnc":
            return (x, *found[1:])
        info = {key: unknown(part, change, *FIELD) if key == "grad" else part
                for key, part in found[2].items()}
        return x, found[1] + change, info

    return search


# ------------------------------------------------------------------------------ of one variable


def of_one(name: str, f: Any, args: Any, positions: tuple, options: dict) -> Any:
    check_short(name, (), options)
    found = found_by(name, f, (), positions, {**options, "full_output": 1})
    given, f = given_of(args), left_alone(f)
    x = led(f, None, float(found[0]), -np.inf, np.inf, given)
    check_flat(slope_of(lambda u, *rest: f(u[0], *rest), np.array([x]), given),
               1.0 + abs(found[1]))
    value = f(x, *given)
    change = change_of(value)
    second = curvature_of_one(f, x, given)
    if second is None:
        point = unknown(found[0], change, *SCALAR_POINT)
    else:
        slope = standins_minimize.gradient(f)(x, *given)
        point = x - change_of(slope) / second
    return (point, found[1] + change, *found[2:]) if options.get("full_output") else point


def fminbound(func: Any, x1: Any, x2: Any, args: Any = (), **options: Any) -> Any:
    return of_one("fminbound", func, args, (x1, x2, args), options)


def bracketed(name: str) -> Any:
    def search(func: Any, args: Any = (), brack: Any = None, **options: Any) -> Any:
        return of_one(name, func, args, (args, brack), options)

    return search


# ------------------------------------------------------------------------------------ everywhere


def everywhere(name: str) -> Any:
    def search(func: Any, bounds: Any, args: Any = (), **options: Any) -> Any:
        if options.get("constraints"):
            refused(f"{name} with constraints has no derivative here",
                    "express them by the variables, or by bounds")
        found = found_by(name, func, (), (bounds,), {**options, "args": args})
        return completed(found, left_alone(func), given_of(args), bounds)

    return search


def basinhopping(func: Any, x0: Any, niter: Any = 100, T: Any = 1.0, stepsize: Any = 0.5,
                 minimizer_kwargs: Any = None, **options: Any) -> Any:
    kwargs = {} if minimizer_kwargs is None else minimizer_kwargs
    if kwargs.get("constraints"):
        refused("basinhopping with constraints has no derivative here",
                "express them by the variables, or by bounds")
    found = found_by("basinhopping", func, (kwargs.get("jac"),),
                     (x0, niter, T, stepsize, minimizer_kwargs), options)
    return completed(found, left_alone(func), given_of(kwargs.get("args", ())),
                     kwargs.get("bounds"))


def completed(found: Any, func: Any, given: tuple, bounds: Any) -> Any:
    x, change = settled(func, np.atleast_1d(found.x), found.fun, given, bounds, None)
    for key in ("jac", "population", "population_energies", "xl", "funl", "hess_inv"):
        if isinstance(found.get(key), np.ndarray):
            found[key] = unknown(found[key], change, *FIELD)
    found.x, found.fun = x, found.fun + change
    return found


# ------------------------------------------------------------------------------------ of squares


def leastsq(func: Any, x0: Any, args: Any = (), Dfun: Any = None, full_output: Any = False,
            **options: Any) -> Any:
    found = found_by("leastsq", func, (Dfun,), (x0, args, Dfun, full_output), options)
    func, Dfun = left_alone(func), left_alone(Dfun)
    squares, given = half_of_squares(func, given_of(args), {}), given_of(args)
    x, change = settled(squares, np.atleast_1d(found[0]), size_at(squares, found[0], ()), (), None,
                        None, slope_of_losses(func, None, given, {}, "linear", 1.0))
    if not full_output:
        return x, found[1]
    rest = np.atleast_1d(np.asarray(func(x, *given)))
    info = {key: part if key == "nfev" else unknown(part, change, *FIELD)
            for key, part in found[2].items() if key != "fvec"}
    info["fvec"] = found[2]["fvec"] + change_of(rest)
    return (x, unknown(found[1], change, *FIELD), info, *found[3:])


#: By their names in `scipy.optimize`.
ALL = {
    **{name: without_slopes(name) for name in ("fmin", "fmin_powell")},
    **{name: by_slopes(name) for name in ("fmin_bfgs", "fmin_cg", "fmin_ncg")},
    **{name: within_bounds(name) for name in ("fmin_l_bfgs_b", "fmin_tnc")},
    **{name: everywhere(name) for name in ("differential_evolution", "dual_annealing", "shgo",
                                           "direct")},
    **{name: bracketed(name) for name in ("brent", "golden")},
    "fminbound": fminbound, "basinhopping": basinhopping, "leastsq": leastsq,
}
