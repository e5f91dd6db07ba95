"""Loops over active values become loops over an index, so that each element's read has a rule."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.errors import UnsupportedError
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import values
from s2sdiff.transforms.activity import refuse
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["concerned", "index"]

#: They give an iterator, which is walked once.
_ITERATORS = (Ref(enumerate), Ref(zip), Ref(reversed), Ref(iter), Ref(map), Ref(filter))


def concerned(function: Function, context: Context) -> bool:
    """Whether there is a loop over what may be active, or an iterator of such."""
    for s in ir.walk(function.body):
        name = s.source.name if isinstance(s, For) and isinstance(s.source, Var) else \
            s.targets[0] if isinstance(s, Bind) and s.fn in _ITERATORS and s.targets else None
        if name is not None and not context.kinds.get(name, ANY).inert:
            return True
    return False


def index(function: Function, context: Context, varies: set[str]) -> Function:
    """`for x in xs` with active xs as `for i in range(len(xs)): x = xs[i]`; zip, enumerate too."""
    sources = {s.targets[0]: s for s in ir.walk(function.body)
               if isinstance(s, Bind) and len(s.targets) == 1}
    shared = _shared(function.body, varies)
    return replace(function, body=_Index(context, varies, sources, shared).block(function.body))


def _shared(body: Block, varies: set[str]) -> set[str]:
    """Iterators over active values that more than one statement or round may draw from."""
    made = {s.targets[0] for s in ir.walk(body) if isinstance(s, Bind) and len(s.targets) == 1
            and s.targets[0] in varies and isinstance(s.fn, Ref) and s.fn in _ITERATORS}
    readers: dict[str, int] = {}
    inside: dict[str, int] = {}

    def visit(block: Block, depth: int) -> None:
        for s in block:
            for name in ir.reads(s):
                again = inside.get(name, depth) < depth
                readers[name] = readers.get(name, 0) + 1 + again
            inside.update(dict.fromkeys(ir.defines(s), depth))
            for inner in ir.blocks(s):
                visit(inner, depth + isinstance(s, (For, While)))

    visit(body, 0)
    origins = {name: {name} for name in made}
    while True:
        before = {t: set(names) for t, names in origins.items()}
        for s in ir.walk(body):
            for t, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
                if isinstance(a, Var) and a.name in origins:
                    origins.setdefault(t, set()).update(origins[a.name])
        if origins == before:
            return set().union(*(names for t, names in origins.items() if readers.get(t, 0) > 1))


class _Index:
    def __init__(self, context: Context, varies: set[str], sources: dict[str, Bind],
                 shared: set[str]) -> None:
        self.context, self.varies, self.sources = context, varies, sources
        self.shared = shared

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple(self.block(b) for b in inner))
            if isinstance(s, Bind) and self.shared.intersection(s.targets):
                out.append(refuse(UnsupportedError,
                                  "an iterator over active values is used more than once",
                                  "make one for each use, or loop over an array, a list or a tuple",
                                  s.loc))
            if isinstance(s, For) and isinstance(s.source, Var) and s.source.name in self.varies:
                out += self.loop(s)
            else:
                out.append(s)
        return ir.unless_same(out, block)

    def loop(self, s: For) -> list[ir.Stmt]:
        before: list[ir.Stmt] = []
        i = self.context.names("i")
        first: list[ir.Stmt] = []
        length = self.item(s.source, s.target, Var(i), before, first, s.loc)
        if length is None:
            # An iterator of unknown kind: what it gives must be a sequence, or it is refused.
            before.clear()
            first.clear()
            items = self.context.names("items_1")
            before.append(Bind((items,), Ref(values.sequence), (s.source,), (), s.loc))
            length = self.item(Var(items), s.target, Var(i), before, first, s.loc, True)
        source = self.context.names("range_1")
        assert length is not None
        grows = self.grows(before)
        if grows is not None:
            before = [b for b in before if not (isinstance(b, Bind) and b.targets == (
                getattr(length, "name", ""),))]
            before.append(Bind((source,), Ref(values.indices), (grows,), (), s.loc))
        else:
            before.append(Bind((source,), Ref(range, "range"), (length,), (), s.loc))
        return [*before, replace(s, target=i, source=Var(source), body=(*first, *s.body))]

    def grows(self, before: list[ir.Stmt]) -> ir.Var | None:
        """A list that is walked over, and may be written meanwhile."""
        memory = self.context.memory
        walked = [b.args[0] for b in before if isinstance(b, Bind) and b.calls(len)]
        if memory is None or len(walked) != 1 or not isinstance(walked[0], Var) or any(
                isinstance(b, Bind) and b.calls(operator.sub) for b in before):
            return None
        name = walked[0].name
        made = next((b.args[0].name for b in before if isinstance(b, Bind) and b.targets == (name,)
                     and b.calls(values.sequence) and isinstance(b.args[0], Var)), name)
        node = memory.class_of(made)
        kind = self.context.kinds.get(made, ANY)
        if node is None or kind.is_array or kind.type is tuple:
            return None
        return Var(name) if "fields" in memory.sorts.get(node, ()) else None

    def item(self, source: ir.Arg, target: ir.Pattern, i: ir.Atom, before: list[ir.Stmt],
             first: list[ir.Stmt], loc: ir.Loc, known: bool = False) -> ir.Atom | None:
        """Statements that bind `target` to element i; the atom that holds the length."""
        if isinstance(source, ir.Star):
            return None
        made = self.sources.get(source.name) if isinstance(source, Var) else None
        if made is not None and isinstance(made.fn, Ref) and not made.kwargs:
            fn = made.fn.object
            if fn is enumerate and len(made.args) == 1 and isinstance(target, tuple) \
                    and len(target) == 2 and isinstance(target[0], str):
                first.append(ir.Move((target[0],), (i,), loc))
                return self.item(made.args[0], target[1], i, before, first, loc)
            if fn is zip and isinstance(target, tuple) and len(target) == len(made.args):
                lengths = [self.item(a, t, i, before, first, loc)
                           for a, t in zip(made.args, target, strict=True)]
                if any(n is None for n in lengths):
                    return None
                if len(lengths) == 1:
                    return lengths[0]
                return self.made(min, lengths, "length_1", before, loc)
            if fn is map and len(made.args) == 2 and isinstance(target, (str, tuple)) and not any(
                    isinstance(a, ir.Star) for a in made.args):
                given = self.context.names("item_1")
                length = self.item(made.args[1], given, i, before, first, loc)
                if length is None:
                    return None
                result = target if isinstance(target, str) else self.context.names("item_1")
                first.append(Bind((result,), made.args[0], (Var(given),), (), loc))
                if not isinstance(target, str):
                    self.unpack(Var(result), target, first, loc)
                return length
            if fn is reversed and len(made.args) == 1 and not isinstance(made.args[0], ir.Star):
                length = self.length(made.args[0], before, loc, known)
                if length is None:
                    return None
                last = self.made(operator.sub, [length, Const(1)], "last_1", before, loc)
                k = self.made(operator.sub, [last, i], "k_1", first, loc)
                self.bind(made.args[0], target, k, first, loc)
                return length
        length = self.length(source, before, loc, known)
        if length is not None:
            self.bind(source, target, i, first, loc)
        return length

    def length(self, source: ir.Atom, before: list[ir.Stmt], loc: ir.Loc,
               known: bool) -> ir.Atom | None:
        kind = kind_of_atom(source, self.context)
        if not (known or kind.is_array or kind.type in (tuple, list, range)):
            return None
        return self.made(len, [source], "length_1", before, loc)

    def made(self, fn: Any, args: list, hint: str, out: list[ir.Stmt], loc: ir.Loc) -> Var:
        name = self.context.names(hint)
        spelled = Ref(fn, fn.__name__) if fn in (len, min) else Ref(fn)
        out.append(Bind((name,), spelled, tuple(args), (), loc))
        return Var(name)

    def bind(self, source: ir.Atom, target: ir.Pattern, i: ir.Atom, out: list[ir.Stmt],
             loc: ir.Loc) -> None:
        if isinstance(target, str):
            out.append(Bind((target,), Ref(operator.getitem), (source, i), (), loc))
            return
        item = self.made(operator.getitem, [source, i], "item_1", out, loc)
        self.unpack(item, target, out, loc)

    def unpack(self, item: ir.Atom, target: tuple, out: list[ir.Stmt], loc: ir.Loc) -> None:
        names = tuple(t if isinstance(t, str) else self.context.names("item_1") for t in target)
        out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
        for name, t in zip(names, target, strict=True):
            if not isinstance(t, str):
                self.unpack(Var(name), t, out, loc)
