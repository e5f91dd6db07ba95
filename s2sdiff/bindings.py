"""Where names are bound, and whether what reads them is in reach of it: a part of `grammar`."""

from __future__ import annotations

from collections.abc import Iterator

from s2sdiff import ir
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
    Exit,
    For,
    Function,
    If,
    Loc,
    Move,
    Opaque,
    Raw,
    Ref,
    Try,
    While,
    With,
)

__all__ = ["faults"]


def faults(function: Function) -> Iterator[tuple[Loc | None, str]]:
    """What is wrong with the names of a function, and where."""
    sites: dict[str, list[ir.Stmt]] = {}
    for s in ir.statements(function):
        for name in ir.defines(s):
            sites.setdefault(name, []).append(s)
    ends = {id(m) for m in _path_ends(function.body)}
    for p in function.params:
        for s in sites.get(p.name, ()):
            yield s.loc, f"the parameter {p.name} is bound again"
    for name, found in sites.items():
        for s in found if len(found) > 1 else ():
            if not isinstance(s, Move):
                yield s.loc, f"{name} is bound more than once, here by no Move"
            elif id(s) not in ends:
                yield s.loc, f"{name} changes in the middle of a path"
    yield from _Scopes(function).faults()


def _path_ends(block: Block) -> Iterator[Move]:
    """Moves at the ends of paths and in front of loops."""
    for i, s in enumerate(block):
        after = [t for t in block[i + 1:] if not isinstance(t, Bind)]
        ahead = (Exit, For, While, Try, With)
        if isinstance(s, Move) and (not after or isinstance(after[0], ahead)):
            yield s
        for inner in ir.blocks(s):
            if isinstance(s, (Try, With)):
                # What a handler sees changes with each name that is bound.
                yield from (m for m in ir.walk(inner) if isinstance(m, Move))
            yield from _path_ends(inner)


class _Scopes:
    """Is every read in reach of something that binds the name, along the structure of the code?"""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.found: list[tuple[Loc | None, str]] = []

    def faults(self) -> list[tuple[Loc | None, str]]:
        self.block(self.function.body, {p.name for p in self.function.params})
        return self.found

    def block(self, block: Block, names: set[str]) -> bool:
        """Walk a block, adding what it binds to `names`; whether its end is reached."""
        for s in block:
            self.reads(s, names)
            match s:
                case If(_, then, orelse):
                    one, two = set(names), set(names)
                    falls = [n for n, b in ((one, then), (two, orelse)) if self.block(b, n)]
                    if not falls:
                        return False
                    names.update(set.intersection(*falls))
                case For() | While():
                    # What only the body binds holds one value in each round and none afterwards.
                    self.block(s.body, names | set(ir.defines(s)))
                    names.update(_carried(s.body))
                case Try(body, handlers, orelse, final):
                    if not self.attempt(names, body, orelse, final, handlers):
                        return False
                case With(body=body):
                    names.update(ir.defines(s))
                    ends = self.block(body, set(names) if s.swallows else names)
                    if not ends and not s.swallows:
                        return False
                case Exit():
                    return False
                case _:
                    names.update(ir.defines(s))
        return True

    def attempt(self, names: set[str], body: Block, orelse: Block, final: Block,
                handlers: tuple[Block, ...]) -> bool:
        whole = set(names)
        ends = self.block(body, whole) and self.block(orelse, whole)
        falls = [whole] if ends else []
        for handler in handlers:
            inside = set(names)
            if self.block(handler, inside):
                falls.append(inside)
        behind = set(names)
        if not self.block(final, behind) or not falls:
            return False
        names.update(set.intersection(*falls) | (behind if final else set()))
        return True

    def reads(self, s: ir.Stmt, names: set[str]) -> None:
        verbatim = isinstance(s, Raw) or (isinstance(s, Bind) and isinstance(s.fn, Ref)
                                          and isinstance(s.fn.object, Opaque))
        for name in ir.reads(s):
            unbound = name in self.function.names and name not in ir.all_defs(self.function.body)
            if name not in names and not (verbatim or self.checked(name) or unbound):
                self.found.append((s.loc, f"{name} is read where nothing binds it"))

    def checked(self, name: str) -> bool:
        """Whether a check that raises as Python does stands in front of reads of the name."""
        return any(isinstance(s, Bind) and Const(name) in s.args and not s.targets
                   for s in ir.walk(self.function.body))


def _carried(block: Block) -> set[str]:
    """What every path to a loop's end or exit binds by a Move at its very end."""
    last = block[-1] if block else None
    if isinstance(last, Exit):
        last = block[-2] if len(block) > 1 else None
    if isinstance(last, Move):
        return set(last.targets)
    if isinstance(last, If):
        return _carried(last.then) | _carried(last.orelse)
    return set()
