"""`scipy.linalg`: eigenvalues of general, paired, and tridiagonal matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.decompositions import condition_of, eig_back, refuse_phase
from s2sdiff.rules.degenerate import apart, evenly, parted, rotations
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
    w, v, rows = frame(a, b)
    finite = np.isfinite(w)
    placed = np.where(finite, w, beyond(w))
    share = evenly(w_bar, placed)
    v = apart(v, placed, share, "scipy.linalg.eig")
    share = np.where(finite | (share == 0), share, np.nan)
    weighted = transposed(rows) * np.expand_dims(share, -2)
    held = weighted * np.expand_dims(np.where(finite, w, 0), -2)
    return (unbroadcast(weighted @ transposed(v), np.shape(a)),
            unbroadcast(-held @ transposed(v), np.shape(b)))


def beyond(w: Any) -> Any:
    """A number that is far from all eigenvalues that are finite."""
    return 1 + 2 * np.max(np.where(np.isfinite(w), np.abs(w), 0), axis=-1, keepdims=True)


constant(beyond)


def frame(a: Any, b: Any) -> tuple:
    """The eigenvalues of two matrices, their right vectors v, and the inverse of b v."""
    w, left, v = _eig(a, b, left=True)
    # The left vectors of equal values need not belong to the right ones.
    finite = np.expand_dims(np.isfinite(w), -2)
    moved = np.where(finite, np.asarray(b) @ v, 0)
    length = np.where(finite, np.linalg.norm(moved, axis=-2, keepdims=True), 1)
    inner = np.where(finite, adjoint(left) @ (moved / length), np.eye(w.shape[-1]))
    condition_of(inner, "scipy.linalg.eig")
    return w, v, np.linalg.solve(inner, adjoint(left)) / transposed(length)


@derivative(of=frame)
def frame_along(a, b):
    w, v, rows = frame(a, b)

    def pullback(bars):
        if not np.all(np.isfinite(w)):
            raise unsupported("second derivatives beside infinite eigenvalues of two matrices are "
                              "not known", "leave out the part where `b` is singular")
        w_bar, v_bar, rows_bar = bars
        # dv = v c, drows = -(g + c) rows, where g = rows db v and e = rows da v - g w has the
        # tangents of w on its diagonal, and those of c times differences of w beside it.
        g_bar = np.zeros_like(v) if rows_bar is None else -rows_bar @ transposed(rows)
        turn = g_bar if v_bar is None else g_bar + transposed(v) @ v_bar
        e_bar = parted(turn, w, w_bar, "scipy.linalg.eig")
        if w_bar is not None:
            e_bar = e_bar + np.expand_dims(w_bar, -2) * np.eye(w.shape[-1])
        g_bar = g_bar - e_bar * np.expand_dims(w, -2)
        right = transposed(v)
        return (unbroadcast(transposed(rows) @ e_bar @ right, np.shape(a)),
                unbroadcast(transposed(rows) @ g_bar @ right, np.shape(b)))

    return (w, v, rows), pullback


@derivative(of=linalg.eigvals, wrt=("a", "b"))
@shaped
def eigvals(a, b=None, overwrite_a=False, *, overwrite_b=False, check_finite=True,
            homogeneous_eigvals=False):
    # Since SciPy 1.18 one more comes before the last two.
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
            w_bar = evenly(w_bar, w)
            v = apart(v, w, w_bar, "scipy.linalg.eigh_tridiagonal")
            moved = v * w_bar
        # Of v @ inner @ v.T, the two diagonals that are there.
        e_bar = np.sum(moved[:-1] * v[1:] + moved[1:] * v[:-1], axis=1)
        return np.sum(moved * v, axis=1), e_bar

    return result, pullback


@derivative(of=linalg.eigvalsh_tridiagonal, wrt=("d", "e"))
@shaped
def eigvalsh_tridiagonal(d, e, select: Any = "a", select_range=None, check_finite=True, tol=0.0,
                         lapack_driver="auto"):
    return eigh_tridiagonal(d, e, True, select, select_range, check_finite, tol, lapack_driver)
