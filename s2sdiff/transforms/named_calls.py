"""Calls of classes of named tuples as the tuple of what they are given, under names.

`Point(x, y=0.0)` is `(x, 0.0)`, made a `Point`: what is known of tuples is known of it, and its
cotangent is theirs.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Ref, Star, Var, replace
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Context

__all__ = ["as_items", "by_field"]

_PLAIN = (int, float, complex, str, bool, type(None))


def as_items(function: Function, context: Context) -> Function:
    """The function with such calls taken apart; itself where there are none."""
    classes = {id(s.fn.object): s.fn.object for s in ir.statements(function)
               if type(s) is Bind and type(s.fn) is Ref and type(s.fn.object) is type
               and members.is_named(s.fn.object)}
    if not classes:
        return function
    context.rules.update((key, (cls, None)) for key, cls in classes.items())

    def taken_apart(s: ir.Stmt) -> list[ir.Stmt] | None:
        if type(s) is not Bind or type(s.fn) is not Ref or id(s.fn.object) not in classes or \
                len(s.targets) != 1:
            return None
        items = by_field(s, s.fn.object)
        if items is None:
            return None
        made = context.names(f"{s.targets[0]}_items")
        return [Bind((made,), Ref(ops.tuple_), tuple(items.values()), (), s.loc),
                replace(s, fn=Ref(ops.named), args=(Var(made), s.fn), kwargs=())]

    return replace(function, body=ir.rewritten(function.body, taken_apart))


def by_field(s: Bind, cls: Any) -> dict[str, Any] | None:
    """What a call of a class of named tuples gives for each field.

    None where only the run tells that, or is to raise, and for a default that may change inside.
    """
    if Star in map(type, s.args) or len(s.args) > len(cls._fields):
        return None
    given: dict[Any, Any] = dict(zip(cls._fields, s.args, strict=False))
    for name, a in s.kwargs:
        if name in given or name not in cls._fields:
            return None
        given[name] = a
    for name, value in cls._field_defaults.items():
        if name not in given and type(value) in _PLAIN:
            given[name] = Const(value)
    return {n: given[n] for n in cls._fields} if len(given) == len(cls._fields) else None
