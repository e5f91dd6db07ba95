"""Jacobians put together of rows or columns, in the structures of results and arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.leaves import mapped
from s2sdiff.runtime.side_by_side import leaves, part
from s2sdiff.runtime.values import is_differentiable

__all__ = ["of_columns", "seed", "stacked", "units"]


def seed(x: Any, path: tuple, index: tuple) -> Any:
    """Zeros in the structure of `x`, but for a one at an index of one leaf."""

    def made(at: tuple, v: Any) -> Any:
        if not is_differentiable(v):
            return None
        unit = np.zeros(np.shape(v), np.result_type(v))
        if at == path:
            unit[index] = 1
        return match(unit[()], v)

    return mapped(x, made)


def units(x: Any) -> Iterator[Any]:
    if type(x) is np.ndarray:
        for index in np.ndindex(x.shape):
            unit = np.zeros(x.shape, x.dtype)
            unit[index] = 1
            yield unit
        return
    for path, v in leaves(x):
        for index in np.ndindex(np.shape(v)) if is_differentiable(v) else ():
            yield seed(x, path, index)


def of_columns(value: Any, x: Any, columns: list[Any]) -> Any:
    """The result's structure, with the argument's at each leaf, of one column for each number."""

    def of(path: tuple, leaf: Any) -> Any:
        rest = iter(columns)

        def block(_: tuple, v: Any) -> Any:
            if not is_differentiable(leaf) or not is_differentiable(v):
                return None
            mine = [np.asarray(part(next(rest), path)) for _ in range(np.size(v))]
            if not mine:
                return np.zeros((*np.shape(leaf), *np.shape(v)), np.result_type(leaf))
            return np.stack(mine, axis=-1).reshape((*np.shape(leaf), *np.shape(v)))[()]

        return mapped(x, block)

    return mapped(value, of)


def stacked(rows: list[Any], x: Any, shape: tuple[int, ...]) -> Any:
    def of(path: tuple, v: Any) -> Any:
        if not is_differentiable(v):
            return None
        if not rows:
            return np.zeros((*shape, *np.shape(v)), np.result_type(v))
        mine = [np.asarray(part(r, path)) for r in rows]
        return np.stack(mine).reshape((*shape, *np.shape(v)))[()]

    return mapped(x, of)
