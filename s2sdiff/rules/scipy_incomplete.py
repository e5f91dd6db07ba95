"""`scipy.special`: the incomplete gamma and beta functions in all arguments, and their inverses.

The derivatives in the shape parameters have no closed form.  They are integrals of the density
times a logarithm, taken from x to the side on which the density falls: there the logarithm keeps
its sign, nothing cancels, and they are right relative to themselves far into the tails.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import NOTHING, by_blocks, decay
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import divide, scaled, unbroadcast

__all__ = ["beta_density", "beta_ratios", "gamma_density", "gamma_ratio"]


def gamma_density(a, x):
    """x**(a-1) exp(-x) / gamma(a), the derivative of gammainc (DLMF 8.8.13)."""
    return np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


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
        by_x = log - scaled(ratio, divide(a - 1.0, x) - 1)
        return unbroadcast(scaled(bar, by_a), shape_a), unbroadcast(scaled(bar, by_x), shape_x)

    return ratio, pullback


def gamma_ratios(a, x):
    near = x <= 1
    below = ~near & (x < a)
    beyond = ~near & ~below
    found = np.zeros((2, *x.shape))
    for part, formula in ((near, gamma_series), (below, gamma_below), (beyond, gamma_beyond)):
        if part.any():
            found[:, part] = formula(a[part], x[part])
    return [*np.where(np.isnan(a) | np.isnan(x) | (a <= 0) | (x < 0), np.nan, found)]


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
    return np.where(x == 0, 0.0, x * np.exp(x) / a * np.stack([log * total + slope, curvature]))


def gamma_below(a, x):
    """From 0 to x, over s = log(x / t): the density falls to the left of its mode a."""
    def loss(s):
        return a * s + x * np.expm1(-s)

    def weigh(s):
        log = np.log(x) - special.digamma(a) - s
        return [log, log**2 - special.polygamma(1, a)]

    c = NOTHING / a
    return x * np.stack(decay(loss, lambda s: a - x * np.exp(-s), c + np.sqrt(2 * c), weigh))


def gamma_beyond(a, x):
    """From x on, over s = log(t / x), where the whole integral from 0 on is zero."""
    def loss(s):
        return x * np.expm1(s) - a * s

    def weigh(s):
        log = special.digamma(a) - np.log(x) - s
        return [log, special.polygamma(1, a) - log**2]

    c = NOTHING / x
    return x * np.stack(decay(loss, lambda s: x * np.exp(s) - a,
                              np.log1p(c + np.sqrt(2 * c)), weigh))


@derivative(of=special.gammainc)
def gammainc(a, x):
    shape_a, shape_x = np.shape(a), np.shape(x)

    def pullback(bar):
        share = scaled(bar, gamma_density(a, x))
        a_bar = scaled(share, gamma_ratio(a, x))
        return unbroadcast(a_bar, shape_a), unbroadcast(share, shape_x)

    return special.gammainc(a, x), pullback


@derivative(of=special.gammaincc)
def gammaincc(a, x):
    shape_a, shape_x = np.shape(a), np.shape(x)

    def pullback(bar):
        share = scaled(-bar, gamma_density(a, x))
        a_bar = scaled(share, gamma_ratio(a, x))
        return unbroadcast(a_bar, shape_a), unbroadcast(share, shape_x)

    return special.gammaincc(a, x), pullback


@derivative(of=special.gammaincinv)
def gammaincinv(a, y):
    shape_a, shape_y = np.shape(a), np.shape(y)
    x = special.gammaincinv(a, y)

    def pullback(bar):
        return (unbroadcast(scaled(bar, -gamma_ratio(a, x)), shape_a),
                unbroadcast(scaled(bar, 1 / gamma_density(a, x)), shape_y))

    return x, pullback


@derivative(of=special.gammainccinv)
def gammainccinv(a, y):
    shape_a, shape_y = np.shape(a), np.shape(y)
    x = special.gammainccinv(a, y)

    def pullback(bar):
        return (unbroadcast(scaled(bar, -gamma_ratio(a, x)), shape_a),
                unbroadcast(scaled(bar, -1 / gamma_density(a, x)), shape_y))

    return x, pullback


def beta_density(a, b, x):
    """x**(a-1) (1-x)**(b-1) / beta(a, b), the derivative of betainc (DLMF 8.17.1)."""
    return np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))


def beta_ratios(a, b, x):
    """The derivatives of betainc in a and b, divided by its density at x."""
    return tuple(by_blocks(beta_both, a, b, x))


@derivative(of=beta_ratios)
def beta_ratios_along(a, b, x):
    ratios, shape = beta_ratios(a, b, x), np.shape(x)

    def pullback(bars):
        whole = special.digamma(a + b)
        logs = np.log(x) - special.digamma(a), np.log1p(-x) - special.digamma(b)
        falls = divide(a - 1.0, x) - divide(b - 1.0, 1.0 - x)
        x_bar = sum(scaled(bar, log + whole - scaled(ratio, falls))
                    for bar, log, ratio in zip(bars, logs, ratios, strict=True)
                    if bar is not None)
        return NotImplemented, NotImplemented, unbroadcast(x_bar, shape)

    return ratios, pullback


def beta_both(a, b, x):
    # With a and b from 1 on, by 8.17.20 and 8.17.21, the density is log-concave over log(t / (1-t))
    # and nowhere flat; what these recurrences add is differentiated by hand.
    low_a, low_b = a < 1, b < 1
    p, q = np.where(low_a, a + 1, a), np.where(low_b, b + 1, b)
    below = x * (p + q) < p
    x_bars = beta_below(np.where(below, p, q), np.where(below, q, p), np.where(below, x, 1 - x))
    slopes = [np.where(below, x_bars[0], -x_bars[1]), np.where(below, x_bars[1], -x_bars[0])]
    # From densities of p and q to those of a and b.
    rise_b = np.where(low_b, (1 - x) * (p + b) / b, 1.0)
    rise_a = np.where(low_a, x * (a + b) / a, 1.0)
    inner = x * (1 - x)
    slopes = [s * inner * rise_b for s in slopes]
    step = np.where(low_b, inner / b, 0.0)
    whole = special.digamma(p + b)
    slopes[0] = slopes[0] - step * (np.log(x) - special.digamma(p) + whole)
    slopes[1] = slopes[1] - step * (np.log1p(-x) - special.digamma(b + 1) + whole)
    slopes = [s * rise_a for s in slopes]
    step = np.where(low_a, inner / a, 0.0)
    whole = special.digamma(a + b)
    slopes[0] = slopes[0] + step * (np.log(x) - special.digamma(a + 1) + whole)
    slopes[1] = slopes[1] + step * (np.log1p(-x) - special.digamma(b) + whole)
    edge = (x == 0) | (x == 1)
    return [np.where(edge, 0.0, s) for s in slopes]


def beta_below(a, b, x):
    """From 0 to x, over s, how far log(t / (1-t)) falls: divided by x**a (1-x)**b / beta(a, b)."""
    rest = 1 - x

    def loss(s):
        return a * np.log1p(rest * np.expm1(s)) + b * np.log1p(x * np.expm1(-s))

    def speed(s):
        return a * rest / (rest + x * np.exp(-s)) - b * x / (x + rest * np.exp(s))

    both = special.digamma(a + b)
    at_a = np.log(x) - special.digamma(a) + both
    at_b = np.log1p(-x) - special.digamma(b) + both
    start = (NOTHING - (a + b) * np.log1p(-x)) / a
    return decay(loss, speed, start, lambda s: [
        at_a - np.log1p(rest * np.expm1(s)), at_b - np.log1p(x * np.expm1(-s))])


@derivative(of=special.betainc)
def betainc(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bar):
        share = scaled(bar, beta_density(a, b, x))
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(share, ratios[0]), shapes[0]),
                unbroadcast(scaled(share, ratios[1]), shapes[1]),
                unbroadcast(share, shapes[2]))

    return special.betainc(a, b, x), pullback


@derivative(of=special.betaincc)
def betaincc(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bar):
        share = scaled(-bar, beta_density(a, b, x))
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(share, ratios[0]), shapes[0]),
                unbroadcast(scaled(share, ratios[1]), shapes[1]),
                unbroadcast(share, shapes[2]))

    return special.betaincc(a, b, x), pullback


@derivative(of=special.betaincinv)
def betaincinv(a, b, y):
    shapes = np.shape(a), np.shape(b), np.shape(y)
    x = special.betaincinv(a, b, y)

    def pullback(bar):
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(-bar, ratios[0]), shapes[0]),
                unbroadcast(scaled(-bar, ratios[1]), shapes[1]),
                unbroadcast(scaled(bar, 1 / beta_density(a, b, x)), shapes[2]))

    return x, pullback


@derivative(of=special.betainccinv)
def betainccinv(a, b, y):
    shapes = np.shape(a), np.shape(b), np.shape(y)
    x = special.betainccinv(a, b, y)

    def pullback(bar):
        ratios = beta_ratios(a, b, x)
        return (unbroadcast(scaled(-bar, ratios[0]), shapes[0]),
                unbroadcast(scaled(-bar, ratios[1]), shapes[1]),
                unbroadcast(scaled(-bar, 1 / beta_density(a, b, x)), shapes[2]))

    return x, pullback


@derivative(of=special.btdtria)
def btdtria(p, b, x):
    a = special.btdtria(p, b, x)

    def pullback(bar):
        of_a, of_b = beta_ratios(a, b, x)
        share = scaled(bar, 1 / of_a)
        p_bar = scaled(share, 1 / beta_density(a, b, x))
        return (unbroadcast(p_bar, np.shape(p)),
                unbroadcast(scaled(-share, of_b), np.shape(b)),
                unbroadcast(-share, np.shape(x)))

    return a, pullback


@derivative(of=special.btdtrib)
def btdtrib(a, p, x):
    b = special.btdtrib(a, p, x)

    def pullback(bar):
        of_a, of_b = beta_ratios(a, b, x)
        share = scaled(bar, 1 / of_b)
        p_bar = scaled(share, 1 / beta_density(a, b, x))
        return (unbroadcast(scaled(-share, of_a), np.shape(a)),
                unbroadcast(p_bar, np.shape(p)),
                unbroadcast(-share, np.shape(x)))

    return b, pullback
