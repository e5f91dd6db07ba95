"""Jacobians put together of rows or columns, in the structures of results and arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.values import is_differentiable

__all__ = ["filled_with", "leaves_of", "mapped", "of_columns", "part", "seed", "stacked", "units"]


def leaves_of(x: Any) -> Iterator[Any]:
    if isinstance(x, (tuple, list, dict)):
        for v in x.values() if isinstance(x, dict) else x:
            yield from leaves_of(v)
    else:
        yield x


def mapped(x: Any, make: Callable[[tuple, Any], Any], path: tuple = ()) -> Any:
    """The structure of `x` with `make(path, leaf)` at each leaf."""
    if isinstance(x, dict):
        return {k: mapped(v, make, (*path, k)) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        items = [mapped(v, make, (*path, i)) for i, v in enumerate(x)]
        return like_fields(x, items) if hasattr(x, "_fields") else type(x)(items)
    return make(path, x)


def filled_with(x: Any, number: float) -> Any:
    return mapped(x, lambda _, v: match(np.full(np.shape(v), number)[()], v)
                   if is_differentiable(v) else None)


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
    places: list[tuple[tuple, Any]] = []
    mapped(x, lambda path, v: places.append((path, v)))
    for path, v in places:
        for index in np.ndindex(np.shape(v)):
            yield seed(x, path, index)


def part(x: Any, path: tuple) -> Any:
    for key in path:
        x = x[key]
    return x


def of_columns(value: Any, x: Any, columns: list[Any]) -> Any:
    """The result's structure, with the argument's at each leaf, of one column for each number."""

    def of(path: tuple, leaf: Any) -> Any:
        rest = iter(columns)

        def block(_: tuple, v: Any) -> Any:
            mine = [np.asarray(part(next(rest), path)) for _ in range(np.size(v))]
            if not mine:
                return np.zeros((*np.shape(leaf), *np.shape(v)), np.result_type(leaf))
            return np.stack(mine, axis=-1).reshape((*np.shape(leaf), *np.shape(v)))[()]

        return mapped(x, block)

    return mapped(value, of)


def stacked(rows: list[Any], x: Any, shape: tuple[int, ...]) -> Any:
    def of(path: tuple, v: Any) -> Any:
        if not rows:
            return np.zeros((*shape, *np.shape(v)), np.result_type(v))
        mine = [np.asarray(part(r, path)) for r in rows]
        return np.stack(mine).reshape((*shape, *np.shape(v)))[()]

    return mapped(x, of)
