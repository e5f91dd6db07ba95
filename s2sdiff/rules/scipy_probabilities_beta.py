"""`scipy.special`: distribution functions by the incomplete beta function (DLMF 8.17).

The F and the binomial distributions.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_incomplete_beta import (
    beta_density,
    beta_slopes,
    nearer_end,
    turned,
)
from s2sdiff.rules.scipy_incomplete_beta_inverses import beta_quantile_slope
from s2sdiff.rules.scipy_probabilities import FARTHEST, reached
from s2sdiff.runtime import divide, scaled, unbroadcast

__all__: list[str] = []

# ----------------------------------------- F: betainc(dfn/2, dfd/2, dfn x / (dfn x + dfd))


def fisher_slopes(bar, dfn, dfd, x):
    """The cotangents of the three arguments of `fdtr`, which is constant at infinity."""
    bar, x = np.where(np.isinf(x), 0.0, bar), np.where(np.isinf(x), 1.0, x)
    whole = dfn * x + dfd
    far, a, b, w = nearer_end(dfn, dfd, x)
    slopes = turned(far, beta_slopes(a, b, w))
    inner = divide(scaled(bar, beta_density(a, b, w)), whole * whole)
    return (scaled(bar, slopes[0] / 2) + scaled(inner, x * dfd),
            scaled(bar, slopes[1] / 2) - scaled(inner, x * dfn), inner * (dfn * dfd))


@derivative(of=special.fdtr)
def fdtr(dfn, dfd, x):
    def pullback(bar):
        n_bar, d_bar, x_bar = fisher_slopes(bar, dfn, dfd, x)
        return (unbroadcast(n_bar, np.shape(dfn)), unbroadcast(d_bar, np.shape(dfd)),
                unbroadcast(x_bar, np.shape(x)))

    return special.fdtr(dfn, dfd, x), pullback


@derivative(of=special.fdtrc)
def fdtrc(dfn, dfd, x):
    def pullback(bar):
        n_bar, d_bar, x_bar = fisher_slopes(-bar, dfn, dfd, x)
        return (unbroadcast(n_bar, np.shape(dfn)), unbroadcast(d_bar, np.shape(dfd)),
                unbroadcast(x_bar, np.shape(x)))

    return special.fdtrc(dfn, dfd, x), pullback


@derivative(of=special.fdtri)
def fdtri(dfn, dfd, p):
    x = special.fdtri(dfn, dfd, p)

    def pullback(bar):
        slopes = fisher_slopes(1.0, dfn, dfd, x)
        share, whole = scaled(bar, 1 / slopes[2]), dfn * x + dfd
        far, a, b, w = nearer_end(dfn, dfd, x)
        rise = beta_quantile_slope(a, b, np.where(far, 1 - p, p), w)
        return (unbroadcast(scaled(-share, slopes[0]), np.shape(dfn)),
                unbroadcast(scaled(-share, slopes[1]), np.shape(dfd)),
                unbroadcast(scaled(bar, rise * (whole * whole) / (dfn * dfd)), np.shape(p)))

    return x, pullback


@derivative(of=special.fdtridfd)
def fdtridfd(dfn, p, x):
    dfd = special.fdtridfd(dfn, p, x)

    def pullback(bar):
        slopes = fisher_slopes(1.0, dfn, dfd, x)
        share = scaled(reached(bar, dfd, 0.0, FARTHEST), 1 / slopes[1])
        return (unbroadcast(scaled(-share, slopes[0]), np.shape(dfn)),
                unbroadcast(share, np.shape(p)),
                unbroadcast(scaled(-share, slopes[2]), np.shape(x)))

    return dfd, pullback


# ------------------------------------------------- binomial: betainc(n - k, k + 1, 1 - p)


@derivative(of=special.bdtr)
def bdtr(k, n, p):
    def pullback(bar):
        k_, n_ = np.floor(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(-bar, beta_density(n_ - k_, k_ + 1, 1 - p)), np.shape(p)))

    return special.bdtr(k, n, p), pullback


@derivative(of=special.bdtrc)
def bdtrc(k, n, p):
    def pullback(bar):
        k_, n_ = np.floor(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(bar, beta_density(n_ - k_, k_ + 1, 1 - p)), np.shape(p)))

    return special.bdtrc(k, n, p), pullback


@derivative(of=special.bdtri)
def bdtri(k, n, y):
    p = special.bdtri(k, n, y)

    def pullback(bar):
        k_, n_ = np.floor(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(-bar, beta_quantile_slope(n_ - k_, k_ + 1, y, 1 - p)),
                            np.shape(y)))

    return p, pullback


@derivative(of=special.bdtrik)
def bdtrik(y, n, p):
    k = special.bdtrik(y, n, p)

    def pullback(bar):
        of_a, of_b = beta_slopes(n - k, k + 1, 1 - p)
        share = scaled(reached(bar, k, 0.0, FARTHEST), 1 / (of_b - of_a))
        return (unbroadcast(share, np.shape(y)),
                unbroadcast(scaled(-share, of_a), np.shape(n)),
                unbroadcast(scaled(share, beta_density(n - k, k + 1, 1 - p)), np.shape(p)))

    return k, pullback


@derivative(of=special.bdtrin)
def bdtrin(k, y, p):
    n = special.bdtrin(k, y, p)

    def pullback(bar):
        of_a, of_b = beta_slopes(n - k, k + 1, 1 - p)
        share = scaled(bar, 1 / of_a)
        return (unbroadcast(scaled(share, of_a - of_b), np.shape(k)),
                unbroadcast(share, np.shape(y)),
                unbroadcast(scaled(share, beta_density(n - k, k + 1, 1 - p)), np.shape(p)))

    return n, pullback


# ------------------------------------------------ negative binomial: betainc(n, k + 1, p)


@derivative(of=special.nbdtr)
def nbdtr(k, n, p):
    def pullback(bar):
        k_, n_ = np.trunc(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(bar, beta_density(n_, k_ + 1, p)), np.shape(p)))

    return special.nbdtr(k, n, p), pullback


@derivative(of=special.nbdtrc)
def nbdtrc(k, n, p):
    def pullback(bar):
        k_, n_ = np.trunc(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(-bar, beta_density(n_, k_ + 1, p)), np.shape(p)))

    return special.nbdtrc(k, n, p), pullback


@derivative(of=special.nbdtri)
def nbdtri(k, n, y):
    p = special.nbdtri(k, n, y)

    def pullback(bar):
        k_, n_ = np.trunc(k), np.trunc(n)  # as SciPy takes them
        return (None,
                None,
                unbroadcast(scaled(bar, beta_quantile_slope(n_, k_ + 1, y, p)), np.shape(y)))

    return p, pullback


@derivative(of=special.nbdtrik)
def nbdtrik(y, n, p):
    k = special.nbdtrik(y, n, p)

    def pullback(bar):
        of_a, of_b = beta_slopes(n, k + 1, p)
        share = scaled(reached(bar, k, 0.0, FARTHEST), 1 / of_b)
        return (unbroadcast(share, np.shape(y)),
                unbroadcast(scaled(-share, of_a), np.shape(n)),
                unbroadcast(scaled(-share, beta_density(n, k + 1, p)), np.shape(p)))

    return k, pullback


@derivative(of=special.nbdtrin)
def nbdtrin(k, y, p):
    n = special.nbdtrin(k, y, p)

    def pullback(bar):
        of_a, of_b = beta_slopes(n, k + 1, p)
        share = scaled(bar, 1 / of_a)
        return (unbroadcast(scaled(-share, of_b), np.shape(k)),
                unbroadcast(share, np.shape(y)),
                unbroadcast(scaled(-share, beta_density(n, k + 1, p)), np.shape(p)))

    return n, pullback
