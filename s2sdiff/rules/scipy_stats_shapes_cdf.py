"""Distribution functions with shape parameters that are called most."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_incomplete import gamma_density, gamma_slope
from s2sdiff.rules.scipy_incomplete_beta import beta_density, beta_slopes
from s2sdiff.rules.scipy_probabilities_student import student_density, student_ratio
from s2sdiff.rules.scipy_stats_normal import of_lists, precision
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def lognorm_density(y: Any, s: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.exp(-np.square(np.log(y) / s) / 2) / (s * y * math.sqrt(2 * math.pi))


def weibull_density(y: Any, c: Any) -> Any:
    with np.errstate(all="ignore"):
        return c * np.power(y, c - 1.0) * np.exp(-np.power(y, c))


@derivative(of=stats.t.cdf)
@shaped
def t_cdf(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(t_cdf, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((df > 0) & (scale > 0)), bar)
        y_bar = scaled(share, student_density(df, y))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(y_bar, student_ratio(df, y)), shape_df),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.t.cdf(x, df, loc, scale), pullback


@derivative(of=stats.gamma.cdf)
@shaped
def gamma_cdf(x, a, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(gamma_cdf, x, a, loc, scale)
    shape_x, shape_a = np.shape(x), np.shape(a)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 0) & (y < np.inf) & (a > 0) & (scale > 0)
        share = scaled(1.0 * inside, bar)
        x_bar = scaled(share, gamma_density(a, y)) * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, gamma_slope(a, y)), shape_a),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.gamma.cdf(x, a, loc, scale), pullback


@derivative(of=stats.chi2.cdf)
@shaped
def chi2_cdf(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(chi2_cdf, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 0) & (y < np.inf) & (df > 0) & (scale > 0)
        share = scaled(1.0 * inside, bar)
        x_bar = scaled(share, gamma_density(df / 2, y / 2) / 2) * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, gamma_slope(df / 2, y / 2) / 2), shape_df),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.chi2.cdf(x, df, loc, scale), pullback


@derivative(of=stats.lognorm.cdf)
@shaped
def lognorm_cdf(x, s, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(s, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(lognorm_cdf, x, s, loc, scale)
    shape_x, shape_s = np.shape(x), np.shape(s)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y > 0) & (s > 0) & (scale > 0)), bar)
        y_bar = scaled(share, lognorm_density(y, s))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(y_bar, -special.xlogy(y, y) / s), shape_s),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.lognorm.cdf(x, s, loc, scale), pullback


@derivative(of=stats.weibull_min.cdf)
@shaped
def weibull_min_cdf(x, c, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(c, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(weibull_min_cdf, x, c, loc, scale)
    shape_x, shape_c = np.shape(x), np.shape(c)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 0) & (y < np.inf) & (c > 0) & (scale > 0)
        share = scaled(1.0 * inside, bar)
        y_bar = scaled(share, weibull_density(y, c))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(y_bar, special.xlogy(y, y) / c), shape_c),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.weibull_min.cdf(x, c, loc, scale), pullback


@derivative(of=stats.beta.cdf)
@shaped
def beta_cdf(x, a, b, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(b, SEQUENCES) or isinstance(loc, SEQUENCES) or \
            isinstance(scale, SEQUENCES):
        return of_lists(beta_cdf, x, a, b, loc, scale)
    shape_x, shape_a, shape_b = np.shape(x), np.shape(a), np.shape(b)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 0) & (y <= 1) & (a > 0) & (b > 0) & (scale > 0)
        share = scaled(1.0 * inside, bar)
        x_bar = scaled(share, beta_density(a, b, y)) * inverse
        slopes = beta_slopes(a, b, y)
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, slopes[0]), shape_a),
                unbroadcast(scaled(share, slopes[1]), shape_b),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.beta.cdf(x, a, b, loc, scale), pullback
