"""`scipy.special`: distribution functions, their complements and inverses, by their old names.

Each is an incomplete gamma or beta function of simple expressions (DLMF 8.2, 8.17), or implied by
one.  A number of events that is rounded down has no derivative; where SciPy solves for it, it is
a real number and has one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_box_cox import boxcox_slope
from s2sdiff.rules.scipy_incomplete import (
    gamma_density,
    gamma_quantile_slope,
    gamma_ratio,
    gamma_slope,
    shape_slopes,
)
from s2sdiff.rules.scipy_noncentral import chi_square_slope
from s2sdiff.rules.shared import compiled, effectless
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["FARTHEST", "FREEST", "reached"]

_ufuncs: Any = compiled("scipy.special._ufuncs")


#: How far SciPy searches, for numbers of events and for degrees of freedom of Student's t.
FARTHEST, FREEST = 1e100, 1e10


def reached(bar, value, low, high):
    """The cotangent of what SciPy searches between bounds, where it found it: it stays at a bound.

    >>> reached(2.0, np.array([0.0, 1.5]), 0.0, 9.0)
    array([0., 2.])
    """
    return np.where((value > low) & (value < high), bar, 0.0)[()]


# ----------------------------------------------------------------- chi-square: gammainc(v/2, x/2)


@derivative(of=special.chdtr)
def chdtr(v, x):
    def pullback(bar):
        return (unbroadcast(scaled(bar, gamma_slope(v / 2, x / 2) / 2), np.shape(v)),
                unbroadcast(scaled(bar, gamma_density(v / 2, x / 2) / 2), np.shape(x)))

    return special.chdtr(v, x), pullback


@derivative(of=special.chdtrc)
def chdtrc(v, x):
    def pullback(bar):
        return (unbroadcast(scaled(-bar, gamma_slope(v / 2, x / 2) / 2), np.shape(v)),
                unbroadcast(scaled(-bar, gamma_density(v / 2, x / 2) / 2), np.shape(x)))

    return special.chdtrc(v, x), pullback


@derivative(of=special.chdtri)
def chdtri(v, p):
    x = special.chdtri(v, p)

    def pullback(bar):
        return (unbroadcast(scaled(-bar, gamma_ratio(v / 2, x / 2)), np.shape(v)),
                unbroadcast(scaled(-2 * bar, gamma_quantile_slope(v / 2, 1 - p, x / 2)),
                            np.shape(p)))

    return x, pullback


@derivative(of=special.chdtriv)
def chdtriv(p, x):
    v = special.chdtriv(p, x)

    def pullback(bar):
        p_slope, x_slope = shape_slopes(v / 2, x / 2)
        return (unbroadcast(scaled(bar, 2 * p_slope), np.shape(p)),
                unbroadcast(scaled(-bar, x_slope), np.shape(x)))

    return v, pullback


@effectless
def noncentral_density(x, df, nc):
    """The density of the noncentral chi-square distribution, by a Bessel function."""
    shifted = np.where(np.equal(nc, 0), 1.0, nc)
    root, order = np.sqrt(shifted * x), df / 2 - 1
    found = np.exp(-np.square(np.sqrt(x) - np.sqrt(shifted)) / 2
                   + special.xlogy(order / 2, x / shifted)) * (special.ive(order, root) / 2)
    return np.where(np.equal(nc, 0), gamma_density(df / 2, x / 2) / 2, found)[()]


@derivative(of=special.chndtr)
def chndtr(x, df, nc):
    def pullback(bar):
        # In the noncentrality: minus the density with two degrees of freedom more.
        return (unbroadcast(scaled(bar, noncentral_density(x, df, nc)), np.shape(x)),
                unbroadcast(scaled(bar, chi_square_slope(x, df, nc)), np.shape(df)),
                unbroadcast(scaled(-bar, noncentral_density(x, df + 2, nc)), np.shape(nc)))

    return special.chndtr(x, df, nc), pullback


if hasattr(_ufuncs, "_ncx2_cdf"):  # before SciPy 1.16
    @derivative(of=_ufuncs._ncx2_cdf)
    def below(x, df, nc):
        return _ufuncs._ncx2_cdf(x, df, nc), chndtr(x, df, nc)[1]


if hasattr(_ufuncs, "_ncx2_sf"):
    @derivative(of=_ufuncs._ncx2_sf)
    def above(x, df, nc):
        _, pullback = chndtr(x, df, nc)
        return _ufuncs._ncx2_sf(x, df, nc), lambda bar: pullback(-bar)


@derivative(of=special.chndtrix)
def chndtrix(p, df, nc):
    x = special.chndtrix(p, df, nc)

    def pullback(bar):
        share = scaled(bar, 1 / noncentral_density(x, df, nc))
        nc_bar = scaled(share, noncentral_density(x, df + 2, nc))
        df_bar = scaled(-share, chi_square_slope(x, df, nc))
        return (unbroadcast(share, np.shape(p)), unbroadcast(df_bar, np.shape(df)),
                unbroadcast(nc_bar, np.shape(nc)))

    return x, pullback


# ------------------------------------------------------------------- gamma: gammainc(b, a x)


@derivative(of=special.gdtr)
def gdtr(a, b, x):
    def pullback(bar):
        share = steep(bar, gamma_density(b, a * x))
        return (unbroadcast(steep(share, x), np.shape(a)),
                unbroadcast(scaled(bar, gamma_slope(b, a * x)), np.shape(b)),
                unbroadcast(steep(share, a), np.shape(x)))

    return special.gdtr(a, b, x), pullback


@derivative(of=special.gdtrc)
def gdtrc(a, b, x):
    def pullback(bar):
        share = steep(-bar, gamma_density(b, a * x))
        return (unbroadcast(steep(share, x), np.shape(a)),
                unbroadcast(scaled(-bar, gamma_slope(b, a * x)), np.shape(b)),
                unbroadcast(steep(share, a), np.shape(x)))

    return special.gdtrc(a, b, x), pullback


@derivative(of=special.gdtrix)
def gdtrix(a, b, p):
    x = special.gdtrix(a, b, p)

    def pullback(bar):
        share = divide(bar, a)
        return (unbroadcast(-share * x, np.shape(a)),
                unbroadcast(scaled(-share, gamma_ratio(b, a * x)), np.shape(b)),
                unbroadcast(scaled(share, gamma_quantile_slope(b, p, a * x)), np.shape(p)))

    return x, pullback


@derivative(of=special.gdtria)
def gdtria(p, b, x):
    a = special.gdtria(p, b, x)

    def pullback(bar):
        share = divide(bar, x)
        return (unbroadcast(scaled(share, gamma_quantile_slope(b, p, a * x)), np.shape(p)),
                unbroadcast(scaled(-share, gamma_ratio(b, a * x)), np.shape(b)),
                unbroadcast(-share * a, np.shape(x)))

    return a, pullback


@derivative(of=special.gdtrib)
def gdtrib(a, p, x):
    b = special.gdtrib(a, p, x)

    def pullback(bar):
        p_slope, x_slope = shape_slopes(b, a * x)
        share = scaled(-bar, x_slope)
        return (unbroadcast(share * x, np.shape(a)),
                unbroadcast(scaled(bar, p_slope), np.shape(p)),
                unbroadcast(share * a, np.shape(x)))

    return b, pullback


# -------------------------------------------------------------- Poisson: gammaincc(k + 1, m)


@derivative(of=special.pdtr)
def pdtr(k, m):
    def pullback(bar):
        return None, unbroadcast(scaled(-bar, gamma_density(np.floor(k) + 1, m)), np.shape(m))

    return special.pdtr(k, m), pullback


@derivative(of=special.pdtrc)
def pdtrc(k, m):
    def pullback(bar):
        return None, unbroadcast(scaled(bar, gamma_density(np.floor(k) + 1, m)), np.shape(m))

    return special.pdtrc(k, m), pullback


@derivative(of=special.pdtri)
def pdtri(k, y):
    m = special.pdtri(k, y)

    def pullback(bar):
        slope = gamma_quantile_slope(np.trunc(k) + 1, 1 - y, m)
        return None, unbroadcast(scaled(-bar, slope), np.shape(y))

    return m, pullback


@derivative(of=special.pdtrik)
def pdtrik(p, m):
    k = special.pdtrik(p, m)

    def pullback(bar):
        share = scaled(reached(-bar, k, 0.0, FARTHEST), 1 / gamma_ratio(k + 1, m))
        return (unbroadcast(scaled(share, 1 / gamma_density(k + 1, m)), np.shape(p)),
                unbroadcast(share, np.shape(m)))

    return k, pullback


# ------------------------------------------- Kolmogorov and Smirnov; Tukey's lambda; normal


@derivative(of=special.tklmbda)
def tklmbda(x, lmbda):
    p = special.tklmbda(x, lmbda)

    def pullback(bar):
        # The quantile is boxcox(p, l) - boxcox(1 - p, l); outside of the support it is constant.
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where((p == 0) | (p == 1), 0.0,
                             bar / (p ** (lmbda - 1.0) + (1 - p) ** (lmbda - 1.0)))
            slope = boxcox_slope(np.log(p), lmbda) - boxcox_slope(special.log1p(-p), lmbda)
        return unbroadcast(share, np.shape(x)), unbroadcast(scaled(-share, slope), np.shape(lmbda))

    return p, pullback


@derivative(of=special.nrdtrimn)
def nrdtrimn(p, std, x):
    mean = special.nrdtrimn(p, std, x)

    def pullback(bar):
        z = special.ndtri(p)
        slope = np.exp(z * z / 2) * math.sqrt(2 * math.pi)
        return (unbroadcast(scaled(-bar * std, slope), np.shape(p)),
                unbroadcast(scaled(-bar, z), np.shape(std)),
                unbroadcast(bar, np.shape(x)))

    return mean, pullback


@derivative(of=special.nrdtrisd)
def nrdtrisd(mn, p, x):
    deviation = special.nrdtrisd(mn, p, x)

    def pullback(bar):
        z = special.ndtri(p)
        share = scaled(bar, 1 / z)
        slope = np.exp(z * z / 2) * math.sqrt(2 * math.pi)
        return (unbroadcast(-share, np.shape(mn)),
                unbroadcast(scaled(-share * deviation, slope), np.shape(p)),
                unbroadcast(share, np.shape(x)))

    return deviation, pullback


if hasattr(special._ufuncs, "_kolmogp"):  # the derivatives that SciPy has for its own inverses
    kolmogorov_slope = special._ufuncs._kolmogp
    smirnov_slope = special._ufuncs._smirnovp

    @derivative(of=special.kolmogorov)
    def kolmogorov(y):
        return special.kolmogorov(y), lambda bar: bar * kolmogorov_slope(y)

    @derivative(of=special.kolmogi)
    def kolmogi(p):
        y = special.kolmogi(p)
        return y, lambda bar: scaled(bar, 1 / kolmogorov_slope(y))

    @derivative(of=special.smirnov)
    def smirnov(n, d):
        shape = np.shape(d)
        return special.smirnov(n, d), lambda bar: (
            None, unbroadcast(bar * smirnov_slope(n, d), shape))

    @derivative(of=special.smirnovi)
    def smirnovi(n, p):
        shape = np.shape(p)
        d = special.smirnovi(n, p)
        return d, lambda bar: (None, unbroadcast(scaled(bar, 1 / smirnov_slope(n, d)), shape))
