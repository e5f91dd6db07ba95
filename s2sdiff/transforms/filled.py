"""Lists, dicts and deques that a function makes, and which of them its variables may stand for.

Also through what they are put into and read out of: `rows[i].append(x)` fills the lists that
`rows` was made of.  It is for guesses, which are tested: nothing that it misses is wrong.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Iterator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, For, Function, Move, Ref, Store, Var

__all__ = ["Filled"]

#: What makes a container, and of which type it is.
_MAKERS = {id(ops.list_): list, id(list): list, id(ops.dict_): dict, id(dict): dict,
           id(deque): deque, id(ops.tuple_): tuple}
_DISPLAYS = (ops.list_, ops.dict_, ops.tuple_)
_STEPS = frozenset(map(id, (ops.growing, ops.appended, ops.grown)))
#: Walking over these gives items of what they are given.
_WALKING = frozenset(map(id, (enumerate, zip, reversed, iter, sorted)))
_PUTTING = frozenset({"append", "appendleft", "insert", "setdefault"})
_GIVING = frozenset({"get", "pop", "popleft", "setdefault"})
_VIEWS = frozenset({"items", "values"})


class Filled:
    """By variable the containers that it may be, each under the name that it was made in."""

    def __init__(self, function: Function) -> None:
        self.type: dict[str, type] = {}
        self.named: dict[str, set[str]] = {}
        self.held: dict[str, set[str]] = {}
        self.changed = True
        while self.changed:
            self.changed = False
            for s in ir.statements(function):
                self.note(s)

    def of(self, a: object) -> set[str]:
        return self.named.get(a.name, set()) if isinstance(a, Var) else set()

    def holder(self, a: object) -> type | None:
        """The type of all containers that a variable may be, where they have one."""
        types = {self.type[n] for n in self.of(a)}
        return types.pop() if len(types) == 1 else None

    def items(self, a: object) -> set[str]:
        """The containers in what a variable may be."""
        return set[str]().union(*[self.held.get(n, ()) for n in self.of(a)])

    def note(self, s: ir.Stmt) -> None:
        match s:
            case Move(targets, sources):
                for t, a in zip(targets, sources, strict=True):
                    self.add(self.named, t, self.of(a))
            case For(target, source):
                for t in _names(target):
                    self.add(self.named, t, self.items(source))
            case Store(operator.setitem, target, _, value, place="item"):
                self.put(target, value)
            case Bind(targets, Ref(fn), args) if args or id(fn) in _MAKERS:
                self.bind(targets, fn, args)

    def bind(self, targets: tuple[str, ...], fn: object, args: tuple) -> None:
        gives: set[str] = set()
        if id(fn) in _MAKERS and len(targets) == 1:
            self.type[targets[0]] = _MAKERS[id(fn)]
            gives = {targets[0]}
            self.add(self.named, targets[0], gives)
            if fn in _DISPLAYS:
                for a in args[1::2] if fn is ops.dict_ else args:
                    self.put(Var(targets[0]), a)
            else:
                self.add(self.held, targets[0], set().union(*map(self.items, args)))
        elif id(fn) in _STEPS or id(fn) in _WALKING:
            gives = set().union(*map(self.of, args[:1] if fn is ops.appended else args))
            if fn is ops.appended:
                self.put(args[0], args[1])
        elif fn is ops.item_of:
            self.add(self.named, targets[0], self.items(args[0]))
            targets, gives = targets[1:], self.of(args[0])
        elif fn is operator.getitem or fn is ops.unpack:
            gives = self.items(args[0])
        elif fn is ops.method and isinstance(args[1], Const):
            name = args[1].value
            if name in _PUTTING:
                self.put(args[0], args[-1])
            gives = self.items(args[0]) if name in _GIVING else \
                self.of(args[0]) if name in _VIEWS else gives
        for t in targets:
            self.add(self.named, t, gives)

    def put(self, target: object, value: object) -> None:
        for n in self.of(target):
            self.add(self.held, n, self.of(value))

    def add(self, table: dict[str, set[str]], name: str, found: set[str]) -> None:
        known = table.setdefault(name, set())
        if not found <= known:
            known |= found
            self.changed = True


def _names(pattern: ir.Pattern) -> Iterator[str]:
    if isinstance(pattern, str):
        yield pattern
    else:
        for p in pattern:
            yield from _names(p)
