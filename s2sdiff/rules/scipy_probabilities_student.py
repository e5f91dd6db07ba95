"""`scipy.special`: Student's t distribution, in all arguments, and its inverses.

Slopes in the degrees of freedom are integrals of that of the logarithm of the density.  (By the
incomplete beta function many degrees would leave few digits.)
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.polynomial import polyval
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.quadrature import NOTHING, by_blocks, decay, gauss
from s2sdiff.rules.scipy_probabilities import FREEST, reached
from s2sdiff.rules.scipy_stats_slopes import (
    FAR,
    STEPS,
    student_bend,
    student_by_df,
    student_by_point,
)
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__ = ["student_density", "student_ratio"]


def student_density(df, t):
    """The density, that of the normal distribution where `df` is infinite."""
    half = df / 2
    some, far = np.minimum(half, FAR), 1 / np.maximum(half, FAR)
    # log(gamma(x + 1/2) / gamma(x) / sqrt(x)), of which `digamma_step` is the slope.
    sums = [-c / (2 * k + 1) for k, c in enumerate(STEPS)]
    front = np.where(half > FAR, far * polyval(far * far, sums),
                     np.log(math.pi / some) / 2 - special.betaln(some, 0.5))
    finite = np.where(np.isinf(df), 1.0, df)
    fall = np.where(np.isinf(df), t * t, (finite + 1) * special.log1p(t * t / finite)) / 2
    return (np.exp(front - fall) / math.sqrt(2 * math.pi))[()]


@derivative(of=student_density)
def student_density_along(df, t):
    density = student_density(df, t)

    def pullback(bar):
        share = scaled(bar, density)
        return (unbroadcast(scaled(share, student_by_df(t, df)), np.shape(df)),
                unbroadcast(scaled(share, student_by_point(t, df)), np.shape(t)))

    return density, pullback


def student_ratio(df, t):
    """The derivative of the distribution function in `df`, divided by the density in t."""
    return by_blocks(student_ratios, df, t)[0]


@effectless
def student_curvature(df, t):
    """The second derivative of the distribution function in `df`, divided by the density."""
    return by_blocks(student_ratios, df, t)[1]


@derivative(of=student_ratio)
def student_ratio_along(df, t):
    ratio = student_ratio(df, t)

    def pullback(bar):
        by_df = student_curvature(df, t) - steep(ratio, student_by_df(t, df))
        by_t = student_by_df(t, df) - steep(ratio, student_by_point(t, df))
        return (unbroadcast(scaled(bar, by_df), np.shape(df)),
                unbroadcast(scaled(bar, by_t), np.shape(t)))

    return ratio, pullback


def student_ratios(df, t):
    """Integrals of the slopes of the density, over (0, t) or (t, infinity).

    They are taken over w, where the points are sqrt(df) sinh(w) and nothing is sharp.
    """
    root, t_ = np.sqrt(df), np.abs(t)
    w = np.arcsinh(t_ / root)
    valid = np.isfinite(df) & (df > 0) & np.isfinite(t)
    # Far out, where the slope is negative from there on, and to integrate up to there cancels.
    outer = valid & (t_ >= 1.5) & (df >= 0.1) & (df * w >= 2)
    found = np.zeros((2, *t.shape))
    for part, formula in ((valid & ~outer, student_inner), (outer, student_outer)):
        if part.any():
            sums = formula(df[part], w[part])
            found[:, part] = np.sign(t[part]) * np.hypot(root, t_)[part] * np.stack(sums)
    return [*np.where(np.isnan(df) | np.isnan(t) | (df <= 0), np.nan, found)]


def student_slopes(df, w):
    s = np.sqrt(df) * np.sinh(w)
    log = student_by_df(s, df)
    return [log, log * log + student_bend(s, df)]


def rise_of_cosh(w, s):
    """log(cosh(w + s) / cosh(w))."""
    return special.log1p(2 * np.sinh(s / 2) ** 2 + np.tanh(w) * np.sinh(s))


def student_inner(df, w):
    nodes, weights = gauss(40)
    mass = weights * w * np.exp(-df * rise_of_cosh(w, (nodes - 1) * w))
    return [np.add.reduce(mass * v, axis=0) for v in student_slopes(df, nodes * w)]


def student_outer(df, w):
    def loss(s):
        return df * rise_of_cosh(w, s)

    def slope(s):
        return df * np.tanh(w + s)

    return decay(loss, slope, NOTHING / slope(0.0),
                 lambda s: [-v for v in student_slopes(df, w + s)])


@derivative(of=special.stdtr)
def stdtr(df, t):
    def pullback(bar):
        share = scaled(bar, student_density(df, t))
        return (unbroadcast(scaled(share, student_ratio(df, t)), np.shape(df)),
                unbroadcast(share, np.shape(t)))

    return special.stdtr(df, t), pullback


@derivative(of=special.stdtrit)
def stdtrit(df, p):
    t = special.stdtrit(df, p)

    def pullback(bar):
        return (unbroadcast(scaled(-bar, student_ratio(df, t)), np.shape(df)),
                unbroadcast(scaled(bar, 1 / student_density(df, t)), np.shape(p)))

    return t, pullback


@derivative(of=special.stdtridf)
def stdtridf(p, t):
    df = special.stdtridf(p, t)

    def pullback(bar):
        share = scaled(reached(bar, df, 0.0, FREEST), 1 / student_ratio(df, t))
        return (unbroadcast(scaled(share, 1 / student_density(df, t)), np.shape(p)),
                unbroadcast(-share, np.shape(t)))

    return df, pullback
