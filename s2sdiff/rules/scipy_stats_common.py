"""Log densities of the distributions that are called most, as one writes them by hand.

The rules of all distributions deal with SciPy's checks, which cannot be written into generated
code; second derivatives went through them by place.  Here, as for the normal distribution, a rule
is a few lines, and what lies outside of the support counts for nothing: its share is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.scipy_stats_normal import of_lists, precision
from s2sdiff.rules.scipy_stats_slopes import cauchy_by_point, gumbel_by_point, logistic_by_point
from s2sdiff.rules.shared import like, shaped
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def on_numbers(log_density: Any, by_point: Callable[[Any], Any], low: float) -> None:
    """Register the rule of a distribution without shapes, on the numbers from `low` on."""

    def rule(x, loc: Any = 0, scale: Any = 1):
        if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
            return of_lists(rule, x, loc, scale)
        shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

        def pullback(bar):
            inverse = precision(scale)
            y = (1.0 * x - loc) * inverse
            share = scaled(1.0 * ((y >= low) & (scale > 0)), bar)
            y_bar = scaled(share, by_point(y))
            x_bar = y_bar * inverse
            return (unbroadcast(x_bar, shape_x), unbroadcast(-x_bar, shape_loc),
                    unbroadcast(-(scaled(y_bar, y) + share) * inverse, shape_scale))

        return log_density(x, loc, scale), pullback

    derivative(of=log_density)(shaped(rule))


@like(0)
def laplace_by_point(y: Any) -> Any:
    return -np.sign(y)


@like(0)
def gumbel_by_point_mirrored(y: Any) -> Any:
    return -gumbel_by_point(-y)


constant(laplace_by_point)
on_numbers(stats.laplace.logpdf, laplace_by_point, -np.inf)
on_numbers(stats.cauchy.logpdf, cauchy_by_point, -np.inf)
on_numbers(stats.halfcauchy.logpdf, cauchy_by_point, 0.0)
on_numbers(stats.logistic.logpdf, logistic_by_point, -np.inf)
on_numbers(stats.halflogistic.logpdf, logistic_by_point, 0.0)
on_numbers(stats.gumbel_r.logpdf, gumbel_by_point, -np.inf)
on_numbers(stats.gumbel_l.logpdf, gumbel_by_point_mirrored, -np.inf)
on_numbers(stats.halfnorm.logpdf, np.negative, 0.0)


@derivative(of=stats.expon.logpdf)
@shaped
def expon(x, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(expon, x, loc, scale)
    shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (scale > 0)), bar) * inverse
        return (unbroadcast(-share, shape_x), unbroadcast(share, shape_loc),
                unbroadcast(scaled(share, y - 1.0), shape_scale))

    return stats.expon.logpdf(x, loc, scale), pullback


@derivative(of=stats.uniform.logpdf)
@shaped
def uniform(x, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(uniform, x, loc, scale)
    shape_scale = np.shape(scale)

    def pullback(bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        share = scaled(1.0 * ((y >= 0) & (y <= 1) & (scale > 0)), bar)
        return None, None, unbroadcast(-share * inverse, shape_scale)

    return stats.uniform.logpdf(x, loc, scale), pullback
