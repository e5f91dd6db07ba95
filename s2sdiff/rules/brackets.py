"""Joining by `np.r_[a, b]` and `np.c_[a, b]`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import joined, place

__all__ = ["CONCATENATOR", "concatenated"]

#: What `np.r_` and `np.c_` are; NumPy gives the class no public name.
CONCATENATOR: Any = type(np.r_).__base__


@derivative(of=joined.rows)
def rows(items, /):
    z, pullback = concatenated(np.r_, items)
    return z, lambda z_bar: pullback(z_bar)[1]


@derivative(of=joined.columns)
def columns(items, /):
    z, pullback = concatenated(np.c_, items)
    return z, lambda z_bar: pullback(z_bar)[1]


def concatenated(builder, index):
    """`np.r_[x, 0.0, y]` and `np.c_[x, y]`: the index holds what is joined."""
    items = index if isinstance(index, tuple) else (index,)
    if builder is np.r_ and not any(isinstance(item, (str, slice)) or np.ndim(item) > 1
                                    for item in items):
        return in_a_row(index, [np.shape(item) for item in items])
    shapes, sources, total = [], [], 0
    for item in items:
        if isinstance(item, (str, slice)):
            # -1 marks the entries that a slice stands for; a string only says how to join.
            shapes.append(None)
            sources.append(item if isinstance(item, str) else np.full(np.r_[item].shape, -1))
            continue
        shapes.append((total, np.shape(item)))
        numbers = np.reshape(np.arange(total, total + np.size(item)), np.shape(item))
        sources.append(numbers if np.ndim(item) else int(numbers))
        total += int(np.size(item))
    order = np.asarray(builder[tuple(sources)])

    def pullback(y_bar):
        flat = place(y_bar[order >= 0], (total,), order[order >= 0])
        bars = [None if s is None else np.reshape(flat[s[0]:s[0] + int(np.prod(s[1]))], s[1])
                for s in shapes]
        return None, tuple(bars) if isinstance(index, tuple) else bars[0]

    return builder[index], pullback


def in_a_row(index: Any, shapes: list[tuple[int, ...]]) -> Any:
    """`np.r_` of vectors and numbers."""
    def pullback(y_bar):
        bars, start = [], 0
        for shape in shapes:
            bars.append(y_bar[start:start + shape[0]] if shape else y_bar[start])
            start += shape[0] if shape else 1
        return None, tuple(bars) if isinstance(index, tuple) else bars[0]

    return np.r_[index], pullback
