"""Peepholes of several arrays that one call gives: the cotangent of each is written by itself."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff.ir import Const, Ref, Var
from s2sdiff.runtime import several as at_run_time
from s2sdiff.runtime import unbroadcast
from s2sdiff.transforms.joining import static_items
from s2sdiff.transforms.meant import constant_value
from s2sdiff.transforms.products import NOTHING

__all__ = ["ROWS", "with_shape"]

_SHAPE, _SUM = (vars(np.ndarray)[name] for name in ("shape", "sum"))


def _likes_of(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kind = emit.kind(args[0])
    parts = kind.items
    if kind.type is not list or parts is None or not isinstance(args[0], Var) or not all(
            k.is_array and k.dtype is not None for k in parts):
        return NOTHING
    likes = []
    for i, part in enumerate(parts):
        item = emit.bind(Ref(operator.getitem), [args[0], Const(i)], {}, "part_1")
        shape = emit.bind(Ref(_SHAPE), [item], {}, "part_shape")
        likes.append((shape, Ref(part.dtype.type)))
    return likes


def _filled(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    bars, likes = (static_items(emit, a) for a in args)
    if bars is None or likes is None or not all(isinstance(like, tuple) for like in likes):
        return NOTHING
    return [_zeros(emit, *like) if g == Const(None) else g
            for g, like in zip(bars, likes, strict=True)]


def _zeros(emit: Any, shape: Any, dtype: Ref) -> Any:
    exact = [] if dtype.object is np.float64 else [dtype]
    return emit.bind(Ref(np.zeros), [shape, *exact], {}, "zeros_1")


def _each(emit: Any, args: list[Any], back: Any) -> Any:
    bars, shapes = (static_items(emit, a) for a in args)
    if bars is None or shapes is None:
        return NOTHING
    return tuple([g if g == Const(None) else back(i, g, shape)
                  for i, (g, shape) in enumerate(zip(bars, shapes, strict=True))])


def _reshaped(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _each(emit, args, lambda _, g, shape: with_shape(emit, g, shape))


def with_shape(emit: Any, g: Any, shape: Any) -> Any:
    """A cotangent with the shape of what was given a higher rank, or none."""
    kind, told = emit.kind(g), emit.kind(shape)
    rank = 0 if shape == () else len(told.items) if told.type is tuple and told.items else None
    if kind.shape is not None and rank == len(kind.shape):
        return g
    if kind.shape and rank == 0:
        first: Any = (0,) * len(kind.shape)
        return emit.bind(Ref(operator.getitem), [emit.full(g), Const(first if first[1:] else 0)],
                         {}, "item_1")
    return emit.call(Ref(np.reshape), [g, shape], {}, "reshape_1")


def _summed(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return _each(emit, args, lambda _, g, shape: emit.call(
        Ref(unbroadcast), [g, shape], {}, "sum_1"))


def _lines(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    swapped = constant_value(args[2])
    shapes = static_items(emit, args[1])
    if shapes is None or type(swapped) is not bool:
        return NOTHING
    axes = at_run_time.others_of(len(shapes), swapped)

    def back(i: int, g: Any, shape: Any) -> Any:
        others = axes[i]
        if others:
            axis = Const(others if others[1:] else others[0])
            g = emit.bind(Ref(_SUM), [emit.full(g)], {"axis": axis}, "sum_1")
        return with_shape(emit, g, shape)

    return _each(emit, args[:2], back)


ROWS: dict[Any, Any] = {
    at_run_time.likes_of: _likes_of, at_run_time.filled: _filled,
    at_run_time.reshaped: _reshaped, at_run_time.summed: _summed, at_run_time.lines: _lines,
}
