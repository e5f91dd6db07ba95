"""What SciPy's solvers are asked where they are differentiated: it has no derivative of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import (
    noted_on_the_way,
    standins_bounds,
    standins_constrained,
    standins_equations,
    standins_explicit,
    standins_filters,
    standins_fits,
    standins_implicit,
    standins_integrals,
    standins_isotonic,
    standins_minimize,
    standins_nested,
    standins_odeint,
    standins_searches,
    standins_solved,
    standins_steps,
)

__all__: list[str] = []

constant(*[getattr(standins_solved, name) for name in (
    "solved", "check_near", "check_reads", "refuse", "writes", "noted", "put_back")])
constant(*[getattr(standins_integrals, name) for name in (
    "subintervals", "pieces", "checked", "cells_of")])
constant(standins_nested.options_of, standins_nested.nodes_of, standins_nested.integrated)
constant(*[getattr(standins_equations, name) for name in (
    "solved_steps", "ended", "events_of", "goes_by_name")])
constant(*[getattr(standins_odeint, name) for name in (
    "carries", "integrated", "is_stiff", "steps_of_odeint")])
constant(standins_implicit.stage_times, standins_implicit.stage_weights)
constant(*[getattr(standins_explicit, name) for name in (
    "merged", "nodes", "stage_weights", "step_weights")])
constant(*[getattr(standins_steps, name) for name in (
    "tableau", "radau", "between", "interval_of")])
constant(standins_fits.is_made_of, standins_fits.nearest, standins_isotonic.blocks_of)
constant(standins_searches.check_short)
constant(standins_filters.modes_of, standins_filters.axes_of, standins_filters.kind_of,
         standins_filters.first_order, standins_filters.is_filter,
         standins_filters.gives_what_it_writes)
constant(*[getattr(standins_minimize, name) for name in (
    "held", "gives_number", "check_flat", "refused", "functions_of")])
constant(standins_bounds.free_of, standins_bounds.met, standins_constrained.held,
         noted_on_the_way.on_the_way)

#: Roots and least points, and slopes there, which move themselves.
_ONCE = [
    *[getattr(standins_solved, name) for name in (
        "root_by", "slope_at", "slopes_at", "jacobian_at", "left_by")],
    *[getattr(standins_equations, name) for name in ("event_slope", "led_time", "flow")],
    standins_implicit.matrices_of, standins_implicit.stages_of,
    *[getattr(standins_steps, name) for name in ("states_at", "led_states", "stage_matrix")],
    *[getattr(standins_minimize, name) for name in (
        "found_by", "end_of", "led", "slope_of", "slopes_of_free", "curvature",
        "curvature_of_one", "curvature_along")],
    standins_constrained.led, standins_constrained.system_at, standins_searches.size_at,
]
constant(*_ONCE)
standins_solved.known_once.update((id(f), f) for f in _ONCE)


def refused(bar: Any, reason: str, instead: str) -> float:
    """Zero, which is what no cotangent gives; it is somebody's to read, so that it is computed."""
    if bar is not None and np.any(bar):
        raise unsupported(reason, instead)
    return 0.0


@derivative(of=noted_on_the_way.Noted.look)
def look(self, callback):
    return self.look(callback), lambda _: None


@derivative(of=standins_solved.change_of)
def change_of(x):
    return standins_solved.change_of(x), lambda bar: bar


@derivative(of=standins_solved.unknown)
def unknown(x, change, reason, instead):
    def pullback(bar):
        return None, refused(bar, reason, instead), None, None

    return standins_solved.unknown(x, change, reason, instead), pullback


@derivative(of=standins_solved.unknown, mode="jvp")
def unknown_forward(x, change, reason, instead):
    def differential(x_dot, change_dot, reason_dot, instead_dot):
        return np.full_like(x, np.nan)[()] if np.ndim(x) else type(x)(np.nan)

    return standins_solved.unknown(x, change, reason, instead), differential


@derivative(of=standins_solved.root)
def root(total):
    value = np.sqrt(total)
    return value, lambda bar: np.where(
        value == 0, 0.0, bar / np.where(value == 0, 1.0, 2 * value))[()]
