"""Which methods of a class run without being called by name, and write (`runtime.suspects`)."""

from __future__ import annotations

import dis
import functools
import inspect
import operator
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import suspects
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms import drawn_generators, plain_writes, truths
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.implicit import giving
from s2sdiff.transforms.keeping_outside import names_what_keeps
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.methods_run import METHODS
from s2sdiff.transforms.new_memory import CONTAINED, INPLACE, MUTATORS

__all__ = ["in_place", "inside", "judge", "may_write", "members_of", "putting",
           "runs_unseen"]

#: They run where a statement visibly makes, calls or writes, and are followed there.
_EXPLICIT = frozenset({
    "__init__", "__new__", "__call__", "__enter__", "__exit__", "__post_init__", "__set_name__",
    "__init_subclass__", "__class_getitem__", "__setitem__", "__delitem__", "__setattr__",
    "__delattr__", "__get__", "__set__", "__delete__", "__setstate__", "__del__", "__iadd__",
    "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__imod__", "__ipow__", "__imatmul__",
    "__iand__", "__ior__", "__ixor__", "__ilshift__", "__irshift__", "__dir__", "__getstate__",
})


def judge(cls: type) -> frozenset[str]:
    """The names under which a class writes unseen."""
    members = members_of(cls)
    # What runs unseen may run the others.
    run = [f for f in map(runs_unseen, members.items()) if f is not None]
    loose = any(may_write(cls, f, set()) for f in run)
    found = {name for name, value in members.items()
             if name not in _EXPLICIT and _writes(cls, name, value, loose)}
    gives = {giving(name) for name in _COMPUTING.intersection(members)
             if _gives_back(cls, members[name])}
    return frozenset({*found, *gives, *truths.of_class(cls), *drawn_generators.of_class(cls)})


def putting(cls: type) -> frozenset[str]:
    """How it is noted that a class has methods of containers' names that may keep what they get."""
    members = members_of(cls)
    return frozenset([
        suspects.putting(name) for name in CONTAINED.intersection(members)
        if isinstance(members[name], types.FunctionType)
        and names_what_keeps(cls, members[name], False)])


def members_of(cls: type) -> dict[str, Any]:
    """By name: what is written in Python for a class and those above it, but for libraries'."""
    members: dict[str, Any] = {}
    for base in cls.__mro__[:-1]:
        if not is_of_library(base):
            members = {**vars(base), **members}
    return members


def runs_unseen(member: tuple[str, Any]) -> types.FunctionType | None:
    """The function that runs where it is not called, if that is what a class has there."""
    name, value = member
    value = value.fget if isinstance(value, property) else value
    special = isinstance(member[1], property) or (
        name[:2] == name[-2:] == "__" and name not in _EXPLICIT)
    if not special or not isinstance(value, types.FunctionType):
        return None
    value = inspect.unwrap(value)
    return value if isinstance(value, types.FunctionType) else None


#: Operators and functions that of numbers and arrays give something new.
_COMPUTING = frozenset().union(*[names for fn, names in METHODS.items() if fn in (
    abs, round, divmod, operator.matmul) or (is_elementwise(fn) and fn not in INPLACE)])


def _gives_back(cls: type, method: Any) -> bool:
    """Whether an operator may give one of its operands, or a part of it that is no number."""
    from s2sdiff.transforms import effects

    return isinstance(method, types.FunctionType) and \
        method.__code__.co_filename != "<string>" and any(
            isinstance(n, str) for n in effects.returned(method))


def inside(code: types.CodeType) -> frozenset[str]:
    """Such names in the class statements inside of a function, which make classes when it runs.

    Where some class that is known writes unseen, those that are made may do so by way of it.
    """
    found: set[str] = set()
    handing = suspects.any_of(None)
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            found |= inside(c)
            if c.co_names[:1] == ("__name__",) and "__qualname__" in c.co_names:
                methods = [m for m in c.co_consts if isinstance(m, types.CodeType)]
                found.update([m.co_name for m in methods if m.co_name not in _EXPLICIT
                              and m.co_name[:2] == m.co_name[-2:] == "__"
                              and (handing or _stores(m))])
                # What walks over an object may be what a generator of its class gives.
                found.update([m.co_name for m in methods if m.co_name == "__iter__" and any(
                    g.co_flags & inspect.CO_GENERATOR and _stores(g) for g in methods)])
                found.update([*truths.inside(methods), *drawn_generators.inside(methods)])
    return frozenset(found)


def _writes(cls: type, name: str, value: Any, loose: bool) -> bool:
    if isinstance(value, functools.cached_property):
        return True
    method = runs_unseen((name, value))
    if method is not None:
        # It may be another name of a function that is called otherwise.
        look_at = plain_writes.OfKeys if name in plain_writes.OF_KEYS else None
        return loose and may_write(cls, method, set()) and _method_writes(cls, method, look_at)
    getter = getattr(type(value), "__get__", None)
    return isinstance(getter, types.FunctionType) and \
        may_write(type(value), getter, set()) and _method_writes(type(value), getter)


def _method_writes(cls: type, method: types.FunctionType, look_at: Any = None) -> bool:
    return method.__code__.co_filename != "<string>" and not is_of_library(
        types.SimpleNamespace(__module__=method.__globals__.get("__name__"))) and (
        any(not _FINDING.isdisjoint(c.co_names) for c in _inner(method.__code__))
        or plain_writes.writes(cls, method, look_at=look_at))


_STORES = frozenset({dis.opmap[n] for n in ("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE",
                                            "DELETE_ATTR", "DELETE_SUBSCR", "STORE_GLOBAL",
                                            "STORE_DEREF")
                     if n in dis.opmap})
#: What they run, no name tells.
_FINDING = frozenset({"eval", "exec", "globals"})
_WRITERS = MUTATORS | {"setattr", "delattr", "getattr"} | _FINDING


def may_write(cls: type, method: types.FunctionType, seen: set[Any]) -> bool:
    """Whether a method, or what it names, has an instruction that stores."""
    code = method.__code__
    if code in seen:
        return False
    seen.add(code)
    if _stores(code):
        return True
    names = {n for c in _inner(code) for n in c.co_names}
    for value in (*_held(cls, names), *_meant(method, names)):
        value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        value = value.__init__ if isinstance(value, type) else value
        if isinstance(value, types.FunctionType) and registry.find(value) is None:
            if may_write(cls, value, seen):
                return True
        elif isinstance(value, np.ufunc) or _is_mutator(value):
            return True
    return False


def _held(cls: type, names: set[str]) -> list[Any]:
    return [vars(c)[name] for c in cls.__mro__ for name in names.intersection(vars(c))]


def _meant(method: types.FunctionType, names: set[str]) -> Iterator[Any]:
    """What the names mean as globals and captured names, and in the modules among these."""
    captured = dict(zip(method.__code__.co_freevars, method.__closure__ or (), strict=False))
    for name in {*names, *captured}:
        value = namespace_value(method, name)
        yield value
        if isinstance(value, types.ModuleType):
            yield from (vars(value).get(n) for n in names)


def _is_mutator(value: Any) -> bool:
    try:
        rule = registry.find(value)
    except TypeError:
        return False
    return rule is not None and bool(rule.writes)


def _stores(code: types.CodeType) -> bool:
    return any(not _STORES.isdisjoint(c.co_code[::2]) or not _WRITERS.isdisjoint(c.co_names)
               or any(isinstance(a, tuple) and "out" in a for a in c.co_consts)
               or _updates(c) for c in _inner(code))


@functools.lru_cache(maxsize=1024)
def _updates(code: types.CodeType) -> bool:
    """Whether code has an in-place operator; most has no operator that may be one."""
    return not _IN_PLACE.isdisjoint(code.co_code[::2]) and any(
        map(in_place, dis.get_instructions(code)))


_IN_PLACE = frozenset(i for n, i in dis.opmap.items()
                      if n == "BINARY_OP" or n.startswith("INPLACE_"))


def _inner(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield from _inner(c)


def in_place(i: dis.Instruction) -> bool:
    return i.opname.startswith("INPLACE_") or (i.opname == "BINARY_OP" and "=" in i.argrepr)
