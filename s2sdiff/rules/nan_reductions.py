"""Reductions that skip nan: `np.nansum`, `np.nanmean`, `np.nanmax` and the like."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import share, share_with_first
from s2sdiff.rules.products import product_of_others
from s2sdiff.rules.shared import axis_among, carried, cast_to, refuse_out
from s2sdiff.rules.spreads import present, spread, widened

__all__: list[str] = []


def options_of(**options: Any) -> dict[str, Any]:
    """The keywords that were given."""
    return {name: value for name, value in options.items() if value is not None}


@derivative(of=np.nansum, wrt=("a", "initial"))
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nansum")
    s = np.nansum(a, axis=axis, keepdims=keepdims,
                  **options_of(dtype=dtype, initial=initial, where=where))
    chosen, axis = present(a, where), axis_among(a, axis)

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
    chosen, axis = present(a, where), axis_among(a, axis)

    def pullback(m_bar):
        return share(m_bar, chosen, axis, keepdims)

    return m, pullback


@derivative(of=np.nanprod, wrt=("a", "initial"))
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanprod")
    p = np.nanprod(a, axis=axis, keepdims=keepdims,
                   **options_of(dtype=dtype, initial=initial, where=where))
    chosen, axis = present(a, where), axis_among(a, axis)
    first = 1.0 if initial is None else initial

    def pullback(p_bar):
        p_bar = carried(p_bar, p.dtype)
        factors = np.where(chosen, cast_to(a, p.dtype), 1.0)
        rest = np.prod(factors, axis=axis, keepdims=keepdims)
        initial_bar = None if initial is None else np.sum(p_bar * rest)
        others = product_of_others(factors, axis) * first
        return np.where(chosen, widened(p_bar, axis, keepdims) * others, 0.0), initial_bar

    return p, pullback


@derivative(of=np.nanvar, wrt=("a", "ddof", "mean", "correction"))
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
           correction=None):
    if out is not None:
        refuse_out("np.nanvar")
    return spread(np.nanvar, a, axis, dtype, ddof, keepdims, where, mean, correction)


@derivative(of=np.nanstd, wrt=("a", "ddof", "mean", "correction"))
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
           correction=None):
    if out is not None:
        refuse_out("np.nanstd")
    return spread(np.nanstd, a, axis, dtype, ddof, keepdims, where, mean, correction)


def nan_extreme(function, a, axis, keepdims, initial, where):
    """The rule for `np.nanmax` and `np.nanmin`."""
    z = function(a, axis=axis, keepdims=keepdims, **options_of(initial=initial, where=where))
    mask, axis = present(a, where), axis_among(a, axis)

    def pullback(z_bar):
        chosen = mask & (np.asarray(a) == widened(z, axis, keepdims))
        if initial is None:
            return share(z_bar, chosen, axis, keepdims), None
        return share_with_first(z_bar, chosen, z, initial, axis, keepdims)

    return z, pullback


@derivative(of=np.nanmax, wrt=("a", "initial"))
def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanmax")
    return nan_extreme(np.nanmax, a, axis, keepdims, initial, where)


@derivative(of=np.nanmin, wrt=("a", "initial"))
def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.nanmin")
    return nan_extreme(np.nanmin, a, axis, keepdims, initial, where)
