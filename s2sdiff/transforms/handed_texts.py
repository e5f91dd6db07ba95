"""Looks at who is given a text of an active value: code that reads a number there may keep it."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Ref, Store, Var
from s2sdiff.runtime import handed_texts, values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["look"]


def look(s: ir.Stmt, context: Context) -> Bind | None:
    """What stands before a statement that hands such a text to code of the user's."""
    if not isinstance(s, (Bind, Store)) or not (context.texts or context.holding_texts):
        return None
    told = [Var(n) for n in ir.reads(s) if n in context.texts or n in context.holding_texts]
    if not told:
        return None
    if isinstance(s, Store):
        names = _SETTING.get(s.place, ())
        if s.place == "attribute" and isinstance(s.key, Const):
            names = (s.key.value, *names)
        return _method(s.target, names, told, s, context)
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is ops.method:
        name = getattr(s.args[1], "value", None)
        return _method(s.args[0], (name,), told, s, context) if name is not None else None
    if getattr(fn, "__module__", None) == "_operator" and fn.__name__ != "call":
        return next((made for a in s.args for made in (
            _method(a, _spelled(fn.__name__), [b for b in told if b != a], s, context),)
            if made is not None), None)
    if fn is setattr and isinstance(s.args[1], Const):
        return _method(s.args[0], (s.args[1].value, "__setattr__"), told, s, context)
    if fn is ops.contains or fn is ops.not_contains:
        return _method(s.args[1], ("__contains__", "__iter__"), told, s, context)
    if isinstance(fn, types.FunctionType):
        kept = not is_of_library(fn) and handed_texts.keeps_numbers(fn)
        return _call(values.no_text, told, s) if kept else None
    if isinstance(s.fn, Ref) and (is_of_library(fn) or not (of_user(fn) or of_user(type(fn)))):
        return None
    return _call(handed_texts.unless_kept_by, (s.fn, *told), s)


def _method(owner: Any, names: tuple[str, ...], told: list[Var], s: ir.Stmt,
            context: Context) -> Bind | None:
    cls = type(owner.object) if isinstance(owner, Ref) else kind_of_atom(owner, context).type
    told = [a for a in told if a != owner]
    if not names or not told or isinstance(owner, Const) or not (
            cls is None or cls is type or of_user(cls)):
        return None
    return _call(handed_texts.unless_kept_by_method, (owner, Const(names), *told), s)


def _spelled(name: str) -> tuple[str, ...]:
    """The special methods that an operator may run: `add` runs `__add__` and `__radd__`."""
    bare = name.strip("_")
    return f"__{bare}__", f"__r{bare}__", f"__i{bare}__", f"__{bare.removeprefix('i')}__"


#: What runs where something is written into an object of the user's.
_SETTING = {"attribute": ("__setattr__",), "item": ("__setitem__",)}


def _call(fn: Any, args: Any, s: ir.Stmt) -> Bind:
    return Bind((), Ref(fn), tuple(args), (), s.loc)
