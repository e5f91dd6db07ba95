"""What a function leaves in its arguments, put into these where it ran on copies of them.

A derivative whose text cannot be differentiated is found by runs on copies.  What the call itself
would have left in its arguments, counters and lists that have grown, is to be there after it.
"""

from __future__ import annotations

import functools
import types
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.carrying import own_copies
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.declared import constant_fields
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.remaking import empty, put
from s2sdiff.runtime.shadows import of_fields, owner_of, withdrawn
from s2sdiff.runtime.values import is_inert
from s2sdiff.runtime.whole_values import items_of

__all__ = ["Left", "Moved", "are_constants", "are_leaves"]

#: What is in the arguments that were given, in copies of them, and in what a run left of others.
_Likes = list[tuple[Any, Any]]


class Left:
    """Arguments as they were given, and copies, made before anything ran.

    Attributes
    ----------
    copies : one for each argument, which nobody writes into
    shared : they have objects in common with the arguments that somebody may write: those that
        hold no numbers are not copied
    """

    def __init__(self, given: tuple, copies: tuple | None = None) -> None:
        self.copies = own_copies(given) if copies is None else copies
        self._left: list[tuple[Any, list[Any]]] = []
        self.shared, self._given = False, list(zip(given, self.copies, strict=True))
        if not are_leaves(given):
            self._given = []
            _pair(given, self.copies, self._given, set())
            self.shared = _shares(given, self.copies, set())

    def by(self, run: Callable[[tuple], Any], moving: bool) -> Any:
        """What a run on copies gives; what it leaves in these is left in what was given.

        With `moving`, what has derivatives may be left there, too: see `unread`.

        Raises
        ------
        Moved
            A number with a derivative would be left, or what refers to the copies.
        """
        copies = own_copies(self.copies)
        likes: _Likes = []
        _pair(self.copies, copies, likes, set())
        value = run(copies)
        before = {id(c): x for x, c in self._given}
        likes = [(x, c) for x, c in likes if id(x) in before]
        same = {id(x): id(c) for x, c in likes}
        changes = [(before[id(x)], c, keys) for x, c in likes
                   if (keys := _changed(x, c, same, moving)) is not None]
        back = _Back([(before[id(x)], c) for x, c in likes])
        # Nothing is left before it is sure that all can be.
        slots = [[(k, back(v) if k in keys else back.originals.get(id(v), v))
                  for k, v in _slots(c)] for _, c, keys in changes]
        for (x, copy, keys), items in zip(changes, slots, strict=True):
            _leave(x, copy, items)
            self._left.append((x, keys))
        return value

    def unread(self, bars: Any) -> bool:
        """Whether nothing that was left has a cotangent, of what was done with it since."""
        for x, keys in self._left:
            if isinstance(x, np.ndarray):
                found = [withdrawn(bars, x)] if x.dtype.kind in "fc" else []
            else:
                slots = bars.get(id(of_fields(x)), (None, {}))[1]
                found = [slots[k] for k in keys if k in slots]
            if any(np.any(g) for g in leaves_of(found) if g is not None):
                return False
        return True


def are_constants(args: tuple) -> bool:
    """Whether nobody can write any of the arguments.

    >>> are_constants((1.0, "a", None, np.sin)), are_constants((np.ones(2),))
    (True, False)
    """
    return all(isinstance(x, _STATELESS) for x in args)


def are_leaves(args: tuple) -> bool:
    """Whether arguments are numbers and arrays alone.

    >>> are_leaves((1.0, np.ones(2))), are_leaves(([1.0],))
    (True, False)
    """
    return all(isinstance(x, _LEAVES) for x in args)


class Moved(Exception):
    """A run would leave a number with a derivative in an argument."""


def _shares(x: Any, like: Any, seen: set[int]) -> bool:
    if id(x) in seen or isinstance(x, (*_STATELESS, np.ndarray)):
        return False
    seen.add(id(x))
    if x is like and not isinstance(x, tuple):
        return items_of(x) is not None
    return any(_shares(v, w, seen) for (_, v), (_, w) in zip(
        _slots(x), _slots(like), strict=False))


_STATELESS = (int, float, complex, str, bytes, type(None), np.generic, type, types.FunctionType,
              types.BuiltinFunctionType, types.ModuleType, np.ufunc)
_LEAVES = (np.ndarray, int, float, complex, str, type(None), np.generic)


def _pair(x: Any, like: Any, pairs: _Likes, seen: set[int]) -> None:
    if x is like or id(x) in seen:
        return
    seen.add(id(x))
    pairs.append((x, like))
    for (_, v), (_, w) in zip(_slots(x), _slots(like), strict=True):
        _pair(v, w, pairs, seen)


def _slots(x: Any) -> list[tuple[Any, Any]]:
    """Items or attributes that a run may change."""
    if isinstance(x, (*_STATELESS, np.ndarray)):
        return []
    if isinstance(x, OrderedDict):
        return list(OrderedDict.items(x))  # which has an order of its own
    constant = constant_fields(class_of(x)) if not isinstance(x, (list, dict, deque)) else ()
    return [(k, v) for k, v in items_of(x) or () if k not in constant]


def _changed(x: Any, copy: Any, same: dict[int, int], moving: bool) -> list[Any] | None:
    """The keys of what a run changed in a copy of `x`; None where that is as it was."""
    if isinstance(x, np.ndarray):
        if x.tobytes() == copy.tobytes():
            return None
        if not moving and x.dtype.kind in "fc":
            raise Moved
        return []
    if isinstance(x, tuple):
        return None
    before, after = dict(_slots(x)), dict(_slots(copy))
    other = [k for k, v in after.items() if k not in before or not (
        v is before[k] or id(v) == same.get(id(before[k])) or _equal(v, before[k]))]
    gone = [k for k in before if k not in after]
    if not other and not gone and list(before) == list(after):
        return None
    if not moving and not all(map(is_inert, (*[after[k] for k in other],
                                             *[before[k] for k in gone]))):
        raise Moved
    return [*other, *gone]


def _equal(a: Any, b: Any) -> bool:
    return type(a) is type(b) and isinstance(a, _STATELESS) and (a == b or (a != a and b != b))


def _leave(x: Any, copy: Any, items: list[tuple[Any, Any]]) -> None:
    if isinstance(x, np.ndarray):
        np.copyto(x, copy)
        return
    if isinstance(x, (list, dict, deque)):
        empty(x)
    else:
        for name in {k for k, _ in _slots(x)} - {k for k, _ in items}:
            object.__delattr__(x, name)
    for key, v in items:
        put(x, key, v)


class _Back:
    """Values that a run leaves, with what was given in place of its copies."""

    def __init__(self, likes: _Likes) -> None:
        self.originals = {id(c): x for x, c in likes}
        self.owners = {id(owner_of(c)) for _, c in likes if isinstance(c, np.ndarray)}
        self.seen: dict[int, Any] = {}

    def __call__(self, x: Any) -> Any:
        if id(x) in self.originals:
            return self.originals[id(x)]
        if isinstance(x, np.ndarray):
            if id(owner_of(x)) in self.owners:
                raise Moved  # a view, which would not show what was given
            return x
        if isinstance(x, types.FunctionType) and any(
                self.reaches(c.cell_contents) for c in x.__closure__ or () if c != _EMPTY):
            raise Moved
        if isinstance(x, _STATELESS) or id(x) in self.seen:
            return x
        self.seen[id(x)] = x
        found = items_of(x) or ()
        made = [(k, self(v)) for k, v in found]
        if all(v is w for (_, v), (_, w) in zip(found, made, strict=True)):
            return x
        if type(x) is tuple:
            return tuple([v for _, v in made])
        if isinstance(x, (tuple, set, frozenset, types.MethodType, functools.partial)):
            raise Moved
        if isinstance(x, (list, dict, deque)):
            empty(x)
        for k, v in made:
            put(x, k, v)
        return x

    def reaches(self, x: Any) -> bool:
        """Whether a function would come to the copies."""
        try:
            return self(x) is not x
        except Moved:
            return True


_EMPTY = types.CellType()
