"""Roots that SciPy finds, and its steps, where what they depend on carries tangents.

The search itself is made with plain numbers.  What it finds gets the tangent that the implicit
function theorem says: `dx = -df / f'(x)`.  The steps of a differential equation are constant, and
gone through again with tangents.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import (
    by_place,
    standins_bounds,
    standins_constrained,
    standins_equations,
    standins_minimize,
    standins_solved,
    standins_steps,
)
from s2sdiff.runtime.carried import carried, class_of, plain_value
from s2sdiff.runtime.carried_calls import split
from s2sdiff.runtime.carried_runs import Carrying, carrying, not_carried, outside
from s2sdiff.runtime.mapped_numbers import mapped
from s2sdiff.runtime.values import is_inert

__all__ = ["least", "plainly", "solution", "stages"]


def solution(function: Any, called: Any, value: Any, given: tuple, args: tuple,
             options: dict[str, Any], run: Carrying) -> Any:
    """What `function(called, *args, **options)` gives, a root of `value`, with its tangent."""
    name = function.__name__
    if run.outer is not None:
        raise not_carried(f"{name}, in a third derivative,", run)
    found: Any = function(_plain(called, run), *_plain(args, run),
                          **{k: _plain(v, run) for k, v in options.items()})
    attribute = {"root_scalar": "root", "root": "x"}.get(name)
    at = getattr(found, attribute) if attribute else found[0] if isinstance(found, tuple) else found
    root = _with_tangent(value, at, given, run, name == "fixed_point")
    if attribute:
        setattr(found, attribute, root)
        return found
    named = getattr(found, "_replace", None)
    if named is not None:
        return named(root=root)
    return (root, *found[1:]) if isinstance(found, tuple) else root


def plainly(function: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a call gives for numbers without tangents: something that counts as constant."""
    run = carrying()
    if run is None:
        return function(*args, **kwargs)
    if run.outer is not None:
        raise not_carried(f"{function.__name__}, in a third derivative,", run)
    return outside(None, function, *_plain(args, run),
                   **{k: _plain(v, run) for k, v in kwargs.items()})


def _with_tangent(f: Any, x: Any, given: tuple, run: Carrying, fixed: bool) -> Any:
    slots = (0, *[i + 1 for i, a in enumerate(given) if not is_inert(a)])
    _, dot = split(by_place.call_by_place(slots, f, x, *given)[0], run)
    if dot is None:
        return carried(x, x * 0.0, run)
    plain, rest = _plain(f, run), _plain(given, run)
    if fixed:
        left = outside(None, standins_solved.left_by, plain, x, rest)
        moved = np.linalg.solve(left, np.ravel(dot))
        return carried(x, np.reshape(moved, np.shape(x))[()], run)
    if np.ndim(x) == 0:
        slope = outside(None, standins_solved.slope_at, plain, x, rest)
        return carried(x, class_of(x)(-np.ravel(dot)[0] / slope), run)
    rows = outside(None, standins_solved.jacobian_at, plain, x, rest)
    moved = -np.linalg.solve(rows, np.ravel(np.asarray(dot, float)))
    return carried(x, np.reshape(moved, np.shape(x)), run)


def least(f: Any, slope: Any, x: Any, low: Any, high: Any, given: tuple, run: Carrying) -> Any:
    """The point where a function is least, with its tangent: dx = -H^-1 d(slope) where it is free.

    Where it lies on a bound it moves with that, which `standins_bounds.on_bounds` adds.
    """
    if run.outer is not None:
        raise not_carried("a least value, in a third derivative,", run)
    made = slope or standins_minimize.gradient(f)
    plain = _plain(slope, run) if slope else standins_minimize.gradient(_plain(f, run))
    rest = _plain(given, run)
    if not isinstance(x, np.ndarray):
        _, dot = split(_called(made, carried(x, 0.0, run), *given), run)
        if dot is None:
            return carried(x, 0.0, run)
        return carried(x, -float(dot) / outside(None, standins_solved.slope_at, plain, x, rest),
                       run)
    free = standins_bounds.free_of(x, *_plain((low, high), run))
    # All that the slope's code adds up is to carry a tangent.
    tied = by_place.call_by_place((0, 1, 2), standins_bounds.on_bounds,
                                  carried(x, np.zeros_like(x), run), low, high)[0]
    slots = (0, *[i + 1 for i, a in enumerate(given) if not is_inert(a)])
    value = _called(made, tied, *given) if hasattr(made, "__s2sdiff_asked__") else \
        by_place.call_by_place(slots, slope, tied, *given)[0]
    _, dot = split(value, run)
    moved = np.zeros_like(x)
    if dot is not None and len(free):
        second = outside(None, standins_minimize.slopes_of_free, plain, x, free, rest)
        moved[free] = -np.linalg.solve(second, np.ravel(np.asarray(dot, float))[free])
    return carried(x, moved, run)


def without(function: Any, args: tuple, run: Carrying) -> Any:
    """What a function gives of what carries no tangents."""
    if run.outer is not None:
        raise not_carried("a least value, in a third derivative,", run)
    return outside(None, function, *_plain(args, run))


def between(fun: Any, x: Any, multipliers: Any, sides: Any, constraints: Any, low: Any, high: Any,
            given: tuple, run: Carrying) -> Any:
    """The least point between constraints, and their multipliers: a root of several equations."""
    still = [carried(v, np.zeros_like(v), run) for v in (x, multipliers)]
    _, dot = split(by_place.call_by_place((0, 1, 2, 4, 5, 6, 7), standins_constrained.off_by, fun,
                                          *still, sides, constraints, low, high, given)[0], run)
    if dot is None:
        return still
    system = outside(None, standins_constrained.system_at, *_plain(
        (fun, x, multipliers, sides, constraints, given), run))
    if system is None:
        raise not_carried("the point between constraints", run)
    moved = np.linalg.solve(system, np.asarray(dot, float))
    return [carried(x, -moved[:len(x)], run), carried(multipliers, -moved[len(x):], run)]


def stages(f: Any, jac: Any, args: tuple, times: Any, y: Any, h: Any, states: Any,
           run: Carrying) -> Any:
    """The stages of an implicit step: they move by what their equations are off by."""
    if run.outer is not None:
        raise not_carried("an implicit step, in a third derivative,", run)
    weights = standins_steps.radau()[0]
    still = carried(states, np.zeros_like(states), run)
    _, dot = split(by_place.call_by_place((0, 1, 2, 3, 5), standins_steps.stage_changes, f, times,
                                          y, h, weights, still)[0], run)
    if dot is None:
        return still
    rows = outside(None, standins_steps.stage_matrix, *_plain(
        (f, jac, args, times, states, h, weights), run))
    return carried(states, np.reshape(np.linalg.solve(rows, dot), states.shape), run)


def event_time(event: Any, f: Any, dense: Any, time: float, args: tuple, run: Carrying) -> Any:
    """When an event happens: a root along the solution, in time."""
    if run.outer is not None:
        raise not_carried("an event, in a third derivative,", run)
    _, dot = split(by_place.call_by_place((0, 1, 2, 3), standins_equations.event_value, event,
                                          dense, carried(time, 0.0, run), args)[0], run)
    if dot is None:
        return carried(time, 0.0, run)
    y = _plain(by_place.call_by_place((0, 1), type(dense).at, dense, time)[0], run)
    slope = outside(None, standins_equations.event_slope, *_plain((event, f, time, y, args), run))
    return carried(time, -float(dot) / slope, run)


def _called(gradient: Any, *args: Any) -> Any:
    """What it gives; what its function captures is an argument, as that may carry tangents."""
    known = standins_solved.opening(gradient, args, {})
    return gradient(*args) if known is None else known[0](*known[1])


def _plain(x: Any, run: Carrying) -> Any:
    """A value without tangents; of what holds others, a copy that holds none."""
    def refused(held: Any) -> Any:
        raise not_carried(f"what a solver's function holds, a {type(held).__name__},", run)

    return mapped(x, plain_value, refused)
