"""Which calls of functions that call functions are made of a stand-in, written in the language."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Ref, Star, Var
from s2sdiff.runtime import (
    cells,
    resuming,
    standins,
    standins_dispatching,
    standins_scipy,
    unseen,
    values,
    walks,
)
from s2sdiff.transforms.context import Context

__all__ = ["drawn", "standin"]

#: By id: what draws at once, and what gives something that a loop may draw at once.
_DRAWING = frozenset(map(id, (*standins.CONSUMERS, *standins.VIEWING, ops.unpack, Star)))


def drawn(function: Function) -> set[str]:
    """Variables that are read once, right behind where they are made, by what draws them at once.

    Nothing that happens in between could be told from what happens while they are drawn.
    """
    if _DRAWING.isdisjoint(ir.called(function)):
        return set()
    counts: dict[str, int] = {}
    for s in ir.statements(function):
        if isinstance(s, Bind) and s.calls(walks.steps):
            continue  # it goes along with a loop that is noted by its source
        for name in ir.reads(s):
            counts[name] = counts.get(name, 0) + 1
    found: set[str] = set()
    _drawn(function.body, counts, found)
    return found


def _drawn(block: ir.Block, counts: dict[str, int], found: set[str]) -> None:
    made: set[str] = set()
    views: set[str] = set()
    for s in block:
        if not made.isdisjoint(ir.reads(s)):
            found.update([n for n in ir.reads(s) if n in made and counts.get(n) == 1 and (
                _draws(s, n) or (n in views and _walks(s, n)))])
        if made and not _quiet(s):
            made.clear()
        made.update(ir.defines(s))
        if isinstance(s, Bind) and isinstance(s.fn, Ref) and _is_in(s.fn.object, standins.VIEWING):
            views.update(s.targets)
        for inner in ir.blocks(s):
            _drawn(inner, counts, found)


def _quiet(s: ir.Stmt) -> bool:
    """Evaluating it neither has effects nor reads what a function might change."""
    return isinstance(s, ir.Move) or (isinstance(s, Bind) and isinstance(s.fn, Ref) and (
        s.fn.object in (ops.tuple_, ops.list_, globals, unseen.look, unseen.look_into)
        or s.fn.object in standins.LAZY
        or isinstance(s.fn.object, cells.Maker) or s.fn.object is cells.cell))


def _draws(s: ir.Stmt, name: str) -> bool:
    if not isinstance(s, Bind):
        return False
    if any(isinstance(a, Star) and a.value == Var(name) for a in s.args):
        return True
    return isinstance(s.fn, Ref) and _consumes(s.fn.object)


def _walks(s: ir.Stmt, name: str) -> bool:
    """A loop over what has this name, by itself or by the places in it."""
    if isinstance(s, ir.For):
        return s.source == Var(name)
    return isinstance(s, Bind) and any(
        s.calls(fn) for fn in (values.sequence, values.undisturbed))


def _consumes(fn: Any) -> bool:
    return fn is ops.unpack or _is_in(fn, standins.CONSUMERS)


def _is_in(fn: Any, table: Any) -> bool:
    try:
        return fn in table
    except TypeError:
        return False


def standin(s: Bind, context: Context) -> Any:
    """The function that is called in the place of the one that is written, or None."""
    if not isinstance(s.fn, Ref):
        return None
    fn = s.fn.object
    try:
        if fn in standins.EAGER:
            return standins.EAGER[fn]
        if fn in standins.WITH_KEY and any(k == "key" and a != Const(None) for k, a in s.kwargs):
            return standins.WITH_KEY[fn]
        if fn in standins.LAZY and s.targets and context.drawn.issuperset(s.targets):
            return standins.LAZY[fn]
        if fn in standins.VIEWING and s.targets and context.drawn.issuperset(s.targets):
            return standins.VIEWING[fn]
    except TypeError:
        return None
    return standins_dispatching.dispatching(fn) or standins_scipy.standin(fn) or \
        resuming.of_generator(fn)
