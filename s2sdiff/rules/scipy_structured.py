"""`scipy.linalg` for banded and Toeplitz matrices, which are never written out.

A banded matrix is kept by its diagonals: `ab[u + i - j, j]` is the element (i, j).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import fft as scipy_fft
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_matrix_equations import one_matrix
from s2sdiff.rules.shared import shaped, unsupported

__all__: list[str] = []


def one_band(name: str, ab: Any) -> None:
    """Refuse stacks of bands, and a diagonal alone."""
    one_matrix(name, ab)
    if np.ndim(ab) < 2:
        raise unsupported(f"scipy.linalg.{name} of a diagonal in one dimension has no derivative "
                          "here", "pass a row, diagonal[None, :]")


def columns(x: Any) -> Any:
    """A right-hand side as a matrix."""
    return np.reshape(x, (np.shape(x)[0], math.prod(np.shape(x)[1:])))


def in_band(y: Any, x: Any, upper: int, count: int) -> Any:
    """The diagonals of `y @ x.T`, as many as a banded matrix has of them.

    >>> in_band(np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]]), 1, 3).tolist()
    [[0.0, 4.0], [3.0, 8.0], [6.0, 0.0]]
    """
    n = len(x)
    band = np.zeros((count, n), np.result_type(x, y))
    for row in range(count):
        k = row - upper
        start, stop = max(0, -k), min(n, n - k)
        if start < stop:
            band[row, start:stop] = np.sum(y[start + k:stop + k] * x[start:stop], axis=1)
    return band


def band_transposed(ab: Any, lower: int, upper: int) -> Any:
    """The diagonals of the transpose of a banded matrix.

    >>> band_transposed(np.array([[0.0, 4.0], [3.0, 8.0], [6.0, 0.0]]), 1, 1).tolist()
    [[0.0, 6.0], [3.0, 8.0], [4.0, 0.0]]
    """
    n = ab.shape[1]
    result = np.zeros_like(ab)
    for row in range(lower + upper + 1):
        k = row - lower
        start, stop = max(0, -k), min(n, n - k)
        if start < stop:
            result[row, start:stop] = ab[upper - k, start + k:stop + k]
    return result


@derivative(of=linalg.solve_banded, wrt=("ab", "b"))
@shaped
def solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    one_matrix("solve_banded", ab, b)
    lower, upper = l_and_u
    x = linalg.solve_banded(l_and_u, ab, b, check_finite=check_finite)

    def pullback(x_bar):
        transpose = band_transposed(np.asarray(ab), lower, upper)
        b_bar = linalg.solve_banded((upper, lower), transpose, x_bar)
        return -in_band(columns(b_bar), columns(x), upper, lower + upper + 1), b_bar

    return x, pullback


@derivative(of=linalg.solveh_banded, wrt=("ab", "b"))
@shaped
def solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True):
    one_band("solveh_banded", ab)
    one_matrix("solveh_banded", b)
    x = linalg.solveh_banded(ab, b, lower=lower, check_finite=check_finite)

    def pullback(x_bar):
        b_bar = linalg.solveh_banded(np.conj(ab), x_bar, lower=lower)
        left, right, count = columns(b_bar), columns(x), np.shape(ab)[0]
        # What is not stored is the conjugate of what is; the diagonal is read as real.
        upper = 0 if lower else count - 1
        ab_bar = in_band(left, right, upper, count) + np.conj(in_band(right, left, upper, count))
        ab_bar[upper] = np.real(ab_bar[upper]) / 2
        return -ab_bar, b_bar

    return x, pullback


def lags(y: Any, x: Any, count: int) -> Any:
    """The sums of `y[i + k] * x[i]` for k from 0, over all i and all columns, by FFT.

    >>> lags(np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [1.0], [0.0]]), 3).round(9)
    array([3., 5., 3.])
    """
    if not (x.size and y.size):
        return np.zeros(count, np.result_type(x, y))
    fft: Any = scipy_fft
    n = fft.next_fast_len(len(y) + len(x), not np.iscomplexobj(y) and not np.iscomplexobj(x))
    if np.iscomplexobj(y) or np.iscomplexobj(x):
        spectrum = fft.fft(y, n, axis=0) * fft.fft(x[::-1], n, axis=0)
        whole = fft.ifft(np.sum(spectrum, axis=1))
    else:
        spectrum = fft.rfft(y, n, axis=0) * fft.rfft(x[::-1], n, axis=0)
        whole = fft.irfft(np.sum(spectrum, axis=1), n)
    return whole[len(x) - 1:len(x) - 1 + count]


def toeplitz_parts(c_or_cr: Any) -> tuple[Any, Any, bool]:
    """The first column, the first row, and whether the row was given."""
    if isinstance(c_or_cr, tuple):
        return np.asarray(c_or_cr[0]), np.asarray(c_or_cr[1]), True
    return np.asarray(c_or_cr), np.conj(c_or_cr), False


def one_toeplitz(name: str, c_or_cr: Any, x: Any) -> None:
    """Refuse several matrices, and several right-hand sides that are matrices."""
    one_matrix(name, x, *(np.expand_dims(v, 0) for v in toeplitz_parts(c_or_cr)[:2]))


def toeplitz_back(c_or_cr: Any, y: Any, x: Any) -> Any:
    """The cotangent of the column, or the column and row, of a Toeplitz matrix for `y @ x.T`."""
    c, r, both = toeplitz_parts(c_or_cr)
    c_bar = np.reshape(lags(y, x, c.size), c.shape)
    r_bar = lags(x, y, r.size)
    r_bar[:1] = 0
    r_bar = np.reshape(r_bar, r.shape)
    return (c_bar, r_bar) if both else c_bar + np.conj(r_bar)


def turned(c_or_cr: Any) -> tuple[Any, Any]:
    """Column and row of the transposed matrix, whose corner is that of the column."""
    c, r, _ = toeplitz_parts(c_or_cr)
    c, r = np.ravel(c), np.ravel(r)
    return np.concatenate([c[:1], r[1:]]), c


@derivative(of=linalg.solve_toeplitz, wrt=("c_or_cr", "b"))
@shaped
def solve_toeplitz(c_or_cr, b, check_finite=True):
    one_toeplitz("solve_toeplitz", c_or_cr, b)
    x = linalg.solve_toeplitz(c_or_cr, b, check_finite=check_finite)

    def pullback(x_bar):
        b_bar = linalg.solve_toeplitz(turned(c_or_cr), x_bar)
        return toeplitz_back(c_or_cr, -columns(b_bar), columns(x)), b_bar

    return x, pullback


@derivative(of=linalg.matmul_toeplitz, wrt=("c_or_cr", "x"))
@shaped
def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None):
    one_toeplitz("matmul_toeplitz", c_or_cr, x)
    z = linalg.matmul_toeplitz(c_or_cr, x, check_finite, workers)

    def pullback(z_bar):
        x_bar = linalg.matmul_toeplitz(turned(c_or_cr), z_bar, check_finite, workers)
        return toeplitz_back(c_or_cr, columns(z_bar), columns(x)), x_bar

    return z, pullback
