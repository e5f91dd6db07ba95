"""Linear programs, in the language that is differentiated (see `standins`).

The least value has what its multipliers say as derivative, in which the point counts as fixed; the
point, a corner where as many constraints hold with equality as there are numbers, moves as their
crossing does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import plainly, unknown

__all__ = ["corner", "linprog", "lowest"]

_CORNER = (
    ("the point at which linprog ended is no single corner: as many constraints as numbers do not "
     "hold with equality there, or they depend on each other"), "compute with the least value, fun")
_FIELD = ("of what linprog finds only x and fun have derivatives here", "compute with these")
_NEAR = 1e-9


# ------------------------------------------------------------- what has no derivative of its own


def lowest(c: Any, A_ub: Any, b_ub: Any, A_eq: Any, b_eq: Any, bounds: Any, method: Any,
           options: dict[str, Any]) -> Any:
    """What SciPy's function finds."""
    from scipy.optimize import linprog

    if options.get("integrality") is not None and np.any(options["integrality"]):
        raise refusal(UnsupportedError, "linprog with integrality has no derivative",
                      "solve it without, and fix the numbers that are whole")
    found = plainly(linprog, c, A_ub, b_ub, A_eq, b_eq, bounds, method, **options)
    if not found.success or not hasattr(found, "ineqlin"):
        raise refusal(UnsupportedError, "a linear program without a solution, or by an older "
                      "method, has no derivative", "use method='highs', and bounds that admit one")
    return found


def corner(rows: Any, gaps: Any, equal: Any) -> Any:
    """Which constraints cross in the point where linprog ended; None where they are no corner."""
    at = np.flatnonzero(equal | (np.abs(gaps) <= _NEAR * (1.0 + np.max(np.abs(rows), axis=1))))
    square = len(at) == rows.shape[1] and np.linalg.matrix_rank(rows[at]) == len(at)
    return at if square else None


def check_once() -> None:
    """Refuse numbers that carry tangents, where the multipliers have none."""
    if carrying() is not None:
        raise refusal(UnsupportedError, "what linprog finds has no second derivative where no "
                      "corner is the only solution", "add to the objective what chooses one")


# -------------------------------------------------------------------------------------- program


def matrix_or_none(a: Any, n: int) -> Any:
    if a is None:
        return np.zeros((0, n))
    return np.atleast_2d(a.toarray() if hasattr(a, "toarray") else np.asarray(a))


def limits_of(bounds: Any, n: int) -> Any:
    """The bounds as two arrays."""
    if bounds is None:
        return np.zeros(n), np.full(n, np.inf)
    if np.ndim(bounds[0]) == 0 and len(bounds) == 2:
        bounds = [bounds] * n
    pairs = [bounds[0]] * n if len(bounds) == 1 else bounds
    low = [-np.inf if pair[0] is None else pair[0] for pair in pairs]
    high = [np.inf if pair[1] is None else pair[1] for pair in pairs]
    return np.array(low, dtype=float), np.array(high, dtype=float)


def linprog(c: Any, A_ub: Any = None, b_ub: Any = None, A_eq: Any = None, b_eq: Any = None,
            bounds: Any = (0, None), method: Any = "highs", **options: Any) -> Any:
    found = lowest(c, A_ub, b_ub, A_eq, b_eq, bounds, method, options)
    x = np.array(stop_gradient(found.x), dtype=float)
    n = len(x)
    costs = np.asarray(c)
    above, same = matrix_or_none(A_ub, n), matrix_or_none(A_eq, n)
    above_value = np.zeros(0) if b_ub is None else np.atleast_1d(b_ub)
    same_value = np.zeros(0) if b_eq is None else np.atleast_1d(b_eq)
    low, high = limits_of(bounds, n)
    bounded_below, bounded_above = np.isfinite(low), np.isfinite(high)
    marginals = np.concatenate([
        found.eqlin.marginals, found.ineqlin.marginals, found.lower.marginals[bounded_below],
        found.upper.marginals[bounded_above]])
    rows = np.concatenate([same, above, np.eye(n)[bounded_below], np.eye(n)[bounded_above]])
    values = np.concatenate([same_value, above_value, low[bounded_below], high[bounded_above]])
    gaps = values - rows @ x
    equal = np.arange(len(rows)) < len(same)
    at = corner(stop_gradient(rows), stop_gradient(gaps), equal)
    if at is None:
        check_once()
        fun = costs @ x + stop_gradient(marginals) @ gaps
    else:
        # The constraints that cross there are equations for the point, to any order.
        point = x + np.linalg.solve(rows[at], gaps[at])
        found.x = found.x + (point - stop_gradient(point))
        fun = costs @ point
    change = fun - stop_gradient(fun)
    if at is None:
        found.x = unknown(found.x, change, *_CORNER)
    for name in ("slack", "con"):
        found[name] = unknown(found[name], change, *_FIELD)
    found.fun = found.fun + float(change)
    return found
