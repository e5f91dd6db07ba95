"""Sums, means and deviations over labelled parts of an image, in `scipy.ndimage`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


def parts_of(shape: tuple[int, ...], labels: Any, index: Any) -> tuple:
    """The part of each element, whether it has one, that of each result; the parts' sizes.

    >>> parts_of((3,), np.array([7, 5, 7]), [7])
    (array([0, 0, 0]), array([ True, False,  True]), array([0]), array([2]))
    """
    if labels is None:
        return np.zeros(shape, int), np.ones(shape, bool), [0], np.array([math.prod(shape)])
    labels = np.broadcast_to(labels, shape)
    if index is None:
        # All that has a label is one part.
        labels, index = (labels > 0).astype(int), 1
    known, of = np.unique(index, return_inverse=True)
    if not known.size:
        return np.zeros(shape, int), np.zeros(shape, bool), [], np.zeros(1, int)
    place = np.minimum(np.searchsorted(known, labels), known.size - 1)
    inside = known[place] == labels
    return place, inside, np.ravel(of), np.bincount(place[inside], minlength=known.size)


def extent(x: Any, labels: Any) -> Any:
    """An image, of the shape to which its labels stretch it."""
    return x if labels is None else np.broadcast_to(x, np.broadcast_shapes(
        x.shape, np.shape(labels)))


def labelled_back(g: Any, x: Any, labels: Any, index: Any, mean: bool) -> Any:
    """The cotangent of an image for that of the sums, or means, of its parts."""
    place, inside, of, sizes = parts_of(extent(x, labels).shape, labels, index)
    total = np.zeros(sizes.shape, x.dtype)
    np.add.at(total, of, np.ravel(g))
    if mean:
        total = total / np.maximum(sizes, 1)
    return unbroadcast(np.where(inside, total[place], 0).astype(x.dtype), x.shape)


@derivative(of=[ndimage.sum_labels, ndimage.sum], wrt="input")
@shaped
def sum_labels(input, labels: Any = None, index: Any = None):
    return ndimage.sum_labels(input, labels, index), lambda s_bar: labelled_back(
        s_bar, np.asarray(input), labels, index, False)


@derivative(of=ndimage.mean, wrt="input")
@shaped
def mean(input, labels: Any = None, index: Any = None):
    return ndimage.mean(input, labels, index), lambda m_bar: labelled_back(
        m_bar, np.asarray(input), labels, index, True)


@derivative(of=ndimage.standard_deviation, wrt="input")
@shaped
def standard_deviation(input, labels: Any = None, index: Any = None):
    """At the kink, where all of a part is one value, no motion; a rounded mean would hide it."""

    def pullback(s_bar):
        image = np.asarray(input)
        x = extent(image, labels)
        place, inside, of, sizes = parts_of(x.shape, labels, index)
        total, sums, first = (np.zeros(sizes.shape, x.dtype) for _ in range(3))
        np.add.at(total, of, np.real(np.ravel(s_bar)))
        at, values = place[inside], x[inside]
        np.add.at(sums, at, values)
        first[at[::-1]] = values[::-1]
        moves = np.bincount(at, values != first[at], sizes.size) > 0
        deviation = x - (sums / np.maximum(sizes, 1))[place]
        squares = np.zeros(sizes.shape, np.real(x).dtype)
        np.add.at(squares, at, np.abs(deviation[inside]) ** 2)
        share = total / np.where(moves, np.sqrt(sizes * squares), np.inf)
        x_bar = np.where(inside, share[place] * np.conj(deviation), 0)
        return unbroadcast(x_bar, image.shape).astype(image.dtype)

    return ndimage.standard_deviation(input, labels, index), pullback
