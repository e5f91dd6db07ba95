"""`np.insert` and `np.delete`, by following the number of each entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import place

__all__: list[str] = []


def numbers(a: Any, start: int = 0) -> np.ndarray:
    """The entries of an array replaced by consecutive numbers."""
    return np.reshape(np.arange(start, start + np.size(a)), np.shape(a))


@derivative(of=np.delete, wrt="arr")
def delete(arr, obj, axis=None):
    shape, size = np.shape(arr), int(np.size(arr))
    kept = np.ravel(np.delete(numbers(arr), obj, axis))

    def pullback(z_bar):
        return np.reshape(place(np.ravel(z_bar), (size,), kept), shape)

    return np.delete(arr, obj, axis), pullback


@derivative(of=np.insert, wrt=("arr", "values"))
def insert(arr, obj, values, axis=None):
    shapes, size = (np.shape(arr), np.shape(values)), int(np.size(arr))
    whole = size + int(np.size(values))
    sources = np.ravel(np.insert(numbers(arr), obj, numbers(values, size), axis))

    def pullback(z_bar):
        flat = place(np.ravel(z_bar), (whole,), sources)
        return np.reshape(flat[:size], shapes[0]), np.reshape(flat[size:], shapes[1])

    return np.insert(arr, obj, values, axis), pullback
