"""`zip(*rows)` of a list of lists or pairs as loops over numbers, which read items of the rows.

    for column in zip(*rows):                for j in rt.columns(rows):
        ...                                      column = tuple([row[j] for row in rows])
                                                 ...

`zip` asks each list for its next item when the loop comes to it, so it stays where lists may become
longer or shorter meanwhile.  `a, b = zip(*pairs)` is a list for each name, where there are so many.
"""

from __future__ import annotations

import operator
from collections.abc import Set
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Star, Stmt, Store, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.runtime import choosing
from s2sdiff.transforms import staying
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.kinds_of_items import element

__all__ = ["disturbed", "written"]


def written(function: Function, context: Context, but: Set[str] = frozenset()) -> Function:
    """The function with such loops, but those over what some names mean.

    Whether a loop changes the lists meanwhile is asked afterwards (`disturbed`), when kinds are
    known of what it reads.
    """
    if id(zip) not in ir.called(function) or not registry.is_own(zip) or not any(
            _zips(s, context) for s in ir.statements(function)):
        return function
    if any(isinstance(s, (ir.Raw, ir.Def)) for s in ir.statements(function)):
        return function  # others may write, or see what is read
    body = _Writer(function, context, but).block(function.body)
    return function if body is function.body else replace(function, body=body)


def disturbed(function: Function, context: Context) -> set[str]:
    """The names of columns while whose loops run lists may become other ones."""
    if id(choosing.columns) not in ir.called(function):
        return set()
    made = {s.targets[0] for s in ir.statements(function)
            if isinstance(s, Bind) and s.calls(choosing.columns)}
    writer = _Writer(function, context, set())
    return {s.source.name for s in ir.statements(function)
            if isinstance(s, For) and isinstance(s.source, Var) and s.source.name in made
            and not all(map(writer.is_calm, ir.walk(s.body)))}


def _zips(s: Stmt, context: Context) -> str | None:
    """The name of the list of rows whose columns a statement gives."""
    if not isinstance(s, Bind) or not s.calls(zip) or s.kwargs or len(s.args) != 1 or \
            len(s.targets) != 1 or not isinstance(s.args[0], Star):
        return None
    rows = s.args[0].value
    kind = kind_of_atom(rows, context)
    row = element(kind) if kind.type in (list, tuple) else Kind()
    known = (row.type is list and element(row) != Kind()) or (row.type is tuple and row.items)
    return rows.name if known and isinstance(rows, Var) else None


class _Writer:
    def __init__(self, function: Function, context: Context, but: Set[str]) -> None:
        self.function, self.context, self.but = function, context, but
        self.read: dict[str, int] = {}
        self.written: dict[int, frozenset] = {}
        for s in ir.statements(function):
            for n in ir.reads(s):
                self.read[n] = self.read.get(n, 0) + 1

    def kind(self, a: Any) -> Kind:
        return kind_of_atom(a, self.context)

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        made: dict[int, Bind] = {}
        for k, s in enumerate(block):
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([self.block(b) for b in inner]))
            rows = _zips(s, self.context)
            if rows is not None and isinstance(s, Bind) and s.targets[0] not in self.but:
                at = self.used(block, k, s.targets[0], element(self.kind(Var(rows))))
                if at is not None:
                    made[at] = replace(s, fn=Ref(choosing.columns), args=(Var(rows),))
                    self.context.rules[id(zip)] = zip, registry.find(zip)
                    if isinstance(block[at], For):
                        out.append(made[at])
                    continue
            if k in made:
                out += self.looped(s, made[k]) if isinstance(s, For) else \
                    self.unpacked(s, made[k])
            else:
                out.append(s)
        return ir.unless_same(out, block)

    def used(self, block: Block, k: int, name: str, row: Kind) -> int | None:
        """Where all columns are asked for, if no list may be another one until they are."""
        if self.read.get(name) != 1:
            return None
        for at in range(k + 1, len(block)):
            s = block[at]
            if name in ir.reads(s):
                loops = isinstance(s, For) and s.source == Var(name) and element(row) != Kind()
                unpacks = isinstance(s, Bind) and s.calls(ops.unpack) and \
                    s.args[2] == Const(None)
                return at if loops or unpacks else None
            if ir.blocks(s) or not self.is_calm(s):
                return None
        return None

    def is_calm(self, s: Stmt) -> bool:
        """A statement that surely leaves all lists as long as they are, and their rows in them."""
        if isinstance(s, (ir.Try, ir.With)):
            return False
        if isinstance(s, Store):
            known = self.kind(s.target)
            number = known.each is not None and known.each.is_scalar
            return known.is_array or (number and s.place == "item" and s.fn is operator.setitem
                                      and s.key is not None and self.kind(s.key).type is int)
        if not isinstance(s, Bind):
            return True
        writes = staying.writes(s, self.function, self.kind, self.context, self.written)
        given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
        return all(w in given and self.kind(given[w]).is_array for w in writes)

    def column(self, name: str, rows: Any, key: ir.Atom, loc: ir.Loc) -> list[Stmt]:
        """`name = tuple([row[key] for row in rows])`"""
        names = self.context.names
        made, first, grows, more, row, item, whole = (names(n) for n in (
            f"{name}_1", f"{name}_1", f"{name}_1", f"{name}_1", "row_1", "item_1", f"{name}_1"))
        return [
            Bind((made,), Ref(ops.list_), (), (), loc),
            Bind((first,), Ref(ops.growing), (Var(made),), (), loc),
            Move((grows,), (Var(first),), loc),
            For(row, rows, (
                Bind((item,), Ref(operator.getitem), (Var(row), key), (), loc),
                Bind((more,), Ref(ops.appended), (Var(grows), Var(item)), (), loc),
                Move((grows,), (Var(more),), loc)), (), loc),
            Bind((whole,), Ref(ops.grown), (Var(grows),), (), loc),
            Bind((name,), Ref(tuple), (Var(whole),), (), loc),
        ]

    def looped(self, s: For, made: Bind) -> list[Stmt]:
        j, names = self.context.names("j"), self.context.names
        name = s.target if isinstance(s.target, str) else names("column_1")
        body = self.column(name, ir.plain_args(made)[0], Var(j), s.loc)
        if not isinstance(s.target, str):
            body.append(Bind(s.target, Ref(ops.unpack), (  # type: ignore[arg-type]
                Var(name), Const(len(s.target)), Const(None)), (), s.loc))
        return [replace(s, target=j, body=(*body, *s.body))]

    def unpacked(self, s: Any, made: Bind) -> list[Stmt]:
        rows, count = ir.plain_args(made)[0], Const(len(s.targets))
        out: list[Stmt] = [Bind((), Ref(choosing.check_columns), (rows, count), (), s.loc)]
        for i, name in enumerate(s.targets):
            out += self.column(name, rows, Const(i), s.loc)
        return out
