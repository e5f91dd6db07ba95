"""What is known of classes and of tests for them, where objects become variables.

`isinstance(other, Vector)` is known where `other` is such an object, and so is which branch is
taken; a class that is handed on (`cls`, `type(self)`) makes the objects that it would make.  Where
it counts that something is a number, and no object, that is `assumed`, and looked at once kinds are
known.
"""

from __future__ import annotations

import inspect
import operator
import types
from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, Block, Const, Free, If, Move, Ref, Star, Var, replace
from s2sdiff.transforms import members, named_objects
from s2sdiff.transforms.assumptions import Assumptions
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.handed_functions import Functions
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.objects import Seen

__all__ = ["Classes"]


class Classes(Functions):
    """Objects and functions without memory, and what is known of classes."""

    #: Places in code that rest on what is assumed of kinds.
    guards: list[Guard]

    def __init__(self, function: ir.Function, banned: Any) -> None:
        super().__init__(function, banned)
        #: By variable that is bound once: a test that is known, a class, or the items of a tuple.
        self.tests: dict[str, bool] = {}
        self.classes: dict[str, type] = {}
        self.tuples: dict[str, tuple[Any, ...]] = {}
        self.assumptions = Assumptions()

    def settled(self, s: ir.Stmt) -> ir.Stmt | Block:
        """A statement with what is known of classes; a block for what it comes to by that."""
        if isinstance(s, If) and isinstance(s.test, Var) and s.test.name in self.tests:
            return s.then if self.tests[s.test.name] else s.orelse
        if isinstance(s, Move):
            return self.handed(s)
        if not isinstance(s, Bind):
            return s
        if isinstance(s.fn, Var) and s.fn.name in self.classes:
            s = replace(s, fn=Ref(self.classes[s.fn.name]))
        if any(isinstance(a, Star) for a in s.args):
            s = replace(s, args=self.spread(s.args))
        if len(s.targets) != 1 or s.targets[0] not in self.once or s.kwargs:
            return s
        return self.asked(s)

    def handed(self, s: Move) -> ir.Stmt:
        """Classes, and tuples of literals, under another name."""
        for t, a in zip(s.targets, s.sources, strict=True):
            if t not in self.once:
                continue
            if isinstance(a, Ref) and isinstance(a.object, type):
                self.classes[t] = a.object
            elif isinstance(a, Const) and type(a.value) is tuple:
                self.tuples[t] = tuple(map(Const, a.value))
            elif isinstance(a, Const) and type(a.value) is bool:
                self.tests[t] = a.value
            elif isinstance(a, Var):
                for known in (self.tests, self.classes, self.tuples):
                    if a.name in known:
                        known[t] = known[a.name]  # type: ignore[assignment]
        return s

    def spread(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Arguments with the items of tuples that are known in the place of their stars."""
        return tuple([b for a in args for b in (
            self.tuples[a.value.name] if isinstance(a, Star) and isinstance(a.value, Var)
            and a.value.name in self.tuples else self.items_of(a))])

    def items_of(self, a: Any) -> tuple[Any, ...]:
        """What an argument with a star hands on of a named tuple; other arguments as they are."""
        items = named_objects.items_of(a.value, self) if isinstance(a, Star) else None
        return (a,) if items is None else items

    def asked(self, s: Bind) -> ir.Stmt | Block:
        """A test for a class, or the class of an object, where it is known."""
        (name,), first = s.targets, s.args[0] if s.args else None
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        if isinstance(s.fn, Free):
            found = namespace_value(self.function.origin, s.fn.name)
            fn = found if found is isinstance or found is type else None
        if fn is operator.not_ and isinstance(first, Var) and first.name in self.tests:
            self.tests[name] = not self.tests[first.name]
            return (Move(s.targets, (Const(self.tests[name]),), s.loc),)
        if fn is bool and isinstance(first, Var) and first.name in self.tests:
            self.tests[name] = self.tests[first.name]
            return s
        owner = self.object_of(first)
        if owner is not None and isinstance(self.objects[owner], type) and (
                (fn is type and len(s.args) == 1)
                or (fn is getattr and s.args[1:] == (Const("__class__"),))):
            self.classes[name] = self.objects[owner]
            return (Move(s.targets, (Ref(self.classes[name]),), s.loc),)
        if fn is isinstance and len(s.args) == 2:
            return self.tested(s, owner)
        return s

    def tested(self, s: Bind, owner: str | None) -> ir.Stmt | Block:
        """`isinstance(a, classes)`"""
        (name,), (first, second) = s.targets, s.args
        classes = [self.meant(a) for a in (
            self.tuples.get(second.name, (second,)) if isinstance(second, Var) else (second,))]
        if not all(isinstance(c, type) for c in classes):
            return s
        if owner is not None:
            cls = self.objects[owner]
            if not isinstance(cls, type):
                return s
            self.tests[name] = issubclass(cls, tuple(classes))  # type: ignore[arg-type]
        elif len(classes) == 1 and members.is_plain(classes[0]) and isinstance(first, Var):
            sites = self.of_class(classes[0])
            if not sites:
                return s
            self.tests[name] = False
            mark = self.assumptions.mark(self.names("other"), first, sites, classes[0], s.loc)
            return (mark, Move(s.targets, (Const(False),), s.loc))
        else:
            return s
        return (Move(s.targets, (Const(self.tests[name]),), s.loc),)

    def of_class(self, cls: Any) -> set[Any]:
        """Where objects of a class, or of one made of it, are made."""
        return set().union(*(self.sites[n] for n, c in self.objects.items()
                             if isinstance(c, type) and issubclass(c, cls)))

    def meant(self, a: Any) -> Any:
        """The object that an atom surely is."""
        if isinstance(a, Ref):
            return a.object
        if isinstance(a, Var):
            return self.classes.get(a.name)
        if not isinstance(a, Free):
            return None
        found = namespace_value(self.function.origin, a.name)
        if isinstance(found, type):
            self.guards.append(Guard(None, a.name, (), found))
        return found

    def of_class_method(self, s: Bind) -> tuple[Bind, types.FunctionType] | None:
        """`Vector.unit(...)`, with the class or without it, as a call of a function."""
        cls = self.meant(s.args[0])
        if not isinstance(cls, type) or not members.is_plain(cls) or \
                not isinstance(s.args[1], Const):
            return None
        found = inspect.getattr_static(cls, s.args[1].value, None)
        if not isinstance(found, (classmethod, staticmethod)) or \
                not isinstance(found.__func__, types.FunctionType):
            return None
        if registry.find(getattr(cls, s.args[1].value)) is not None:
            return None
        bound = isinstance(found, classmethod)
        self.guards.append(Guard(cls, s.args[1].value, ("__func__",) if bound else (),
                                 found.__func__))
        first = (Ref(cls),) if bound else ()
        return replace(s, fn=Ref(found.__func__), args=(*first, *s.args[2:])), found.__func__

    def not_implemented(self, s: ir.Stmt) -> None:
        """Who gives NotImplemented lets another operator have its turn."""
        if self.objects and any(isinstance(a, Free) and a.name == "NotImplemented"
                                for a in ir.atoms(s)):
            raise Seen(set().union(*self.sites.values()))
