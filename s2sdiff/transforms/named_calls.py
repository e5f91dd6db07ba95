"""Calls of classes of named tuples as the tuple of what they are given, under names.

`Point(x, y=0.0)` is `(x, 0.0)`, made a `Point`: what is known of tuples is known of it, and its
cotangent is theirs.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Function, Ref, Star, Var, replace
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Context

__all__ = ["as_items"]

_PLAIN = (int, float, complex, str, bool, type(None))


def as_items(function: Function, context: Context) -> Function:
    """The function with such calls taken apart; itself where there are none."""
    classes = {id(s.fn.object): s.fn.object for s in ir.statements(function)
               if type(s) is Bind and type(s.fn) is Ref and type(s.fn.object) is type
               and members.is_named(s.fn.object)}
    if not classes:
        return function
    context.rules.update((key, (cls, None)) for key, cls in classes.items())
    return replace(function, body=_block(function.body, context))


def _block(block: Block, context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, context) for b in inner]))
        cls: Any = s.fn.object if type(s) is Bind and type(s.fn) is Ref else None
        items = _items(s, cls) if type(cls) is type and members.is_named(cls) else None  # type: ignore[arg-type]
        if items is not None and isinstance(s, Bind):
            made = context.names(f"{s.targets[0]}_items")
            out.append(Bind((made,), Ref(ops.tuple_), items, (), s.loc))
            s = replace(s, fn=Ref(ops.named), args=(Var(made), s.fn), kwargs=())
        out.append(s)
    return ir.unless_same(out, block)


def _items(s: Bind, cls: Any) -> tuple[Any, ...] | None:
    """What a call gives for each field; None where only the run tells that, or is to raise."""
    if len(s.targets) != 1 or Star in map(type, s.args) or len(s.args) > len(cls._fields):
        return None
    given: dict[Any, Any] = dict(zip(cls._fields, s.args, strict=False))
    for name, a in s.kwargs:
        if name in given or name not in cls._fields:
            return None
        given[name] = a
    for name, value in cls._field_defaults.items():
        if name not in given and type(value) in _PLAIN:
            given[name] = Const(value)
    return tuple([given[n] for n in cls._fields]) if len(given) == len(cls._fields) else None
