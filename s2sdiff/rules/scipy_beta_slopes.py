"""Slopes of the beta function beside its poles, in which nothing cancels.

With G = gamma(1 + a) gamma(1 + b) / gamma(1 + a + b), beta(a, b) is G (1/a + 1/b).  What is left of
the mixed derivative, where a or b is tiny, is of order 1, and the terms of the product rule are of
order 1/a**2; so are differences of psi at points that are close.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled, unbroadcast

__all__ = ["beside_zero", "polygammas_apart", "psi_apart"]

#: Of steps that are at most a twentieth of the point.
TERMS = 12


def psi_apart(x: Any, h: Any) -> Any:
    """psi(x) - psi(x + h) for positive x and x + h."""
    return polygammas_apart(0, x, h)


@derivative(of=psi_apart)
def psi_apart_(x, h):
    shape_x, shape_h = np.shape(x), np.shape(h)

    def pullback(bar):
        return (unbroadcast(scaled(bar, polygammas_apart(1, x, h)), shape_x),
                unbroadcast(scaled(-bar, special.polygamma(1, x + h)), shape_h))

    return psi_apart(x, h), pullback


def polygammas_apart(n: int, x: Any, h: Any) -> Any:
    """The same of the n-th derivatives, by Taylor's series where the points are close.

    >>> polygammas_apart(0, 1.0, 1.0)
    np.float64(-1.0)
    """
    x, h = np.broadcast_arrays(np.asarray(x, float), np.asarray(h, float))
    found = special.polygamma(n, x) - special.polygamma(n, x + h)
    close = np.abs(h) < 0.05 * x
    if np.any(close):
        found = np.where(close, -taylor(n + 1, x, h, [1 / math.factorial(k + 1)
                                                      for k in range(TERMS)]) * h, found)
    return found[()]


def taylor(n: int, x: Any, h: Any, weights: list[float]) -> Any:
    """The sum of weights times powers of h times derivatives of psi at x, from the n-th on."""
    total = np.zeros(x.shape)
    for k in range(TERMS - 1, -1, -1):
        total = total * h + weights[k] * special.polygamma(n + k, x)
    return total


def chord(x: Any, h: Any) -> Any:
    """((psi(x + h) - psi(x)) / h - psi'(x + h)) / h."""
    x, h = np.broadcast_arrays(np.asarray(x, float), np.asarray(h, float))
    close = np.abs(h) < 0.05 * x
    step = np.where(close, 1.0, h)
    found = (-polygammas_apart(0, x, step) / step - special.polygamma(1, x + step)) / step
    return np.where(close, -taylor(2, x, h, [
        (k + 1) / math.factorial(k + 2) for k in range(TERMS)]), found)[()]


def beside_zero(a: Any, b: Any) -> Any:
    """The derivative in a of beta(a, b), of positive numbers of which one may be tiny."""
    g = special.beta(a, b) * a * b / (a + b)
    return g * (psi_apart(1 + a, b) * (1 / a + 1 / b) - 1 / (a * a))


@derivative(of=beside_zero)
def beside_zero_(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(bar):
        g = special.beta(a, b) * a * b / (a + b)
        by_a, by_b, both = psi_apart(1 + a, b), psi_apart(1 + b, a), 1 / a + 1 / b
        bend = (polygammas_apart(1, 1 + a, b) + by_a * by_a) * both + 2 * (1 / a - by_a) / (a * a)
        mixed = chord(1 + b, a) + chord(1 + a, b) + by_a * by_b * both
        return (unbroadcast(scaled(bar, g * bend), shape_a),
                unbroadcast(scaled(bar, g * mixed), shape_b))

    return beside_zero(a, b), pullback


_ufuncs: Any = special._ufuncs
if hasattr(_ufuncs, "_beta_pdf"):  # of Boost, for the densities of scipy.stats

    @derivative(of=_ufuncs._beta_pdf)
    def beta_pdf(x, a, b):
        shapes = np.shape(x), np.shape(a), np.shape(b)
        value = _ufuncs._beta_pdf(x, a, b)

        def pullback(bar):
            share, both = bar * value, special.digamma(a + b)
            slope = (a - 1) / x - (b - 1) / (1 - x)
            a_slope, b_slope = both - special.digamma(a), both - special.digamma(b)
            return (unbroadcast(scaled(share, slope), shapes[0]),
                    unbroadcast(scaled(share, np.log(x) + a_slope), shapes[1]),
                    unbroadcast(scaled(share, special.log1p(-x) + b_slope), shapes[2]))

        return value, pullback
