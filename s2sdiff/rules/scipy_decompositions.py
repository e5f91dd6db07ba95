"""`scipy.linalg`: eigenvectors, singular vectors, orthogonal factors, least squares.

What decompositions of NumPy have in common with these is in `decompositions` and `solving`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import adjoint, eigh_back, full_svd_back, gaps, qr_back
from s2sdiff.rules.scipy_linalg import eigvalsh as eigvalsh_rule
from s2sdiff.rules.scipy_linalg import read_part
from s2sdiff.rules.shared import unsupported
from s2sdiff.rules.solving import pinv as numpy_pinv
from s2sdiff.rules.solving import solution_back
from s2sdiff.runtime import scaled

__all__: list[str] = []


@derivative(of=linalg.eigh, wrt=("a", "b"))
def eigh(a, b: Any = None, *, lower=True, eigvals_only=False, overwrite_a=False,
         overwrite_b=False, type=1, check_finite=True, subset_by_index=None,
         subset_by_value=None, driver=None):
    options: Any = {"lower": lower, "check_finite": check_finite, "driver": driver, "type": type,
                    "subset_by_index": subset_by_index, "subset_by_value": subset_by_value}
    if eigvals_only:
        return eigvalsh_rule(a, b, **options)
    if type != 1 or subset_by_index is not None or subset_by_value is not None or (
            b is not None and (np.iscomplexobj(a) or np.iscomplexobj(b) or np.ndim(a) > 2)):
        raise unsupported("scipy.linalg.eigh of a part of the values, of two complex matrices, or "
                          "of another type, has no derivative here",
                          "take the part out of all of them")
    w, v = linalg.eigh(a, b, **options)

    def pullback(result_bar):
        w_bar, v_bar = result_bar
        if b is None:
            return eigh_back(w, v, w_bar, v_bar, not lower, "scipy.linalg.eigh"), None
        # With v.T @ b @ v = 1, dv = v k, k_ij = v_i (da - w_j db) v_j / (w_j - w_i) beside the
        # diagonal, and k_ii = -v_i db v_i / 2.
        values = np.zeros_like(w) if w_bar is None else w_bar
        turn = np.zeros_like(v) if v_bar is None else v.T @ v_bar
        along = scaled(turn, gaps(w))
        of_a = along + np.diag(values)
        of_b = along * w + np.diag(values * w + np.diagonal(turn) / 2)
        return (read_part(half(v @ of_a @ v.T), "sym", lower),
                read_part(-half(v @ of_b @ v.T), "sym", lower))

    return (w, v), pullback


def half(a: Any) -> Any:
    """The symmetric part of a matrix."""
    return (a + a.T) / 2


@derivative(of=linalg.svd, wrt="a")
def svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True,
        lapack_driver="gesdd"):
    result = linalg.svd(a, full_matrices, compute_uv, check_finite=check_finite,
                        lapack_driver=lapack_driver)

    def pullback(result_bar):
        # The vectors' signs are those of this very decomposition.
        u, s, vh = result if compute_uv else np.linalg.svd(a, full_matrices=False)
        if not compute_uv:
            return np.conj(u * np.expand_dims(result_bar, -2) @ vh)
        n = s.shape[-1]
        return full_svd_back(u[..., :n], s, vh[..., :n, :], *result_bar, name="scipy.linalg.svd")

    return result, pullback


@derivative(of=linalg.svdvals, wrt="a")
def svdvals(a, overwrite_a=False, check_finite=True):
    return svd(a, compute_uv=False, check_finite=check_finite)


@derivative(of=linalg.qr, wrt="a")
def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    if mode not in ("full", "r", "economic") or pivoting or np.ndim(a) != 2:
        raise unsupported(f"scipy.linalg.qr with mode={mode!r}, pivoting={pivoting!r}, of an array "
                          f"of shape {np.shape(a)}, has no derivative here",
                          "call it with mode='economic' and without pivoting, matrix by matrix")
    result = linalg.qr(a, mode=mode, check_finite=check_finite)
    rows, columns = np.shape(a)
    n = min(rows, columns)

    def pullback(result_bar):
        q_bar, r_bar = (None, result_bar[0]) if mode == "r" else result_bar
        # The stubs do not tell modes, of which this one gives two, from each other.
        q, r = linalg.qr(a, mode="economic")  # pyright: ignore[reportAssignmentType]
        if q_bar is not None and q_bar.shape[1] > n:
            if np.any(q_bar[:, n:]):
                raise unsupported("part of the full factors of scipy.linalg.qr is arbitrary",
                                  "pass mode='economic'")
            q_bar = q_bar[:, :n]
        r_bar = None if r_bar is None else r_bar[:n]
        if rows >= columns:
            return qr_back(q, r, q_bar, r_bar)
        # The columns on the right are q times those of r.
        if r_bar is None:
            r_bar = np.zeros_like(r)
        from_right = np.asarray(a)[:, n:] @ adjoint(np.conj(r_bar[:, n:]))
        q_bar = np.conj(from_right) + (0 if q_bar is None else q_bar)
        left = qr_back(q, r[:, :n], q_bar, r_bar[:, :n])
        return np.concatenate([left, np.conj(q) @ r_bar[:, n:]], axis=1)

    return result, pullback


@derivative(of=linalg.lstsq, wrt=("a", "b"))
def lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True,
          lapack_driver=None):
    if np.ndim(a) != 2:
        raise unsupported("scipy.linalg.lstsq of several matrices has no derivative here",
                          "call it matrix by matrix")
    result = linalg.lstsq(a, b, cond, check_finite=check_finite, lapack_driver=lapack_driver)
    return result, lambda result_bar: solution_back(a, b, result_bar)


@derivative(of=linalg.pinv, wrt="a")
def pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    result = linalg.pinv(a, atol=atol, rtol=rtol, return_rank=return_rank,
                         check_finite=check_finite)

    def pullback(result_bar):
        p_bar = result_bar[0] if return_rank else result_bar
        return None if p_bar is None else numpy_pinv(a)[1](p_bar)

    return result, pullback
