"""Writing entries of arrays: `a[i] = v` with every kind of index, `a.fill`, `a.sort`, `a.flat = v`.

The shadow of an array is an array of its shape and dtype.  A pullback takes what it hands on out of
the shadow before the core adds it anywhere, for the value may be a view of the array itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.registry import derivative
from s2sdiff.rules.shared import rule_of, unsupported
from s2sdiff.runtime import copy, match, unbroadcast
from s2sdiff.runtime.batched_shapes import zeros_now
from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import as_array, class_of, new_array
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.shadows import overlaps
from s2sdiff.runtime.values import is_differentiable

__all__ = ["array_setitem", "attribute_set", "check_written", "receivers", "returned", "taken"]

SINGLE = (int, np.integer, slice, type(None), type(Ellipsis))


def check_written(a: Any, *values: Any, index: Any = ...) -> bool:
    """Whether an array that is written, at an index, has cotangents; refuses to round active
    values, and views that show an element several times.

    >>> check_written(np.zeros(2), 1.0), check_written(np.zeros(2, int), 1)
    (True, False)
    """
    if not isinstance(a, np.ndarray):
        raise TypeError(f"an array was expected, got {type(a).__name__}")
    if class_of(a) is not np.ndarray or a.dtype.kind in "OVM":
        raise unsupported(f"writing into a {type(a).__name__} of dtype {a.dtype}",
                          "use a plain array of floats")
    if a.dtype.kind in "fc":
        texts = [v for v in values if isinstance(v, (str, bytes))]
        if texts:
            a.dtype.type(texts[0])  # NumPy's own error for what is no number
            raise unsupported("text is written into an array of numbers, which reads it",
                              "write the number itself")
        if a.flags.writeable and overlaps(a) and _overlap(a, index):
            # Which of the writes stays, NumPy does not say.
            raise refusal(AliasingError, "a view that shows an element several times is written",
                          "write into the array itself, or copy the view first")
        return True
    if any(map(is_differentiable, values)):
        raise unsupported(f"a float is written into an array of dtype {a.dtype}, which rounds it",
                          "give the array a floating dtype, or round the value yourself with int()")
    return False


def _overlap(a: np.ndarray, index: Any) -> bool:
    part = a[index]
    return isinstance(part, np.ndarray) and (overlaps(part) or not np.shares_memory(part, a))


class Returned:
    """The type and shape of a written value, which its cotangent gets."""

    __slots__ = ("like", "shape")

    def __init__(self, value: Any) -> None:
        self.shape = np.shape(value)
        listed = isinstance(value, (list, tuple))
        arrays = isinstance(value, np.ndarray)
        # What is in a list may be replaced before the pullback looks at it.
        self.like = copy(value) if listed else np.empty(0, value.dtype) if arrays else value

    def __call__(self, g: Any) -> Any:
        g = unbroadcast(g, self.shape) if np.ndim(g) >= len(self.shape) else \
            np.reshape(unbroadcast(g, self.shape[len(self.shape) - np.ndim(g):]), self.shape)
        if isinstance(self.like, np.ndarray):
            like = self.like
            if like.dtype.kind not in "fc":
                return None
            g = g if type(g) is Batch else as_array(g)
            return (g.real if like.dtype.kind == "f" else g).astype(like.dtype, copy=False)
        if isinstance(self.like, (list, tuple)):
            return match(structured(g, self.like), self.like)
        return match(g, self.like)


def returned(value: Any) -> Any:
    """What makes a cotangent of a written value out of that of the places it was written to.

    >>> returned(1.0)(np.ones(3)), returned([1.0, 2.0])(np.ones(2))
    (3.0, [1.0, 1.0])
    """
    return Returned(value)


def taken(a_bar: np.ndarray, index: Any) -> np.ndarray:
    """The cotangents at an index, taken out of the shadow."""
    part = a_bar[index]
    g: Any = part.copy() if type(part) is Batch else new_array(part)
    a_bar[index] = 0
    return g


def receivers(index: Any, a: np.ndarray) -> bool:
    """Whether an index surely names every entry once only."""
    items = index if isinstance(index, tuple) else (index,)
    if all(isinstance(i, SINGLE) and not isinstance(i, bool) for i in items):
        return True
    if len(items) != 1:
        return False
    (i,) = items
    i = np.asarray(i)
    if i.dtype == bool:
        return i.ndim > 0
    return i.dtype.kind in "iu" and np.unique(i % max(a.shape[0], 1)).size == i.size


def array_setitem(a, index, value):
    """The rule for `a[index] = value` on an array."""
    if not check_written(a, value, index=index):
        a[index] = value
        return None, lambda _, a_bar: (None, None, None)
    index = copy(index)
    back = returned(value)
    if receivers(index, a):
        a[index] = value

        def pullback(_, a_bar):
            return None, None, back(taken(a_bar, index))

        return None, pullback
    return numbered_setitem(a, index, value, back)


def numbered_setitem(a, index, value, back):
    """The rule where an entry may be written twice: numbers, written in the same way, tell what
    stayed."""
    value = new_array(value)
    # Laid out as the value and the array are, so that NumPy walks over them in the same order.
    numbers = np.empty_like(value, np.intp)
    numbers[...] = np.reshape(np.arange(value.size), value.shape)
    owners = np.empty_like(a, np.intp, subok=False)
    owners[...] = -1
    owners[index] = numbers
    a[index] = value
    written = owners >= 0
    sources = owners[written]
    if not np.array_equal(a[written], value.ravel()[sources].astype(a.dtype), equal_nan=True):
        raise unsupported("an assignment writes an entry several times, and which value stayed "
                          "cannot be told", "name each entry once")

    def pullback(_, a_bar):
        g = taken(a_bar, written)
        value_bar = zeros_now(value.size, g.dtype)
        np.add.at(value_bar, sources, g)
        return None, None, back(np.reshape(value_bar, value.shape))

    return None, pullback


@derivative(of=np.ndarray.__setitem__, writes="self")
def ndarray_setitem(self, key, value, /):
    return array_setitem(self, key, value)


@derivative(of=np.ndarray.fill, writes="self")
def fill(self, value):
    active = check_written(self, value)
    self.fill(value)
    back = returned(value)
    return None, lambda _, self_bar: (None, back(taken(self_bar, ...)) if active else None)


@derivative(of=np.ndarray.sort, writes="self")
def sort(self, axis=-1, kind=None, order=None, *, stable=None):
    active = check_written(self)
    pull = rule_of(np.sort)(self.copy(), axis, kind, order, stable=stable)[1] \
        if active and self.size else None
    self.sort(axis, kind, order, stable=stable)

    def pullback(_, self_bar):
        if pull is not None:
            self_bar[...] = pull(self_bar.copy())
        return (None,) * 5

    return None, pullback


@derivative(of=np.ndarray.partition, writes="self")
def partition(self, kth, axis=-1, kind: Any = "introselect", order=None):
    active = check_written(self)
    pull = rule_of(np.partition)(self.copy(), kth, axis, kind, order)[1] \
        if active and self.size else None
    self.partition(kth, axis, kind, order)

    def pullback(_, self_bar):
        if pull is not None:
            self_bar[...] = pull(self_bar.copy())
        return (None,) * 5

    return None, pullback


def attribute_set(a, name, value):
    """The rule for `a.flat = v`, `a.real = v` and `a.imag = v` on an array."""
    if class_of(a) is np.ndarray and not hasattr(a, name):
        setattr(a, name, value)  # raises what the original raises, which may expect it
    if name not in ("flat", "real", "imag"):
        raise unsupported(f"setting .{name} of an array",
                          "make a new array (y = y.reshape(shape), y.astype(dtype))")
    active = check_written(a, value)
    if name == "flat":
        return flat_set(a, value, active)
    back = returned(value)
    setattr(a, name, value)

    def pullback(_, a_bar):
        if not active:
            return None, None, None
        # The pairing is Re(g dz), so that the imaginary part receives -Im(g).
        return None, None, back(taken(getattr(a_bar, name), ...) * (1 if name == "real" else -1))

    return None, pullback


def flat_set(a, value, active):
    back, shape, size = returned(value), np.shape(value), int(np.size(value))
    a.flat = value

    def pullback(_, a_bar):
        if not active or not size:
            return None, None, None
        g = np.ravel(taken(a_bar, ...))
        value_bar = zeros_now(size, g.dtype)
        np.add.at(value_bar, np.arange(g.size) % size, g)
        return None, None, back(np.reshape(value_bar, shape))

    return None, pullback
