"""Tangents laid out as their values: an array's tangent has the array's own layout, so that `ravel`
gives a view of both or a copy of both, and shares memory with others as the array does.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.batches import Batch, not_batched
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shown import shown_in
from s2sdiff.runtime.zero_tangents import laid_out, zero_tangent

__all__ = ["aligned", "is_aligned", "is_copied"]

#: What may be, or share, memory that another name has, too.
_HELD = (np.ndarray, tuple, list, dict, set, frozenset, deque)


def aligned(dot: Any, value: Any, dots: tuple, values: tuple) -> Any:
    """A tangent that shares memory with other tangents just as its value does with their values.

    Parameters
    ----------
    dots, values : what it was computed from, and the tangents of that
    """
    if dot is None or not isinstance(value, _HELD):
        # A number of an array of no dimension (`a + 0`) stays as it is when that is written.
        return dot[()] if type(dot) is np.ndarray and not dot.ndim else dot
    if type(value) is np.ndarray and type(dot) is np.ndarray and dot.strides == value.strides \
            and dot.dtype is value.dtype and _is_new(value, values) and _is_new(dot, dots):
        return dot  # as most
    known: dict[int, tuple[Any, Any]] = {}
    for d, v in zip(dots, values, strict=True):
        _note(d, v, known)
    return _aligned(dot, value, known)


def _is_new(x: np.ndarray, given: tuple) -> bool:
    """Whether an array surely has memory of its own, that of none of the arrays `given`."""
    return x.flags.owndata and x.flags.writeable and not any(
        g is x or (g.base is x if type(g) is np.ndarray else type(g) is not float) for g in given)


def is_aligned(dot: Any, value: Any, dots: tuple, values: tuple) -> bool:
    """Whether `aligned` surely gives the very tangent that it is given."""
    if not isinstance(value, _HELD):
        return True
    known = _apart(dot, value, dots, values)
    return known is not None and isinstance(value, np.ndarray) and \
        _array(dot, value, known) is dot


def is_copied(dot: Any, value: Any, dots: tuple, values: tuple) -> bool:
    """Whether `aligned` gives a copy of an array's tangent, all else being apart from that."""
    return _apart(dot, value, dots, values) is not None and np.shape(dot) == value.shape


def _apart(dot: Any, value: Any, dots: tuple, values: tuple) -> list[tuple[Any, Any]] | None:
    """What is given, with its tangents, if an array has a tangent, and memory of its own."""
    if type(dot) is not np.ndarray or not isinstance(value, np.ndarray) or \
            value.dtype.kind not in "fc":
        return None
    known: dict[int, tuple[Any, Any]] = {}
    for d, v in zip(dots, values, strict=True):
        _note(d, v, known)
    apart = not any(np.may_share_memory(value, v) for v, _ in known.values()
                    if isinstance(v, np.ndarray))
    return [*known.values()] if apart else None


def _note(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> None:
    """Remember the tangents of all arrays and containers in a value, by identity."""
    if not isinstance(value, _HELD) or id(value) in known or dot is None:
        return
    known[id(value)] = value, dot
    if isinstance(value, dict):
        if dot.keys() != value.keys():
            raise refusal(AliasingError,
                          f"a {type(value).__name__} has got or lost keys where forward mode has "
                          "not seen it", "write it where it is named, or use reverse mode "
                          "(sd.vjp)")
        for k, v in value.items():
            _note(dot[k], v, known)
    elif not isinstance(value, (np.ndarray, set, frozenset)):
        if len(dot) != len(value):
            raise refusal(AliasingError,
                          f"a {type(value).__name__} has become longer or shorter where forward "
                          "mode has not seen it", "write it where it is named, or use reverse "
                          "mode (sd.vjp)")
        for d, v in zip(dot, value, strict=True):
            _note(d, v, known)


def _aligned(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    if not isinstance(value, _HELD) or dot is None:
        return dot
    if id(value) in known:
        return known[id(value)][1]
    if isinstance(value, (set, frozenset)):
        return dot
    if isinstance(value, np.ndarray):
        made = _array(dot, value, list(known.values()))
        known[id(value)] = value, made
        return made
    if isinstance(value, tuple):
        items = [_aligned(d, v, known) for d, v in zip(dot, value, strict=True)]
        return like_fields(value, items) if hasattr(type(value), "_fields") else tuple(items)
    made: Any = deque(maxlen=dot.maxlen) if isinstance(dot, deque) else type(dot)()
    known[id(value)] = value, made
    if isinstance(value, dict):
        made.update({k: _aligned(dot[k], v, known) for k, v in value.items()})
    else:
        made.extend([_aligned(d, v, known) for d, v in zip(dot, value, strict=True)])
    return made


def _array(dot: Any, value: np.ndarray, known: list[tuple[Any, Any]]) -> Any:
    if value.dtype.kind not in "fc":
        return dot
    if type(dot) is Batch or any(type(d) is Batch for _, d in known):
        return _batch(dot, value, known)
    pairs = [(v, d) for v, d in known if isinstance(v, np.ndarray) and isinstance(d, np.ndarray)]
    apart = not any(np.may_share_memory(value, v) for v, _ in pairs)
    shares = isinstance(dot, np.ndarray) and any(np.may_share_memory(dot, d) for _, d in pairs)
    fits = isinstance(dot, np.ndarray) and dot.strides == value.strides and \
        dot.dtype == value.dtype and dot.flags.writeable == value.flags.writeable
    if apart:
        return dot if fits and not shares else laid_out(dot, value)
    if not (shares and fits):
        made = shown_in(value, pairs)
        if made is not None:
            return made
        raise refusal(AliasingError,
                      "a function gives a part of the memory that it was given, and that memory is "
                      "written: forward mode cannot tell which part",
                      "copy what the function gives, or use reverse mode (sd.vjp)")
    return dot


def _batch(dot: Any, value: np.ndarray, known: list[tuple[Any, Any]]) -> Any:
    """The same for tangents of which some are batches."""
    pairs = [(v, d.rows if type(d) is Batch else d) for v, d in known if isinstance(v, np.ndarray)
             and isinstance(d, (np.ndarray, Batch))]
    rows = dot.rows if type(dot) is Batch else dot
    apart = not any(np.may_share_memory(value, v) for v, _ in pairs)
    shares = isinstance(rows, np.ndarray) and any(np.may_share_memory(rows, d) for _, d in pairs)
    fits = type(dot) is Batch and dot.strides == value.strides and \
        dot.dtype == value.dtype and rows.flags.writeable == value.flags.writeable
    if apart:
        if fits and not shares:
            return dot
        if type(dot) is Batch:
            return laid_out(dot, value)
        made = zero_tangent(value)
        made[...] = dot
        return made
    if not (shares and fits):
        raise not_batched("a view of what is written")
    return dot
