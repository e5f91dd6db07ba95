"""`*o` of what a display has just made, and of an object whose class walks over itself."""

from __future__ import annotations

import itertools
import types

from s2sdiff import ir, ops
from s2sdiff.ir import Arg, Bind, Block, Const, Function, Ref, Star, Stmt, Var, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import infer, kind_of_atom
from s2sdiff.transforms.varying import may_vary

__all__ = ["opened", "unions", "walked"]


def opened(function: Function) -> Function:
    """`f(*given)` with the items of a display in the star's place: a rule sees the arguments.

    Each name is bound once here.  A list is one that nothing else reads, and so nobody changes.
    """
    found = ir.statements(function)
    if not any(isinstance(s, Bind) and Star in map(type, s.args) for s in found):
        return function
    displays = {s.targets[0]: s.args for s in found if isinstance(s, Bind) and not s.kwargs
                and s.fn in (Ref(ops.tuple_), Ref(ops.list_)) and len(s.targets) == 1
                and all(isinstance(a, (Var, Const)) for a in s.args)}
    lists = {n for s in found if isinstance(s, Bind) and s.fn == Ref(ops.list_) for n in s.targets}
    read = [n for s in found for n in (
        [a.name for a in (s.fn, *s.args, *[v for _, v in s.kwargs]) if isinstance(a, Var)]
        if isinstance(s, Bind) else ir.reads(s))]
    known = {n: args for n, args in displays.items() if n not in lists or n not in read}

    def spread(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or Star not in map(type, s.args):
            return None
        args = [b for a in s.args for b in (
            known.get(a.value.name, (a,)) if isinstance(a, Star) and isinstance(a.value, Var)
            else (a,))]
        return [replace(s, args=tuple(args))]

    return replace(function, body=ir.rewritten(function.body, spread)) if known else function


def unions(function: Function, context: Context) -> Function:
    """`{*a, x, *b}` of what may vary as `set().union(a, (x,), b)`.

    In which order a set is walked depends on how it was filled: from a set in one go.
    """
    found = [s for s in ir.statements(function)
             if isinstance(s, Bind) and s.calls(ops.set_) and Star in map(type, s.args)]
    varies = may_vary(function, context) if found else set()
    if all(varies.isdisjoint(ir.reads(s)) for s in found):
        return function

    def union(s: Stmt) -> list[Stmt] | None:
        if s not in found or varies.isdisjoint(ir.reads(s)):
            return None
        assert isinstance(s, Bind)
        empty = context.names("joined")
        out: list[Stmt] = [replace(s, targets=(empty,), args=())]
        given: list[Arg] = []
        for starred, group in itertools.groupby(s.args, lambda a: isinstance(a, Star)):
            items = tuple(group)
            if starred:
                given += [a.value for a in items if isinstance(a, Star)]
            else:
                name = context.names("items")
                out.append(replace(s, targets=(name,), fn=Ref(ops.tuple_), args=items))
                given.append(Var(name))
        out.append(replace(s, fn=Ref(ops.method), args=(Var(empty), Const("union"), *given)))
        return out

    return infer(replace(function, body=ir.rewritten(function.body, union)), context)


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
