"""What `scipy.spatial.distance` calls in C++: distances of all pairs, and square forms of them.

`cdist` and `pdist` are SciPy's own Python, which is differentiated; equal points have distance 0,
where the derivative is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import distance

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import refuse_out
from s2sdiff.runtime import scaled

__all__: list[str] = []

_pairs: Any = getattr(distance, "_distance_pybind", None)
_forms: Any = getattr(distance, "_distance_wrap", None)


def slope_of(metric: str, difference: Any, length: Any, w: Any, p: float) -> Any:
    """The derivative of the distances with respect to the differences of the points."""
    length = np.expand_dims(length, -1)
    weight = 1.0 if w is None else np.asarray(w)
    if metric == "sqeuclidean":
        return 2 * weight * difference
    if metric == "cityblock":
        return weight * np.sign(difference)
    apart = np.where(length == 0, 1.0, length)
    if metric == "euclidean":
        return np.where(length == 0, 0.0, weight * difference / apart)
    size = np.abs(difference) / apart
    return np.where(length == 0, 0.0, weight * np.sign(difference) * size ** (p - 1))


def register(metric: str) -> None:
    """Register the rules of `cdist_METRIC` and `pdist_METRIC`."""
    between, among = getattr(_pairs, f"cdist_{metric}"), getattr(_pairs, f"pdist_{metric}")

    @derivative(of=between, wrt=("x", "y"))
    def cdist(x, y, w=None, out=None, **options):
        if out is not None:
            refuse_out("cdist")
        value = between(x, y, w=w, **options)

        def pullback(bar):
            difference = np.expand_dims(x, 1) - np.expand_dims(y, 0)
            slope = slope_of(metric, difference, value, w, options.get("p", 2.0))
            share = scaled(np.expand_dims(bar, -1), slope)
            return np.sum(share, axis=1), -np.sum(share, axis=0)

        return value, pullback

    @derivative(of=among, wrt="x")
    def pdist(x, w=None, out=None, **options):
        if out is not None:
            refuse_out("pdist")
        value = among(x, w=w, **options)

        def pullback(bar):
            points = np.asarray(x)
            i, j = np.triu_indices(len(points), 1)
            slope = slope_of(metric, points[i] - points[j], value, w, options.get("p", 2.0))
            share = scaled(np.expand_dims(bar, -1), slope)
            x_bar = np.zeros(points.shape, share.dtype)
            np.add.at(x_bar, i, share)
            np.subtract.at(x_bar, j, share)
            return x_bar

        return value, pullback


for _metric in ("euclidean", "sqeuclidean", "cityblock", "minkowski"):
    if hasattr(_pairs, f"cdist_{_metric}") and hasattr(_pairs, f"pdist_{_metric}"):
        register(_metric)

if hasattr(_forms, "to_squareform_from_vector_wrap"):

    @derivative(of=_forms.to_squareform_from_vector_wrap, writes="M")
    def to_squareform(M, v):
        _forms.to_squareform_from_vector_wrap(M, v)
        i, j = np.triu_indices(len(M), 1)

        def pullback(_, M_bar):
            v_bar = M_bar[i, j] + M_bar[j, i]
            M_bar[i, j] = 0
            M_bar[j, i] = 0
            return None, v_bar

        return None, pullback

    @derivative(of=_forms.to_vector_from_squareform_wrap, writes="v")
    def to_vector(M, v):
        _forms.to_vector_from_squareform_wrap(M, v)
        shape = np.shape(M)
        i, j = np.triu_indices(len(M), 1)

        def pullback(_, v_bar):
            M_bar = np.zeros(shape, v_bar.dtype)
            M_bar[i, j] = v_bar
            v_bar[...] = 0
            return M_bar, None

        return None, pullback
