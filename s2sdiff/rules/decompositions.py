"""`np.linalg.eigh`, `eigvalsh`, `eig`, `qr` (Giles 2008, Collected results).

`eigh` reads one triangle of its argument only, so that triangle receives all of the
cotangent.  Complex formulas are written for gradients that are conjugates of ours, hence `np.conj`
at entry and exit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.degenerate import apart, evenly, parted, refuse_uneven, rotations
from s2sdiff.rules.gauges import (
    end_row,
    of_eigenvectors,
    of_orthogonal,
    real_row,
)
from s2sdiff.rules.shared import like, settled, static, unsupported
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import transposed

__all__ = ["eig_back", "eigh_back", "full_qr_back", "qr_back"]


@like(0)
def in_triangle(s: Any, upper: bool) -> Any:
    """The cotangent of a Hermitian matrix, for a function that reads one triangle of it.

    >>> in_triangle(np.array([[1.0, 2.0], [5.0, 3.0]]), upper=False)
    array([[1., 0.],
           [7., 3.]])
    """
    both = s + adjoint(s)
    strict = np.triu(both, 1) if upper else np.tril(both, -1)
    return strict + diagonal_part(np.real(both) * 0.5)


def diagonal_part(a: Any) -> Any:
    """A stack of matrices with all but the diagonal set to 0."""
    return a * np.eye(a.shape[-1], dtype=a.dtype)


def refuse_phase(name: str, turn: Any) -> None:
    """Refuse complex vectors' phases, which the library chooses: nothing may depend on them."""
    if np.iscomplexobj(turn):
        phases = np.imag(np.diagonal(turn, 0, -2, -1))
        if np.max(np.abs(phases), initial=0.0) > 1e-6 * max(np.max(np.abs(turn), initial=0.0), 1.0):
            raise unsupported(f"the result depends on the phases of the vectors of {name}, "
                              "which are arbitrary", "use them only where a phase cancels, "
                              "as in `v * np.conj(v)`")


@derivative(of=np.linalg.eigh, wrt="a")
@settled(lambda a, UPLO="L": of_eigenvectors("np.linalg.eigh", end_row(UPLO.upper() == "L"), 1))
def eigh(a, UPLO: Any = "L"):
    result = np.linalg.eigh(a, UPLO)
    w, v = result

    def pullback(result_bar):
        w_bar, v_bar = result_bar
        return eigh_back(w, v, w_bar, v_bar, is_upper(UPLO), "np.linalg.eigh")

    return result, pullback


@static
def is_upper(name: str) -> bool:
    """Which triangle of a Hermitian matrix is read."""
    return name.upper() == "U"


@like(1)
def eigh_back(w: Any, v: Any, w_bar: Any, v_bar: Any, upper: bool, name: str) -> Any:
    """The cotangent of a Hermitian matrix for those of its eigenvalues and vectors."""
    inner = np.zeros_like(v)
    if v_bar is not None and np.any(v_bar):
        turn = adjoint(v) @ np.conj(v_bar)
        refuse_phase(name, turn)
        inner = rotations(turn, w, w_bar, name)
    elif w_bar is not None:
        w_bar = evenly(w_bar, w)
        v = apart(v, w, w_bar, name)
    if w_bar is not None:
        inner = inner + np.expand_dims(w_bar, -2) * np.eye(w.shape[-1], dtype=w.dtype)
    return np.conj(in_triangle(v @ inner @ adjoint(v), upper))


@derivative(of=np.linalg.eigvalsh, wrt="a")
def eigvalsh(a, UPLO: Any = "L"):
    def pullback(w_bar):
        w, v = np.linalg.eigh(a, UPLO)
        return eigh_back(w, v, w_bar, None, is_upper(UPLO), "np.linalg.eigvalsh")

    return np.linalg.eigvalsh(a, UPLO), pullback


@derivative(of=np.linalg.eig, wrt="a")
@settled(lambda a: of_eigenvectors("np.linalg.eig", real_row, 1))
def eig(a):
    result = np.linalg.eig(a)
    w, v = result

    def pullback(result_bar):
        w_bar, v_bar = result_bar
        return eig_back(w, v, w_bar, v_bar, "np.linalg.eig")

    return result, pullback


def eig_back(w: Any, v: Any, w_bar: Any, v_bar: Any, name: str) -> Any:
    """The cotangent of a matrix for those of its eigenvalues and vectors."""
    inner, condition = np.zeros_like(v), condition_of(v, name)
    if v_bar is not None and np.any(v_bar):
        # The vectors have length 1 (Boeddeker et al. 2017, section 4.18).
        g = np.conj(v_bar)
        overlap = adjoint(v) @ v
        refuse_phase(name, adjoint(v) @ g)
        along = np.real(np.sum(np.conj(v) * g, axis=-2, keepdims=True))
        inner = parted(adjoint(v) @ g - overlap * along, np.conj(w), w_bar, name, condition)
    elif w_bar is not None:
        if v_bar is not None:
            refuse_uneven(w, w_bar, name)
        w_bar = evenly(w_bar, w)
        v = apart(v, w, w_bar, name)
    if w_bar is not None:
        inner = inner + np.expand_dims(np.conj(w_bar), -2) * np.eye(w.shape[-1], dtype=w.dtype)
    return np.conj(np.linalg.solve(adjoint(v), inner @ adjoint(v)))


def condition_of(v: Any, name: str) -> Any:
    """The condition of eigenvectors.

    Refuses such of which some are combinations of others, as far as rounding can tell.
    """
    if not v.size:
        return 1.0
    spread = np.linalg.svdvals(v)[..., None]
    if np.any(spread[..., -1:, :] <= 8 * v.shape[-1] * np.finfo(v.dtype).eps * spread[..., :1, :]):
        raise unsupported(f"{name} of a matrix whose eigenvectors do not span the space: its "
                          "eigenvalues have infinite slopes", "move the matrix away from it")
    return spread[..., :1, :] / spread[..., -1:, :]


constant(condition_of)


@derivative(of=np.linalg.eigvals, wrt="a")
def eigvals(a):
    w = np.linalg.eigvals(a)

    def pullback(w_bar):
        values, v = np.linalg.eig(a)
        return eig_back(values, v, w_bar, None, "np.linalg.eigvals")

    return w, pullback


@derivative(of=np.linalg.qr, wrt="a")
@settled(of_orthogonal)
def qr(a, mode="reduced"):
    if mode not in ("reduced", "complete", "r"):
        raise unsupported(f"np.linalg.qr with mode={mode!r} has no derivative here",
                          "pass mode='reduced'")
    result = np.linalg.qr(a, mode)

    def pullback(result_bar):
        q_bar, r_bar = (None, result_bar) if mode == "r" else result_bar
        return full_qr_back(a, *np.linalg.qr(a), q_bar, r_bar, "np.linalg.qr")

    return result, pullback


def full_qr_back(a: Any, q: Any, r: Any, q_bar: Any, r_bar: Any, name: str) -> Any:
    """The cotangent of `a` for those of its factors, thin or full; it may be wider than high."""
    n = min(np.shape(a)[-2:])
    refuse_dependent(r[..., :n], name)
    if q_bar is not None and q_bar.shape[-1] > n:
        if np.any(q_bar[..., n:]):
            raise unsupported(f"part of the full factors of {name} is arbitrary",
                              "use the thin ones")
        q_bar = q_bar[..., :n]
    r_bar = np.zeros_like(r) if r_bar is None else r_bar[..., :n, :]
    if np.shape(a)[-2] >= np.shape(a)[-1]:
        return qr_back(q, r, q_bar, r_bar)
    # The columns on the right are q times those of r.
    from_right = np.conj(np.asarray(a)[..., n:] @ transposed(r_bar[..., n:]))
    q_bar = from_right if q_bar is None else from_right + q_bar
    left = qr_back(q, r[..., :n], q_bar, r_bar[..., :n])
    return np.concatenate([left, np.conj(q) @ r_bar[..., n:]], axis=-1)


def refuse_dependent(r: Any, name: str) -> None:
    """Refuse columns that are linearly dependent, as far as rounding can tell.

    What is left of a column beside those before it is then rounding, which differs by machine.
    """
    left = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    lengths = np.sqrt(np.sum(np.square(np.abs(r)), axis=-2))
    if np.any(left <= 8 * r.shape[-1] * np.finfo(r.dtype).eps * lengths):
        raise unsupported(f"the columns that {name} makes orthogonal are linearly dependent, so "
                          "that its factors have no derivative", "move them apart")


def qr_back(q: Any, r: Any, q_bar: Any, r_bar: Any) -> Any:
    """The cotangent of a matrix, no wider than high, for those of its thin factors."""
    g_q = np.zeros_like(q) if q_bar is None else np.conj(q_bar)
    g_r = np.zeros_like(r) if r_bar is None else np.triu(np.conj(r_bar))
    m = r @ adjoint(g_r) - adjoint(g_q) @ q
    # Walter and Lehmann 2012: copy the lower triangle of m to the upper one, Hermitian.
    low = np.tril(m, -1)
    right = g_q + q @ (low + adjoint(low) + diagonal_part(np.real(m)))
    return np.conj(adjoint(np.linalg.solve(r, adjoint(right))))
