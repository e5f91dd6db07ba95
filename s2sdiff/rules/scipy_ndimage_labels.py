"""Sums and means over labelled parts of an image, in `scipy.ndimage`."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative

__all__: list[str] = []


def labelled_back(g: Any, x: Any, labels: Any, index: Any, mean: bool) -> Any:
    """The cotangent of an image for that of the sums, or means, of its parts."""
    if labels is None:
        return np.full(x.shape, g / x.size if mean else g, x.dtype)
    labels = np.broadcast_to(labels, x.shape)
    if index is None:
        # All that has a label is one part.
        labels, index = (labels > 0).astype(int), 1
    known, where = np.unique(index, return_inverse=True)
    total = np.zeros(known.shape, x.dtype)
    np.add.at(total, np.ravel(where), np.ravel(g))
    place = np.minimum(np.searchsorted(known, labels), known.size - 1)
    inside = known[place] == labels
    if mean:
        total = total / np.maximum(np.bincount(place[inside], minlength=known.size), 1)
    return np.where(inside, total[place], 0).astype(x.dtype)


@derivative(of=[ndimage.sum_labels, ndimage.sum], wrt="input")
def sum_labels(input, labels: Any = None, index: Any = None):
    return ndimage.sum_labels(input, labels, index), lambda s_bar: labelled_back(
        s_bar, np.asarray(input), labels, index, False)


@derivative(of=ndimage.mean, wrt="input")
def mean(input, labels: Any = None, index: Any = None):
    return ndimage.mean(input, labels, index), lambda m_bar: labelled_back(
        m_bar, np.asarray(input), labels, index, True)
