"""`np.linalg.svd` and `svdvals` (Townsend 2016; Wan and Zhang 2019).

Complex formulas are written for gradients that are conjugates of ours, hence `np.conj` at entry
and exit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import diagonal_part, in_triangle, refuse_phase
from s2sdiff.rules.degenerate import apart, evenly, least, refuse_vanishing, rotations, vanishing
from s2sdiff.rules.gauges import of_singular_vectors
from s2sdiff.rules.shared import like, settled, unsupported
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import transposed

__all__ = ["away_from_zero", "full_svd_back", "refuse_phases_of_eigh", "values_back"]


@derivative(of=np.linalg.svd, wrt="a")
@settled(lambda *args, **kwargs: of_singular_vectors("np.linalg.svd"))
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        return hermitian_svd(a, compute_uv)
    result = np.linalg.svd(a, full_matrices, compute_uv)
    if compute_uv:
        u, s, vh = result

        def pullback(result_bar):
            u_bar, s_bar, vh_bar = result_bar
            return full_svd_back(u, s, vh, u_bar, s_bar, vh_bar, "np.linalg.svd")

        return result, pullback
    else:
        def values_pullback(s_bar):
            u, s, vh = np.linalg.svd(a, full_matrices=False)
            return values_back(u, s, vh, s_bar)

        return result, values_pullback


def hermitian_svd(a, compute_uv):
    """The rule of the SVD by `eigh`, which reads the lower triangle."""
    refuse_phases_of_eigh(a, compute_uv)
    result: Any = np.linalg.svd(a, compute_uv=compute_uv, hermitian=True)

    def pullback(bar):
        u, s, vh = result if compute_uv else np.linalg.svd(a, hermitian=True)
        u_bar, s_bar, vh_bar = bar if compute_uv else (None, bar, None)
        a_bar = full_svd_back(u, s, vh, u_bar, s_bar, vh_bar, "np.linalg.svd")
        return None if a_bar is None else np.conj(in_triangle(np.conj(a_bar), False))

    return result, pullback


def refuse_phases_of_eigh(a, compute_uv):
    if compute_uv and np.iscomplexobj(a):
        raise unsupported("vectors of np.linalg.svd(..., hermitian=True) of a complex matrix have "
                          "no derivative here", "leave `hermitian` out, or call np.linalg.eigh")


def full_svd_back(u, s, vh, u_bar, s_bar, vh_bar, name):
    """The cotangent of `a` for those of its factors, thin or full."""
    n = s.shape[-1]
    if u_bar is not None:
        u_bar = thin_bar(u, np.asarray(u_bar), n, name)
    if vh_bar is not None:
        vh_bar = transposed(thin_bar(transposed(vh), transposed(vh_bar), n, name))
    u, vh = u[..., :n], vh[..., :n, :]
    if not ((u_bar is not None and np.any(u_bar)) or (vh_bar is not None and np.any(vh_bar))):
        if s_bar is not None and np.any(np.all(s == 0, axis=-1, keepdims=True) & (s_bar != 0)):
            # Of a matrix of zeros, `(u * s) @ vh` shows nothing of the vectors either.
            raise refused_zeros(name)
        return None if s_bar is None else values_back(u, s, vh, s_bar)
    return np.conj(svd_back(u, s, vh, u_bar, s_bar, vh_bar, name))


def values_back(u: Any, s: Any, vh: Any, s_bar: Any) -> Any:
    """The cotangent of a matrix for that of its singular values; of those that are 0 it is 0."""
    share = np.where(vanishing(s), 0, evenly(s_bar, s))
    u = apart(away_from_zero(u, s), s, share, "np.linalg.svd")
    return np.conj(u * np.expand_dims(share, -2) @ vh)


@like(0)
def away_from_zero(u: Any, s: Any) -> Any:
    """The vectors by which singular values are differentiated: twice only if none of these is 0.

    There they have a kink, which a function of them may take away, as a sum of squares does.
    """
    return np.array(u)


@derivative(of=away_from_zero)
def away_from_zero_(u, s):
    def pullback(u_bar):
        if np.any(vanishing(s)):
            raise unsupported("second derivatives of singular values that are 0 are not known",
                              "call a function of the matrix, such as np.linalg.norm or "
                              "np.trace(a.T @ a), or leave them out by the vectors")
        return u_bar, None

    return np.array(u), pullback


def thin_bar(u: Any, u_bar: Any, n: int, name: str) -> Any:
    """The cotangent of the first n columns that does what one of all of them does.

    The others complete these, and move as they leave room.  How they turn among themselves is
    arbitrary: what depends on it is refused.
    """
    thin, rest, g = u[..., :n], u[..., n:], np.conj(u_bar[..., n:])
    if not np.any(g):
        return u_bar[..., :n]
    turn = adjoint(rest) @ g
    if np.any(np.abs(turn - adjoint(turn)) > least(turn)):
        raise unsupported(f"part of the full factors of {name} is arbitrary",
                          "pass full_matrices=False, or use only the space that is spanned, as "
                          "in `z @ z.T`")
    return u_bar[..., :n] - np.conj(rest @ adjoint(g) @ thin)


def svd_back(u, s, vh, u_bar, s_bar, vh_bar, name):
    """Conjugate of the cotangent of `a` for the thin decomposition (Townsend 2016)."""
    v, n = adjoint(vh), s.shape[-1]
    g_u = np.zeros_like(u) if u_bar is None else np.conj(u_bar)
    g_v = np.zeros_like(v) if vh_bar is None else transposed(vh_bar)
    turn_u, turn_v = adjoint(u) @ g_u, adjoint(v) @ g_v
    refuse_phase(name, turn_u + turn_v)
    refuse_turned(s, s_bar, u.shape[-2] == v.shape[-2] and not np.iscomplexobj(u), name)
    # 1 / (s_j^2 - s_i^2), in parts: as both turn alike, and as they turn against each other.
    against = (turn_u - adjoint(turn_u) - turn_v + adjoint(turn_v)) / 2
    against = against * (1 - np.eye(n, dtype=s.dtype))
    total = np.expand_dims(s, -2) + np.expand_dims(s, -1)
    inner = rotations(turn_u + turn_v, s, s_bar, name) + refuse_vanishing(against, total, s, name)
    if s_bar is not None:
        inner = inner + np.expand_dims(s_bar, -2) * np.eye(n, dtype=s.dtype)
    row = np.expand_dims(s, -2)
    if np.iscomplexobj(u):
        # Wan and Zhang 2019: the phase that both factors share.
        phases = diagonal_part(1j * np.imag(turn_u))
        inner = inner + refuse_vanishing(phases, row, s, name)
    a_bar = u @ inner @ vh
    if u.shape[-2] > n:
        a_bar = a_bar + refuse_vanishing(g_u - u @ turn_u, row, s, name) @ vh
    if v.shape[-2] > n:
        a_bar = a_bar + u @ adjoint(refuse_vanishing(g_v - v @ turn_v, row, s, name))
    return a_bar


def refuse_turned(s: Any, s_bar: Any, square: bool, name: str) -> None:
    """Refuse values of 0 that count beside vectors, as in `(u * s) @ vh`, if theirs may turn.

    Those of one value of a real square matrix may not.
    """
    zero = vanishing(s)
    free = zero & (np.count_nonzero(zero, axis=-1, keepdims=True) > (1 if square else 0))
    if s_bar is not None and np.any(free & (s_bar != 0)):
        raise refused_zeros(name)


def refused_zeros(name: str) -> Exception:
    """The refusal of values of 0 that may count together with vectors."""
    return unsupported(f"the result depends on singular values of {name} that are 0, and on "
                       "vectors; its derivative cannot be told from theirs",
                       "leave the values that are 0 out, call np.linalg.svdvals if they alone "
                       "count, or call a function of the matrix")


@derivative(of=np.linalg.svdvals, wrt="x")
def svdvals(x, /):
    s = np.linalg.svdvals(x)

    def pullback(s_bar):
        u, s, vh = np.linalg.svd(x, full_matrices=False)
        return values_back(u, s, vh, s_bar)

    return s, pullback
