"""Functions with the same text and no stars: what those collect are parameters of their own.

    def wrapper(*args, **kwargs):           def wrapper(args_0, args_1, scale):
        check(args)                             args, kwargs = (args_0, args_1), {"scale": scale}
        return f(*args, **kwargs)               check(args)
                                                return f(args_0, args_1, scale=scale)

Of a tuple and a dict that are displayed it is known what is in them.
"""

from __future__ import annotations

import copy
import types
import weakref
from typing import Any

import gast

from s2sdiff.errors import DifferentiationError
from s2sdiff.frontend import lifting_scopes, scopes, source
from s2sdiff.frontend.opened_cells import compiled_around

__all__ = ["without_stars"]

#: By function, code, and what a call gives: the function that was made.
_made: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()
#: So many calls of one function are told apart, with so many arguments.
_CALLS, _ARGUMENTS = 16, 12


def without_stars(function: types.FunctionType, count: int, names: tuple[str, ...]) -> Any:
    """The function for calls with `count` arguments and others by `names`, in that order.

    None where that would be another function, or it has no stars.
    """
    flags = function.__code__.co_flags
    if not flags & 0x0C or count + len(names) > _ARGUMENTS or function.__code__.co_kwonlyargcount:
        return None
    known = _made.setdefault(function, {})
    key = (function.__code__, count, names)
    if key not in known and len(known) < _CALLS:
        known[key] = _without(function, count, names)
    return known.get(key)


def _without(function: types.FunctionType, count: int, names: tuple[str, ...]) -> Any:
    try:
        parsed = source.read(function)
    except DifferentiationError:
        return None
    node, code = parsed.node, function.__code__
    if isinstance(node, gast.Lambda) or parsed.private is not None:
        return None
    a = node.args
    own = [n.id for n in (*a.posonlyargs, *a.args)]
    bare = copy.copy(node)
    bare.args, bare.decorator_list = gast.arguments([], [], None, [], [], None, []), []
    collected = [f"{a.vararg.id}_{i}" for i in range(count - len(own))] if a.vararg else []
    taken = {*scopes.bound(node.body), *scopes.read(node), *own, *code.co_freevars,
             *[x.id for x in (a.vararg, a.kwarg) if x is not None]}
    # What a function inside captures is better a cell of the function as it stands.
    if {x.id for x in (a.vararg, a.kwarg) if x is not None} & {*code.co_cellvars}:
        return None
    if count < len(own) or (count > len(own) and a.vararg is None) or (names and a.kwarg is None) \
            or not lifting_scopes.simple(bare) or not taken.isdisjoint((*collected, *names)) \
            or not parsed.rebindable.isdisjoint(code.co_freevars):
        return None
    body = [_Spread(node, collected, names).visit(s) for s in copy.deepcopy(node.body)]
    start: list[Any] = []
    if a.vararg is not None:
        items = gast.Tuple([_name(n) for n in collected], gast.Load())
        start.append(gast.Assign([_name(a.vararg.id, gast.Store())], items, None))
    if a.kwarg is not None:
        keys = [gast.Constant(n, None) for n in names]
        start.append(gast.Assign([_name(a.kwarg.id, gast.Store())],
                                 gast.Dict(keys, [_name(n) for n in names]), None))
    for s in start:
        gast.copy_location(s, node.body[0])
    params = [_name(n, gast.Param()) for n in (*own, *collected, *names)]
    args = gast.arguments(params, [], None, [], [], None, [])
    found = compiled_around(parsed, args, [*start, *body],
                            set(code.co_freevars))
    cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
    made = types.FunctionType(found, function.__globals__, function.__name__, None,
                              tuple([cells[n] for n in found.co_freevars]) or None)
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made


class _Spread(gast.NodeTransformer):
    """Calls that get what the stars collect, as long as that is what it was."""

    def __init__(self, node: Any, collected: list[str], names: tuple[str, ...]) -> None:
        # Functions inside may have parameters of that name.
        bound, a = {n.id for s in node.body for n in gast.walk(s) if isinstance(n, gast.Name)
                    and not isinstance(n.ctx, gast.Load)}, node.args
        self.star = a.vararg.id if a.vararg is not None and a.vararg.id not in bound else None
        self.mapping = a.kwarg.id if a.kwarg is not None and a.kwarg.id not in bound else None
        self.collected, self.names = collected, names
        given = [k.value for n in gast.walk(node) if isinstance(n, gast.Call)
                 for k in n.keywords if k.arg is None]
        # Whoever else has the dict may write into it.
        if any(isinstance(n, gast.Name) and n.id == self.mapping and not any(n is g for g in given)
               for s in node.body for n in gast.walk(s)):
            self.mapping = None

    def visit_Call(self, call: Any) -> Any:
        self.generic_visit(call)
        call.args = [b for g in call.args for b in (
            [_name(n) for n in self.collected] if isinstance(g, gast.Starred) and isinstance(
                g.value, gast.Name) and g.value.id == self.star else [g])]
        call.keywords = [j for k in call.keywords for j in (
            [gast.keyword(n, _name(n)) for n in self.names] if k.arg is None and isinstance(
                k.value, gast.Name) and k.value.id == self.mapping else [k])]
        return call


def _name(name: str, context: Any = None) -> Any:
    return gast.Name(name, context or gast.Load(), None, None)

