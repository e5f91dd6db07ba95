"""Which comprehensions loops can stand for, and which generators are used up at once.

A generator expression that a call has used up when it returns may as well be a list.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import math
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, harmless
from s2sdiff.frontend.generators import draws
from s2sdiff.frontend.looping import (
    eager,
    known,
    loops_well,
    may_end_early,
    means,
    side_by_side,
)
from s2sdiff.runtime.drawing_now import turning
from s2sdiff.runtime.standins import is_lazy

__all__ = ["CALM", "begins", "extends", "folds", "listed", "of_items", "opened", "quantified",
           "quantifies", "sees_no_growth", "unpacked"]

_BUILTINS = ("all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum",
             "tuple")
_CONSUMING = tuple(getattr(builtins, name) for name in _BUILTINS)
#: With the position of what they use up; `np.fromiter` does not where it is told how many to take.
_PLACES = {**dict.fromkeys(_CONSUMING, 0), math.fsum: 0, math.prod: 0, np.fromiter: 0,
           functools.reduce: 1, OrderedDict: 0, defaultdict: 1}


#: How a class makes and fills its objects that does so as the container it is derived from.
_MAKING = (tuple.__new__, list.__new__, set.__new__, frozenset.__new__, deque.__new__)
_FILLING = (object.__init__, list.__init__, set.__init__, deque.__init__)


def opened(ctx: Context, nodes: Any) -> Iterator[Any]:
    """The comprehensions in some nodes that loops stand for."""
    for node in (n for top in nodes for n in gast.walk(top)):
        if isinstance(node, (gast.ListComp, gast.SetComp, gast.DictComp)) and loops_well(node):
            yield node
        elif isinstance(node, gast.Starred) and eager(node.value) is not node.value:
            yield node.value
        elif isinstance(node, gast.Assign) and len(node.targets) == 1:
            yield from (n for t, n in _assigned(node.targets[0], node.value)
                        if unpacked(ctx, t, n) is not n)
        elif isinstance(node, gast.Call):
            changed = [a for a, b in zip(node.args, listed(ctx, node), strict=True) if a is not b]
            drawn = node.args[:1] if quantifies(ctx, node) is not None or begins(ctx, node) else \
                node.args[1:2] if folds(ctx, node) else ()
            yield from changed or drawn


def quantifies(ctx: Context, node: Any) -> Any:
    """`any` or `all` for a call of it with a generator expression that loops can stand for."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.func, gast.Name):
        return None
    function = known(ctx, node.func)
    return function if (function is any or function is all) and \
        quantified(ctx, node) is not None else None


def begins(ctx: Context, node: Any) -> bool:
    """Whether a call is `next(… for …)`, maybe with a default, of what loops can stand for.

    Nobody else has such a generator: what it would give after its first item is never asked for.
    """
    if len(node.args) not in (1, 2) or node.keywords or not isinstance(node.func, gast.Name):
        return False
    calm = all(isinstance(a, CALM) or harmless(ctx, a) for a in node.args[1:])
    return calm and not isinstance(node.args[0], gast.Name) and \
        known(ctx, node.func) is next and quantified(ctx, node) is not None


def folds(ctx: Context, node: Any) -> bool:
    """Whether a call is `reduce(function, items)`, maybe from a start on, that a loop stands for.

    A lambda is written into the loop, where its defaults would be found anew each time, and names
    of the items' own variables would mean those.
    """
    if len(node.args) not in (2, 3) or node.keywords or any(
            isinstance(a, gast.Starred) for a in node.args):
        return False
    function, items, *start = node.args
    made_once = not isinstance(function, gast.Lambda) or not (
        function.args.defaults or function.args.kw_defaults)
    generator = not isinstance(items, gast.GeneratorExp) or (
        loops_well(items) and not may_end_early(items))
    targets = [g.target for g in items.generators] if isinstance(items, gast.GeneratorExp) else []
    own = {"item"} if not targets else scopes.bound(targets)
    calm = all(isinstance(a, CALM) or harmless(ctx, a) for a in start) and \
        own.isdisjoint(scopes.read(function))
    return made_once and generator and calm and isinstance(function, CALM) and \
        known(ctx, node.func) is functools.reduce


def quantified(ctx: Context, node: Any) -> Any:
    """What a call of `any`, `all` or `next` draws from, as a generator expression, or None."""
    given = node.args[0]
    if isinstance(given, gast.GeneratorExp):
        return given if loops_well(given) and not may_end_early(given) else None
    return of_items(gast.GeneratorExp, given) if draws(ctx, given) is not None else None


def of_items(form: Any, node: Any) -> Any:
    """A comprehension that gives what an iterator gives."""
    target, item = [gast.copy_location(gast.Name("item", how(), None, None), node)
                    for how in (gast.Store, gast.Load)]
    return gast.copy_location(form(item, [gast.comprehension(target, node, [], 0)]), node)


def listed(ctx: Context, node: Any) -> list[Any]:
    """The arguments of a call, with lists for generators that it uses up at once."""
    if extends(ctx, node):
        return [eager(node.args[0])]
    place = _place(ctx, node)
    if place is None or len(node.args) <= place:
        return node.args
    generator = node.args[place]
    made = _drawn(ctx, generator)
    form = known(ctx, node.func)
    if made is generator and not (isinstance(form, type) and issubclass(form, dict)):
        # Pairs for a dict are looked at where the kinds of its keys are known.
        made = side_by_side(ctx, generator)
    if made is generator:
        return node.args
    others = [*node.args[:place], *node.args[place + 1:], *[k.value for k in node.keywords]]
    # The other arguments are evaluated before the first item is, and a function among them is
    # called between the items.
    calm = all(isinstance(n, CALM) or harmless(ctx, n) for n in others)
    if not calm or (any(not isinstance(n, gast.Constant) for n in others)
                    and not harmless(ctx, generator)):
        return node.args
    # Of what is new each time nobody writes another item.
    made.in_turn = turning(form) and not _is_new(ctx, made.elt)
    return [*node.args[:place], made, *node.args[place + 1:]]


def _is_new(ctx: Context, node: Any) -> bool:
    if isinstance(node, gast.Call):
        function = known(ctx, node.func)
        return not node.keywords and (function in (float, int, len, abs) or isinstance(
            function, np.ufunc) or getattr(function, "__module__", "") == "math")
    return isinstance(node, (gast.BinOp, gast.UnaryOp, gast.Compare, gast.Constant, gast.Tuple,
                             gast.List, gast.ListComp))


def extends(ctx: Context, node: Any) -> bool:
    """Whether a call is `items.extend(… for …)` with a generator that cannot see how they grow."""
    return isinstance(node.func, gast.Attribute) and node.func.attr == "extend" and \
        len(node.args) == 1 and not node.keywords and sees_no_growth(ctx, node.args[0])


def sees_no_growth(ctx: Context, node: Any) -> bool:
    """Whether a generator gives what a list of its items has, while another list gets them."""
    if eager(node) is node:
        return False
    first, *others = node.generators
    inside = [node.elt, *first.ifs, *[n for g in others for n in (g.iter, *g.ifs)]]
    return _stands_alone(ctx, first.iter) and all(_blind(ctx, n) for n in inside)


def _stands_alone(ctx: Context, node: Any) -> bool:
    """What a walk over either is new, or never ends if it grows."""
    if isinstance(node, gast.Call):
        return means(ctx, node.func, enumerate, range, list, sorted, tuple)
    return isinstance(node, (gast.Name, gast.Attribute, gast.Subscript, gast.Tuple, gast.List,
                             gast.ListComp))


def _blind(ctx: Context, node: Any) -> bool:
    """An expression that reads nothing that another item changes, and calls no code."""
    if isinstance(node, gast.Subscript):
        # What is before the end of a list stays where it is.
        at = node.slice
        return isinstance(at, gast.Constant) and (isinstance(at.value, str) or at.value in range(
            1 << 30)) and _blind(ctx, node.value)
    if isinstance(node, gast.Call):
        function = known(ctx, node.func)
        calm = isinstance(function, np.ufunc) or getattr(function, "__module__", "") == "math"
        return calm and not node.keywords and all(_blind(ctx, a) for a in node.args)
    return isinstance(node, _BLIND) and all(
        _blind(ctx, n) for n in gast.iter_child_nodes(node))


_BLIND = (gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp, gast.BoolOp, gast.Compare, gast.IfExp,
          gast.Tuple, gast.operator, gast.unaryop, gast.boolop, gast.cmpop, gast.expr_context)


def _assigned(target: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """A target with what it is assigned, or those in two displays with each other."""
    yield target, value
    if isinstance(target, (gast.Tuple, gast.List)) and isinstance(value, (gast.Tuple, gast.List)) \
            and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)


def unpacked(ctx: Context, target: Any, node: Any) -> Any:
    """What is unpacked, with a list for a generator expression of which all items are drawn.

    So is what `map` gives of what comes to an end.

    Of one that has more items than there are targets only one more is drawn, before it is said
    that there are too many: a list draws them all, if they come to an end.
    """
    if not isinstance(target, (gast.Tuple, gast.List)):
        return node
    made = eager(node)
    if made is node and isinstance(node, gast.Call) and known(ctx, node.func) is map and \
            len(node.args) > 1 and all(_ends(ctx, a) for a in node.args[1:]):
        return _drawn(ctx, node)
    if isinstance(node, gast.Call) and means(ctx, node.func, list, tuple) and \
            len(node.args) == 1 and not node.keywords and isinstance(node.args[0], gast.Call):
        # What is drawn into a list need not be copied into another one.
        inner = unpacked(ctx, target, node.args[0])
        return node if inner is node.args[0] else inner
    if made is node:
        return node
    if any(isinstance(t, gast.Starred) for t in target.elts):
        return made
    return made if all(_ends(ctx, g.iter) for g in node.generators) else node


def _ends(ctx: Context, node: Any) -> bool:
    """Whether walking over it comes to an end, as far as one sees."""
    if isinstance(node, gast.Call):
        return means(ctx, node.func, enumerate, range, reversed, sorted, zip) and \
            all(_ends(ctx, a) or isinstance(a, gast.Constant) for a in node.args)
    return isinstance(node, (gast.Name, gast.Attribute, gast.Subscript, gast.Tuple, gast.List))


def _drawn(ctx: Context, node: Any) -> Any:
    """The list of the items of what is used up at once, where that is known what it is."""
    made = eager(node)
    if made is not node or (isinstance(node, gast.Call) and not _generates(ctx, node)) or \
            draws(ctx, node) is None:
        return made
    return of_items(gast.ListComp, node)


def _generates(ctx: Context, node: Any) -> bool:
    """A call of a generator function, or of what calls a function; for others there are rules."""
    nested = isinstance(node.func, gast.Name) and node.func.id in ctx.generators
    function = known(ctx, node.func)
    return nested or inspect.isgeneratorfunction(function) or is_lazy(function) or any(
        draws(ctx, a) is not None for a in node.args)


CALM = (gast.Constant, gast.Name, gast.Lambda)


def _place(ctx: Context, node: Any) -> int | None:
    func = node.func
    if isinstance(func, gast.Attribute) and func.attr == "join" and \
            isinstance(func.value, gast.Constant) and isinstance(func.value.value, str):
        return 0
    function = known(ctx, func)
    if isinstance(function, type) and function.__new__ in _MAKING and \
            function.__init__ in _FILLING:
        return 0
    try:
        place = _PLACES.get(function)
    except TypeError:
        return None
    if function is np.fromiter and (len(node.args) > 2 or any(k.arg != "dtype"
                                                           for k in node.keywords)):
        return None
    return place
