"""`scipy.linalg.rq` and `schur`: factors of which one is triangular, and the other unitary.

Their signs are those that LAPACK chooses, and stay so nearby.  Formulas are written for gradients
that are conjugates of ours, hence `np.conj` at entry and exit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import full_qr_back, refuse_phase
from s2sdiff.rules.shared import shaped, unsupported
from s2sdiff.rules.solving import adjoint

__all__: list[str] = []


@derivative(of=linalg.rq, wrt="a")
@shaped
def rq(a, overwrite_a=False, lwork=None, mode="full", check_finite=True):
    if mode not in ("full", "r", "economic") or np.ndim(a) != 2:
        raise unsupported(f"scipy.linalg.rq with mode={mode!r}, of an array of shape "
                          f"{np.shape(a)}, has no derivative here",
                          "call it with mode='economic', matrix by matrix")
    result = linalg.rq(a, mode=mode, check_finite=check_finite)

    def pullback(result_bar):
        r_bar, q_bar = (result_bar, None) if mode == "r" else result_bar
        r, q = linalg.rq(a, mode="economic")
        n = q.shape[0]
        if r_bar is not None:
            r_bar = turned_round(r_bar[:, -n:])
        if q_bar is not None:
            if np.any(q_bar[:-n]):
                raise unsupported("part of the full factors of scipy.linalg.rq is arbitrary",
                                  "pass mode='economic'")
            q_bar = adjoint(q_bar[-n:])[:, ::-1]
        # The adjoint, its columns from last to first, is this times an upper triangle.
        columns = adjoint(np.asarray(a))[:, ::-1]
        g = full_qr_back(columns, adjoint(q)[:, ::-1], turned_round(r), q_bar, r_bar,
                         "scipy.linalg.rq")
        return adjoint(g[:, ::-1])

    return result, pullback


def turned_round(r: Any) -> Any:
    """The adjoint, mirrored at the other diagonal: an upper triangle stays one."""
    return adjoint(r)[::-1, ::-1]


# -------------------------------------------------------------------------------------- schur


@derivative(of=linalg.schur, wrt="a")
@shaped
def schur(a, output="real", lwork=None, overwrite_a=False, sort=None, check_finite=True):
    if np.ndim(a) != 2:
        raise unsupported("scipy.linalg.schur of several matrices has no derivative here",
                          "call it matrix by matrix")
    result: Any = linalg.schur(a, output, lwork, False, sort, check_finite)
    t, z = result[:2]

    def pullback(result_bar):
        blocks = blocks_of(t)
        g_t = np.zeros_like(t) if result_bar[0] is None else np.conj(result_bar[0])
        g_z = np.zeros_like(z) if result_bar[1] is None else np.conj(result_bar[1])
        g_t = above(blocks, g_t)
        turn = adjoint(z) @ g_z
        for i in (b.start for b in blocks if b.stop - b.start == 2):
            # Of equal entries in its diagonal: so LAPACK turns a pair of eigenvalues.
            share = turning(t, g_t, turn)[i + 1, i] - turning(t, g_t, turn)[i, i + 1]
            slope = t[i, i + 1] + t[i + 1, i]
            if share and abs(slope) < 1e-8 * abs(t[i, i + 1]):
                raise unsupported("the angle of a block of scipy.linalg.schur, whose eigenvectors "
                                  "are orthogonal, is arbitrary", "pass output='complex'")
            g_t[i, i] -= share / (2 * slope) if share else 0
            g_t[i + 1, i + 1] += share / (2 * slope) if share else 0
        turns = turning(t, g_t, turn)
        refuse_phase("scipy.linalg.schur", turns)
        asked = turns - adjoint(turns)
        asked = asked - above(blocks, asked)
        if np.any(asked):
            refuse_close(t)
            g_t = g_t - lower_solution(blocks, t, asked)
        return np.conj(z @ g_t @ adjoint(z))

    return result, pullback


def turning(t: Any, g_t: Any, turn: Any) -> Any:
    """The gradient along `w`, of vectors that move by `z @ w`."""
    return adjoint(t) @ g_t - g_t @ adjoint(t) + turn


def blocks_of(t: Any) -> list[slice]:
    """The blocks in the diagonal of a Schur form: two numbers together for a pair of eigenvalues.

    >>> blocks_of(np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [0.0, -3.0, 1.0]]))
    [slice(0, 1, None), slice(1, 3, None)]
    """
    found, i = [], 0
    while i < len(t):
        n = 2 if i + 1 < len(t) and t[i + 1, i] != 0 else 1
        found.append(slice(i, i + n))
        i += n
    return found


def above(blocks: list[slice], g: Any) -> Any:
    """The blocks in the diagonal and above it."""
    kept = np.zeros_like(g)
    for b in blocks:
        kept[b, b.start:] = g[b, b.start:]
    return kept


def refuse_close(t: Any) -> None:
    """Refuse equal eigenvalues, which have no vectors of their own."""
    w = np.linalg.eigvals(t)
    apart = np.abs(w[:, None] - w) + np.diag(np.full(len(w), np.inf))
    if np.min(apart, initial=np.inf) < 1e-12 * np.max(np.abs(w), initial=0.0):
        raise unsupported("scipy.linalg.schur of a matrix with equal eigenvalues has no "
                          "derivative", "move them apart, or use a function of the matrix")


def lower_solution(blocks: list[slice], t: Any, right: Any) -> Any:
    """`y` below the blocks, where `adjoint(t) @ y - y @ adjoint(t)` is `right`."""
    y = np.zeros_like(right)
    for b in blocks[::-1]:
        below = slice(b.stop, None)
        rest = right[below, b] + y[below, below] @ adjoint(t[b, below])
        if len(rest):
            y[below, b] = linalg.solve_sylvester(
                adjoint(t[below, below]), -adjoint(t[b, b]), rest)
    return y
