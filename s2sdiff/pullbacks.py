"""The pullback that `vjp` gives: cotangents are checked, and come out in the arguments' types."""

from __future__ import annotations

import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import boundary
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.batches import RUNS, apart, running
from s2sdiff.runtime.contents import items_of, parts
from s2sdiff.runtime.declared import constant_fields
from s2sdiff.runtime.named_tuples import like_fields, like_tuple
from s2sdiff.runtime.quick_structures import own
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.structures import gradient_beside, holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["pullback_of"]


def pullback_of(raw: Any, slots: tuple[int, ...], args: tuple, value: Any,
                like: Any = None) -> Callable[[Any], Any]:
    """A public pullback of what generated code gave for the arguments in `slots`.

    Floats, and arrays that fit as they are, take the short way everywhere.

    Parameters
    ----------
    like : what is kept of those arguments, where `value` is a likeness, too
    """
    n = len(args)
    of_float = type(value) is float
    if like is None:
        value = value if of_float else _likeness(value)
        given = args if len(slots) == n else [args[i] for i in slots]
        # Of an array only its dtype and shape are kept.
        like = [_FLOAT if type(x) is float else (x.dtype, x.shape, None) if type(x) is np.ndarray
                else (None, None, _likeness(x)) for x in given]

    def pullback(cotangent: Any) -> Any:
        if RUNS and running() is not None:
            # Made again, as what refers to itself stays until it is collected.
            return apart(pullback_of(raw, slots, (None,) * n, value, like), cotangent)
        if not of_float or type(cotangent) is not float:
            cotangent = _accepted(cotangent, value, {})
        try:
            entries = raw(cotangent)
        except DifferentiationError as error:
            raise boundary.leaving(error) from error.__cause__
        if len(like) == 1:
            entries = (entries,)
        found = []
        floats, seen = True, {}
        for e, (dtype, shape, x) in zip(entries, like, strict=True):
            if dtype is not float or type(e) is not float:
                floats = False
                if shape is None:
                    e = gradient_beside(e, x, seen)
                elif type(e) is not np.ndarray or e.dtype is not dtype or e.shape != shape:
                    e = match(e, _empty(shape, dtype))
            found.append(e)
        if not floats:
            found = _apart(found, seen)
        if len(found) < n:
            by_slot = dict(zip(slots, found, strict=True))
            found = [by_slot.get(i) for i in range(n)]
        return found[0] if n == 1 else tuple(found)

    return pullback


_FLOAT = (float, None, 0.0)


def _apart(entries: list[Any], seen: dict[Any, Any]) -> list[Any]:
    """Cotangents that are arrays of their own: writable, none sharing memory with another."""
    for i, e in enumerate(entries):
        if isinstance(e, np.ndarray):
            entries[i] = e.copy() if e.base is not None or not e.flags.writeable else own(e, seen)
    return entries


def _likeness(value: Any) -> Any:
    """Something with a value's structure, shapes and dtypes, that holds no array of its size."""
    return value if type(value) is float else _like(value, {})


def _like(value: Any, seen: dict[int, Any]) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, np.ndarray):
        return _empty(value.shape, value.dtype)
    if isinstance(value, tuple):
        items = [_like(v, seen) for v in value]
        return like_tuple(value, items)
    place = id(value.place if isinstance(value, Parts) else value)
    if place in seen:
        return seen[place]
    if not isinstance(value, (list, dict, Parts)):
        value = parts(value)
        if not isinstance(value, Parts):
            return value
    made: Any
    if isinstance(value, list):
        made = seen[place] = []
        made.extend([_like(v, seen) for v in list.__iter__(value)])
    elif isinstance(value, dict):
        made = seen[place] = {}
        made.update({k: _like(v, seen) for k, v in dict.items(value)})
    else:
        made = seen[place] = Parts(value.place, {})
        made.items.update({k: _like(v, seen) for k, v in value.items.items()})
    return made


#: Types of values that are no larger than what stands for them.
_AS_IT_IS = frozenset({float, int, bool, str, complex, np.float64, np.float32, type(None)})


@functools.lru_cache(maxsize=512)
def _empty(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    return np.broadcast_to(np.zeros((), dtype), shape)


def _accepted_parts(cotangent: Any, value: Parts, seen: dict[int, Any],
                    where: str) -> dict[Any, Any] | None:
    """The cotangent of an object, by the names of its attributes."""
    # As what a rule gives: one and the same in two places is the whole, two are a share each.
    if cotangent is None or seen.get(id(value)) is cotangent:
        return None
    seen[id(value)] = cotangent
    cls = type(value.place)
    if not isinstance(cotangent, (cls, dict)):
        raise TypeError(f"pullback: {where} is a {cls.__name__}, the cotangent is of type "
                        f"{type(cotangent).__name__}. Instead, pass one of the value's class, with "
                        "cotangents in its attributes.")
    given, known = dict(items_of(cotangent) or ()), value.items
    if isinstance(value.place, (list, dict, deque)) and given.keys() != known.keys():
        raise TypeError(f"pullback: {where} is a {cls.__name__} of {len(known)}, the cotangent one "
                        f"of {len(given)}, or of other keys. Instead, pass one cotangent for each "
                        "item, None for zero.")
    strange = next((k for k, g in given.items() if k not in known and g is not None), None)
    if strange is not None:
        raise TypeError(f"pullback: {where} is a {cls.__name__}, the cotangent has {strange!r}, "
                        f"which is none of its attributes. Instead, give cotangents of "
                        f"{', '.join(map(str, known))}.")
    constant = constant_fields(cls)
    if not isinstance(value.place, (list, dict, deque)):
        # A cotangent that was made by the class has a text where the value has one.
        constant = {*constant, *[k for k, v in known.items() if not isinstance(v, _HAVING)]}
    return {k: None if k in constant else _accepted(given.get(k), v, seen, f"{where}.{k}")
            for k, v in known.items()}


def _is_proxy_of_numbers(value: Any) -> bool:
    return isinstance(value, types.MappingProxyType) and holds_numbers(dict(value))


_NUMBERS = (int, float, complex, np.generic, np.ndarray)
#: What may have a cotangent, or has a structure of which that is asked.
_HAVING = (*_NUMBERS, tuple, list, dict, Parts, types.MappingProxyType)


def _nothing(value: Any) -> Any:
    # What is an int here is a float elsewhere, as a sum of no items is an int.
    return 0.0 if type(value) is int else match(None, value)


def _accepted(cotangent: Any, value: Any, seen: dict[int, Any], where: str = "the value") -> Any:
    """A cotangent that fits the value, in its dtype, and is no array of the caller's."""
    if type(cotangent) is np.ndarray and type(value) is np.ndarray \
            and cotangent.dtype == value.dtype and cotangent.shape == value.shape \
            and value.dtype.kind in "fc":
        # In its order of memory, in which sums round as they do without a boundary.
        return cotangent.copy("K")
    if type(value) is np.float64 and type(cotangent) in (float, np.float64):
        return np.float64(cotangent)
    if isinstance(value, (tuple, list)):
        cotangent = (None,) * len(value) if cotangent is None else cotangent
        if not isinstance(cotangent, (tuple, list)) or len(cotangent) != len(value):
            raise TypeError(f"pullback: {where} is a {type(value).__name__} of {len(value)}. "
                            "Instead, pass one cotangent for each of its items, in the same "
                            "structure.")
        items = [_accepted(c, v, seen, f"{where}[{i}]")
                 for i, (c, v) in enumerate(zip(cotangent, value, strict=True))]
        return items if isinstance(value, list) else \
            like_fields(value, items) if hasattr(type(value), "_fields") else tuple(items)
    if isinstance(value, dict):
        cotangent = dict.fromkeys(value) if cotangent is None else cotangent
        if not isinstance(cotangent, dict) or cotangent.keys() != value.keys():
            raise TypeError(f"pullback: {where} is a dict with the keys {list(value)}. Instead, "
                            "pass a dict with one cotangent for each of them.")
        return {k: _accepted(cotangent[k], v, seen, f"{where}[{k!r}]") for k, v in value.items()}
    if isinstance(value, Parts):
        return _accepted_parts(cotangent, value, seen, where)
    if isinstance(value, np.ndarray) and value.dtype.kind == "O" and cotangent is not None:
        raise TypeError(f"pullback: {where} is an array of objects, which has no cotangent. "
                        "Instead, pass None for it, or return a list.")
    if cotangent is not None and _is_proxy_of_numbers(value):
        raise TypeError(f"pullback: {where} is a mappingproxy, which has no cotangent. Instead, "
                        "pass None for it, or return a dict.")
    if cotangent is None:
        return _nothing(value)
    if not isinstance(value, _NUMBERS):
        raise TypeError(f"pullback: {where} is of type {type(value).__name__}, which has no "
                        "cotangent. Instead, pass None for it.")
    if not isinstance(cotangent, _NUMBERS):
        raise TypeError(f"pullback: {where} has shape {np.shape(value)}, the cotangent is of "
                        f"type {type(cotangent).__name__}. Instead, pass a cotangent of the "
                        "value's shape.")
    if np.shape(cotangent) != np.shape(value):
        raise TypeError(f"pullback: {where} has shape {np.shape(value)}, the cotangent "
                        f"{np.shape(cotangent)}. Instead, pass a cotangent of the value's shape.")
    if not is_differentiable(value):
        return _nothing(value)
    dtype = getattr(value, "dtype", np.dtype(type(value)))
    given = np.result_type(cotangent)
    if given.kind not in "fciub" or (given.kind == "c" and dtype.kind != "c"):
        raise TypeError(f"pullback: {where} has dtype {dtype}, the cotangent {given}. Instead, "
                        "pass a cotangent of the value's dtype.")
    return match(copy(cotangent), value)
