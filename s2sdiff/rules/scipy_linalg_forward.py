"""Tangents of factors and solutions in `scipy.linalg`, for matrices that are real."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.cholesky import cholesky_along
from s2sdiff.rules.scipy_linalg import beside, is_conjugate, is_plain
from s2sdiff.rules.scipy_stacks import factor_moves, triangles_move
from s2sdiff.rules.shared import like

__all__: list[str] = []


@derivative(of=linalg.cholesky, wrt="a", mode="jvp")
def cholesky_forward(a, lower=False, overwrite_a=False, check_finite=True):
    z = linalg.cholesky(a, lower=lower, check_finite=check_finite)
    return z, lambda a_dot: root_along(z, a_dot, not lower)


@like(0)
def root_along(z: Any, a_dot: Any, upper: bool) -> Any:
    """The tangent of a factor; SciPy takes a number for a matrix of one."""
    return a_dot / (2 * z) if np.ndim(a_dot) < 2 else cholesky_along(z, a_dot, upper)


@derivative(of=linalg.cho_factor, wrt="a", mode="jvp")
def cho_factor_forward(a, lower=False, overwrite_a=False, check_finite=True):
    factor = linalg.cho_factor(a, lower=lower, check_finite=check_finite)
    c, _ = factor
    return factor, lambda a_dot: (factor_along(c, a_dot, lower), None)


@like(0)
def factor_along(c: Any, a_dot: Any, lower: bool) -> Any:
    """The tangent of a factor, and of the rest where that is left as it was in the matrix."""
    if np.ndim(a_dot) < 2:
        return a_dot / (2 * c)
    if lower:
        return beside(cholesky_along(np.tril(c), a_dot, False), np.triu(a_dot, 1))
    return beside(cholesky_along(np.triu(c), a_dot, True), np.tril(a_dot, -1))


@derivative(of=linalg.cho_solve, wrt=("c_and_lower", "b"), mode="jvp")
def cho_solve_forward(c_and_lower, b, overwrite_b=False, check_finite=True):
    factor, lower = c_and_lower
    x = linalg.cho_solve((factor, lower), b, check_finite=check_finite)
    if np.iscomplexobj(factor) or np.ndim(factor) != 2 or np.ndim(b) > 2:
        return x, factor_moves(factor, lower, b, x)

    def differential(c_and_lower_dot, b_dot):
        if c_and_lower_dot is None:
            return linalg.cho_solve((factor, lower), b_dot)
        moved = product_along(factor, c_and_lower_dot[0], lower, x)
        right = -moved if b_dot is None else b_dot - moved
        return linalg.cho_solve((factor, lower), right)

    return x, differential


@like(3)
def product_along(factor: Any, factor_dot: Any, lower: bool, x: Any) -> Any:
    """The tangent of `L @ L.T @ x`, as the factor alone moves."""
    left = np.tril(factor) if lower else np.triu(factor).T
    left_dot = np.tril(factor_dot) if lower else np.triu(factor_dot).T
    return left_dot @ (left.T @ x) + left @ (left_dot.T @ x)


@derivative(of=linalg.solve_triangular, wrt=("a", "b"), mode="jvp")
def solve_triangular_forward(a, b, trans: Any = 0, lower=False, unit_diagonal=False,
                             overwrite_b=False, check_finite=True):
    x = linalg.solve_triangular(a, b, trans, lower, unit_diagonal, check_finite=check_finite)
    if np.ndim(a) != 2 or np.ndim(b) > 2 or (is_conjugate(trans) and np.iscomplexobj(a)):
        return x, triangles_move(a, b, x, trans, lower, unit_diagonal)
    plain, skip = is_plain(trans), 1 if unit_diagonal else 0

    def differential(a_dot, b_dot):
        if a_dot is None:
            return linalg.solve_triangular(a, b_dot, trans, lower, unit_diagonal)
        part = np.tril(a_dot, -skip) if lower else np.triu(a_dot, skip)
        moved = part @ x if plain else part.T @ x
        right = -moved if b_dot is None else b_dot - moved
        return linalg.solve_triangular(a, right, trans, lower, unit_diagonal)

    return x, differential
