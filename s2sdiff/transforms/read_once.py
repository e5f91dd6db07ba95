"""What stays what it is is read once: parts of arguments, and items between two writes.

`p["w"]` and `o.w` of arguments that nothing changes have one value in the whole function, and are
read before the loops that read them.  Where
arrays are written, `a[i]` and `a[:, j]` that are read again before anything may have written are
what was read, so that it is kept once.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Star, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.staying import part_of

__all__ = ["run"]

#: By owner, function and key: the variable that holds what was read.
_Seen = dict[tuple[str, Any, Any], str]


def run(function: Function, context: Context) -> Function:
    """What was read before on the way to a statement is copied from there."""
    parts = not context.lists_change and any(
        k.items is not None for k in context.arguments.values())
    writes = any(isinstance(s, ir.Store) and s.place != "attribute"
                 for s in ir.statements(function))
    if not (parts or writes) or _IDS.isdisjoint(ir.called(function)):
        return function
    body = _Reader(function, context, parts, writes).block(function.body, {})
    return function if body is function.body else replace(function, body=body)


class _Reader:
    def __init__(self, function: Function, context: Context, parts: bool, writes: bool) -> None:
        self.names, self.context, self.parts = function.names, context, parts
        self.writes = writes
        #: Items of arrays since the last write, and the displays that are their keys.
        self.items: _Seen = {}
        self.keys: dict[tuple[Any, ...], str] = {}

    def block(self, block: Block, seen: _Seen) -> Block:
        out: list[ir.Stmt] = []
        changed = False
        for s in block:
            new = self.read(s, seen) if isinstance(s, Bind) else s
            inner = ir.blocks(s)
            if inner:
                if self.parts and isinstance(s, (For, While)):
                    before, new = self.hoisted(s)
                    out += [self.read(b, seen) for b in before]
                    inner = ir.blocks(new)
                # Variables that loops carry are bound again; what a branch reads it alone has read.
                bound = set(ir.defines(s)).union(*map(ir.all_defs, inner))
                _forget(seen, bound)
                blocks = []
                for b in inner:
                    self.items, self.keys = {}, {}
                    blocks.append(self.block(b, dict(seen)))
                self.items, self.keys = {}, {}
                if any(b is not old for b, old in zip(blocks, inner, strict=True)):
                    new = ir.with_blocks(new, tuple(blocks))
            elif new is not s or not isinstance(s, Bind):
                _forget(seen, set(ir.defines(s)))
            if self.items and not _reads_only(s):
                self.items = {}
            changed |= new is not s
            out.append(new)
        return tuple(out) if changed else block

    def read(self, s: Bind, seen: _Seen) -> ir.Stmt:
        if len(s.targets) != 1 or not isinstance(s.fn, Ref) or s.kwargs:
            return s
        (target,) = s.targets
        if s.fn.object is ops.tuple_ or s.fn.object is slice:
            if not any(isinstance(a, Star) for a in s.args) and \
                    all(self.context.kinds.get(n, ANY).inert for n in ir.reads(s)):
                # As keys, displays of equal numbers are one.
                args = tuple(self.keys.get((a.name,), a.name) if isinstance(a, Var) else a
                             for a in s.args)
                self.keys[target,] = self.keys.setdefault((s.fn, args), target)
            return s
        if len(s.args) != 2:
            return s
        owner, key = s.args
        if not isinstance(owner, Var) or s.fn.object not in _READING:
            return s
        kind = self.context.kinds.get(owner.name, ANY)
        if self.is_part(s):
            return self.copied(s, seen.setdefault((owner.name, s.fn, key), target))
        if (not self.writes or s.fn.object is not operator.getitem or not kind.is_array
                or self.users(target)):
            return s
        at = self.keys.get((key.name,), key.name) if isinstance(key, Var) else key
        return self.copied(s, self.items.setdefault((owner.name, s.fn, at), target))

    def is_part(self, s: ir.Stmt) -> bool:
        """A read of a part of an argument, which is the same wherever it is read."""
        if not isinstance(s, Bind) or len(s.targets) != 1 or len(s.args) != 2 or s.kwargs or \
                not isinstance(s.fn, Ref) or s.fn.object not in _READING:
            return False
        owner, key = s.args
        return self.parts and isinstance(owner, Var) and isinstance(key, Const) and part_of(
            self.context.kinds.get(owner.name, ANY), key.value) is not ANY

    def hoisted(self, loop: For | While) -> tuple[list[Bind], ir.Stmt]:
        """Reads of parts that each round of a loop makes anew, before it, and the loop without.

        So the cotangents of all rounds are added to that of the part, and not to one of the whole.
        """
        bound = set(ir.defines(loop)).union(*map(ir.all_defs, ir.blocks(loop)))
        before: list[Bind] = []

        def without(block: Block) -> Block:
            out: list[ir.Stmt] = []
            for s in block:
                if isinstance(s, Bind) and self.is_part(s) and bound.isdisjoint(ir.reads(s)):
                    before.append(s)
                    bound.difference_update(s.targets)
                elif isinstance(s, (For, While)):
                    out.append(ir.with_blocks(s, tuple(map(without, ir.blocks(s)))))
                else:
                    out.append(s)
            return ir.unless_same(out, block)

        blocks = tuple(map(without, ir.blocks(loop)))
        return before, ir.with_blocks(loop, blocks) if before else loop

    def copied(self, s: Bind, known: str) -> ir.Stmt:
        return s if known == s.targets[0] else Move(s.targets, (Var(known),), s.loc)

    def users(self, name: str) -> bool:
        """A variable of the user's, which may be compared by identity."""
        return self.context.names.bases.get(name, name) in self.names


_READING = (getattr, operator.getitem)
_IDS = frozenset(map(id, _READING))


def _reads_only(s: ir.Stmt) -> bool:
    """It surely writes into no array."""
    if isinstance(s, Move):
        return True
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref):
        return False
    if any(k == "out" or k is None for k, _ in s.kwargs):
        return False
    fn = s.fn.object
    if fn in _HARMLESS:
        return True
    if is_elementwise(fn):
        return getattr(fn, "__name__", "")[:1] != "i" or fn is operator.invert
    return fn in _PRODUCTS and registry.find(fn) is not None


_HARMLESS = (ops.tuple_, slice, operator.getitem)
_PRODUCTS = (operator.matmul,)


def _forget(seen: _Seen, bound: set[str]) -> None:
    for key in [k for k, read in seen.items() if k[0] in bound or read in bound]:
        del seen[key]
