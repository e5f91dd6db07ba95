"""Recording a forward loop: a round's tuple is kept where all that goes into it has its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Const,
    Exit,
    For,
    If,
    Move,
    Ref,
    Try,
    Var,
    While,
    With,
    replace,
)

__all__ = ["Recorder", "breaks", "headers_of", "left_with"]


class Recorder:
    """Puts `saved.append((…))` where, on each path, all that is needed has its value.

    `guards` are tests, each inside of the one before it, with which sides of them leave a record.
    `counted`: an exception may leave a round, which is recorded elsewhere then: a counter, what it
    is between rounds, and what it is where a round has come to its end and is recorded.
    """

    def __init__(self, need: list[str], record: str, headers: set[str],
                 guards: dict[ir.Atom, tuple[bool, bool]], loc: ir.Loc,
                 counted: tuple[str, int, int] | None = None) -> None:
        self.need, self.record, self.headers = need, record, headers
        self.guards, self.loc, self.counted = guards, loc, counted

    def run(self, fore: For | While) -> Block:
        seen = set(ir.defines(fore)) | self.headers
        return self.block(fore.body, seen, True)

    def append(self, seen: set[str]) -> ir.Stmt:
        known = self.counted is not None
        atoms = tuple(Var(n) if known or n in seen else Const(None) for n in self.need)
        value: Any = ir.Inlined(Bind((), Ref(ops.tuple_), atoms, (), self.loc))
        if len(atoms) == 1:
            value = atoms[0]
        return Bind((), Ref(ops.method), (Var(self.record), Const("append"), value), (), self.loc)

    def appended(self, seen: set[str]) -> Block:
        """The record, at the end of a round."""
        if self.counted is None:
            return (self.append(seen),)
        counter, between, end = self.counted
        return (Move((counter,), (Const(end),), self.loc), self.append(seen),
                Move((counter,), (Const(between),), self.loc))

    def block(self, block: Block, seen: set[str], records: bool) -> Block:
        seen = set(seen)
        bound = set(seen)
        out: list[ir.Stmt] = []
        for i, s in enumerate(block):
            rest = block[i:]
            if not records:
                return (*out, *rest)
            splits = self._splits(s)
            early = self.counted is None and not splits and not set(self.need) - seen
            if early and not any(map(self._splits, rest)):
                return (*out, self.append(seen), *rest)
            last = i == len(block) - 1
            if isinstance(s, If) and (splits or (last and _leaves(s))):
                sides = self.guards.get(s.test, (True, True))
                if splits and not last:
                    # What follows the test belongs to both sides; the record is made inside one.
                    then = self.side(s.then, seen, sides[0])
                    orelse = self.side(s.orelse, seen, sides[1])
                    return (*out, replace(s, then=then, orelse=orelse), *rest[1:])
                then = self.block(s.then, seen, sides[0])
                orelse = self.block(s.orelse, seen, sides[1])
                return (*out, replace(s, then=then, orelse=orelse))
            if isinstance(s, Exit):
                if s.kind == "raise":
                    return (*out, s)
                return (*out, *self.appended(seen), s)
            ends = last or (len(rest) == 2 and isinstance(rest[1], Exit))
            marks = self.counted is not None and self.counted[0] in ir.defines(s)
            if ends and isinstance(s, Move) and set(s.targets) <= self.headers and not marks:
                if isinstance(rest[-1], Exit) and rest[-1].kind == "raise":
                    return (*out, *rest)
                return (*out, *self.appended(seen), *rest)
            s = self.joined(s, bound)
            out += [*self.before(s, bound), s]
            bound |= _made(s)
            seen |= _made(s) - _later(rest[1:])
        return (*out, *self.appended(seen)) if records else tuple(out)

    def side(self, block: Block, seen: set[str], records: bool) -> Block:
        if not records:
            return block
        inner = set(seen)
        out = [*self.joined_block(block, seen)]
        for s in out:
            inner |= _made(s)
        return (*out, *self.appended(inner))

    def _splits(self, s: ir.Stmt) -> bool:
        return isinstance(s, If) and s.test in self.guards

    def joined(self, s: ir.Stmt, seen: set[str]) -> ir.Stmt:
        """A needed name that one side binds gets None on the other: a record can hold that."""
        if self.counted is not None:
            return s  # all that is needed is None before the loop
        if isinstance(s, (Try, With)):
            seen = seen | (ir.all_defs((s,)) - _surely(s))
            return ir.with_blocks(s, tuple([self.joined_block(b, seen) for b in ir.blocks(s)]))
        if not isinstance(s, If):
            return s
        then, orelse = self.joined_block(s.then, seen), self.joined_block(s.orelse, seen)
        one, two = _bound(then), _bound(orelse)
        needed = [n for n in self.need if (n in one or n in two) and n not in seen]
        then += _nones([n for n in needed if n not in one], s.loc)
        orelse += _nones([n for n in needed if n not in two], s.loc)
        return replace(s, then=then, orelse=orelse)

    def joined_block(self, block: Block, seen: set[str]) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            s = self.joined(s, seen)
            out += [*self.before(s, seen), s]
            seen = seen | _made(s)
        return tuple(out)

    def before(self, s: ir.Stmt, seen: set[str]) -> Block:
        """What an exception may leave unbound is None before: a record can hold that."""
        if not isinstance(s, (Try, With)) or self.counted is not None:
            return ()
        names = ir.all_defs((s,))
        return _nones([n for n in self.need if n in names and n not in seen
                       and n not in _surely(s)], s.loc)


def _nones(names: list[str], loc: ir.Loc) -> Block:
    return (Move(tuple(names), (Const(None),) * len(names), loc),) if names else ()


def _bound(block: Block) -> set[str]:
    found: set[str] = set()
    for s in block:
        found |= _made(s)
    return found


def _made(s: ir.Stmt) -> set[str]:
    """Names that have a value behind a statement of a recorded loop: what it bound, or None."""
    return ir.all_defs((s,)) if type(s) is Try or type(s) is With else _surely(s)


def _surely(s: ir.Stmt) -> set[str]:
    """Names that are bound once a statement has run (in loops: their headers come before them)."""
    if type(s) is ir.Bind:
        return set(s.targets)
    if isinstance(s, Move):
        return {t for t, a in zip(s.targets, s.sources, strict=True) if a is not UNDEFINED}
    if isinstance(s, If):
        one, two = _bound(s.then), _bound(s.orelse)
        if _raising(s.then):
            return two
        if _raising(s.orelse):
            return one
        return one & two
    if isinstance(s, (For, While)):
        return headers_of(s.body)
    if isinstance(s, With):
        return set(ir.defines(s)) | (set() if s.swallows else _bound(s.body))
    if isinstance(s, Try):
        ends = [_bound(s.body) | _bound(s.orelse), *map(_bound, s.handlers)]
        return set.intersection(*ends) | _bound(s.final)
    return set(ir.defines(s))


def _later(rest: Block) -> set[str]:
    """Names that later statements of a block bind again: an inner loop's headers."""
    found: set[str] = set()
    for s in rest:
        t = type(s)
        if t is For or t is While:
            found |= headers_of(s.body)  # type: ignore[union-attr]
        elif t is Try or t is With:
            found |= ir.all_defs((s,))
    return found


def _raising(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], Exit) and block[-1].kind == "raise"


def headers_of(block: Block) -> set[str]:
    """What each round of a loop hands to the next one."""
    if not block:
        return set()
    last = block[-1]
    if isinstance(last, Exit):
        last = block[-2] if len(block) > 1 else None
    if isinstance(last, Move):
        return set(last.targets)
    if isinstance(last, If):
        return headers_of(last.then) | headers_of(last.orelse)
    return set()


def left_with(block: Block) -> set[str]:
    """Those of `headers_of` that no round finds bound: they get their values where the loop ends.

    `while True: …; r = pop(); break` binds `r` once, and what it had before matters to nobody.
    """
    found = [(s, block[i + 1:i + 2]) for block in _blocks(block) for i, s in enumerate(block)
             if isinstance(s, Move)]
    last = {t for s, after in found for t in s.targets
            if after and isinstance(after[0], Exit) and after[0].kind == "break"}
    return headers_of(block) & last - ir.all_reads(block) - {
        t for s, after in found for t in s.targets
        if not (after and isinstance(after[0], Exit) and after[0].kind == "break")}


def _blocks(block: Block) -> Iterator[Block]:
    yield block
    for s in block:
        for inner in ir.blocks(s):
            yield from _blocks(inner)


def _leaves(s: If) -> bool:
    """An `if` whose sides end the round by themselves."""
    return any(isinstance(inner, Exit) and inner.kind == "break"
               for b in ir.blocks(s) for inner in _own(b))


def _own(block: Block) -> Iterator[ir.Stmt]:
    for s in block:
        yield s
        if isinstance(s, If):
            yield from _own(s.then)
            yield from _own(s.orelse)


def breaks(block: Block) -> bool:
    """The loop whose body this is may be left early."""
    return any(isinstance(s, Exit) and s.kind == "break" for s in _own(block))
