"""The definitions of nested functions that are only called, and the calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.consumers import opened
from s2sdiff.frontend.context import Context, Unfit, bind, fresh
from s2sdiff.frontend.functions import beginning
from s2sdiff.frontend.nested import Nested, find, given, in_order_of_parameters, plain
from s2sdiff.frontend.opaque import reads_frame_inside
from s2sdiff.ir import (
    Atom,
    Block,
    Const,
    Def,
    Exit,
    Raw,
    Ref,
    Star,
    Stmt,
    Var,
    rename,
    replace,
    walk,
)

__all__ = ["anonymous", "arguments", "definition", "may_stand_elsewhere"]


def may_stand_elsewhere(ctx: Context, node: Any) -> bool:
    """Whether the body of a nested function may be written into its calls."""
    return node not in ctx.kept and plain(node) and not reads_frame_inside(ctx, node)


def definition(ctx: Context, nested: Nested, expression: Callable[..., Atom],
               block: Callable[..., Block] | None) -> Def:
    """A nested function; its own variables get names that nobody else has."""
    node = nested.node
    body = node.body if isinstance(node.body, list) else [node.body]
    sites = tuple(scopes.binding_sites(body))
    declared = scopes.declared(body)
    own = dict.fromkeys(n for n in (*nested.parameters, *[name for name, _ in sites])
                        if n not in declared)
    outer = declared - ctx.local
    inner = replace(
        ctx, function=nested.name, local=ctx.local | frozenset(own), sites=ctx.sites + sites,
        declared=ctx.declared - frozenset(own) | outer, outer=ctx.outer - frozenset(own) | outer,
        loops=(*ctx.loops, *scopes.loops(node)),
        nested={n: f for n, f in ctx.nested.items() if n not in own},
    )
    inner.nested.update(find(body, frozenset(own), declared,
                             lambda n: may_stand_elsewhere(inner, n),
                             lambda nodes: opened(inner, nodes)))
    if isinstance(node, gast.Lambda):
        out: list[Stmt] = []
        value = expression(inner, node.body, out, "result")
        lowered: Block = (*out, Exit("return", value, inner.loc(node.body)))
    else:
        assert block is not None
        lowered = block(inner, body)
    if any(isinstance(s, Raw) and s.memory for s in walk(lowered)):
        raise Unfit(node)
    around = sorted(declared & ctx.local)
    if around:
        reads = tuple([(n, Var(n)) for n in around])
        declaration = gast.copy_location(gast.Nonlocal(around), node)
        lowered = (Raw(declaration, reads, (), "nonlocal", ctx.loc(node), False), *lowered)
    lowered = (*beginning(ctx, node, tuple(own), ctx.loc(node)), *lowered)
    names = {n: fresh(ctx, n) for n in own if n in ctx.local or n in ctx.own}
    ctx.own.update(own)
    (made,) = rename((Def(nested.name, nested.parameters, lowered, ctx.loc(node)),), names)
    assert isinstance(made, Def)
    return made


def anonymous(ctx: Context, node: Any) -> Nested | None:
    """A lambda that is called where it stands; None where it has to be kept."""
    if not may_stand_elsewhere(ctx, node.func):
        return None
    made = Nested(fresh(ctx, "function"), node.func, node,
                  tuple(scopes.parameters(node.func.args)), frozenset())
    return made if given(made, node) else None


def arguments(ctx: Context, nested: Nested, node: Any, atoms: list[Any],
              out: list[Stmt]) -> list[Any]:
    """The atoms of a call's operands in the order of the parameters, defaults included.

    What a star gets is made a tuple in front of the call, or a dict.
    """
    args = atoms[: len(node.args)]
    kwargs = list(zip([k.arg for k in node.keywords], atoms[len(args):], strict=True))
    filled = in_order_of_parameters(nested, args, kwargs, True)
    assert filled is not None

    def atom(value: Any, parameter: str) -> Any:
        if isinstance(value, gast.Constant):
            return Const(value.value)
        if isinstance(value, dict):
            items = [a for key, v in value.items() for a in (Const(key), v)]
            return bind(ctx, out, fresh(ctx, parameter), ops.dict_, items, node)
        if not isinstance(value, list):
            return value
        if len(value) == 1 and isinstance(value[0], Star):
            return bind(ctx, out, fresh(ctx, parameter), Ref(tuple, "tuple"), [value[0].value],
                        node)
        return bind(ctx, out, fresh(ctx, parameter), ops.tuple_, value, node)

    return [atom(v, p) for v, p in zip(filled, nested.parameters, strict=True)]
