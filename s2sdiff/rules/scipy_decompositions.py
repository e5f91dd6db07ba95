"""`scipy.linalg`: singular vectors, orthogonal factors, least squares.

What decompositions of NumPy have in common with these is in `decompositions` and `solving`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import full_qr_back
from s2sdiff.rules.gauges import of_orthogonal, of_singular_vectors
from s2sdiff.rules.pseudo_inverses import (
    pinv_along,
    pinv_back,
    solution_along,
    solution_back,
    truncated_back,
    truncated_moved,
)
from s2sdiff.rules.shared import settled, shaped, unknown, unsupported
from s2sdiff.rules.singular_values import full_svd_back, values_back
from s2sdiff.rules.solving import adjoint, computable

__all__: list[str] = []


@derivative(of=linalg.svd, wrt="a")
@shaped
@settled(lambda *args, **kwargs: of_singular_vectors("scipy.linalg.svd"))
def svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True,
        lapack_driver="gesdd"):
    result = linalg.svd(a, full_matrices, compute_uv, check_finite=check_finite,
                        lapack_driver=lapack_driver)

    def pullback(result_bar):
        # The vectors' signs are those of this very decomposition.
        u, s, vh = result if compute_uv else np.linalg.svd(
            computable(a), full_matrices=False)
        if not compute_uv:
            return values_back(u, s, vh, result_bar)
        return full_svd_back(u, s, vh, *result_bar, name="scipy.linalg.svd")

    return result, pullback


@derivative(of=linalg.svdvals, wrt="a")
@shaped
@shaped
def svdvals(a, overwrite_a=False, check_finite=True):
    return svd(a, compute_uv=False, check_finite=check_finite)


@derivative(of=linalg.qr, wrt="a")
@shaped
@settled(lambda a, overwrite_a=False, lwork=None, mode="full", *options, **others:
         unknown({}) if mode == "r" else of_orthogonal(a))
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
    if np.ndim(a) != 2 or np.ndim(b) > 2:
        raise unsupported("scipy.linalg.lstsq of several matrices has no derivative here",
                          "call it matrix by matrix")
    result: Any = linalg.lstsq(a, b, cond, check_finite=check_finite, lapack_driver=lapack_driver)
    if lapack_driver == "gelsy" and cond is not None and result[2] < min(np.shape(a)):
        # What it leaves out are no singular values.
        raise unsupported("scipy.linalg.lstsq(..., lapack_driver='gelsy') that leaves out what is "
                          "small has no derivative here", "use lapack_driver='gelsd'")
    return result, lambda result_bar: (*solution_back(a, b, result[2], result_bar), None)


@derivative(of=linalg.lstsq, wrt=("a", "b", "cond"), mode="jvp")
def lstsq_forward(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True,
                  lapack_driver=None):
    result = lstsq(a, b, cond, False, False, check_finite, lapack_driver)[0]
    return result, lambda a_dot, b_dot, cond_dot: solution_along(a, b, result, a_dot, b_dot)


@derivative(of=linalg.pinv, wrt=("a", "atol", "rtol"))
@shaped
def pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    if atol is not None or rtol is not None or return_rank:
        return pinv_of_options(a, atol, rtol, return_rank, check_finite)
    p: Any = linalg.pinv(a, check_finite=check_finite)
    return p, lambda p_bar: (pinv_back(np.asarray(a), p, p_bar), None, None)


@derivative(of=linalg.pinv, wrt=("a", "atol", "rtol"), mode="jvp")
def pinv_forward(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    if atol is not None or rtol is not None or return_rank:
        result = pinv_of_options(a, atol, rtol, return_rank, check_finite)[0]
        return result, pinv_moves(np.asarray(a), result, atol is None and rtol is None, return_rank)
    p: Any = linalg.pinv(a, check_finite=check_finite)
    return p, lambda a_dot, atol_dot, rtol_dot: pinv_along(np.asarray(a), p, a_dot)


def pinv_of_options(a, atol, rtol, return_rank, check_finite):
    """The rule where small singular values are left out, or the rank is asked for."""
    result: Any = linalg.pinv(a, atol=atol, rtol=rtol, return_rank=return_rank,
                              check_finite=check_finite)
    p = result[0] if return_rank else result
    back = pinv_back if atol is None and rtol is None else truncated_back

    def pullback(result_bar):
        p_bar = result_bar[0] if return_rank else result_bar
        return None if p_bar is None else back(np.asarray(a), p, p_bar), None, None

    return result, pullback


def pinv_moves(a, result, whole, return_rank):
    """The same forwards."""
    def differential(a_dot, atol_dot, rtol_dot):
        p = result[0] if return_rank else result
        if a_dot is None:
            p_dot = np.zeros_like(p)
        else:
            p_dot = pinv_along(a, p, a_dot) if whole else adjoint(truncated_moved(a, p, a_dot))
        return (p_dot, None) if return_rank else p_dot

    return differential
