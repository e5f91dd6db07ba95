"""SciPy's functions that find roots, in the language that is differentiated (see `standins`).

A root moves by what its equation is off by (the implicit function theorem: `dx = -df / f'(x)`),
however it was found.  To go through the steps of a search would give no derivative where it starts
at the root: there are none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.standins_fits import half_of_squares, slope_of_losses
from s2sdiff.runtime.standins_searches import settled, size_at
from s2sdiff.runtime.standins_solved import (
    change_of,
    check_near,
    jacobian_at,
    left_alone,
    left_by,
    root_by,
    slope_at,
    slopes_at,
    unknown,
    writes,
)

__all__ = ["ALL"]

#: What `root` tells besides the root.
VARYING = ("fjac", "r", "qtf", "jac", "cov_x")
_TOLD = ("of what root finds only x and fun have derivatives here", "compute with these")
_TOLD_BY_FSOLVE = ("what fsolve tells of how it went has no derivative", "compute with the root")


def given_of(args: Any) -> tuple:
    return args if isinstance(args, tuple) else (args,)


def first_of(f: Any) -> Any:
    """The values of a function that gives slopes, too."""
    return lambda u, *rest: f(u, *rest)[0]


def at_root(f: Any, root: Any, args: tuple) -> Any:
    """A root that is one number."""
    residual = f(root, *args)
    slope = slope_at(f, root, args)
    check_near(residual / slope, root)
    change = change_of(residual) / slope
    if isinstance(change, np.ndarray):
        change = np.sum(change)
    if type(root) is float:
        return root - float(change)
    return root - change


def at_roots(f: Any, roots: Any, args: tuple) -> Any:
    """A root that is several numbers together."""
    residual = np.ravel(np.asarray(f(roots, *args)))
    rows = jacobian_at(f, roots, args)
    check_near(np.linalg.solve(rows, residual), roots)
    moved = np.linalg.solve(rows, change_of(residual))
    return roots - np.reshape(moved, np.shape(roots))


def at_each_root(f: Any, roots: Any, args: tuple) -> Any:
    """Several roots, each of an equation of its own."""
    residual = f(roots, *args)
    slopes = slopes_at(f, roots, args)
    check_near(residual / slopes, roots)
    return roots - change_of(residual) / slopes


# --------------------------------------------------------------------------------- of one number


def bracketing(name: str) -> Any:
    """What stands for a function that looks for a root between two points."""
    def find(f: Any, a: Any, b: Any, args: Any = (), **options: Any) -> Any:
        given = given_of(args)
        found = root_by(name, f, f, given, (a, b, args), options)
        if writes(f):
            f = left_alone(f)
        if not options.get("full_output"):
            return at_root(f, found, given)
        found[1].root = at_root(f, found[0], given)
        return found[1].root, found[1]

    return find


def root_scalar(f: Any, args: Any = (), method: Any = None, bracket: Any = None,
                fprime: Any = None, fprime2: Any = None, **options: Any) -> Any:
    given = given_of(args)
    # As SciPy asks it: one that is no function says that `f` gives the slope, too.
    value = first_of(f) if (fprime and not callable(fprime)) or (
        fprime2 and not callable(fprime2)) else f
    found = root_by("root_scalar", f, value, given, (args, method, bracket, fprime, fprime2),
                    options)
    if writes(value):
        value = left_alone(value)
    found.root = at_root(value, found.root, given)
    return found


def newton(func: Any, x0: Any, fprime: Any = None, args: Any = (), tol: Any = 1.48e-8,
           maxiter: Any = 50, fprime2: Any = None, x1: Any = None, rtol: Any = 0.0,
           full_output: Any = False, disp: Any = True) -> Any:
    given = given_of(args)
    found = root_by("newton", func, func, given, (
        x0, fprime, args, tol, maxiter, fprime2, x1, rtol, full_output, disp), {})
    if writes(func):
        func = left_alone(func)
    root = found[0] if full_output else found
    if isinstance(root, np.ndarray) and root.ndim:
        root = at_each_root(func, root, args)
        return found._replace(root=root) if full_output else root
    root = at_root(func, root, args)
    if not full_output:
        return root
    found[1].root = root
    return root, found[1]


# --------------------------------------------------------------------------------- of several


def fixed_point(func: Any, x0: Any, args: Any = (), xtol: Any = 1e-8, maxiter: Any = 500,
                method: Any = "del2") -> Any:
    found = root_by("fixed_point", func, func, args, (x0, args, xtol, maxiter, method), {})
    if writes(func):
        func = left_alone(func)
    x = found if np.ndim(found) else found[()]
    left = left_by(func, x, args)
    # Less the point, as that moves with the value where both carry tangents.
    off = np.ravel(np.asarray(func(x, *args)) - x)
    check_near(np.linalg.solve(left, off), x)
    moved = np.linalg.solve(left, change_of(off))
    root = x + np.reshape(moved, np.shape(x))
    return np.asarray(root) if isinstance(found, np.ndarray) else root


def fsolve(func: Any, x0: Any, args: Any = (), fprime: Any = None, **options: Any) -> Any:
    given = given_of(args)
    found = root_by("fsolve", func, func, given, (x0, args, fprime), options)
    if writes(func):
        func = left_alone(func)
    if not options.get("full_output"):
        return at_roots(func, found, given)
    roots = at_roots(func, found[0], given)
    change = np.sum(change_of(roots))
    info = {name: unknown(x, change, *_TOLD_BY_FSOLVE) if isinstance(x, np.ndarray) else x
            for name, x in found[1].items()}
    return (roots, info, *found[2:])


def root(fun: Any, x0: Any, args: Any = (), method: Any = "hybr", jac: Any = None,
         **options: Any) -> Any:
    given = given_of(args)
    value = first_of(fun) if not callable(jac) and jac else fun
    found = root_by("root", fun, value, given, (x0, args, method, jac), options)
    if writes(value):
        value = left_alone(value)
    if np.size(found.fun) == np.size(found.x):
        x = at_roots(value, found.x, given)
        change = np.sum(change_of(x))
    else:
        # More equations than numbers: the squares of what they are off by are least.
        squares = half_of_squares(value, given, {})
        x, change = settled(squares, found.x, size_at(squares, found.x, ()), (), None, None,
                            slope_of_losses(value, None, given, {}, "linear", 1.0))
    rest = np.asarray(value(x, *given))
    found.x = x
    found.fun = found.fun + np.reshape(change_of(rest), np.shape(found.fun))
    for name in VARYING:
        if isinstance(found.get(name), np.ndarray):
            found[name] = unknown(found[name], change, *_TOLD)
    return found


def by_steps(name: str) -> Any:
    """What stands for a function that nears the Jacobian step by step."""
    def find(F: Any, xin: Any, *rest: Any, **options: Any) -> Any:
        found = root_by(name, F, F, (), (xin, *rest), options)
        return at_roots(left_alone(F), found, ())

    return find


#: By their names in `scipy.optimize`.
ALL = {
    **{name: bracketing(name) for name in ("brentq", "brenth", "bisect", "ridder", "toms748")},
    **{name: by_steps(name) for name in (
        "broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden", "excitingmixing",
        "newton_krylov")},
    "root_scalar": root_scalar, "newton": newton, "fixed_point": fixed_point, "fsolve": fsolve,
    "root": root,
}
