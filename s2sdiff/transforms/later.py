"""When memory is written: whether what is read at a statement may be another thing later."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, For, Function, Store, While
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import RUNNING

__all__ = ["Order"]


class Order:
    """The places in the text where each class of memory is written."""

    def __init__(self, function: Function, context: Context) -> None:
        self.memory = context.memory
        self.at: dict[int, tuple[int, tuple[int, ...]]] = {}
        self.writes: dict[Any, list[tuple[int, tuple[int, ...]]]] = {}
        self.anywhere: list[tuple[int, tuple[int, ...]]] = []
        self.count = 0
        if context.writes and self.memory is not None:
            self.block(function.body, ())

    def block(self, block: Block, loops: tuple[int, ...]) -> None:
        for s in block:
            self.count += 1
            here = self.at[id(s)] = self.count, loops
            self.note(s, here)
            inside = (*loops, self.count) if isinstance(s, (For, While)) else loops
            for inner in ir.blocks(s):
                self.block(inner, inside)

    def note(self, s: ir.Stmt, here: tuple[int, tuple[int, ...]]) -> None:
        if isinstance(s, Store):
            into = [s.target]
            if s.place == "attribute":
                into = []
                self.anywhere.append(here)
        elif isinstance(s, Bind):
            written = self.memory.effects(s)
            if not written:
                return
            if "*" in written or not isinstance(s.fn, ir.Ref) or any(map(ir.blocks, (s,))):
                self.anywhere.append(here)
                return
            given = [*enumerate(s.args), *s.kwargs]
            into = [a for key, a in given if key in written]
        elif isinstance(s, (ir.Raw, ir.With)) or (
                isinstance(s, RUNNING) and self.memory.effects(s)):
            self.anywhere.append(here)
            return
        else:
            return
        for a in into:
            for node in self.memory.depths(self.memory.of(a)):
                self.writes.setdefault(node, []).append(here)

    def after(self, s: ir.Stmt, node: Any) -> bool:
        """May a class, or what is in it, be written at this statement or after it has run?"""
        here = self.at.get(id(s))
        if here is None:
            return True
        at, around = here[0], set(here[1])
        for places in (self.anywhere, *[self.writes.get(n, ()) for n in self.memory.depths(node)]):
            for place, loops in places:
                if place >= at or not around.isdisjoint(loops):
                    return True
        return False
