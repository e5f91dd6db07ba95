"""What SciPy's solvers are asked where they are differentiated: it has no derivative of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import (
    standins_equations,
    standins_integrals,
    standins_minimize,
    standins_solved,
)

__all__: list[str] = []

constant(standins_solved.solved, standins_solved.check_reads, standins_solved.slope_at,
         standins_solved.jacobian_at, standins_solved.refuse)
constant(standins_integrals.options_of, standins_integrals.nodes_of, standins_integrals.subintervals, standins_integrals.pieces, standins_integrals.checked,
         standins_integrals.integrated, standins_integrals.cells_of)
constant(standins_equations.solved_steps, standins_equations.ended, standins_equations.tableau, standins_equations.radau,
         standins_equations.between, standins_equations.interval_of, standins_equations.states_at,
         standins_equations.stage_matrix, standins_equations.event_slope,
         standins_equations.integrated, standins_equations.is_stiff,
         standins_equations.events_of)
constant(standins_minimize.found_by, standins_minimize.slope_of, standins_minimize.free_of,
         standins_minimize.slopes_of_free, standins_minimize.curvature,
         standins_minimize.curvature_of_one, standins_minimize.check_flat,
         standins_minimize.refused)


def refused(bar: Any, reason: str, instead: str) -> float:
    """Zero, which is what no cotangent gives; it is somebody's to read, so that it is computed."""
    if bar is not None and np.any(bar):
        raise unsupported(reason, instead)
    return 0.0


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
