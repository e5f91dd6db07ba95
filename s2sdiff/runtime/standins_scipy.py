"""SciPy's functions that call functions, in the language that is differentiated (see `standins`).

Each calls the original for its value, and adds an expression that is zero and has the derivative:
that of the implicit function theorem for roots, that of the sum over the final subintervals for
integrals.  The function is called some more times for it, so it must not write what others see.
"""

from __future__ import annotations

import functools
import importlib
import operator
import sys
import types
from typing import Any

import numpy as np

from s2sdiff.runtime import (
    standins_barycentric,
    standins_equations,
    standins_filters,
    standins_fits,
    standins_integrals,
    standins_minimize,
    standins_nested,
    standins_programs,
    standins_scattered,
    standins_searches,
    standins_sparse,
)
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import jacobian_at, slope_at, solved, unknown

__all__ = ["standin"]

#: What `root` tells besides the root.
VARYING = ("fun", "fjac", "r", "qtf", "jac", "cov_x")


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
    return {operator.attrgetter(name)(library): made for name, made in _BY_NAME[module].items()}


# --------------------------------------------------------------------------------------- roots


def at_root(f: Any, root: Any, args: tuple) -> Any:
    """The root, by the implicit function theorem: dx = -df / f'(x)."""
    residual = f(root, *args)
    change = (residual - stop_gradient(residual)) / slope_at(f, root, args)
    return root - float(change) if type(root) is float else root - change


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
        if not options.get("full_output"):
            return at_root(f, found, given)
        found[1].root = at_root(f, found[0], given)
        return found[1].root, found[1]

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
    if not options.get("full_output"):
        return at_roots(func, found, given)
    roots = at_roots(func, found[0], given)
    change = np.sum(roots - stop_gradient(roots))
    info = {name: x if name == "nfev" else unknown(
        x, change, "what fsolve tells of how it went has no derivative",
        "compute with the root") for name, x in found[1].items()}
    return (roots, info, *found[2:])


def root(fun: Any, x0: Any, args: Any = (), **options: Any) -> Any:
    import scipy.optimize

    given = args if isinstance(args, tuple) else (args,)
    found = solved(scipy.optimize.root, fun, x0, args, **options)
    found.x = at_roots(fun, found.x, given)
    change = np.sum(found.x - stop_gradient(found.x))
    for name in VARYING:
        if isinstance(found.get(name), np.ndarray):
            found[name] = unknown(
                found[name], change, "of what root finds only x has a derivative here",
                "compute with it")
    return found


_BY_NAME: dict[str, dict[str, Any]] = {
    "scipy.optimize": {
        **{name: bracketing(name) for name in ("brentq", "brenth", "bisect", "ridder", "toms748")},
        "root_scalar": root_scalar, "fsolve": fsolve, "root": root, **standins_searches.ALL,
        **{made.__name__: made for made in (
            standins_minimize.minimize, standins_minimize.minimize_scalar,
            standins_fits.least_squares, standins_fits.curve_fit, standins_fits.lsq_linear,
            standins_programs.linprog)},
    },
    "scipy.integrate": {
        "quad": standins_integrals.quad, "quad_vec": standins_integrals.quad_vec,
        **{made.__name__: made for made in (
            standins_nested.nquad, standins_nested.dblquad, standins_nested.tplquad)},
        "solve_ivp": standins_equations.solve_ivp, "odeint": standins_equations.odeint},
    "scipy.ndimage": {
        "gaussian_gradient_magnitude": standins_filters.gaussian_gradient_magnitude,
        "generic_gradient_magnitude": standins_filters.generic_gradient_magnitude,
        "generic_laplace": standins_filters.generic_laplace},
    "scipy.interpolate": {
        "BarycentricInterpolator._evaluate": standins_barycentric.polynomial,
        "FloaterHormannInterpolator.__call__": standins_barycentric.rational,
        "griddata": standins_scattered.griddata,
        "LinearNDInterpolator": standins_scattered.linear_nd,
        "NearestNDInterpolator": standins_scattered.nearest_nd,
        "CloughTocher2DInterpolator": standins_scattered.clough_tocher,
    },
    "scipy.sparse.linalg": {"splu": standins_sparse.splu,
                            "factorized": standins_sparse.factorized,
                            **{name: standins_sparse.iterative(name)
                               for name in standins_sparse.ITERATIVE},
                            **{name: standins_sparse.least_squares_by(name)
                               for name in ("lsqr", "lsmr")}},
}
