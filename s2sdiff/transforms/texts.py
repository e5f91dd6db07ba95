"""Text made of active values: it may be printed and returned, but no number read back from it."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Catch, Function, Move, Opaque, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["is_display", "made_of_active"]

_TEXTS = (str, bytes)


def made_of_active(function: Function, context: Context) -> set[str]:
    """The variables that hold such text."""
    # What an exception says may have been made of such values, too.
    found = {s.name for s in ir.walk(function.body)
             if isinstance(s, Catch) and s.name is not None and context.varies}
    holders: set[str] = set()
    while True:
        size = len(found), len(holders)
        for s in ir.walk(function.body):
            if isinstance(s, Move):
                found.update(t for t, a in zip(s.targets, s.sources, strict=True)
                             if isinstance(a, Var) and a.name in found)
            elif isinstance(s, Bind) and not found.isdisjoint(ir.reads(s)) and is_display(s):
                holders.update(s.targets)
            elif isinstance(s, Bind) and _makes_text(s, context, found) and any(
                    n in found or n in holders or n in context.varies for n in ir.reads(s)):
                found.update(t for t in s.targets
                             if len(s.targets) == 1 or _is_text(Var(t), context, found))
        if (len(found), len(holders)) == size:
            return found


def is_display(s: Bind) -> bool:
    """A call that puts values into a container."""
    return any(s.fn == Ref(display) for display in (ops.tuple_, ops.list_, ops.dict_))


def _is_text(a: Any, context: Context, texts: set[str]) -> bool:
    return kind_of_atom(a, context).type in _TEXTS or getattr(a, "name", None) in texts


def _makes_text(s: Bind, context: Context, texts: set[str]) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, Opaque):
        return type(fn.node).__name__ == "JoinedStr"
    if fn is str or fn is repr or fn is ascii or fn is format or fn is bytes:
        return True
    if any(context.kinds.get(t, ANY).type in _TEXTS or t in texts for t in s.targets):
        return True
    if (fn is getattr or fn is operator.getitem) and getattr(s.args[0], "name", None) in texts:
        return True
    joins = fn is operator.mod or fn is operator.add or fn is ops.method
    return joins and any(_is_text(a, context, texts) for a in s.args[:1])
