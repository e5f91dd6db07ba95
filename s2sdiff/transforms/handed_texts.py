"""Looks at who is given a text of an active value: code that reads a number there may keep it."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Ref, Store, Var
from s2sdiff.runtime import handed_texts, standins_flat, values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["look"]


def look(s: ir.Stmt, context: Context) -> Bind | None:
    """What stands before a statement that hands such a text to code of the user's."""
    if not isinstance(s, (Bind, Store)) or not (context.texts or context.holding_texts):
        return None
    # What such a text was put into holds it, unless it is an array of numbers.
    told = [a for a in map(Var, ir.reads(s)) if a.name in context.texts or (
        a.name in context.holding_texts and not kind_of_atom(a, context).is_array)]
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
        if name in handed_texts.FILLING and kind_of_atom(s.args[0], context).is_array:
            return _beside_arrays(s.args[:1], told, s, context)
        return _method(s.args[0], (name,), told, s, context) if name is not None else None
    if _writes_arrays(fn):
        texts = [a for a in told if a not in s.args[:1]]
        return _beside_arrays(s.args[:1], texts, s, context) if texts else None
    if getattr(fn, "__module__", None) == "_operator" and fn.__name__ != "call":
        return next((made for a in s.args for made in (
            _method(a, _spelled(fn.__name__), [b for b in told if b != a], s, context),)
            if made is not None), None)
    if fn is setattr and isinstance(s.args[1], Const):
        return _method(s.args[0], (s.args[1].value, "__setattr__"), told, s, context)
    if fn is ops.contains or fn is ops.not_contains:
        return _method(s.args[1], ("__contains__", "__iter__"), told, s, context)
    others = [a for a in (*s.args, *(a for _, a in s.kwargs)) if not isinstance(
        a, ir.Star) and (not isinstance(a, Var) or a.name not in context.texts)]
    if isinstance(fn, types.FunctionType):
        if is_of_library(fn):
            return None
        if handed_texts.keeps_numbers(fn):
            return _call(values.no_text, told, s)
        return _beside_arrays(others, told, s, context) if handed_texts.writes_items(fn) else None
    if isinstance(s.fn, Ref) and (is_of_library(fn) or not (of_user(fn) or of_user(type(fn)))):
        return None
    return _call(handed_texts.unless_kept_by, (s.fn, Const(len(others)), *others, *told), s)


def _writes_arrays(fn: Any) -> bool:
    """A function of NumPy's, or an operator, that writes into an array what it is given."""
    if fn is operator.setitem or fn is standins_flat.put:
        return True
    if getattr(fn, "__objclass__", None) is not np.ndarray and \
            getattr(fn, "__module__", None) != "numpy":
        return False
    rule = registry.find(fn)
    return rule is not None and bool(rule.writes)


def _beside_arrays(others: Any, told: list[Var], s: ir.Stmt, context: Context) -> Bind | None:
    """The look at such texts where an array may be written with them; None if there is none."""
    kinds = [kind_of_atom(a, context) for a in others if not isinstance(a, ir.Star)]
    if any(k.is_array and k.field != "int" for k in kinds):
        return _call(values.no_text, told, s)
    unknown = [a for a, k in zip(others, kinds, strict=False) if k.type is None and not k.is_number]
    return _call(handed_texts.unless_beside_arrays, (Const(len(unknown)), *unknown, *told), s) \
        if unknown else None


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
