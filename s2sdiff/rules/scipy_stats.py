"""Distributions of `scipy.stats`: distribution functions and their inverses, from the density.

Densities are differentiated in what a distribution defines, `_pdf` or `_logpdf`; what SciPy does
around it (checks, location, scale, values outside of the support) is written here.  Shapes
of distribution functions are held constant; asking for their derivative is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rv_continuous

from s2sdiff.registry import derivative
from s2sdiff.runtime import call, scaled, unbroadcast

__all__: list[str] = []


def parameters(dist: Any, args: tuple, kwds: dict[str, Any]) -> tuple[Any, Any]:
    """Location and scale, which follow the shape parameters or are named."""
    rest = args[dist.numargs:]
    location = rest[0] if rest else kwds.get("loc", 0)
    return location, rest[1] if len(rest) > 1 else kwds.get("scale", 1)


def entries(dist: Any, x: Any, args: tuple, kwds: dict[str, Any], bars: tuple) -> Any:
    """The cotangents of the argument, the location and the scale where these were given."""
    x_bar, location_bar, scale_bar = bars
    location, scale = parameters(dist, args, kwds)
    placed = [unbroadcast(location_bar, np.shape(location)),
              unbroadcast(scale_bar, np.shape(scale))]
    named = {"loc": placed[0], "scale": placed[1]}
    rest = len(args) - dist.numargs
    return (None, unbroadcast(x_bar, np.shape(x)),
            (*[NotImplemented] * min(dist.numargs, len(args)), *placed[:max(rest, 0)]),
            {k: named.get(k, NotImplemented) for k in kwds})


def below(dist: Any, x: Any, args: tuple, kwds: dict[str, Any], weigh: Any) -> Any:
    """The pullback of a function whose slope is `weigh()` times the cotangent."""

    def pullback(p_bar):
        share = scaled(p_bar, weigh())
        location, scale = parameters(dist, args, kwds)
        bars = share, -share, scaled(-share, (x - location) / np.asarray(scale))
        return entries(dist, x, args, kwds, bars)

    return pullback


@derivative(of=rv_continuous.cdf)
def cdf(self, x, *args, **kwds):
    return self.cdf(x, *args, **kwds), below(
        self, x, args, kwds, lambda: self.pdf(x, *args, **kwds))


@derivative(of=rv_continuous.sf)
def sf(self, x, *args, **kwds):
    return self.sf(x, *args, **kwds), below(
        self, x, args, kwds, lambda: -self.pdf(x, *args, **kwds))


@derivative(of=rv_continuous.logcdf)
def logcdf(self, x, *args, **kwds):
    p = self.logcdf(x, *args, **kwds)
    return p, below(self, x, args, kwds, lambda: np.exp(self.logpdf(x, *args, **kwds) - p))


@derivative(of=rv_continuous.logsf)
def logsf(self, x, *args, **kwds):
    p = self.logsf(x, *args, **kwds)
    return p, below(self, x, args, kwds, lambda: -np.exp(self.logpdf(x, *args, **kwds) - p))


def inverse(dist: Any, q: Any, args: tuple, kwds: dict[str, Any], x: Any, sign: float) -> Any:
    """The pullback of the inverse of a distribution function."""

    def pullback(x_bar):
        location, scale = parameters(dist, args, kwds)
        slope = sign / dist.pdf(x, *args, **kwds)
        bars = scaled(x_bar, slope), x_bar, scaled(x_bar, (x - location) / np.asarray(scale))
        return entries(dist, q, args, kwds, bars)

    return pullback


@derivative(of=rv_continuous.ppf)
def ppf(self, q, *args, **kwds):
    x = self.ppf(q, *args, **kwds)
    return x, inverse(self, q, args, kwds, x, 1.0)


@derivative(of=rv_continuous.isf)
def isf(self, q, *args, **kwds):
    x = self.isf(q, *args, **kwds)
    return x, inverse(self, q, args, kwds, x, -1.0)


def shapes_of(dist: Any, args: tuple, kwds: dict[str, Any]) -> list[Any]:
    """The shape parameters, by position or by name."""
    names = [n.strip() for n in dist.shapes.split(",")] if dist.shapes else []
    return [args[i] if i < len(args) else kwds[n] for i, n in enumerate(names)]


def density(dist: Any, x: Any, args: tuple, kwds: dict[str, Any], logarithm: bool) -> Any:
    """The pullback of a density or its logarithm."""
    location, scale = parameters(dist, args, kwds)
    given = [x, location, scale, *shapes_of(dist, args, kwds)]
    points, _, scales, *shapes = np.broadcast_arrays(*[np.asarray(v, float) for v in given])
    points = np.asarray((points - location) / scale)
    valid = dist._argcheck(*shapes) & dist._support_mask(points, *shapes) & (scales > 0)
    inside = np.reshape(valid, points.shape).astype(bool)
    good = [v[inside] for v in (points, *shapes)]
    within, back = call(tuple(range(len(good))), dist._logpdf if logarithm else dist._pdf, *good)

    def pullback(p_bar):
        stretch = scales[inside]
        g = np.broadcast_to(p_bar, inside.shape)[inside]
        direct = -g / stretch if logarithm else -g * within / stretch**2
        found = back(g if logarithm else g / stretch)
        y_bar, *shape_bars = (found,) if len(good) == 1 else found
        y_bar = (0.0 if y_bar is None else y_bar) / stretch
        bars = [y_bar, -y_bar, direct - y_bar * good[0], *shape_bars]
        placed = [spread(b, inside, np.shape(v)) for b, v in zip(bars, given, strict=True)]
        ordered = [*placed[3:], *placed[1:3]]
        named = dict(zip([*(dist.shapes or "").replace(",", " ").split(), "loc", "scale"],
                         ordered, strict=True))
        return None, placed[0], tuple(ordered[:len(args)]), {k: named[k] for k in kwds}

    return pullback


def spread(bar: Any, inside: Any, shape: tuple[int, ...]) -> Any:
    """What belongs to the points inside of the support, as a cotangent of an argument."""
    if bar is None:
        return None
    full = np.zeros(inside.shape)
    full[inside] = bar
    return unbroadcast(full, shape)


@derivative(of=rv_continuous.pdf)
def pdf(self, x, *args, **kwds):
    return self.pdf(x, *args, **kwds), density(self, x, args, kwds, False)


@derivative(of=rv_continuous.logpdf)
def logpdf(self, x, *args, **kwds):
    return self.logpdf(x, *args, **kwds), density(self, x, args, kwds, True)


for _rule in (cdf, sf, logcdf, logsf, ppf, isf, pdf, logpdf):
    # The distribution, which is no array, is among their arguments.
    _rule.__s2sdiff_any__ = True  # type: ignore[attr-defined]
