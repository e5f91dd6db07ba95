"""What calls write that call what they are given, and what entering a manager writes."""

from __future__ import annotations

import bisect
import functools
import heapq
import inspect
import itertools
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Const, Free, Ref, Star, With, replace
from s2sdiff.runtime import managers
from s2sdiff.runtime.outside import is_of_library, is_of_user
from s2sdiff.transforms.argument_places import moved
from s2sdiff.transforms.context import ways_of
from s2sdiff.transforms.known_effects import ALL, NOTHING
from s2sdiff.transforms.meant import MISSING, constant_value
from s2sdiff.transforms.notes import is_anew, looked_up, note, of_anew

__all__ = ["CALLING", "PUSHING", "may_draw", "of_called", "of_manager", "of_pushed"]

Summary = Callable[..., frozenset]

#: They call what they are given: as the first argument, as the second, or as `key`.
_FIRST = (map, filter, functools.reduce, itertools.filterfalse, itertools.starmap,
          itertools.takewhile, itertools.dropwhile)
CALLING = (*_FIRST, itertools.accumulate, itertools.groupby, sorted, min, max,
            heapq.nsmallest, heapq.nlargest, managers.enterable, iter, bisect.bisect_left,
            bisect.bisect_right)


def of_called(s: Bind, origin: Any, summary: Summary) -> frozenset:
    """What a function writes through the functions that it is given."""
    target = s.fn.object if isinstance(s.fn, Ref) else None
    if target is managers.enterable:
        note(ways_of(constant_value(s.args[1])))
        return NOTHING
    if Star in map(type, s.args) or any(k is None for k, _ in s.kwargs):
        return ALL  # which of them is called, only the run tells
    given: list[ir.Arg] = [a for k, a in s.kwargs if k in ("key", "func", "function")]
    if target in _FIRST or isinstance(target, types.FunctionType) or (
            target is iter and len(s.args) == 2):
        given += s.args[:1]
    elif target in (itertools.accumulate, itertools.groupby):
        given += s.args[1:2]
    return of_those(given, origin, summary)


def of_keys(s: Bind, origin: Any, summary: Summary) -> frozenset:
    """What a method writes through the function that it is given as a key (`items.sort`)."""
    return of_those([a for k, a in s.kwargs if k is None or k == "key"], origin, summary)


def of_those(given: list[ir.Arg], origin: Any, summary: Summary) -> frozenset:
    """What functions write that are called with no argument which one could follow."""
    for a in given:
        target = a.object if isinstance(a, Ref) else \
            looked_up(origin, a.name) if isinstance(a, Free) else MISSING
        if a == Const(None):
            continue
        anew = isinstance(a, Free) and is_anew(origin, a.name, target)
        if target is MISSING or (of_anew(functools.partial(summary, target), target, ALL)
                                 if anew else summary(target)):
            return ALL
    return NOTHING


def may_draw(s: ir.Stmt, running: set[str]) -> bool:
    """A call of code of the user's that is given what calls a function when it is drawn from."""
    fn: Any = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
    return isinstance(s, Bind) and not running.isdisjoint(ir.reads(s)) and (
        not isinstance(s.fn, Ref) or is_of_user(fn) or (
            isinstance(fn, (type, functools.partial, types.MethodType))
            and not is_of_library(fn)))


#: Helpers of code that goes forwards, with the place of what they call, or of a method's name.
PUSHING = {runtime.push: 2, runtime.push_in: 3, runtime.push_method: 2, runtime.method_in: 3,
           runtime.method_writing_in: 3}
_METHODS = (runtime.push_method, runtime.method_in, runtime.method_writing_in)


def of_pushed(s: Bind, at: int, written_by: Callable[[Bind], frozenset]) -> frozenset:
    """What the call that goes forwards writes is written with its tangent."""
    if any(isinstance(a, Star) for a in s.args[:at + 2]):
        return ALL
    fn, *args = s.args[at:]
    if s.fn.object in _METHODS:  # type: ignore[union-attr]
        found = written_by(replace(s, fn=Ref(ops.method), args=(args[0], fn, *args[1:])))
        found = frozenset({0: 1, 1: 0}.get(w, w) for w in found)
    elif isinstance(fn, (Free, Ref)):
        found = moved(written_by(replace(s, fn=fn, args=tuple(args))), 1)
    else:
        found = ALL
    return ALL if "*" in found else found and moved(found, at) | frozenset(range(at))


def of_manager(s: With, summary: Summary) -> frozenset:
    """What entering and leaving may write: the manager (0), or anything."""
    cls = s.made
    if s.tame or cls is None:
        return NOTHING if s.tame else ALL
    ways = [getattr(cls, name, None) for name in ("__enter__", "__exit__")]
    written = {(n, next(iter(inspect.signature(f).parameters), "")) for f in ways
               if isinstance(f, types.FunctionType) for n in summary(f)}
    known = all(isinstance(f, types.FunctionType) for f in ways)
    return ALL if not known or any(n != own for n, own in written) else \
        frozenset({0} if written else ())
