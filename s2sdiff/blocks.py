"""Jacobians put together of rows or columns, in the structures of results and arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.leaves import leaves_of, mapped
from s2sdiff.runtime.values import is_differentiable

__all__ = ["of_columns", "of_rows"]


def of_columns(value: Any, x: Any, columns: np.ndarray, like_arguments: bool = False) -> Any:
    """The result's structure, with the argument's at each leaf.

    Parameters
    ----------
    columns : array of shape (numbers in the argument, numbers in the result)
    like_arguments : the entries have the dtypes of the arguments, not those of the result
    """
    ends = iter(_slices(value))

    def of(_: tuple, leaf: Any) -> Any:
        if not is_differentiable(leaf):
            return mapped(x, lambda _, v: None)
        mine = columns[:, next(ends)] if columns.size else None
        starts = iter(_slices(x))

        def block(_: tuple, v: Any) -> Any:
            if not is_differentiable(v):
                return None
            shape = (*np.shape(leaf), *np.shape(v))
            dtype = np.result_type(v if like_arguments else leaf)
            rows = next(starts)
            if mine is None:
                return np.zeros(shape, dtype)
            made = mine[rows].T if dtype.kind == "c" else mine[rows].T.real
            return np.array(made, dtype, order="C").reshape(shape)[()]

        return mapped(x, block)

    return mapped(value, of)


def of_rows(value: Any, point: list[Any], rows: np.ndarray) -> list[Any]:
    """For each of the arguments the result's structure, with the argument's at each leaf.

    Parameters
    ----------
    rows : array of shape (numbers in the result, numbers in all arguments)
    """
    starts = np.cumsum([0, *[sum(s.stop - s.start for s in _slices(x)) for x in point]]).tolist()
    return [of_columns(value, x, rows[:, a:b].T, like_arguments=True)
            for x, a, b in zip(point, starts, starts[1:], strict=False)]


def _slices(x: Any) -> Iterator[slice]:
    """Where the numbers of each array are among those of a value."""
    start = 0
    for v in leaves_of(x):
        if is_differentiable(v):
            yield slice(start, start + np.size(v))
            start += np.size(v)
