"""Iterators with a name that one loop, or one call that uses them up, draws from."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.frontend.context import Context
from s2sdiff.frontend.generators import draws

__all__ = ["assigned_once", "nested_generators", "surely_list"]


def nested_generators(ctx: Context, body: list[Any]) -> dict[str, Any]:
    """The generator functions that a function's body defines, by name, each bound once."""
    defined = [s for s in body if isinstance(s, gast.FunctionDef)]
    bound = [name for name, _ in scopes.binding_sites(body)] if defined else []
    return {s.name: s for s in defined if s not in ctx.kept
            and s.name in ctx.local and s.name not in ctx.declared and bound.count(s.name) == 1
            and any(isinstance(n, (gast.Yield, gast.YieldFrom)) for n in gast.walk(s))}


def assigned_once(ctx: Context, body: list[Any]) -> dict[int, Any]:
    """The assignments of what can be written down where it is drawn from, by the node's id.

    The name is bound once and read once, later in the same block and in no loop that the assignment
    is not in.  Where that read turns out to be another one, lowering begins again without it.
    """
    found: dict[int, Any] = {}
    _search(ctx, body, body, found)
    return found


def surely_list(ctx: Context, name: str) -> bool:
    """Whether all that a variable is ever bound to are lists that are written down."""
    return name in ctx.lists


def lists(ctx: Context, body: list[Any]) -> set[str]:
    """The variables of which that is so."""
    shown: dict[str, int] = {}
    for n in scopes.statements(body):
        if isinstance(n, gast.Assign) and isinstance(n.value, (gast.List, gast.ListComp)):
            match n.targets:
                case [gast.Name(id=name)]:
                    shown[name] = shown.get(name, 0) + 1
    if not shown:
        return set()
    sites: dict[str, int] = {}
    for name, _ in scopes.binding_sites(body):
        sites[name] = sites.get(name, 0) + 1
    free = ctx.declared | ctx.shared
    given = set(ctx.origin.__code__.co_varnames[:ctx.origin.__code__.co_argcount])
    if next(nested_codes(ctx.origin.__code__), None) is not None:
        for n in (n for s in body for n in gast.walk(s) if isinstance(n, scopes.FUNCTIONS)):
            given |= {*scopes.parameters(n.args), *scopes.bound(n.body)}
    return {n for n, count in shown.items() if count == sites.get(n) and n not in free
            and n not in given}


def _search(ctx: Context, block: list[Any], body: list[Any], found: dict[int, Any]) -> None:
    for i, s in enumerate(block):
        match s:
            case gast.Assign(targets=[gast.Name(id=name)], value=value) if (
                    name in ctx.local and name not in ctx.declared and s not in ctx.kept
                    and not isinstance(value, gast.Name) and draws(ctx, value) is not None):
                names = [n for top in body for n in gast.walk(top)
                         if isinstance(n, gast.Name) and n.id == name]
                if len(names) == 2 and any(_reads_once(later, name) for later in block[i + 1:]):
                    found[id(s)] = s
            case gast.If() | gast.For() | gast.While():
                _search(ctx, s.body, body, found)
                _search(ctx, s.orelse, body, found)


def _reads_once(node: Any, name: str) -> bool:
    """Whether a node reads a name where it is evaluated once at most."""
    if isinstance(node, gast.Name):
        return node.id == name
    if isinstance(node, gast.For):
        return _reads_once(node.iter, name) or any(_reads_once(s, name) for s in node.orelse)
    if isinstance(node, (gast.While, *scopes.FUNCTIONS, gast.ClassDef)):
        return False
    if isinstance(node, scopes.COMPREHENSIONS):
        return _reads_once(node.generators[0].iter, name)
    return any(_reads_once(child, name) for child in gast.iter_child_nodes(node))
