"""Objects of users' classes that are walked over: by what their `__iter__` gives."""

from __future__ import annotations

import inspect
import operator
import types
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import (
    drawing,
    drawing_lazily,
    overloads,
    standins,
    standins_containers,
    standins_ordered,
    suspects,
    unseen,
    values,
)
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing_itertools import MAKERS
from s2sdiff.runtime.drawing_now import all_now, rest_now, turning
from s2sdiff.runtime.marking import listed
from s2sdiff.runtime.outside import root_of
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.walks import Walk, as_held, reads_itself

__all__ = [
    "at_once", "bounded", "drawing_all", "extends", "growing", "iterated", "of_states",
    "refuse_in_c", "walking",
]

#: Set by the compiler: whether calling a function may write what others see.
may_write: Callable[[Any], bool] | None = None
writes_by_name: Callable[[Any], bool] | None = None

#: What draws all items before anything else can happen.
_AT_ONCE = frozenset({*standins.CONSUMERS, ops.unpack, values.sequence, values.undisturbed})


def at_once(fn: Any) -> bool:
    """Whether a function draws all items of its first argument before anything else happens."""
    try:
        return fn in _AT_ONCE
    except TypeError:
        return False


def refuse_in_c(fn: Any, slots: tuple, args: tuple) -> None:
    """Refuse where code in C runs a method that writes, of an object that holds active values.

    What operators and builtin functions ask for is followed, mostly; what a library asks for is
    not, nor what an iterator does there that is of another class than the object.
    """
    if not suspects.state.names or not (
            isinstance(fn, _IN_C) or fn is ops.contains or fn is ops.not_contains):
        return
    known = unseen.methods.get(fn, None if root_of(fn) != "builtins" else ())
    if isinstance(fn, types.MethodDescriptorType) and root_of(fn.__objclass__) != "numpy":
        known = _WALKED if fn.__name__ in _WALKING else ()
    for slot in slots:
        x = args[slot] if isinstance(slot, int) and slot < len(args) else None
        cls = class_of(x)
        if not suspects.of_user(cls) or not holds_numbers(x) or (
                known is not None and "__contains__" in known and hasattr(cls, "__contains__")):
            continue
        for name in sorted(suspects.special(suspects.of(cls))) if known is None else known:
            if not _follows(fn, name):
                unseen.refuse(cls, name, "without being called by its name", args)
        walked = getattr(cls, "__iter__", None)
        if (known is None or "__iter__" in known) and not _follows(fn, "__iter__") and \
                isinstance(walked, types.FunctionType) and \
                not inspect.isgeneratorfunction(walked) and suspects.drawn_from_objects():
            raise refusal(UnsupportedError, f"{fn.__name__} walks over a {cls.__name__}, of which "
                          "what __iter__ gives may write", "make a list of it first")


_IN_C = (types.BuiltinFunctionType, type, np.ufunc, types.MethodDescriptorType,
         types.WrapperDescriptorType, type(np.sum))


_WALKED = ("__iter__", "__next__", "__len__", "__getitem__", "__reversed__")
#: Methods of containers that walk over what they are given.
_WALKING = frozenset({"extend", "extendleft", "update", "join", "union", "intersection",
                      "difference", "symmetric_difference"})


def _follows(fn: Any, name: str) -> bool:
    """Whether a method of a user's class is differentiated where a function in C asks for it.

    >>> _follows(list, "__iter__"), _follows(np.sum, "__iter__"), _follows(len, "__len__")
    (True, False, True)
    """
    drawing_it = name in _WALKED and (at_once(fn) or fn in MAKERS or fn is next)
    return drawing_it or overloads.follows(fn, name)


def iterated(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any], called: Any) -> Any:
    """A call that draws from an object of a class in Python; None where it does not."""
    grows = growing(fn, args)
    if grows is not None:
        return called(grows, wrt, args, kwargs)
    if isinstance(fn, types.MethodDescriptorType):
        return _into(fn, wrt, args, kwargs, called)
    x = args[0] if args else None
    if (fn is min or fn is max) and len(args) > 1:
        return None
    if fn is next and drawing.says(x, "__next__"):
        return called(drawing.next_of_class, wrt, args, kwargs)
    made = of_states(fn, args)
    if made is not None:
        return called(made, wrt, args, kwargs)
    method = walking(fn, x)
    if method is None:
        return None
    method, more = bounded(fn, args, method)
    items, first = called(method, (0,), (x, *more), {})
    draw = drawing_all(fn, items)
    if draw is not None:
        draw, more = bounded(fn, args, draw)
        items, first = _then(first, *called(draw, (0,), (items, *more), {}))
    value, pullback = called(fn, (0, *(s for s in wrt if s != 0)), (items, *args[1:]), kwargs)

    def pull(bar: Any, bars: Any) -> tuple:
        share, *others = pullback(bar, bars)
        (mine,) = first(share, bars)  # a tuple's; of anything else it is in its place
        rest = iter(others)
        return tuple(mine if s == 0 else next(rest) for s in wrt)

    return value, pull


def bounded(fn: Any, args: tuple, draw: Any) -> tuple[Any, tuple[int, ...]]:
    """What draws for a function, and how often: not to the end for names that are bound."""
    if fn is ops.unpack and args[2] is None and draw in (drawing.all_of, drawing.rest_of):
        return drawing_lazily.most_of if draw is drawing.all_of else drawing_lazily.most_left, (
            args[1] + 1,)
    return draw, ()


def walking(fn: Any, x: Any) -> Any:
    """What gives the items, or an iterator, where a function draws all of an object of a class in
    Python; None for anything else.
    """
    if at_once(fn) and fn is not list and fn is not tuple and reads_itself(x) and \
            not drawing.says(x, "__iter__"):
        return as_held if fn is values.sequence else list if isinstance(x, list) else tuple
    method = None if isinstance(x, (Walk, np.ndindex)) else getattr(class_of(x), "__iter__", None)
    if not isinstance(method, types.FunctionType) or not at_once(fn):
        if _loops(fn):
            values.check_iterable(x)
        return None
    if inspect.isgeneratorfunction(method):
        assert writes_by_name is not None
        if turning(fn) and writes_by_name(method):
            return all_now
        name, method = method.__qualname__, listed(method)
        if fn is values.sequence or (fn is values.undisturbed and writes_by_name(method)):
            raise refusal(UnsupportedError,
                          f"{name} is a generator, and what happens in the loop over "
                          "what it gives may change what it does", "make a list of it first")
    if drawing.says(x, "__next__"):
        return _loop_over(x, fn) if _loops(fn) else all_now if turning(fn) else drawing.all_of
    return method


def drawing_all(fn: Any, items: Any) -> Any:
    """What draws all that is left of what was given for the items; None where that is no iterator.
    """
    if not drawing.says(items, "__next__"):
        return None
    return _loop_over(items, fn) if _loops(fn) else rest_now if turning(fn) else drawing.rest_of


def _loops(fn: Any) -> bool:
    return fn in (values.sequence, values.undisturbed)


def _into(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any], called: Any) -> Any:
    """`items.extend(it)`"""
    if not extends(fn, args) or 1 not in wrt:
        return None
    x = args[1]
    items, first = called(drawing.all_of, (0,), (x,), {})
    value, second = called(fn, wrt, (args[0], items), kwargs)

    def pull(bar: Any, bars: Any) -> tuple:
        entries = second(bar, bars)
        first(entries[wrt.index(1)], bars)
        return tuple(None if s == 1 else e for s, e in zip(wrt, entries, strict=True))

    return value, pull


def extends(fn: Any, args: tuple) -> bool:
    """`items.extend(it)` for an iterator whose class is in Python."""
    x = args[1] if len(args) == 2 else None
    return at_once(fn) and not isinstance(x, Walk) and drawing.says(x, "__next__")


def growing(fn: Any, args: tuple[Any, ...]) -> Any:
    """What stands for a call that puts all that an iterator gives into a list, a deque, a dict or a
    set, where its class is in Python; None for any other.

    Each item is there when the next one is drawn.
    """
    stored = standins_ordered.storing(fn, args) or standins_containers.of_mapping(fn, args)
    if stored is not None or len(args) < 2:
        return stored
    try:
        found = _GROWING.get(fn)
    except TypeError:
        return None
    if found is None or not isinstance(args[0], found[0]) or not any(
            drawing.says(a, "__next__") for a in args[1:]):
        return None
    return found[1]


_GROWING: dict[Any, tuple[Any, Any]] = {
    **dict.fromkeys((list.extend, deque.extend), ((list, deque), drawing_lazily.extended)),
    **dict.fromkeys((operator.iadd, list.__iadd__, deque.__iadd__),
                    ((list, deque), drawing_lazily.grown)),
    **dict.fromkeys((operator.setitem, list.__setitem__), (list, drawing_lazily.put_in)),
    **dict.fromkeys((operator.ior, dict.__ior__, OrderedDict.__ior__),
                    (dict, drawing_lazily.united)),
    **dict.fromkeys((dict.update, OrderedDict.update), (dict, drawing_lazily.updated)),
    deque.extendleft: (deque, drawing_lazily.extended_left),
    set.update: (set, drawing_lazily.joined),
}


def _loop_over(x: Any, fn: Any) -> Any:
    """What draws all that an iterator gives for a loop over it.

    Of a loop that goes on to the end, and writes nothing, nobody can tell.
    """
    if fn is values.undisturbed and isinstance(x, drawing.Lazy) and drawing.quiet(x):
        return drawing.rest
    if isinstance(x, types.GeneratorType):
        raise refusal(UnsupportedError, "a loop over a generator that only the run tells of",
                      "call the generator function where the loop is, or draw from it with next")
    if not isinstance(x, drawing.Drawn):
        raise refusal(UnsupportedError, f"a loop over a {type(x).__name__}, whose __next__ has a "
                      "state", "loop over an array, a list or a tuple")
    return drawing.rest_for_loop


def _then(first: Any, value: Any, second: Any) -> tuple[Any, Any]:
    """What a second call gave for what the first one had given, which has a place."""
    def pull(bar: Any, bars: Any) -> Any:
        second(bar, bars)
        return first(None, bars)

    return value, pull


def of_states(fn: Any, args: tuple) -> Any:
    """What stands for a function that draws from iterators whose class is in Python, step by step.
    """
    try:
        found = MAKERS.get(fn)
    except TypeError:
        return None
    if found is None:
        return None
    make, start, end = found
    sources = args[start:end]
    if any(isinstance(a, drawing.Lazy) or drawing.says(a, "__next__") for a in sources) or (
            fn in (iter, any, all) and drawing.says(sources[0], "__iter__")) or (
            fn is reversed and drawing_lazily.turns_round(args[0])):
        return make
    return None
