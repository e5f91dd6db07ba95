"""Medians, quantiles and percentiles, and those that skip nan; equal values share evenly."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import gathered_share, share, winners
from s2sdiff.rules.quantile_places import neighbours
from s2sdiff.rules.shared import axes_of, like, refuse_out, shaped, unsupported

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
        return picked_back(m_bar, a, 0.5, axis, "linear")

    return np.median(a, axis=axis, keepdims=keepdims), pullback


@derivative(of=np.nanmedian, wrt="a")
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if out is not None:
        refuse_out("np.nanmedian")
    if overwrite_input:
        refuse_overwriting("np.nanmedian")

    def pullback(m_bar):
        return picked_back(m_bar, a, 0.5, axis, "linear", True)

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
        return (picked_back(z_bar, a, q, axis, method),
                by_quantile(z_bar, rise(a, a, q, axis, method), q), None)

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
        return (picked_back(z_bar, a, q, axis, method, True),
                by_quantile(z_bar, rise(a, a, q, axis, method, True), q), None)

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
        p = np.asarray(q) / 100.0
        return (picked_back(z_bar, a, p, axis, method),
                by_quantile(z_bar, rise(a, a, p, axis, method), p) / 100.0, None)

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
        p = np.asarray(q) / 100.0
        return (picked_back(z_bar, a, p, axis, method, True),
                by_quantile(z_bar, rise(a, a, p, axis, method, True), p) / 100.0, None)

    return np.nanpercentile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


# ---------------------------------------------------------------------------- their pullbacks


@like(1)
def picked_back(z_bar: Any, a: Any, q: Any, axis: Any, method: str, skip_nan: bool = False) -> Any:
    """The cotangent of `a` for that of its quantiles.

    >>> picked_back(1.0, np.array([5.0, 2.0, 4.0, 2.0]), 0.25, None, "linear")
    array([0. , 0.5, 0. , 0.5])
    """
    a = np.asarray(a)
    axes, a_bar = axes_of(axis, a.ndim), np.zeros_like(a)
    for g, (low, high, t, _) in each(z_bar, a, q, axes, method, skip_nan):
        a_bar = a_bar + share(g * (1 - t), low, axes, True) + share(g * t, high, axes, True)
    return a_bar


def picked(v: Any, a: Any, q: Any, axis: Any, method: str, skip_nan: bool = False) -> Any:
    """The transpose: `v` where the quantiles of `a` are, which is how they move along it.

    >>> picked(np.array([1.0, 2.0, 3.0]), np.array([5.0, 2.0, 4.0]), 0.75, None, "linear")
    array(2.)
    """
    a = np.asarray(a)
    axes = axes_of(axis, a.ndim)
    return joined(a, q, axes, [
        gathered_share(v, low, axes, True) * (1 - t) + gathered_share(v, high, axes, True) * t
        for low, high, t, _ in neighbours(a, q, axes, method, skip_nan)] if a.size else [])


def rise(v: Any, a: Any, q: Any, axis: Any, method: str, skip_nan: bool = False) -> Any:
    """How `picked` moves with its quantile: the slope of the quantile itself, where `v` is `a`."""
    a = np.asarray(a)
    axes = axes_of(axis, a.ndim)
    return joined(a, q, axes, [
        (gathered_share(v, high, axes, True) - gathered_share(v, low, axes, True)) * slope
        for low, high, _, slope in neighbours(a, q, axes, method, skip_nan)] if a.size else [])


@like(1)
def rise_back(z_bar: Any, a: Any, q: Any, axis: Any, method: str, skip_nan: bool = False) -> Any:
    a = np.asarray(a)
    axes, v_bar = axes_of(axis, a.ndim), np.zeros_like(a)
    for g, (low, high, _, slope) in each(z_bar, a, q, axes, method, skip_nan):
        v_bar = v_bar + share(g * slope, high, axes, True) - share(g * slope, low, axes, True)
    return v_bar


def each(z_bar: Any, a: Any, q: Any, axes: tuple[int, ...], method: str, skip_nan: bool) -> Any:
    """The cotangent of each quantile, with the axes of `a`, and its neighbours."""
    if not a.size:
        return ()
    kept = tuple(1 if i in axes else m for i, m in enumerate(a.shape))
    # As an array of its own, Python's float would be of double precision.
    bars = np.reshape(z_bar * np.ones((), a.dtype), (np.size(q), *kept))
    return zip(bars, neighbours(a, q, axes, method, skip_nan), strict=True)


def joined(a: Any, q: Any, axes: tuple[int, ...], parts: list[Any]) -> Any:
    """One array of what was found for each quantile, which come first."""
    rest = tuple(m for i, m in enumerate(a.shape) if i not in axes)
    shape = (*np.shape(q), *rest)
    return np.reshape(np.array(parts, a.dtype), shape) if parts else np.zeros(shape, a.dtype)


def by_quantile(z_bar: Any, rises: Any, q: Any) -> Any:
    """The cotangent of the quantiles: how much each moves all that is found for it."""
    bars = np.reshape(z_bar, np.shape(rises))
    return np.sum(bars * rises, axis=tuple(range(np.ndim(q), np.ndim(rises))))


# Which entries are chosen does not change along the way.


@derivative(of=picked_back, wrt=("z_bar", "a", "q"))
@shaped
def picked_back_(z_bar, a, q, axis, method, skip_nan=False):
    shape = np.shape(z_bar)

    def pullback(a_bar):
        return (np.reshape(picked(a_bar, a, q, axis, method, skip_nan), shape), None,
                by_quantile(z_bar, rise(a_bar, a, q, axis, method, skip_nan), q))

    return picked_back(z_bar, a, q, axis, method, skip_nan), pullback


@derivative(of=picked, wrt=("v", "a", "q"))
@shaped
def picked_(v, a, q, axis, method, skip_nan=False):
    def pullback(g):
        return (picked_back(g, a, q, axis, method, skip_nan), None,
                by_quantile(g, rise(v, a, q, axis, method, skip_nan), q))

    return picked(v, a, q, axis, method, skip_nan), pullback


@derivative(of=rise, wrt=("v", "a", "q"))
@shaped
def rise_(v, a, q, axis, method, skip_nan=False):
    return rise(v, a, q, axis, method, skip_nan), lambda g: (
        rise_back(g, a, q, axis, method, skip_nan), None, None)


@derivative(of=rise_back, wrt=("z_bar", "a", "q"))
@shaped
def rise_back_(z_bar, a, q, axis, method, skip_nan=False):
    shape = np.shape(z_bar)
    return rise_back(z_bar, a, q, axis, method, skip_nan), lambda v_bar: (
        np.reshape(rise(v_bar, a, q, axis, method, skip_nan), shape), None, None)


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
