"""Continuous distributions of `scipy.stats`: densities, distribution functions, their inverses.

SciPy's checks, location, scale and the values outside of the support are dealt with here, for all
distributions.  What a distribution is comes from tables: slopes of its log density in
`scipy_stats_densities`, motions of its quantiles with the shape parameters in `scipy_stats_flows`.
A distribution that is in no table is differentiated through SciPy's own source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import rv_continuous
from scipy.stats._distn_infrastructure import rv_frozen

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import (  # noqa: F401
    scipy_multivariate,
    scipy_stats_common,
    scipy_stats_discrete,
    scipy_stats_fitted,
    scipy_stats_limits,
    scipy_stats_moments,
    scipy_stats_normal,
    scipy_stats_plain,
    scipy_stats_powers,
    scipy_stats_shapes,
    scipy_stats_shapes_cdf,
    scipy_stats_shapes_pdf,
    scipy_stats_trimmed,
)
from s2sdiff.rules.pointwise import by_slopes
from s2sdiff.rules.scipy_stats_densities import SLOPES
from s2sdiff.rules.scipy_stats_exponents import EXPONENTS, hazard, logarithm_of_rest
from s2sdiff.rules.scipy_stats_flows import FLOWS, QUANTILES
from s2sdiff.rules.scipy_stats_parameters import Parameters, as_array, entries, parameters
from s2sdiff.rules.scipy_stats_sources import by_source, is_own, slopes_by_source
from s2sdiff.rules.shared import compiled, shaped
from s2sdiff.runtime import (
    scaled,
    standins,
    standins_entropies,
    standins_moments,
    standins_stats,
    unbroadcast,
)

__all__: list[str] = []


# ------------------------------------------------------- distribution functions and inverses


def in_no_table(dist: Any) -> bool:
    return not any(type(dist) in table for table in (FLOWS, scipy_stats_limits.FLOWS, EXPONENTS))


def flows(p: Parameters, y: Any) -> tuple:
    """dF/dshape over the density, for each shape parameter, at points in standard form."""
    known = FLOWS.get(type(p.dist)) or scipy_stats_limits.FLOWS.get(type(p.dist))
    with np.errstate(all="ignore"):
        if known is not None:
            return known(y, *map(np.asarray, p.shapes))
        # Copies: elements of a broadcast array are one place in memory, with one cotangent.
        points, *shapes = map(np.array, np.broadcast_arrays(y, *p.shapes))
        moved_by = [slope / p.dist._pdf(points, *shapes)
                    for slope in slopes_by_source(p.dist, points, shapes)]
        return tuple(scipy_stats_limits.at_zero(p.dist, points, shapes, moved_by, 1.0, True))


def moved(p: Parameters, at: Any, share: Any, x_bar: Any, x: Any) -> Any:
    """The entries of a function of quantiles.

    `share` is what a shift of the quantiles `x` downwards would give, `x_bar` is that of `at`.
    """
    y = (as_array(x) - p.loc) / np.asarray(p.scale)
    made: dict[str, Callable[[], Any]] = {
        "loc": lambda: unbroadcast(share, np.shape(p.loc)),
        "scale": lambda: unbroadcast(scaled(share, y), np.shape(p.scale)),
    }

    def shape_entry(i: int) -> Any:
        return unbroadcast(scaled(share, -flows(p, y)[i] * p.scale), np.shape(p.shapes[i]))

    for i, name in enumerate(p.names):
        made[name] = lambda i=i: shape_entry(i)
    return (None, unbroadcast(x_bar, np.shape(at)), *entries(p, made))


def below(self: Any, x: Any, args: tuple, kwds: dict[str, Any], weigh: Any) -> Any:
    """The pullback of a function of the point whose slope is `weigh()`."""

    def pullback(bar):
        p = parameters(self, args, kwds)
        with np.errstate(all="ignore"):
            # Some densities are nan at infinity.
            share = scaled(bar, np.where(np.isinf(x), 0.0, weigh())[()])
            return moved(p, x, -share, share, x)

    return pullback


def of_logarithm(
    self: Any, x: Any, args: tuple, kwds: dict[str, Any], log_p: Any, sign: int
) -> Any:
    """The pullback of the logarithm of what lies below, or beyond."""
    name = "logcdf" if sign > 0 else "logsf"
    if in_no_table(self) and is_own(self, name):
        return by_source(parameters(self, args, kwds), x, name)
    if EXPONENTS.get(type(self), (0,))[0] != sign:
        return below(self, x, args, kwds, lambda: sign * hazard(self, x, args, kwds, log_p, sign))

    def pullback(bar):
        with np.errstate(all="ignore"):
            return logarithm_of_rest(parameters(self, args, kwds), x, bar)

    return pullback


@derivative(of=rv_continuous.cdf)
@shaped
def cdf(self, x, *args, **kwds):
    return self.cdf(x, *args, **kwds), below(
        self, x, args, kwds, lambda: self.pdf(x, *args, **kwds))


@derivative(of=rv_continuous.sf)
@shaped
def sf(self, x, *args, **kwds):
    return self.sf(x, *args, **kwds), below(
        self, x, args, kwds, lambda: -self.pdf(x, *args, **kwds))


@derivative(of=rv_continuous.logcdf)
@shaped
def logcdf(self, x, *args, **kwds):
    p = self.logcdf(x, *args, **kwds)
    return p, of_logarithm(self, x, args, kwds, p, 1)


@derivative(of=rv_continuous.logsf)
@shaped
def logsf(self, x, *args, **kwds):
    p = self.logsf(x, *args, **kwds)
    return p, of_logarithm(self, x, args, kwds, p, -1)


def slope_of_inverse(d, q, *shapes):
    """That of the inverse of a distribution function at q, where the density is d."""
    return 1 / d


@derivative(of=slope_of_inverse)
def slope_of_inverse_along(d, q, *shapes):
    def pullback(bar):
        # Where the density is infinite, or 0, nobody knows here how it does: 0 would be a guess.
        unknown = scaled(bar, np.where(np.isfinite(d) & np.not_equal(d, 0), 0.0, np.nan))
        return (scaled(bar, -1 / (d * d)), unbroadcast(unknown, np.shape(q)),
                tuple([unbroadcast(unknown, np.shape(v)) for v in shapes]))

    return slope_of_inverse(d, q, *shapes), pullback


def inverse(self: Any, q: Any, args: tuple, kwds: dict[str, Any], x: Any, sign: float) -> Any:
    """The pullback of the inverse of a distribution function."""

    def pullback(bar):
        p, known = parameters(self, args, kwds), QUANTILES.get(type(self))
        with np.errstate(all="ignore"):
            if known is None:
                slope = slope_of_inverse(self.pdf(x, *args, **kwds), q, *p.shapes)
            else:
                y = (as_array(x) - p.loc) / np.asarray(p.scale)
                below = as_array(q) if sign > 0 else 1 - as_array(q)
                slope = known(below, y, *map(np.asarray, p.shapes)) * p.scale
            return moved(p, q, bar, scaled(bar, sign * slope), x)

    return pullback


@derivative(of=rv_continuous.ppf)
@shaped
def ppf(self, q, *args, **kwds):
    x = self.ppf(q, *args, **kwds)
    return x, inverse(self, q, args, kwds, x, 1.0)


@derivative(of=rv_continuous.isf)
@shaped
def isf(self, q, *args, **kwds):
    x = self.isf(q, *args, **kwds)
    return x, inverse(self, q, args, kwds, x, -1.0)


# ------------------------------------------------------------------------------- densities


def density(self: Any, x: Any, args: tuple, kwds: dict[str, Any], value: Any) -> Any:
    """The pullback of a density, or of its logarithm where the value is None."""
    p = parameters(self, args, kwds)
    known = SLOPES.get(type(self)) or scipy_stats_limits.SLOPES.get(type(self))
    if known is None:
        return by_source(p, x, "logpdf" if value is None else "pdf")

    def pullback(bar):
        shapes = [np.asarray(v, float) for v in p.shapes]
        scale = np.asarray(p.scale)
        with np.errstate(all="ignore"):
            y = np.asarray((as_array(x) - p.loc) / scale, float)
            valid = self._argcheck(*shapes) & self._support_mask(y, *shapes) & (scale > 0)
            share = bar if value is None else scaled(bar, value)
            # Where nothing counts, nor does what the table says of points outside of the support.
            share = share if np.all(valid) else np.where(valid, share, 0.0)
            y_slope, *slopes = known(y, *shapes)
            scale = np.where(scale > 0, scale, 1.0)
            y_bar = scaled(share, y_slope) / scale
        made: dict[str, Callable[[], Any]] = {
            "loc": lambda: unbroadcast(-y_bar, np.shape(p.loc)),
            "scale": lambda: unbroadcast(
                -scaled(y_bar, y) - share / scale, np.shape(p.scale)),
        }
        for name, slope, shape in zip(p.names, slopes, shapes, strict=True):
            made[name] = lambda slope=slope, shape=shape: unbroadcast(
                scaled(share, slope), shape.shape)
        return (None, unbroadcast(y_bar, np.shape(x)), *entries(p, made))

    return pullback


@derivative(of=rv_continuous.pdf)
@shaped
def pdf(self, x, *args, **kwds):
    value = self.pdf(x, *args, **kwds)
    return value, density(self, x, args, kwds, value)


@derivative(of=rv_continuous.logpdf)
@shaped
def logpdf(self, x, *args, **kwds):
    return self.logpdf(x, *args, **kwds), density(self, x, args, kwds, None)


for _rule in (cdf, sf, logcdf, logsf, ppf, isf, pdf, logpdf):
    # The distribution, which is no array, is among their arguments.
    _rule.__s2sdiff_any__ = True  # type: ignore[attr-defined]
    by_slopes(getattr(rv_continuous, _rule.__name__), _rule)

standins.EAGER[rv_frozen.__init__] = standins_stats.frozen
_distributions: Any = compiled("scipy.stats._distribution_infrastructure")
if hasattr(_distributions, "UnivariateDistribution"):
    for _name, _standin in standins_moments.STANDINS.items():
        standins.EAGER[getattr(_distributions.UnivariateDistribution, _name)] = _standin
constant(standins_entropies.integral, standins_entropies.counting)
standins.EAGER[rv_continuous._entropy] = standins_entropies.entropy
constant(standins_stats.renewed, standins_stats.complain)
# Docstrings of what is frozen are put together of texts.
_doccer: Any = compiled("scipy._lib.doccer")
if hasattr(_doccer, "docformat"):
    constant(_doccer.docformat)
