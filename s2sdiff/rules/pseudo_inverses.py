"""`np.linalg.pinv` and `lstsq` (Golub and Pereyra 1973), for ranks that do not change nearby."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.factors_forward import singular_along
from s2sdiff.rules.shared import like
from s2sdiff.rules.singular_values import values_back
from s2sdiff.rules.solving import adjoint, computable
from s2sdiff.runtime import transposed

__all__ = ["pinv_along", "pinv_back", "solution_along", "solution_back", "truncated_back",
           "truncated_moved"]


@derivative(of=np.linalg.pinv, wrt="a")
def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    if hermitian or rcond is not None or rtol is not None:
        return pinv_of_options(a, rcond, hermitian, rtol)
    p = np.linalg.pinv(a)
    return p, lambda p_bar: pinv_back(a, p, p_bar)


@derivative(of=np.linalg.pinv, wrt="a", mode="jvp")
def pinv_forward(a, rcond=None, hermitian=False, *, rtol=None):
    if hermitian or rcond is not None or rtol is not None:
        p = pinv_of_options(a, rcond, hermitian, rtol)[0]
        moved = pinv_moved if rcond is None and rtol is None else truncated_moved
        if hermitian:
            return p, lambda a_dot: adjoint(moved(completed(a), p, completed(a_dot)))
        return p, lambda a_dot: adjoint(moved(a, p, a_dot))
    p = np.linalg.pinv(a)
    return p, lambda a_dot: pinv_along(a, p, a_dot)


def pinv_of_options(a, rcond, hermitian, rtol):
    """The rule where a matrix is Hermitian, or small singular values are left out."""
    options = {name: value for name, value in (("rcond", rcond), ("rtol", rtol))
               if value is not None}
    p = np.linalg.pinv(a, hermitian=hermitian, **options)
    back = truncated_back if options else pinv_back
    if hermitian:
        return p, lambda p_bar: of_lower(back(completed(a), p, p_bar))
    return p, lambda p_bar: back(a, p, p_bar)


def completed(a: Any) -> Any:
    """The Hermitian matrices of which only the lower triangle is read."""
    strict, size = np.tril(a, -1), np.shape(a)[-1]
    return strict + adjoint(strict) + np.real(a) * np.eye(size)


def of_lower(a_bar: Any) -> Any:
    """The cotangent of that triangle for that of the whole matrix."""
    both = a_bar + np.conj(transposed(a_bar))
    size = np.shape(a_bar)[-1]
    return np.tril(both, -1) + np.real(a_bar) * np.eye(size)


@like(0)
def pinv_back(a: Any, p: Any, p_bar: Any) -> Any:
    """The cotangent of a matrix for that of its pseudo-inverse, which leaves nothing out."""
    return np.conj(pinv_moved(a, p, transposed(p_bar)))


@like(1)
def pinv_along(a: Any, p: Any, a_dot: Any) -> Any:
    """The tangent of the pseudo-inverse."""
    return adjoint(pinv_moved(a, p, a_dot))


@like(0)
def pinv_moved(a: Any, p: Any, g: Any) -> Any:
    """The adjoint of the pseudo-inverse's tangent along `g`, which is its own transpose.

    No product is made that has as many rows and columns as the longer side of the matrix.
    """
    ph, gh = adjoint(p), adjoint(g)
    if a.shape[-2] < a.shape[-1]:
        right = (ph @ p) @ (g - (g @ p) @ a)
        return ((g - (a @ p) @ g) @ p) @ ph + right - (ph @ gh) @ ph
    left = (g - a @ (p @ g)) @ (p @ ph)
    return left + ph @ (p @ (g - g @ (p @ a))) - ph @ (gh @ ph)


def truncated_back(a: Any, p: Any, p_bar: Any) -> Any:
    """`pinv_back` where small singular values were left out."""
    return np.conj(truncated_moved(a, p, transposed(p_bar)))


def truncated_moved(a: Any, p: Any, g: Any) -> Any:
    """`pinv_moved` where small singular values were left out, which still turn the vectors kept."""
    if a.shape[-2] < a.shape[-1]:
        return transposed(truncated_moved(transposed(a), transposed(p), transposed(g)))
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    # The inverses that p is made of: 0 of the values that were left out.
    inverses = np.sum(vh * transposed(p @ u), axis=-1)
    kept = np.real(inverses) * s > 0.5
    f = np.where(kept, 1 / np.where(kept, s, 1), 0)
    across = g @ adjoint(vh)
    m = adjoint(u) @ across
    # Of an odd function of singular values (Noferini 2017, theorem 3.2), 0 among those left out.
    rows, columns = np.expand_dims(s, -1), np.expand_dims(s, -2)
    mixed = np.expand_dims(kept, -1) ^ np.expand_dims(kept, -2)
    both = np.expand_dims(f, -1) * np.expand_dims(f, -2)
    ends = np.expand_dims(f, -1) + np.expand_dims(f, -2)
    high, low = np.maximum(rows, columns), np.minimum(rows, columns)
    falls = np.where(mixed, ends / np.where(mixed, high - low, 1), -both)
    rises = np.where(mixed, ends / np.where(mixed, high + low, 1), both)
    turned = (falls * (m + adjoint(m)) + rises * (m - adjoint(m))) / 2
    # What points out of the space of the columns.
    beside = (across - u @ m) * np.expand_dims(f * f, -2)
    return (u @ turned + beside) @ vh


@derivative(of=np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    result = np.linalg.lstsq(a, b, rcond)
    return result, lambda result_bar: (*solution_back(a, b, result[2], result_bar), None)


@derivative(of=np.linalg.lstsq, mode="jvp")
def lstsq_forward(a, b, rcond=None):
    result = np.linalg.lstsq(a, b, rcond)
    return result, lambda a_dot, b_dot, rcond_dot: solution_along(a, b, result, a_dot, b_dot)


def solution_along(a: Any, b: Any, result: Any, a_dot: Any, b_dot: Any) -> tuple:
    """The tangents of what a least-squares fit gives."""
    _, squares, rank, s = result
    a, vector = computable(a), np.ndim(b) == 1
    right = computable(np.expand_dims(b, -1) if vector else b)
    a_dot = np.zeros_like(a) if a_dot is None else computable(a_dot)
    if b_dot is None:
        right_dot = np.zeros_like(right)
    else:
        right_dot = computable(np.expand_dims(b_dot, -1) if vector else b_dot)
    u, values, vh = np.linalg.svd(a, full_matrices=False)
    p = of_rank(a, rank, (u, values, vh))
    moved = pinv_moved if rank == min(a.shape) else truncated_moved
    x_dot = adjoint(moved(a, p, a_dot)) @ right + p @ right_dot
    squares_dot = None
    if squares is not None and np.size(squares):
        found = p @ right
        left = np.conj(right - a @ found) * (right_dot - a_dot @ found)
        squares_dot = np.reshape(2 * np.real(np.sum(left, axis=0)), np.shape(squares))
    s_dot = None if s is None else singular_along(u, values, vh, a_dot)
    return x_dot[:, 0] if vector else x_dot, squares_dot, None, s_dot


def solution_back(a: Any, b: Any, rank: Any, result_bar: Any) -> tuple:
    """The cotangents of a matrix and a right-hand side for those of what a least-squares fit gives.

    That is the solution, the sums of squared residuals (if there are any), the rank, and the
    singular values.
    """
    x_bar, squares_bar, _, s_bar = result_bar
    a, vector = computable(a), np.ndim(b) == 1
    right = computable(np.expand_dims(b, -1) if vector else b)
    p = of_rank(a, rank)
    back = pinv_back if rank == min(a.shape) else truncated_back
    a_bar, b_bar = np.zeros_like(a), np.zeros_like(right)
    if x_bar is not None:
        g = np.expand_dims(x_bar, -1) if vector else x_bar
        a_bar, b_bar = back(a, p, g @ right.T), p.T @ g
    if squares_bar is not None and np.size(squares_bar):
        # At the minimum, it does not matter how the solution moves.
        x = p @ right
        g = 2 * squares_bar * np.conj(right - a @ x)
        a_bar, b_bar = a_bar - g @ x.T, b_bar + g
    if s_bar is not None and np.any(s_bar):
        a_bar = a_bar + values_back(*np.linalg.svd(a, full_matrices=False), s_bar)
    return a_bar, b_bar[:, 0] if vector else b_bar


def of_rank(a: Any, rank: Any, factors: Any = None) -> Any:
    """The pseudo-inverse that keeps so many singular values; `factors` are those of the SVD."""
    u, s, vh = factors or np.linalg.svd(a, full_matrices=False)
    return adjoint(vh[:rank]) @ (adjoint(u[:, :rank]) / s[:rank, None])


@derivative(of=of_rank)
def of_rank_(a, rank, factors=None):
    p = of_rank(a, rank, factors)
    back = pinv_back if rank == min(a.shape) else truncated_back
    return p, lambda p_bar: (back(a, p, p_bar), None, None)


@derivative(of=of_rank, mode="jvp")
def of_rank_forward(a, rank, factors=None):
    p = of_rank(a, rank, factors)
    moved = pinv_moved if rank == min(a.shape) else truncated_moved
    return p, lambda a_dot, rank_dot, factors_dot: adjoint(moved(a, p, a_dot))
