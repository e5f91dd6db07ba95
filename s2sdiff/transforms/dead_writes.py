"""A shadow that nobody looks into any more is not written.

Going back over `y[1:-1] = x`, backward code takes that part of `y_bar` and sets it to zero, as what
was there before does not count; going back over `xs.append(x)` it takes the last item off `xs_bar`.
Where nothing reads `y_bar` afterwards, the zeros are for nobody, and the item may stay.  Names that
may stand for one shadow, or for parts of it, are looked at together.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Set

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Block, Const, For, If, Move, Ref, Store, Var, While
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import slots
from s2sdiff.transforms.emit import makes_fresh
from s2sdiff.transforms.parted import makes_numbers

__all__ = ["run"]

#: They add to what they are given first, and keep nothing of the rest.
_ADDING = (runtime.add_at, slots.add_all, slots.add_part)


def run(block: Block, given: Set[str], kinds: dict[str, Kind]) -> Block:
    """Backward code without such writes; `given`: what is read after all of it."""
    if not any(_written(s) for s in ir.walk(block)):
        return block
    together = _Together(block, kinds)
    return _Unread(together).block(block, together.of(given))[0]


def _written(s: ir.Stmt) -> str:
    """The name of the shadow that a statement does nothing but write into."""
    if isinstance(s, Store):
        return s.target.name if s.place == "item" and isinstance(s.target, Var) else ""
    if not isinstance(s, Bind) or s.targets or not s.args or not isinstance(s.args[0], Var):
        return ""
    pops = s.calls(ops.method) and len(s.args) == 2 and s.args[1] == Const("pop")
    return s.args[0].name if pops or any(map(s.calls, _ADDING)) else ""


def _makes_new(s: Bind) -> bool:
    """What it gives shares no memory with what it is given."""
    return makes_numbers(s) or s.calls(len) or s.calls(np.zeros) or (
        isinstance(s.fn, Ref) and makes_fresh(s.fn.object))


class _Together:
    """Names that may stand for one shadow, or for parts of it."""

    def __init__(self, block: Block, kinds: dict[str, Kind]) -> None:
        self.parent: dict[str, str] = {}
        self.kinds = kinds
        #: What backward code has not made itself, or hands to somebody.
        self.kept: set[str] = set()
        kept, read = set[str](), set[str]()
        for s in ir.walk(block):
            read.update(ir.reads(s))
            if not self.joined(s):
                kept.update(ir.reads(s), ir.defines(s))
        self.kept = self.of(kept | (read - ir.all_defs(block)))

    def find(self, name: str) -> str:
        while name in self.parent:
            name = self.parent[name]
        return name

    def of(self, names: Iterable[str]) -> set[str]:
        return set(map(self.find, names))

    def joined(self, s: ir.Stmt) -> bool:
        """Join the names in a statement that may stand for one thing; False: nobody knows."""
        if isinstance(s, Move):
            for t, a in zip(s.targets, s.sources, strict=True):
                self.join([t, *ir.reads(Move((t,), (a,), s.loc))])
        elif isinstance(s, Store) and _written(s):
            if s.fn is operator.setitem and isinstance(s.value, Var):
                self.join([_written(s), s.value.name])
        elif isinstance(s, Bind) and (_written(s) or _makes_new(s)):
            pass
        elif isinstance(s, For) or (isinstance(s, Bind) and s.targets):
            self.join([*ir.defines(s), *ir.reads(s)])
        else:
            return isinstance(s, (If, While))
        return True

    def join(self, names: list[str]) -> None:
        # A number is nothing that somebody writes into.
        first, *rest = [n for n in names if not self.kinds.get(n, ANY).is_scalar] or [""]
        for name in rest:
            one, other = self.find(first), self.find(name)
            if one != other:
                self.parent[other] = one


class _Unread:
    def __init__(self, together: _Together) -> None:
        self.together = together

    def block(self, block: Block, later: set[str]) -> tuple[Block, set[str]]:
        """The block without writes that nobody sees; `later`: what is looked at after it."""
        out: list[ir.Stmt] = []
        later, together = set(later), self.together
        for s in reversed(block):
            name = _written(s)
            if name and together.find(name) not in later | together.kept:
                continue
            if isinstance(s, (For, While)):
                s, later = self.loop(s, later)
            elif isinstance(s, If):
                sides = [self.block(b, later) for b in (s.then, s.orelse)]
                s = ir.with_blocks(s, tuple([b for b, _ in sides]))
                later = sides[0][1] | sides[1][1]
            elif ir.blocks(s):
                later |= together.of(n for t in ir.walk((s,)) for n in ir.reads(t))
            # What only takes another name is looked at under that.
            if not isinstance(s, Move):
                later |= together.of(ir.reads(s))
            out.append(s)
        out.reverse()
        return ir.unless_same(out, block), later

    def loop(self, s: For | While, later: set[str]) -> tuple[ir.Stmt, set[str]]:
        *others, body, orelse = ir.blocks(s)
        beside = ir.walk(sum(others, orelse))
        later = later | self.together.of(n for t in beside for n in ir.reads(t))
        while True:
            made, before = self.block(body, later)
            if before <= later:
                return ir.with_blocks(s, (*others, made, orelse)), later
            later = later | before
