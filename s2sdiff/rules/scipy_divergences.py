"""The distance of Jensen and Shannon between distributions.

Of normalised p and q it is the root of half `sum(p log(p / m) + q log(q / m))` with their mean m,
whose slope in p is `log(p / m)`.  Where both are equal it is least, and has the slope 0, as a norm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import distance

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []

_distance: Any = distance.jensenshannon


def slope(part: Any, mean: Any) -> Any:
    """`log(part / mean)`; where both are zero, as if the part alone began."""
    none = mean == 0
    with np.errstate(divide="ignore"):
        return np.log(np.where(none, 2.0, part / np.where(none, 1.0, mean)))


def normalised_back(share: Any, part: Any, total: Any, axis: Any) -> Any:
    return (share - np.sum(share * part, axis=axis, keepdims=True)) / total


@derivative(of=_distance, wrt=("p", "q", "base"))
def jensenshannon(p, q, base=None, *, axis: Any = 0, keepdims=False):
    value = _distance(p, q, base, axis=axis, keepdims=keepdims)

    def pullback(bar):
        totals = np.sum(p, axis=axis, keepdims=True), np.sum(q, axis=axis, keepdims=True)
        a, b = p / totals[0], q / totals[1]
        mean, unit = (a + b) / 2.0, 1.0 if base is None else np.log(base)
        share = np.where(value == 0, 0.0, bar / np.where(value == 0, 1.0, 4.0 * unit * value))
        share = share if keepdims else np.expand_dims(share, axis)
        a_bar = unbroadcast(scaled(share, slope(a, mean)), np.shape(p))
        b_bar = unbroadcast(scaled(share, slope(b, mean)), np.shape(q))
        return (normalised_back(a_bar, a, totals[0], axis),
                normalised_back(b_bar, b, totals[1], axis),
                None if base is None else -np.sum(bar * value) / (2.0 * base * unit))

    return value, pullback
