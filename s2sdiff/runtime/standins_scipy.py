"""SciPy's functions that call functions, in the language that is differentiated (see `standins`).

Each calls the original for its value, and adds an expression that is zero and has the derivative:
that of the implicit function theorem for roots, that of the sum over the final subintervals for
integrals.  The function is called some more times for it, so it must not write what others see.
"""

from __future__ import annotations

import functools
import importlib
import sys
import types
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import (
    standins_fits,
    standins_minimize,
    standins_scattered,
    standins_sparse,
)
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.markers import stop_gradient

__all__ = ["checked", "jacobian_at", "slope_at", "solved", "standin",
           "subintervals", "value_and_pullback"]

#: How far the sum over the subintervals may be from the integral, in units of what was asked for.
_FAR = 100.0


def standin(function: Any) -> Any:
    """The function that stands for one of SciPy's that calls functions; or None."""
    if not isinstance(function, (types.FunctionType, type)) or not (
            function.__module__ or "").startswith("scipy."):
        return None
    for module in _BY_NAME:
        if module in sys.modules:
            found = _standins(module).get(function)
            if found is not None:
                return found
    return None


@functools.cache
def _standins(module: str) -> dict[Any, Any]:
    library = importlib.import_module(module)
    return {getattr(library, name): made for name, made in _BY_NAME[module].items()}


# ------------------------------------------------------------- what has no derivative of its own


def solved(function: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
    """What SciPy's function gives; it has no derivative."""
    from s2sdiff.runtime import iterated

    assert iterated.may_write is not None
    if iterated.may_write(called):
        raise refusal(UnsupportedError,
                      f"{function.__name__} is given a function that may write what others see",
                      "give it one that only returns a value")
    return function(called, *args, **kwargs)


def value_and_pullback(f: Any, x: Any) -> tuple[Any, Any]:
    from s2sdiff.runtime import calls

    return calls.call((0,), f, x)


def slope_at(f: Any, x: Any, args: tuple) -> float:
    """The derivative of a function of one number; it has no derivative of its own."""
    value, pullback = value_and_pullback(lambda u: f(u, *args), float(x))
    slope = pullback(np.ones_like(value) if isinstance(value, np.ndarray) else class_of(value)(1))
    if slope == 0 or not np.isfinite(slope):
        raise refusal(UnsupportedError,
                      f"a root where the function's slope is {slope} has no derivative",
                      "choose a function that crosses zero there")
    return slope


def jacobian_at(f: Any, x: np.ndarray, args: tuple) -> np.ndarray:
    """The Jacobian of a function of a vector, row by row; it has no derivative of its own."""
    value, pullback = value_and_pullback(
        lambda u: np.ravel(np.asarray(f(u, *args))), np.array(x, float))
    rows = [pullback(row) for row in np.eye(value.size)]
    found = np.array(rows)
    if np.linalg.matrix_rank(found) < x.size:
        raise refusal(UnsupportedError,
                      "a root where the Jacobian is singular has no derivative",
                      "choose equations that determine it")
    return found


# --------------------------------------------------------------------------------------- roots


def at_root(f: Any, root: Any, args: tuple) -> Any:
    """The root, by the implicit function theorem: dx = -df / f'(x)."""
    residual = f(root, *args)
    return root - (residual - stop_gradient(residual)) / slope_at(f, root, args)


def at_roots(f: Any, roots: Any, args: tuple) -> Any:
    residual = np.ravel(np.asarray(f(roots, *args)))
    moved = np.linalg.solve(jacobian_at(f, roots, args), residual - stop_gradient(residual))
    return roots - moved


def bracketing(name: str) -> Any:
    """What stands for a function that looks for a root between two points."""
    def find(f: Any, a: Any, b: Any, args: Any = (), **options: Any) -> Any:
        import scipy.optimize

        given = args if isinstance(args, tuple) else (args,)
        found = solved(getattr(scipy.optimize, name), f, a, b, args, **options)
        if options.get("full_output"):
            return at_root(f, found[0], given), found[1]
        return at_root(f, found, given)

    return find


def root_scalar(f: Any, args: Any = (), **options: Any) -> Any:
    import scipy.optimize

    given = args if isinstance(args, tuple) else (args,)
    found = solved(scipy.optimize.root_scalar, f, args, **options)
    found.root = at_root(f, found.root, given)
    return found


def fsolve(func: Any, x0: Any, args: Any = (), **options: Any) -> Any:
    import scipy.optimize

    given = args if isinstance(args, tuple) else (args,)
    found = solved(scipy.optimize.fsolve, func, x0, args, **options)
    if options.get("full_output"):
        return (at_roots(func, found[0], given), *found[1:])
    return at_roots(func, found, given)


def root(fun: Any, x0: Any, args: Any = (), **options: Any) -> Any:
    import scipy.optimize

    given = args if isinstance(args, tuple) else (args,)
    found = solved(scipy.optimize.root, fun, x0, args, **options)
    found.x = at_roots(fun, found.x, given)
    return found


# ----------------------------------------------------------------------------------- integrals


def subintervals(func: Any, a: Any, b: Any, args: tuple, options: dict) -> Any:
    """The integral, and the final subintervals as fractions of the way; no derivative."""
    import scipy.integrate

    found = solved(scipy.integrate.quad, func, a, b, args, **{**options, "full_output": 1})
    if "alist" not in found[2] or options.get("weight") is not None or \
            options.get("points") is not None or options.get("complex_func"):
        raise refusal(UnsupportedError,
                      "quad with a weight, points or complex values has no derivative here",
                      "integrate the product, piece by piece, real and imaginary part apart")
    last = found[2]["last"]
    return found, found[2]["alist"][:last], found[2]["blist"][:last]


def checked(total: Any, found: Any, options: dict) -> float:
    """The integral; refuses a sum that is not the same.  It has no derivative of its own."""
    asked = max(options.get("epsabs", 1.49e-8), options.get("epsrel", 1.49e-8) * abs(found[0]))
    if not abs(total - found[0]) <= _FAR * max(asked, found[1]):
        raise refusal(UnsupportedError,
                      "the integrand is too singular for the derivative of quad",
                      "substitute, so that it is smooth")
    return found[0]


def shares(at_start: bool, at_end: bool) -> tuple[Any, Any]:
    """Points and weights in [0, 1]; by squares towards one end, where a root may begin."""
    nodes, weights = np.polynomial.legendre.leggauss(21)
    share, weights = 0.5 * (1.0 + nodes), 0.5 * weights
    if at_start == at_end:
        return share, weights
    squares, weights = share * share, 2.0 * share * weights
    return squares if at_start else 1.0 - squares, weights


def part(start: Any, end: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """Points and weights in one of the subintervals of [a, b].

    Only the outer ones move with a limit, as a root or a pole there may do; jumps inside stay.
    """
    at_a, at_b = start <= stop_gradient(a), end >= stop_gradient(b)
    low, high = a if at_a else start, b if at_b else end
    share, weights = shares(at_a, at_b)
    return low + (high - low) * share, (high - low) * weights


def part_of_half_line(start: Any, end: Any, limit: Any, way: float) -> tuple[Any, Any]:
    """The same of a half line, to which QUADPACK maps (0, 1] by (1 - t) / t."""
    moves = end >= 1.0
    share, weights = shares(start <= 0.0, moves)
    here, at = stop_gradient(limit), start + (end - start) * share
    points, weights = here + way * (1.0 - at) / at, (end - start) * weights / (at * at)
    if not moves:
        return points, weights
    if start <= 0.0:
        return points + (limit - here), weights
    last = here + way * (1.0 - start) / start
    ratio = (last - limit) / (last - here)
    return last + ratio * (points - last), weights * ratio


def quad(func: Any, a: Any, b: Any, args: Any = (), full_output: Any = 0, **options: Any) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    found, starts, ends = subintervals(func, a, b, given, options)
    sign = 1.0
    if b < a:
        a, b, sign = b, a, -1.0
    total = 0.0
    for k in range(len(starts) if a != b else 0):
        if np.isfinite(a) and np.isfinite(b):
            points, weights = part(starts[k], ends[k], a, b)
        elif np.isfinite(b):
            points, weights = part_of_half_line(starts[k], ends[k], b, -1.0)
        else:
            limit = a if np.isfinite(a) else 0.0
            points, weights = part_of_half_line(starts[k], ends[k], limit, 1.0)
        for j in range(21):
            value = func(points[j], *given)
            if np.isinf(a) and np.isinf(b):
                value = value + func(-points[j], *given)
            total = total + weights[j] * value
    total = sign * total
    if a == b:
        total = (b - a) * func(a, *given)
    value = checked(stop_gradient(total), found, options) + float(total - stop_gradient(total))
    return (value, *found[1:]) if full_output else (value, found[1])


def odeint(func: Any, y0: Any, t: Any, args: Any = (), rtol: Any = None, atol: Any = None,
           tfirst: bool = False, **options: Any) -> Any:
    import scipy.integrate

    given = args if isinstance(args, tuple) else (args,)
    found = solved(scipy.integrate.odeint, func, y0, t, args, rtol=rtol, atol=atol,
                   tfirst=tfirst, **options)
    times = np.asarray(t)
    again = scipy.integrate.solve_ivp(
        (lambda s, y: func(s, y, *given)) if tfirst else (lambda s, y: func(y, s, *given)),
        (times[0], times[-1]), np.atleast_1d(y0), method="RK45", t_eval=times,
        rtol=1e-8 if rtol is None else rtol, atol=1e-8 if atol is None else atol)
    same = np.transpose(again.y)
    if options.get("full_output"):
        return found[0] + (same - stop_gradient(same)), found[1]
    return found + (same - stop_gradient(same))


_BY_NAME: dict[str, dict[str, Any]] = {
    "scipy.optimize": {
        **{name: bracketing(name) for name in ("brentq", "brenth", "bisect", "ridder", "toms748")},
        "root_scalar": root_scalar, "fsolve": fsolve, "root": root,
        **{made.__name__: made for made in (
            standins_minimize.minimize, standins_minimize.minimize_scalar,
            standins_fits.least_squares, standins_fits.curve_fit)},
    },
    "scipy.integrate": {"quad": quad, "odeint": odeint},
    "scipy.interpolate": {
        "griddata": standins_scattered.griddata,
        "LinearNDInterpolator": standins_scattered.linear_nd,
        "NearestNDInterpolator": standins_scattered.nearest_nd,
        "CloughTocher2DInterpolator": standins_scattered.clough_tocher,
    },
    "scipy.sparse.linalg": {"splu": standins_sparse.splu,
                            "factorized": standins_sparse.factorized,
                            **{name: standins_sparse.iterative(name)
                               for name in standins_sparse.ITERATIVE}},
}
