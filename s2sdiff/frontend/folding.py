"""`functools.reduce` becomes the loop that it stands for, in which the function is called."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import gast

from s2sdiff.frontend.comprehensions import first_source, loops, named
from s2sdiff.frontend.consumers import of_items
from s2sdiff.frontend.context import Context, bind, fresh
from s2sdiff.frontend.definitions import anonymous, arguments, definition
from s2sdiff.frontend.order import Lower
from s2sdiff.ir import Atom, Bind, Const, Exit, If, Move, Ref, Stmt, Var
from s2sdiff.runtime import meanings

__all__ = ["folded"]


def folded(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
           lower: Lower) -> Var:
    """A start, or the first item, and a loop over the items that calls the function."""
    loc = ctx.loc(node)
    meant = lower(ctx, node.func, out, "reduce")
    out.append(Bind((), Ref(meanings.meant), (meant, Ref(functools.reduce, "reduce")), (), loc))
    function, given, *start = node.args
    items = given if isinstance(given, gast.GeneratorExp) else of_items(gast.GeneratorExp, given)
    called = None if isinstance(function, gast.Lambda) else lower(ctx, function, out, "function")
    source = first_source(ctx, items, out, lower)
    total, some = named(ctx, want or hint, want), fresh(ctx, "some")
    first = lower(ctx, start[0], out, hint) if start else Const(None)

    def add(inner: Context, body: list[Stmt]) -> None:
        item = lower(inner, items.elt, body, "item")
        # The items' own variables are none of the function's.
        around = replace(inner, local=ctx.local, declared=ctx.declared, sites=ctx.sites,
                         nested=ctx.nested)
        later = _call(around, function, called, total, item, node, lower)
        if start:
            body += later
            return
        begun = Move((total, some), (item, Const(True)), loc)
        body.append(If(Var(some), tuple(later), (begun,), loc))

    flag = () if start else (some,)
    out.append(Move((total, *flag), (first, *[Const(False) for _ in flag]), loc))
    out += loops(ctx, items, source, add, lower)
    if not start:
        error = fresh(ctx, "error")
        stop = (Bind((error,), Ref(TypeError, "TypeError"), (Const(
            "reduce() of empty iterable with no initial value"),), (), loc),
            Exit("raise", Var(error), loc))
        out.append(If(Var(some), (), stop, loc))
    return Var(total)


def _call(ctx: Context, function: Any, called: Atom | None, total: str, item: Any, node: Any,
          lower: Lower) -> list[Stmt]:
    """`total = function(total, item)`"""
    out: list[Stmt] = []
    given = [gast.copy_location(gast.Name("item", gast.Load(), None, None), node)] * 2
    call = gast.copy_location(gast.Call(function, given, []), node)
    nested = anonymous(ctx, call) if called is None else None
    if nested is None:
        made = lower(ctx, function, out, "function") if called is None else called
        bind(ctx, out, total, made, [Var(total), item], node)
    else:
        out.append(definition(ctx, nested, lower, None))
        bind(ctx, out, total, Var(nested.name),
             arguments(ctx, nested, call, [Var(total), item], out), node)
    return out
