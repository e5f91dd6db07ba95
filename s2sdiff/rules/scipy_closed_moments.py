"""Moments that SciPy has compiled formulas for: negative binomial and noncentral distributions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import digamma

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import compiled
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []

_ufuncs: Any = compiled("scipy.special._ufuncs")


def of_number(name: str, slopes: Callable[..., tuple]) -> None:
    """Register a formula by its derivatives in all arguments, given the value and these."""
    target = getattr(_ufuncs, name)

    def rule(*args):
        value = target(*args)

        def pullback(bar):
            # A moment that does not exist has no slope.
            bar = np.where(np.isfinite(value), bar, scaled(bar, np.nan))
            return tuple(unbroadcast(scaled(bar, slope), np.shape(x))
                         for slope, x in zip(slopes(value, *args), args, strict=True))

        return value, pullback

    derivative(of=target)(rule)


# ------------------------------------------------------------------------- negative binomial


def _nbinom_mean(z, n, p):
    return (1 - p) / p, -n / (p * p)


def _nbinom_variance(z, n, p):
    return (1 - p) / (p * p), n * (p - 2) / p**3


def _nbinom_skewness(z, n, p):
    return z / (-2 * n), p / (2 * np.sqrt(n) * np.power(1 - p, 1.5))


def _nbinom_kurtosis_excess(z, n, p):
    return -z / n, p * (2 - p) / (n * np.square(1 - p))


# ------------------------------------------------------- Student's and Fisher's, not central


def shrink(df):
    """The slope of the logarithm of the mean of Student's, in the degrees of freedom."""
    return 0.5 / df + (digamma((df - 1) / 2) - digamma(df / 2)) / 2


def _nct_mean(z, df, nc):
    return z * shrink(df), _ufuncs._nct_mean(df, 1.0 + 0.0 * nc)


def _nct_variance(z, df, nc):
    mean, unit = _ufuncs._nct_mean(df, nc), _ufuncs._nct_mean(df, 1.0 + 0.0 * nc)
    rest = df - 2
    return (-2 * (1 + nc * nc) / (rest * rest) - 2 * mean * mean * shrink(df),
            2 * nc * df / rest - 2 * mean * unit)


def _ncf_mean(z, dfn, dfd, nc):
    share = dfd / (dfn * (dfd - 2))
    return -share * nc / dfn, -2 * z / (dfd * (dfd - 2)), share


def _ncf_variance(z, dfn, dfd, nc):
    rest, both = dfd - 2, dfn + nc
    whole = both * both + (both + nc) * rest
    return (z * ((2 * both + rest) / whole - 2 / dfn),
            z * (2 / dfd + (both + nc) / whole - 2 / rest - 1 / (dfd - 4)),
            z * (2 * (both + rest) / whole))


for _slopes in (_nbinom_mean, _nbinom_variance, _nbinom_skewness, _nbinom_kurtosis_excess,
                _nct_mean, _nct_variance, _ncf_mean, _ncf_variance):
    if hasattr(_ufuncs, _slopes.__name__):
        of_number(_slopes.__name__, _slopes)
