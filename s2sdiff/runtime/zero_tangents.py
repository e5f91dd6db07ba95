"""Zero tangents in the structure and layout of values."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import batched_shapes
from s2sdiff.runtime.batches import Batch, running
from s2sdiff.runtime.carried import CarriedArray, class_of, plain_value
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadows import owner_of
from s2sdiff.runtime.shared_memory import memories
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.walks import Walk

__all__ = ["item_tangents", "laid_out", "named_tangents", "zero_tangent"]


def zero_tangent(x: Any) -> Any:
    """The zero tangent of a value, in its own structure and layout.

    Ints have one, too, so that what is computed of them beside floats has a tangent; None stands
    for that of anything else.

    >>> zero_tangent([1.0, (2, "a")])
    [0.0, (0.0, None)]
    """
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fc":
            run = running()
            if run is None and type(x) is np.ndarray and x.flags.c_contiguous:
                return np.zeros(x.shape, x.dtype)
            # What is written with the tangents of a batch is one, too.
            zero = np.zeros((), x.dtype) if run is None or not run.size else \
                Batch(np.zeros(run.size, x.dtype))
            return laid_out(np.broadcast_to(zero, x.shape), x)
        return np.zeros(x.shape) if x.dtype.kind in "iub" else None
    x = plain_value(x)
    if isinstance(x, (bool, int, float, np.integer, np.bool_)):
        return 0.0
    if isinstance(x, (complex, np.inexact)):
        return class_of(x)(0)
    if not isinstance(x, _CONTAINERS):
        return None
    try:
        return _of_items(x, {})
    except _Shared:
        arrays: list[np.ndarray] = []
        _of_items(x, {}, arrays.append)
        return _of_items(x, _zeros_together(arrays))


_CONTAINERS = (tuple, list, dict, set, frozenset, deque)


class _Shared(Exception):
    """Two arrays share memory, as their tangents have to."""


def _of_items(x: Any, known: dict[Any, Any], note: Callable[[np.ndarray], None] | None = None,
              ) -> Any:
    """The zero tangent of what may be in a container: what is there twice has one tangent.

    Parameters
    ----------
    known : zeros by the identity of arrays, lists, dicts and deques
    note : is called with the arrays that are there, instead of making zeros of them
    """
    if isinstance(x, np.ndarray):
        if id(x) not in known:
            owner = ("memory", id(owner_of(x)))
            if note is None and owner in known and x.dtype.kind in "fc":
                raise _Shared
            known[owner] = x
            known[id(x)] = zero_tangent(x) if note is None else note(x)
        return known[id(x)]
    if not isinstance(x, _CONTAINERS):
        return zero_tangent(x)
    if isinstance(x, tuple):
        items = [0.0 if type(i) is float else _of_items(i, known, note) for i in x]
        return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
    if isinstance(x, (set, frozenset)):
        return {e: zero_tangent(e) for e in x}
    if id(x) not in known:
        made: Any = {} if isinstance(x, dict) else [] if isinstance(x, list) else \
            deque(maxlen=x.maxlen)
        known[id(x)] = made  # it may be in itself
        if isinstance(x, dict):
            made.update({k: _of_items(v, known, note) for k, v in x.items()})
        else:
            made.extend([0.0 if type(i) is float else _of_items(i, known, note) for i in x])
    return known[id(x)]


def _zeros_together(arrays: list[np.ndarray]) -> dict[Any, Any]:
    """Zeros by identity, which share memory as the arrays do."""
    run, found = running(), {}
    batched = run is not None and run.size
    for memory in memories([x for x in arrays if x.dtype.kind in "fc"]):
        if len(memory.arrays) == 1:
            found.update({i: zero_tangent(x) for i, x in memory.arrays.items()})
        elif batched:
            made = memory.views(np.zeros((batched, memory.size), memory.dtype))
            found.update({i: Batch(rows) for i, rows in made.items()})
        else:
            found.update(memory.views(np.zeros(memory.size, memory.dtype)))
    return found


def item_tangents(dot: Any, x: Any) -> Any:
    """The tangents of what one draws of a value: of a dict that is its keys, which have none.

    >>> item_tangents({2: 1.0}, {2: 5.0}), item_tangents(None, "ab")
    ([0.0], [None, None])
    """
    if dot is not None and isinstance(x, (set, frozenset)):
        return [dot[e] for e in x]
    if dot is not None and not isinstance(x, dict):
        return dot
    if isinstance(x, Walk):
        return [zero_tangent(i) for i in x.items]
    if not isinstance(x, Collection):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow what a {type(x).__name__} gives",
                      "make a list of it first")
    if isinstance(getattr(class_of(x), "__iter__", None), types.FunctionType) and any(
            map(is_differentiable, x)):
        raise refusal(UnsupportedError, f"forward mode does not follow what a {type(x).__name__} "
                      "gives", "make a list of it first")
    if isinstance(x, dict) and any(map(is_differentiable, x)):
        raise refusal(UnsupportedError, "the keys of a dict are floats, and have no derivative "
                      "there", "keep active values among the values, or use a list of pairs")
    return [zero_tangent(i) for i in x]


def named_tangents(dot: Any, x: Any) -> dict[str, Any]:
    """The tangents of what a `**mapping` gives; refuses one that is no dict.

    >>> named_tangents({"a": 1.0}, {"a": 5.0}), named_tangents(None, {"a": "b"})
    ({'a': 1.0}, {})
    """
    if isinstance(x, dict):
        return dot or {}
    raise refusal(UnsupportedError, f"forward mode does not follow **{type(x).__name__}",
                  "make a dict of it first")


def laid_out(dot: Any, x: np.ndarray) -> np.ndarray:
    """A copy of a tangent in the memory layout of its value.

    >>> laid_out(np.arange(4.0), np.zeros(8)[::2]).strides
    (16,)
    """
    if type(dot) is Batch:
        return batched_shapes.laid_out(dot, x)  # type: ignore[return-value]
    if type(dot) is CarriedArray:
        return CarriedArray(laid_out(dot.value, x), laid_out(dot.tangent, x), dot.run)  # type: ignore[return-value]
    if x.flags.c_contiguous:
        return np.array(dot, x.dtype, order="C")
    if x.flags.f_contiguous:
        return np.array(dot, x.dtype, order="F")
    steps = [abs(s) for s, n in zip(x.strides, x.shape, strict=True) if n > 1]
    size = sum(s * (n - 1) for s, n in zip(map(abs, x.strides), x.shape, strict=True))
    if 0 in steps or size % x.itemsize or any(s % x.itemsize for s in steps) or not x.size:
        return np.array(dot, x.dtype)  # nobody can write into it element by element
    memory = np.zeros(size // x.itemsize + 1, x.dtype)
    made = np.lib.stride_tricks.as_strided(memory, x.shape, tuple(map(abs, x.strides)))
    made = made[tuple([slice(None, None, -1 if s < 0 else 1) for s in x.strides])]
    made[...] = dot
    return made
