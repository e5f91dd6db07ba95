"""Methods that run unseen and write by way of other objects' methods.

What a name means in another object is known when that object's class is met: so all classes that
were met are looked at again, as far as they have methods by which others ask.
"""

from __future__ import annotations

import contextlib
import dataclasses
import dis
import functools
import reprlib
import types
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import suspects
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.own_fields import own_fields, said
from s2sdiff.transforms.audits import may_write, members_of, runs_unseen
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.plain_writes import OF_KEYS, OfKeys, asked_of_others, writes

__all__ = ["alive", "found", "reaches", "writers"]

#: By class: its methods that run unseen, and those that others may ask, by name.
_unseen: Any = weakref.WeakKeyDictionary()
#: The names in the code of the first.
_asked: Any = weakref.WeakKeyDictionary()
_members: Any = weakref.WeakKeyDictionary()
#: By class and function: the names that it asks by; None where it writes.
_asking: Any = weakref.WeakKeyDictionary()


def found(cls: type, known: Iterable[type]) -> dict[type, frozenset[str]]:
    """By class: the names under which it lets others write, now that one more class is met."""
    members = members_of(cls)
    _members[cls] = {n: f for n, v in members.items() if (f := _function(v)) is not None}
    unseen = {n: f for n, v in members.items() if (f := runs_unseen((n, v))) is not None}
    _unseen[cls] = unseen
    _asked[cls] = frozenset().union(*[_named(f, set()) for f in unseen.values()])
    calling = [f for f in unseen.values() if any(
        not hasattr(cls, n) and n not in _COMMON for n in _methods(f.__code__))]
    suspects.state.called |= {n for f in calling for n in _asks(cls, f) if n.endswith("()")}
    classes = [c for c in known if c in _members]
    asked = frozenset().union(*[_asked[c] for c in classes], suspects.special(suspects.state.names))
    if not any(asked & _members[c].keys() for c in classes):
        return {}
    others = writers(classes)
    if not others:
        return {}
    return {c: frozenset([n for n, f in _unseen[c].items() if _asks(c, f) & others])
            for c in classes}


def _methods(code: types.CodeType) -> Iterator[str]:
    """The names that are called as methods, as far as instructions show."""
    for i in dis.get_instructions(code):
        if i.opname == "LOAD_METHOD" or (i.opname == "LOAD_ATTR" and "NULL" in i.argrepr):
            yield i.argval


#: What numbers, texts and containers have is taken for theirs.
_COMMON = frozenset().union(*map(dir, (list, dict, set, str, np.ndarray)))


def writers(classes: Iterable[type]) -> frozenset[str]:
    """The names of methods that write in some class, by themselves or by way of others."""
    classes = list(classes)
    wanted: set[str] = set()
    waiting = [n for c in classes for f in _unseen[c].values() for n in _asks(c, f)]
    by_keys = {n for c in classes for key in OF_KEYS for f in (_unseen[c].get(key),) if f
               for n in _asks(c, f)}
    writing: set[str] = set()
    asking: list[tuple[str, frozenset[str]]] = []
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        for c in classes:
            f = _members[c].get(name)
            if f is None or not _can_write(c, f):
                continue
            if _writes(c, f, name in by_keys):
                writing.add(name)
            else:
                names = _asks(c, f)
                by_keys |= names if name in by_keys else frozenset()
                asking.append((name, names))
                waiting.extend(names)
    while True:
        more = {name for name, names in asking if names & writing} - writing
        if not more:
            return frozenset(writing)
        writing |= more


def reaches(cls: type, name: str, given: tuple) -> bool:
    """Whether the method `name` of a class may ask an object that writes, in what is given."""
    function = _unseen.get(cls, {}).get(name)
    if function is None:
        return True
    names = _all_asked(cls, function)
    waiting = [*given, *[namespace_value(function, n) for n in _named(function, set())]]
    seen: set[int] = set()
    while waiting:
        x = waiting.pop()
        if type(x) in _PLAIN or id(x) in seen:
            continue
        seen.add(id(x))
        members = _members.get(type(x), {})
        if any(_writes(type(x), members[n], name in OF_KEYS) for n in names & members.keys()):
            return True
        waiting.extend(_held(x))
    return False


def alive(cls: type, name: str, classes: Any) -> bool:
    """Whether the method `name` of a class may ask an object of one of these classes that writes.
    """
    function = _unseen.get(cls, {}).get(name)
    if function is None:
        return True
    names = _all_asked(cls, function)
    return any(_writes(c, members[n], name in OF_KEYS) for c in list(classes)
               for members in [_members.get(c, {})] for n in names & members.keys())


def _all_asked(cls: type, function: types.FunctionType) -> set[str]:
    """The names that a method asks by, and those that what it asks may ask by."""
    names = set(_asks(cls, function))
    while True:
        more = {n for c, members in list(_members.items()) for m in names & members.keys()
                for n in _asks(c, members[m])} - names
        if not more:
            return names
        names |= more


_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), types.ModuleType, type})


def _held(x: Any) -> Iterator[Any]:
    if isinstance(x, dict):
        yield from x.values()
        yield from x
    elif isinstance(x, (list, tuple, set, frozenset, deque)):
        yield from x
    elif isinstance(x, types.MethodType):
        yield from (x.__self__, x.__func__)
    elif isinstance(x, types.FunctionType):
        for cell in x.__closure__ or ():
            with contextlib.suppress(ValueError):
                yield cell.cell_contents
    elif isinstance(x, functools.partial):
        yield from (x.func, *x.args, *x.keywords.values())
    yield from own_fields(x).values()
    for cls in type(x).__mro__:
        for slot in vars(cls).values():
            if isinstance(slot, types.MemberDescriptorType) and not is_of_library(cls):
                with contextlib.suppress(AttributeError):
                    yield slot.__get__(x)


def _function(value: Any) -> types.FunctionType | None:
    """What runs where somebody reads or calls this member of a class."""
    if isinstance(value, property):
        value = value.fget
    value = said(value, "__func__") or said(value, "func") or value
    if isinstance(value, types.FunctionType) and value.__globals__ is vars(reprlib):
        value = said(value, "__wrapped__") or value  # in it is noted that a text is being made
    if not isinstance(value, types.FunctionType) or registry.find(value) is not None:
        return None
    by_dataclass = value.__globals__ is vars(dataclasses)  # which notes the same before 3.13
    return None if by_dataclass or value.__code__.co_filename == "<string>" else value


def _writes(cls: type, function: types.FunctionType, by_keys: bool) -> bool:
    return writes(cls, function, look_at=OfKeys if by_keys else None)


def _asks(cls: type, function: types.FunctionType) -> frozenset[str]:
    known = _asking.setdefault(cls, {})
    if function not in known:
        known[function] = asked_of_others(cls, function)
    return known[function]


def _can_write(cls: type, function: types.FunctionType) -> bool:
    """Whether an instruction stores, or other objects are asked."""
    return may_write(cls, function, set()) or bool(_asks(cls, function))


def _named(function: types.FunctionType, seen: set[Any]) -> set[str]:
    """The names in a function's code, and in that of functions that it calls by global names."""
    if function.__code__ in seen:
        return set()
    seen.add(function.__code__)
    names = {*function.__code__.co_names, *[
        c for c in function.__code__.co_consts if isinstance(c, str)]}
    for name in [*names]:
        value = namespace_value(function, name)
        if isinstance(value, types.FunctionType) and not is_of_library(value):
            names |= _named(value, seen)
    return names
