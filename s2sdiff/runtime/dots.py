"""Tangents of what lies in objects, cells and other holders: a table by place, for one run forward.

What a holder has under a key (an attribute, a cell's contents, an argument of a partial) is noted
with its tangent, and both are found again by whoever gets at the holder, under any name.  What was
put there without the table's knowing is another value, of which the tangent is zero.
"""

from __future__ import annotations

import functools
import sys
import types
import weakref
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import CarriedArray, plain_value
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.shadows import owner_of
from s2sdiff.runtime.sparse_order import must_be_as_noted
from s2sdiff.runtime.zero_tangents import zero_tangent

__all__ = ["NUMBERS", "Dots", "cell_dot", "field_dot", "zero_in"]

NUMBERS = (float, complex, np.number, np.bool_, bool, int)


class Dots:
    """Tangents by place, of one run of forward mode."""

    __slots__ = ("arrays", "containers", "given", "held", "kept", "swept")

    def __init__(self) -> None:
        #: By a place's id: the place, and by key what was there with its tangent.
        self.held: dict[int, tuple[Any, dict[Any, tuple[Any, Any]]]] = {}
        #: By id: lists and dicts that came from elsewhere, with their tangents.
        self.containers: dict[int, tuple[Any, Any]] = {}
        #: By the id of what owns their memory: tangents of arrays that came from elsewhere.
        self.arrays: dict[int, tuple[Any, Any]] = {}
        #: By a place's id: the tangents that a caller has given for what it holds.
        self.given: dict[int, Any] = {}
        #: By function and arguments: what cached functions have given, with its tangent.
        self.kept: dict[Any, list[Any]] = {}
        self.swept = 1000

    def put(self, place: Any, key: Any, value: Any, dot: Any) -> None:
        """Note the tangent of what now is under a key; None: it is not known to have one."""
        shown = self._shown(place)
        if shown is not None and (key in shown or dict.__contains__(place, key)):
            shown[key] = zero_in(self, value) if dot is None else dot
            return
        found = self.held.get(id(place))
        if dot is None and (found is None or key not in found[1]):
            return
        if found is None:
            self._sweep()
            found = self.held[id(place)] = (place, {})
        found[1][key] = value, dot

    def get(self, place: Any, key: Any, value: Any) -> Any:
        """The tangent of what is under a key, which is `value`."""
        shown = self._shown(place)
        if shown is not None and key in shown:
            return shown[key]
        found = self.held.get(id(place))
        entry = None if found is None else found[1].get(key)
        if entry is not None and entry[0] is value and entry[1] is not None:
            return entry[1]
        return zero_in(self, value)

    def drop(self, place: Any, key: Any) -> None:
        """Nothing is under a key any more."""
        shown = self._shown(place)
        if shown is not None:
            shown.pop(key, None)

    def has(self, place: Any) -> bool:
        """Whether something under a place has a tangent."""
        return id(place) in self.held

    def _shown(self, place: Any) -> Any:
        """The tangents of fields that lie in a dict which somebody has as such."""
        found = self.containers.get(id(place)) if isinstance(place, dict) else None
        return found[1] if found is not None and found[0] is place else None

    def shown(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The tangents of an object's fields as that of a dict, from now on."""
        found = self._shown(fields)
        if found is None:
            found = {k: self.get(fields, k, v) for k, v in dict.items(fields)}
            self.keep(fields, found)
            _, noted = self.held.pop(id(fields), (None, {}))
            slots = {k: entry for k, entry in noted.items() if not dict.__contains__(fields, k)}
            if slots:  # `__slots__` beside a `__dict__`
                self.held[id(fields)] = fields, slots
        return found

    def keep(self, x: Any, dot: Any) -> None:
        """Let a list or a dict have this tangent, whoever asks for it."""
        self._sweep()
        self.containers[id(x)] = x, dot

    def keep_all(self, x: Any, dot: Any) -> None:
        """Let each list and dict in a value have the tangent that lies in the value's."""
        own: Any = next((c for c in (tuple, list, dict, deque) if isinstance(x, c)), None)
        if dot is None or own is None or self.containers.get(id(x), (None, None))[1] is dot or not (
                len(dot) == len(x) if own is tuple else _fits(dot, x)):
            return
        if own is not tuple:
            self.keep(x, dot)
        read: Any = functools.partial(own.__getitem__, x)
        for k in [*dot] if own is dict else range(len(dot)):
            self.keep_all(read(k), dot[k])

    def entries(self, place: Any) -> list[tuple[Any, tuple[Any, Any]]]:
        """What is noted of a place: by key the value, and its tangent."""
        shown = self._shown(place)
        found = self.held.get(id(place))
        noted = [] if found is None else list(found[1].items())
        return noted if shown is None else noted + [
            (k, (v, shown.get(k))) for k, v in dict.items(place)]

    def _sweep(self) -> None:
        """Forget places that nobody else has, each time that there are twice as many."""
        if len(self.held) + len(self.containers) < self.swept:
            return
        for table in (self.held, self.containers):
            # The table, the loop and the call of getrefcount have it.
            gone = [key for key, (place, _) in table.items() if sys.getrefcount(place) <= _ALONE]
            for key in gone:
                del table[key]
        self.swept = 2 * (len(self.held) + len(self.containers)) + 1000


def _alone() -> int:
    held = {0: (object(), {})}
    (count,) = [sys.getrefcount(place) for _, (place, _) in held.items()]
    return count


#: How many references are counted of what the table alone has.
_ALONE = _alone()


def zero_in(dots: Dots, x: Any) -> Any:
    """The zero tangent of a value from elsewhere, one and the same each time that it is asked for.

    What an object holds has its tangent by place; the object itself has None.
    """
    if isinstance(x, np.ndarray):
        return _of_array(dots, x)
    if isinstance(x, NUMBERS):
        return zero_tangent(x)
    if isinstance(x, tuple):
        items = [zero_in(dots, i) for i in x]
        return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
    if not isinstance(x, (list, dict, set, frozenset, deque)):
        return None
    found = dots.containers.get(id(x))
    if found is not None and found[0] is x:
        if _fits(found[1], x):
            return found[1]
        if any(np.any(leaf) for leaf in leaves_of(found[1]) if leaf is not None):
            raise refusal(UnsupportedError, f"forward mode has not followed what became longer or "
                          f"shorter in a {type(x).__name__}", "use reverse mode (sd.vjp)")
    made: Any = {} if isinstance(x, (dict, set, frozenset)) else \
        deque(maxlen=x.maxlen) if isinstance(x, deque) else []
    dots.keep(x, made)
    # It may be in itself: what has all places is found again.
    if isinstance(made, dict):
        made.update(dict.fromkeys(dict.keys(x) if isinstance(x, dict) else x))
        for k in made:
            made[k] = zero_in(dots, dict.__getitem__(x, k) if isinstance(x, dict) else k)
        return made
    walk: Any = deque.__iter__ if isinstance(x, deque) else list.__iter__
    items = list(walk(x))
    made.extend([None] * len(items))
    for i, v in enumerate(items):
        made[i] = zero_in(dots, v)
    return made


def _fits(dot: Any, x: Any) -> bool:
    """Nobody has made it longer or shorter without its tangent."""
    if isinstance(x, dict):
        return dot.keys() == dict.keys(x)
    if isinstance(x, (set, frozenset)):
        return dot.keys() == x
    length: Any = deque.__len__ if isinstance(x, deque) else list.__len__
    return len(dot) == length(x)


def _of_array(dots: Dots, a: np.ndarray) -> Any:
    """A view of the tangent of the memory that an array shows."""
    if a.dtype.kind not in "fc":
        return zero_tangent(a)
    owner = owner_of(a)
    if owner.dtype.names is not None:
        return None  # what lies in an array with fields is constant (see `views`)
    found = dots.arrays.get(id(owner))
    if found is None or found[0]() is not owner:
        key, table = id(owner), dots.arrays
        made = zero_tangent(owner)
        found = table[key] = weakref.ref(owner, lambda _: table.pop(key, None)), made
    whole, a = found[1], plain_value(a)
    return whole if owner is a else _shown(whole, owner, a)


def _shown(whole: Any, owner: np.ndarray, a: np.ndarray) -> Any:
    """The view of the tangent of what owns the memory of an array."""
    if type(whole) is CarriedArray:
        return CarriedArray(_shown(whole.value, owner, a), _shown(whole.tangent, owner, a),
                            whole.run)
    flat = whole.ravel(order="K") if isinstance(whole, np.ndarray) else None
    start = _address(a) - _address(owner)
    if flat is None or owner.dtype != a.dtype or whole.strides != owner.strides or \
            not np.may_share_memory(flat, whole) or start % a.itemsize or start < 0:
        raise refusal(UnsupportedError, "forward mode does not follow this view of an array",
                      "copy the array, or use reverse mode (sd.vjp)")
    return np.lib.stride_tricks.as_strided(flat[start // a.itemsize:], a.shape, a.strides,
                                           writeable=a.flags.writeable)


def _address(a: np.ndarray) -> int:
    return a.__array_interface__["data"][0]


def cell_dot(dots: Dots, cell: types.CellType, value: Any) -> Any:
    """The tangent of a captured variable."""
    return dots.get(cell, "cell_contents", value)


def field_dot(dots: Dots, owner: Any, name: str, value: Any) -> Any:
    """The tangent of what an object has in a field."""
    must_be_as_noted(dots, owner)
    return dots.get(fields_of(owner), name, value)
