"""Tuples and dicts of numbers, of which only items are read, as a variable for each of their items.

`y = tuple(...)` in a loop over time steps, of which only `y[0]` or `S, I, R = y` are read, is three
numbers.  As one value its cotangent would be made, taken apart and added up in each round.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Block, Const, Function, Move, Ref, Star, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.comprehended import is_whole
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["run"]

#: A value with more items stays one.
_ITEMS = 8


def run(function: Function, context: Context) -> Function:
    """The function with such names split up; itself where there are none."""
    called = ir.called(function)
    if id(ops.tuple_) not in called and id(ops.dict_) not in called:
        return function
    search = _Search(function, context)
    if not search.keys:
        return function
    writer = _Split(search, context)
    return replace(function, body=writer.block(function.body))


class _Search:
    """The names that can be split up, with the keys that all that is bound to them has."""

    def __init__(self, function: Function, context: Context) -> None:
        self.context, self.bases = context, function.bases
        self.keys: dict[str, tuple[Any, ...]] = {}
        #: What an unpacking calls the items of what it takes apart.
        self.hints: dict[str, tuple[str, ...]] = {}
        self.moves: list[tuple[str, Atom]] = []
        self.read: list[tuple[str, Any]] = []
        self.whole = {p.name for p in function.params} | set(function.free)
        for s in ir.statements(function):
            self.note(s)
        changed = True
        while changed:
            changed = False
            for t, a in self.moves:
                if t not in self.keys and isinstance(a, Var) and a.name in self.keys:
                    self.keys[t] = self.keys[a.name]
                    changed = True
        self.whole.update(n for n, key in self.read if not self.has(n, key))
        # What is made and unpacked in one line of code has its names already.
        moved = {n for t, a in self.moves for n in (t, getattr(a, "name", ""))}
        self.keys = {n: k for n, k in self.keys.items()
                     if n not in self.whole and (n in moved or n not in self.hints)}
        while self.drop():
            pass

    def note(self, s: ir.Stmt) -> None:
        if isinstance(s, Move):
            self.moves += zip(s.targets, s.sources, strict=True)
        elif isinstance(s, Bind):
            keys, read = _display(s), _reads_item(s)
            if keys is not None and s.targets[0] not in self.keys and all(
                    is_whole(kind_of_atom(a, self.context)) for a in s.args):
                self.keys[s.targets[0]] = keys
            else:
                self.whole.update(s.targets)
            if read is not None:
                self.read.append(read)
                if s.calls(ops.unpack):
                    self.hints[read[0]] = s.targets
            else:
                self.whole.update(ir.reads(s))
        else:
            self.whole.update(ir.reads(s))
            self.whole.update(ir.defines(s))
            if isinstance(s, (ir.Try, ir.With, ir.Def)):
                for t in ir.walk(tuple(t for b in ir.blocks(s) for t in b)):
                    self.whole.update((*ir.reads(t), *ir.defines(t)))

    def has(self, name: str, key: Any) -> bool:
        keys = self.keys.get(name)
        if keys is None or isinstance(key, slice):
            return keys is not None and keys == tuple(range(key.stop))
        return key in keys or (keys[0] == 0 and type(key) is int and -len(keys) <= key < 0)

    def drop(self) -> bool:
        """Let go of what is bound to something else; whether there was such."""
        gone = set()
        for t, a in self.moves:
            source = a.name if isinstance(a, Var) else None
            if t in self.keys and self.keys_of(a) != self.keys[t]:
                gone.add(t)
            if source in self.keys and self.keys.get(t) != self.keys[source]:
                gone.add(source)
        self.keys = {n: k for n, k in self.keys.items() if n not in gone}
        return bool(gone)

    def keys_of(self, a: Atom) -> tuple[Any, ...] | None:
        """The keys of what a name is bound to: one that is split up, or a known tuple or dict."""
        if isinstance(a, Const) and type(a.value) is tuple:
            return tuple(range(len(a.value)))
        if not isinstance(a, Var):
            return None
        if a.name in self.keys:
            return self.keys[a.name]
        kind = self.context.kinds.get(a.name, ANY)
        if kind.items is None:
            return None
        if kind.type is tuple:
            return tuple(range(len(kind.items)))
        return kind.value if kind.type is dict and type(kind.value) is tuple else None


class _Split:
    def __init__(self, search: _Search, context: Context) -> None:
        self.search, self.context = search, context
        self.items: dict[str, dict[Any, str]] = {}

    def of(self, name: str) -> dict[Any, str]:
        """The variables for a name's items, by key."""
        found = self.items.get(name)
        if found is None:
            keys, names = self.search.keys[name], self.context.names
            bases = {**self.search.bases, **names.bases}
            base = bases.get(name, name)
            hints = self.search.hints.get(name)
            found = self.items[name] = {
                k: names(f"{base}_{k}" if isinstance(k, str) and k.isidentifier() else
                         bases.get(hints[i], hints[i]) if hints else f"{base}_{i + 1}")
                for i, k in enumerate(keys)}
        return found

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            if isinstance(s, Bind):
                out += self.bind(s)
            elif isinstance(s, Move):
                out += self.move(s)
            else:
                inner = ir.blocks(s)
                out.append(ir.with_blocks(s, tuple(map(self.block, inner))) if inner else s)
        return tuple(out)

    def bind(self, s: Bind) -> Block:
        keys = self.search.keys
        if len(s.targets) == 1 and s.targets[0] in keys:
            given = s.args if s.calls(ops.tuple_) else s.args[1::2]
            return (Move(tuple(self.of(s.targets[0]).values()), given, s.loc),)  # type: ignore[arg-type]
        read = _reads_item(s)
        if read is None or read[0] not in keys:
            return (s,)
        items = self.of(read[0])
        if isinstance(read[1], slice):
            return (Move(s.targets, tuple(map(Var, items.values())), s.loc),)
        key = read[1] if read[1] in items else read[1] + len(items)
        return (Move(s.targets, (Var(items[key]),), s.loc),)

    def move(self, s: Move) -> Block:
        keys = self.search.keys
        before: list[ir.Stmt] = []
        pairs: list[tuple[str, Atom]] = []
        for t, a in zip(s.targets, s.sources, strict=True):
            if t not in keys:
                pairs.append((t, a))
                continue
            assert isinstance(a, (Var, Const))
            split = self.of(a.name) if isinstance(a, Var) and a.name in keys else None
            for key, name in self.of(t).items():
                if isinstance(a, Const):
                    pairs.append((name, Const(a.value[key])))
                elif split is None:
                    item = self.context.names(name)
                    before.append(Bind((item,), Ref(operator.getitem), (a, Const(key)), (), s.loc))
                    pairs.append((name, Var(item)))
                else:
                    pairs.append((name, Var(split[key])))
        return (*before, replace(s, targets=tuple([t for t, _ in pairs]),
                                 sources=tuple([a for _, a in pairs])))


def _display(s: Bind) -> tuple[Any, ...] | None:
    """The keys of a tuple or a dict that a statement makes."""
    if len(s.targets) != 1 or any(isinstance(a, Star) for a in s.args) or s.kwargs:
        return None
    if s.calls(ops.tuple_) and 0 < len(s.args) <= _ITEMS:
        return tuple(range(len(s.args)))
    if not s.calls(ops.dict_) or not 0 < len(s.args) <= 2 * _ITEMS:
        return None
    keys = tuple([a.value for a in s.args[::2] if isinstance(a, Const) and type(a.value) is str])
    return keys if len(set(keys)) * 2 == len(s.args) else None


def _reads_item(s: Bind) -> tuple[str, Any] | None:
    """The name and the key that a statement reads; all of it: a slice up to how many there are."""
    if s.kwargs or not s.args or not isinstance(s.args[0], Var):
        return None
    if s.calls(operator.getitem) and len(s.targets) == 1 and isinstance(s.args[1], Const) and \
            type(s.args[1].value) in (int, str):
        return s.args[0].name, s.args[1].value
    if s.calls(ops.unpack) and s.args[1:] == (Const(len(s.targets)), Const(None)):
        return s.args[0].name, slice(len(s.targets))
    return None
