"""`scipy.special`: the inverses of the incomplete beta function, in all arguments."""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_incomplete_beta import beta_density, beta_ratios, beta_slopes, mean_log
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["beta_quantile_slope"]


def beta_quantile_slope(a, b, p, x):
    """The derivative in p of what betaincinv gives, x."""
    return 1 / beta_density(a, b, x)


@derivative(of=beta_quantile_slope)
def beta_quantile_slope_along(a, b, p, x):
    # In p itself: by way of x it would be 0 times infinity where x is 0 or 1.
    slope, shapes = beta_quantile_slope(a, b, p, x), (np.shape(a), np.shape(b), np.shape(p))

    def pullback(bar):
        ratios = beta_ratios(a, b, x)
        falls = divide(a - 1.0, x) - divide(b - 1.0, 1.0 - x)
        by_a = np.log(x) - mean_log(a, b) - steep(ratios[0], falls)
        by_b = np.log1p(np.negative(x)) - mean_log(b, a) - steep(ratios[1], falls)
        by_p = np.where(x == 0, bend_at_0(a, b),
                        np.where(x == 1, -bend_at_0(b, a), -slope * (slope * falls)))
        return (unbroadcast(scaled(bar, -steep(slope, by_a)), shapes[0]),
                unbroadcast(scaled(bar, -steep(slope, by_b)), shapes[1]),
                unbroadcast(scaled(bar, by_p), shapes[2]), None)

    return slope, pullback


def bend_at_0(a, b):
    """The second derivative of the quantile there, (p a beta(a, b))^(1/a) (DLMF 8.17.7)."""
    one = np.equal(a, 1)
    power = np.square(special.beta(a, b)) * (1 - a) * np.power(0.0, np.where(one, 0.0, 1 - 2 * a))
    return np.where(one, (b - 1) / np.square(b), power)


@derivative(of=special.betaincinv)
def betaincinv(a, b, y):
    shapes = np.shape(a), np.shape(b), np.shape(y)
    x = special.betaincinv(a, b, y)

    def pullback(bar):
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(-bar, ratios[0]), shapes[0]),
                unbroadcast(scaled(-bar, ratios[1]), shapes[1]),
                unbroadcast(scaled(bar, beta_quantile_slope(a, b, y, x)), shapes[2]))

    return x, pullback


@derivative(of=special.betainccinv)
def betainccinv(a, b, y):
    shapes = np.shape(a), np.shape(b), np.shape(y)
    x = special.betainccinv(a, b, y)

    def pullback(bar):
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(-bar, ratios[0]), shapes[0]),
                unbroadcast(scaled(-bar, ratios[1]), shapes[1]),
                unbroadcast(scaled(-bar, beta_quantile_slope(a, b, 1 - y, x)), shapes[2]))

    return x, pullback


@derivative(of=special.btdtria)
def btdtria(p, b, x):
    a = special.btdtria(p, b, x)

    def pullback(bar):
        of_a, of_b = beta_slopes(a, b, x)
        share = scaled(bar, 1 / of_a)
        return (unbroadcast(share, np.shape(p)),
                unbroadcast(scaled(-share, of_b), np.shape(b)),
                unbroadcast(scaled(-share, beta_density(a, b, x)), np.shape(x)))

    return a, pullback


@derivative(of=special.btdtrib)
def btdtrib(a, p, x):
    b = special.btdtrib(a, p, x)

    def pullback(bar):
        of_a, of_b = beta_slopes(a, b, x)
        share = scaled(bar, 1 / of_b)
        return (unbroadcast(scaled(-share, of_a), np.shape(a)),
                unbroadcast(share, np.shape(p)),
                unbroadcast(scaled(-share, beta_density(a, b, x)), np.shape(x)))

    return b, pullback
