"""`np.average`, with and without weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import axes_of
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


@derivative(of=np.average, wrt=("a", "weights"))
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is not None or returned:
        return weighted(a, axis, weights, returned, keepdims)
    if np.ndim(a) == 0:
        return np.average(a, axis=axis, keepdims=keepdims), lambda m_bar: (m_bar, None)
    shape = np.shape(a)
    m = np.average(a, axis=axis, keepdims=keepdims)
    count = max(np.size(a), 1) if axis is None else max(np.size(a), 1) / max(np.size(m), 1)

    def pullback(m_bar):
        if axis is not None and not keepdims:
            m_bar = np.expand_dims(m_bar, axis)
        return np.broadcast_to(m_bar / count, shape), None

    return m, pullback


def weighted(a, axis, weights, returned, keepdims):
    """`np.average` with weights, or with the sum of the weights as a second result."""
    a = np.asarray(a)
    axes = axes_of(axis, a.ndim)
    result = np.average(a, axis=axis, weights=weights, returned=returned, keepdims=keepdims)

    def pullback(result_bar):
        m_bar, total_bar = result_bar if returned else (result_bar, None)
        m_bar = 0.0 if m_bar is None else widened(m_bar, axis, keepdims)
        total_bar = 0.0 if total_bar is None else widened(total_bar, axis, keepdims)
        if weights is None:
            count = max(a.size // max(np.size(result[0]), 1), 1)
            return np.broadcast_to(m_bar / count, a.shape) + 0.0, None
        w = along(np.asarray(weights), a.shape, axes)
        total = np.sum(np.broadcast_to(w, a.shape), axis=axes, keepdims=True)
        mean = np.sum(a * w, axis=axes, keepdims=True) / total
        w_bar = unbroadcast(m_bar * (a - mean) / total + total_bar, w.shape)
        return m_bar * w / total, np.reshape(reordered(w_bar, weights, axes), np.shape(weights))

    return result, pullback


def widened(g: Any, axis: Any, keepdims: bool) -> Any:
    """A cotangent of a reduction with the reduced axes put back, as length 1."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def along(w: Any, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Weights of the averaged axes only, shaped so that they broadcast against `a`."""
    if w.shape == shape:
        return w
    w = np.transpose(w, np.argsort(axes))
    return np.reshape(w, [n if i in axes else 1 for i, n in enumerate(shape)])


def reordered(w_bar: Any, weights: Any, axes: tuple[int, ...]) -> Any:
    """Undo the transposition in `along`."""
    if w_bar.ndim == np.ndim(weights) and w_bar.shape == np.shape(weights):
        return w_bar
    shape = np.shape(weights)
    order = np.argsort(axes)
    w_bar = np.reshape(w_bar, [shape[i] for i in order])
    return np.transpose(w_bar, np.argsort(order))
