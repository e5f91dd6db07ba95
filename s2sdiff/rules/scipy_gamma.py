"""`scipy.special`: the gamma function and its relatives (DLMF 5.4, 5.15, 8.8, 25.11)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled, unbroadcast

__all__ = ["trigamma"]


def trigamma(x):
    """The derivative of digamma, of negative numbers by reflection (DLMF 5.15.6)."""
    below = x < 0
    positive = special.polygamma(1, np.where(below, 1 - x, x))
    sine = np.where(below, np.sin(np.pi * (x - np.rint(x))), 1.0)
    return np.where(below, (np.pi / sine) ** 2 - positive, positive)


@derivative(of=special.gamma)
def gamma(z):
    value = special.gamma(z)
    return value, lambda bar: bar * (value * special.digamma(z))


@derivative(of=special.gammaln)
def gammaln(x):
    return special.gammaln(x), lambda bar: bar * special.digamma(x)


@derivative(of=special.loggamma)
def loggamma(z):
    return special.loggamma(z), lambda bar: bar * special.digamma(z)


@derivative(of=special.rgamma)
def rgamma(z):
    value = special.rgamma(z)
    return value, lambda bar: bar * (-value * special.digamma(z))


@derivative(of=special.digamma)
def digamma(z):
    def pullback(bar):
        return NotImplemented if np.iscomplexobj(z) else bar * trigamma(z)

    return special.digamma(z), pullback


@derivative(of=special.polygamma, wrt="x")
def polygamma(n, x):
    shape = np.shape(x)
    value = special.polygamma(n, x)
    return value, lambda bar: unbroadcast(bar * special.polygamma(np.asarray(n) + 1, x), shape)


@derivative(of=special.zeta, wrt=("x", "q"))
def zeta(x, q=None, out=None):
    if q is None:
        return special.zeta(x, q, out), lambda bar: (NotImplemented, None)
    shape = np.shape(q)

    def pullback(bar):
        return NotImplemented, unbroadcast(-bar * x * special.zeta(np.add(x, 1), q), shape)

    return special.zeta(x, q, out), pullback


@derivative(of=special.poch)
def poch(z, m):
    shape_z, shape_m = np.shape(z), np.shape(m)
    value = special.poch(z, m)

    def pullback(bar):
        share = bar * value
        top = special.digamma(z + m)
        return (unbroadcast(share * (top - special.digamma(z)), shape_z),
                unbroadcast(share * top, shape_m))

    return value, pullback


@derivative(of=special.beta)
def beta(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)
    value = special.beta(a, b)

    def pullback(bar):
        share, both = bar * value, special.digamma(a + b)
        return (unbroadcast(share * (special.digamma(a) - both), shape_a),
                unbroadcast(share * (special.digamma(b) - both), shape_b))

    return value, pullback


@derivative(of=special.betaln)
def betaln(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(bar):
        both = special.digamma(a + b)
        return (unbroadcast(bar * (special.digamma(a) - both), shape_a),
                unbroadcast(bar * (special.digamma(b) - both), shape_b))

    return special.betaln(a, b), pullback


@derivative(of=special.binom)
def binom(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    value = special.binom(x, y)

    def pullback(bar):
        share, rest = bar * value, special.digamma(x - y + 1)
        return (unbroadcast(share * (special.digamma(x + 1.0) - rest), shape_x),
                unbroadcast(share * (rest - special.digamma(y + 1.0)), shape_y))

    return value, pullback


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
