"""Steps of differential equations, for `standins_equations`."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import as_array
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import change_of, plainly, rows_at, value_at

__all__ = ["EXPLICIT", "between", "interval_of", "led_states", "radau", "stage_changes",
           "stage_matrix", "stage_system", "states_at", "step", "tableau", "went"]

#: Solvers that compute each step from the last one by slopes alone.
EXPLICIT = ("RK23", "RK45", "DOP853")


# ------------------------------------------------------------- what has no derivative of its own


@functools.cache
def tableau(method: str) -> Any:
    """Butcher's coefficients of an explicit method, without their zeros; None of others.

    >>> [len(row) for row in tableau("RK23")[0]], tableau("BDF")
    ([0, 1, 1], None)
    """
    import scipy.integrate

    if method not in EXPLICIT:
        return None
    found = getattr(scipy.integrate, method)
    rows = [[(j, float(x)) for j, x in enumerate(row) if x] for row in found.A[:len(found.C)]]
    return rows, [(j, float(x)) for j, x in enumerate(found.B) if x], found.C.tolist()


@functools.cache
def radau() -> tuple[Any, Any]:
    """The weights and nodes of Radau IIA with four stages.

    >>> float(radau()[1][-1]), bool(np.allclose(np.sum(radau()[0], axis=1), radau()[1]))
    (1.0, True)
    """
    from scipy import special

    nodes = np.append((1.0 + special.roots_jacobi(3, 1.0, 0.0)[0]) / 2.0, 1.0)
    powers = np.vander(nodes, increasing=True)
    integrals = nodes[:, None] * powers / np.arange(1.0, 5.0)
    return integrals @ np.linalg.inv(powers), nodes


def interval_of(times: Any, t: float) -> int:
    """The step in which a time lies; beyond the ends, the outermost."""
    way = 1.0 if times[-1] >= times[0] else -1.0
    return int(np.clip(np.searchsorted(way * times, way * t) - 1, 0, len(times) - 2))


def between(sol: Any, t: Any) -> Any:
    """What SciPy's continuous solution gives."""
    return plainly(sol, t)


def states_at(sol: Any, times: Any) -> Any:
    """What the solution is at the stages, a row each."""
    return np.transpose(plainly(sol, np.asarray(times, float)))


def led_states(f: Any, jac: Any, args: tuple, times: Any, y: Any, h: Any, states: Any) -> Any:
    """The stages, with the tangents that they have where numbers carry theirs."""
    run = carrying()
    if run is None:
        return states
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.stages(f, jac, args, times, y, h, states, run)


def stage_matrix(f: Any, jac: Any, args: tuple, times: Any, states: Any, h: float,
                 weights: Any) -> Any:
    """What turns a change of the stages' equations into one of the stages."""
    return stage_system([slopes_at(f, jac, args, t, y)
                         for t, y in zip(times, states, strict=True)], h, weights)


def stage_system(slopes: Any, h: Any, weights: Any) -> Any:
    """The same of the slopes at the stages: the block (i, j) is `(i == j) - h w_ij slopes_j`."""
    m, n = len(slopes), slopes[0].shape[1]
    blocks = weights[:, None, :, None] * np.transpose(np.stack(slopes), (1, 0, 2))
    return np.eye(m * n) - h * np.reshape(blocks, (m * n, m * n))


def slopes_at(f: Any, jac: Any, args: tuple, t: Any, y: Any) -> Any:
    """The slopes of a right-hand side in the state, which the user may give."""
    if jac is None:
        return rows_at(lambda u: f(t, u), y, ())
    slopes: Any = value_at(jac, t, y, *args) if callable(jac) else jac
    return slopes.toarray() if hasattr(slopes, "toarray") else as_array(slopes)


# --------------------------------------------------------------------------------------- steps


def stages(f: Any, t: Any, y: Any, h: Any, table: Any) -> Any:
    """One step of an explicit method."""
    rows, last, nodes = table
    slopes = [f(t, y)]
    for i in range(1, len(nodes)):
        slopes.append(f(t + nodes[i] * h, y + h * weighed_sum(rows[i], slopes)))
    return y + h * weighed_sum(last, slopes)


def weighed_sum(row: Any, slopes: list) -> Any:
    total = 0.0
    for j, weight in row:
        total = total + weight * slopes[j]
    return total


def stage_changes(f: Any, times: Any, y: Any, h: Any, weights: Any, states: Any) -> Any:
    """How far the stages' equations are from these states, which count as solutions of them."""
    slopes = np.stack([f(times[i], states[i]) for i in range(4)])
    return np.ravel(y + h * (weights @ slopes) - states)


def implicit_step(f: Any, t: Any, y: Any, h: Any, known: Any) -> Any:
    """One step of the implicit method, linear about the solution that is known."""
    sol, jac, args = known
    weights, nodes = radau()
    times = [t + h * nodes[i] for i in range(4)]
    states = led_states(f, jac, args, times, y, h, states_at(sol, stop_gradient(times)))
    change = stage_changes(f, times, y, h, weights, states)
    matrix = stage_matrix(f, jac, args, times, states, h, weights)
    moved = np.linalg.solve(matrix, change_of(change))
    return states[3] + moved[-len(y):]


def step(f: Any, t: Any, y: Any, h: Any, table: Any, known: Any) -> Any:
    if table is not None:
        return stages(f, t, y, h, table)
    return implicit_step(f, t, y, h, known)


def went(f: Any, times: Any, y0: Any, table: Any, known: Any) -> list:
    """The states at the times of the steps, one after the other."""
    states = [y0]
    for n in range(len(times) - 1):
        states.append(step(f, times[n], states[n], times[n + 1] - times[n], table, known))
    return states
