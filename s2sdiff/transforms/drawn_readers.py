"""What makes iterators with a name, and what reads them."""

from __future__ import annotations

import functools
import operator
import types
from collections import deque
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, For, Free, Ref, Var
from s2sdiff.runtime import cells, drawing, resuming, standins
from s2sdiff.runtime.drawing_itertools import MAKERS
from s2sdiff.transforms.varying import Ways, closed

__all__ = ["asks", "consumes", "groups", "hands_out", "known", "leaves", "makes", "meant",
           "sources", "starred"]


def makes(s: Bind) -> bool:
    """A call that makes an iterator, of which all is known but what it walks over."""
    found = _maker(s)
    if found is None or len(s.targets) != 1 or len(s.args) <= found[1]:
        return False
    allowed = {"enumerate": {"start"}, "zip_longest": {"fillvalue"},
               "count": {"start", "step"}}
    name = getattr(meant(s), "__name__", "")
    if not {k for k, _ in s.kwargs} <= allowed.get(name, set()):
        return False
    return meant(s) is not iter or (len(s.args) == 1 and not isinstance(s.args[0], ir.Star))


def meant(s: Bind) -> Any:
    """The object that a statement calls, where that is known."""
    return s.fn.object if isinstance(s.fn, Ref) else None


def _maker(s: Bind) -> Any:
    try:
        return MAKERS.get(meant(s))
    except TypeError:
        return None


def sources(s: Bind) -> tuple[ir.Arg, ...]:
    """The arguments that an iterator draws from."""
    _, first, last = MAKERS[meant(s)]
    return s.args[first:last]


def groups(made: dict[str, Bind]) -> list[set[str]]:
    """Iterators with those that they draw from."""
    found: list[set[str]] = []
    for n, s in made.items():
        mine = {n, *[a.name for a in sources(s) if isinstance(a, Var) and a.name in made]}
        for g in [g for g in found if not g.isdisjoint(mine)]:
            found.remove(g)
            mine |= g
        found.append(mine)
    return found


def asks(s: ir.Stmt, name: str) -> bool:
    """`next(it)`, also with something to give at the end."""
    return isinstance(s, Bind) and s.calls(next) and len(s.args) in drawing.NEXT and \
        s.args[0] == Var(name) and not s.kwargs and Var(name) not in s.args[1:]


def known(s: ir.Stmt, name: str, made: dict[str, Bind]) -> bool:
    """Whether all is known of how a statement draws from an iterator."""
    if isinstance(s, For):
        return s.source == Var(name)
    if not isinstance(s, Bind):
        return leaves(s, name)
    if len(s.targets) == 1 and made.get(s.targets[0]) is s:
        others = [a for a in s.args if a not in sources(s)]
        return (Var(name) in sources(s) or starred(s, name)) and not any(
            name in ir.reads(Bind((), s.fn, (a,), (), s.loc)) for a in others)
    if starred(s, name):
        return s.args.count(ir.Star(Var(name))) == 1 and Var(name) not in (
            s.fn, *s.args, *[v for _, v in s.kwargs])
    if isinstance(s, Bind) and s.calls(resuming.drawn):
        return True
    return asks(s, name) or leaves(s, name) or (
        consumes(meant(s)) and s.args == (Var(name),) and not s.kwargs)


def leaves(s: ir.Stmt, name: str) -> bool:
    """Whether an iterator goes where only running code can tell what draws from it."""
    if isinstance(s, (ir.Exit, ir.Move)):
        return True
    if isinstance(s, ir.Store):
        return s.value == Var(name) and name not in {getattr(s.target, "name", None),
                                                     getattr(s.key, "name", None)}
    if not isinstance(s, Bind) or s.fn == Var(name):
        return False
    given = [*s.args, *[v for _, v in s.kwargs]]
    return Var(name) in given and not any(isinstance(a, ir.Star) and a.value == Var(name)
                                          for a in given) and (_takes_any(s.fn) or _fills(s, name))


_FILLING = (operator.iadd, operator.ior, dict.update, set.update, list.extend, deque.extend,
            deque.extendleft)
_METHODS = tuple(map(Const, ("update", "extend", "extendleft")))


def _fills(s: Bind, name: str) -> bool:
    """What puts items into a container, one after another, as `items += it`."""
    if s.calls(ops.method) and s.args[1] in _METHODS:
        return Var(name) not in s.args[:1]
    return isinstance(s.fn, Ref) and any(s.fn.object is f for f in _FILLING) and \
        Var(name) not in s.args[:1]


def starred(s: ir.Stmt, name: str) -> bool:
    """`f(*it)`"""
    return isinstance(s, Bind) and ir.Star(Var(name)) in s.args


def hands_out(function: ir.Function) -> bool:
    """Whether what a function gives may be, or show, an iterator that makes its items later."""
    if _LATER.isdisjoint(ir.called(function)):
        return False
    binds = [s for s in ir.statements(function) if isinstance(s, Bind)]
    made = {t for s in binds if id(meant(s)) in _LATER and makes(s) for t in s.targets}
    shown = [s for s in ir.statements(function)
             if isinstance(s, ir.Move) or (isinstance(s, Bind) and meant(s) in _SHOWING)]
    ways: Ways = [(ir.reads(s), s.targets) for s in shown]
    kept = closed(made, ways)
    return any(isinstance(s, ir.Exit) and not kept.isdisjoint(ir.reads(s))
               for s in ir.statements(function))


#: What makes iterators that are followed item by item where they go on.
_LATER = frozenset(map(id, (iter, *standins.LAZY)))
_SHOWING = (ops.list_, ops.tuple_, ops.dict_)


def _takes_any(fn: Any) -> bool:
    """A user's function or class, or what keeps what it is given as it is."""
    if not isinstance(fn, Ref):
        return isinstance(fn, (Var, Free))
    if fn.object in (ops.list_, ops.tuple_, ops.dict_, cells.cell, functools.reduce,
                     standins.reduce):
        return True
    return isinstance(fn.object, types.FunctionType) and registry.find(fn.object) is None and \
        not (fn.object.__module__ or "").startswith("s2sdiff.")


def consumes(fn: object) -> bool:
    """Whether a function draws everything before it does anything else."""
    try:
        return fn in standins.CONSUMERS
    except TypeError:
        return False
