"""Items of batches, by the keys that arrays take: the same part of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.runtime.batches import ARRAY, NUMBER, Batch, aligned_rows, not_batched

__all__: list[str] = []


def _is_plain(key: Any) -> bool:
    """A key that shows a part of the memory."""
    return key is None or key is Ellipsis or type(key) is slice or (
        isinstance(key, (int, np.integer)) and not isinstance(key, bool))


def _key(batch: Batch, key: Any) -> tuple[Any, ...] | None:
    """The key of the same part of each row; None where the axis of rows would not stay in front."""
    items = key if type(key) is tuple else (key,)
    if all(map(_is_plain, items)):
        return slice(None), *items
    if any(isinstance(i, Batch) for i in items):
        raise not_batched("an index")
    # Arrays of indices with something between them would come first.
    far = [i for i, k in enumerate(items) if not (k is None or k is Ellipsis or type(k) is slice)]
    return (slice(None), *items) if far[-1] - far[0] < len(far) else None


def _item(batch: Batch, key: Any) -> Batch:
    rows = batch.rows
    whole = _key(batch, key)
    if whole is None:
        places = np.arange(batch.size).reshape(batch.shape)[key]
        return Batch(rows.reshape(len(rows), -1)[:, places])
    made = rows[whole]
    if made.ndim == 1 and not (key is Ellipsis or (type(key) is tuple and any(
            k is Ellipsis for k in key))):
        return Batch(made.copy(), NUMBER)
    return Batch(made, ARRAY)


def _put(batch: Batch, key: Any, value: Any) -> None:
    whole = _key(batch, key)
    if whole is None or batch.of:
        raise not_batched("a write at several arrays of indices")
    rows = batch.rows
    if type(value) is not Batch:
        if not isinstance(value, (ndarray, np.generic, float, int, complex)):
            raise not_batched("a write of what is no number")
        rows[whole] = value
        return
    if all(map(_is_plain, whole)):
        part = rows[whole]
        # `a[k] += v` has written it already, and puts it where it is.
        theirs = aligned_rows(value, part.ndim - 1)
        if theirs.shape != part.shape or theirs.strides != part.strides or \
                theirs.__array_interface__["data"] != part.__array_interface__["data"]:
            part[...] = theirs
        return
    within = np.broadcast_to(np.zeros((), bool), batch.shape)[key].ndim
    rows[whole] = aligned_rows(value, within)


Batch.item_at, Batch.__setitem__ = _item, _put
