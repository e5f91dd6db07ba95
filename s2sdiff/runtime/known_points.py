"""Whether an active value is one that an earlier call has kept, however a test has told that."""

from __future__ import annotations

import collections
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.kept_in_run import older_items
from s2sdiff.runtime.own_fields import all_fields, own_fields
from s2sdiff.runtime.remembered import (
    fresh_if_equal,
    is_record,
    may_answer,
    refuse_kept,
    shape_of,
)

__all__ = ["ITSELF", "fresh_if_held", "fresh_where_known", "fresh_where_listed",
           "fresh_where_near", "knows"]


def fresh_where_known(owner: Any, key: Any, value: Any, written: bool, answer: Any, whole: int,
                      *given: Any) -> None:
    """Refuse that what is kept in a place is one of the values given, or has one among its items.

    Of those given, so many are `whole`; the others are parts of some, which may be equal where all
    is not.  `value` is what lies there, where a name from outside or a property is the place.
    `answer` says where what is let out may lie: "anywhere", in the "owner", under other names
    there, or "inside".
    """
    if not may_answer(owner, key, answer):
        return
    kept = _lies(owner, key) if value is None and owner is not None else value
    for i, x in enumerate(given):
        if knows(kept, plain_value(x), 2 if i < whole else 0):
            refuse_kept(owner, key, written)
            return


def fresh_where_listed(owner: Any, key: Any, value: Any, *more: Any) -> None:
    """`fresh_where_known` of a test of what is in there; reads of dicts are looked at themselves.
    """
    if not isinstance(value if owner is None else _lies(owner, key), dict):
        fresh_where_known(owner, key, value, *more)


def fresh_if_held(result: Any, x: Any, owner: Any, key: Any, held: Any) -> None:
    """Refuse that a number, or a record of some, is in a list into which methods put such."""
    if isinstance(held, (*_LISTS, dict, np.ndarray)):
        result = result is True and knows(held, plain_value(x), 1)
    fresh_if_equal(result, x, owner, key, True, "anywhere")


def fresh_where_near(a: Any, b: Any, owner: Any, key: Any, value: Any, written: bool, answer: Any,
                     whole: int, *given: Any) -> None:
    """`fresh_where_known` of a test of which number is less, if that is about next to nothing."""
    if isinstance(plain_value(a), _NUMBERS) and isinstance(plain_value(b), _NUMBERS):
        try:
            near = bool(np.any(np.abs(np.subtract(a, b)) <= _NEAR * np.maximum(1.0, np.abs(a))))
        except (TypeError, ValueError):
            return
    else:
        near = True  # operators of a class of its own, which nobody has asked for, are not run
    if near:
        fresh_where_known(owner, key, value, written, answer, len(given), *given)


_NEAR = 1e-2
_NUMBERS = (int, float, complex, np.number, np.bool_, np.ndarray)


#: In the place of a key, where an object that is a container itself is the place.
ITSELF = "[:]"


def _lies(owner: Any, key: Any) -> Any:
    if key == ITSELF:
        return owner
    if isinstance(owner, types.CellType):
        try:
            return owner.cell_contents
        except ValueError:
            return None
    if isinstance(owner, dict):
        return dict.get(owner, key)
    if isinstance(owner, list):
        return owner[key] if isinstance(key, int) and -len(owner) <= key < len(owner) else None
    if isinstance(owner, np.ndarray) and not isinstance(key, str):
        try:
            return np.ndarray.__getitem__(owner, key)
        except IndexError:
            return None
    if not isinstance(key, str):
        return None
    fields = own_fields(owner)
    if key in fields:
        return fields[key]
    of_class = own_fields(type(owner)).get(key)
    return getattr(owner, key, None) if isinstance(of_class, _DESCRIPTORS) else of_class


#: What gives an attribute without running the user's code, as slots do, and fields of tuples.
_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType,
                type(vars(collections.namedtuple("Pair", "one"))["one"]))


def knows(kept: Any, x: Any, depth: int) -> bool:
    """Whether what is kept equals a value, or holds one that does, so many containers inside.

    >>> x = np.array([1.0, 2.0])
    >>> knows([1.0, 2.0], x, 0), knows([(x.copy(), 3.0)], x, 2), knows((1.0, 3.0), x, 2)
    (True, True, False)
    >>> knows(np.array([[0.0, 1.0], [1.0, 2.0]]), x, 1), knows(3, 3.0, 2), knows(x[None], np, 2)
    (True, False, False)
    >>> knows(x[None], [[1.0], [1.0, 2.0]], 2)
    False
    """
    if not isinstance(x, _TOLD) and not is_record(x):
        return False
    if _equal(kept, x):
        return True
    if not depth:
        return False
    if _lies_within(kept, x):
        return True
    return any(knows(v, x, depth - 1) for v in _items(kept, x))


#: What a cache tells a point by: numbers, arrays, and what is made of such.
_TOLD = (str, bytes, int, float, complex, np.generic, np.ndarray, list, tuple, dict)


def _items(kept: Any, x: Any) -> Iterable[Any]:
    """What a container may hold a value as; of an array those parts that have the value's shape."""
    if isinstance(kept, dict):
        return [*dict.keys(kept), *dict.values(kept)]
    if isinstance(kept, np.ndarray):
        if kept.dtype.names is not None:
            return [kept[name] for name in kept.dtype.names]
        shape = shape_of(x) if kept.dtype.kind in "fc" else None
        return kept.reshape(-1, *shape) if kept.size and shape is not None and \
            kept.shape[kept.ndim - len(shape):] == shape else ()
    return older_items(kept) if isinstance(kept, _LISTS) else ()


_LISTS = (list, tuple, set, frozenset, collections.deque, collections.UserList)


def _equal(kept: Any, x: Any) -> bool:
    kept, x = [v[()] if isinstance(v, np.ndarray) and v.ndim == 0 else v for v in (kept, x)]
    if isinstance(x, (str, bytes, int, np.integer)):
        # Texts and hashes of numbers; a count is none.
        return type(kept) is type(x) and not isinstance(x, bool) and bool(kept == x)
    if isinstance(kept, (float, complex, np.inexact)):
        return isinstance(x, (float, complex, np.inexact, np.ndarray)) and np.ndim(x) == 0 and \
            _close(kept, x)
    if is_record(x):
        return _equal_records(kept, x, 3)
    if isinstance(x, dict):
        return isinstance(kept, dict) and _same_items(kept, x, 3)
    if not (_has_items(kept) and _has_items(x)) or not 0 < len(kept) == len(x):
        return False
    if isinstance(kept, np.ndarray) and isinstance(x, np.ndarray):
        return kept.dtype.kind in "fc" and kept.shape == x.shape and _close(kept, x)
    return all(_equal(v, y) for v, y in zip(kept, x, strict=True))


def _equal_records(kept: Any, x: Any, depth: int) -> bool:
    if type(kept) is not type(x) or not depth:
        return False
    # What is kept may have been given more, as what was computed of it.
    return _same_items(all_fields(kept), all_fields(x), depth)


def _same_items(kept: dict[Any, Any], x: dict[Any, Any], depth: int) -> bool:
    return bool(x) and x.keys() <= kept.keys() and all(
        _equal_records(kept[n], v, depth - 1) if is_record(v) else
        _equal(kept[n], plain_value(v)) or _equal_inert(kept[n], v)
        for n, v in x.items())


def _equal_inert(kept: Any, x: Any) -> bool:
    """Whether what has no derivative is the same; of arrays, all of it."""
    if kept is x or type(kept) is not type(x) or not is_inert(x):
        return kept is x
    return np.array_equal(kept, x) if isinstance(x, np.ndarray) else bool(kept == x)


def _lies_within(kept: Any, x: Any) -> bool:
    """Whether an array has all the numbers of another one somewhere, as rows and parts of it do."""
    return isinstance(kept, np.ndarray) and isinstance(x, np.ndarray) and \
        kept.dtype.kind in "fc" and x.dtype.kind in "fc" and 0 < x.size < kept.size and \
        bool(np.isin(x, kept).all())


def _has_items(x: Any) -> bool:
    return isinstance(x, (list, tuple)) or (isinstance(x, np.ndarray) and x.ndim > 0)


def _close(kept: Any, x: Any) -> bool:
    return np.asarray(x).dtype.kind in "fciub" and bool(
        np.allclose(kept, x, rtol=1e-9, atol=1e-12))
