"""Reductions that skip nan: `np.nansum`, `np.nanmean`, `np.nanmax` and the like."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import share
from s2sdiff.rules.products import product_of_others
from s2sdiff.rules.shared import carried, refuse_out, unsupported

__all__: list[str] = []


def widened(g: Any, axis: Any, keepdims: bool) -> Any:
    """A cotangent of a reduction with the reduced axes put back, as length 1."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def present(a: Any, where: Any) -> Any:
    """The entries that take part: selected by the mask, and not nan."""
    chosen = ~np.isnan(a)
    return chosen if where is None else chosen & where


def options_of(**options: Any) -> dict[str, Any]:
    """The keywords that were given."""
    return {name: value for name, value in options.items() if value is not None}


@derivative(of=np.nansum, wrt=("a", "initial"))
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nansum")
    s = np.nansum(a, axis=axis, keepdims=keepdims,
                  **options_of(dtype=dtype, initial=initial, where=where))
    chosen = present(a, where)

    def pullback(s_bar):
        s_bar = carried(s_bar, s.dtype)
        initial_bar = None if initial is None else np.sum(s_bar)
        return np.where(chosen, widened(s_bar, axis, keepdims), 0.0), initial_bar

    return s, pullback


@derivative(of=np.nanmean, wrt="a")
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    if out is not None:
        refuse_out("np.nanmean")
    m = np.nanmean(a, axis=axis, keepdims=keepdims, **options_of(dtype=dtype, where=where))
    chosen = present(a, where)

    def pullback(m_bar):
        return share(m_bar, chosen, axis, keepdims)

    return m, pullback


@derivative(of=np.nanprod, wrt=("a", "initial"))
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanprod")
    p = np.nanprod(a, axis=axis, keepdims=keepdims,
                   **options_of(dtype=dtype, initial=initial, where=where))
    chosen = present(a, where)
    first = 1.0 if initial is None else initial

    def pullback(p_bar):
        p_bar = carried(p_bar, p.dtype)
        factors = np.where(chosen, a, 1.0)
        rest = np.prod(factors, axis=axis, keepdims=keepdims)
        initial_bar = None if initial is None else np.sum(p_bar * rest)
        others = product_of_others(factors, axis) * first
        return np.where(chosen, widened(p_bar, axis, keepdims) * others, 0.0), initial_bar

    return p, pullback


def centred(a: Any, chosen: Any, axis: Any) -> tuple[Any, Any]:
    """Deviations from the mean of the chosen entries (0 for the others), and their number."""
    values = np.where(chosen, a, 0.0)
    count = np.sum(chosen, axis=axis, keepdims=True, dtype=values.dtype)
    mean = np.sum(values, axis=axis, keepdims=True) / np.maximum(count, 1)
    return np.where(chosen, values - mean, 0.0), count


@derivative(of=np.nanvar, wrt="a")
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None):
    if out is not None:
        refuse_out("np.nanvar")
    v = np.nanvar(a, axis=axis, ddof=ddof, keepdims=keepdims,
                  **options_of(dtype=dtype, where=where))
    chosen = present(a, where)

    def pullback(v_bar):
        deviation, count = centred(a, chosen, axis)
        # Too few entries made the value nan; they get no share, and no division by zero.
        freedom = np.where(count > ddof, count - ddof, np.inf)
        return widened(v_bar, axis, keepdims) * 2.0 / freedom * np.conj(deviation)

    return v, pullback


@derivative(of=np.nanstd, wrt="a")
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None):
    if out is not None:
        refuse_out("np.nanstd")
    s = np.nanstd(a, axis=axis, ddof=ddof, keepdims=keepdims,
                  **options_of(dtype=dtype, where=where))
    chosen = present(a, where)

    def pullback(s_bar):
        deviation, count = centred(a, chosen, axis)
        spread = widened(s, axis, keepdims)
        high = np.max(np.where(chosen, a, -np.inf), axis=axis, keepdims=True)
        low = np.min(np.where(chosen, a, np.inf), axis=axis, keepdims=True)
        flat = (high <= low) | (count <= ddof) | (spread == 0)
        slope = widened(s_bar, axis, keepdims) / np.where(flat, np.inf, spread * (count - ddof))
        return slope * np.conj(deviation)

    return s, pullback


def nan_extreme(function, a, axis, keepdims, initial, where):
    """The rule for `np.nanmax` and `np.nanmin`."""
    z = function(a, axis=axis, keepdims=keepdims, **options_of(initial=initial, where=where))
    if initial is not None:
        raise unsupported(f"np.{function.__name__}(..., initial=...) has no derivative here",
                          "take np.maximum or np.minimum of the result and the first value")
    mask = present(a, where)

    def pullback(z_bar):
        chosen = mask & (np.asarray(a) == widened(z, axis, keepdims))
        return share(z_bar, chosen, axis, keepdims)

    return z, pullback


@derivative(of=np.nanmax, wrt="a")
def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanmax")
    return nan_extreme(np.nanmax, a, axis, keepdims, initial, where)


@derivative(of=np.nanmin, wrt="a")
def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanmin")
    return nan_extreme(np.nanmin, a, axis, keepdims, initial, where)
