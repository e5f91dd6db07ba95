"""`scipy.special`: the incomplete gamma functions in all arguments, and their inverses.

The derivatives in the shape parameters have no closed form.  They are integrals of the density
times a logarithm, taken from x to the side on which the density falls: there the logarithm keeps
its sign, nothing cancels, and they are right relative to themselves far into the tails.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import NOTHING, by_blocks, decay, doubled
from s2sdiff.rules.shared import effectless, shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["gamma_density", "gamma_quantile_slope", "gamma_ratio", "gamma_slope", "shape_slopes"]


def gamma_density(a, x):
    """x**(a-1) exp(-x) / gamma(a), the derivative of gammainc (DLMF 8.8.13); 0 at infinity."""
    return doubled(density_of_gamma, a, x)


def density_of_gamma(a, x):
    endless = np.isinf(a) | np.isinf(x)
    density = np.exp(special.xlogy(a - 1, np.where(endless, 1.0, x)) - x - special.gammaln(a))
    return np.where(endless, 0.0, density)[()]


@derivative(of=gamma_density)
@shaped
def gamma_density_along(a, x):
    density, shape_a, shape_x = gamma_density(a, x), np.shape(a), np.shape(x)

    def pullback(bar):
        # Of the shape that is less by one, where there is one.
        less = np.where(np.greater(a, 1), gamma_density(a - 1.0, x),
                        steep(a - 1.0, divide(density, x)))
        return (unbroadcast(scaled(bar, gamma_density_slope(a, x)), shape_a),
                unbroadcast(scaled(bar, less - density), shape_x))

    return density, pullback


def gamma_ratio(a, x):
    """The derivative of gammainc in a, divided by its density at x: minus that of x in a."""
    return by_blocks(gamma_ratios, a, x)[0]


@effectless
def gamma_curvature(a, x):
    """The second derivative of gammainc in a, divided by its density at x."""
    return by_blocks(gamma_ratios, a, x)[1]


@derivative(of=gamma_ratio)
def gamma_ratio_along(a, x):
    ratio, shape_a, shape_x = gamma_ratio(a, x), np.shape(a), np.shape(x)

    def pullback(bar):
        # The density is an exponential of a multiple of this.
        log = np.log(x) - special.digamma(a)
        by_a = gamma_curvature(a, x) - ratio * log
        by_x = log - steep(ratio, divide(a - 1.0 - x, x))
        return unbroadcast(scaled(bar, by_a), shape_a), unbroadcast(scaled(bar, by_x), shape_x)

    return ratio, pullback


def gamma_slope(a, x):
    """The derivative of gammainc in a, also at 0, where the density is 0 and its ratio infinite."""
    return by_blocks(gamma_slopes, a, x)[0]


@effectless
def gamma_bend(a, x):
    """The second derivative of gammainc in a."""
    return by_blocks(gamma_slopes, a, x)[1]


def gamma_density_slope(a, x):
    """The derivative of the density in a."""
    return by_blocks(gamma_slopes, a, x)[2]


@effectless
def gamma_density_bend(a, x):
    """The second derivative of the density in a."""
    return by_blocks(gamma_slopes, a, x)[3]


@derivative(of=gamma_slope)
def gamma_slope_along(a, x):
    shape_a, shape_x = np.shape(a), np.shape(x)

    def pullback(bar):
        return (unbroadcast(scaled(bar, gamma_bend(a, x)), shape_a),
                unbroadcast(scaled(bar, gamma_density_slope(a, x)), shape_x))

    return gamma_slope(a, x), pullback


@derivative(of=gamma_density_slope)
def gamma_density_slope_along(a, x):
    slope, shape_a, shape_x = gamma_density_slope(a, x), np.shape(a), np.shape(x)

    def pullback(bar):
        by_x = steep(slope, divide(a - 1.0, x) - 1) + divide(gamma_density(a, x), x)
        return (unbroadcast(scaled(bar, gamma_density_bend(a, x)), shape_a),
                unbroadcast(scaled(bar, by_x), shape_x))

    return slope, pullback


def gamma_slopes(a, x):
    """In a: of gammainc, twice, and of its density, twice."""
    endless = np.isinf(a) | np.isinf(x)
    a, x = np.where(endless, 1.0, a), np.where(endless, 1.0, x)
    front = np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a + 1))
    log = np.log(x) - special.digamma(a + 1)
    found = front * [*gamma_parts(a, x), 1 + a * log,
                     2 * log + a * (log**2 - special.polygamma(1, a + 1))]
    found[:2, x == 0] = found[:, endless | (front == 0)] = 0.0
    return [*np.where((a >= 0) & (x >= 0), found, np.nan)]


def gamma_ratios(a, x):
    return [np.where(a == 0, np.nan, part / a) for part in gamma_parts(a, x)]


def gamma_parts(a, x):
    """The first two derivatives in a, divided by x**(a-1) exp(-x) / gamma(a+1)."""
    near = x <= 1
    below = ~near & (x < a)
    beyond = ~near & ~below
    found = np.zeros((2, *x.shape))
    for part, formula in ((near, gamma_series), (below, gamma_below), (beyond, gamma_beyond)):
        if part.any():
            found[:, part] = formula(a[part], x[part])
    return [*np.where((a >= 0) & (x >= 0), found, np.nan)]


def gamma_series(a, x):
    """By the power series of DLMF 8.7.1, term by term; gamma(a + 1) keeps a small a harmless."""
    total, slope, bend, power = np.ones_like(x), np.zeros_like(x), np.zeros_like(x), np.ones_like(x)
    for n in range(1, 22):
        power = power * -x / n
        total = total + a / (a + n) * power
        slope = slope + n / np.square(a + n) * power
        bend = bend - 2 * n / (a + n) ** 3 * power
    log = np.log(x) - special.digamma(a + 1)
    curvature = (log**2 - special.polygamma(1, a + 1)) * total + 2 * log * slope + bend
    return np.where(x == 0, 0.0, x * np.exp(x) * np.stack([log * total + slope, curvature]))


def gamma_below(a, x):
    """From 0 to x, over s = log(x / t): the density falls to the left of its mode a."""
    def loss(s):
        return a * s + x * np.expm1(-s)

    def weigh(s):
        log = np.log(x) - special.digamma(a) - s
        return [log, log**2 - special.polygamma(1, a)]

    c = NOTHING / a
    return a * x * np.stack(decay(loss, lambda s: a - x * np.exp(-s), c + np.sqrt(2 * c), weigh))


def gamma_beyond(a, x):
    """From x on, over s = log(t / x), where the whole integral from 0 on is zero."""
    def loss(s):
        return x * np.expm1(s) - a * s

    def weigh(s):
        # The slopes of log gamma(a), times a, of which nothing is left but 1 for a of 0.
        log = special.digamma(a + 1) - np.log(x) - s
        return [a * log - 1, a * (special.polygamma(1, a + 1) - log**2) + 2 * log]

    c = NOTHING / x
    return x * np.stack(decay(loss, lambda s: x * np.exp(s) - a,
                              np.log1p(c + np.sqrt(2 * c)), weigh))


def shape_slopes(a, x):
    """The slopes of the shape a in gammainc and, negative, in x; at 0, where that is 1, too."""
    p_slope = 1 / gamma_slope(a, x)
    return p_slope, scaled(gamma_density(a, x), p_slope)


@derivative(of=special.gammainc)
def gammainc(a, x):
    shape_a, shape_x = np.shape(a), np.shape(x)

    def pullback(bar):
        return (unbroadcast(scaled(bar, gamma_slope(a, x)), shape_a),
                unbroadcast(scaled(bar, gamma_density(a, x)), shape_x))

    return special.gammainc(a, x), pullback


@derivative(of=special.gammaincc)
def gammaincc(a, x):
    shape_a, shape_x = np.shape(a), np.shape(x)

    def pullback(bar):
        return (unbroadcast(scaled(-bar, gamma_slope(a, x)), shape_a),
                unbroadcast(scaled(-bar, gamma_density(a, x)), shape_x))

    return special.gammaincc(a, x), pullback


def gamma_quantile_slope(a, p, x):
    """The derivative in p of what gammaincinv gives, x."""
    return 1 / gamma_density(a, x)


@derivative(of=gamma_quantile_slope)
def gamma_quantile_slope_along(a, p, x):
    # In p itself: by way of x it would be 0 times infinity where x is 0 and a less than 1.
    slope, shape_a, shape_p = gamma_quantile_slope(a, p, x), np.shape(a), np.shape(p)

    def pullback(bar):
        inside = np.where(x > 0, x, 1.0)
        # Nearly equal where the shape is large.
        log_slope, log = (a - 1 - inside) / inside, np.log(inside) - special.digamma(a)
        by_a = -slope * (log - gamma_ratio(a, inside) * log_slope)
        # x is (p gamma(a + 1))^(1/a) there (DLMF 8.7.1).
        at_0 = np.where(a == 1, 1.0, special.gamma(a) ** 2 * (1 - a) * np.power(
            0.0, np.where(a == 1, 0.0, 1 - 2 * a)))
        return (unbroadcast(scaled(bar, np.where(
            x > 0, by_a, np.where(a < 1, 0.0, np.inf))), shape_a),
            unbroadcast(scaled(bar, np.where(x > 0, -slope * (slope * log_slope), at_0)), shape_p),
            None)

    return slope, pullback


@derivative(of=special.gammaincinv)
def gammaincinv(a, y):
    shape_a, shape_y = np.shape(a), np.shape(y)
    x = special.gammaincinv(a, y)

    def pullback(bar):
        return (unbroadcast(scaled(bar, -gamma_ratio(a, x)), shape_a),
                unbroadcast(scaled(bar, gamma_quantile_slope(a, y, x)), shape_y))

    return x, pullback


@derivative(of=special.gammainccinv)
def gammainccinv(a, y):
    shape_a, shape_y = np.shape(a), np.shape(y)
    x = special.gammainccinv(a, y)

    def pullback(bar):
        return (unbroadcast(scaled(bar, -gamma_ratio(a, x)), shape_a),
                unbroadcast(scaled(bar, -gamma_quantile_slope(a, 1 - y, x)), shape_y))

    return x, pullback
