"""What known functions give of pooled objects, and of lists of such.

Each rule learns what the result is, and gives the arguments that it understands; None: nothing is
known of the result.
"""

from __future__ import annotations

import builtins
import itertools
import operator
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from s2sdiff import ops
from s2sdiff.ir import Atom, Bind, Const, Free, Function, Ref, Var
from s2sdiff.runtime import planted
from s2sdiff.transforms.kinds_of_items import CHOOSING

if TYPE_CHECKING:
    from s2sdiff.transforms.pool_statements import Shapes

__all__ = ["RULES", "Shape", "is_none", "means", "of_module"]


def is_none(a: Any) -> bool:
    return (isinstance(a, Const) and a.value is None) or (
        isinstance(a, Ref) and a.object is planted.UNBOUND)


def means(fn: Atom, function: Function) -> Any:
    """The object that is called, as far as a name says; itself where it does not."""
    if isinstance(fn, Ref):
        return fn.object
    if isinstance(fn, Free) and function.origin is not None and \
            fn.name not in function.origin.__code__.co_freevars:
        globals_ = function.origin.__globals__
        return globals_.get(fn.name, getattr(builtins, fn.name, fn))
    return fn


def of_module(fn: Any, args: list[Any], function: Function) -> tuple[Any, list[Any]]:
    """What a method is called of, and with, where the owner is a module."""
    owner = means(args[0], function)
    if isinstance(owner, types.ModuleType) and isinstance(args[1], Const):
        return getattr(owner, args[1].value, fn), args[2:]
    return fn, args


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
            if name == "get" and len(given) < 2:
                shapes.lacking(target)
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
    owner = shapes.of(args[0])
    cls = shapes.holder_of(args[0], getattr(args[1], "value", None))
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
    found = {shapes.family_of(a) or shapes.object_of(a) for a in args if not is_none(a)}
    return args if len(found) == 1 else []


def _equal(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """`a == b`, of objects that are equal to nothing but themselves."""
    shapes.unknown(target)
    given = [shapes.of(a) for a in args]
    classes = set().union(*map(shapes.classes, given))
    one = [g for g in given if g.objects or g.each is not None]
    families = {shapes.families.get(c, c) for c in classes}
    alike = len(families) == 1 and len(one) == len(given) == 2
    return args if alike and all(c.__eq__ is object.__eq__ for c in classes) else []


def _within(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """`a in b`, of a list; an object says itself what is in it."""
    found = _equal(shapes, target, args)
    return found if shapes.of(args[1]).each is not None else []


def _asked(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    """Whether a name is bound."""
    return args


def _class(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    shapes.unknown(target)
    return args


def _narrowed(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any]:
    for a in args[1:]:
        if a.object not in target.objects:
            target.objects.add(a.object)
            shapes.changed = True
    return args


def _added(shapes: Shapes, target: Shape, args: list[Any]) -> list[Any] | None:
    given = [shapes.of(a) for a in args]
    if all(g.each is not None for g in given):
        for g in given:
            shapes.one(target, g)
        return args
    return args if any(map(_pending, given)) and not any(g.other for g in given) else None


RULES: dict[Any, Callable[[Shapes, Shape, list[Any]], list[Any] | None]] = {
    operator.getitem: _item, ops.method: _method, getattr: _attribute, zip: _zipped,
    enumerate: _numbered, reversed: _same_items, list: _same_items, ops.tuple_: _tuple,
    **dict.fromkeys(CHOOSING, _pairs), itertools.product: _zipped, len: _length,
    operator.is_: _compared, operator.is_not: _compared,
    operator.eq: _equal, operator.ne: _equal, ops.contains: _within, ops.not_contains: _within,
    operator.add: _added,
    operator.iadd: _added, planted.bound: _asked,
    ops.class_name: _class, ops.narrowed: _narrowed,
}


class Shape:
    """What is known of values so far; `same` leads on to the shape that this one was made one with.

    `objects` are the classes of objects that it may be, `each` the shape of a list's items, `under`
    of what a dict has, `parts` those of a tuple; `none` says that None may stand for an object.
    """

    __slots__ = ("each", "none", "objects", "other", "parts", "same", "under")

    def __init__(self, other: bool = False) -> None:
        self.same: Shape | None = None
        self.objects: set[type] = set()
        self.other, self.none = other, False
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
