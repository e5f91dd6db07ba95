"""Log densities with shape parameters that are called most, as in `scipy_stats_common`."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_stats_normal import of_lists, precision
from s2sdiff.rules.scipy_stats_slopes import (
    chi2_by_df,
    chi2_by_point,
    gamma_by_a,
    gamma_by_point,
    invgamma_by_a,
    invgamma_by_point,
    logarithm,
    student_by_df,
    student_by_point,
)
from s2sdiff.rules.scipy_stats_slopes_more import (
    beta_by_point,
    beta_by_shape,
    logarithm_of_rest,
    lognorm_by_point,
    lognorm_by_s,
    weibull_by_c,
    weibull_by_point,
)
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import divide, scaled, unbroadcast

__all__: list[str] = []


@derivative(of=stats.t.logpdf)
@shaped
def student(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(student, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((df > 0) & (scale > 0)), bar)
        y_bar = scaled(share, student_by_point(y, df))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, student_by_df(y, df)), shape_df),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.t.logpdf(x, df, loc, scale), pullback


@derivative(of=stats.gamma.logpdf)
@shaped
def gamma(x, a, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(gamma, x, a, loc, scale)
    shape_x, shape_a = np.shape(x), np.shape(a)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (a > 0) & (scale > 0)), bar)
        y_bar = scaled(share, gamma_by_point(y, a))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, gamma_by_a(y, a)), shape_a),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.gamma.logpdf(x, a, loc, scale), pullback


@derivative(of=stats.chi2.logpdf)
@shaped
def chi2(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(chi2, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (df > 0) & (scale > 0)), bar)
        y_bar = scaled(share, chi2_by_point(y, df))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, chi2_by_df(y, df)), shape_df),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.chi2.logpdf(x, df, loc, scale), pullback


@derivative(of=stats.invgamma.logpdf)
@shaped
def invgamma(x, a, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(invgamma, x, a, loc, scale)
    shape_x, shape_a = np.shape(x), np.shape(a)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (a > 0) & (scale > 0)), bar)
        y_bar = scaled(share, invgamma_by_point(y, a))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, invgamma_by_a(y, a)), shape_a),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.invgamma.logpdf(x, a, loc, scale), pullback


@derivative(of=stats.lognorm.logpdf)
@shaped
def lognorm(x, s, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(s, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(lognorm, x, s, loc, scale)
    shape_x, shape_s = np.shape(x), np.shape(s)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (s > 0) & (scale > 0)), bar)
        y_bar = scaled(share, lognorm_by_point(y, s))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, lognorm_by_s(y, s)), shape_s),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.lognorm.logpdf(x, s, loc, scale), pullback


@derivative(of=stats.weibull_min.logpdf)
@shaped
def weibull_min(x, c, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(c, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(weibull_min, x, c, loc, scale)
    shape_x, shape_c = np.shape(x), np.shape(c)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (c > 0) & (scale > 0)), bar)
        y_bar = scaled(share, weibull_by_point(y, c))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, weibull_by_c(y, c)), shape_c),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.weibull_min.logpdf(x, c, loc, scale), pullback


@derivative(of=stats.pareto.logpdf)
@shaped
def pareto(x, b, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(b, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(pareto, x, b, loc, scale)
    shape_x, shape_b = np.shape(x), np.shape(b)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 1) & (b > 0) & (scale > 0)), bar)
        y_bar = scaled(share, divide(-1.0 - b, y))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, divide(1.0, b) - logarithm(y)), shape_b),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.pareto.logpdf(x, b, loc, scale), pullback


@derivative(of=stats.beta.logpdf)
@shaped
def beta(x, a, b, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(b, SEQUENCES) or isinstance(loc, SEQUENCES) or \
            isinstance(scale, SEQUENCES):
        return of_lists(beta, x, a, b, loc, scale)
    shape_x, shape_a, shape_b = np.shape(x), np.shape(a), np.shape(b)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (y <= 1) & (a > 0) & (b > 0) & (scale > 0)), bar)
        y_bar = scaled(share, beta_by_point(y, a, b))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, beta_by_shape(logarithm(y), a, b)), shape_a),
                unbroadcast(scaled(share, beta_by_shape(logarithm_of_rest(y), b, a)), shape_b),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return stats.beta.logpdf(x, a, b, loc, scale), pullback
