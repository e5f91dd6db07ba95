"""Objects of users' classes of tuples that are called: as the method that Python runs.

A callee has no cotangent, and a tuple no place in which it would lie; as an argument it has one.
"""

from __future__ import annotations

import inspect
import types
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Function, Ref, Var, replace
from s2sdiff.runtime.named_tuples import is_plain_new
from s2sdiff.transforms.context import Context, Guard

__all__ = ["as_methods"]


def as_methods(function: Function, context: Context) -> Function:
    """`Law(a, b)(t)` as a call of the function `Law.__call__`."""
    classes = {n: k.type for n, k in context.arguments.items() if _has_call(k.type)}
    classes |= {s.targets[0]: s.fn.object for s in ir.statements(function)
                if isinstance(s, Bind) and isinstance(s.fn, Ref) and len(s.targets) == 1
                and _has_call(s.fn.object) and _gives_its_own(s.fn.object)}
    if not classes:
        return function
    return replace(function, body=_block(function.body, classes, context))


def _has_call(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, tuple) and isinstance(
        inspect.getattr_static(cls, "__call__", None), types.FunctionType)


def _gives_its_own(cls: Any) -> bool:
    """Whether what a call of the class gives is surely of that class, and of no other."""
    return type(cls) is type and (cls.__new__ is tuple.__new__ or is_plain_new(cls.__new__))


def _block(block: Block, classes: dict[str, Any], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, classes, context) for b in inner]))
        cls = classes.get(s.fn.name) if isinstance(s, Bind) and isinstance(s.fn, Var) else None
        if isinstance(s, Bind) and cls is not None:
            context.guard(Guard(cls, "__call__", (), cls.__call__))
            s = replace(s, fn=Ref(cls.__call__), args=(s.fn, *s.args))
        out.append(s)
    return ir.unless_same(out, block)
