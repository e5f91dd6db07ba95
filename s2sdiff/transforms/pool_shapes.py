"""What the variables of a function hold of pooled objects: one, a list or a dict of such, a pair.

Each variable has one shape, wherever it is bound, and so have all items of a list and what one
attribute of all objects of a class holds.  Shapes that are bound to each other are made one.  What
nothing is known of is `other`, and must then not hold such an object.
"""

from __future__ import annotations

from typing import Any

from s2sdiff.ir import Const, Var
from s2sdiff.transforms.pool_families import Family, in_order
from s2sdiff.transforms.pool_rules import Shape, is_none

__all__ = ["Forms"]


class Forms:
    """Shapes by variable and by attribute, made one with each other as more is known of them."""

    def __init__(self, fields: dict[type, dict[str, str]], families: dict[type, Family]) -> None:
        self.fields, self.families = fields, families
        self.names: dict[str, Shape] = {}
        self.held: dict[tuple[type, str], Shape] = {}
        #: Of calls whose result nobody takes.
        self.spare: dict[int, Shape] = {}
        self.changed = True

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
        return in_order(holders)[0] if holders else cls

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
