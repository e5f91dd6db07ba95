"""NumPy's functions of shapes, axes and several arrays, done to all rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.runtime.batched_functions import (
    elementwise,
    holds_batch,
    of,
    row_axes,
    size_of,
    wrapped,
)
from s2sdiff.runtime.batches import PYTHON, Batch, aligned_rows

__all__: list[str] = []


def _with_axis(fn: Any) -> None:
    """A function of an array and an axis, of all of them where none is given."""
    def made(a: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        if type(a) is not Batch or args or holds_batch(kwargs):
            return NotImplemented
        return wrapped(fn(a.rows, axis=row_axes(axis, a.ndim), **kwargs))

    of(fn)(made)


for _fn in (np.sum, np.mean, np.nansum):
    _with_axis(_fn)


def _along(fn: Any, default: int | None) -> None:
    """A function of an array, another argument, and one axis."""
    def made(a: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) > 1:
            kwargs["axis"] = args[1]
        axis = kwargs.pop("axis", default)
        if type(a) is not Batch or axis is None or len(args) > 2 or holds_batch((args, kwargs)):
            return NotImplemented
        return wrapped(fn(a.rows, *args[:1], axis=row_axes(axis, a.ndim), **kwargs))

    of(fn)(made)


for _fn in (np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft, np.diff):
    _along(_fn, -1)
for _fn in (np.roll, np.repeat, np.take):
    _along(_fn, None)


@of(np.cumsum)
def _cumsum(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    rows = a.rows.reshape(len(a.rows), -1) if axis is None else a.rows
    return Batch(np.cumsum(rows, axis=1 if axis is None else row_axes(axis, a.ndim), dtype=dtype))


@of(np.flip)
def _flip(m: Any, axis: Any = None) -> Any:
    return Batch(np.flip(m.rows, row_axes(axis, m.ndim)), m.of)


@of(np.flipud)
def _flipud(m: Any) -> Any:
    return Batch(m.rows[:, ::-1])


@of(np.fliplr)
def _fliplr(m: Any) -> Any:
    return Batch(m.rows[:, :, ::-1])


# ------------------------------------------------------------------------------------ shapes


@of(np.shape)
def _shape(a: Any) -> Any:
    return a.shape if type(a) is Batch else NotImplemented


@of(np.ndim)
def _ndim(a: Any) -> Any:
    return a.ndim if type(a) is Batch else NotImplemented


@of(np.size)
def _size_of(a: Any, axis: Any = None) -> Any:
    return (a.size if axis is None else a.shape[axis]) if type(a) is Batch else NotImplemented


@of(np.iscomplexobj)
def _iscomplexobj(x: Any) -> bool:
    return x.dtype.kind == "c"


@of(np.result_type)
def _result_type(*given: Any) -> Any:
    return np.result_type(*[
        g if type(g) is not Batch else g.dtype if g.of != PYTHON else
        0j if g.dtype.kind == "c" else 0.0 for g in given])


@of(np.reshape)
def _reshape(a: Any, shape: Any = None, order: str = "C", newshape: Any = None,
             copy: Any = None) -> Any:
    shape = newshape if shape is None else shape
    if order != "C" or copy is not None:
        return NotImplemented
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if not a.rows.size and -1 in shape:
        return NotImplemented
    return Batch(a.rows.reshape(len(a.rows), *shape))


@of(np.ravel)
def _ravel(a: Any, order: str = "C") -> Any:
    return _reshape(a, (a.size,), order) if order == "C" else NotImplemented


@of(np.transpose, np.permute_dims if hasattr(np, "permute_dims") else np.transpose)
def _transpose(a: Any, axes: Any = None) -> Any:
    if axes is None:
        return a.T
    return Batch(a.rows.transpose(0, *[i % a.ndim + 1 for i in axes]))


@of(np.swapaxes)
def _swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    return Batch(a.rows.swapaxes(row_axes(axis1, a.ndim), row_axes(axis2, a.ndim)))


@of(np.moveaxis)
def _moveaxis(a: Any, source: Any, destination: Any) -> Any:
    return Batch(np.moveaxis(a.rows, row_axes(source, a.ndim), row_axes(destination, a.ndim)))


@of(np.squeeze)
def _squeeze(a: Any, axis: Any = None) -> Any:
    if axis is None:
        axis = tuple(i for i, n in enumerate(a.shape) if n == 1)
    return Batch(np.squeeze(a.rows, row_axes(axis, a.ndim)))


@of(np.expand_dims)
def _expand_dims(a: Any, axis: Any) -> Any:
    return Batch(np.expand_dims(a.rows, row_axes(axis, a.ndim + np.size(axis))))


@of(np.broadcast_to)
def _broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    return Batch(np.broadcast_to(aligned_rows(array, len(shape)), (len(array.rows), *shape)))


@of(np.atleast_1d)
def _atleast_1d(*arys: Any) -> Any:
    if len(arys) != 1:
        return NotImplemented
    return arys[0] if arys[0].ndim else Batch(arys[0].rows[:, None])


@of(np.copy)
def _copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    return Batch(a.rows.copy("C" if order == "C" else "K")) if order in "CK" else NotImplemented


@of(np.real)
def _real(val: Any) -> Any:
    return val.real


@of(np.imag)
def _imag(val: Any) -> Any:
    return val.imag


@of(np.zeros_like)
def _zeros_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True,
                shape: Any = None) -> Any:
    return Batch(np.zeros_like(a.rows, dtype)) if shape is None else NotImplemented


@of(np.diagonal)
def _diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return Batch(np.diagonal(a.rows, offset, row_axes(axis1, a.ndim), row_axes(axis2, a.ndim)))


@of(np.trace)
def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    return wrapped(np.trace(a.rows, offset, row_axes(axis1, a.ndim), row_axes(axis2, a.ndim),
                            dtype))


@of(np.tril)
def _tril(m: Any, k: int = 0) -> Any:
    return Batch(np.tril(m.rows, k)) if m.ndim > 1 else NotImplemented


@of(np.triu)
def _triu(m: Any, k: int = 0) -> Any:
    return Batch(np.triu(m.rows, k)) if m.ndim > 1 else NotImplemented


# ----------------------------------------------------------------------------------- several


def _all_rows(arrays: Any) -> list[ndarray]:
    """The rows of batches and constants, as many of each."""
    size = size_of(arrays)
    return [aligned_rows(a, a.ndim) if type(a) is Batch else
            np.broadcast_to(a, (size, *np.shape(a))) for a in arrays]


@of(np.concatenate)
def _concatenate(arrays: Any, axis: Any = 0, out: Any = None, **kwargs: Any) -> Any:
    if axis is None or kwargs or not isinstance(arrays, (tuple, list)):
        return NotImplemented
    rows = _all_rows(arrays)
    return Batch(np.concatenate(rows, row_axes(axis, rows[0].ndim - 1)))


@of(np.stack)
def _stack(arrays: Any, axis: Any = 0, out: Any = None, **kwargs: Any) -> Any:
    if kwargs or not isinstance(arrays, (tuple, list)):
        return NotImplemented
    rows = _all_rows(arrays)
    return Batch(np.stack(rows, row_axes(axis, rows[0].ndim)))


@of(np.where)
def _where(condition: Any, *both: Any) -> Any:
    if len(both) != 2:
        return NotImplemented
    return elementwise(np.where, (condition, *both))


@of(np.pad)
def _pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    if mode != "constant" or holds_batch((pad_width, kwargs)) or kwargs:
        return NotImplemented
    widths = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2)).tolist()
    return Batch(np.pad(array.rows, [(0, 0), *widths]))


@of(np.split)
def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    return [Batch(r) for r in np.split(ary.rows, indices_or_sections, row_axes(axis, ary.ndim))]


@of(np.array_split)
def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    return [Batch(r) for r in np.array_split(ary.rows, indices_or_sections,
                                             row_axes(axis, ary.ndim))]


@of(np.tile)
def _tile(A: Any, reps: Any) -> Any:
    reps = (reps,) if isinstance(reps, (int, np.integer)) else tuple(reps)
    reps = (1,) * (A.ndim - len(reps)) + reps
    return Batch(np.tile(aligned_rows(A, len(reps)), (1, *reps)))
