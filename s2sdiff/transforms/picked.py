"""Kinds of what arrays and lists of places pick out of arrays: `a[rows, columns]`, `a[:, [2]]`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.kinds import ANY, Kind, unknown_dim

__all__ = ["picked", "sliced"]


def sliced(dim: Any, key: Any) -> Any:
    """The length of a slice; `x[1:]` and `x[:-1]` have the same one, whatever it is."""
    if key is None or key[2] not in (None, 1) or dim == 1:
        return unknown_dim()
    start, stop = key[0] or 0, key[1] or 0
    if start < 0 or stop > 0 or (key[1] is not None and stop == 0):
        return unknown_dim()
    cut = start - stop
    if not cut:
        return dim
    base, _, before = dim.lstrip("?").partition("~")
    return f"?{base}~{int(before or 0) + cut}"


def picked(a: Kind, parts: tuple[Kind, ...]) -> Kind:
    """The kind of `a[parts]`, where some of several parts are arrays or lists of whole numbers.

    As NumPy has it, whole numbers count as such, too; what all pick together lies where they stood,
    if they stood side by side, else in front.
    """
    shape = a.shape or ()
    used = sum(p.type not in (type(None), type(Ellipsis)) for p in parts)
    dots = [i for i, p in enumerate(parts) if p.type is type(Ellipsis)]
    if used > len(shape) or len(dots) > 1:
        return ANY
    whole = [Kind(slice, value=(None, None, None))] * (len(shape) - used)
    at = dots[0] if dots else len(parts)
    every = [*parts[:at], *whole, *parts[at + 1:]]
    dims: list[Any] = []
    places: list[int] = []
    picks: list[tuple[Any, ...]] = []
    where, axis = 0, 0
    for i, p in enumerate(every):
        if p.type is type(None):
            dims.append(1)
            continue
        if p.type is slice:
            dims.append(sliced(shape[axis], p.value))
        else:
            pick = _pick(p)
            if pick is None:
                return ANY
            where = where if places else len(dims)
            places.append(i)
            picks.append(pick)
        axis += 1
    together = _together([p for p in picks if p])
    beside = places[-1] - places[0] == len(places) - 1
    dims[where if beside else 0:where if beside else 0] = together
    return Kind(np.ndarray, tuple(dims), a.field, a.dtype)


def _pick(p: Kind) -> tuple[Any, ...] | None:
    """The shape of what picks along an axis: none of a whole number; None if it is no such."""
    if p.type is int or (p.type and issubclass(p.type, np.integer)):
        return ()
    if p.type is list:
        if p.items and all(i.type is int for i in p.items):
            return (1 if len(p.items) == 1 else f"#{len(p.items)}",)
        return (unknown_dim(),) if p.each is not None and p.each.type is int else None
    whole = p.is_array and p.field == "int" and p.dtype is not None and np.dtype(
        p.dtype).kind in "iu"
    return p.shape or None if whole else None


def _together(picks: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The shape that those of several arrays are broadcast to."""
    if len(picks) == 1:
        return picks[0]
    rank = max(map(len, picks))
    if rank > 1:
        return tuple([unknown_dim() for _ in range(rank)])
    longer = [p[0] for p in picks if p[0] != 1]
    return (next((d for d in longer if d[0] != "?"), unknown_dim()) if longer else 1,)
