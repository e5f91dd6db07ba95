"""The least value of a function among points that satisfy constraints (see `standins_minimize`).

At such a point the slope of `fun(x) - multipliers @ constraints(x)` is zero, where the constraints
are those that hold with equality there.  By the implicit function theorem the point moves with
what these equations are off by (A. Fiacco, Introduction to Sensitivity and Stability Analysis in
Nonlinear Programming, 1983); the least value has the derivative of that function, in which point
and multipliers count as fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import standins_minimize
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import refuse, rows_at, unknown

__all__ = ["constrained", "less", "multipliers_of", "rows_of", "sides_of", "system_of"]

#: How far from equality a constraint may be that counts as holding with equality.
_NEAR = 1e-6
#: How large a multiplier must be, in units of the slope, to be surely none.
_WEAK = 1e-5
_STEEP = 1e-3

_UNKNOWN = ("the point at which minimize ended moves in no known way: second derivatives could not "
            "be made, or the constraints do not determine it")


# ------------------------------------------------------------- what has no derivative of its own


def check_once() -> None:
    """Refuse numbers that carry tangents: the point has none here."""
    if carrying() is not None:
        refuse("the point that minimize finds between constraints has no second derivative here",
               "write the conditions for it as equations, and call scipy.optimize.root")


def sides_of(value: Any, low: Any, high: Any) -> Any:
    """-1 where a constraint holds with equality below, 1 above, 2 where it is an equation, or 0."""
    value, low, high = (np.atleast_1d(np.asarray(v, float)) for v in (value, low, high))
    low, high = np.broadcast_to(low, value.shape), np.broadcast_to(high, value.shape)
    near = _NEAR * (1.0 + np.abs(value))
    sides = np.where(value - low <= near, -1, np.where(high - value <= near, 1, 0))
    return np.where(low == high, 2, sides)


def multipliers_of(steep: Any, rows: Any, sides: Any, size: float) -> Any:
    """The multipliers of constraints that hold with equality, whose slopes are `rows`."""
    if len(rows) and np.linalg.matrix_rank(rows) < len(rows):
        refuse("the constraints that hold with equality where minimize ended depend on each other",
                "leave out those that follow from the others")
    found = np.linalg.lstsq(rows.T, steep, rcond=None)[0] if len(rows) else np.zeros(0)
    if np.max(np.abs(steep - found @ rows), initial=0.0) > _STEEP * size:
        refuse("the search for the least value ended where the function is not flat along the "
                "constraints", "let it search longer, or with a smaller tolerance")
    weak = np.abs(found) * np.max(np.abs(rows), axis=1, initial=0.0) <= _WEAK * size
    wrong = np.where(sides == -1, found < 0, (sides == 1) & (found > 0))
    if np.any((sides != 2) & (weak | wrong)):
        refuse("a constraint holds with equality where minimize ended, and does not matter: the "
                "point has two derivatives there", "leave that constraint out")
    return found


def rows_of(constraint: Any, x: Any) -> Any:
    """The slopes of what a constraint gives."""
    found = rows_at(lambda u: sides_and_values(constraint, u)[0], x, ())
    return np.reshape(found, (-1, len(x)))


def less(second: Any, part: Any) -> Any:
    """A difference of second derivatives; None where one of them is not known."""
    return None if second is None or part is None else second - part


def system_of(second: Any, rows: Any) -> Any:
    """The matrix of what point and multipliers move by; None where it is singular."""
    if second is None:
        return None
    n = len(rows)
    whole = np.block([[second, -rows.T], [rows, np.zeros((n, n))]])
    return whole if np.linalg.matrix_rank(whole) == len(whole) else None


# ------------------------------------------------------------------------------- constraints


def sides_and_values(constraint: Any, x: Any) -> Any:
    """What a constraint gives at a point, and its bounds."""
    if isinstance(constraint, dict):
        high = 0.0 if constraint["type"] == "eq" else np.inf
        return np.atleast_1d(constraint["fun"](x, *constraint.get("args", ()))), 0.0, high
    if hasattr(constraint, "A"):
        return np.atleast_2d(constraint.A) @ x, constraint.lb, constraint.ub
    return np.atleast_1d(constraint.fun(x)), constraint.lb, constraint.ub


def weighed(constraint: Any, weights: Any) -> Any:
    """The sum of what a constraint gives, each number times its weight, as a function of the point.

    Without a star where it takes one more argument at most: no second derivative goes through one.
    """
    f, given = (constraint["fun"], constraint.get("args", ())) if isinstance(
        constraint, dict) else (constraint.fun, ())
    if len(given) == 0:
        return lambda u: np.sum(weights * f(u))
    if len(given) == 1:
        return lambda u: np.sum(weights * f(u, given[0]))
    return lambda u: np.sum(weights * f(u, *given))


def slope_along(constraint: Any, weights: Any, x: Any) -> Any:
    """The slope of `weighed`."""
    if isinstance(constraint, dict):
        value, pullback = standins_minimize.pulled(
            constraint["fun"], x, *constraint.get("args", ()))
    else:
        value, pullback = standins_minimize.pulled(constraint.fun, x)
    entries = pullback(weights if np.ndim(value) else weights[0])
    return entries[0] if isinstance(entries, tuple) else entries


def listed(constraints: Any) -> Any:
    return list(constraints) if isinstance(constraints, (list, tuple)) else [constraints]


def constrained(fun: Any, found: Any, constraints: Any, low: Any, high: Any, given: Any) -> Any:
    """What minimize has found, with the derivatives of point and value."""
    check_once()
    x = np.array(stop_gradient(found.x), dtype=float)
    gradient = standins_minimize.gradient
    sides = sides_of(x, stop_gradient(low), stop_gradient(high))
    gaps, rows = x - np.where(sides == 1, high, low), np.eye(len(x))
    gap, kinds, slopes = gaps[sides != 0], sides[sides != 0], rows[sides != 0]
    counts = []
    for constraint in listed(constraints):
        value, below, above = sides_and_values(constraint, x)
        sides = sides_of(stop_gradient(value), stop_gradient(below), stop_gradient(above))
        gap = np.concatenate([gap, (value - np.where(sides == 1, above, below))[sides != 0]])
        kinds = np.concatenate([kinds, sides[sides != 0]])
        slopes = np.concatenate([slopes, rows_of(constraint, x)[sides != 0]])
        counts.append(sides)
    size = 1.0 + abs(stop_gradient(found.fun))
    multipliers = multipliers_of(standins_minimize.slope_of(fun, x, given), slopes, kinds, size)
    value = fun(x, *given) - multipliers @ gap
    change = value - stop_gradient(value)
    second = standins_minimize.curvature_along(fun, x, given)
    slope = gradient(fun)(x, *given)
    done = len(multipliers) - sum([np.count_nonzero(s) for s in counts])
    for i, constraint in enumerate(listed(constraints)):
        weights = np.zeros(len(counts[i]))
        weights[counts[i] != 0] = multipliers[done:done + np.count_nonzero(counts[i])]
        done += np.count_nonzero(counts[i])
        if hasattr(constraint, "A"):
            slope = slope - weights @ np.atleast_2d(constraint.A)
        else:
            slope = slope - slope_along(constraint, weights, x)
            second = less(second, standins_minimize.curvature_along(
                weighed(constraint, weights), x, ()))
    system = system_of(second, slopes)
    if system is None:
        found.x = unknown(found.x, change, _UNKNOWN, "compute with the least value, fun")
    else:
        moved = np.linalg.solve(system, np.concatenate(
            [slope - stop_gradient(slope), gap - stop_gradient(gap)]))
        found.x = found.x - moved[:len(x)]
    found.fun = found.fun + change
    return found
