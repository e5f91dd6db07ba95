"""Variances and standard deviations with a mask, a given mean, or among nan."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.rules.shared import axis_among
from s2sdiff.runtime import divide, scaled, unbroadcast

__all__ = ["present", "spread", "widened"]


def widened(g: Any, axis: Any, keepdims: bool) -> Any:
    """A cotangent of a reduction with the reduced axes put back, as length 1."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def present(a: Any, where: Any) -> Any:
    """The entries that take part: selected by the mask, and not nan."""
    chosen = ~np.isnan(a)
    return chosen if where is None else chosen & where


def spread(function, a, axis, dtype, ddof, keepdims, where, mean, correction):
    """The rule for `np.var`, `np.std`, `np.nanvar` and `np.nanstd`, with all of their options.

    It returns entries for the array, `ddof`, `mean` and `correction`.
    """
    given = {"dtype": dtype, "where": where, "mean": mean, "correction": correction}
    options = {name: value for name, value in given.items() if value is not None}
    v = function(a, axis=axis, ddof=ddof, keepdims=keepdims, **options)
    skips, root = function in (np.nanvar, np.nanstd), function in (np.std, np.nanstd)
    chosen = present(a, where) if skips else np.broadcast_to(
        True if where is None else where, np.shape(a))
    less = ddof if correction is None else correction
    axis = axis_among(a, axis)

    def pullback(v_bar):
        values = np.where(chosen, a, 0.0)
        count = np.sum(chosen, axis=axis, keepdims=True, dtype=np.real(values).dtype)
        middle = mean
        if mean is None:
            # In a real dtype the mean is that of the real parts, from which all deviate.
            shown = values if dtype is None or np.dtype(dtype).kind == "c" else np.real(values)
            middle = np.sum(shown, axis=axis, keepdims=True) / np.maximum(count, 1)
        deviation = np.where(chosen, values - middle, 0.0)
        # Too few entries made the value nan; they get no share, and no division by zero.
        enough = count > less
        freedom = np.where(enough, count - less, np.inf)
        # In a complex dtype they have imaginary parts, which are 0 whatever the entries are.
        wide = np.where(enough, widened(np.real(v), axis, keepdims), 0)
        g = widened(np.real(v_bar), axis, keepdims)
        if root:
            still = flat(values, chosen, middle, mean, axis) | ~enough
            g = divide(g, 2 * np.where(still, np.inf, wide))
            wide = wide * wide
        a_bar = scaled(g * 2.0 / freedom, np.conj(deviation))
        freedom_bar = np.sum(g * wide / freedom)
        mean_bar = None if mean is None else unbroadcast(-a_bar, np.shape(mean))
        if correction is None:
            return a_bar, freedom_bar, mean_bar, None
        return a_bar, None, mean_bar, freedom_bar

    return v, pullback


def flat(values: Any, chosen: Any, middle: Any, mean: Any, axis: Any) -> Any:
    """Where all entries are one value, the kink of a deviation; a rounded mean would hide it."""
    if mean is not None or np.iscomplexobj(values):
        return np.max(np.where(chosen, np.abs(values - middle), 0.0), axis, keepdims=True,
                      initial=0.0) == 0
    high = np.max(np.where(chosen, values, -np.inf), axis=axis, keepdims=True, initial=-np.inf)
    return high <= np.min(np.where(chosen, values, np.inf), axis=axis, keepdims=True,
                          initial=np.inf)
