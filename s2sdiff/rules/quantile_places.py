"""Between which entries quantiles lie."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.rules.extremes import winners

__all__ = ["neighbours"]

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


def neighbours(a: Any, q: Any, axes: tuple[int, ...], method: str, skip_nan: bool) -> Any:
    """Of each quantile the entries below and above it, its place between them, and its slope in q.

    It lies between two order statistics, with which equal entries agree; all have the axes of `a`.
    """
    kept = tuple(1 if i in axes else m for i, m in enumerate(a.shape))
    ordered = np.sort(rows_of(a, axes), axis=-1)
    n, one = ordered.shape[-1], (*ordered.shape[:-1], 1)
    counts = np.sum(ordered == ordered, axis=-1, keepdims=True) if skip_nan else np.array(n)
    slope = (counts + SLOPES[method]) if method in SLOPES else np.zeros(())
    for p in np.ravel(q):
        place = place_of(float(p), counts, method)
        low = np.minimum(np.floor(place + 1e-12 * n).astype(int), n - 1)
        high = np.minimum(np.ceil(place - 1e-12 * n).astype(int), n - 1)
        chosen = []
        for index in (low, high):
            z = np.take_along_axis(ordered, np.broadcast_to(index, one), -1)
            found = winners(a, np.reshape(z, kept), axes, True)
            # Where there is nothing but nan, nobody receives anything.
            chosen.append(found & (a == a) if skip_nan else found)
        inside = high > low
        yield (*chosen, *(np.reshape(np.broadcast_to(t, one), kept).astype(a.dtype) for t in (
            np.where(inside, place - low, 0.0), np.where(inside & (counts > 0), slope, 0.0))))


def rows_of(a: Any, axes: tuple[int, ...]) -> Any:
    """The entries along several axes as one last axis."""
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(a, axes, last)
    return np.reshape(moved, (*moved.shape[: a.ndim - len(axes)], -1))
