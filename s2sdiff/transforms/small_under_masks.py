"""Peepholes of masks: a cotangent that is the same everywhere stays small under one."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import runtime
from s2sdiff.ir import Ref
from s2sdiff.transforms.products import NOTHING

__all__ = ["ROWS"]


def _small(emit: Any, value: Any, mask: Any) -> Any:
    """What is to be spread, where the mask has the shape that it is spread to."""
    from s2sdiff.transforms.emit import Lazy, same_shape

    spread = isinstance(value, Lazy) and same_shape(emit.kind(mask).shape, value.kind.shape)
    return value.atom if spread else value


def _where(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) != 3 or kwargs:
        return NOTHING
    mask, *given = args
    small = [_small(emit, a, mask) for a in given]
    if all(a is b for a, b in zip(small, given, strict=True)):
        return NOTHING
    return emit.bind(Ref(np.where), [emit.atom(a) for a in (mask, *small)], {}, "where_1")


def _masked(function: Any) -> Any:
    def row(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        small = _small(emit, args[0], args[1])
        if small is args[0]:
            return NOTHING
        return emit.bind(Ref(function), [emit.atom(a) for a in (small, *args[1:])], {}, "masked_1")

    return row


ROWS: dict[Any, Any] = {
    np.where: _where,
    **{f: _masked(f) for f in (runtime.masked, runtime.masked_evenly)},
}
