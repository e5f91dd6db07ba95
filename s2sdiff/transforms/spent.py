"""A shadow that nobody writes is no copy.

Going back over `y[1:-1] = x`, backward code takes that part of `y_bar`.  Where it writes nothing
there (`dead_writes`), `y_bar = w.copy()` is `w` itself.
"""

from __future__ import annotations

import operator
from collections.abc import Set

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Block, Move, Ref, Store, Var
from s2sdiff.transforms.parted import COPY, makes_numbers

__all__ = ["run"]


def run(block: Block, given: Set[str] = frozenset()) -> Block:
    """The straight part of backward code without these; `given`: what is read after all of it."""
    copies = {s.targets[0]: s for s in block if isinstance(s, Bind) and len(s.targets) == 1
              and s.calls(COPY) and s.targets[0] not in given}
    uses = _Uses(block) if copies else None
    for name, copy in copies.items():
        if uses is not None and _only_looked_at(name, uses, given):
            before = block
            block = _uncopied(name, copy, block)
            uses = uses if block is before else _Uses(block)
    return block


def _is_new(s: Bind) -> bool:
    """It makes an array of its own."""
    return s.fn == Ref(np.zeros) or makes_numbers(s)


class _Uses:
    """What a block does with each name: the statements that read it, in order, how many bind it,

    and which names are written into.
    """

    def __init__(self, block: Block) -> None:
        self.readers: dict[str, list[ir.Stmt]] = {}
        self.binders: dict[str, int] = {}
        self.written: set[str] = set()
        for s in ir.walk(block):
            for name in dict.fromkeys(ir.reads(s)):
                self.readers.setdefault(name, []).append(s)
            for name in dict.fromkeys(ir.defines(s)):
                self.binders[name] = self.binders.get(name, 0) + 1
            if isinstance(s, Store) and isinstance(s.target, Var):
                self.written.add(s.target.name)


def _only_looked_at(name: str, uses: _Uses, given: Set[str]) -> bool:
    """All that reads an array computes something new of it, or of a part that goes no further."""
    if name in given or uses.binders.get(name) != 1:
        return False
    for s in uses.readers.get(name, ()):
        if isinstance(s, Store) and s.target == Var(name) and s.key != Var(name) and \
                s.value != Var(name):
            continue
        if isinstance(s, Bind) and s.calls(operator.getitem) and s.args[1] != Var(name):
            if not _only_looked_at(s.targets[0], uses, given) or s.targets[0] in uses.written:
                return False
        elif not (isinstance(s, Store) and s.target != Var(name) and s.key != Var(name)) and \
                not makes_numbers(s):
            return False
    return True


def _written_in(name: str, block: Block) -> bool:
    return any(isinstance(s, Store) and s.target == Var(name) for s in ir.walk(block))


def _uncopied(name: str, copy: Bind, block: Block) -> Block:
    """With what was copied in the copy's place: a value of the forward code, which stays.

    Whatever backward code writes, it has made here itself.
    """
    source = copy.args[0]
    own = {t for s in block if isinstance(s, Bind) and _is_new(s) for t in s.targets}
    if not isinstance(source, Var) or _written_in(name, block) or copy not in block or \
            any(source.name in ir.defines(s) for s in ir.walk(block)):
        return block
    for s in ir.walk(block):
        if isinstance(s, Store) and not (isinstance(s.target, Var) and s.target.name in own):
            return block
        if isinstance(s, Bind) and not s.targets and not (
                s.calls(runtime.add_at) and isinstance(s.args[0], Var) and s.args[0].name in own):
            return block
    at = block.index(copy)
    return (*block[:at], Move((name,), (source,), copy.loc), *block[at + 1:])
