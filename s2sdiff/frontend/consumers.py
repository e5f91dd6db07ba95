"""Which comprehensions loops can stand for, and which generators are used up at once.

A generator expression that a call has used up when it returns may as well be a list.
"""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, harmless, meaning

__all__ = ["eager", "listed", "loops_well", "opened", "quantifies"]

_BUILTINS = ("all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
             "tuple")
_CONSUMING = tuple(getattr(builtins, name) for name in _BUILTINS)
#: With the position of what they use up; `np.fromiter` does not where it is told how many to take.
_PLACES = {**dict.fromkeys(_CONSUMING, 0), math.fsum: 0, math.prod: 0, np.fromiter: 0,
           functools.reduce: 1}


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
    if not isinstance(node, gast.GeneratorExp) or not loops_well(node) or _may_end_early(node):
        return node
    return gast.copy_location(gast.ListComp(node.elt, node.generators), node)


def opened(ctx: Context, nodes: Any) -> Iterator[Any]:
    """The comprehensions in some nodes that loops stand for."""
    for node in (n for top in nodes for n in gast.walk(top)):
        if isinstance(node, (gast.ListComp, gast.SetComp, gast.DictComp)) and loops_well(node):
            yield node
        elif isinstance(node, gast.Starred) and eager(node.value) is not node.value:
            yield node.value
        elif isinstance(node, gast.Call):
            changed = [a for a, b in zip(node.args, listed(ctx, node), strict=True) if a is not b]
            yield from changed or (node.args if quantifies(ctx, node) is not None else ())


def quantifies(ctx: Context, node: Any) -> Any:
    """`any` or `all` for a call of it with a generator expression that loops can stand for."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], gast.GeneratorExp):
        return None
    function = _known(ctx, node.func) if isinstance(node.func, gast.Name) else None
    stops = function in (any, all) and loops_well(node.args[0]) and \
        not _may_end_early(node.args[0])
    return function if stops else None


def listed(ctx: Context, node: Any) -> list[Any]:
    """The arguments of a call, with lists for generators that it uses up at once."""
    place = _place(ctx, node)
    if place is None or len(node.args) <= place:
        return node.args
    generator = node.args[place]
    made = eager(generator)
    if made is generator:
        return node.args
    others = [*node.args[:place], *node.args[place + 1:], *[k.value for k in node.keywords]]
    # The other arguments are evaluated before the first item is, and a function among them is
    # called between the items.
    calm = all(isinstance(n, _CALM) or harmless(ctx, n) for n in others)
    if not calm or (any(not isinstance(n, gast.Constant) for n in others)
                    and not harmless(ctx, generator)):
        return node.args
    return [*node.args[:place], made, *node.args[place + 1:]]


_CALM = (gast.Constant, gast.Name, gast.Lambda)


def _may_end_early(generator: Any) -> bool:
    """A StopIteration inside of a generator is another error outside of it."""
    return any(isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id == "next"
               and len(n.args) < 2 for n in gast.walk(generator))


def _place(ctx: Context, node: Any) -> int | None:
    func = node.func
    if isinstance(func, gast.Attribute) and func.attr == "join" and \
            isinstance(func.value, gast.Constant) and isinstance(func.value.value, str):
        return 0
    known = _known(ctx, func)
    try:
        place = _PLACES.get(known)
    except TypeError:
        return None
    if known is np.fromiter and (len(node.args) > 2 or any(k.arg != "dtype"
                                                           for k in node.keywords)):
        return None
    return place


def _known(ctx: Context, func: Any) -> Any:
    """What a callee surely means: no variable, and nothing that a closure could give."""
    root = func
    while isinstance(root, gast.Attribute):
        root = root.value
    if not isinstance(root, gast.Name) or root.id in ctx.local or \
            root.id in ctx.origin.__code__.co_freevars:
        return None
    return meaning(ctx, func)
