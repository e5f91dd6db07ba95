"""Named tuples among the objects that become variables, and copies of objects with other fields.

`s._replace(x=1.0)` and `dataclasses.replace(s, x=1.0)` make an object of the fields of another one;
a named tuple is read by index, taken apart and handed on with a star, too.
"""

from __future__ import annotations

import collections
import copy
import dataclasses
import inspect
import operator
from typing import Any

from s2sdiff import ops
from s2sdiff.ir import Bind, Block, Const, Free, Move, Ref, Var, replace
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.fields_replaced import fields_of
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.objects import Objects, Seen

__all__ = ["changed", "items_of", "used"]


def items_of(a: Any, objects: Objects) -> tuple[Any, ...] | None:
    """The variables for the items of a named tuple; None for all else."""
    owner = objects.object_of(a)
    cls: Any = None if owner is None else objects.objects[owner]
    if owner is None or not members.is_named(cls):
        return None
    return tuple([Var(objects.fields[owner][n]) for n in cls._fields])


def used(s: Bind, fn: Any, objects: Objects) -> Block | None:
    """What an item, the length or the items of a named tuple are; None where more is asked of it.
    """
    args: tuple[Any, ...] = s.args
    items = items_of(args[0], objects)
    if items is None or s.kwargs:
        return None
    if fn is operator.getitem and len(args) == 2 and isinstance(args[1], Const):
        at = args[1].value
        known = type(at) is int and -len(items) <= at < len(items)
        return (Move(s.targets, (items[at],), s.loc),) if known else None
    if fn is len and len(args) == 1:
        return (Move(s.targets, (Const(len(items)),), s.loc),)
    if fn is ops.unpack and args[2:] == (Const(None),) and len(s.targets) == len(items):
        return (Move(s.targets, items, s.loc),)
    return None


def changed(s: Bind, objects: Objects, guards: list[Guard], origin: Any) -> Bind | None:
    """A call that makes an object of another one's fields as one of its class; None for others."""
    owner, guard, rest = _copied(s, objects, origin)
    if owner is None:
        return None
    cls = objects.objects[owner]
    if guard is None or not isinstance(cls, type):
        raise Seen(objects.sites[owner])
    names = cls._fields if members.is_named(cls) else fields_of(cls)
    held = objects.fields[owner]
    given = dict(s.kwargs)
    if names is None or rest or not given.keys() <= set(names) <= held.keys():
        raise Seen(objects.sites[owner])
    guards.append(guard)
    return replace(s, fn=Ref(cls), args=(), kwargs=tuple(
        [(n, given.get(n, Var(held[n]))) for n in names]))


def _copied(s: Bind, objects: Objects, origin: Any) -> tuple[str | None, Guard | None, tuple]:
    """The object that is copied, what the copying rests on, and what else is given by position."""
    if s.calls(ops.method):
        first, name = s.args[:2]
        owner = objects.object_of(first)
        if owner is not None and name == Const("_replace"):
            cls = objects.objects[owner]
            if not members.is_named(cls):
                return None, None, ()
            found = inspect.getattr_static(cls, "_replace")
            plain = getattr(found, "__code__", None) is _REPLACE
            return owner, Guard(cls, "_replace", (), found) if plain else None, s.args[2:]
        if name == Const("replace") and isinstance(first, Free) and len(s.args) > 2:
            module = namespace_value(origin, first.name)
            fn = getattr(module, "replace", None) if module in (copy, dataclasses) else None
            if fn is not None:
                guard = Guard(None, first.name, ("replace",), fn)
                return objects.object_of(s.args[2]), guard, s.args[3:]
    elif isinstance(s.fn, Free) and s.args:
        fn = namespace_value(origin, s.fn.name)
        if fn is dataclasses.replace:
            return objects.object_of(s.args[0]), Guard(None, s.fn.name, (), fn), s.args[1:]
    return None, None, ()


_REPLACE = collections.namedtuple("Pair", "a b")._replace.__code__
