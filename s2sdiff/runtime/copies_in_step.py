"""Copies of objects in forward mode: what they hold has the tangents of what was copied."""

from __future__ import annotations

import copy
import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.copies import check_copied
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.named_tuples import is_by_items
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.standins_copies import asks, deeply
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable, is_inert
from s2sdiff.runtime.writes_in_step import CONTAINERS

__all__ = ["by_class", "copied", "copied_deeply", "kept"]


def by_class(dots: Dots, fn: Any, given: dict[Any, Any], args: tuple, call: Any) -> Any:
    """Value and tangent of a copy by a method of its class, or a deep one; None for others."""
    x = args[0]
    if fn is copy.deepcopy:
        memo = args[1] if len(args) == 2 else None
        if memo is not None or asks(x):
            return call(deeply, given, (x, {} if memo is None else memo), {})
        return copied_deeply(dots, x, given.get(0))
    own = getattr(class_of(x), "__copy__", None)
    return call(own, given, args, {}) if isinstance(own, types.FunctionType) else None


def kept(dots: Dots, x: Any, made: Any, dot: Any) -> None:
    """The copy of a container, which its class's setters know by its place, with its attributes."""
    if isinstance(made, (list, dict)) and type(made) not in CONTAINERS:
        dots.keep(made, dot)
        _noted(dots, x, made, lambda dot: dot)


def copied(dots: Dots, x: Any) -> Any:
    """`copy.copy(x)` of an object that is copied by its fields."""
    _check(x)
    made = copy.copy(x)
    _noted(dots, x, made, lambda dot: dot)
    return made


def copied_deeply(dots: Dots, x: Any, dot: Any) -> tuple[Any, Any]:
    """`copy.deepcopy(x)` and its tangent."""
    memo: dict[int, Any] = {}
    made, known = copy.deepcopy(x, memo), {}
    for old in memo.get(id(memo), []):
        _check(old)
        if id(old) in memo:
            found = dots.containers.get(id(old))
            if found is not None and found[0] is old:
                dots.keep(memo[id(old)], copy.deepcopy(found[1], known))
            _noted(dots, old, memo[id(old)], lambda dot: copy.deepcopy(dot, known))
    return made, copy.deepcopy(dot, known)


def _check(x: Any) -> None:
    """Refuse what is copied by code of its own, or holds items beside its fields."""
    check_copied(x)
    objects = isinstance(x, (set, frozenset)) and not all(
        is_inert(e) or is_differentiable(e) for e in x)
    if (isinstance(x, CONTAINERS) and type(x) not in CONTAINERS and holds_numbers(x) and
            not is_by_items(x)) or objects:
        raise refusal(UnsupportedError, f"forward mode does not follow a copy of a "
                      f"{type(x).__name__}", "write a method that makes a copy, and call it")


def _noted(dots: Dots, old: Any, new: Any, copied: Any) -> None:
    there, here = fields_of(old), fields_of(new)
    for key, (value, dot) in dots.entries(there):
        # What was written since without the table's knowing is copied without a tangent.
        if _under(old, there, key) is value and dot is not None:
            dots.put(here, key, _under(new, here, key), copied(dot))


def _under(x: Any, fields: Any, key: Any) -> Any:
    """What is under a key: a class below one with slots has its fields in a dict and in slots."""
    if isinstance(fields, dict) and key in fields:
        return fields[key]
    return getattr(x, key, None) if isinstance(key, str) else None
