"""Nested functions that are only called are written into the places where they are called.

There the names that they capture are the variables around them, with the values of that moment,
which is what a closure sees.  Their own variables start without a value at every call.
"""

from __future__ import annotations

import gast

from s2sdiff import ir
from s2sdiff.frontend.unbound import checked
from s2sdiff.ir import Bind, Block, Def, Exit, Function, Move, Param, Raw, Ref, Star, Var, replace
from s2sdiff.runtime import planted
from s2sdiff.transforms import bound, exits, versions
from s2sdiff.transforms.fresh_names import Names

__all__ = ["Writer", "written_in"]


def written_in(function: Function) -> Function:
    """The function without definitions of nested functions, and without calls of them."""
    if not any(isinstance(s, Def) for s in ir.statements(function)):
        return function
    taken = set(function.names) | set(function.free) | ir.all_defs(function.body)
    writer = Writer(function, Names(taken))
    body = writer.block(function.body)
    return replace(function, body=body, bases={**function.bases, **writer.names.bases})


class Writer:
    def __init__(self, function: Function, names: Names) -> None:
        self.function, self.names = function, names
        self.defs: dict[str, Def] = {}
        self.used: set[str] = set()

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            if isinstance(s, Def):
                self.define(s)
            elif isinstance(s, Bind) and isinstance(s.fn, Var) and s.fn.name in self.defs:
                out += self.called(s, self.defs[s.fn.name])
            else:
                inner = ir.blocks(s)
                out.append(ir.with_blocks(s, tuple(map(self.block, inner))) if inner else s)
        return tuple(out)

    def define(self, d: Def) -> None:
        self.names.taken |= ir.all_defs(d.body) | set(d.params)
        self.defs[d.name] = d

    def called(self, s: Bind, d: Def) -> Block:
        """The body, with names of its own, between its arguments and its result."""
        nested = replace(self.function, name=d.name, params=tuple(map(Param, d.params)),
                         body=d.body, loc=d.loc, names=frozenset(self.names.taken))
        body = exits.tidy(nested).body
        outer = _declared(body)
        body = tuple([b for b in body if not _declares(b)])
        self.names.taken |= ir.all_defs(body)
        own = (*d.params, *sorted(_bound(body) - outer - set(d.params)))
        if d.name in self.used:
            again = {n: self.names(n) for n in own}
            body = ir.rename(body, again)
            own = tuple(again[n] for n in own)
        self.used.add(d.name)
        body = self.block(body)
        start: list[ir.Stmt] = []
        if d.params:
            given = tuple([a for a in s.args if not isinstance(a, Star)])
            start.append(Move(own[:len(d.params)], given, s.loc))
        nested = replace(nested, params=tuple(map(Param, own[:len(d.params)])), body=body)
        unsure = _unsure(nested, own)
        if unsure:
            start.append(Move(unsure, (Ref(planted.UNBOUND),) * len(unsure), s.loc))
            body = checked(body, frozenset(unsure))
        *inside, last = body
        assert isinstance(last, Exit)
        end = [] if last.value is None or last.kind != "return" or not s.targets else \
            [Move(s.targets, (last.value,), s.loc)]
        return (*start, *inside, *([last] if last.kind != "return" else end))


def _unsure(nested: Function, own: tuple[str, ...]) -> tuple[str, ...]:
    """Variables of its own that a call may read before it has bound them.

    Written into a loop, they would still have the values of the call before.
    """
    reads = dict.fromkeys(n for s in ir.walk(nested.body) for n in ir.reads(s) if n not in own)
    params = (*nested.params, *map(Param, reads))
    numbered = versions.number(replace(nested, params=params))
    doubtful = bound.doubtful(numbered.body)
    # A read that Python makes has a check where it is a copy; other copies only carry names along.
    found = set().union(*[doubtful.get(id(s), ()) for s in ir.walk(numbered.body)
                          if not isinstance(s, Move)])
    names = {n if n in own else numbered.bases.get(n, n) for n in found}
    given = {p.name for p in nested.params}  # what unbinds them is followed by checks already
    return tuple(n for n in own if n in names and n not in given)


def _bound(block: Block) -> set[str]:
    """All names that a body binds, those of functions defined in it included."""
    found = ir.all_defs(block)
    for s in ir.walk(block):
        if isinstance(s, Def):
            found |= set(s.params) | (_bound(s.body) - _declared(s.body))
    return found


def _declares(s: ir.Stmt) -> bool:
    return isinstance(s, Raw) and isinstance(s.node, gast.Nonlocal)


def _declared(body: Block) -> set[str]:
    """What a nested function declares `nonlocal`: variables around it."""
    return {n for s in body if _declares(s) for n in ir.reads(s)}
