"""What is known of what names from outside mean, under guards, and of what is read of it."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Free, Ref
from s2sdiff.kinds import Kind, kind_of
from s2sdiff.kinds_of_arguments import kind_of_named
from s2sdiff.runtime.carried import class_of
from s2sdiff.transforms import imports, settings
from s2sdiff.transforms.bound_meanwhile import may_be_bound
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.holding import may_hold
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["Named", "is_namespace"]

#: Types of tables of numbers.
_TABLES = (list, tuple, dict)


def is_namespace(value: Any) -> bool:
    return isinstance(value, (types.ModuleType, type))


class Named:
    """The names that a function, or the helper `owner` whose body it is, reads from outside."""

    def __init__(self, origin: Any, context: Context, owner: Any) -> None:
        self.origin, self.context, self.owner = origin, context, owner
        #: Modules, and attributes of them, that variables stand for.
        self.modules: dict[str, tuple[types.ModuleType, str]] = {}
        #: Variables that one statement alone binds.
        self.single: set[str] = set()
        #: What names from outside lead to, by the variable that holds it.
        self.places: dict[str, settings.Place] = {}

    def guard(self, path: str, value: Any) -> None:
        """That a dotted path of names means what it means now."""
        owner, root, attributes = self.way(path)
        self.context.guard(Guard(owner, root, tuple(attributes), value))

    def way(self, path: str) -> tuple[Any, str, list[str]]:
        """The owner, the name and the attributes of a guard on a dotted path of names."""
        root, *attributes = path.split(".")
        owner = self.owner
        if root in self.modules:
            module, first = self.modules[root]
            owner = imports.namespace_of(module)
            root, *attributes = [first, *attributes] if first else attributes
        return owner, root, attributes

    def setting(self, s: Bind) -> None:
        """Note what is known of what is read, where names from outside lead there."""
        step = settings.step_of(s)
        if step is None:
            return
        base: Any = s.args[0]
        if type(base) is Free:
            value = namespace_value(self.origin, base.name)
            if value is MISSING or may_be_bound(self.origin, base.name):
                return
            place = settings.Place(base.name, self.owner, (base.name,), (), value)
        elif type(base) is Ref and base.spelling is not None and is_namespace(base.object):
            if not isinstance(step, str):
                return
            owner, name, steps = self.way(f"{base.spelling}.{step}")
            before = (name, *steps)[:-1]
            place = settings.Place(id(base.object), owner, before, (), base.object)
        elif type(base) is Ref and isinstance(base.object, type):
            place = settings.Place(id(base.object), base.object, (), (), base.object)
        elif type(base) is ir.Var and base.name in self.places:
            place = self.places[base.name]
        else:
            return
        found = settings.then(place, step, self.context)
        if found is not None and s.targets[0] in self.single:
            self.places[s.targets[0]] = found

    def note_kinds(self, s: ir.Stmt) -> None:
        for a in ir.atoms(s):
            if isinstance(a, Free):
                self.data(a.name)

    def type_of(self, name: str) -> None:
        """A Free name whose attribute is read: its class, which may have properties, is known."""
        value = namespace_value(self.origin, name)
        cls = class_of(value)
        if value is MISSING or name in self.context.free_kinds or kind_of(value) != Kind(cls) or \
                issubclass(cls, (type, types.ModuleType)) or may_be_bound(self.origin, name):
            return
        self.context.free_types[name] = cls
        self.context.guard(Guard(self.owner, name, (), None, Kind(cls)))

    def data(self, name: str) -> None:
        """A Free name read as a value: its kind is remembered under a guard on its type."""
        value = namespace_value(self.origin, name)
        kind = kind_of_named(value, name)
        if type(value) in _TABLES and self.context.settings is not None:
            if not may_be_bound(self.origin, name):
                settings.note(settings.Place(name, self.owner, (name,), (), value), self.context)
            return
        known = kind.is_number or kind.inert or kind.type is np.random.Generator
        if value is MISSING or not known or may_hold(value) or \
                may_be_bound(self.origin, name, kind):
            return
        self.context.free_kinds[name] = kind
        which = Guard(self.owner, name, (), None, kind) if kind.value is not value else \
            Guard(self.owner, name, (), value)
        self.context.guard(which)
        if kind.type is types.FunctionType:
            # Another function may have captured something.
            self.context.guard(Guard(self.owner, name, ("__closure__",), None))
            self.context.guard(Guard(self.owner, name, ("__defaults__",), None))
            self.context.guard(Guard(self.owner, name, ("__kwdefaults__",), None))
        elif callable(value) and not isinstance(value, type):
            self.context.guard(Guard(self.owner, name, (), value))
