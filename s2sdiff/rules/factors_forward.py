"""Tangents of eigenvalues, singular values and their vectors (Giles 2008; Townsend 2016).

Turned round, the pullbacks would compute what they give and then its transpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import diagonal_part, is_upper
from s2sdiff.rules.degenerate import apart, evenly, tied, vanishing
from s2sdiff.rules.gauges import end_row, settled_eigenvectors, settled_singular_vectors
from s2sdiff.rules.shared import like
from s2sdiff.rules.singular_values import away_from_zero, refuse_phases_of_eigh
from s2sdiff.rules.solving import adjoint

__all__: list[str] = []


@derivative(of=np.linalg.eigh, wrt="a", mode="jvp")
def eigh_forward(a, UPLO: Any = "L"):
    result = np.linalg.eigh(a, UPLO)
    w, v = result
    upper = is_upper(UPLO)
    return result, lambda a_dot: eigh_along(w, v, a_dot, upper, "np.linalg.eigh")


@derivative(of=np.linalg.eigvalsh, wrt="a", mode="jvp")
def eigvalsh_forward(a, UPLO: Any = "L"):
    def differential(a_dot):
        w, v = np.linalg.eigh(a, UPLO)
        v = apart(v, w, None, "np.linalg.eigvalsh")
        return evenly(values_along(inner_along(v, a_dot, is_upper(UPLO))), w)

    return np.linalg.eigvalsh(a, UPLO), differential


def eigh_along(w: Any, v: Any, a_dot: Any, upper: bool, name: str) -> tuple:
    """The tangents of eigenvalues and vectors for that of a Hermitian matrix."""
    inner, groups = inner_along(v, a_dot, upper), tied(w)
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    turn = np.where(groups, 0, inner) / np.where(groups, 1, gaps)
    return settled_eigenvectors((w, v), (values_along(inner), v @ turn), name, end_row(not upper),
                                (1,))


@like(1)
def inner_along(v: Any, a_dot: Any, upper: bool) -> Any:
    """The tangent of a Hermitian matrix, of which a triangle is read, in a basis of vectors."""
    return adjoint(v) @ whole(a_dot, upper) @ v


@like(0)
def whole(a_dot: Any, upper: bool) -> Any:
    """The tangent of a Hermitian matrix for that of its triangle."""
    strict = np.triu(a_dot, 1) if upper else np.tril(a_dot, -1)
    return strict + adjoint(strict) + diagonal_part(np.real(a_dot))


def values_along(inner: Any) -> Any:
    """The diagonal of what a matrix's tangent is in the basis of its vectors."""
    return np.sum(np.real(diagonal_part(inner)), axis=-1)


@derivative(of=np.linalg.svd, wrt="a", mode="jvp")
def svd_forward(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        refuse_phases_of_eigh(a, compute_uv)
    result = np.linalg.svd(a, full_matrices, compute_uv, hermitian)

    def differential(a_dot):
        if hermitian:
            a_dot = whole(a_dot, False)
        if not compute_uv:
            return singular_along(*np.linalg.svd(a, False, True, hermitian), a_dot)
        u, s, vh = result
        return svd_along(u, s, vh, a_dot, "np.linalg.svd")

    return result, differential


@derivative(of=np.linalg.svdvals, wrt="x", mode="jvp")
def svdvals_forward(x, /):
    def differential(x_dot):
        return singular_along(*np.linalg.svd(x, full_matrices=False), x_dot)

    return np.linalg.svdvals(x), differential


def singular_along(u: Any, s: Any, vh: Any, a_dot: Any) -> Any:
    """The tangent of singular values; of those that are 0 it is 0."""
    u = apart(away_from_zero(u, s), s, None, "np.linalg.svd")
    s_dot = evenly(values_along(adjoint(u) @ a_dot @ adjoint(vh)), s)
    return np.where(vanishing(s), 0, s_dot)


def svd_along(u: Any, s: Any, vh: Any, a_dot: Any, name: str) -> tuple:
    """The tangents of the factors of an SVD, thin or full."""
    n = s.shape[-1]
    left, v = u[..., :n], adjoint(vh[..., :n, :])
    inner, groups = adjoint(left) @ a_dot @ v, tied(s)
    row, column, mirrored = np.expand_dims(s, -2), np.expand_dims(s, -1), adjoint(inner)
    gaps = np.where(groups, 1, (row - column) * (row + column))
    turn_u = np.where(groups, 0, inner * row + column * mirrored) / gaps
    turn_v = np.where(groups, 0, column * inner + mirrored * row) / gaps
    divisor = np.expand_dims(np.where(vanishing(s), 1, s), -2)
    if np.iscomplexobj(u):
        turn_u = turn_u + 1j * np.imag(diagonal_part(inner)) / divisor
    u_dot, v_dot = left @ turn_u, v @ turn_v
    if u.shape[-2] > n:
        u_dot = u_dot + (a_dot @ v - left @ inner) / divisor
    if vh.shape[-1] > n:
        v_dot = v_dot + (adjoint(a_dot) @ left - v @ mirrored) / divisor
    vh_dot = adjoint(v_dot)
    if u.shape[-1] > n:
        # Those that complete the others stay at right angles to them, and do not turn else.
        rest = u[..., n:]
        away = left @ adjoint(adjoint(rest) @ a_dot @ v / divisor)
        u_dot = np.concatenate([u_dot, -away], axis=-1)
    if vh.shape[-2] > n:
        rest = vh[..., n:, :]
        away = rest @ adjoint(a_dot) @ left / divisor @ adjoint(v)
        vh_dot = np.concatenate([vh_dot, -away], axis=-2)
    return settled_singular_vectors((u, s, vh), (u_dot, values_along(inner), vh_dot), name)
