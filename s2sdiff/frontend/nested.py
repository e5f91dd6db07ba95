"""Nested functions that are only called: they become `Def`s, which see what is around them.

A function that travels (is returned, stored or handed on) is kept as it is written.  One that is
defined once and then only called by its name does what its body would do at the place of the call:
it sees the values that variables have then, as a closure does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.ir import Star

__all__ = ["Nested", "find", "given", "in_order_of_parameters", "plain"]


@dataclass(frozen=True, eq=False)
class Nested:
    """A nested function: the statement that defines it, and the names of its parameters.

    `later` are the nodes of the statements behind it in its block, `calls` the calls in its scope.
    """

    name: str
    node: Any
    statement: Any
    parameters: tuple[str, ...]
    later: frozenset[int]


def find(body: list[Any], local: frozenset[str], outside: frozenset[str],
         fits: Callable[[Any], bool],
         opened: Callable[[list[Any]], Iterable[Any]]) -> dict[str, Nested]:
    """The nested functions of a function's body that are only called, by name.

    `fits(node)` tells whether the body of a function may stand elsewhere, `opened(nodes)` which
    comprehensions become loops of the scope that they stand in.
    """
    found = {n.name: n for n in _defined(body) if n.name in local and n.name not in outside}
    if not found:
        return {}
    bound = [name for name, _ in scopes.binding_sites(body)]
    found = {name: n for name, n in found.items() if bound.count(name) == 1 and fits(n.node)}
    found = _together(found, {n.name: n for n in _defined(body)})
    if not found:
        return {}
    loops = set(opened(body))
    own = {name: list(_calls(_inside(n.node), loops)) for name, n in found.items()}
    outer = list(_calls(body, loops))
    while True:
        bad = {name for name in found if not _only_called(name, found, own, outer, body)}
        if not bad:
            break
        found = _together({n: f for n, f in found.items() if n not in bad}, found)
    # None reaches itself now, so this ends.
    return {} if _written(found, own, outer) > _LARGEST else found


def _together(found: dict[str, Nested], before: dict[str, Nested]) -> dict[str, Nested]:
    """Without those of which another one, defined by the same statement, is not there any more."""
    gone = {id(f.statement) for n, f in before.items() if n not in found}
    return {n: f for n, f in found.items() if id(f.statement) not in gone}


#: How many nodes of syntax all bodies at all places may come to.
_LARGEST = 6000


def _written(found: dict[str, Nested], own: dict[str, list[Any]], outer: list[Any]) -> int:
    """The size of all that the calls stand for."""

    sizes: dict[str, int] = {}

    def size(name: str) -> int:
        if name in found and name not in sizes:
            inside = sum(1 for _ in gast.walk(found[name].node))
            sizes[name] = inside + sum(size(c.func.id) for c in own[name])
        return sizes.get(name, 0)

    return sum(size(call.func.id) for call in outer)


def _defined(block: list[Any]) -> Iterator[Nested]:
    for i, s in enumerate(block):
        pairs = [(s.name, s)] if isinstance(s, gast.FunctionDef) else _assigned(s)
        later = frozenset(id(n) for after in block[i + 1:] for n in gast.walk(after)) \
            if pairs else frozenset()
        for name, node in pairs:
            yield Nested(name, node, s, tuple(scopes.parameters(node.args)), later)
        if isinstance(s, (gast.If, gast.For, gast.While)):
            yield from _defined(s.body)
            yield from _defined(s.orelse)


def _assigned(s: Any) -> list[tuple[str, Any]]:
    """The lambdas that an assignment gives names to, if it assigns nothing else."""
    if not isinstance(s, gast.Assign) or len(s.targets) != 1:
        return []
    names, values = [s.targets[0]], [s.value]
    if isinstance(names[0], gast.Tuple) and isinstance(s.value, gast.Tuple):
        names, values = names[0].elts, s.value.elts
    if len(names) != len(values) or not all(isinstance(n, gast.Name) for n in names) or \
            not all(isinstance(v, gast.Lambda) for v in values):
        return []
    return [(n.id, v) for n, v in zip(names, values, strict=True)]


def _inside(node: Any) -> list[Any]:
    return node.body if isinstance(node.body, list) else [node.body]


_ELSEWHERE = (*scopes.FUNCTIONS, *scopes.COMPREHENSIONS, gast.ClassDef)


def _own(nodes: Any, loops: set[Any]) -> Iterator[Any]:
    """The nodes that run in the scope itself."""
    for node in nodes:
        if not isinstance(node, _ELSEWHERE) or node in loops:
            yield node
            yield from _own(gast.iter_child_nodes(node), loops)


def _calls(nodes: Any, loops: set[Any]) -> Iterator[Any]:
    return (n for n in _own(nodes, loops)
            if isinstance(n, gast.Call) and isinstance(n.func, gast.Name))


def plain(node: Any) -> bool:
    """Whether a function has nothing about it that only a call of a function does."""
    a = node.args
    if getattr(node, "decorator_list", None):
        return False
    stars = [p for p in (a.vararg, a.kwarg) if p is not None]
    notes = [getattr(node, "returns", None),
             *[p.annotation for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, *stars)]]
    if any(isinstance(n, gast.Call) for note in notes if note is not None for n in gast.walk(note)):
        return False
    defaults = [*a.defaults, *[d for d in a.kw_defaults if d is not None]]
    if not all(isinstance(d, gast.Constant) for d in defaults):
        return False
    refused = (gast.Yield, gast.YieldFrom, gast.Await, gast.Global, gast.NamedExpr, gast.Try,
               gast.With, gast.ClassDef)
    names = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
    return not any(isinstance(n, refused) for n in gast.walk(node)) and \
        names.isdisjoint({"super", "__class__"})


def _only_called(name: str, found: dict[str, Nested], own: dict[str, list[Any]],
                 outer: list[Any], body: list[Any]) -> bool:
    nested = found[name]
    if _hidden(name, body) or name in scopes.bound(_inside(nested.node)):
        return False
    sites = _outer_sites(name, found, own, outer, ())
    if sites is None or not all(id(call) in nested.later for call in sites):
        return False
    calls = [c for c in outer if c.func.id == name]
    calls += [c for other in found for c in own[other] if c.func.id == name]
    reads = sum(isinstance(n, gast.Name) and n.id == name and isinstance(n.ctx, gast.Load)
                for s in body for n in gast.walk(s))
    return reads == len(calls) and all(given(nested, c) for c in calls)


def given(nested: Nested, call: Any) -> bool:
    """Whether a call says what each parameter gets.

    What it unpacks goes to the star, and is unpacked when all else is known, which nothing that is
    computed behind it may tell.
    """
    first = next((i for i, a in enumerate(call.args) if isinstance(a, gast.Starred)), None)
    behind = [] if first is None else [*call.args[first:], *[k.value for k in call.keywords]]
    inside = [n.value if isinstance(n, gast.Starred) else n for n in behind]
    calm = all(isinstance(n, (gast.Name, gast.Constant)) for n in inside[1:])
    pairs = [(k.arg, k.value) for k in call.keywords]
    return calm and in_order_of_parameters(nested, [*call.args], pairs, True) is not None


def _hidden(name: str, body: list[Any]) -> bool:
    """Whether some inner scope means something else by the name."""
    every = [n for s in body for n in gast.walk(s)]
    inner = [n for n in every if isinstance(n, scopes.FUNCTIONS)]
    return any(name in scopes.parameters(n.args) or name in scopes.bound(_inside(n))
               for n in inner) or any(
        name in scopes.bound(n.target) for n in every if isinstance(n, gast.comprehension))


def _outer_sites(name: str, found: dict[str, Nested], own: dict[str, list[Any]],
                 outer: list[Any], above: tuple[str, ...]) -> list[Any] | None:
    """The calls in the outer scope through which a function is reached; None: it reaches itself."""
    if name in above:
        return None
    sites = [c for c in outer if c.func.id == name]
    for other in found:
        if any(c.func.id == name for c in own[other]):
            through = _outer_sites(other, found, own, outer, (*above, name))
            if through is None:
                return None
            sites += through
    return sites


def in_order_of_parameters(nested: Nested, args: list[Any], kwargs: list[tuple[str | None, Any]],
                           stars: bool = False) -> list[Any] | None:
    """What each parameter gets in a call, defaults as gast nodes; None where the call is wrong.

    A parameter with a star gets a list, one with two a dict; with `stars` there may be such.
    """
    a = nested.node.args
    places = [p.id for p in (*a.posonlyargs, *a.args)]
    only = len(a.posonlyargs)
    if (a.vararg or a.kwarg) and not stars:
        return None
    if (len(args) > len(places) and not a.vararg) or any(
            isinstance(g, (gast.Starred, Star)) for g in args[:len(places)]):
        return None
    filled: dict[str, Any] = dict(zip(places, args, strict=False))
    names = {*places[only:], *[p.id for p in a.kwonlyargs]}
    others: dict[str, Any] = {}
    for key, value in kwargs:
        if key is None or (key in filled if key in names else not a.kwarg):
            return None
        (filled if key in names else others)[key] = value
    if a.vararg:
        filled[a.vararg.id] = args[len(places):]
    if a.kwarg:
        filled[a.kwarg.id] = others
    defaults = dict(zip(places[len(places) - len(a.defaults):], a.defaults, strict=True))
    for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if d is not None:
            defaults[p.id] = d
    found = [filled.get(p, defaults.get(p)) for p in nested.parameters]
    return None if any(f is None for f in found) else found
