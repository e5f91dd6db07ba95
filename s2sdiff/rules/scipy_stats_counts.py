"""Log masses of the discrete distributions that are called most, as in `scipy_stats_common`.

The points, and the location, are integers and have no derivatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats
from scipy.special import digamma, zeta

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_stats_normal import of_lists
from s2sdiff.rules.scipy_stats_slopes import reciprocal
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["nbinom_by_n", "odds_slope", "poisson_slope"]


def poisson_slope(k: Any, mu: Any) -> Any:
    return divide(k, mu) - 1.0


@derivative(of=poisson_slope)
@shaped
def poisson_slope_(k, mu):
    shape_mu = np.shape(mu)
    return poisson_slope(k, mu), lambda g: (
        None, unbroadcast(-steep(g, divide(k, mu * mu)), shape_mu))


@derivative(of=stats.poisson.logpmf)
@shaped
def poisson(k, mu, loc: Any = 0):
    if isinstance(k, SEQUENCES) or isinstance(mu, SEQUENCES) or isinstance(loc, SEQUENCES):
        return of_lists(poisson, k, mu, loc)
    shape_mu = np.shape(mu)

    def pullback(bar):
        n = k - loc
        share = scaled(1.0 * ((n >= 0) & (n == np.floor(n)) & (mu >= 0)), bar)
        return None, unbroadcast(scaled(share, poisson_slope(n, mu)), shape_mu), None

    return stats.poisson.logpmf(k, mu, loc), pullback


def odds_slope(hits: Any, misses: Any, p: Any) -> Any:
    """The slope of p**hits (1 - p)**misses, over its value."""
    return divide(hits, p) - divide(misses, 1.0 - p)


@derivative(of=odds_slope)
@shaped
def odds_slope_(hits, misses, p):
    shape_hits, shape_misses, shape_p = np.shape(hits), np.shape(misses), np.shape(p)

    def pullback(g):
        rest = 1.0 - p
        by_p = divide(hits, p * p) + divide(misses, rest * rest)
        return (unbroadcast(steep(g, reciprocal(p)), shape_hits),
                unbroadcast(-steep(g, reciprocal(rest)), shape_misses),
                unbroadcast(-steep(g, by_p), shape_p))

    return odds_slope(hits, misses, p), pullback


@derivative(of=stats.binom.logpmf)
@shaped
def binom(k, n, p, loc: Any = 0):
    if isinstance(k, SEQUENCES) or isinstance(n, SEQUENCES) or \
            isinstance(p, SEQUENCES) or isinstance(loc, SEQUENCES):
        return of_lists(binom, k, n, p, loc)
    shape_p = np.shape(p)

    def pullback(bar):
        hits = k - loc
        inside = (hits >= 0) & (hits <= n) & (hits == np.floor(hits)) & (p >= 0) & (p <= 1)
        share = scaled(1.0 * inside, bar)
        return (None, NotImplemented,
                unbroadcast(scaled(share, odds_slope(hits, n - hits, p)), shape_p), None)

    return stats.binom.logpmf(k, n, p, loc), pullback


@derivative(of=stats.bernoulli.logpmf)
@shaped
def bernoulli(k, p, loc: Any = 0):
    if isinstance(k, SEQUENCES) or isinstance(p, SEQUENCES) or isinstance(loc, SEQUENCES):
        return of_lists(bernoulli, k, p, loc)
    shape_p = np.shape(p)

    def pullback(bar):
        hits = k - loc
        share = scaled(1.0 * (((hits == 0) | (hits == 1)) & (p >= 0) & (p <= 1)), bar)
        return None, unbroadcast(scaled(share, odds_slope(hits, 1 - hits, p)), shape_p), None

    return stats.bernoulli.logpmf(k, p, loc), pullback


@derivative(of=stats.geom.logpmf)
@shaped
def geom(k, p, loc: Any = 0):
    if isinstance(k, SEQUENCES) or isinstance(p, SEQUENCES) or isinstance(loc, SEQUENCES):
        return of_lists(geom, k, p, loc)
    shape_p = np.shape(p)

    def pullback(bar):
        n = k - loc
        share = scaled(1.0 * ((n >= 1) & (n == np.floor(n)) & (p >= 0) & (p <= 1)), bar)
        return None, unbroadcast(scaled(share, odds_slope(1.0, n - 1.0, p)), shape_p), None

    return stats.geom.logpmf(k, p, loc), pullback


def nbinom_by_n(k: Any, n: Any, p: Any) -> Any:
    return digamma(k + n) - digamma(n) + np.log(p)


@derivative(of=nbinom_by_n)
@shaped
def nbinom_by_n_(k, n, p):
    shape_n, shape_p = np.shape(n), np.shape(p)
    return nbinom_by_n(k, n, p), lambda g: (
        None, unbroadcast(scaled(g, zeta(2.0, k + n) - zeta(2.0, n)), shape_n),
        unbroadcast(steep(g, reciprocal(p)), shape_p))


@derivative(of=stats.nbinom.logpmf)
@shaped
def nbinom(k, n, p, loc: Any = 0):
    if isinstance(k, SEQUENCES) or isinstance(n, SEQUENCES) or \
            isinstance(p, SEQUENCES) or isinstance(loc, SEQUENCES):
        return of_lists(nbinom, k, n, p, loc)
    shape_n, shape_p = np.shape(n), np.shape(p)

    def pullback(bar):
        misses = k - loc
        inside = (misses >= 0) & (misses == np.floor(misses)) & (n > 0) & (p > 0) & (p <= 1)
        share = scaled(1.0 * inside, bar)
        return (None, unbroadcast(scaled(share, nbinom_by_n(misses, n, p)), shape_n),
                unbroadcast(scaled(share, odds_slope(n, misses, p)), shape_p), None)

    return stats.nbinom.logpmf(k, n, p, loc), pullback
