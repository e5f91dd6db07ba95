"""Pullbacks and differentials of `scipy.linalg`'s solvers for stacks, and for complex matrices.

A right side of one axis is one vector for all matrices of a stack; else it has columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.runtime import transposed, unbroadcast

__all__ = ["by_hermitian_factor", "by_triangles", "factor_moves", "triangles_move"]


def adjoint(a: Any) -> Any:
    return np.conj(transposed(a))


def columns_of(x: Any, vector: bool) -> Any:
    return np.expand_dims(x, -1) if vector else x


def back_to(b: Any, found: Any) -> Any:
    """The cotangent of a right side for that of all columns."""
    return unbroadcast(found[..., 0] if np.ndim(b) == 1 else found, np.shape(b))


# ------------------------------------------------------------------------------- triangular ones


def part_of(a: Any, lower: bool, unit_diagonal: bool) -> Any:
    """What a solver reads of a triangular matrix."""
    skip = 1 if unit_diagonal else 0
    return np.tril(a, -skip) if lower else np.triu(a, skip)


def by_triangles(a: Any, b: Any, x: Any, trans: Any, lower: bool,
                 unit_diagonal: bool) -> Callable[[Any], tuple]:
    """The pullback of `solve_triangular`."""

    plain, conjugate = trans in (0, "N"), trans in (2, "C")

    def pullback(x_bar):
        g, columns = (columns_of(v, np.ndim(b) == 1) for v in (x_bar, x))
        if conjugate:
            b_bar = np.conj(linalg.solve_triangular(a, np.conj(g), 0, lower, unit_diagonal))
        else:
            b_bar = linalg.solve_triangular(a, g, 1 if plain else 0, lower, unit_diagonal)
        a_bar = -(b_bar @ transposed(columns))
        if not plain:
            a_bar = adjoint(a_bar) if conjugate else transposed(a_bar)
        return unbroadcast(part_of(a_bar, lower, unit_diagonal), np.shape(a)), back_to(b, b_bar)

    return pullback


def triangles_move(a: Any, b: Any, x: Any, trans: Any, lower: bool,
                   unit_diagonal: bool) -> Callable[..., Any]:
    """The differential of `solve_triangular`."""

    plain, conjugate = trans in (0, "N"), trans in (2, "C")

    def differential(a_dot, b_dot):
        vector = np.ndim(b) == 1
        right = 0.0 if b_dot is None else columns_of(b_dot, vector)
        if a_dot is not None:
            part = part_of(a_dot, lower, unit_diagonal)
            if not plain:
                part = adjoint(part) if conjugate else transposed(part)
            right = right - part @ columns_of(x, vector)
        found = linalg.solve_triangular(a, right, trans, lower, unit_diagonal)
        return found[..., 0] if vector else found

    return differential


# ------------------------------------------------------------------------- by Cholesky's factors


def by_hermitian_factor(factor: Any, lower: bool, b: Any, x: Any) -> Callable[[Any], tuple]:
    """The pullback of `cho_solve`; of a stack SciPy says for each factor that it is the lower one.
    """

    def pullback(x_bar):
        g, columns = (columns_of(v, np.ndim(b) == 1) for v in (x_bar, x))
        b_bar = np.conj(linalg.cho_solve((factor, lower), np.conj(g)))
        product = -(b_bar @ transposed(columns))
        both = unbroadcast(product + adjoint(product), np.shape(factor))
        if np.all(lower):
            factor_bar = np.tril(both @ np.conj(np.tril(factor)))
        else:
            factor_bar = np.triu(np.conj(np.triu(factor)) @ both)
        return (factor_bar, None), back_to(b, b_bar)

    return pullback


def factor_moves(factor: Any, lower: bool, b: Any, x: Any) -> Callable[..., Any]:
    """The differential of `cho_solve`."""

    def differential(c_and_lower_dot, b_dot):
        vector = np.ndim(b) == 1
        right = 0.0 if b_dot is None else columns_of(b_dot, vector)
        if c_and_lower_dot is not None and c_and_lower_dot[0] is not None:
            dot, columns = c_and_lower_dot[0], columns_of(x, vector)
            low = np.tril(factor) if np.all(lower) else adjoint(np.triu(factor))
            low_dot = np.tril(dot) if np.all(lower) else adjoint(np.triu(dot))
            right = right - low_dot @ (adjoint(low) @ columns) - low @ (adjoint(low_dot) @ columns)
        found = linalg.cho_solve((factor, lower), right)
        return found[..., 0] if vector else found

    return differential
