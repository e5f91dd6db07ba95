"""Statements: one case per kind; what has none is kept whole as `Raw`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import attempts, targets
from s2sdiff.frontend.context import Context, Verbatim, fresh
from s2sdiff.frontend.definitions import definition
from s2sdiff.frontend.delays import surely_list
from s2sdiff.frontend.expressions import expression
from s2sdiff.frontend.functions import class_value, function_value
from s2sdiff.frontend.generators import draws, later, pieces
from s2sdiff.frontend.matching import match
from s2sdiff.frontend.opaque import raw
from s2sdiff.frontend.places import bind_name, hint_of, pattern, store
from s2sdiff.frontend.weaving import YIELDS, woven
from s2sdiff.ir import (
    Atom,
    Bind,
    Block,
    Const,
    Exit,
    For,
    If,
    Move,
    Pattern,
    Ref,
    Stmt,
    Var,
    While,
    replace,
)

__all__ = ["block"]


def block(ctx: Context, nodes: list[Any]) -> Block:
    """A list of statements."""
    out: list[Stmt] = []
    for node in nodes:
        taken, made = set(ctx.taken), set(ctx.made)
        lowered: list[Stmt] = []
        try:
            _statement(ctx, node, lowered)
        except Verbatim as reason:
            for names, before in ((ctx.taken, taken), (ctx.made, made)):
                names.clear()
                names.update(before)
            lowered = [raw(ctx, node, str(reason))]
        out += lowered
        if out and isinstance(out[-1], Exit):
            break  # what follows in this block is never reached
    return tuple(out)


def _statement(ctx: Context, node: Any, out: list[Stmt]) -> None:
    loc = ctx.loc(node)
    nested = [n for n in ctx.nested.values() if n.statement is node]
    if nested:
        out += [definition(ctx, n, expression, block) for n in nested]
        return
    match node:
        case gast.Assign(targets=[gast.Name(id=name)], value=value) if id(node) in ctx.delayable:
            drawn = later(ctx, value, out, expression)
            if drawn is None:
                targets.assign(ctx, node.targets, value, out, loc)
            else:
                ctx.delayed[name] = replace(drawn, statement=node)
        case gast.Assign(targets=places, value=value):
            targets.assign(ctx, places, value, out, loc)
        case gast.AnnAssign(target=target, value=value) if value or isinstance(
                target, gast.Name) or (isinstance(getattr(target, "value", None), gast.Name) and (
                    isinstance(target, gast.Attribute))):
            if value is not None:
                targets.assign(ctx, [target], value, out, loc)
        case gast.AugAssign():
            targets.augment(ctx, node, out)
        case gast.Expr(value=gast.Constant()) | gast.Pass() | gast.Global() | gast.Nonlocal():
            return
        case gast.Expr(value=gast.Yield() | gast.YieldFrom() as value) if ctx.weaving:
            _yielded(ctx, value, out)
        case gast.Expr(value=gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="extend"),
                                       args=[given], keywords=[])) if (
                surely_list(ctx, name) and draws(ctx, given) is not None):
            _extend(ctx, name, given, out, loc)
        case gast.Expr(value=value):
            _effect(ctx, value, out)
        case gast.Return(value=value):
            atom = expression(ctx, value, out, "result") if value is not None else None
            out.append(Exit("return", atom, loc))
        case gast.If(test=test, body=body, orelse=orelse):
            atom = expression(ctx, test, out, "test")
            out.append(If(atom, block(ctx, body), block(ctx, orelse), loc))
        case gast.While(test=test, body=body, orelse=orelse):
            head: list[Stmt] = []
            atom = expression(ctx, test, head, "test")
            out.append(While(tuple(head), atom, block(ctx, body), block(ctx, orelse), loc))
        case gast.For():
            _for(ctx, node, out)
        case gast.Match():
            match(ctx, node, out, expression, block)
        case gast.Break():
            out.append(Exit("break", None, loc))
        case gast.Continue():
            out.append(Exit("continue", None, loc))
        case gast.Assert():
            _assert(ctx, node, out)
        case gast.Raise(exc=exc, cause=cause) if exc is not None:
            value = expression(ctx, exc, out, "error")
            origin = expression(ctx, cause, out, "cause") if cause is not None else None
            out.append(Exit("raise", value, loc, origin))
        case gast.Delete(targets=places):
            for target in places:
                targets.delete(ctx, target, out, loc)
        case gast.FunctionDef(name=name) if ctx.generators.get(name) is node:
            return  # it is written into the loops over what it gives
        case gast.FunctionDef() | gast.AsyncFunctionDef():
            _named(function_value, ctx, node, out)
        case gast.ClassDef():
            _named(class_value, ctx, node, out)
        case gast.Raise():
            out.append(Exit("raise", None, loc))
        case gast.Try():
            out.append(attempts.attempt(ctx, node, block))
        case gast.With():
            out += attempts.managed(ctx, node, block)
        case _:
            out.append(raw(ctx, node))


def _extend(ctx: Context, name: str, given: Any, out: list[Stmt], loc: Any) -> None:
    """`xs.extend(… for …)` appends each item before the next one is drawn."""
    drawn = pieces(ctx, given, out, expression)
    assert drawn is not None
    item = fresh(ctx, "item")
    append = Bind((), Ref(ops.method), (Var(name), Const("append"), Var(item)), (), loc)
    out += woven(ctx, drawn, item, (append,), (), loc)


def _named(make: Callable[..., Any], ctx: Context, node: Any, out: list[Stmt]) -> None:
    """A nested function or class that has to be one."""
    target = node.name if node.name not in ctx.declared else fresh(ctx, node.name)
    made = make(ctx, node, out, target, expression)
    if made is None:
        out.append(raw(ctx, node))
    elif target != node.name:
        bind_name(ctx, node.name, made, out, node)


def _effect(ctx: Context, node: Any, out: list[Stmt]) -> None:
    """An expression statement: the last operation binds nothing."""
    made = set(ctx.made)
    atom = expression(ctx, node, out, "value")
    last = out[-1] if out else None
    if isinstance(last, Bind) and isinstance(atom, Var) and last.targets == (atom.name,):
        if atom.name in ctx.made and atom.name not in made:
            ctx.made.discard(atom.name)
            ctx.taken.discard(atom.name)
            out[-1] = replace(last, targets=())
    elif isinstance(node, gast.Name):
        # Reading a name may fail, and that is all this statement does.
        out.append(Move((fresh(ctx, "value"),), (atom,), ctx.loc(node)))


def _for(ctx: Context, node: Any, out: list[Stmt]) -> None:
    loc = ctx.loc(node)
    hint = hint_of(node.target)
    drawn = pieces(ctx, node.iter, out, expression)
    if drawn is not None:
        target, body = _round(ctx, node)
        out += woven(ctx, drawn, target, body, block(ctx, node.orelse), loc)
        return
    source = expression(ctx, node.iter, out, "items" if hint == "_" else f"{hint}_items")
    target, body = _round(ctx, node)
    out.append(For(target, source, body, block(ctx, node.orelse), loc))


def _round(ctx: Context, node: Any) -> tuple[Pattern, Block]:
    """The target and the body of a loop."""
    target = pattern(ctx, node.target)
    first: list[Stmt] = []
    if target is None:
        target = fresh(ctx, "item")
        store(ctx, node.target, Var(target), first, ctx.loc(node.target), expression)
    return target, (*first, *block(ctx, node.body))


def _yielded(ctx: Context, node: Any, out: list[Stmt]) -> None:
    """What a generator hands to the loop into which it is written."""
    if isinstance(node, gast.Yield):
        value = Const(None) if node.value is None else expression(ctx, node.value, out, "item")
        out.append(Bind((), YIELDS, (value,), (), ctx.loc(node)))
        return
    drawn = pieces(ctx, node.value, out, expression)
    if drawn is not None:
        out += drawn
        return
    source = expression(ctx, node.value, out, "items")
    item = fresh(ctx, "item")
    out.append(For(item, source, (Bind((), YIELDS, (Var(item),), (), ctx.loc(node)),), (),
                   ctx.loc(node)))


def _assert(ctx: Context, node: Any, out: list[Stmt]) -> None:
    if not __debug__:
        return
    loc = ctx.loc(node)
    test = expression(ctx, node.test, out, "test")
    failed: list[Stmt] = []
    args: tuple[Atom, ...] = ()
    if node.msg is not None:
        args = (expression(ctx, node.msg, failed, "message"),)
    error = fresh(ctx, "error")
    failed.append(Bind((error,), Ref(AssertionError, "AssertionError"), args, (), loc))
    failed.append(Exit("raise", Var(error), loc))
    out.append(If(test, (), tuple(failed), loc))
