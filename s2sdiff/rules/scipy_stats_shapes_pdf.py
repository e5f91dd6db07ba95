"""Densities with shape parameters that are called most, as their logarithms are."""

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
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


@derivative(of=stats.t.pdf)
@shaped
def t_pdf(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(t_pdf, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.t.pdf(x, df, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(scaled(1.0 * ((df > 0) & (scale > 0)), bar), p)
        y_bar = scaled(share, student_by_point(y, df))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, student_by_df(y, df)), shape_df),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback


@derivative(of=stats.gamma.pdf)
@shaped
def gamma_pdf(x, a, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(gamma_pdf, x, a, loc, scale)
    shape_x, shape_a = np.shape(x), np.shape(a)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.gamma.pdf(x, a, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(scaled(1.0 * ((y >= 0) & (a > 0) & (scale > 0)), bar), p)
        y_bar = scaled(share, gamma_by_point(y, a))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, gamma_by_a(y, a)), shape_a),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback


@derivative(of=stats.chi2.pdf)
@shaped
def chi2_pdf(x, df, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(df, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(chi2_pdf, x, df, loc, scale)
    shape_x, shape_df = np.shape(x), np.shape(df)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.chi2.pdf(x, df, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(scaled(1.0 * ((y >= 0) & (df > 0) & (scale > 0)), bar), p)
        y_bar = scaled(share, chi2_by_point(y, df))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, chi2_by_df(y, df)), shape_df),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback


@derivative(of=stats.lognorm.pdf)
@shaped
def lognorm_pdf(x, s, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(s, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(lognorm_pdf, x, s, loc, scale)
    shape_x, shape_s = np.shape(x), np.shape(s)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.lognorm.pdf(x, s, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(scaled(1.0 * ((y >= 0) & (s > 0) & (scale > 0)), bar), p)
        y_bar = scaled(share, lognorm_by_point(y, s))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, lognorm_by_s(y, s)), shape_s),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback


@derivative(of=stats.weibull_min.pdf)
@shaped
def weibull_min_pdf(x, c, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(c, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(weibull_min_pdf, x, c, loc, scale)
    shape_x, shape_c = np.shape(x), np.shape(c)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.weibull_min.pdf(x, c, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(scaled(1.0 * ((y >= 0) & (c > 0) & (scale > 0)), bar), p)
        y_bar = scaled(share, weibull_by_point(y, c))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, weibull_by_c(y, c)), shape_c),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback


@derivative(of=stats.beta.pdf)
@shaped
def beta_pdf(x, a, b, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(a, SEQUENCES) or \
            isinstance(b, SEQUENCES) or isinstance(loc, SEQUENCES) or \
            isinstance(scale, SEQUENCES):
        return of_lists(beta_pdf, x, a, b, loc, scale)
    shape_x, shape_a, shape_b = np.shape(x), np.shape(a), np.shape(b)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)
    p = stats.beta.pdf(x, a, b, loc, scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 0) & (y <= 1) & (a > 0) & (b > 0) & (scale > 0)
        share = scaled(scaled(1.0 * inside, bar), p)
        y_bar = scaled(share, beta_by_point(y, a, b))
        x_bar = y_bar * inverse
        return (unbroadcast(x_bar, shape_x),
                unbroadcast(scaled(share, beta_by_shape(logarithm(y), a, b)), shape_a),
                unbroadcast(scaled(share, beta_by_shape(logarithm_of_rest(y), b, a)), shape_b),
                unbroadcast(-x_bar, shape_loc),
                unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

    return p, pullback
