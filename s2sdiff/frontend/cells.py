"""What nested functions capture: variables with cells beside them, or in cells altogether.

A variable that is not bound any more once a function has captured it stays a variable, and the
function gets a cell with its value.  One that is bound later has a cell from the beginning, which
each binding fills, too.  Only what nested functions bind themselves lives in its cell alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.frontend.functions import Making
from s2sdiff.frontend.scopes import FUNCTIONS
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Const,
    Def,
    Exit,
    For,
    If,
    Loc,
    Move,
    Opaque,
    Raw,
    Ref,
    Store,
    Var,
    While,
    replace,
)
from s2sdiff.runtime import cells, planted

__all__ = ["Unfollowed", "settled"]


class Unfollowed(Exception):
    """Raised inside lowering: nested functions are kept as they are written."""


@dataclass(frozen=True)
class _Place:
    """Where a statement stands: its number, the blocks and the loops around it, and the Def."""

    number: int
    blocks: tuple[int, ...]
    loops: tuple[int, ...]
    region: int


@dataclass
class _Facts:
    """Where captured variables are bound, where functions capture them, where scopes begin."""

    params: set[str]
    bound: dict[str, list[_Place]] = field(default_factory=dict)
    made: dict[str, list[_Place]] = field(default_factory=dict)
    begins: dict[str, _Place] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    count: int = 0


def settled(body: Block, params: list[str], name_of: Callable[[str], str], loc: Loc) -> Block:
    """A body in which the functions that are made get the cells of what they capture."""
    if not any(_making(s) or _begins(s) for s in ir.walk(body)):
        return body
    facts = _Facts(set(params))
    _collect(body, (), (), 0, facts)
    shared = facts.written & set(facts.made)
    beside = {n for n in facts.made if n not in shared and _stays(n, facts)}
    mirrored = set(facts.made) - shared - beside
    _check_verbatim(body, shared, mirrored)
    writer = _Writer(facts, shared, beside, mirrored, name_of)
    # A comprehension in front of one whose functions capture its variable may bind the same name.
    first = [n for n in facts.made if n not in beside and (n not in facts.begins or any(
        p.number < facts.begins[n].number for p in facts.bound.get(n, ())))]
    start = [writer.begin(n, loc) for n in first]
    return (*start, *writer.block(body, facts.params, set())[0])


def _making(s: ir.Stmt) -> Making | None:
    target = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
    return target if isinstance(target, Making) else None


def _begins(s: ir.Stmt) -> bool:
    return isinstance(s, Move) and UNDEFINED in s.sources


def _deletes(s: ir.Stmt) -> bool:
    return isinstance(s, Move) and s.sources == (Ref(planted.UNBOUND),)


def _captured(s: ir.Stmt) -> list[tuple[str, bool, bool]]:
    """The variables that a new function captures, and whether it binds and deletes them itself."""
    making = _making(s)
    if making is None or not isinstance(s, Bind):
        return []
    return [(s.args[i].name, i in making.written, i in making.deleted)  # type: ignore[union-attr]
            for i in making.variables]


def _collect(block: Block, blocks: tuple[int, ...], loops: tuple[int, ...], region: int,
             facts: _Facts) -> None:
    for s in block:
        facts.count += 1
        number = facts.count
        here = _Place(number, blocks, loops, region)
        for name, written, deleted in _captured(s):
            facts.made.setdefault(name, []).append(here)
            facts.written |= {name} if written else set()
            facts.deleted |= {name} if deleted else set()
        if _begins(s):
            facts.begins.update(dict.fromkeys(ir.defines(s), here))
            continue
        if _deletes(s):
            facts.deleted.update(ir.defines(s))
        inside = (*loops, number) if isinstance(s, (For, While)) else loops
        place = _Place(number, (*blocks, number), inside, region) if isinstance(s, For) else here
        for name in ir.defines(s):
            facts.bound.setdefault(name, []).append(place)
        if isinstance(s, Def):
            facts.params.update(s.params)
            _collect(s.body, (number,), (), number, facts)
            continue
        for k, inner in enumerate(ir.blocks(s)):
            # The body of a loop has the number of the loop, where its target is bound.
            own = number if isinstance(s, For) and k == 0 else -number * 4 - k
            _collect(inner, (*blocks, own), inside, region, facts)


def _stays(name: str, facts: _Facts) -> bool:
    """Whether a variable has its last value whenever a function captures it."""
    made, bound = facts.made[name], facts.bound.get(name, [])
    if name in facts.deleted or len({p.region for p in (*made, *bound)}) > 1:
        return False
    outer = len(facts.begins[name].loops) if name in facts.begins else 0

    def before(d: _Place, m: _Place) -> bool:
        return d.number < m.number and set(d.loops[outer:]).isdisjoint(m.loops[outer:])

    sure = name in facts.params or all(
        any(m.blocks[:len(d.blocks)] == d.blocks for d in bound) for m in made)
    return sure and all(before(d, m) for d in bound for m in made)


def _check_verbatim(body: Block, shared: set[str], mirrored: set[str]) -> None:
    """What is kept as written must not bind what has a cell, nor see what functions bind."""
    for s in ir.walk(body):
        if isinstance(s, Raw) and isinstance(s.node, gast.Nonlocal):
            continue
        if isinstance(s, Raw):
            read = {name for name, _ in s.reads}
            if not (shared | mirrored).isdisjoint(n for _, n in s.writes) or \
                    not shared.isdisjoint(read | set(ir.reads(s))):
                raise Unfollowed
        elif isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque) \
                and not shared.isdisjoint(ir.reads(s)):
            lazy = (*FUNCTIONS, gast.GeneratorExp, gast.Call)
            if any(isinstance(n, lazy) for n in gast.walk(s.fn.object.node)):
                raise Unfollowed


class _Writer:
    """Writes cells into a body; `name_of` makes new names."""

    def __init__(self, facts: _Facts, shared: set[str], beside: set[str], mirrored: set[str],
                 name_of: Callable[[str], str]) -> None:
        self.facts, self.shared, self.beside, self.mirrored = facts, shared, beside, mirrored
        self.name_of = name_of
        self.cells = {n: name_of(f"{n}_cell") for n in facts.made}

    def begin(self, name: str, loc: Loc) -> Bind:
        """The cell of a variable, with the value of a parameter."""
        args = (Var(name),) if name in self.facts.params else ()
        return Bind((self.cells[name],), Ref(cells.cell), args, (), loc)

    def block(self, block: Block, sure: set[str], have: set[str]) -> tuple[Block, set[str]]:
        """The block, and what surely has a value behind it.

        `sure` surely has a value before it, `have` are the variables that have a cell beside them.
        """
        out: list[ir.Stmt] = []
        sure, have = set(sure), set(have)
        for s in block:
            if _begins(s):
                out += [self.begin(n, s.loc) for n in ir.defines(s)
                        if n in self.cells and n not in self.beside]
                sure -= set(ir.defines(s)) - self.facts.params
                continue
            if self.shared and isinstance(s, Bind) and s.calls(planted.bound) and \
                    not self.shared.isdisjoint(ir.reads(s)):
                name = ir.reads(s)[0]
                args = (Var(self.cells[name]), Const(name))
                out.append(replace(s, fn=Ref(cells.filled), args=args))
                continue
            if isinstance(s, Raw) and isinstance(s.node, gast.Nonlocal):
                left = tuple([p for p in s.reads if p[1].name not in self.shared])  # type: ignore
                if left:
                    node = gast.copy_location(gast.Nonlocal([n for n, _ in left]), s.node)
                    out.append(replace(s, node=node, reads=left))
                continue
            if _making(s) is not None:
                s = self.made(s, out, have)
            if not isinstance(s, While):
                s = self.read(s, out, sure)
            s, sure = self.inner(s, sure, have)
            out += self.bound(s)
            sure |= set(ir.defines(s)) & self.shared - self.facts.deleted
        return tuple(out), sure

    def made(self, s: Any, out: list[ir.Stmt], have: set[str]) -> Bind:
        """A function that gets the cells of what it captures."""
        making = _making(s)
        assert making is not None
        args = list(s.args)
        for i in making.variables:
            name = args[i].name
            if name in self.beside and name not in have:
                out.append(Bind((self.cells[name],), Ref(cells.cell), (Var(name),), (), s.loc))
                have.add(name)
            args[i] = Var(self.cells[name])
        return replace(s, fn=Ref(making.maker), args=tuple(args))

    def read(self, s: ir.Stmt, out: list[ir.Stmt], sure: set[str]) -> ir.Stmt:
        """A statement that reads what functions bind out of its cell."""
        env: dict[str, ir.Atom] = {}
        for n in dict.fromkeys(n for n in ir.reads(s) if n in self.shared):
            cell, name = Var(self.cells[n]), self.name_of(n)
            if n not in sure or n in self.facts.deleted:
                out.append(Bind((), Ref(cells.filled), (cell, Const(n)), (), s.loc))
            out.append(Bind((name,), Ref(getattr), (cell, Const("cell_contents")), (), s.loc))
            env[n] = Var(name)
        return ir.substitute(s, env)

    def inner(self, s: ir.Stmt, sure: set[str], have: set[str]) -> tuple[ir.Stmt, set[str]]:
        """The blocks of a statement, and what surely has a value behind it."""
        blocks = ir.blocks(s)
        if not blocks:
            return s, sure
        if isinstance(s, Def):
            body, _ = self.block(s.body, self.facts.params, set())
            return replace(s, body=body), sure
        made = [self.block(b, sure, have) for b in blocks]
        new = [b for b, _ in made]
        if isinstance(s, While):
            test: list[ir.Stmt] = []
            read = self.read(replace(s, head=()), test, made[0][1])
            assert isinstance(read, While)
            s, new[0] = read, (*new[0], *test)
        elif isinstance(s, For):
            filled = [f for n in ir.pattern_names(s.target) for f in self.fill(n, Var(n), s.loc)]
            new[0] = (*filled, *new[0])
        s = ir.with_blocks(s, tuple(new))
        if isinstance(s, If):
            ends = [end for b, end in made if not (b and isinstance(b[-1], Exit))]
            sure = set.intersection(*ends) if ends else sure
        return s, sure

    def fill(self, name: str, value: ir.Atom, loc: Loc) -> list[ir.Stmt]:
        """The cell of a variable that was bound gets its value."""
        if name not in self.mirrored and name not in self.shared:
            return []
        cell, key = Var(self.cells[name]), Const("cell_contents")
        if value == Ref(planted.UNBOUND):
            return [Store(delattr, cell, key, None, "attribute", loc)]
        return [Store(setattr, cell, key, value, "attribute", loc)]

    def bound(self, s: ir.Stmt) -> list[ir.Stmt]:
        """A statement, and behind it what fills the cells of what it binds."""
        if isinstance(s, (For, Def)):
            return [s]
        names = [n for n in ir.defines(s) if n in self.mirrored or n in self.shared]
        if isinstance(s, Move) and len(s.targets) == 1 and names:
            mirror = [s] if names[0] in self.mirrored else []
            source = s.sources[0] if not mirror or _deletes(s) else Var(names[0])
            return [*mirror, *self.fill(names[0], source, s.loc)]
        new = {n: self.name_of(n) for n in names if n in self.shared}
        filled = [f for n in names for f in self.fill(n, Var(new.get(n, n)), s.loc)]
        return [ir.rename_targets(s, new), *filled]
