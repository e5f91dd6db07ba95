"""Cotangents of joined arrays, cut up again for the arrays that they were made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.carried import new_array

__all__ = ["columns", "gathered", "in_rows", "layers", "lengths_of", "pieces", "rows", "shapes_of",
           "split_like", "structured", "whole_shapes"]


def rows(joined: Any, /) -> Any:
    """`np.r_[joined]`.

    >>> rows((np.ones(2), 0.0))
    array([1., 1., 0.])
    """
    return np.r_[joined]


def columns(joined: Any, /) -> Any:
    """`np.c_[joined]`."""
    return np.c_[joined]


def shapes_of(arrays: Any) -> Any:
    """The shapes of the arrays, in a list, a tuple or an array, as they came themselves.

    >>> shapes_of((np.ones(2), np.ones((1, 3))))
    ((2,), (1, 3))
    """
    return gathered([np.shape(a) for a in arrays], arrays)


def lengths_of(arrays: Any, axis: int) -> Any:
    """The lengths of the arrays along an axis, in what the arrays came in.

    >>> lengths_of([np.ones(2), np.ones(3)], 0)
    [2, 3]
    """
    return gathered([np.shape(a)[axis] for a in arrays], arrays)


def gathered(items: list[Any], like: Any) -> Any:
    """Items in a list, a tuple or an array, as `like` is one."""
    if isinstance(like, np.ndarray):
        return np.stack(items) if isinstance(items[0], np.ndarray) else new_array(items)
    return tuple(items) if isinstance(like, tuple) else items


def pieces(g: Any, lengths: Any, axis: int) -> Any:
    """The pieces of a concatenation along an axis.

    >>> pieces(np.arange(3.0), [2, 1], 0)
    [array([0., 1.]), array([2.])]
    """
    cut, start = [], 0
    for length in lengths:
        index = (slice(None),) * (axis % np.ndim(g)) + (slice(start, start + int(length)),)
        cut.append(g[index])
        start += int(length)
    return gathered(cut, lengths)


def split_like(g: Any, shapes: Any, axis: int | None) -> Any:
    """The pieces of a concatenation of arrays of these shapes (axis None: flattened ones)."""
    if axis is not None:
        return pieces(g, gathered([shape[axis] for shape in shapes], shapes), axis)
    whole = whole_shapes(shapes)
    sizes = [int(np.prod(shape)) for shape in whole]
    parts = zip(pieces(g, sizes, 0), whole, strict=True)
    return gathered([np.reshape(p, shape) for p, shape in parts], shapes)


def whole_shapes(shapes: Any) -> list[tuple[int, ...]]:
    """Shapes as tuples of ints: they are constants, be what they came in an array or a list.

    >>> whole_shapes(np.array([[2, 1]]))
    [(2, 1)]
    """
    return [tuple(map(int, shape)) for shape in shapes]


def layers(g: Any, shapes: Any, axis: int) -> Any:
    """The layers of a stack, in a list, a tuple or an array, as `shapes` is one."""
    return gathered(list(np.moveaxis(g, axis, 0)), shapes)


def in_rows(bar: Any, like: Any) -> Any:
    """The cotangent of what `structured` gives, with zeros for items that have none.

    >>> in_rows([None, (1.0, None)], [0.0, (2.0, 3.0)]), in_rows({1: 2.0}, [0.5, 0.5])
    ([0.0, [1.0, 0.0]], [0.0, 2.0])
    """
    if isinstance(like, (list, tuple)):
        found = bar if isinstance(bar, dict) else dict(enumerate(() if bar is None else bar))
        return [in_rows(found.get(i), item) for i, item in enumerate(like)]
    if bar is not None:
        return bar
    return np.zeros(np.shape(like)) if np.shape(like) else 0.0


def structured(g: Any, like: Any) -> Any:
    """The rows of `g` as nested lists and tuples, where the argument was given as such.

    >>> structured(np.array([[1.0, 2.0]]), [(0.0, 0.0)]) == [(1.0, 2.0)]
    True
    """
    if isinstance(like, (list, tuple)):
        rows = [structured(g[i], item) for i, item in enumerate(like)]
        return rows if isinstance(like, list) else tuple(rows)
    return g
