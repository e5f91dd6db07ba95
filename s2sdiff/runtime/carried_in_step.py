"""Tangents of what rules carry from one container to another: found by the rules' own pullbacks.

A rule for `deque.rotate` or `sorted` moves elements, and its pullback moves cotangents back.  Given
a mark for each, it says where each element came from, and so which tangent it has.  The tangent of
a set is a dict from element to tangent, that of any dict a dict, that of a deque a deque.
"""

from __future__ import annotations

import copy
import heapq
import inspect
import operator
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.registry import Rule
from s2sdiff.runtime import iterated, standins
from s2sdiff.runtime.marks import Marks, Touched
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.unfollowed import unfollowed
from s2sdiff.runtime.values import Slots
from s2sdiff.runtime.walks import Walk
from s2sdiff.runtime.walks_in_step import walked
from s2sdiff.runtime.writes_in_step import CONTAINERS, natively
from s2sdiff.runtime.zero_tangents import item_tangents

__all__ = ["carried", "missing"]

#: How a function is called with tangents: `call(fn, {slot: tangent}, args, kwargs)`.
Call = Callable[[Any, dict[Any, Any], tuple, dict[str, Any]], tuple[Any, Any]]

_CHANGED = (list, dict, set, deque)
_GETTING = (operator.getitem, dict.__getitem__)
_UNORDERED = (set, frozenset)
_BACKWARDS = type(reversed([]))
_UPDATING = (dict.update, set.update)
_MAKING = (ops.set_, OrderedDict, defaultdict)
_ON_SETS = {operator.sub: "__sub__", operator.and_: "__and__", operator.or_: "__or__",
            operator.xor: "__xor__"}


def carried(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
            zero: Callable[[Any], Any], call: Call) -> Any:
    """Value and tangent of a call that moves elements of containers; None for any other.

    Parameters
    ----------
    dots : tangents of arguments by position or keyword
    zero : the zero tangent of a value
    """
    back = [i for i, a in enumerate(args) if type(a) is _BACKWARDS and type(
        dots.get(i)) is _BACKWARDS]
    if back and fn is not next and fn is not iter:
        listed = {i: list(args[i]) for i in back}
        return call(fn, {s: list(d) if s in listed else d for s, d in dots.items()},
                    tuple([listed.get(i, a) for i, a in enumerate(args)]), kwargs)
    # Objects that are called may compare themselves in a way of their own, or have no hash.
    if not callable(fn) or not registry.is_own(fn) or (fn not in _MAKING and not any(
            isinstance(a, (*_CHANGED, tuple, frozenset, Walk)) for a in (*args, *kwargs.values()))):
        return None
    if fn in _ON_SETS and len(args) == 2 and type(args[0]) is set and isinstance(
            args[1], _UNORDERED) and natively(args[1], "__iter__", *_ON_SETS.values()):
        fn = getattr(set, _ON_SETS[fn])
    rule = registry.find(fn)
    if rule is None or rule.constant or standins.for_call(fn, kwargs) is not None or \
            fn in _OF_FIELDS:
        return None  # a stand-in calls functions, which have effects and tangents of their own
    if not all(_as_python_says(fn, i, a) for i, a in enumerate(args)):
        return None
    function: Any = rule.function
    if fn not in standins.CONSUMERS and iterated.of_states(fn, args) is None:
        unfollowed(fn, args)
    if rule.writes:
        at = list(inspect.signature(function).parameters).index(rule.writes[0])
        changes = len(rule.writes) == 1 and len(args) > at and isinstance(args[at], _CHANGED) and \
            natively(args[at]) and (at in dots or zero(args[at]) is zero(args[at]))
        return _changed(rule, at, args, kwargs, dots, zero) if changes else None
    if getattr(rule.function, "__s2sdiff_shares__", "") in ("items", "element"):
        return _shared(rule, args, kwargs, dots, zero)
    at = [i for i, a in enumerate(args) if isinstance(a, (*_UNORDERED, deque)) and natively(
        a, "__iter__", "__len__")]
    if not at or not (fn in standins.CONSUMERS or fn in _UPDATING or (
            not any(isinstance(a, _UNORDERED) for a in args) and fn not in _OPERATORS)):
        return None
    # A rule reads what is in it, in the order in which the function does.
    listed = {i: list(args[i]) for i in at}
    given = {s: list(item_tangents(d, args[s])) if s in listed else d for s, d in dots.items()}
    return call(fn, given, tuple([listed.get(i, a) for i, a in enumerate(args)]), kwargs)


def _as_python_says(fn: Any, i: int, x: Any) -> bool:
    """Whether a container does what its class in C does, where a class in Python is below it."""
    if not isinstance(x, CONTAINERS):
        # An object says itself what `x | items` is.
        return fn not in _ON_SETS or not type(x).__flags__ & 1 << 9
    if type(x) in CONTAINERS or hasattr(type(x), "_fields"):
        return True
    if i == 0 and isinstance(fn, (types.MethodDescriptorType, types.WrapperDescriptorType)):
        return natively(x)
    own = f"__{getattr(fn, '__name__', '').strip('_')}__"
    return natively(x, "__iter__", "__len__", "__getitem__", "__setitem__", "keys", own)


#: What writes an attribute, which is no item of a container whose class has some.
_OF_FIELDS = frozenset({setattr, delattr, object.__setattr__, object.__delattr__})
_OPERATORS = {getattr(operator, name) for name in operator.__all__}


def missing(fn: Any, args: tuple, dots: dict[Any, Any], call: Call) -> Any:
    """Value and tangent of `a[key]` for a key that a dict has not; None for anything else."""
    if not any(fn is f for f in _GETTING) or not isinstance(args[0], dict) or not natively(
            args[0], "__getitem__") or not hasattr(type(args[0]), "__missing__"):
        return None
    owner, key = args
    if dict.__contains__(owner, key):
        return None
    if isinstance(type(owner).__missing__, types.FunctionType):
        return call(type(owner).__missing__, {0: dots.get(0), 1: dots.get(1)}, args, {})
    factory = owner.default_factory  # type: ignore[attr-defined]
    if factory is None:
        raise KeyError(key)
    value, dot = call(factory, {}, (), {})
    owner[key] = value
    if 0 in dots:
        dots[0][key] = dot
    return value, dot


# ------------------------------------------------------------------------------------- marks


#: Of a heap's elements, these move some: as many as it has levels.
_HEAPS = (heapq.heappush, heapq.heappop, heapq.heapreplace, heapq.heappushpop)


def _slots_of(x: Any) -> dict[Any, Any]:
    """What is in a container, by its slots: indices, keys, or the elements of a set."""
    if isinstance(x, dict):
        return dict(dict.items(x))
    if isinstance(x, _UNORDERED):
        return {e: e for e in x}
    return dict(enumerate(x))


def _filled(like: Any, items: dict[Any, Any]) -> Any:
    """The tangent of a container, of the tangents of what is in it."""
    if isinstance(like, (dict, *_UNORDERED)):
        return items
    found = list(items.values())
    if isinstance(like, deque):
        return deque(found, like.maxlen)
    if isinstance(like, tuple):
        return like_fields(like, found) if hasattr(like, "_fields") else tuple(found)
    return found


def _given(args: tuple, dots: dict[Any, Any]) -> tuple[tuple, dict[Any, Any]]:
    """The arguments with arrays that are walked over as lists, and their tangents."""
    arrays = [i for i, a in enumerate(args) if isinstance(a, np.ndarray) and a.ndim]
    listed = {i: list(args[i]) for i in arrays}
    return (tuple([listed.get(i, a) for i, a in enumerate(args)]),
            {s: list(d) if s in listed else d for s, d in dots.items()})


def _note_entries(marks: Marks, rule: Rule, result: Any, args: tuple, kwargs: dict[str, Any],
                  dots: dict[Any, Any]) -> None:
    """Note the tangents of arguments where a pullback has sent marks to them."""
    slots: Slots = tuple(dots)
    entries = rule_caller(rule, slots).entries(result)
    for slot, entry in zip(slots, entries, strict=True):
        if entry is not NotImplemented:
            marks.note(entry, dots[slot])


def _changed(rule: Rule, at: int, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
             zero: Callable[[Any], Any]) -> tuple[Any, Any]:
    """A call of what changes an argument, a container."""
    target, target_dot = args[at], dots[at] if at in dots else zero(args[at])
    args, dots = _given(args, dots)
    # A container may be put into itself: its tangent is read as it was.
    held = {s: copy.copy(d) if d is target_dot else d for s, d in dots.items() if s != at}
    value, pullback = rule_caller(rule, ()).function(*args, **kwargs)
    marks, own = Marks(), value is target
    bar = None if own or value is None else marks.of(value)
    if rule.of in _HEAPS:
        touched = Touched(marks, target)
        result = pullback(bar, touched)
        marks.note(touched, target_dot)
        _note_entries(marks, rule, result, args, kwargs, held)
        touched.settle(target_dot, zero)
        return value, None if bar is None else marks.dot(bar, value, zero)
    after = _slots_of(target)
    shadow = {k: marks.of(v) for k, v in after.items()}
    kept = dict(shadow)
    result = pullback(bar, shadow)
    marks.note(shadow, target_dot)
    _note_entries(marks, rule, result, args, kwargs, held)
    items = {k: marks.dot(kept[k], v, zero) for k, v in after.items()}
    target_dot.clear()
    if isinstance(target_dot, dict):
        target_dot.update(items)
    else:
        target_dot.extend(items.values())
    if own:
        return value, target_dot
    return value, None if bar is None else marks.dot(bar, value, zero)


def _shared(rule: Rule, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
            zero: Callable[[Any], Any]) -> Any:
    """A call that gives elements of its arguments, or a new container of them."""
    slots: Slots = tuple(dots)
    if any(isinstance(a, np.ndarray) for a in args) or not slots:
        return None
    walks = [isinstance(a, Walk) for a in args]
    value, pullback = rule_caller(rule, slots).function(*args, **kwargs)
    if isinstance(value, Walk):
        return value, walked(rule.of, args, kwargs, dots)
    marks = Marks()
    whole = getattr(rule.function, "__s2sdiff_shares__", "") == "items" and isinstance(
        value, (list, dict, tuple, set, frozenset, deque))
    if not whole:
        bar = marks.of(value)
    elif isinstance(value, (dict, *_UNORDERED)):
        bar = {k: marks.of(v) for k, v in _slots_of(value).items()}
    else:
        bar = [marks.of(v) for v in value]
    kept = dict(bar) if isinstance(bar, dict) else bar
    if any(walks):
        dots = {s: list(d) if isinstance(d, list) else d for s, d in dots.items()}
    _note_entries(marks, rule, pullback(bar), args, kwargs, dots)
    if not whole:
        return value, marks.dot(bar, value, zero)
    items = {k: marks.dot(kept[k], v, zero) for k, v in _slots_of(value).items()}
    return value, _filled(value, items)
