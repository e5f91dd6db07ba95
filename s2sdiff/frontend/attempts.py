"""`try` and `with`: the statements in which an exception may end."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import targets
from s2sdiff.frontend.context import Context, Verbatim, fresh, outside
from s2sdiff.frontend.expressions import expression
from s2sdiff.ir import Bind, Block, Catch, Ref, Stmt, Try, Var, With
from s2sdiff.runtime import managers

__all__ = ["attempt", "managed"]

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
    swallows = not _passes_on(ctx, item.context_expr)
    inner = replace(ctx, guarded=True) if swallows else ctx
    first: list[Stmt] = []
    target = None
    if item.optional_vars is not None:
        target = item.optional_vars.id if isinstance(item.optional_vars, gast.Name) else ""
        if not target or target in ctx.declared:
            target = fresh(ctx, "entered")
            targets.store(inner, item.optional_vars, Var(target), first, loc, expression)
    body = _managed(inner, node, rest, block) if rest else block(inner, node.body)
    return (*out, With(manager, target, (*first, *body), loc, swallows))


def _passes_on(ctx: Context, node: Any) -> bool:
    """Whether a manager, as far as one sees here, never ends an exception; `resolve` makes sure."""
    if not isinstance(node, gast.Call):
        return False
    made, path = node.func, []
    while isinstance(made, gast.Attribute):
        path.append(made.attr)
        made = made.value
    if not isinstance(made, gast.Name) or made.id in ctx.local:
        return False
    found = outside(ctx, made.id)
    for name in reversed(path):
        if not isinstance(found, (types.ModuleType, type)):
            return False
        found = getattr(found, name, None)
    return managers.passes_on(found)
