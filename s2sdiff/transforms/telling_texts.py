"""Which variables hold a text that tells an active value, as one sees where it is made."""

from __future__ import annotations

import io
import operator
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Catch, Function, Move, Opaque, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.holding import has_hash
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.texts import is_display

__all__ = ["made_of_active"]

_TEXTS = (str, bytes)


def made_of_active(function: Function, context: Context) -> set[str]:
    """The variables that hold such text."""
    # What an exception says may have been made of such values, too.
    found = {s.name for s in ir.statements(function)
             if isinstance(s, Catch) and s.name is not None and context.varies}
    holders: set[str] = set()
    sources: dict[str, list[Any]] = {}
    for s in ir.statements(function):
        if isinstance(s, Move):
            for t, a in zip(s.targets, s.sources, strict=True):
                sources.setdefault(t, []).append(a)
    while True:
        size = len(found), len(holders)
        for s in ir.statements(function):
            if isinstance(s, Move):
                found.update(t for t, a in zip(s.targets, s.sources, strict=True)
                             if isinstance(a, Var) and a.name in found and (
                                 _is_text(Var(t), context, found)
                                 or all(_may_be_text(a, context, found) for a in sources[t])))
            elif isinstance(s, Bind) and not found.isdisjoint(ir.reads(s)) and is_display(s):
                holders.update(s.targets)
            elif isinstance(s, Bind) and not (_takes_part(s) and _is_apart(s, found | holders)) \
                    and _makes_text(s, context, found) and any(
                    n in found or n in holders or _shows(n, context) for n in ir.reads(s)):
                found.update(t for t in s.targets
                             if len(s.targets) == 1 or _is_text(Var(t), context, found))
        if (len(found), len(holders)) == size:
            return found


def _shows(name: str, context: Context) -> bool:
    """Whether a text of it tells an active value: of a text or a count, it is known what made it.
    """
    return name in context.varies and not context.kinds.get(name, ANY).inert


#: Modules whose `dumps` writes values as text or bytes.
_WRITERS = ("json", "_pickle", "pickle", "marshal")


def _takes_part(s: Bind) -> bool:
    return s.calls(operator.getitem) or s.calls(ops.unpack) or s.calls(ops.item_of)


def _is_apart(s: Bind, texts: set[str]) -> bool:
    """What is taken of this holder was put in by somebody else: `given[1]` of `(x, "fast")`."""
    return isinstance(s.args[0], Var) and s.args[0].name not in texts


def _is_text(a: Any, context: Context, texts: set[str]) -> bool:
    return kind_of_atom(a, context).type in _TEXTS or getattr(a, "name", None) in texts


def _may_be_text(a: Any, context: Context, texts: set[str]) -> bool:
    """What leaves a text a text where paths meet."""
    if isinstance(a, ir.Const):
        return a.value is None or isinstance(a.value, _TEXTS)
    return not isinstance(a, Var) or _is_text(a, context, texts)


def _makes_text(s: Bind, context: Context, texts: set[str]) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, Opaque):
        return type(fn.node).__name__ == "JoinedStr"
    if fn is str or fn is repr or fn is ascii or fn is format or fn is bytes:
        return True
    if (isinstance(s.fn, Var) and s.fn.name in texts) or (
            fn is io.StringIO and any(_is_text(a, context, texts) for a in s.args[:1])):
        return True  # a method of a text that was looked up before; a file of it
    if getattr(fn, "__name__", "") == "dumps" and getattr(fn, "__module__", "") in _WRITERS:
        return True
    if _is_constant(fn):
        return False  # it says what kind of a thing something is
    for t in s.targets:
        if context.kinds.get(t, ANY).type in _TEXTS or t in texts:
            return True
    if _only_tells(fn) and s.args:
        return all(_is_text(a, context, texts) or isinstance(a, ir.Const) for a in s.args)
    if (fn is getattr or fn is operator.getitem) and getattr(s.args[0], "name", None) in texts:
        return True
    joins = fn is operator.mod or fn is operator.add or fn is ops.method
    return joins and any(_is_text(a, context, texts) for a in s.args[:1])


def _is_constant(fn: Any) -> bool:
    rule = registry.find(fn) if has_hash(fn) else None
    return rule is not None and rule.constant and rule.shaped


def _only_tells(fn: Any) -> bool:
    """A class of exceptions that keep what they are given, and do nothing with it."""
    return isinstance(fn, type) and issubclass(fn, BaseException) and not any(
        isinstance(f, types.FunctionType) for f in (fn.__init__, fn.__new__))
