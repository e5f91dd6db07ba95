"""Methods, attributes and branches that kinds decide, written as what they come to."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, If, Move, Ref, Star, replace
from s2sdiff.kinds import Kind
from s2sdiff.runtime import stars
from s2sdiff.transforms import decided, of_classes
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["methods", "resolved"]


def methods(block: Block, context: Context) -> tuple[Block, bool]:
    """`x.sum()` and `x.T` of exact arrays and NumPy scalars as calls of what they mean.

    Branches whose tests the kinds decide become the one block, and what they tell is a literal;
    also whether there were such.
    """
    known = decided.Known(block, lambda a: kind_of_atom(a, context))
    return _methods(block, context, known), known.decided


def _methods(block: Block, context: Context, known: decided.Known) -> Block:
    changed = False
    out: list[ir.Stmt] = []
    for s in block:
        new: ir.Stmt = s
        if type(s) is Bind:
            called = s.fn.object if type(s.fn) is Ref else None
            if (called is getattr or called is ops.method or called is stars.item) and s.args:
                new = resolved(s, kind_of_atom(s.args[0], context)) or s
            literal = known.note(new)  # type: ignore[arg-type]  (it is a call, as before)
            if literal is not None:
                out.append(literal)
                changed = True
                continue
            made = _of_class(s, context) if new is s and context.may_vary else None
            changed |= new is not s or made is not None
            out += (new,) if made is None else made
            continue
        if type(s) is Move:
            known.moved(s)
        only = known.branch(s) if type(s) is If else None
        if only is not None:
            out += _methods(only, context, known)
            changed = True
            continue
        inner = ir.blocks(s)
        if inner:
            blocks = tuple([_methods(b, context, known) if b else b for b in inner])
            if any(b is not old for b, old in zip(blocks, inner, strict=True)):
                new = ir.with_blocks(new, blocks)
        changed |= new is not s
        out.append(new)
    return tuple(out) if changed else block


def _of_class(s: Bind, context: Context) -> Block | None:
    if context.may_vary.isdisjoint(ir.reads(s)):
        return None
    return of_classes.called(s, [kind_of_atom(a, context) for a in s.args], context)


def resolved(s: Bind, kind: Kind) -> Bind | None:
    """`x.name` or `x.name(...)` as a call of what it means where `x` is of this kind.

    Also a part of a cotangent, in backward code, that is known to be a list or a tuple.
    """
    called = s.fn.object if isinstance(s.fn, Ref) else None
    if called is stars.item and (kind.type is list or kind.is_tuple):
        return replace(s, fn=Ref(operator.getitem))
    if (called is not getattr and called is not ops.method) or len(s.args) < 2:
        return None
    found = None if isinstance(s.args[1], Star) else _member(kind, s.args[1])
    if found is None or (called is getattr and callable(found)):
        return None  # a method that is not called here stays what `getattr` gives
    if called is ops.method and not callable(found):
        # `x.__class__(2.0)` makes another one of the kind; nothing else is called so.
        known = s.args[1] == Const("__class__")
        return replace(s, fn=Ref(kind.type), args=s.args[2:]) if known else None
    # What `getattr` would give where there is no such attribute is not needed.
    rest = s.args[2:] if called is ops.method else ()
    return replace(s, fn=Ref(found), args=(s.args[0], *rest))


def _member(kind: Kind, name: ir.Arg) -> Any:
    """The descriptor behind an attribute of an array or a NumPy or Python number."""
    if not isinstance(name, Const) or kind.type is None:
        return None
    if not (kind.type is np.ndarray or kind.is_scalar):
        return None
    for cls in kind.type.__mro__:
        if name.value in vars(cls):
            found = vars(cls)[name.value]
            if isinstance(found, types.ClassMethodDescriptorType):
                return None
            return found if callable(found) or hasattr(found, "__get__") else None
    return None
