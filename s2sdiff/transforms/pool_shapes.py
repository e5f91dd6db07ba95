"""What the variables of a function hold of pooled objects: one, a list or a dict of such, a pair.

Each variable has one shape, wherever it is bound, and so have all items of a list and what one
attribute of all objects of a class holds.  Shapes that are bound to each other are made one.  What
nothing is known of is `other`, and must then not hold such an object.
"""

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
from s2sdiff.transforms.pool_rules import RULES, Shape, is_none, means

__all__ = ["Shapes", "strange"]


#: What statements say of shapes is known after so many rounds, or never.
_ROUNDS = 64


class Shapes:
    """The shapes of a function's variables; `made` are those that hold a new object."""

    def __init__(self, function: Function, made: dict[str, type],
                 fields: dict[type, dict[str, str]], families: dict[type, Family]) -> None:
        self.function, self.fields, self.made = function, fields, made
        self.families = families
        self.names: dict[str, Shape] = {}
        self.held: dict[tuple[type, str], Shape] = {}
        #: Of calls whose result nobody takes.
        self.spare: dict[int, Shape] = {}
        self.changed = True
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

    # ------------------------------------------------------------------------------- shapes

    def of(self, a: Any) -> Shape:
        if isinstance(a, Var):
            found = self.names.get(a.name)
            if found is None:
                found = self.names[a.name] = Shape()
            return found.root()
        return Shape(other=not is_none(a))

    def bound(self, shape: Shape, a: Any) -> None:
        """A value of this shape is what an atom has; None may stand for any object."""
        if isinstance(a, Var):
            self.one(shape, self.of(a))
        elif not is_none(a):
            self.unknown(shape)
        elif a == Const(None):
            self.lacking(shape)

    def one(self, a: Shape, b: Shape) -> None:
        """Both are the same."""
        a, b = a.root(), b.root()
        if a is b:
            return
        self.changed = True
        b.same = a
        a.objects |= b.objects
        a.other |= b.other
        a.none |= b.none
        for name in ("each", "under"):
            mine, theirs = getattr(a, name), getattr(b, name)
            if mine is None:
                setattr(a, name, theirs)
            elif theirs is not None:
                self.one(mine, theirs)
        if a.parts is None:
            a.parts = b.parts
        elif b.parts is not None:
            a.other |= len(a.parts) != len(b.parts)
            for p, q in zip(a.parts, b.parts, strict=False):
                self.one(p, q)

    def unknown(self, shape: Shape) -> None:
        shape = shape.root()
        if not shape.other:
            shape.other = self.changed = True

    def lacking(self, shape: Shape) -> None:
        """None may stand in its place."""
        shape = shape.root()
        if not shape.none:
            shape.none = self.changed = True

    def items(self, shape: Shape) -> Shape:
        shape = shape.root()
        if shape.each is None:
            shape.each, self.changed = Shape(), True
        return shape.each.root()

    def below(self, shape: Shape) -> Shape:
        shape = shape.root()
        if shape.under is None:
            shape.under, self.changed = Shape(), True
        return shape.under.root()

    def of_parts(self, shape: Shape, parts: list[Any]) -> None:
        """It is a tuple of what these shapes and atoms are."""
        shape = shape.root()
        if shape.parts is None:
            shape.parts, self.changed = [Shape() for _ in parts], True
        if len(shape.parts) != len(parts):
            self.unknown(shape)
            return
        for mine, part in zip(shape.parts, parts, strict=True):
            if isinstance(part, Shape):
                self.one(mine, part)
            else:
                self.bound(mine, part)

    def field(self, cls: type, name: str) -> Shape:
        cls = self.first_of(cls, name)
        found = self.held.get((cls, name))
        if found is None:
            found = self.held[cls, name] = Shape()
        return found.root()

    def classes(self, shape: Shape, seen: set[int] | None = None) -> set[type]:
        """The classes of the objects that lie in such values."""
        shape, seen = shape.root(), set() if seen is None else seen
        if id(shape) in seen:
            return set()
        seen.add(id(shape))
        return shape.objects.union(*[self.classes(s, seen) for s in shape.inside()])

    def object_of(self, a: Any) -> type | None:
        """The class of the object that an atom surely is (or None)."""
        found = self.of(a).objects if isinstance(a, Var) else set()
        return next(iter(found)) if len(found) == 1 else None

    def family_of(self, a: Any) -> Family | None:
        """The classes that lie together, of one of which the object that an atom is surely is."""
        found = self.of(a).objects if isinstance(a, Var) else set()
        families = {self.families.get(c) for c in found}
        return families.pop() if len(families) == 1 else None

    def holder_of(self, a: Any, name: Any) -> type | None:
        """A class whose lists hold an attribute of the object that an atom is."""
        cls, family = self.object_of(a), self.family_of(a)
        if cls is None and family is not None and self.of(a).objects <= family.holders(name):
            cls = next(iter(self.of(a).objects))
        return cls

    def first_of(self, cls: type, name: str) -> type:
        """The class that speaks for all that hold an attribute in the same list."""
        family = self.families.get(cls)
        holders = family.holders(name) if family is not None else ()
        return min(holders, key=lambda c: (c.__module__, c.__qualname__)) if holders else cls

    def together(self) -> set[type]:
        """Classes whose objects lie in one place, though they are no family."""
        for shape in (*self.names.values(), *self.held.values()):
            found = shape.root().objects
            if len(found) > 1 and len({id(self.families.get(c, c)) for c in found}) > 1:
                return found
        return set()

    def mixed(self) -> set[type]:
        """The classes of objects that lie where something else may lie, too."""
        found: set[type] = set(self.fields) if self.changed else set()
        for shape in (*self.names.values(), *self.held.values()):
            waiting, seen = [shape.root()], set()
            while waiting:
                s = waiting.pop().root()
                if id(s) in seen:
                    continue
                seen.add(id(s))
                kinds = {id(self.families.get(c, c)) for c in s.objects}
                # None has no class by which a method could be chosen.
                forms = s.other + len(kinds) + len(s.inside()[:1]) + (
                    s.none and len(s.objects) > 1) + (
                    sum(f is not None for f in (s.each, s.under, s.parts)) > 1)
                if forms > 1:
                    found |= self.classes(s)
                waiting += s.inside()
        return found

    # --------------------------------------------------------------------------- statements

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
