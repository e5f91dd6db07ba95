"""Implicit steps of differential equations, by the function's name as explicit ones are."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import change_of
from s2sdiff.runtime.standins_steps import radau, slopes_at, stage_system, states_at

__all__ = ["matrices_of", "passed", "stage_times", "stage_weights", "stages_of"]


def rows_of(fun: Any, given: tuple, t: float, y: Any, order: str) -> Any:
    """The slopes of a right-hand side in the state, row by row."""
    from s2sdiff.runtime import calls

    slot, args = (1, (t, y)) if order == "ty" else (0, (y, t))
    value, pullback = calls.call((slot,), fun, *args, *given)
    rows = np.eye(len(y)) if len(y) > 1 or np.ndim(value) else np.ones(1)
    as_list = isinstance(value, (list, tuple))
    return np.reshape([pullback(type(value)(row.tolist()) if as_list else row) for row in rows],
                      (len(y), len(y)))


def stage_times(t: Any, h: Any) -> Any:
    """The times of the stages of each step; no derivative."""
    return t + h * radau()[1]


def stage_weights() -> Any:
    return radau()[0]


def stages_of(sol: Any, times: Any) -> Any:
    """What the solution is at all stages of all steps; no derivative."""
    times = np.asarray(times)[:, None]
    at = stage_times(times[:-1], np.diff(times, axis=0))
    return np.reshape(states_at(sol, np.ravel(at)), (*at.shape, -1))


def matrices_of(fun: Any, given: tuple, jac: Any, times: Any, stages: Any, order: str) -> Any:
    """For each step what turns a change of the stages' equations into one of the stages."""
    return np.array([stage_system(
        [rows_of(fun, given, u, y, order) if jac is None else slopes_at(None, jac, given, u, y)
         for u, y in zip(stage_times(t, h), states, strict=True)], h, stage_weights())
        for t, h, states in zip(times[:-1], np.diff(times), stages, strict=True)])


def went(fun: Any, given: tuple, times: Any, y0: Any, stages: Any, matrices: Any, weights: Any,
         c: Any, order: str) -> Any:
    """Radau IIA with four stages, linear about the solution that is known."""
    states = [y0]
    for n in range(len(times) - 1):
        t, y = times[n], states[n]
        h = times[n + 1] - t
        slopes = np.zeros((4, len(y)))
        for i in range(4):
            if order == "ty":
                slopes[i] = np.asarray(fun(t + c[i] * h, stages[n, i], *given))
            elif order == "yt":
                slopes[i] = np.asarray(fun(stages[n, i], t + c[i] * h, *given))
        change = np.ravel(y + h * (weights @ slopes) - stages[n])
        moved = np.linalg.solve(matrices[n], change_of(change))
        states.append(stages[n, 3] + moved[3 * len(y):])
    return np.stack(states)


def passed(fun: Any, given: tuple, times: Any, y0: Any, sol: Any, jac: Any, order: str) -> Any:
    """The states at the times of steps, of which the first is given."""
    still = stop_gradient(times)
    stages = stages_of(sol, still)
    matrices = matrices_of(fun, given, jac, still, stages, order)
    return went(fun, given, times, y0, stages, matrices, stage_weights(), stage_times(0.0, 1.0),
                order)
