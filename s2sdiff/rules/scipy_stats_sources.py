"""Methods of distributions that are in no table here, through SciPy's own source."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rv_continuous

from s2sdiff.registry import constant
from s2sdiff.rules import scipy_stats_limits
from s2sdiff.rules.scipy_stats_parameters import Parameters, entries
from s2sdiff.runtime import call, scaled, unbroadcast

__all__ = ["by_source", "is_own", "slopes_by_source"]


def is_own(dist: Any, name: str) -> bool:
    """Whether a distribution has a formula of its own for a method."""
    return getattr(type(dist), "_" + name) is not getattr(rv_continuous, "_" + name)


constant(is_own)


def slopes_by_source(dist: Any, points: Any, shapes: list[Any]) -> list[Any]:
    """dF/dshape by SciPy's own source: beyond the median of 1 - F, as F is too near to 1 there."""
    size, wanted = np.shape(points), tuple(range(1, 1 + len(shapes)))
    points, *shapes = [np.ravel(v) for v in (points, *shapes)]  # as SciPy calls these methods
    f, back = call(wanted, dist._cdf, points, *shapes)
    found, beyond = each(back(np.ones_like(f))), np.array(f > 0.5)
    if is_own(dist, "sf") and np.any(beyond):
        _, back = call(wanted, dist._sf, points, *shapes)
        far = each(back(-np.ones_like(f)))
        found = [np.where(beyond, z, v) for z, v in zip(far, found, strict=True)]
    return [np.reshape(np.broadcast_to(v, np.shape(f)), size) for v in found]


def each(found: Any) -> list[Any]:
    """The entries of a pullback in a list, with 0 for None."""
    entries = found if isinstance(found, tuple) else (found,)
    return [0.0 if v is None else v for v in entries]


def by_source(p: Parameters, x: Any, name: str) -> Any:
    """The pullback of a method through SciPy's own source, at the points in the support."""
    given = [x, p.loc, p.scale, *p.shapes]
    points, location, scales, *shapes = np.broadcast_arrays(*[np.asarray(v, float) for v in given])
    with np.errstate(all="ignore"):
        points = np.asarray((points - location) / scales)
    valid = p.dist._argcheck(*shapes) & p.dist._support_mask(points, *shapes) & (scales > 0)
    inside = np.broadcast_to(valid, points.shape).astype(bool)
    good = [v[inside] for v in (points, *shapes)]
    value, back = call(tuple(range(len(good))), getattr(p.dist, "_" + name), *good)

    def pullback(bar):
        stretch = scales[inside]
        g = np.broadcast_to(bar, inside.shape)[inside]
        weight = g / stretch if name == "pdf" else g
        # By slopes, so that a zero of `bar` wins where they are infinite or none.
        y_bar, *shape_bars = [scaled(weight, slope) for slope in each(back(np.ones_like(value)))]
        y_bar = y_bar / stretch
        share = scaled(weight, value) if name == "pdf" else g
        shape_bars = scipy_stats_limits.at_zero(
            p.dist, good[0], good[1:], shape_bars, share, False)
        scale_bar = scaled(-y_bar, good[0])
        if name == "pdf" or name == "logpdf":
            scale_bar = scale_bar - share / stretch
        bars = [y_bar, -y_bar, scale_bar, *shape_bars]
        placed = [spread(b, inside, np.shape(v)) for b, v in zip(bars, given, strict=True)]
        named = dict(zip(["loc", "scale", *p.names], placed[1:], strict=True))
        return (None, placed[0], *entries(p, {k: lambda v=v: v for k, v in named.items()}))

    return pullback


def spread(bar: Any, inside: Any, shape: tuple[int, ...]) -> Any:
    """What belongs to the points inside of the support, as a cotangent of an argument."""
    if bar is None:
        return None
    full = np.zeros(inside.shape)
    full[inside] = bar
    return unbroadcast(full, shape)
