"""`try` and `with`: the statements in which an exception may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import targets
from s2sdiff.frontend.context import Context, Verbatim, fresh, meant
from s2sdiff.frontend.expressions import expression
from s2sdiff.ir import (
    Atom,
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    Free,
    If,
    Move,
    Ref,
    Stmt,
    Try,
    Var,
    With,
)
from s2sdiff.runtime import managers

__all__ = ["attempt", "managed", "taken_for"]

#: What may stand between `except` and its colon, as one expression wherever it is printed.
_NAMING = (Ref(getattr), Ref(ops.tuple_))
Lower = Callable[[Context, list[Any]], Block]


def attempt(ctx: Context, node: Any, block: Lower) -> Try:
    """`try`; one that has both handlers and `finally` is one inside of the other."""
    loc = ctx.loc(node)
    inner = replace(ctx, guarded=True)
    if not node.finalbody:
        return _caught(ctx, node, inner, block)
    body = (_caught(ctx, node, inner, block),) if node.handlers else block(inner, node.body)
    return Try(body, (), (), block(inner, node.finalbody), loc)


def _caught(ctx: Context, node: Any, inner: Context, block: Lower) -> Try:
    handlers = tuple([_handler(ctx, h, inner, block) for h in node.handlers])
    return Try(block(inner, node.body), handlers, block(inner, node.orelse), (), ctx.loc(node))


def _handler(ctx: Context, node: Any, inner: Context, block: Lower) -> Block:
    """What computes the type, when an exception has come, stands in front of the Catch."""
    head: list[Stmt] = []
    loc = _place(ctx, node)
    atom = expression(ctx, node.type, head, "caught") if node.type is not None else None
    if not all(isinstance(s, Bind) and s.fn in _NAMING for s in head):
        raise Verbatim("try with an except that computes what it catches")
    name = node.name.id if node.name is not None else None
    if name is not None and name in ctx.declared:
        raise Verbatim(f"except as the outside name {name}")
    return (*head, Catch(atom, name, loc), *block(inner, node.body))


def _place(ctx: Context, node: Any) -> Any:
    return ctx.loc(node if hasattr(node, "lineno") else node.body[0])


def managed(ctx: Context, node: Any, block: Lower) -> Block:
    """`with`, one statement for each manager, the later ones in the bodies of the earlier."""
    return _managed(ctx, node, node.items, block)


def _managed(ctx: Context, node: Any, items: list[Any], block: Lower) -> Block:
    item, *rest = items
    out: list[Stmt] = []
    loc = ctx.loc(node)
    manager = expression(ctx, item.context_expr, out, "manager")
    made = _made(ctx, item.context_expr)
    by_calls = not managers.as_it_is(made)
    swallows = by_calls or not managers.passes_on(made)
    inner = replace(ctx, guarded=True) if swallows else ctx
    first: list[Stmt] = []
    target = None
    if item.optional_vars is not None:
        target = item.optional_vars.id if isinstance(item.optional_vars, gast.Name) else ""
        if not target or target in ctx.declared:
            target = fresh(ctx, "entered")
            targets.store(inner, item.optional_vars, Var(target), first, loc, expression)
    body = _managed(inner, node, rest, block) if rest else block(inner, node.body)
    body = (*first, *body)
    if not by_calls:
        return (*out, With(manager, target, body, loc, swallows))
    return (*out, *_entered(ctx, node, manager, made, target, body))


def _entered(ctx: Context, node: Any, manager: Atom, made: Any, target: str | None,
             body: Block) -> Block:
    """A manager's methods are called, as PEP 343 says, and what they do is followed."""
    loc = ctx.loc(node)
    out: list[Stmt] = []
    enter, leave = managers.ways(made)
    if isinstance(manager, (Var, Free)) and manager.name not in ctx.made:
        # The body may bind the name anew.
        kept = fresh(ctx, "manager")
        out.append(Move((kept,), (manager,), loc))
        manager = Var(kept)
    out.append(Bind((), Ref(managers.enterable), (manager, Ref(made if enter else None)), (), loc))

    def call(way: Any, name: str, targets: tuple[str, ...], args: tuple[Any, ...]) -> Bind:
        if way is None:
            return Bind(targets, Ref(ops.method), (manager, Const(name), *args), (), loc)
        return Bind(targets, Ref(way), (manager, *args), (), loc)

    inside, error, ended = (fresh(ctx, n) for n in ("inside", "error", "ended"))
    kind, trace = fresh(ctx, "kind"), fresh(ctx, "trace")
    out.append(call(enter, "__enter__", (target,) if target is not None else (), ()))
    out.append(Move((inside,), (Const(True),), loc))
    surely = managers.passes_on(made)
    handler: list[Stmt] = [
        Catch(None, None, loc),
        Move((inside,), (Const(False),), loc),
        Bind((error,), Ref(managers.raised), (), (), loc),
        Bind((kind,), Ref(managers.kind_of), (Var(error),), (), loc),
        Bind((trace,), Ref(managers.trace_of), (Var(error),), (), loc),
        call(leave, "__exit__", () if surely else (ended,), (Var(kind), Var(error), Var(trace))),
    ]
    if surely:
        handler.append(Exit("raise", None, loc))
    else:
        handler.append(If(Var(ended), (), (Exit("raise", None, loc),), loc))
    caught = Try(body, (tuple(handler),), (), (), loc)
    left = call(leave, "__exit__", (), (Const(None),) * 3)
    out.append(Try((caught,), (), (), (If(Var(inside), (left,), (), loc),), loc))
    return tuple(out)


def _made(ctx: Context, node: Any) -> Any:
    """What a manager is made by, as far as one sees here; the code makes sure when it runs."""
    if not isinstance(node, gast.Call):
        return None
    made, path = node.func, []
    while isinstance(made, gast.Attribute):
        path.append(made.attr)
        made = made.value
    if not isinstance(made, gast.Name) or made.id in ctx.local:
        return None
    names = (made.id, *reversed(path))
    ctx.entered.add(names)
    return meant(ctx.origin, names)


def taken_for(function: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """What lowering takes managers for that are made by what these names mean to a function."""
    made = meant(function, names)
    enter, leave = managers.ways(made)
    return made if enter else None, enter, leave, managers.passes_on(made), managers.as_it_is(made)
