"""Products of batches with constants, ufuncs, and the methods of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.runtime import batched_axes, batched_items  # noqa: F401 (they give it more)
from s2sdiff.runtime.batched_functions import (
    by_rows,
    elementwise,
    holds_batch,
    of,
    row_axes,
    wrapped,
)
from s2sdiff.runtime.batches import (
    ARRAY,
    NUMBER,
    PYTHON,
    Batch,
    aligned_rows,
    fits,
    not_batched,
    number_rows,
)

__all__ = ["Batch", "of_batch"]


def _ufunc(self: Batch, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    out = kwargs.pop("out", None)
    if method == "at":
        return _at(ufunc, *inputs, **kwargs)
    if method == "reduce" and out is None:
        return _reduce(ufunc, *inputs, **kwargs)
    if holds_batch(kwargs) or method != "__call__" or ufunc.nout != 1:
        if out is not None:
            raise not_batched("a place to write into")
        return by_rows(getattr(ufunc, method), inputs, kwargs)
    if ufunc.signature is not None:
        if out is not None:
            raise not_batched("a place to write into")
        made = _matmul(*inputs) if ufunc is np.matmul and not kwargs else NotImplemented
        return by_rows(ufunc, inputs, kwargs) if made is NotImplemented else made
    if any(type(x) is Batch and x.of == PYTHON for x in inputs):
        dtypes = [x.dtype for x in inputs if isinstance(x, (ndarray, np.generic)) or (
            type(x) is Batch and x.of != PYTHON)]
        if dtypes:
            dtype = np.result_type(*dtypes)
            inputs = tuple([Batch(number_rows(x.rows, dtype), NUMBER) if type(x) is Batch and
                            x.of == PYTHON else x for x in inputs])
    if out is None:
        if kwargs.keys() - {"dtype", "casting"}:
            return by_rows(ufunc, inputs, kwargs)
        return elementwise(ufunc, inputs, **kwargs)
    (target,) = out
    if type(target) is not Batch or target.of != ARRAY:
        raise not_batched("a write into what is no batch")
    where = kwargs.pop("where", True)
    if type(where) is Batch:
        raise not_batched("a mask")
    given = [aligned_rows(x, target.ndim) if type(x) is Batch else x for x in inputs]
    ufunc(*given, out=target.rows, where=where, **kwargs)
    return target


def _reduce(ufunc: Any, array: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False,
            **kwargs: Any) -> Any:
    if type(array) is not Batch or kwargs or (array.ndim == 0 and axis is not None):
        return by_rows(ufunc.reduce, (array, axis, dtype), {"keepdims": keepdims, **kwargs})
    axes = row_axes(axis, array.ndim)
    return wrapped(ufunc.reduce(array.rows, axes, dtype, keepdims=keepdims))


def _at(ufunc: Any, target: Any, key: Any, *values: Any) -> None:
    """`ufunc.at`, in each row."""
    if type(target) is not Batch or target.of:
        raise not_batched("a write into what is no batch")
    for k, row in enumerate(target.rows):
        ufunc.at(row, key, *[v if type(v) is not Batch else v.rows[k] for v in values])


Batch.__array_ufunc__ = _ufunc


# ---------------------------------------------------------------------------------- products


def _matmul(a: Any, b: Any) -> Any:
    if type(b) is Batch:
        if type(a) is Batch:
            return NotImplemented
        a = np.asarray(a)
        if b.ndim == 1:
            if a.ndim == 2:
                return Batch(b.rows @ a.T)
            return wrapped(b.rows @ a) if a.ndim == 1 else NotImplemented
        rows = aligned_rows(b, max(b.ndim, a.ndim))
        fits(len(rows), a.nbytes // max(a.shape[-1], 1) * b.shape[-1])
        return Batch(np.matmul(a, rows))
    b = np.asarray(b)
    if a.ndim == 1 and b.ndim > 2:
        return NotImplemented
    if a.ndim > 1 and b.ndim > a.ndim:
        return Batch(aligned_rows(a, b.ndim) @ b)
    if a.ndim == 2 and b.ndim == 2 and a.rows.flags.c_contiguous:
        # One product of matrices takes less time than one for each row.
        size, n, m = a.rows.shape
        return Batch((a.rows.reshape(size * n, m) @ b).reshape(size, n, b.shape[1]))
    return wrapped(a.rows @ b)


@of(np.dot)
def _dot(a: Any, b: Any, out: Any = None) -> Any:
    if 0 in (np.ndim(a), np.ndim(b)):
        return elementwise(np.multiply, (a, b))
    if np.ndim(a) > 2 or np.ndim(b) > 2:
        return NotImplemented
    return _matmul(a, b)


@of(np.inner)
def _inner(a: Any, b: Any) -> Any:
    if np.ndim(a) == np.ndim(b) == 1:
        return _matmul(a, b)
    return NotImplemented


@of(np.outer)
def _outer(a: Any, b: Any, out: Any = None) -> Any:
    if np.ndim(a) != 1 or np.ndim(b) != 1:
        return NotImplemented
    one = a.rows[:, :, None] if type(a) is Batch else np.asarray(a)[:, None]
    return Batch(one * (b.rows[:, None, :] if type(b) is Batch else np.asarray(b)))


@of(np.vdot)
def _vdot(a: Any, b: Any) -> Any:
    if np.ndim(a) != 1 or np.ndim(b) != 1:
        return NotImplemented
    return _matmul(np.conj(a), b)


@of(np.tensordot)
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    if type(a) is Batch and type(b) is Batch:
        return NotImplemented
    if isinstance(axes, (int, np.integer)):
        count = int(axes)
        pair = list(range(-count, 0)), list(range(count))
    else:
        pair = tuple([list(p) if isinstance(p, (tuple, list)) else [p] for p in axes])
    one = [i % np.ndim(a) for i in pair[0]]
    two = [i % np.ndim(b) for i in pair[1]]
    if type(a) is Batch:
        return wrapped(np.tensordot(a.rows, b, ([i + 1 for i in one], two)))
    made = np.tensordot(a, b.rows, (one, [i + 1 for i in two]))
    return wrapped(np.moveaxis(made, np.ndim(a) - len(one), 0))


@of(np.einsum)
def _einsum(subscripts: Any, *operands: Any, **kwargs: Any) -> Any:
    if not isinstance(subscripts, str) or "." in subscripts:
        return NotImplemented
    written, arrow, result = subscripts.replace(" ", "").partition("->")
    if not arrow:
        result = "".join(sorted({c for c in written if written.count(c) == 1} - {","}))
    letter = next(c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in subscripts)
    terms = [letter * (type(o) is Batch) + t
             for t, o in zip(written.split(","), operands, strict=True)]
    given = [o.rows if type(o) is Batch else o for o in operands]
    return wrapped(np.einsum(f"{','.join(terms)}->{letter}{result}", *given, **kwargs))


@of(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    if type(a) is Batch or np.ndim(a) != 2 or b.ndim not in (1, 2):
        return NotImplemented
    if b.ndim == 1:
        return Batch(np.linalg.solve(a, b.rows.T).T)
    return Batch(np.linalg.solve(a, b.rows))


# ----------------------------------------------------------------------------------- methods


def _method(name: str, fn: Any) -> None:
    def method(self: Batch, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    method.__name__ = name
    setattr(Batch, name, method)


for _name in ("sum", "mean", "cumsum", "ravel", "swapaxes", "squeeze", "diagonal", "trace", "take",
              "repeat", "dot", "prod", "cumprod", "std", "var", "round", "clip"):
    _method(_name, getattr(np, _name))


def _reshaped(self: Batch, *shape: Any, **kwargs: Any) -> Any:
    given = shape[0] if len(shape) == 1 else shape
    return np.reshape(self, given, **kwargs)  # type: ignore[call-overload]


def _transposed(self: Batch, *axes: Any) -> Any:
    given = axes[0] if len(axes) == 1 else axes
    return np.transpose(self, given or None)  # type: ignore[call-overload]


def _flattened(self: Batch, order: str = "C") -> Any:
    if order != "C":
        raise not_batched("an order of memory")
    return Batch(self.rows.reshape(len(self.rows), -1).copy() if self.rows.size else
                 np.zeros((len(self.rows), 0), self.dtype))


def _copied(self: Batch, order: str = "C") -> Any:
    if order not in "CK":
        raise not_batched("an order of memory")
    return Batch(self.rows.copy("C" if order == "C" else "K"), self.of)


def _as_type(self: Batch, dtype: Any, *args: Any, **kwargs: Any) -> Any:
    return Batch(self.rows.astype(dtype, *args, **kwargs), self.of and NUMBER)


def _written(self: Batch, places: Any, values: Any, mode: str = "raise") -> None:
    np.put(self, places, values, mode)  # type: ignore[call-overload]


def _listed(self: Batch) -> Any:
    if self.ndim == 0:
        return _number(self)
    return [_listed(part) for part in self]


def _conjugated(self: Batch) -> Any:
    return Batch(self.rows.conj(), self.of)


def _compressed(self: Batch, condition: Any, axis: Any = None) -> Any:
    return np.compress(condition, self, axis)  # type: ignore[call-overload]


def _filled(self: Batch, value: Any) -> None:
    self[...] = value


def _number(self: Batch, *place: Any) -> Any:
    if place or self.size != 1:
        raise not_batched("an item")
    return Batch(self.rows.reshape(len(self.rows)).copy(), PYTHON)


for _name, _fn in {"reshape": _reshaped, "transpose": _transposed, "flatten": _flattened,
                   "copy": _copied, "put": _written, "tolist": _listed, "astype": _as_type,
                   "conj": _conjugated, "fill": _filled, "conjugate": _conjugated,
                   "item": _number, "compress": _compressed}.items():
    _method(_name, _fn)


def of_batch(fn: Any, dot: Any, name: str = "") -> Any:
    """What does to a batch what a function that `np.ndarray` has, or that makes one, does.

    Parameters
    ----------
    name : of the attribute, where `fn` gets one
    """
    if type(dot) is not Batch:
        return fn
    if name:
        return lambda batch: getattr(batch, name)
    if fn is np.asarray or fn is np.asanyarray:
        return _as_it_is
    if getattr(fn, "__objclass__", None) is ndarray:
        return getattr(Batch, fn.__name__, fn)
    return fn


def _as_it_is(batch: Batch, dtype: Any = None) -> Batch:
    if dtype is not None and batch.dtype != dtype:
        raise not_batched("a conversion to an array")
    return batch
