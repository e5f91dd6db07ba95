"""What `arrays` does to cotangents, done to batches of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.batches import (
    ARRAY,
    NUMBER,
    PYTHON,
    Batch,
    aligned_rows,
    not_batched,
    rows_now,
)
from s2sdiff.runtime.carried import carried
from s2sdiff.runtime.carried_runs import carrying, outside

__all__ = ["full", "full_now", "laid_out", "match", "unbroadcast", "zeros", "zeros_now"]


def zeros_now(shape: Any, dtype: Any = float) -> Any:
    """`np.zeros`, with rows in a run of many."""
    rows = rows_now()
    if not rows:
        around = carrying()
        if around is None:
            return np.zeros(shape, dtype)
        # What is written there may carry tangents of the runs around, too.
        made: Any = [outside(around.outer, zeros_now, shape, dtype) for _ in range(2)]
        return carried(made[0], made[1], around)
    return Batch(np.zeros((rows, *_tuple(shape)), dtype))


def full_now(shape: Any, value: Any, dtype: Any = None) -> Any:
    """`np.full`, with rows in a run of many."""
    if type(value) is Batch:
        return full(shape, value, dtype)
    made = np.full(shape, value, dtype)
    rows = rows_now()
    return full(made.shape, Batch(np.broadcast_to(made, (rows, *made.shape)))) if rows else made


def zeros(like: Batch, shape: Any, dtype: Any = float) -> Batch:
    """As many rows of zeros as another batch has."""
    return Batch(np.zeros((len(like.rows), *_tuple(shape)), dtype))


def _tuple(shape: Any) -> tuple[int, ...]:
    return (int(shape),) if isinstance(shape, (int, np.integer)) else tuple(shape)


def full(shape: Any, value: Batch, dtype: Any = None) -> Batch:
    """Each row filled with a batch's own."""
    made = zeros(value, shape, value.dtype if dtype is None else dtype)
    made.rows[...] = aligned_rows(value, made.ndim)
    return made


def unbroadcast(g: Batch, shape: tuple[int, ...]) -> Batch:
    """Each row summed back to the shape that broadcasting started from."""
    rows, extra = g.rows, g.ndim - len(shape)
    if g.shape == shape:
        return g if shape or g.of else Batch(rows.copy(), NUMBER)
    if extra < 0:
        return full(shape, g)
    axes = [*range(1, extra + 1)]
    axes += [i + extra + 1 for i, n in enumerate(shape) if n == 1 and g.shape[i + extra] != 1]
    if axes:
        rows = np.add.reduce(rows, tuple(axes), keepdims=True)
        rows = rows.reshape(len(rows), *rows.shape[1 + extra:])
    if rows.shape[1:] == shape:
        return Batch(rows, ARRAY if shape else NUMBER)
    return full(shape, Batch(rows))


def match(g: Batch, x: Any) -> Any:
    """A batch in the type and dtype of a value."""
    rows = g.rows
    if isinstance(x, (np.ndarray, float, complex, np.inexact)):
        dtype = np.result_type(x)
        if dtype.kind not in "fc":
            return None
        if rows.shape[1:] != np.shape(x):
            raise not_batched("another shape")
        if rows.dtype.kind == "c" and dtype.kind != "c":
            rows = np.real(rows)
        rows = rows if rows.dtype == dtype else rows.astype(dtype)
        return Batch(rows, ARRAY if isinstance(x, np.ndarray) else
                     NUMBER if isinstance(x, np.generic) else PYTHON)
    if x is None or isinstance(x, (bool, int, str, bytes)):
        return None
    raise not_batched("another structure")


def laid_out(dot: Batch, x: np.ndarray) -> Batch:
    """A copy of which each row has the memory layout of a value."""
    rows = np.broadcast_to(aligned_rows(dot, x.ndim), (len(dot.rows), *x.shape))
    if x.flags.c_contiguous:
        return Batch(np.array(rows, x.dtype, order="C"))
    if x.flags.f_contiguous:
        made = np.empty((len(rows), *x.shape[::-1]), x.dtype).transpose(0, *range(x.ndim, 0, -1))
    else:
        size = sum(abs(s) * (n - 1) for s, n in zip(x.strides, x.shape, strict=True))
        if size % x.itemsize or 0 in x.strides or any(s % x.itemsize for s in x.strides):
            return Batch(np.array(rows, x.dtype))
        memory = np.zeros((len(rows), size // x.itemsize + 1), x.dtype)
        steps = memory.strides[0], *map(abs, x.strides)
        made = np.lib.stride_tricks.as_strided(memory, rows.shape, steps)
        made = made[(..., *[slice(None, None, -1 if s < 0 else 1) for s in x.strides])]
    made[...] = rows
    return Batch(made)
