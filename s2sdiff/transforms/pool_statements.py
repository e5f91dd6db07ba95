"""What a function's statements say of the shapes of its variables (`pool_shapes`)."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Iterator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Atom,
    Bind,
    Const,
    Exit,
    For,
    Free,
    Function,
    If,
    Move,
    Ref,
    Store,
    Var,
    While,
)
from s2sdiff.transforms.pool_families import Family
from s2sdiff.transforms.pool_rules import RULES, Shape, means, of_module
from s2sdiff.transforms.pool_shapes import Forms

__all__ = ["Shapes", "strange"]


#: What statements say of shapes is known after so many rounds, or never.
_ROUNDS = 64


class Shapes(Forms):
    """The shapes of a function's variables; `made` are those that hold a new object."""

    def __init__(self, function: Function, made: dict[str, type],
                 fields: dict[type, dict[str, str]], families: dict[type, Family]) -> None:
        super().__init__(fields, families)
        self.function, self.made = function, made
        for name, cls in made.items():
            self.of(Var(name)).objects.add(cls)
        for cls, lists in fields.items():
            for field, name in lists.items():
                self.names[name] = Shape()
                self.names[name].each = self.field(cls, field)
        for p in function.params:
            self.of(Var(p.name)).other = True
        self.statements = list(ir.walk(function.body))
        for _ in range(_ROUNDS):
            if not self.changed:
                break
            self.changed = False
            for s in self.statements:
                self.statement(s)

    def statement(self, s: ir.Stmt) -> list[Atom]:
        """Learn from a statement; what it reads in a way that is understood."""
        if isinstance(s, Move):
            for t, a in zip(s.targets, s.sources, strict=True):
                self.bound(self.of(Var(t)), a)
            return list(s.sources)
        if isinstance(s, For):
            return self.loop(s)
        if isinstance(s, Store):
            return self.store(s)
        if isinstance(s, Bind):
            found = self.bind(s)
            if found is None:
                for t in s.targets:
                    self.unknown(self.of(Var(t)))
            return found or []
        if isinstance(s, (If, While)):
            shape = self.of(s.test)
            return [s.test] if shape.each is not None or shape.under is not None else []
        if not isinstance(s, Exit):
            for t in ir.defines(s):
                self.unknown(self.of(Var(t)))
        return []

    def loop(self, s: For) -> list[Atom]:
        source = self.of(s.source)
        if source.each is not None:
            return [s.source] if self.pattern(s.target, source.each) else []
        if source.other or source.under is not None:
            for t in ir.pattern_names(s.target):
                self.unknown(self.of(Var(t)))
        return [s.source] if source.under is not None else []

    def pattern(self, target: ir.Pattern, shape: Shape) -> bool:
        """Names get what lies in a value of this shape; whether it is known what that is."""
        if isinstance(target, str):
            self.one(self.of(Var(target)), shape)
            return True
        shape = shape.root()
        if shape.each is not None:
            return False not in [self.pattern(t, shape.each) for t in target]
        if shape.parts is not None and len(shape.parts) == len(target):
            return False not in list(map(self.pattern, target, shape.parts))
        if shape.other or shape.parts is not None:
            for t in ir.pattern_names(target):
                self.unknown(self.of(Var(t)))
        return not self.classes(shape)

    def store(self, s: Store) -> list[Atom]:
        owner, value = self.of(s.target), s.value
        cls = self.holder_of(s.target, getattr(s.key, "value", None))
        if s.place == "attribute" and cls is not None and isinstance(s.key, Const) and \
                value is not None and s.key.value in self.fields[cls]:
            held = self.field(cls, s.key.value)
            if s.fn is builtins.setattr:
                self.bound(held, value)
                return [s.target, value]
            return [] if self.classes(held) else [s.target]
        if s.place == "item" and s.fn is operator.setitem and value is not None and \
                (owner.each is not None or owner.under is not None):
            self.bound(self.items(owner) if owner.each is not None else self.below(owner), value)
            return [s.target, value]
        # What is changed in place may be an object, whose class says what comes of it.
        held = owner.each or owner.under
        understood = s.place == "item" and held is not None and (
            value is None or not self.classes(held))
        return [s.target] if understood else []

    def bind(self, s: Bind) -> list[Atom] | None:
        """As `statement`; None: nothing is known of what it gives."""
        fn = means(s.fn, self.function)
        options = s.kwargs and not (fn in (zip, enumerate) and all(
            isinstance(a, Const) for _, a in s.kwargs))
        if options or any(isinstance(a, ir.Star) for a in s.args):
            return None
        args: list[Any] = list(s.args)
        if fn is ops.method:
            fn, args = of_module(fn, args, self.function)
        if s.targets and s.targets[0] in self.made:
            return args
        rule = RULES.get(fn) if isinstance(s.fn, (Ref, Free)) and _hashable(fn) else None
        if rule is not None and len(s.targets) < 2 and args:
            target = self.of(Var(s.targets[0])) if s.targets else self.spare.setdefault(
                id(s), Shape()).root()
            return rule(self, target, args)
        if fn is ops.list_ and len(s.targets) == 1:
            each = self.items(self.of(Var(s.targets[0])))
            for a in args:
                self.bound(each, a)
            return args
        if fn is ops.dict_ and len(s.targets) == 1:
            under = self.below(self.of(Var(s.targets[0])))
            for a in args[1::2]:
                self.bound(under, a)
            return args[1::2]
        if fn is ops.unpack and args[2] == Const(None):
            return args[:1] if self.pattern(s.targets, self.of(args[0])) else []
        if fn is slice and len(s.targets) == 1:
            self.unknown(self.of(Var(s.targets[0])))
            return []
        return None


def _hashable(fn: Any) -> bool:
    return type(fn).__hash__ is not None


def strange(shapes: Shapes) -> Iterator[tuple[ir.Stmt, str]]:
    """What reads a variable that holds objects in a way that is not understood."""
    for s in shapes.statements:
        understood = shapes.statement(s)
        rest = list(ir.atoms(s))
        for a in understood:
            if a in rest:
                rest.remove(a)
        for a in rest:
            if isinstance(a, Var) and shapes.classes(shapes.of(a)):
                yield s, a.name
