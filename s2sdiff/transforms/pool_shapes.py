"""What the variables of a function hold of pooled objects: one, a list or a dict of such, a pair.

Each variable has one shape, wherever it is bound, and so have all items of a list and what one
attribute of all objects of a class holds.  Shapes that are bound to each other are made one.  What
nothing is known of is `other`, and must then not hold such an object.
"""

from __future__ import annotations

import builtins
import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Const, Exit, For, Free, Function, If, Move, Ref, Store, Var, While
from s2sdiff.runtime import calls

__all__ = ["Shape", "Shapes", "means", "strange"]


class Shape:
    """What is known of values so far; `same` leads on to the shape that this one was made one with.

    `objects` are the classes of objects that it may be, `each` the shape of a list's items, `under`
    of what a dict has, `parts` those of a tuple.
    """

    __slots__ = ("each", "objects", "other", "parts", "same", "under")

    def __init__(self, other: bool = False) -> None:
        self.same: Shape | None = None
        self.objects: set[type] = set()
        self.other = other
        self.each: Shape | None = None
        self.under: Shape | None = None
        self.parts: list[Shape] | None = None

    def root(self) -> Shape:
        shape = self
        while shape.same is not None:
            shape = shape.same
        return shape

    def inside(self) -> list[Shape]:
        return [s for s in (self.each, self.under, *(self.parts or ())) if s is not None]


class Shapes:
    """The shapes of a function's variables; `made` are those that hold a new object."""

    def __init__(self, function: Function, made: dict[str, type],
                 fields: dict[type, dict[str, str]]) -> None:
        self.function, self.fields, self.made = function, fields, made
        self.names: dict[str, Shape] = {}
        self.held: dict[tuple[type, str], Shape] = {}
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
        while self.changed:
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
        return Shape(other=not _is_none(a))

    def bound(self, shape: Shape, a: Any) -> None:
        """A value of this shape is what an atom has; None may stand for any object."""
        if isinstance(a, Var):
            self.one(shape, self.of(a))
        elif not _is_none(a):
            self.unknown(shape)

    def one(self, a: Shape, b: Shape) -> None:
        """Both are the same."""
        a, b = a.root(), b.root()
        if a is b:
            return
        self.changed = True
        b.same = a
        a.objects |= b.objects
        a.other |= b.other
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

    def mixed(self) -> set[type]:
        """The classes of objects that lie where something else may lie, too."""
        found: set[type] = set()
        for shape in (*self.names.values(), *self.held.values()):
            waiting, seen = [shape.root()], set()
            while waiting:
                s = waiting.pop().root()
                if id(s) in seen:
                    continue
                seen.add(id(s))
                forms = s.other + len(s.objects) + len(s.inside()[:1]) + (
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
            self.pattern(s.target, source.each)
            return [s.source]
        if source.other or source.under is not None:
            for t in ir.pattern_names(s.target):
                self.unknown(self.of(Var(t)))
        return [s.source] if source.under is not None else []

    def pattern(self, target: ir.Pattern, shape: Shape) -> None:
        if isinstance(target, str):
            self.one(self.of(Var(target)), shape)
            return
        shape = shape.root()
        if shape.parts is not None and len(shape.parts) == len(target):
            for t, part in zip(target, shape.parts, strict=True):
                self.pattern(t, part)
        elif shape.other or shape.parts is not None or shape.each is not None:
            for t in ir.pattern_names(target):
                self.unknown(self.of(Var(t)))

    def store(self, s: Store) -> list[Atom]:
        owner, value = self.of(s.target), s.value
        cls = self.object_of(s.target)
        if s.place == "attribute" and cls is not None and isinstance(s.key, Const) and \
                value is not None and s.key.value in self.fields[cls]:
            if s.fn is builtins.setattr:
                self.bound(self.field(cls, s.key.value), value)
                return [s.target, value]
            return [s.target]
        if s.place == "item" and s.fn is operator.setitem and value is not None and \
                (owner.each is not None or owner.under is not None):
            self.bound(self.items(owner) if owner.each is not None else self.below(owner), value)
            return [s.target, value]
        understood = s.place == "item" and (owner.each or owner.under) is not None
        return [s.target] if understood else []

    def bind(self, s: Bind) -> list[Atom] | None:
        """As `statement`; None: nothing is known of what it gives."""
        fn = means(s.fn, self.function)
        if s.kwargs or any(isinstance(a, ir.Star) for a in s.args):
            return None
        args: list[Any] = list(s.args)
        if s.targets and s.targets[0] in self.made:
            return args
        rule = _RULES.get(fn) if isinstance(s.fn, (Ref, Free)) and _hashable(fn) else None
        if rule is not None and len(s.targets) < 2 and args:
            return rule(self, self.of(Var(s.targets[0])) if s.targets else Shape(), args)
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
            self.pattern(s.targets, self.of(args[0]))
            return args[:1]
        if fn is slice and len(s.targets) == 1:
            self.unknown(self.of(Var(s.targets[0])))
            return []
        return None


def means(fn: Atom, function: Function) -> Any:
    """The object that is called, as far as a name says; itself where it does not."""
    if isinstance(fn, Ref):
        return fn.object
    if isinstance(fn, Free) and function.origin is not None and \
            fn.name not in function.origin.__code__.co_freevars:
        globals_ = function.origin.__globals__
        return globals_.get(fn.name, getattr(builtins, fn.name, fn))
    return fn


def _hashable(fn: Any) -> bool:
    return type(fn).__hash__ is not None


def _is_none(a: Any) -> bool:
    return (isinstance(a, Const) and a.value is None) or (
        isinstance(a, Ref) and a.object is calls.UNBOUND)


def _pending(shape: Shape) -> bool:
    """Nothing is known of it yet."""
    return not shape.other and not shape.objects and not shape.inside()


#: What nothing is known of, as an atom.
_OTHER = Const(0)


# ------------------------------------------------------------------------------ known functions


def _item(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    owner, key = shapes.of(args[0]), args[1]
    if owner.each is not None:
        sliced = isinstance(key, Const) and isinstance(key.value, slice)
        if isinstance(key, Var):
            sliced = key.name in _slices(shapes)
        shapes.one(target, owner if sliced else owner.each)
        return args[:1]
    if owner.under is not None:
        shapes.one(target, owner.under)
        return args[:1]
    if owner.parts is not None and isinstance(key, Const) and type(key.value) is int and \
            -len(owner.parts) <= key.value < len(owner.parts):
        shapes.one(target, owner.parts[key.value])
        return args[:1]
    return args[:1] if _pending(owner) else None


def _slices(shapes: Shapes) -> set[str]:
    return {t for s in shapes.statements if isinstance(s, Bind) and s.calls(slice)
            for t in s.targets}


def _method(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    owner, name = shapes.of(args[0]), args[1].value
    given = args[2:]
    if owner.each is not None:
        each = owner.each
        if name == "append" and len(given) == 1:
            shapes.bound(each, given[0])
            return [args[0], given[0]]
        if name == "insert" and len(given) == 2:
            shapes.bound(each, given[1])
            return [args[0], given[1]]
        if name == "extend" and len(given) == 1:
            shapes.bound(owner, given[0])
            return [args[0], given[0]]
        if name == "pop":
            shapes.one(target, each)
            return args[:1]
        if name == "copy":
            shapes.one(target, owner)
            return args[:1]
        return args[:1] if name in ("clear", "reverse") else None
    if owner.under is not None:
        if name == "values":
            shapes.one(shapes.items(target), owner.under)
        elif name == "items":
            shapes.of_parts(shapes.items(target), [_OTHER, owner.under])
        elif name in ("get", "pop", "setdefault") and len(given) < 3:
            shapes.one(target, owner.under)
            for a in given[1:]:
                shapes.bound(owner.under, a)
            return [args[0], *given[1:]]
        elif name == "keys":
            shapes.unknown(target)
        else:
            return None
        return args[:1]
    return args[:1] if _pending(owner) or owner.objects else None


def _attribute(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    owner, cls = shapes.of(args[0]), shapes.object_of(args[0])
    if cls is not None and isinstance(args[1], Const):
        if args[1].value in shapes.fields[cls]:
            shapes.one(target, shapes.field(cls, args[1].value))
        return args[:1]
    return args[:1] if _pending(owner) else None


def _zipped(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    given = [shapes.of(a) for a in args]
    if all(g.each is not None or _pending(g) for g in given) and not all(
            g.each is not None for g in given):
        return args
    shapes.of_parts(shapes.items(target), [_OTHER if g.each is None else g.each for g in given])
    return [a for a, g in zip(args, given, strict=True) if g.each is not None]


def _numbered(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    given = shapes.of(args[0])
    if given.each is None:
        return args[:1] if _pending(given) else None
    shapes.of_parts(shapes.items(target), [_OTHER, given.each])
    return args[:1]


def _same_items(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    given = shapes.of(args[0])
    if given.each is None:
        return args[:1] if _pending(given) else None
    shapes.one(shapes.items(target), given.each)
    return args[:1]


def _pairs(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    given, size = shapes.of(args[0]), args[1] if len(args) > 1 else None
    if given.each is None or not isinstance(size, Const) or type(size.value) is not int:
        return args[:1] if _pending(given) else None
    shapes.of_parts(shapes.items(target), [given.each] * size.value)
    return args[:1]


def _tuple(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    shapes.of_parts(target, args)
    return args


def _length(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    shapes.unknown(target)
    given = shapes.of(args[0])
    return args[:1] if given.inside() and not given.objects else None


def _compared(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """`a is b`, of objects of one class, or of one and None."""
    shapes.unknown(target)
    found = {shapes.object_of(a) for a in args if not _is_none(a)}
    return args if len(found) == 1 else []


def _equal(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """`a == b` and `a in b`, of objects that are equal to nothing but themselves."""
    shapes.unknown(target)
    given = [shapes.of(a) for a in args]
    classes = set().union(*map(shapes.classes, given))
    one = [g for g in given if g.objects or g.each is not None]
    alike = len(classes) == 1 and len(one) == len(given) == 2
    return args if alike and all(c.__eq__ is object.__eq__ for c in classes) else []


def _asked(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """Whether a name is bound."""
    return args


def _added(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    given = [shapes.of(a) for a in args]
    if all(g.each is not None for g in given):
        for g in given:
            shapes.one(target, g)
        return args
    return args if any(map(_pending, given)) and not any(g.other for g in given) else None


_RULES: dict[Any, Callable[[Shapes, Shape, list[Any]], list[Any] | None]] = {
    operator.getitem: _item, ops.method: _method, getattr: _attribute, zip: _zipped,
    enumerate: _numbered, reversed: _same_items, list: _same_items, ops.tuple_: _tuple,
    itertools.combinations: _pairs, itertools.permutations: _pairs, len: _length,
    operator.is_: _compared, operator.is_not: _compared,
    operator.eq: _equal, operator.ne: _equal, ops.contains: _equal, ops.not_contains: _equal,
    operator.add: _added,
    operator.iadd: _added, calls.bound: _asked,
}


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
