"""`scipy.linalg.eigh`, `eigvalsh`: of one matrix or two, of three types, all values or a part."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import eigh_back, in_triangle, refuse_phase
from s2sdiff.rules.degenerate import apart, arbitrary, evenly, rotations, tied
from s2sdiff.rules.gauges import end_row, of_eigenvectors
from s2sdiff.rules.shared import settled, shaped, unsupported
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []

NAME = "scipy.linalg.eigh"


def of_vectors(a, b=None, *, lower=True, subset_by_index=None, subset_by_value=None, **options):
    """What is settled of their tangents."""
    if b is None:
        return of_eigenvectors(NAME, end_row(lower), 1)
    # Here a factor of `b` has turned the vectors back: no component is real.
    whole = subset_by_index is None and subset_by_value is None
    return of_eigenvectors(NAME, None, 1, at=np.zeros_like if whole else np.conj)


@derivative(of=linalg.eigh, wrt=("a", "b", "subset_by_value"))
@shaped
@settled(of_vectors)
def eigh(a, b: Any = None, *, lower=True, eigvals_only=False, overwrite_a=False,
         overwrite_b=False, type=1, check_finite=True, subset_by_index=None,
         subset_by_value=None, driver=None):
    plain: Any = {"lower": lower, "check_finite": check_finite, "type": type}
    result: Any = linalg.eigh(a, b, eigvals_only=eigvals_only, subset_by_index=subset_by_index,
                              subset_by_value=subset_by_value, driver=driver, **plain)
    w, v = (result, None) if eigvals_only else result
    whole = subset_by_index is None and subset_by_value is None
    if not whole and w.ndim > 1:
        raise unsupported("scipy.linalg.eigh of a part of the values of several matrices has no "
                          "derivative here", "call it matrix by matrix")

    def pullback(result_bar):
        w_bar, v_bar = (result_bar, None) if eigvals_only else result_bar
        if whole and v is not None:
            return *pair_back(a, b, type, lower, (w, v), (w_bar, v_bar)), None
        every, vectors = linalg.eigh(a, b, **plain)
        bars = (w_bar, v_bar) if whole else filled_in(w, v, w_bar, v_bar, every, vectors)
        return *pair_back(a, b, type, lower, (every, vectors), bars), None

    return result, pullback


@derivative(of=linalg.eigvalsh, wrt=("a", "b", "subset_by_value"))
@shaped
def eigvalsh(a, b: Any = None, *, lower=True, overwrite_a=False, overwrite_b=False, type=1,
             check_finite=True, subset_by_index=None, subset_by_value=None, driver=None):
    w, pullback = eigh(a, b, lower=lower, eigvals_only=True, type=type, check_finite=check_finite,
                       subset_by_index=subset_by_index, subset_by_value=subset_by_value,
                       driver=driver)
    return w, pullback


def filled_in(w: Any, v: Any, w_bar: Any, v_bar: Any, every: Any, vectors: Any) -> tuple:
    """The cotangents of all values and vectors for those of a part of them.

    The part's own vectors take the place of those that they are but for a sign, in `vectors`.
    """
    m = len(w)
    starts = range(len(every) - m + 1)
    first = min(starts, key=lambda s: np.max(np.abs(every[s:s + m] - w), initial=0.0))
    part = slice(first, first + m)
    all_w_bar = np.zeros_like(every)
    if w_bar is not None:
        all_w_bar[part] = w_bar
    if v_bar is None or not np.any(v_bar):
        return all_w_bar, None
    others = np.ones(len(every), bool)
    others[part] = False
    if np.any(tied(every)[np.ix_(others, ~others)]):
        raise arbitrary(NAME)
    vectors[:, part] = v
    all_v_bar = np.zeros_like(vectors)
    all_v_bar[:, part] = v_bar
    return all_w_bar, all_v_bar


def pair_back(a: Any, b: Any, type: int, lower: bool, found: tuple, bars: tuple) -> tuple:
    """The cotangents of the matrices for those of all values and vectors.

    Of type 1, `a v = w b v`, with `v^H b v = 1`: dv = v k, dw_i = v_i (da - w_i db) v_i,
    k_ji = v_j (da - w_i db) v_i / (w_i - w_j) beside the diagonal, and k_ii = -v_i db v_i / 2.
    Of type 2, `a b v = w v`, with u = b v: dw_i = u_i da u_i + w_i v_i db v_i, and
    k_ji = (u_j da u_i + w_j v_j db v_i) / (w_i - w_j).  Of type 3, `b a v = w v`, with
    `v^H u = 1` for b u = v: dw_i = v_i da v_i + w_i u_i db u_i, k_ii = u_i db u_i / 2, and
    k_ji = (v_j da v_i + w_i u_j db u_i) / (w_i - w_j).  All by differentiating the equations.
    """
    (w, v), (w_bar, v_bar) = found, bars
    if b is None:
        return eigh_back(w, v, w_bar, v_bar, not lower, NAME), None
    values = np.zeros_like(w) if w_bar is None else w_bar
    turn = np.zeros_like(v) if v_bar is None else adjoint(v) @ np.conj(v_bar)
    refuse_phase(NAME, turn)
    if not np.any(turn):
        values = evenly(values, w)
        v = apart(v, w, values, NAME)
    along = rotations(turn, w, values, NAME)
    same = np.eye(w.shape[-1], dtype=w.dtype)
    of_a = along + np.expand_dims(values, -2) * same
    sums = along * (np.expand_dims(w, -2) + np.expand_dims(w, -1)) / 2 + (
        np.expand_dims(values * w, -2) * same)
    even = (turn + adjoint(turn)) / 4
    of_b = -sums - even if type == 1 else sums - even if type == 2 else sums + even
    left = right = v
    if type != 1:
        # Which triangle of b is read is told by `lower`.
        full = np.tril(b) + adjoint(np.tril(b, -1)) if lower else np.triu(b) + adjoint(
            np.triu(b, 1))
        left, right = (full @ v, v) if type == 2 else (v, np.linalg.solve(full, v))
    return tuple(unbroadcast(np.conj(in_triangle(p @ inner @ adjoint(p), not lower)), np.shape(m))
                 for p, inner, m in ((left, of_a, a), (right, of_b, b)))
