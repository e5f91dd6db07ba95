"""Methods that run without being called by name, in code that takes them to write nothing.

Of an object whose class is not known when code is made, `a + b`, `a[i]`, `x in a` and `a.mean()`
are taken to read.  Here, where the class is known, a method that writes is refused.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import suspects, values
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import EXACT
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.plain_classes import hashes_itself, module_of
from s2sdiff.runtime.walks import Walk

__all__ = [
    "check", "check_end", "check_method", "check_order", "kept", "look", "look_into", "met",
    "only_reads", "refuse",
]

#: Set by the compiler: whether a method of a class writes; by function, the methods that it may run
#: of what it is given; and the names of methods that are taken to read.
writes: Callable[[type, Any], bool] | None = None
methods: dict[Any, tuple[str, ...]] = {}
reading: frozenset[str] = frozenset()
#: Set by the compiler: whether a method of a class writes what it has not made itself, and whether
#: the end of an object does.
surely: Callable[[type, Any], bool] | None = None
writes_when_it_goes: Callable[[type], bool] | None = None


def check(fn: Any, args: tuple) -> None:
    """Refuse an operator or builtin function that runs a method of the user's which writes."""
    if fn is values.sequence or fn is values.undisturbed:
        _walked(class_of(args[0]), args)
        return
    try:
        names = None if hashes_itself(fn) else methods.get(fn)
    except TypeError:
        return
    if names is None:
        return
    for a in args:
        if fn is iter and _is_generator(class_of(a)):
            continue  # it is only begun
        _of_class(class_of(a), names, args)
        if isinstance(a, _CONTAINERS) and (fn in _OF_ITEMS):
            _of_items(a, names, args)


def check_order(fn: Any, args: tuple) -> None:
    """`check` of what compares, which nobody follows: also where a writing method is known."""
    if any(fn is f for f in _COMPARING):
        check(fn, tuple([a.items if isinstance(a, Walk) else a for a in args]))


_CONTAINERS = (list, tuple, set, frozenset, deque, type({}.values()), type({}.items()))
_COMPARING = (sorted, min, max, list.sort)
#: They run methods of the items of what they are given.
_OF_ITEMS = (sum, *_COMPARING, any, all, ops.contains, ops.not_contains)


def _of_items(a: Any, names: tuple[str, ...], given: tuple) -> None:
    """Of items that are tuples or lists themselves, too: these compare their own items."""
    classes = set(map(class_of, a))
    for cls in classes:
        _of_class(cls, names, given)
    if not classes.isdisjoint(_CONTAINERS):
        for item in a:
            if isinstance(item, _CONTAINERS):
                _of_items(item, names, given)


def _walked(cls: type, given: tuple) -> None:
    """Refuse a loop over an object whose class is known now only, and whose __iter__ writes.

    What it asks others that it holds may write: of these there must be one.
    """
    assert surely is not None
    assert writes is not None
    method = getattr(cls, "__iter__", None)
    if cls.__flags__ & 1 << 9 and not module_of(cls).startswith("s2sdiff.") and \
            not _is_generator(cls) and surely(cls, method) and (
                writes(cls, method) or suspects.hands_over(cls, "__iter__", given)):
        raise refusal(UnsupportedError, f"{cls.__name__}.__iter__ writes, and a loop runs it, of a "
                      f"{cls.__name__} that only the run tells", "walk over what a method gives "
                      "that is called by its name")


def _is_generator(cls: type) -> bool:
    """Whether objects are walked over by a generator, of which those who draw look what it writes.
    """
    return inspect.isgeneratorfunction(getattr(cls, "__iter__", None))


def _of_class(cls: type, names: tuple[str, ...], given: tuple) -> None:
    if cls.__flags__ & 1 << 9 and not issubclass(cls, EXACT) and \
            not module_of(cls).startswith("s2sdiff."):
        for name in names:
            if name != "__missing__":
                refuse(cls, name, "without being called by its name", given)


def only_reads(function: Any) -> None:
    """Refuse a function that writes, where it is called while nobody follows what it does."""
    assert writes is not None
    if isinstance(function, types.FunctionType) and writes(type(None), function):
        raise refusal(UnsupportedError, f"{function.__name__} compares, and writes",
                      "write a function that only compares")


def check_method(owner: Any, name: str) -> None:
    """Refuse a method that writes, and is named as one that reads."""
    cls = class_of(owner)
    if name in reading and cls.__flags__ & 1 << 9 and not inspect.isgeneratorfunction(
            getattr(cls, name, None)):
        refuse(cls, name, "under the name of a method that only reads", (owner,))


def check_end(cls: type) -> None:
    """Refuse to make an object that writes when it goes: the derivative may keep it for longer."""
    assert writes_when_it_goes is not None
    if hasattr(cls, "__del__") and writes_when_it_goes(cls):
        raise refusal(UnsupportedError, f"{cls.__name__}.__del__ writes, and when it runs is not "
                      "for the derivative to say", "give the method that writes a name of its own, "
                      "and call it where it is to write")


def refuse(cls: type, name: str, how: str, given: tuple) -> None:
    """Refuse a method of a class in Python if it writes."""
    assert writes is not None
    method = getattr(cls, name, None)
    # What libraries call by such a name computes, whatever it writes into what it has made.
    if isinstance(method, types.FunctionType) and not suspects.is_tame(cls.__module__) and \
            method.__code__.co_filename != "<string>" and (
                writes(cls, method) or suspects.hands_over(cls, name, given)):
        raise refusal(UnsupportedError, f"{cls.__name__}.{name} writes, and runs here {how}, of "
                      f"a {cls.__name__} that only the run tells", "give the method that writes a "
                      "name of its own, and call it by that")


# ---------------------------------------------------------------- what is looked at beforehand

_Names = tuple[str, ...] | None


def look(own: _Names, items: _Names, x: Any) -> None:
    """Refuse where a class among what a statement is given writes under one of the names.

    An object that runs none of them by itself may hand the question on to what it holds.
    """
    seen: set[Any] = set()
    waiting = [(x, own)]
    while waiting:
        x, names = waiting.pop()
        cls = class_of(x)
        if cls in _PLAIN or (id(x), names) in seen:
            continue
        seen.add((id(x), names))
        if cls.__flags__ & 1 << 9:
            suspects.meet(cls)
            found = suspects.of(cls)
            for name in sorted(suspects.special(found) if names is None
                               else found.intersection(_asked(cls, names))):
                if suspects.may_write(x, name):
                    raise _unseen(cls, name)
            held = own_fields(x)
            if names is not None and "." in names:
                waiting += [(held[n], items) for n in names if n in held]
            elif not isinstance(x, type):
                waiting += [(v, names) for v in held.values()]
        if isinstance(x, _NESTED) and items != ():
            values = () if not isinstance(x, dict) or _of_keys(items) else x.values()
            waiting += [(v, items) for v in (*x, *values)]


_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), np.ndarray, np.float64})
_NESTED = (*_CONTAINERS, dict)


def _asked(cls: type, names: tuple[str, ...]) -> tuple[str, ...]:
    """What Python asks such an object for: membership and truth are not walked over if told."""
    if "in" in names and hasattr(cls, "__contains__"):
        return ()
    if "__bool__" in names and hasattr(cls, "__bool__"):
        return tuple(n for n in names if n != "__len__")
    return names


def _of_keys(names: _Names) -> bool:
    """What is done with a dict asks its keys alone: a table of them is made, or searched."""
    return names is not None and "__hash__" in names and _KEYED.issuperset(names)


_KEYED = frozenset({"__hash__", "__eq__", "__index__"})
#: Methods that ask what they are given, and the keys or items that there are, whether they are
#: equal.
_BY_KEY = frozenset({
    dict.get, dict.pop, dict.setdefault, dict.__contains__, set.add, set.discard, set.remove,
    list.remove, list.index, list.count, deque.remove, deque.index, deque.count})


def look_into(own: _Names, items: _Names, x: Any, owner: Any, name: str) -> None:
    """`look` at an argument of a method, if that is one of a container."""
    cls = class_of(owner)
    method = getattr(owner if cls is super else cls, name, None)
    if cls is super and isinstance(method, (types.FunctionType, types.MethodType)):
        return  # it is followed as any other
    if isinstance(method, types.MethodDescriptorType) and method in _BY_KEY:
        look(() if x is owner else _EQUAL, _EQUAL, x)
    elif isinstance(method, types.MethodDescriptorType) or not (
            cls.__flags__ & 1 << 9 or isinstance(owner, (type, types.ModuleType))):
        look(own, items, x)


_EQUAL = ("__eq__", "__hash__")


def met(cls: type) -> None:
    """A class whose objects get active values; code that runs must have been made knowing it."""
    if not suspects.of_user(cls) or (
            not suspects.state.late and cls in suspects.state.alive):
        return
    before = suspects.state.late
    first = suspects.meet(cls)
    if suspects.state.late is not before:
        # It may write for others, of which there are objects already.
        for other in list(suspects.state.handing):
            _let_pass(other, suspects.met_late(other) - before)
    elif first and suspects.state.late:
        # As long as it had no objects, those that ask it were let pass.
        for other in list(suspects.state.handing):
            if other in suspects.state.alive:
                _let_pass(other, suspects.met_late(other))
    for name in sorted(suspects.met_late(cls)):
        if not suspects.varies(name) and not suspects.lets_write(cls, name):
            continue
        if suspects.varies(name):
            asked = "asked by numpy" if name == suspects.NUMPY else name.partition(" ")[0]
            raise refusal(UnsupportedError, f"{cls.__name__}: {asked}, it may give something with "
                          "a derivative, and it is met here only",
                          "name the class in the function that is differentiated")
        raise _unseen(cls, name)


def _let_pass(cls: type, names: frozenset[str]) -> None:
    """Refuse a class that is asked under these names, unless nothing that is there writes then."""
    for name in sorted(names):
        if suspects.varies(name) or suspects.lets_write(cls, name):
            raise _unseen(cls, name)


def kept(owner: Any, name: str, value: Any) -> None:
    """Refuse to keep a function that writes where a method may call it that runs unseen."""
    if suspects.called_when_held(name) not in suspects.state.called:
        return
    function = value
    while isinstance(function, (functools.partial, types.MethodType)):
        function = function.func if isinstance(function, functools.partial) else function.__func__
    assert writes is not None
    if isinstance(function, types.FunctionType) and writes(
            type(getattr(value, "__self__", None)), function):
        raise refusal(UnsupportedError, f"{type(owner).__name__}.{name} is a function that writes, "
                      "and a method may call it that runs without being called by its name",
                      "give the method that calls it a name of its own, and call it by that")


def _unseen(cls: type, name: str) -> Exception:
    return refusal(UnsupportedError, f"{cls.__name__}.{name} writes, and runs without being called "
                   "by its name", "give the method that writes a name of its own, and call it by "
                   "that")
