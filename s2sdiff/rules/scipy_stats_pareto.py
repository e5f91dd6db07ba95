"""The logarithm of Pareto's distribution function, in which nothing cancels near its end.

With t = b log y it is log(1 - exp(-t)), where 1 - exp(-t) is t times `exprel(-t)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_powers import exprel_slope
from s2sdiff.rules.scipy_stats_normal import of_lists, precision
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__: list[str] = []


def by_point(y: Any, b: Any) -> Any:
    with np.errstate(all="ignore"):
        log = np.log(y)
        return np.power(y, -b - 1.0) / (log * special.exprel(-b * log))


def by_shape(y: Any, b: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.power(y, -b) / (b * special.exprel(-b * np.log(y)))


def mixed(y: Any, b: Any) -> Any:
    """The derivative in both; of the two terms of a product one would be infinite at the end."""
    with np.errstate(all="ignore"):
        t = -b * np.log(y)
        part = special.exprel(t)
        return np.power(y, -b - 1.0) / part * (exprel_slope(t) / part - 1)


@derivative(of=by_point)
@shaped
def by_point_(y, b):
    slope, shape_y, shape_b = by_point(y, b), np.shape(y), np.shape(b)

    def pullback(g):
        with np.errstate(all="ignore"):
            t = -b * np.log(y)
            less = b * (1 - exprel_slope(t) / special.exprel(t)) + 1 + 1 / np.log(y)
        return (unbroadcast(-steep(g, steep(slope, less) / y), shape_y),
                unbroadcast(steep(g, mixed(y, b)), shape_b))

    return slope, pullback


@derivative(of=by_shape)
@shaped
def by_shape_(y, b):
    slope, shape_y, shape_b = by_shape(y, b), np.shape(y), np.shape(b)

    def pullback(g):
        with np.errstate(all="ignore"):
            t = -b * np.log(y)
            less = (1 - exprel_slope(t) / special.exprel(t)) * np.log(y) + divide(1.0, b)
        return (unbroadcast(steep(g, mixed(y, b)), shape_y),
                unbroadcast(-steep(g, steep(slope, less)), shape_b))

    return slope, pullback


@derivative(of=stats.pareto.logcdf)
@shaped
def pareto_logcdf(x, b, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(b, SEQUENCES) or \
            isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(pareto_logcdf, x, b, loc, scale)
    shape_x, shape_b = np.shape(x), np.shape(b)
    shape_loc, shape_scale = np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        inside = (y >= 1) & (y < np.inf) & (b > 0) & (scale > 0)
        share = scaled(1.0 * inside, bar)
        x_bar = scaled(share, by_point(y, b)) * inverse
        return (unbroadcast(x_bar, shape_x), unbroadcast(scaled(share, by_shape(y, b)), shape_b),
                unbroadcast(-x_bar, shape_loc), unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.pareto.logcdf(x, b, loc, scale), pullback
