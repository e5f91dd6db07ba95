"""`*o` of an object whose class walks over itself by a Python function: the items come first."""

from __future__ import annotations

import types

from s2sdiff import ir
from s2sdiff.ir import Arg, Bind, Block, Function, Ref, Star, Var, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import infer, kind_of_atom

__all__ = ["walked"]


def walked(function: Function, context: Context) -> Function:
    """Each star of such an object is one of a tuple that is made of it in front of the call."""
    if not any(isinstance(s, Bind) and Star in map(type, s.args)
               for s in ir.statements(function)):
        return function
    body = _block(function.body, context)
    return function if body == function.body else infer(replace(function, body=body), context)


def _block(block: Block, context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and any(_walks(a, context) for a in s.args):
            args: list[Arg] = []
            for a in s.args:
                if isinstance(a, Star) and _walks(a, context):
                    items = context.names(f"{getattr(a.value, 'name', 'starred')}_items")
                    out.append(Bind((items,), Ref(tuple), (a.value,), (), s.loc))
                    a = Star(Var(items))
                args.append(a)
            s = replace(s, args=tuple(args))
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([_block(b, context) for b in inner])) if inner else s)
    return tuple(out)


def _walks(a: Arg, context: Context) -> bool:
    if not isinstance(a, Star):
        return False
    cls = kind_of_atom(a.value, context).type
    return isinstance(getattr(cls, "__iter__", None), types.FunctionType)
