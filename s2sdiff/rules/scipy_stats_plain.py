"""Densities and distribution functions that are called most, of distributions without a shape."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_stats_common import gumbel_by_point_mirrored, laplace_by_point
from s2sdiff.rules.scipy_stats_normal import bell, of_lists, precision
from s2sdiff.rules.scipy_stats_slopes import cauchy_by_point, gumbel_by_point, logistic_by_point
from s2sdiff.rules.shared import like, shaped
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__: list[str] = []

def on_numbers(dist: Any, standard: Any, by_point: Callable[[Any], Any], low: float) -> None:
    """Register the rules of a distribution on the numbers from `low` on.

    `standard` is the density where location and scale are left out, of whose logarithm `by_point`
    is the slope.
    """
    density, below, above = dist.pdf, dist.cdf, dist.sf

    def slope(y):
        p = standard(y)
        return p, lambda bar: scaled(bar, steep(p, by_point(y)))

    def pdf(x, loc: Any = 0, scale: Any = 1):
        if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
            return of_lists(pdf, x, loc, scale)
        shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)
        p = density(x, loc, scale)

        def pullback(bar):
            inverse = precision(scale)
            y = (1.0 * x - loc) * inverse
            share = scaled(scaled(1.0 * ((y >= low) & (scale > 0)), bar), p)
            y_bar = scaled(share, by_point(y))
            x_bar = y_bar * inverse
            return (unbroadcast(x_bar, shape_x), unbroadcast(-x_bar, shape_loc),
                    unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

        return p, pullback

    def cdf(x, loc: Any = 0, scale: Any = 1):
        if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
            return of_lists(cdf, x, loc, scale)
        shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

        def pullback(bar):
            inverse = precision(scale)
            y = (1.0 * x - loc) * inverse
            share = scaled(1.0 * ((y >= low) & (scale > 0)), bar)
            x_bar = scaled(share, standard(y)) * inverse
            return (unbroadcast(x_bar, shape_x), unbroadcast(-x_bar, shape_loc),
                    unbroadcast(-scaled(x_bar, y), shape_scale))

        return below(x, loc, scale), pullback

    def sf(x, loc: Any = 0, scale: Any = 1):
        if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
            return of_lists(sf, x, loc, scale)
        shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

        def pullback(bar):
            inverse = precision(scale)
            y = (1.0 * x - loc) * inverse
            share = scaled(1.0 * ((y >= low) & (scale > 0)), bar)
            x_bar = scaled(share, standard(y)) * inverse
            return (unbroadcast(-x_bar, shape_x), unbroadcast(x_bar, shape_loc),
                    unbroadcast(scaled(x_bar, y), shape_scale))

        return above(x, loc, scale), pullback

    derivative(of=standard)(slope)
    for target, rule in ((density, pdf), (below, cdf), (above, sf)):
        derivative(of=target)(shaped(rule))


@like(0)
def expon_density(y: Any) -> Any:
    with np.errstate(over="ignore"):
        return np.exp(-y)


@like(0)
def expon_by_point(y: Any) -> Any:
    return np.full_like(y, -1.0)[()]


@like(0)
def laplace_density(y: Any) -> Any:
    return np.exp(-np.abs(y)) / 2


@like(0)
def cauchy_density(y: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / (math.pi * (1 + y * y))


@like(0)
def logistic_density(y: Any) -> Any:
    falling = np.exp(-np.abs(y))
    return falling / np.square(1 + falling)


@like(0)
def gumbel_density(y: Any) -> Any:
    rest = np.maximum(y, -700.0)  # where it is 0 already, and no infinity meets another
    return np.exp(-rest - np.exp(-rest))


@like(0)
def gumbel_density_mirrored(y: Any) -> Any:
    return gumbel_density(-y)


@like(0)
def halfnorm_density(y: Any) -> Any:
    return 2 * bell(y)


on_numbers(stats.expon, expon_density, expon_by_point, 0.0)
on_numbers(stats.laplace, laplace_density, laplace_by_point, -np.inf)
on_numbers(stats.cauchy, cauchy_density, cauchy_by_point, -np.inf)
on_numbers(stats.logistic, logistic_density, logistic_by_point, -np.inf)
on_numbers(stats.gumbel_r, gumbel_density, gumbel_by_point, -np.inf)
on_numbers(stats.gumbel_l, gumbel_density_mirrored, gumbel_by_point_mirrored, -np.inf)
on_numbers(stats.halfnorm, halfnorm_density, np.negative, 0.0)
