"""Medians, quantiles and percentiles, and those that skip nan; equal values share evenly."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import share, winners
from s2sdiff.rules.shared import axes_of, refuse_out, unsupported

__all__: list[str] = []


def refuse_overwriting(name: str) -> None:
    """Refuse to use the argument as memory."""
    raise unsupported(f"{name}(..., overwrite_input=True) changes its argument",
                      "leave overwrite_input out")


def check_axes(name: str, axis: Any) -> None:
    """Refuse what NumPy, up to 2.4 at least, gives with its axes in another order than it says."""
    if axis is not None and not (isinstance(axis, (int, np.integer)) and axis >= 0):
        raise unsupported(f"{name} of a matrix of probabilities along axis={axis!r}",
                          "give it one axis counted from the front, or a flat list of them")


@derivative(of=np.median, wrt="a")
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if out is not None:
        refuse_out("np.median")
    if overwrite_input:
        refuse_overwriting("np.median")

    def pullback(m_bar):
        return quantile_back(m_bar, a, 0.5, axis, "linear")[0]

    return np.median(a, axis=axis, keepdims=keepdims), pullback


@derivative(of=np.nanmedian, wrt="a")
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if out is not None:
        refuse_out("np.nanmedian")
    if overwrite_input:
        refuse_overwriting("np.nanmedian")

    def pullback(m_bar):
        return quantile_back(m_bar, a, 0.5, axis, "linear", skip_nan=True)[0]

    return np.nanmedian(a, axis=axis, keepdims=keepdims), pullback


@derivative(of=np.quantile, wrt=("a", "q", "weights"))
def quantile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
             keepdims=False, *, weights=None):
    if out is not None:
        refuse_out("np.quantile")
    if overwrite_input:
        refuse_overwriting("np.quantile")
    if weights is not None:
        return by_weights(np.quantile, a, q, axis, method, keepdims, weights)

    def pullback(z_bar):
        a_bar, q_bar = quantile_back(z_bar, a, q, axis, method)
        return a_bar, q_bar, None

    return np.quantile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


@derivative(of=np.nanquantile, wrt=("a", "q", "weights"))
def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
                keepdims=False, *, weights=None):
    if out is not None:
        refuse_out("np.nanquantile")
    if overwrite_input:
        refuse_overwriting("np.nanquantile")
    if np.ndim(q) > 1:
        check_axes("np.nanquantile", axis)
    if weights is not None:
        return by_weights(np.nanquantile, a, q, axis, method, keepdims, weights)

    def pullback(z_bar):
        a_bar, q_bar = quantile_back(z_bar, a, q, axis, method, skip_nan=True)
        return a_bar, q_bar, None

    return np.nanquantile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


@derivative(of=np.percentile, wrt=("a", "q", "weights"))
def percentile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
               keepdims=False, *, weights=None):
    if out is not None:
        refuse_out("np.percentile")
    if overwrite_input:
        refuse_overwriting("np.percentile")
    if weights is not None:
        return by_weights(np.percentile, a, q, axis, method, keepdims, weights)

    def pullback(z_bar):
        a_bar, q_bar = quantile_back(z_bar, a, np.asarray(q) / 100.0, axis, method)
        return a_bar, q_bar / 100.0, None

    return np.percentile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


@derivative(of=np.nanpercentile, wrt=("a", "q", "weights"))
def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
                  keepdims=False, *, weights=None):
    if out is not None:
        refuse_out("np.nanpercentile")
    if overwrite_input:
        refuse_overwriting("np.nanpercentile")
    if np.ndim(q) > 1:
        check_axes("np.nanpercentile", axis)
    if weights is not None:
        return by_weights(np.nanpercentile, a, q, axis, method, keepdims, weights)

    def pullback(z_bar):
        a_bar, q_bar = quantile_back(z_bar, a, np.asarray(q) / 100.0, axis, method, skip_nan=True)
        return a_bar, q_bar / 100.0, None

    return np.nanpercentile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


# ---------------------------------------------------------------------------- their pullbacks


#: What is added to the number of values, in the slope of the place of a quantile with respect to
#: its probability: 1 - alpha - beta of Hyndman and Fan 1996.  All other methods are steps.
SLOPES = {"linear": -1.0, "weibull": 1.0, "hazen": 0.0, "interpolated_inverted_cdf": 0.0,
          "median_unbiased": 1 / 3, "normal_unbiased": 1 / 4}


def place_of(q: float, counts: Any, method: Any) -> Any:
    """Where, counted from 0, a quantile lies between sorted values, one for every count of them.

    >>> place_of(0.5, np.array([[4], [5]]), "linear").ravel(), place_of(0.5, np.array(4), "higher")
    (array([1.5, 2. ]), array(2.))
    """
    if method == "linear":
        return q * np.maximum(counts - 1.0, 0.0)
    places = np.zeros(np.shape(counts))
    for n in np.unique(counts[counts > 0]):
        # Of the numbers from 0, each quantile is its own place.
        places = np.where(counts == n, np.quantile(np.arange(float(n)), q, method=method), places)
    return places


def quantile_back(z_bar: Any, a: Any, q: Any, axis: Any, method: str,
                  skip_nan: bool = False) -> Any:
    """Each quantile lies between two order statistics, whose entries receive its cotangent."""
    a = np.asarray(a)
    if not a.size:
        return np.zeros_like(a), np.zeros(np.shape(q), np.result_type(z_bar))
    axes = axes_of(axis, a.ndim)
    kept = tuple(1 if i in axes else m for i, m in enumerate(a.shape))
    ordered = np.sort(rows_of(a, axes), axis=-1)
    n = ordered.shape[-1]
    counts = np.sum(ordered == ordered, axis=-1, keepdims=True) if skip_nan else np.array(n)
    points = np.asarray(q)
    flat = np.ravel(points)
    bars = np.reshape(z_bar, (flat.size, *ordered.shape[:-1]))
    a_bar, q_bars = np.zeros_like(a), []
    for k in range(flat.size):
        place = place_of(float(flat[k]), counts, method)
        low = np.minimum(np.floor(place + 1e-12 * n).astype(int), n - 1)
        high = np.minimum(np.ceil(place - 1e-12 * n).astype(int), n - 1)
        t = np.where(high > low, place - low, 0.0).astype(bars.dtype)
        values = []
        for index, weight in ((low, 1 - t), (high, t)):
            at = np.broadcast_to(index, (*ordered.shape[:-1], 1))
            z = np.reshape(np.take_along_axis(ordered, at, -1), kept)
            part = np.reshape(np.expand_dims(bars[k], -1) * weight, kept)
            chosen = winners(a, z, axes, True)
            # Where there is nothing but nan, nobody receives anything.
            chosen = chosen & (a == a) if skip_nan else chosen
            a_bar = a_bar + share(part, chosen, axes, True)
            values.append(z)
        slope = (counts + SLOPES[method]) if method in SLOPES else np.zeros(())
        rise = np.where(high > low, slope, 0) * np.reshape(values[1] - values[0],
                                                          (*ordered.shape[:-1], 1))
        q_bars.append(np.sum(np.where(counts > 0, np.expand_dims(bars[k], -1) * rise, 0)))
    return a_bar, np.reshape(np.array(q_bars, dtype=bars.dtype), points.shape)


def by_weights(function, a, q, axis, method, keepdims, weights):
    """The rule of a quantile with weights, which is one of the values, and stays it nearby."""
    z = function(a, q, axis=axis, method=method, keepdims=keepdims, weights=weights)

    def pullback(z_bar):
        values = np.asarray(a)
        axes = axes_of(axis, values.ndim)
        kept = tuple(1 if i in axes else m for i, m in enumerate(values.shape))
        found = np.reshape(z, (np.size(q), *kept))
        a_bar = np.zeros_like(values)
        for value, g in zip(found, np.reshape(z_bar, found.shape), strict=True):
            chosen = winners(values, value, axes, True) & (values == values)
            a_bar = a_bar + share(g, chosen, axes, True)
        return a_bar, None, None

    return z, pullback


def rows_of(a: Any, axes: tuple[int, ...]) -> Any:
    """The entries along several axes as one last axis."""
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(a, axes, last)
    return np.reshape(moved, (*moved.shape[: a.ndim - len(axes)], -1))
