"""Shadows: the cotangents of what can be written, kept by place for one run of a pullback.

`bars` maps a place (an array's memory, a list, dict, set, object or cell) to its shadow.  An
array's shadow is memory laid out as its own, so that a view's cotangent is the same view of it;
complex numbers lie there conjugated, by which the pairing of the real and imaginary parts, and of
views of other fields, is that of the numbers in them.  The shadow of anything else is a dict of
slots, from index, key or attribute name to the cotangent of the number or tuple that is there.
What is an array or container itself has its cotangent in its own shadow, so a slot has none for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.arrays import add_at, scatters
from s2sdiff.runtime.batched_shapes import zeros_now
from s2sdiff.runtime.batches import Batch
from s2sdiff.runtime.carried import CarriedArray, plain_value
from s2sdiff.runtime.shadow_slots import Bars, add_slot
from s2sdiff.runtime.unfit import of_objects
from s2sdiff.runtime.written_at import last_of

__all__ = [
    "Bars", "add_to", "address", "check_apart", "conjugated", "deposit_item", "each_once",
    "of_objects", "overlaps", "owner_of", "shadow", "shadow_to_add_to", "withdraw_item",
    "withdrawn",
]

def owner_of(a: np.ndarray) -> np.ndarray:
    """The array whose memory a view shows."""
    a = plain_value(a)
    while a.base is not None:
        base = a.base if isinstance(a.base, np.ndarray) else _behind(a.base)
        if not isinstance(base, np.ndarray):
            break
        a = base
    return a


def _behind(base: Any) -> Any:
    """What stands behind a base that is no array: that of `as_strided`, or of a buffer."""
    if isinstance(base, memoryview):
        return base.obj
    return base.base if type(base).__name__ == "DummyArray" else base


def address(a: np.ndarray) -> int:
    """Where an array's memory starts."""
    return plain_value(a).__array_interface__["data"][0]


def _memory(bars: Bars, owner: np.ndarray) -> np.ndarray:
    """The shadow of all memory that an array owns, flat, in its dtype."""
    # Memory that comes from elsewhere may be owned by two arrays.
    place = owner if owner.base is None else _behind(owner.base)
    found = bars.get(id(place))
    if found is None:
        made: Any = zeros_now(owner.size, owner.dtype)
        bars[id(place)] = (place, made) if place is owner else ((place, owner), made)
        return made
    if place is not owner and found[0][1] is not owner:
        raise refusal(AliasingError, "two arrays over one buffer that is no array's are written",
                      "make one array of the buffer, and views of that")
    return found[1]


def shadow(bars: Bars, a: np.ndarray) -> np.ndarray:
    """The cotangents of an array's elements, as memory that is changed in place.

    >>> bars, a = {}, np.ones(3)
    >>> shadow(bars, a[1:])[0] += 2.0
    >>> shadow(bars, a)
    array([0., 2., 0.])
    """
    owner = owner_of(a)
    if owner.dtype.kind == "O":
        raise of_objects()
    memory = _memory(bars, owner)
    if a is owner and owner.flags.c_contiguous:
        return memory.reshape(owner.shape)
    if a.size == 0:
        return zeros_now(a.shape, a.dtype)
    # (The stubs know `real` of arrays of known dtypes only.)
    halves = owner.dtype.kind == "c" and \
        a.dtype == owner.real.dtype  # pyright: ignore[reportAttributeAccessIssue]
    pairs = a.dtype.kind == "c" and \
        a.real.dtype == owner.dtype  # pyright: ignore[reportAttributeAccessIssue]
    if a.dtype != owner.dtype and not halves and not pairs:
        raise refusal(AliasingError,
                      f"a view of {owner.dtype} numbers as {a.dtype} is written or read where "
                      "their memory is written", "use .astype, which makes a new array")
    start = address(a) - address(owner)
    if type(memory) is CarriedArray:
        return _shown(memory, a, start)
    if type(memory) is Batch:
        rows = memory.rows
        return Batch(np.ndarray(  # type: ignore[return-value]
            (len(rows), *a.shape), a.dtype, rows, start, (rows.strides[0], *a.strides)))
    return view_of(memory, a, start)


def shadow_to_add_to(bars: Bars, a: np.ndarray) -> np.ndarray:
    """`shadow`, or what is thrown away: what lies in an array with fields is constant (`views`)."""
    if owner_of(a).dtype.names is not None:
        return zeros_now(a.shape, a.dtype)
    return shadow(bars, a)


def view_of(memory: np.ndarray, a: np.ndarray, start: int) -> np.ndarray:
    """The view of a shadow that an array is of its memory, which starts so many bytes in."""
    return np.ndarray(a.shape, a.dtype, memory, start, a.strides)


def _shown(memory: Any, a: np.ndarray, start: int) -> Any:
    """The view of a shadow that an array is of its memory, in each of the tangents, too."""
    if type(memory) is CarriedArray:
        return CarriedArray(_shown(memory.value, a, start), _shown(memory.tangent, a, start),
                            memory.run)
    return np.ndarray(a.shape, a.dtype, memory, start, a.strides)


def overlaps(a: np.ndarray) -> bool:
    """Some element of memory may be two elements of the view."""
    if type(a) is Batch:
        a = a.rows[0, ...]
    if a.size < 2 or a.flags.c_contiguous or a.flags.f_contiguous:
        return False
    reach = a.itemsize
    for stride, n in sorted((abs(s), n) for s, n in zip(a.strides, a.shape, strict=True) if n > 1):
        if stride < reach:
            return True
        reach = stride * (n - 1) + reach
    return False


def check_apart(a: np.ndarray) -> None:
    """Refuse an argument of which several elements are one of memory, which has one cotangent.

    >>> check_apart(np.ones((3, 2)).T)
    """
    if isinstance(a, np.ndarray) and overlaps(plain_value(a)):
        raise refusal(AliasingError, "an argument shows an element of its memory several times, as "
                      "np.broadcast_to and as_strided make it, and the derivative is kept by place",
                      "pass a copy of it: np.array(a)")


def each_once(a: np.ndarray) -> np.ndarray:
    """The array, or one of its own elements where nobody may write it, and some are the same.

    >>> each_once(np.broadcast_to(1.0, (3,))).strides
    (8,)
    """
    if a.flags.writeable or not overlaps(a):
        return a
    own = np.array(a)
    own.flags.writeable = False
    return own


def add_to(target: np.ndarray, g: Any) -> None:
    """Add to memory, element by element where some elements are the same."""
    if not overlaps(target):
        target[...] += g
        return
    g = np.broadcast_to(g, target.shape)
    for i in np.ndindex(target.shape):
        target[i] += g[i]


def conjugated(g: Any, dtype: Any) -> Any:
    """A cotangent as it lies in a shadow of this dtype, and back."""
    if dtype.kind == "c":
        return np.conj(g)
    return g.real if np.iscomplexobj(g) else g


def deposit_item(bars: Bars, a: Any, index: Any, g: Any) -> None:
    """Add `g` to the cotangent of `a[index]`."""
    if g is None:
        return
    if isinstance(a, np.ndarray):
        target = shadow_to_add_to(bars, a)
        g = conjugated(g, a.dtype)
        if overlaps(target):
            part = target[index]
            if isinstance(part, np.ndarray) and np.shares_memory(part, target):
                add_to(part, g)
            else:
                np.add.at(target, index, g)
            return
        add_at(target, index, g)
        return
    add_slot(bars, a, index, g)


def withdraw_item(bars: Bars, a: np.ndarray, index: Any) -> Any:
    """The cotangent of what was just written to `a[index]`, which had another value before."""
    target = shadow(bars, a)
    part = target[index]
    if isinstance(part, np.ndarray) or type(part) is Batch:
        if overlaps(part) or (overlaps(target) and not np.shares_memory(part, target)):
            raise refusal(AliasingError, "a view that shows an element several times is written",
                          "write into the array itself")
        part = last_of(part, index, target.shape) if scatters(index) else part.copy("K")
    target[index] = 0
    return conjugated(part, a.dtype)


def withdrawn(bars: Bars, a: np.ndarray) -> Any:
    """Take an array's cotangent out of the shadow of its memory; None: there is none."""
    owner = owner_of(a)
    place = owner if owner.base is None else _behind(owner.base)
    if id(place) not in bars:
        return None
    if a is owner and a.flags.c_contiguous:
        made = bars.pop(id(place))[1].reshape(a.shape)
        return np.conj(made) if a.dtype.kind == "c" else made
    target = shadow(bars, a)
    if overlaps(target):
        # An element that is seen several times has its cotangent the first time only.
        copied = zeros_now(target.shape, target.dtype)
        for i in np.ndindex(target.shape):
            copied[i] = target[i]
            target[i] = 0
        return conjugated(copied, a.dtype)
    made = conjugated(target.copy("K"), a.dtype)
    target[...] = 0
    return made
