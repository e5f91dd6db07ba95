"""`scipy.linalg`: eigenvalues of general, paired, and tridiagonal matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import eig_back, refuse_phase
from s2sdiff.rules.degenerate import evenly, rotations
from s2sdiff.rules.gauges import of_eigenvectors, real_row
from s2sdiff.rules.shared import settled, shaped, unknown, unsupported
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import transposed, unbroadcast

__all__: list[str] = []

# What it returns depends on its options in more ways than the stubs can tell apart.
_eig: Any = linalg.eig


def of_vectors(a, b=None, left=False, right=True, *options, **others):
    """What is settled of their tangents."""
    places = range(1, 1 + left + right)
    if b is not None:
        return unknown(dict.fromkeys(places, ...))
    return of_eigenvectors("scipy.linalg.eig", real_row, *places)


@derivative(of=linalg.eig, wrt=("a", "b"))
@settled(of_vectors)
def eig(a, b: Any = None, left=False, right=True, overwrite_a=False, overwrite_b=False,
        check_finite=True, homogeneous_eigvals=False):
    if homogeneous_eigvals:
        raise unsupported("scipy.linalg.eig(..., homogeneous_eigvals=True) has no derivative here",
                          "leave it out")
    result = _eig(a, b, left, right, check_finite=check_finite)

    def pullback(result_bar):
        w_bar = result_bar[0] if left or right else result_bar
        left_bar, right_bar = result_bar[1] if left else None, result_bar[-1] if right else None
        if b is not None:
            if any(g is not None and np.any(g) for g in (left_bar, right_bar)):
                raise unsupported("vectors of scipy.linalg.eig of two matrices have no derivative "
                                  "here", "call it with `scipy.linalg.solve(b, a)`")
            return paired_back(a, b, w_bar)
        w, v = (result[0], result[-1]) if right else _eig(a)
        a_bar = eig_back(w, v, w_bar, right_bar, "scipy.linalg.eig")
        if left_bar is not None and np.any(left_bar):
            # They are the right vectors of the adjoint.
            other = eig_back(np.conj(w), result[1], None, left_bar, "scipy.linalg.eig")
            a_bar = a_bar + adjoint(other)
        return a_bar, None

    return result, pullback


def paired_back(a: Any, b: Any, w_bar: Any) -> tuple[Any, Any]:
    """The cotangents of two matrices for that of the eigenvalues of one by the other."""
    w, left, right = _eig(a, b, left=True)
    y = np.conj(left)
    # u (da - w db) v = dw u b v, for the left vectors u and the right ones v.
    share = w_bar / np.where(w_bar == 0, 1, np.sum(y * (np.asarray(b) @ right), axis=-2))
    weighted = y * np.expand_dims(share, -2)
    finite = np.where(w_bar == 0, 0, w)
    a_bar, b_bar = weighted @ transposed(right), -(weighted * finite[..., None, :]) @ transposed(
        right)
    return unbroadcast(a_bar, np.shape(a)), unbroadcast(b_bar, np.shape(b))


@derivative(of=linalg.eigvals, wrt=("a", "b"))
@shaped
def eigvals(a, b=None, overwrite_a=False, check_finite=True, homogeneous_eigvals=False):
    return eig(a, b, False, False, False, False, check_finite, homogeneous_eigvals)


@derivative(of=linalg.eigh_tridiagonal, wrt=("d", "e"))
@shaped
def eigh_tridiagonal(d, e, eigvals_only=False, select: Any = "a", select_range=None,
                     check_finite=True, tol=0.0, lapack_driver="auto"):
    options: Any = {"select": select, "select_range": select_range, "check_finite": check_finite,
                    "tol": tol, "lapack_driver": lapack_driver}
    result = linalg.eigh_tridiagonal(d, e, eigvals_only, **options)
    if np.ndim(d) > 1 or np.ndim(e) > 1:
        raise unsupported("scipy.linalg.eigh_tridiagonal of several matrices has no "
                          "derivative here",
                          "call it matrix by matrix")

    def pullback(result_bar):
        w_bar, v_bar = (result_bar, None) if eigvals_only else result_bar
        w, v = linalg.eigh_tridiagonal(d, e, **options) if eigvals_only else result
        w_bar = np.zeros_like(w) if w_bar is None else w_bar
        if v_bar is not None and np.any(v_bar):
            if v.shape[0] != v.shape[1]:
                raise unsupported("vectors of scipy.linalg.eigh_tridiagonal have a derivative only "
                                  "where all are computed", "leave `select` out")
            turn = adjoint(v) @ v_bar
            refuse_phase("scipy.linalg.eigh_tridiagonal", turn)
            inner = rotations(turn, w, w_bar, "scipy.linalg.eigh_tridiagonal") + np.diag(w_bar)
            moved = v @ inner
        else:
            moved = v * evenly(w_bar, w)
        # Of v @ inner @ v.T, the two diagonals that are there.
        e_bar = np.sum(moved[:-1] * v[1:] + moved[1:] * v[:-1], axis=1)
        return np.sum(moved * v, axis=1), e_bar

    return result, pullback


@derivative(of=linalg.eigvalsh_tridiagonal, wrt=("d", "e"))
@shaped
def eigvalsh_tridiagonal(d, e, select: Any = "a", select_range=None, check_finite=True, tol=0.0,
                         lapack_driver="auto"):
    return eigh_tridiagonal(d, e, True, select, select_range, check_finite, tol, lapack_driver)
