"""Helpers on numbers and arrays that generated code and rules call; `rt.` in what is printed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from s2sdiff.runtime import batched_shapes
from s2sdiff.runtime.batches import RUNS, Batch
from s2sdiff.runtime.carried import (
    CARRIED,
    as_array,
    carried,
    new_array,
    plain_value,
    zeros_carried,
)
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.rows import of_rows
from s2sdiff.runtime.unfit import misshapen, of_objects

__all__ = [
    "add", "add_at", "copy", "fitted", "full", "match", "match_number", "place", "unbroadcast",
    "zeros",
]


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum a cotangent back to the shape that broadcasting started from.

    >>> unbroadcast(np.ones((3, 2)), (2,))
    array([3., 3.])
    """
    kind = type(g)
    if kind is ndarray:
        g_shape = g.shape
    elif kind is float or kind is complex:
        return g if shape == () else np.full(shape, g)
    elif kind is Batch:
        return batched_shapes.unbroadcast(g, shape)
    else:
        g_shape = np.shape(g)
    if g_shape == shape:
        # Of numbers a number: who asks for it by place would look for an array's shadow.
        return g if shape or kind is not ndarray else g[()]
    extra = len(g_shape) - len(shape)
    if extra < 0:
        return new_array(np.broadcast_to(g, shape))
    axes = [*range(extra)]
    for i, n in enumerate(shape, extra):
        if n == 1 and g_shape[i] != 1:
            axes.append(i)
    if axes:
        g = np.add.reduce(g, tuple(axes), keepdims=True)
        g = g.reshape(g.shape[extra:]) if extra else g
    if g.shape == shape:
        return g if shape else g[()]
    # A dimension that stayed 1 here and is longer in the value: the cotangent was constant.
    fits = g.size == np.prod(shape, dtype=int)
    return np.reshape(g, shape) if fits else new_array(np.broadcast_to(g, shape))


def scatters(index: Any) -> bool:
    if type(index) is np.ndarray:
        return index.dtype.char != "?"
    items = index if type(index) is tuple else (index,)
    return any(isinstance(i, (list, np.ndarray)) and np.asarray(i).dtype != bool for i in items)


def add_at(buffer: np.ndarray | None, index: Any, g: Any) -> None:
    """`buffer[index] += g`, where an element that is named several times receives every share.

    Of what turns out to be counts there is no cotangent.
    """
    if buffer is None:
        return
    if scatters(index):
        np.add.at(buffer, index, g)
    else:
        buffer[index] += g


def place(g: Any, shape: tuple[int, ...], index: Any) -> np.ndarray:
    """Zeros of `shape` with `g` added at `index`: the cotangent of an array that was read there.

    >>> place(2.0, (3,), 1)
    array([0., 2., 0.])
    """
    buffer: Any = np.zeros(shape, g.dtype) if type(g) is np.ndarray else \
        batched_shapes.zeros(g, shape, g.dtype) if type(g) is Batch else \
        zeros_carried(shape, np.result_type(g), g)
    if type(index) is np.ndarray and index.dtype.char != "?":
        np.add.at(buffer, index, g)
    else:
        add_at(buffer, index, g)
    return buffer


def fitted(g: Any, x: Any) -> Any:
    """The cotangent of a value that was broadcast to where it was written.

    >>> fitted(np.ones((2, 3)), np.zeros((1, 1, 3)))
    array([[[2., 2., 2.]]])
    """
    if isinstance(x, (list, tuple)):
        rows = fitted(g, np.asarray(x))
        return None if rows is None else match(rows, x)
    if not isinstance(x, (float, complex, np.inexact, np.ndarray)):
        return None
    shape = np.shape(x)
    if len(shape) > np.ndim(g):
        return match(np.reshape(unbroadcast(g, shape[len(shape) - np.ndim(g):]), shape), x)
    return match(unbroadcast(g, shape), x)


def full(shape: tuple[int, ...], value: np.ndarray, dtype: Any = None) -> np.ndarray:
    """`np.full` of an array, in half of its time for few numbers.

    >>> full((1, 3), np.array([1.0, 2.0, 3.0], np.float32))
    array([[1., 2., 3.]], dtype=float32)
    """
    if dtype is None:
        dtype = value.dtype
    if type(value) is np.ndarray:  # asked first: of few numbers the asking is what takes time
        made = np.empty(shape, dtype)
    elif type(value) is Batch:
        return batched_shapes.full(shape, value, dtype)
    else:
        made = np.empty(shape, dtype) if type(value) not in CARRIED else \
            zeros_carried(shape, dtype, value)
    made[...] = value
    return made


def zeros(x: Any) -> Any:
    """The zero cotangent of a value; None for what is not differentiable."""
    if type(x) is float:
        return 0.0
    if isinstance(x, np.ndarray):
        if x.dtype.kind not in "fc":
            return None
        return np.zeros(x.shape, x.dtype) if not RUNS else \
            batched_shapes.zeros_now(x.shape, x.dtype)
    if type(x) in CARRIED:
        return zeros(plain_value(x))
    if isinstance(x, np.inexact):
        return type(x)(0)
    if isinstance(x, complex):
        return 0j
    if isinstance(x, tuple):
        items = [zeros(i) for i in x]
        return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
    if isinstance(x, list):
        return [zeros(i) for i in x]
    if isinstance(x, dict):
        return {k: zeros(v) for k, v in x.items()}
    return None


#: The types of most cotangents.
_ADDED = frozenset({float, np.float64, np.ndarray})


def add(a: Any, b: Any) -> Any:
    """The sum of two cotangents of one value, where either may be None (zero)."""
    if a is None:
        return b
    if b is None:
        return a
    if type(a) is type(b) and type(a) in _ADDED:
        return a + b
    if isinstance(a, dict) != isinstance(b, dict):  # a list's cotangent by its indices
        a, b = (p if isinstance(p, dict) else dict(enumerate(p)) for p in (a, b))
    if isinstance(a, np.ndarray) and isinstance(b, (tuple, list)):
        a, b = b, a  # of rows that were taken for an array, and of rows
    if isinstance(a, (tuple, list)):
        items = [add(p, q) for p, q in zip(a, b, strict=True)]
        return items if type(a) is list else \
            like_fields(a, items) if hasattr(type(a), "_fields") else \
            tuple(items) if isinstance(a, tuple) else type(a)(items)
    if isinstance(a, dict):
        return {k: add(a.get(k), b.get(k)) for k in {**a, **b}}
    return a + b


def match_number(g: Any, x: Any) -> Any:
    """`match` for numbers that may be ints beside floats: their cotangent is of floats, too.

    >>> match_number(2, 0.5), match_number(None, 3)
    (2.0, 0.0)
    """
    if isinstance(x, (int, np.integer, np.bool_)):
        x = 0.0
    elif isinstance(x, np.ndarray) and x.dtype.kind in "iub":
        x = np.broadcast_to(0.0, x.shape)
    return match(g, x)


#: As a value of any type, so that what is no dict keeps its own.
_MAPPING: Any = dict


def match(g: Any, x: Any) -> Any:
    """A cotangent in the type and dtype of its value: real for real, float32 for float32."""
    if g is None:
        return zeros(x)
    if type(g) is type(x) and (type(g) in _FLOATS or (not isinstance(g, _MAPPING) and
            getattr(g, "dtype", None) is getattr(x, "dtype", 0) and np.shape(g) == np.shape(x))):
        return g
    if type(g) is Batch and not isinstance(x, (tuple, list)):
        return batched_shapes.match(g, x)
    if type(x) in CARRIED:
        return match(g, plain_value(x))
    if type(g) in CARRIED and not isinstance(x, (tuple, list)):
        return _of_carried(g, x)
    if isinstance(x, list) and isinstance(g, dict):
        return [match(g.get(i), v) for i, v in enumerate(x)]
    if isinstance(x, (tuple, list)):
        if not isinstance(g, (tuple, list, np.ndarray, Batch)) or len(g) != len(x):
            raise misshapen(g, x)
        items = [match(p, q) for p, q in zip(g, x, strict=True)]
        return items if type(x) is list else \
            like_fields(x, items) if hasattr(type(x), "_fields") else \
            tuple(items) if isinstance(x, tuple) else type(x)(items)
    if isinstance(x, dict):
        if isinstance(g, list) and all(type(k) is int and 0 <= k < len(g) for k in x):
            # What has slots of a list is differentiated again: only those count.
            return {k: match(g[k], v) for k, v in x.items()}
        if not isinstance(g, dict):
            raise misshapen(g, x)
        return {k: match(g.get(k), v) for k, v in x.items()}
    if isinstance(x, np.ndarray):
        if x.dtype.kind not in "fc":
            if x.dtype.kind == "O":
                raise of_objects()
            return None
        rows = of_rows(g, x.shape) if isinstance(g, (dict, list, tuple)) else None
        if rows is not None:
            g = [match(p, q) for p, q in zip(rows, x, strict=True)]
        g = as_array(g)
        if type(g) in CARRIED:
            return match(g, x)
        if g.dtype.kind not in "biufc":
            raise misshapen(g, x)
        if g.dtype.kind == "c" and x.dtype.kind != "c":
            g = g.real
        if g.shape != x.shape:
            raise misshapen(g, x)
        return g if g.dtype == x.dtype else g.astype(x.dtype)
    if isinstance(x, (float, complex, np.inexact)) and (
            not isinstance(g, _NUMBERS) or np.shape(g) or np.asarray(g).dtype.kind not in "biufc"):
        raise misshapen(g, x)
    if isinstance(x, np.inexact):
        g = g if isinstance(x, np.complexfloating) else np.real(g)
        return x.dtype.type(g[()] if isinstance(g, np.ndarray) else g)
    if isinstance(x, float):
        return float(np.real(g))
    if isinstance(x, complex):
        return complex(g)
    return None if isinstance(x, (bool, int, str, bytes, type(None))) else g


def _of_carried(g: Any, x: Any) -> Any:
    value, dot = match(g.value, x), match(g.tangent, x)
    return g if value is g.value or value is None else carried(value, dot, g.run)


_NUMBERS = (int, float, complex, np.number, np.bool_, np.ndarray)
_FLOATS = frozenset({float, complex, np.float64, np.float32, np.complex128})


def copy(x: Any) -> Any:
    """A snapshot of what backward code reads, for memory that may be written before it runs."""
    if type(x) is Batch:
        return x.__deepcopy__(None)
    if isinstance(x, np.ndarray):
        # In the same order of memory, so that sums over it round as they did; backwards, too.
        if any(s < 0 for s in x.strides):
            way = tuple([slice(None, None, -1 if s < 0 else 1) for s in x.strides])
            return x[way].copy(order="K")[way]
        return x.copy(order="K")
    if isinstance(x, tuple) and not hasattr(x, "_extra_fields"):
        items = [copy(i) for i in x]
        return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
    if isinstance(x, list):
        return [copy(i) for i in x]
    if isinstance(x, dict):
        return {k: copy(v) for k, v in x.items()}
    return x
