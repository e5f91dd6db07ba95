"""`scipy.linalg`: eigenvectors, singular vectors, orthogonal factors, least squares.

What decompositions of NumPy have in common with these is in `decompositions` and `solving`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import (
    eigh_back,
    full_qr_back,
    full_svd_back,
    in_triangle,
    refuse_phase,
    values_back,
)
from s2sdiff.rules.degenerate import evenly, rotations
from s2sdiff.rules.scipy_linalg import eigvalsh as eigvalsh_rule
from s2sdiff.rules.shared import unsupported
from s2sdiff.rules.solving import adjoint, pinv_back, solution_back, truncated_back

__all__: list[str] = []


@derivative(of=linalg.eigh, wrt=("a", "b"))
def eigh(a, b: Any = None, *, lower=True, eigvals_only=False, overwrite_a=False,
         overwrite_b=False, type=1, check_finite=True, subset_by_index=None,
         subset_by_value=None, driver=None):
    options: Any = {"lower": lower, "check_finite": check_finite, "driver": driver, "type": type,
                    "subset_by_index": subset_by_index, "subset_by_value": subset_by_value}
    if eigvals_only:
        return eigvalsh_rule(a, b, **options)
    if type != 1 or subset_by_index is not None or subset_by_value is not None:
        raise unsupported("scipy.linalg.eigh of a part of the values, or of another type, has no "
                          "derivative here", "take the part out of all of them")
    w, v = linalg.eigh(a, b, **options)

    def pullback(result_bar):
        w_bar, v_bar = result_bar
        if b is None:
            return eigh_back(w, v, w_bar, v_bar, not lower, "scipy.linalg.eigh"), None
        # With v^H b v = 1, dv = v k, k_ij = v_i (da - w_j db) v_j / (w_j - w_i) beside the
        # diagonal, and k_ii = -v_i db v_i / 2.
        values = np.zeros_like(w) if w_bar is None else w_bar
        turn = np.zeros_like(v) if v_bar is None else adjoint(v) @ np.conj(v_bar)
        refuse_phase("scipy.linalg.eigh", turn)
        values = values if np.any(turn) else evenly(values, w)
        along = rotations(turn, w, values, "scipy.linalg.eigh")
        row, column = np.expand_dims(w, -2), np.expand_dims(w, -1)
        same = np.eye(w.shape[-1], dtype=w.dtype)
        of_a = along + np.expand_dims(values, -2) * same
        of_b = (along * (row + column) + (turn + adjoint(turn)) / 2) / 2 + (
            np.expand_dims(values * w, -2) * same)
        return (np.conj(in_triangle(v @ of_a @ adjoint(v), not lower)),
                -np.conj(in_triangle(v @ of_b @ adjoint(v), not lower)))

    return (w, v), pullback


@derivative(of=linalg.svd, wrt="a")
def svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True,
        lapack_driver="gesdd"):
    result = linalg.svd(a, full_matrices, compute_uv, check_finite=check_finite,
                        lapack_driver=lapack_driver)

    def pullback(result_bar):
        # The vectors' signs are those of this very decomposition.
        u, s, vh = result if compute_uv else np.linalg.svd(a, full_matrices=False)
        if not compute_uv:
            return values_back(u, s, vh, result_bar)
        n = s.shape[-1]
        return full_svd_back(u[..., :n], s, vh[..., :n, :], *result_bar, name="scipy.linalg.svd")

    return result, pullback


@derivative(of=linalg.svdvals, wrt="a")
def svdvals(a, overwrite_a=False, check_finite=True):
    return svd(a, compute_uv=False, check_finite=check_finite)


@derivative(of=linalg.qr, wrt="a")
def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    if mode not in ("full", "r", "economic") or np.ndim(a) != 2:
        raise unsupported(f"scipy.linalg.qr with mode={mode!r}, of an array of shape "
                          f"{np.shape(a)}, has no derivative here",
                          "call it with mode='economic', matrix by matrix")
    result = linalg.qr(a, mode=mode, pivoting=pivoting, check_finite=check_finite)

    def pullback(result_bar):
        q_bar, r_bar = (None, result_bar[0]) if mode == "r" else result_bar[:2]
        # With pivoting, it is the columns in the order of the last part that are factored.
        order: Any = result[-1] if pivoting else slice(None)
        columns = np.asarray(a)[:, order]
        # The stubs do not tell modes, of which this one gives two, from each other.
        q, r = linalg.qr(columns, mode="economic")  # pyright: ignore[reportAssignmentType]
        g = full_qr_back(columns, q, r, q_bar, r_bar, "scipy.linalg.qr")
        a_bar = np.empty_like(g)
        a_bar[:, order] = g
        return a_bar

    return result, pullback


@derivative(of=linalg.lstsq, wrt=("a", "b", "cond"))
def lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True,
          lapack_driver=None):
    if np.ndim(a) != 2:
        raise unsupported("scipy.linalg.lstsq of several matrices has no derivative here",
                          "call it matrix by matrix")
    result: Any = linalg.lstsq(a, b, cond, check_finite=check_finite, lapack_driver=lapack_driver)
    if lapack_driver == "gelsy" and cond is not None and result[2] < min(np.shape(a)):
        # What it leaves out are no singular values.
        raise unsupported("scipy.linalg.lstsq(..., lapack_driver='gelsy') that leaves out what is "
                          "small has no derivative here", "use lapack_driver='gelsd'")
    return result, lambda result_bar: (*solution_back(a, b, result[2], result_bar), None)


@derivative(of=linalg.pinv, wrt=("a", "atol", "rtol"))
def pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    result: Any = linalg.pinv(a, atol=atol, rtol=rtol, return_rank=return_rank,
                              check_finite=check_finite)
    p = result[0] if return_rank else result
    back = pinv_back if atol is None and rtol is None else truncated_back

    def pullback(result_bar):
        p_bar = result_bar[0] if return_rank else result_bar
        return None if p_bar is None else back(np.asarray(a), p, p_bar), None, None

    return result, pullback
