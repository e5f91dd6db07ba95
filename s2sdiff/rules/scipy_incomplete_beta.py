"""`scipy.special`: the incomplete beta function in all arguments.

As with the incomplete gamma functions, slopes in the shape parameters are integrals of the density
times a logarithm, taken from x to the side on which the density falls.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import NOTHING, by_blocks, decay, doubled
from s2sdiff.rules.shared import effectless, shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__ = ["beta_density", "beta_ratios", "beta_slopes", "mean_log", "nearer_end", "turned"]


def beta_density(a, b, x):
    """x**(a-1) (1-x)**(b-1) / beta(a, b), the derivative of betainc (DLMF 8.17.1)."""
    return doubled(density_of_beta, a, b, x)


def density_of_beta(a, b, x):
    return np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))


@derivative(of=beta_density)
@shaped
def beta_density_along(a, b, x):
    density, shapes = beta_density(a, b, x), (np.shape(a), np.shape(b), np.shape(x))

    def pullback(bar):
        # Of the shapes that are less by one, where there are: at an end the density may be 0, and
        # its logarithm's slope infinite.
        low = np.where(np.greater(a, 1), (a + b - 1.0) * beta_density(a - 1.0, b, x),
                       steep(a - 1.0, divide(density, x)))
        high = np.where(np.greater(b, 1), (a + b - 1.0) * beta_density(a, b - 1.0, x),
                        steep(b - 1.0, divide(density, 1.0 - x)))
        by_a, by_b = beta_density_slopes(a, b, x)
        return (unbroadcast(scaled(bar, by_a), shapes[0]),
                unbroadcast(scaled(bar, by_b), shapes[1]),
                unbroadcast(scaled(bar, low - high), shapes[2]))

    return density, pullback


def beta_density_slopes(a, b, x):
    """The derivatives of the density in a and b."""
    density = beta_density(a, b, x)
    return (steep(density, np.log(x) - mean_log(a, b)),
            steep(density, np.log1p(np.negative(x)) - mean_log(b, a)))


def beta_slopes(a, b, x):
    """The derivatives of betainc in a and b.

    They are more than the density times the ratios: of shapes near 0 these are large, and what is
    left of them in second derivatives has no digits.
    """
    return tuple(by_blocks(beta_bends, a, b, x)[:2])


@effectless
def beta_second_slopes(a, b, x):
    """The second derivatives of betainc in a, in a and b, and in b."""
    return tuple(by_blocks(beta_bends, a, b, x)[2:])


def beta_bends(a, b, x):
    density = beta_density(a, b, x)
    edge = (density == 0) | (x == 0) | (x == 1)
    return [np.where(edge, 0.0, density * part) for part in beta_both(a, b, x)]


@derivative(of=beta_slopes)
def beta_slopes_along(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bars):
        bends, along = beta_second_slopes(a, b, x), beta_density_slopes(a, b, x)
        a_bar = b_bar = x_bar = 0.0
        for i, bar in enumerate(bars):
            if bar is not None:
                a_bar = a_bar + scaled(bar, bends[i])
                b_bar = b_bar + scaled(bar, bends[i + 1])
                x_bar = x_bar + scaled(bar, along[i])
        return (unbroadcast(a_bar, shapes[0]), unbroadcast(b_bar, shapes[1]),
                unbroadcast(x_bar, shapes[2]))

    return beta_slopes(a, b, x), pullback


def beta_ratios(a, b, x):
    """The derivatives of betainc in a and b, divided by its density at x."""
    return tuple(by_blocks(beta_both, a, b, x)[:2])


@effectless
def beta_curvatures(a, b, x):
    """The second derivatives in a, in a and b, and in b, divided by the density at x."""
    return tuple(by_blocks(beta_both, a, b, x)[2:])


@derivative(of=beta_ratios)
def beta_ratios_along(a, b, x):
    ratios, shapes = beta_ratios(a, b, x), (np.shape(a), np.shape(b), np.shape(x))

    def pullback(bars):
        # The density is an exponential of a sum of multiples of these.
        logs = np.log(x) - mean_log(a, b), np.log1p(-x) - mean_log(b, a)
        falls = divide(a - 1.0, x) - divide(b - 1.0, 1.0 - x)
        curved = beta_curvatures(a, b, x)
        a_bar = b_bar = x_bar = 0.0
        for bar, log, ratio, bend in zip(bars, logs, ratios, (curved[:2], curved[1:]), strict=True):
            if bar is not None:
                a_bar = a_bar + scaled(bar, bend[0] - ratio * logs[0])
                b_bar = b_bar + scaled(bar, bend[1] - ratio * logs[1])
                x_bar = x_bar + scaled(bar, log - steep(ratio, falls))
        return (unbroadcast(a_bar, shapes[0]), unbroadcast(b_bar, shapes[1]),
                unbroadcast(x_bar, shapes[2]))

    return ratios, pullback


def mean_log(a, b):
    """Of a variable that has the beta distribution (DLMF 5.12.1, in a)."""
    return by_blocks(lambda a, b: [step_down(0, a, b)], a, b)[0]


def step_down(order, a, b):
    """polygamma(order, a) less that at a + b, for orders of 0 and 1, with all digits."""
    found = special.psi(a) - special.psi(a + b) if order == 0 else (
        special.polygamma(1, a) - special.polygamma(1, a + b))
    near = np.abs(b) < a / 64
    if near.any():
        # Taylor's series at a (DLMF 25.11.12), as the difference has lost its digits.
        low, small = a[near], b[near]
        found[near] = sum((k + order) ** order * (-1) ** (k + order) * small**k
                          * special.zeta(k + 1 + order, low) for k in range(8, 0, -1))
    return found


@derivative(of=mean_log)
def mean_log_along(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(bar):
        in_a = by_blocks(lambda a, b: [step_down(1, a, b)], a, b)[0]
        return (unbroadcast(scaled(bar, in_a), shape_a),
                unbroadcast(scaled(-bar, special.polygamma(1, np.add(a, b))), shape_b))

    return mean_log(a, b), pullback


def beta_both(a, b, x):
    # With a and b from 1 on, by 8.17.20 and 8.17.21, the density is log-concave over log(t / (1-t))
    # and nowhere flat; what these recurrences add is differentiated by hand.
    low_a, low_b = a < 1, b < 1
    p, q = np.where(low_a, a + 1, a), np.where(low_b, b + 1, b)
    below = x * (p + q) < p
    found = beta_below(np.where(below, p, q), np.where(below, q, p), np.where(below, x, 1 - x))
    slopes = [np.where(below, found[i], -found[j]) for i, j in enumerate((1, 0, 4, 3, 2))]
    # From densities of p and q to those of a and b.
    rise_b = np.where(low_b, (1 - x) * (p + b) / b, 1.0)
    rise_a = np.where(low_a, x * (a + b) / a, 1.0)
    inner = x * (1 - x)
    slopes = [s * inner * rise_b for s in slopes]
    step = np.where(low_b, inner / b, 0.0)
    added = beta_step(p, b, np.log(x), np.log1p(-x), (0, 1))
    slopes = [(s - step * v) * rise_a for s, v in zip(slopes, added, strict=True)]
    step = np.where(low_a, inner / a, 0.0)
    added = beta_step(a, b, np.log(x), np.log1p(-x), (1, 0))
    edge = (x == 0) | (x == 1)
    return [np.where(edge, 0.0, s + step * v) for s, v in zip(slopes, added, strict=True)]


def beta_step(a, b, log, log_rest, over):
    """The derivatives of x**a (1-x)**b / beta(a, b), divided by it.

    `over` is (1, 0) where it is divided by a, and (0, 1) where by b: gamma(a) times a is
    gamma(a + 1), and 1 / a and its square are in nothing that cancels.
    """
    of_both = -special.polygamma(1, a + b)
    (by_a, of_a), (by_b, of_b) = (
        [step_down(order, one + up, other - up) for order in (0, 1)]
        for one, other, up in ((a, b, over[0]), (b, a, over[1])))
    by_a, by_b = log - by_a, log_rest - by_b
    return [by_a, by_b, by_a**2 - of_a, by_a * by_b - of_both, by_b**2 - of_b]


def beta_below(a, b, x):
    """From 0 to x, over s, how far log(t / (1-t)) falls: divided by x**a (1-x)**b / beta(a, b)."""
    rest = 1 - x

    def loss(s):
        return a * np.log1p(rest * np.expm1(s)) + b * np.log1p(x * np.expm1(-s))

    def speed(s):
        return a * rest / (rest + x * np.exp(-s)) - b * x / (x + rest * np.exp(s))

    log, log_rest = np.log(x), np.log1p(-x)
    start = (NOTHING - (a + b) * log_rest) / a
    return decay(loss, speed, start, lambda s: beta_step(
        a, b, log - np.log1p(rest * np.expm1(s)), log_rest - np.log1p(x * np.expm1(-s)), (0, 0)))


@derivative(of=special.betainc)
def betainc(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bar):
        slopes = beta_slopes(a, b, x)
        return (unbroadcast(scaled(bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(bar, beta_density(a, b, x)), shapes[2]))

    return special.betainc(a, b, x), pullback


@derivative(of=special.betaincc)
def betaincc(a, b, x):
    shapes = np.shape(a), np.shape(b), np.shape(x)

    def pullback(bar):
        slopes = beta_slopes(a, b, x)
        return (unbroadcast(scaled(-bar, slopes[0]), shapes[0]),
                unbroadcast(scaled(-bar, slopes[1]), shapes[1]),
                unbroadcast(scaled(-bar, beta_density(a, b, x)), shapes[2]))

    return special.betaincc(a, b, x), pullback


def nearer_end(dfn, dfd, x):
    """Of Fisher's ratio x: where w = dfn x / (dfn x + dfd) is nearer to 1 than to 0, and a, b, w.

    There they are those of 1 - w, which keeps its digits.
    """
    far, whole = np.greater(dfn * x, dfd), dfn * x + dfd
    return (far, np.where(far, dfd, dfn) / 2, np.where(far, dfn, dfd) / 2,
            np.where(far, dfd, dfn * x) / whole)


def turned(far, parts):
    """Of derivatives in a and b those in dfn / 2 and dfd / 2."""
    return np.where(far, -parts[1], parts[0]), np.where(far, -parts[0], parts[1])
