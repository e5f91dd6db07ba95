"""The binomial distributions of `scipy.special`, which those of `scipy.stats` call."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import digamma

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.scipy_incomplete_beta import beta_ratios
from s2sdiff.rules.shared import compiled
from s2sdiff.runtime import divide, scaled, unbroadcast

__all__: list[str] = []

_ufuncs: Any = compiled("scipy.special._ufuncs")


if hasattr(_ufuncs, "_binom_pmf"):
    @derivative(of=_ufuncs._binom_pmf)
    def binom_pmf(x, n, p):
        z, shape_n, shape_p = _ufuncs._binom_pmf(x, n, p), np.shape(n), np.shape(p)

        def pullback(bar):
            of_n = np.log1p(-p) + digamma(n + 1.0) - digamma(n - x + 1.0)
            return (None, unbroadcast(scaled(bar, np.where(z == 0, 0.0, z * of_n)), shape_n),
                    unbroadcast(scaled(bar, z * (divide(x, p) - divide(n - x, 1 - p))), shape_p))

        return z, pullback

    @derivative(of=_ufuncs._binom_cdf)
    def binom_cdf(x, n, p):
        shape_n, shape_p = np.shape(n), np.shape(p)

        def pullback(bar):
            # The density of the beta distribution with n - x and x + 1, at 1 - p (DLMF 8.17.5).
            density = _ufuncs._binom_pmf(x, n, p) * divide(n - x, 1 - p)
            inside = (x >= 0) & (x < n)
            ratio, _ = beta_ratios(np.where(inside, n - x, 1.0), np.where(inside, x + 1.0, 1.0),
                                   1.0 - p)
            of_n = np.where(inside, ratio * density, 0.0)
            return (None, unbroadcast(scaled(bar, of_n), shape_n),
                    unbroadcast(scaled(bar, -density), shape_p))

        return _ufuncs._binom_cdf(x, n, p), pullback

    @derivative(of=_ufuncs._binom_sf)
    def binom_sf(x, n, p):
        _, pullback = binom_cdf(x, n, p)
        return _ufuncs._binom_sf(x, n, p), lambda bar: pullback(-bar)

    constant(_ufuncs._binom_ppf, _ufuncs._binom_isf)


# --------------------------------------------------------------------- the negative binomial one


if hasattr(_ufuncs, "_nbinom_pmf"):
    @derivative(of=_ufuncs._nbinom_pmf)
    def nbinom_pmf(x, n, p):
        z, shape_n, shape_p = _ufuncs._nbinom_pmf(x, n, p), np.shape(n), np.shape(p)

        def pullback(bar):
            of_n = np.log(p) + digamma(n + np.maximum(x, 0.0)) - digamma(n)
            return (None, unbroadcast(scaled(bar, np.where(z == 0, 0.0, z * of_n)), shape_n),
                    unbroadcast(scaled(bar, z * (divide(n, p) - divide(x, 1 - p))), shape_p))

        return z, pullback

    @derivative(of=_ufuncs._nbinom_cdf)
    def nbinom_cdf(x, n, p):
        shape_n, shape_p = np.shape(n), np.shape(p)

        def pullback(bar):
            # The density of the beta distribution with n and x + 1, at p (DLMF 8.17.5).
            density = _ufuncs._nbinom_pmf(x, n, p) * divide(n + x, p)
            ratio, _ = beta_ratios(n, np.maximum(x, 0.0) + 1.0, p)
            return (None, unbroadcast(scaled(bar, ratio * density), shape_n),
                    unbroadcast(scaled(bar, density), shape_p))

        return _ufuncs._nbinom_cdf(x, n, p), pullback

    @derivative(of=_ufuncs._nbinom_sf)
    def nbinom_sf(x, n, p):
        _, pullback = nbinom_cdf(x, n, p)
        return _ufuncs._nbinom_sf(x, n, p), lambda bar: pullback(-bar)

    constant(_ufuncs._nbinom_ppf, _ufuncs._nbinom_isf)
