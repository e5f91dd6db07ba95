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
from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import change_of, refuse, rows_at, unknown, value_at

__all__ = ["constrained", "held", "led", "off_by", "system_at"]

#: How far from equality a constraint may be that counts as holding with equality.
_NEAR = 1e-6
#: How large a multiplier must be, in units of the slope, to be surely none.
_WEAK = 1e-5
_STEEP = 1e-3

_UNKNOWN = ("the point at which minimize ended moves in no known way: second derivatives could not "
            "be made, or the constraints do not determine it")


# ------------------------------------------------------------- what has no derivative of its own


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
    return whole if np.linalg.matrix_rank(plain_value(whole)) == len(whole) else None


# ------------------------------------------------------------------------------- constraints


def sides_and_values(constraint: Any, x: Any) -> Any:
    """What a constraint gives at a point, and its bounds."""
    if isinstance(constraint, dict):
        high = 0.0 if constraint["type"] == "eq" else np.inf
        return np.atleast_1d(constraint["fun"](x, *constraint.get("args", ()))), 0.0, high
    if hasattr(constraint, "A"):
        return np.atleast_2d(constraint.A) @ x, constraint.lb, constraint.ub
    return np.atleast_1d(constraint.fun(x)), constraint.lb, constraint.ub


def curvature_of(constraint: Any, weights: Any, x: Any) -> Any:
    """The second derivatives of what a constraint gives, each number times its weight.

    Without a star where it takes one more argument at most, and of the user's own function where
    that gives a number: no second derivative goes through a star, or a function that captures one.
    """
    f, given = (constraint["fun"], constraint.get("args", ())) if isinstance(
        constraint, dict) else (constraint.fun, ())
    along = standins_minimize.curvature_along
    if np.ndim(value_at(f, x, *given)) == 0:
        second = along(f, x, given)
        return None if second is None else weights[0] * second
    if len(given) == 0:
        return along(lambda u, weights: np.sum(weights * f(u)), x, (weights,))
    if len(given) == 1:
        return along(lambda u, weights, more: np.sum(weights * f(u, more)), x, (weights, given[0]))
    return along(lambda u, weights: np.sum(weights * f(u, *given)), x, (weights,))


def slope_along(constraint: Any, weights: Any, x: Any) -> Any:
    """The slope of what a constraint gives, each number times its weight."""
    if isinstance(constraint, dict):
        value, pullback = standins_minimize.pulled(
            constraint["fun"], x, *constraint.get("args", ()))
    else:
        value, pullback = standins_minimize.pulled(constraint.fun, x)
    entries = pullback(weights if np.ndim(value) else weights[0])
    return entries[0] if isinstance(entries, tuple) else entries


def listed(constraints: Any) -> Any:
    return list(constraints) if isinstance(constraints, (list, tuple)) else [constraints]


def held(fun: Any, x: Any, least: Any, constraints: Any, low: Any, high: Any, given: Any) -> Any:
    """The multipliers, and on which sides the bounds and each constraint hold; plain numbers."""
    run = carrying()
    if run is not None:
        from s2sdiff.runtime import carried_solutions

        return carried_solutions.without(
            held, (fun, x, least, constraints, low, high, given), run)
    x = np.array(x, dtype=float)
    sides = [sides_of(x, low, high)]
    rows = [np.eye(len(x))[sides[0] != 0]]
    for constraint in listed(constraints):
        value, below, above = sides_and_values(constraint, x)
        sides.append(sides_of(value, below, above))
        rows.append(rows_of(constraint, x)[sides[-1] != 0])
    multipliers = multipliers_of(
        standins_minimize.slope_of(fun, x, given), np.concatenate(rows),
        np.concatenate([s[s != 0] for s in sides]), 1.0 + abs(least))
    return multipliers, sides


def led(fun: Any, x: Any, multipliers: Any, sides: Any, constraints: Any, low: Any, high: Any,
        given: Any) -> Any:
    """Point and multipliers, with the tangents that they have where numbers carry theirs."""
    run = carrying()
    if run is None:
        return x, multipliers
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.between(fun, x, multipliers, sides, constraints, low, high, given, run)


def weights_of(multipliers: Any, sides: Any) -> list[Any]:
    """The multipliers of all that the bounds and each constraint give: zero where it is free."""
    weights, done = [], 0
    for side in sides:
        spread = np.eye(len(side))[:, side != 0]
        weights.append(spread @ multipliers[done:done + spread.shape[1]])
        done += spread.shape[1]
    return weights


def gap_of(x: Any, sides: Any, constraints: Any, low: Any, high: Any) -> Any:
    """What those constraints are off by that hold with equality."""
    parts = [(x - np.where(sides[0] == 1, high, low))[sides[0] != 0]]
    for i, constraint in enumerate(listed(constraints)):
        value, below, above = sides_and_values(constraint, x)
        side = sides[i + 1]
        parts.append((value - np.where(side == 1, above, below))[side != 0])
    return np.concatenate(parts)


def slope_between(fun: Any, x: Any, multipliers: Any, sides: Any, constraints: Any,
                  given: Any) -> Any:
    """The slope of the function less the constraints, each times its multiplier."""
    weights = weights_of(multipliers, sides)
    slope = standins_minimize.gradient(fun)(x, *given) - weights[0]
    for i, constraint in enumerate(listed(constraints)):
        if hasattr(constraint, "A"):
            slope = slope - weights[i + 1] @ np.atleast_2d(constraint.A)
        else:
            slope = slope - slope_along(constraint, weights[i + 1], x)
    return slope


def off_by(fun: Any, x: Any, multipliers: Any, sides: Any, constraints: Any, low: Any, high: Any,
           given: Any) -> Any:
    """What the equations for point and multipliers are off by."""
    return np.concatenate([slope_between(fun, x, multipliers, sides, constraints, given),
                           gap_of(x, sides, constraints, low, high)])


def system_at(fun: Any, x: Any, multipliers: Any, sides: Any, constraints: Any, given: Any) -> Any:
    """The matrix of these equations; None where it is singular, or not known."""
    weights = weights_of(multipliers, sides)
    second = standins_minimize.curvature_along(fun, x, given)
    rows = [np.eye(len(x))[sides[0] != 0]]
    for i, constraint in enumerate(listed(constraints)):
        rows.append(rows_of(constraint, x)[sides[i + 1] != 0])
        if not hasattr(constraint, "A"):
            second = less(second, curvature_of(constraint, weights[i + 1], x))
    return system_of(second, np.concatenate(rows))


def constrained(fun: Any, found: Any, constraints: Any, low: Any, high: Any, given: Any) -> Any:
    """What minimize has found, with the derivatives of point and value."""
    multipliers, sides = held(fun, found.x, found.fun, constraints, low, high, given)
    x, multipliers = led(fun, stop_gradient(found.x), multipliers, sides, constraints, low, high,
                         given)
    gap = gap_of(x, sides, constraints, low, high)
    value = fun(x, *given) - multipliers @ gap
    change = change_of(value)
    slope = slope_between(fun, x, multipliers, sides, constraints, given)
    system = system_at(fun, x, multipliers, sides, constraints, given)
    if system is None:
        found.x = unknown(found.x, change, _UNKNOWN, "compute with the least value, fun")
    else:
        moved = np.linalg.solve(system, np.concatenate(
            [change_of(slope), change_of(gap)]))
        found.x = x - moved[:len(x)]
    found.fun = found.fun + change
    return found
