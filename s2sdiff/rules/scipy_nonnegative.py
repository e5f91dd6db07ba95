"""`scipy.optimize`: least squares among numbers that are not negative, and linear programs.

What lies on a bound stays there; the rest is a solution without bounds.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import scaled, standins_programs

__all__: list[str] = []

constant(standins_programs.lowest, standins_programs.corner, standins_programs.check_once,
         optimize.linear_sum_assignment)


@derivative(of=optimize.nnls, wrt=("A", "b"))
def nnls(A, b, **options):
    x, distance = optimize.nnls(A, b, **options)
    free = x > 0
    columns, part = np.asarray(A, float)[:, free], x[free]
    rest = b - columns @ part

    def pullback(bars):
        x_bar = np.zeros(len(x)) if bars[0] is None else bars[0]
        if np.any(x_bar[free]) and np.linalg.matrix_rank(columns) < len(part):
            raise unsupported("nnls of columns that depend on each other has no derivative",
                              "leave out a column")
        u = np.linalg.lstsq(columns.T @ columns, x_bar[free], rcond=None)[0]
        along = scaled(0.0 if bars[1] is None else bars[1], rest / (distance or np.inf))
        b_bar = columns @ u + along
        whole = np.zeros(np.shape(A))
        whole[:, free] = np.outer(rest, u) - np.outer(b_bar, part)
        return whole, b_bar

    return (x, distance), pullback
