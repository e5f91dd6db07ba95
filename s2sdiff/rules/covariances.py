"""Covariances and correlations: `np.cov`, `np.corrcoef`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative

__all__: list[str] = []


@derivative(of=np.cov, wrt=("m", "y", "aweights"))
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *,
        dtype=None):
    c = np.cov(m, y, rowvar, bias, ddof, fweights, aweights, dtype=dtype)
    delta = (1 if bias == 0 else 0) if ddof is None else ddof

    def pullback(c_bar):
        m_bar, y_bar, w_bar = cov_back(c_bar, c, m, y, rowvar, delta, fweights, aweights)
        return m_bar, y_bar, w_bar

    return c, pullback


@derivative(of=np.corrcoef, wrt=("x", "y"))
def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    r = np.corrcoef(x, y, rowvar, dtype=dtype)

    def pullback(r_bar):
        # r[i, j] = c[i, j] / (s[i] s[j]); those of a variable with itself are 1 whatever it is.
        c = np.cov(x, y, rowvar, dtype=dtype)
        n = math.isqrt(np.size(c))
        s = np.sqrt(np.real(np.diagonal(np.reshape(c, (n, n)))))
        g = np.reshape(r_bar, (n, n)) * (1.0 - np.eye(n))
        c_bar = g / np.outer(s, s)
        pairs = np.real(g * np.reshape(r, (n, n)))
        along = np.sum(pairs, axis=0) + np.sum(pairs, axis=1)
        c_bar = c_bar - np.diag(along / (2 * s * s))
        x_bar, y_bar, _ = cov_back(c_bar, c, x, y, rowvar, 1, None, None)
        return x_bar, y_bar

    return r, pullback


def variables(m: Any, rowvar: bool, count: int) -> tuple[Any, bool]:
    """The variables as rows of a matrix, and whether they were its columns.

    `count` says how many they must be: before NumPy 2.2, a single row was never turned.
    """
    m = np.asarray(m)
    turned = m.ndim == 2 and not rowvar and (m.shape[0] != 1 or m.shape[1] == count)
    return np.atleast_2d(m.T if turned else m), turned


def cov_back(c_bar: Any, c: Any, m: Any, y: Any, rowvar: bool, delta: Any, fweights: Any,
             aweights: Any) -> tuple:
    """The cotangents of two sets of variables and of their weights.

    c = X diag(w) X* / d with centred X.  The means do not count, as the weighted sum of X is 0.
    """
    n = math.isqrt(np.size(c))
    if not n:
        # NumPy asks no further where the first set has no variables.
        return tuple(None if v is None else np.zeros(np.shape(v)) for v in (m, y, aweights))
    other, turned_y = (None, False) if y is None else variables(
        y, rowvar or np.atleast_2d(y).shape[0] == 1, n)
    rows, turned = variables(m, rowvar, n if other is None else n - len(other))
    data = rows if other is None else np.concatenate([rows, other])
    frequencies = np.ones(data.shape[-1]) if fweights is None else np.asarray(fweights, float)
    shares = np.ones(data.shape[-1]) if aweights is None else np.asarray(aweights)
    w = frequencies * shares
    total = np.sum(w)
    # The divisor of NumPy: observations, less what aweights make of the degrees of freedom.
    squares = total if aweights is None else np.sum(w * shares)
    divisor = total - delta * squares / total
    centred = data - np.expand_dims(data @ w / total, -1)
    g = np.reshape(c_bar, (n, n))
    data_bar = (g + np.conj(g.T)) @ (np.conj(centred) * w) / divisor
    m_bar = data_bar[: len(rows)]
    m_bar = np.reshape(m_bar.T if turned else m_bar, np.shape(m))
    y_bar = w_bar = None
    if y is not None:
        y_bar = data_bar[len(rows):]
        y_bar = np.reshape(y_bar.T if turned_y else y_bar, np.shape(y))
    if aweights is not None:
        slope = frequencies * (1 + delta * squares / total**2) - 2 * delta * w / total
        products = frequencies * np.sum(np.conj(centred) * (g.T @ centred), axis=0)
        w_bar = (products - np.sum(g * np.reshape(c, (n, n))) * slope) / divisor
    return m_bar, y_bar, w_bar
