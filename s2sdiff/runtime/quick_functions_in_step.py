"""Forward mode of functions, methods and constructors of the user's, with tangents by place.

What `quick_functions` remembers of a function serves here, too; the answer is None where it does
not, and `calls_in_step` asks what else the call may be.
"""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.runtime import tangents, unseen
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.marking import written
from s2sdiff.runtime.quick_functions import init_of, is_direct, method_of
from s2sdiff.runtime.values import Slots, is_inert
from s2sdiff.runtime.writes_in_step import CONTAINERS

__all__ = ["push_class", "push_function", "push_method"]

#: A walk from the end is a list, for who is given it; a proxy is what it shows.
_OTHERWISE = frozenset({type(reversed([])), types.MappingProxyType})


def push_function(dots: Dots, slots: Slots, given: tuple, fn: types.FunctionType,
                  args: tuple) -> tuple[Any, Any] | None:
    """The value of `fn(*args)` and its tangent, as `pushed_by_place.push_in` gives them."""
    if RUNS or carrying() is not None or not is_direct(fn) or \
            not _OTHERWISE.isdisjoint(map(type, args)):
        return None
    if all(map(is_inert, args)) and is_inert(fn):
        return None
    if (fn.__defaults__ or fn.__kwdefaults__) and dots.has(written(fn)):
        return None
    known = [(s, zero_in(dots, args[s]) if d is None else d)
             for s, d in zip(slots, given, strict=True)
             if isinstance(args[s], CONTAINERS) or not is_inert(args[s])]
    link = tangents.pushed(fn, tuple([s for s, _ in known]), True)
    return link(*args, *[d for _, d in known], dots)


def push_class(dots: Dots, slots: Slots, given: tuple, cls: type,
               args: tuple) -> tuple[Any, Any] | None:
    """The value of `cls(*args)`; its tangents lie in its fields."""
    init = init_of(cls)
    if init is None or RUNS or carrying() is not None:
        return None
    unseen.met(cls)
    made = object.__new__(cls)
    done = push_function(dots, (0, *[s + 1 for s in slots]), (None, *given), init, (made, *args))
    return None if done is None else (made, None)


def push_method(dots: Dots, slots: Slots, given: tuple, name: str, owner: Any,
                args: tuple) -> tuple[Any, Any] | None:
    """The value of `owner.name(*args)` and its tangent, as `pushed_by_place.method_in` does."""
    fn = method_of(owner, name)
    return None if fn is None else push_function(dots, slots, given, fn, (owner, *args))
