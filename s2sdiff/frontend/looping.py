"""Which comprehensions and generator expressions loops can stand for."""

from __future__ import annotations

import itertools
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, meaning, path_of

__all__ = ["eager", "indexed", "known", "loops_well", "may_end_early", "means",
           "side_by_side",
           "unzipped"]


def loops_well(node: Any) -> bool:
    """Whether loops do all that a comprehension does.

    Variables that are read before the comprehension binds them have no value at its start: a loop
    that is run twice would find the last one.  Asynchronous ones need their coroutine.
    """
    bound: frozenset[str] = frozenset()
    later = scopes.bound([g.target for g in node.generators])
    for position, g in enumerate(node.generators):
        if g.is_async or (position and not (later - bound).isdisjoint(scopes.read(g.iter))):
            return False
        bound |= scopes.bound(g.target)
        if not (later - bound).isdisjoint(scopes.read(g.ifs)) or not _binds_only(g.target):
            return False
    return not any(isinstance(n, (gast.Await, gast.Yield, gast.YieldFrom)) for n in gast.walk(node))


def _binds_only(target: Any) -> bool:
    """A target that writes no item or attribute, whose owner may be another target."""
    return not any(isinstance(n, (gast.Subscript, gast.Attribute)) for n in gast.walk(target))


def eager(node: Any) -> Any:
    """A generator expression that is used up at once as the list of its items, if it can be."""
    if not isinstance(node, gast.GeneratorExp) or not loops_well(node) or may_end_early(node):
        return node
    return gast.copy_location(gast.ListComp(node.elt, node.generators), node)


def may_end_early(generator: Any) -> bool:
    """A StopIteration inside of a generator is another error outside of it."""
    return any(isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id == "next"
               and len(n.args) < 2 for n in gast.walk(generator))


def known(ctx: Context, func: Any) -> Any:
    """What a callee surely means: no variable, and nothing that a closure could give."""
    root = func
    while isinstance(root, gast.Attribute):
        root = root.value
    if not isinstance(root, gast.Name) or root.id in ctx.local or \
            root.id in ctx.origin.__code__.co_freevars:
        return None
    ctx.hinted.add(path_of(func))
    owner = meaning(ctx, func.value) if isinstance(func, gast.Attribute) else None
    return getattr(owner, func.attr, None) if isinstance(owner, type) else meaning(ctx, func)


def means(ctx: Context, func: Any, *forms: Any) -> bool:
    """Whether a callee surely is one of these; any other object is not asked whether it equals one.
    """
    function = known(ctx, func)
    return any(function is f for f in forms)


def side_by_side(ctx: Context, node: Any) -> Any:
    """`[(x, y) for x, y in zip(…)]` for what `zip` and others give: its items are tuples."""
    width = _width(known(ctx, node.func), node) if isinstance(node, gast.Call) else 0
    if not width:
        return node
    targets, items = [gast.copy_location(gast.Tuple(
        [gast.copy_location(gast.Name(f"item_{i}", how(), None, None), node)
         for i in range(width)], how()), node) for how in (gast.Store, gast.Load)]
    comprehension = gast.comprehension(targets, node, [], 0)
    return gast.copy_location(gast.ListComp(items, [comprehension]), node)


def _width(function: Any, node: Any) -> int:
    """How many parts has each item of what a call gives that makes tuples, or 0."""
    if node.keywords or any(isinstance(a, gast.Starred) for a in node.args):
        return 0
    if function is zip or function is itertools.product:
        return len(node.args)
    if function is enumerate or function is itertools.pairwise:
        return 2
    chosen = any(function is f for f in _CHOOSING) and len(node.args) == 2
    if chosen and isinstance(node.args[1], gast.Constant):
        count = node.args[1].value
        return count if type(count) is int and 0 < count <= _MOST else 0
    return 0


_CHOOSING = (itertools.combinations, itertools.combinations_with_replacement,
             itertools.permutations)
#: Of items with more parts nobody names each.
_MOST = 8


def indexed(ctx: Context, node: Any) -> bool:
    """Whether a walk over a value is one over its indices, as far as one sees: no iterator."""
    if isinstance(node, gast.Name):
        bound = any(name == node.id for name, _ in ctx.sites)
        return node.id in ctx.lists or (node.id in ctx.local and not bound)
    if isinstance(node, gast.Call):
        return known(ctx, node.func) is range
    return isinstance(node, (gast.List, gast.Tuple, gast.ListComp)) or (
        isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice))


def unzipped(ctx: Context, function: Any, node: Any) -> tuple[Any, Any]:
    """`map(f, xs, ys)` for `starmap(f, zip(xs, ys))`, which calls with the same."""
    if function is not itertools.starmap or len(node.args) != 2:
        return function, node
    rows = node.args[1]
    if not isinstance(rows, gast.Call) or rows.keywords or not rows.args or \
            known(ctx, rows.func) is not zip or any(isinstance(a, gast.Starred) for a in rows.args):
        return function, node
    return map, gast.copy_location(gast.Call(node.func, [node.args[0], *rows.args], []), node)
