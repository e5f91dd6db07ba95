"""`scipy.linalg`: eigenvalues and factors of banded Hermitian matrices.

A matrix is kept by the diagonals of one of its triangles, as `scipy_structured` has them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import eigh_back
from s2sdiff.rules.scipy_hermitian import filled_in
from s2sdiff.rules.scipy_matrix_equations import one_matrix
from s2sdiff.rules.scipy_structured import columns, in_band, one_band

__all__: list[str] = []


def band_of(a: Any, lower: Any, count: int) -> Any:
    """The diagonals of a triangle of a matrix, as many as a banded matrix has of them.

    >>> band_of(np.array([[1.0, 0.0], [2.0, 3.0]]), True, 2).tolist()
    [[1.0, 3.0], [2.0, 0.0]]
    """
    n = len(a)
    band = np.zeros((count, n), a.dtype)
    for row in range(count):
        k = row if lower else count - 1 - row
        if k < n:
            part = np.diagonal(a, -k if lower else k)
            band[row, :n - k] = part if lower else 0
            if not lower:
                band[row, k:] = part
    return band


# --------------------------------------------------------------------------------- eigenvalues


@derivative(of=linalg.eig_banded, wrt=("a_band",))
def eig_banded(a_band, lower=False, eigvals_only=False, overwrite_a_band=False, select="a",
               select_range=None, max_ev=0, check_finite=True):
    one_matrix("eig_banded", a_band)
    result = linalg.eig_banded(a_band, lower, eigvals_only, False, select, select_range, max_ev,
                               check_finite)
    w, v = (result, None) if eigvals_only else result
    name = "scipy.linalg.eig_banded"

    def pullback(result_bar):
        w_bar, v_bar = (result_bar, None) if eigvals_only else result_bar
        every, vectors = (w, v) if v is not None and select in ("a", "all", 0) else \
            linalg.eig_banded(a_band, lower, check_finite=check_finite)
        if len(w) < len(every) or v is None:
            w_bar, v_bar = filled_in(w, v, w_bar, v_bar, every, vectors)
        a_bar = eigh_back(every, vectors, w_bar, v_bar, not lower, name)
        return band_of(a_bar, lower, len(a_band))

    return result, pullback


@derivative(of=linalg.eigvals_banded, wrt=("a_band",))
def eigvals_banded(a_band, lower=False, overwrite_a_band=False, select="a", select_range=None,
                   check_finite=True):
    return eig_banded(a_band, lower, True, False, select, select_range, 0, check_finite)


# ------------------------------------------------------------------------------------- factors


@derivative(of=linalg.cholesky_banded, wrt=("ab",))
def cholesky_banded(ab, overwrite_ab=False, lower=False, check_finite=True):
    """By blocks of the width of the band: each block is a whole factor of what came before it."""
    one_band("cholesky_banded", ab)
    c = linalg.cholesky_banded(ab, False, lower, check_finite)
    width = len(c) - 1

    def pullback(c_bar):
        # The factor below, and its cotangent, row by row from the last: see I. Murray,
        # Differentiation of the Cholesky decomposition (2016), section 3.
        low = c if lower else lower_of(c)
        bar = np.conj(c_bar) if lower else lower_of(np.conj(c_bar))
        bar = np.array(bar, dtype=np.result_type(c, c_bar))
        n = low.shape[1]
        for j in range(n - 1, -1, -1):
            below = min(width, n - 1 - j)
            column, column_bar = low[1:below + 1, j], bar[1:below + 1, j]
            pivot = np.real(low[0, j])
            top = np.real(bar[0, j]) - np.real(np.vdot(column, column_bar)) / pivot
            bar[0, j] = top / (2 * pivot)
            bar[1:below + 1, j] = column_bar / pivot
            # What was taken off this column by each column before it.
            for i in range(max(0, j - width), j):
                k = j - i
                reach = min(width, n - 1 - i) - k
                first = low[k, i]
                bar[k, i] -= 2 * bar[0, j] * first
                rest = slice(k + 1, k + 1 + max(reach, 0))
                own = bar[1:1 + max(reach, 0), j]
                bar[k, i] -= np.sum(np.conj(own) * low[rest, i])
                bar[rest, i] -= own * first
        found = np.conj(bar)
        found[0] = np.real(found[0])
        if lower:
            return found
        # What lies beyond the matrix is handed on as it is, as it is below.
        upper = upper_of(found)
        for row in range(width):
            upper[row, :width - row] = c_bar[row, :width - row]
        return upper

    return c, pullback


def lower_of(c: Any) -> Any:
    """The band of the conjugate transpose of an upper one.

    >>> lower_of(np.array([[0.0, 4.0], [1.0, 2.0]])).tolist()
    [[1.0, 2.0], [4.0, 0.0]]
    """
    count, n = c.shape
    made = np.zeros_like(c)
    for k in range(min(count, n)):
        made[k, :n - k] = np.conj(c[count - 1 - k, k:])
    return made


def upper_of(c: Any) -> Any:
    """The band of the conjugate transpose of a lower one."""
    count, n = c.shape
    made = np.zeros_like(c)
    for k in range(min(count, n)):
        made[count - 1 - k, k:] = np.conj(c[k, :n - k])
    return made


@derivative(of=linalg.cho_solve_banded, wrt=("cb_and_lower", "b"))
def cho_solve_banded(cb_and_lower, b, overwrite_b=False, check_finite=True):
    factor, lower = cb_and_lower
    one_band("cho_solve_banded", factor)
    one_matrix("cho_solve_banded", b)
    x = linalg.cho_solve_banded((factor, lower), b, False, check_finite)

    def pullback(x_bar):
        c = np.asarray(factor)
        b_bar = linalg.cho_solve_banded((np.conj(c), lower), x_bar, False, check_finite)
        count, low = len(c), c if lower else lower_of(c)
        # A = L L^H: the cotangent of L is -(y x^H + x y^H) L, with y = conj(b_bar).
        y, z = np.conj(columns(b_bar)), columns(x)
        ends = np.conj(product_with(low, np.conj(z))), np.conj(product_with(low, np.conj(y)))
        bar = -(in_band(y, np.conj(ends[0]), 0, count) + in_band(z, np.conj(ends[1]), 0, count))
        bar = np.conj(bar)
        if not np.iscomplexobj(c):
            bar = np.real(bar)
        return (bar if lower else upper_of(bar), None), b_bar

    return x, pullback


def product_with(low: Any, x: Any) -> Any:
    """The transpose of a lower factor times columns."""
    count, n = low.shape
    found = np.zeros(x.shape, np.result_type(low, x))
    for k in range(min(count, n)):
        found[:n - k] += low[k, :n - k, None] * x[k:]
    return found
