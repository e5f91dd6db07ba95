"""Comprehensions become the loops that they stand for, with variables of their own."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, bind, fresh
from s2sdiff.frontend.functions import beginning
from s2sdiff.frontend.generators import Drawn, later, pieces, written
from s2sdiff.frontend.names_left_out import left_out
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.frontend.places import hint_of, pattern, store
from s2sdiff.frontend.weaving import woven
from s2sdiff.ir import Bind, Block, Const, Exit, For, If, Move, Ref, Stmt, Store, Var, rename
from s2sdiff.runtime.drawing_now import as_now

__all__ = ["beginning_of", "comprehension", "first_source", "loops", "named", "quantifier"]

_EMPTY = {gast.ListComp: ops.list_, gast.SetComp: ops.set_, gast.DictComp: ops.dict_}

#: What the innermost round does: the context inside, and where its statements go.
Round = Callable[[Context, list[Stmt]], None]


def comprehension(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
                  lower: Lower) -> Var:
    """A list, set or dict comprehension: the empty collection, and a loop that fills it.

    What it is assigned to keeps its old value until the collection is complete.
    """
    made = named(ctx, want or hint, want)

    def fill(inner: Context, body: list[Stmt]) -> None:
        if isinstance(node, gast.DictComp):
            key, value = in_order(inner, [node.key, node.value], body, hint, lower)
            body.append(Store(operator.setitem, Var(made), key, value, "item", ctx.loc(node)))
            return
        value = lower(inner, node.elt, body, _item(hint))
        if getattr(node, "in_turn", False):
            value = bind(inner, body, fresh(inner, "item"), as_now, [value], node)
        method = Const("append" if isinstance(node, gast.ListComp) else "add")
        body.append(Bind((), Ref(ops.method), (Var(made), method, value), (), ctx.loc(node)))

    source = first_source(ctx, node, out, lower)
    bind(ctx, out, made, _EMPTY[type(node)], (), node)
    out += loops(ctx, node, source, fill, lower)
    return Var(made)


def first_source(ctx: Context, node: Any, out: list[Stmt], lower: Lower) -> Any:
    """What the outermost loop draws from, evaluated outside, where names mean other variables."""
    first = node.generators[0].iter
    return later(ctx, first, out, lower) or lower(ctx, first, out, "items")


def _item(hint: str) -> str:
    """`v` for what goes into `vs`."""
    return hint[:-1] if hint.endswith("s") and len(hint) > 1 else "item"


def quantifier(ctx: Context, node: Any, function: Any, out: list[Stmt], hint: str,
               want: str | None, lower: Lower, generator: Any = None) -> Var:
    """`any(… for …)` and `all(… for …)`, which stop at the first item that decides.

    They start from what they give for no items at all, `any(())`, so that the name is read, and
    what it means is looked after like that of any other name that is called.
    """
    made = named(ctx, want or hint, want)
    decides = function is any
    generator = generator or node.args[0]
    loc = ctx.loc(node)

    def stop(test: Any, before: Block) -> If:
        sides: tuple[Block, Block] = ((*before, Exit("break", None, loc)), ())
        then, orelse = sides if decides else sides[::-1]
        return If(test, then, orelse, loc)

    def look(inner: Context, body: list[Stmt]) -> None:
        test = lower(inner, generator.elt, body, "test")
        body.append(stop(test, (Move((made,), (Const(decides),), loc),)))

    source = first_source(ctx, generator, out, lower)
    bind(ctx, out, made, ctx.atom(node.func.id), (Const(()),), node)
    out += loops(ctx, generator, source, look, lower, after=stop(Var(made), ()))
    return Var(made)


def beginning_of(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
                 lower: Lower, generator: Any) -> Var:
    """`next(… for …)`: the first item, or else the default or a StopIteration."""
    loc = ctx.loc(node)
    left_out(ctx, node.func, out, lower, "next")
    source = first_source(ctx, generator, out, lower)
    default = lower(ctx, node.args[1], out, hint) if len(node.args) == 2 else Const(None)
    made, found = named(ctx, want or hint, want), fresh(ctx, "found")
    leaves = If(Var(found), (Exit("break", None, loc),), (), loc)

    def take(inner: Context, body: list[Stmt]) -> None:
        item = lower(inner, generator.elt, body, "item")
        body.append(Move((made, found), (item, Const(True)), loc))
        body.append(Exit("break", None, loc))

    out.append(Move((made, found), (default, Const(False)), loc))
    out += loops(ctx, generator, source, take, lower, after=leaves)
    if len(node.args) == 1:
        stop: Block = (Exit("raise", Ref(StopIteration, "StopIteration"), loc),)
        out.append(If(Var(found), (), stop, loc))
    return Var(made)


def loops(ctx: Context, node: Any, source: Any, fill: Round, lower: Lower,
           after: Stmt | None = None) -> Block:
    """The loops and conditions of a comprehension, in variables of its own around `fill`.

    `after` stands behind each inner loop, where one that has been left leaves the outer ones.
    """
    targets = [g.target for g in node.generators]
    sites = tuple(scopes.binding_sites(targets))
    own = tuple(dict.fromkeys(name for name, _ in sites))
    inner = replace(
        ctx, local=ctx.local | frozenset(own), declared=ctx.declared - frozenset(own),
        sites=ctx.sites + sites, loops=(*ctx.loops, node),
        nested={n: f for n, f in ctx.nested.items() if n not in own},
    )

    def round_of(position: int, source: Any) -> list[Stmt]:
        g = node.generators[position]
        body: list[Stmt] = []
        target = pattern(inner, g.target)
        if target is None:
            target = fresh(ctx, "item")
            store(inner, g.target, Var(target), body, ctx.loc(g.target), lower)
        conditions(position, g.ifs, body)
        loc = ctx.loc(g.target)
        if isinstance(source, tuple):
            return woven(inner, source, target, tuple(body), (), loc)
        return [For(target, source, tuple(body), (), loc)]

    def conditions(position: int, tests: list[Any], body: list[Stmt]) -> None:
        if tests:
            test = lower(inner, tests[0], body, "test")
            then: list[Stmt] = []
            conditions(position, tests[1:], then)
            body.append(If(test, tuple(then), (), ctx.loc(tests[0])))
        elif position + 1 < len(node.generators):
            g = node.generators[position + 1]
            source = pieces(inner, g.iter, body, lower)
            if source is None:
                source = lower(inner, g.iter, body, f"{hint_of(g.target)}_items")
            body += round_of(position + 1, source)
            body += [after] if after is not None else []
        else:
            fill(inner, body)

    names = {n: _own_name(ctx, n) for n in own}
    start = beginning(ctx, node, own, ctx.loc(node))
    *start, loop = rename((*start, *round_of(0, Const(()))),
                          {old: new for old, new in names.items() if old != new})
    assert isinstance(loop, For)
    # The first iterable is evaluated outside, where the names mean other variables.
    if isinstance(source, Drawn):
        return (*start, *woven(ctx, written(source, lower), loop.target, loop.body, (), loop.loc))
    return (*start, replace(loop, source=source))


def _own_name(ctx: Context, name: str) -> str:
    """A name for a comprehension's variable that means nothing else in the function."""
    if name in ctx.local or name in ctx.free or name in ctx.own:
        return named(ctx, name, name)
    if ctx.nested:
        # A nested function may be written into this comprehension, with variables of its own.
        ctx.own.add(name)
    return name


def named(ctx: Context, hint: str, wish: str | None) -> str:
    """A new name for what may be called `wish` where nothing else is."""
    name = fresh(ctx, hint)
    if wish is not None:
        ctx.bases[name] = wish
    return name
