"""The settings (`settings`) that a function's own statements may write, of which nothing is known.

A number that is written over with one of the same type, as where a setting is put back, stays one.
"""

from __future__ import annotations

import inspect
import operator
import types
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Move, Opaque, Ref, Store, With
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import values
from s2sdiff.runtime.carried import class_of
from s2sdiff.transforms import effects, implicit
from s2sdiff.transforms.context import Context, Item, Step
from s2sdiff.transforms.early_kinds import kind_outside
from s2sdiff.transforms.implicit import of_user, writes
from s2sdiff.transforms.meant import namespace_value

__all__ = ["written"]


class _Everything(Exception):
    """Raised inside: any setting may be written."""


def written(function: ir.Function, context: Context, kind: Any) -> set[Any]:
    """The settings that statements of the function may write."""
    found = _Found(function, context, kind)
    try:
        for s in ir.statements(function):
            found.statement(s)
    except _Everything:
        return set(context.settings)
    return {key for key in context.settings if found.changes(*key)}


class _Found:
    """What statements write: attributes by name, what lies under keys, and into what classes."""

    def __init__(self, function: ir.Function, context: Context, kind: Any) -> None:
        self.function, self.context, self.kind = function, context, kind
        self.names: dict[str, list[Kind]] = {}
        self.items: dict[Any, list[Kind]] = {}
        self.into: set[Any] = set()
        self.reshaped = False
        self.made = _bound_by(function, lambda s: isinstance(s, Bind) and (
            s.calls(ops.dict_) or s.calls(dict)))
        moved = _bound_by(function, lambda s: isinstance(s, Move))
        #: What is a copy of a name from outside is asked for as that.
        self.copies: dict[str, ir.Atom] = {
            t: a for s in ir.statements(function) if isinstance(s, Move)
            for t, a in zip(s.targets, s.sources, strict=True) if isinstance(a, Free)
            and t in moved}

    # ----------------------------------------------------------------------------- statements

    def outside(self, a: Any) -> Kind:
        return kind_outside(a, self.function.origin, self.kind)

    def statement(self, s: ir.Stmt) -> None:
        s = ir.substitute(s, self.copies)
        if implicit.unseen(s, self.outside, effects.summary) or _texts_write(s, self.function):
            raise _Everything
        if s.loc.backward:
            return
        if isinstance(s, Store):
            self.store(s)
        elif isinstance(s, ir.Raw):
            if s.memory:
                raise _Everything
        elif isinstance(s, (Bind, With)):
            if isinstance(s, Bind) and any(map(s.calls, ops.RESHAPING)):
                raise _Everything
            given = {} if isinstance(s, With) else {**dict(enumerate(s.args)), **dict(s.kwargs)}
            for w in effects.written_by(s, self.function.origin, self.kind, self.context):
                known = self.kind(given[w]) if w in given else ANY
                if not known.is_array and (
                        known.type not in _CONTAINERS or self.holds_names(given[w])):
                    raise _Everything
                if not known.is_array:
                    self.into.add(known.type)
                elif isinstance(s, Bind) and (
                        not isinstance(s.fn, Ref) or values.has_source(s.fn.object)):
                    self.reshaped = True  # code may set an array's shape

    def store(self, s: Store) -> None:
        # What a class does when it is written may be to write another attribute.
        if s.place not in ("attribute", "item") or implicit.store_writes(
                s, self.outside, effects.summary):
            raise _Everything
        if s.key in _OF_ARRAYS:
            raise _Everything
        owner, named = self.class_of(s.target), s.place == "attribute"
        if not named and self.kind(s.target).is_array:
            return
        # The names of a module or of an object: `vars(settings)["scale"] = 2.0`.
        may_name = named or (_may_be_name(s.key, self.kind) and self.holds_names(s.target))
        if may_name and not isinstance(s.key, Const):
            raise _Everything
        plain = s.value is not None and s.fn in _PLAIN and owner is not None
        kind = self.kind(s.value) if plain else ANY
        key: Any = s.key.value if isinstance(s.key, Const) else None
        if may_name:
            self.names.setdefault(key, []).append(kind)
        if named:
            return
        if owner in (dict, list) and kind.is_scalar and type(key) in (int, str):
            # An index may count from the end.
            self.items.setdefault((owner, key if owner is dict else int), []).append(kind)
        else:
            self.into.add(self.kind(s.target).type)

    def class_of(self, a: Any) -> Any:
        """The class of what is written into; None where it is not known, and may have methods."""
        known = self.context.free_types.get(a.name) if isinstance(a, Free) else None
        return self.outside(a).type if known is None else known

    def holds_names(self, a: Any) -> bool:
        """Whether it may be a dict in which the names of a module or an object are."""
        return getattr(a, "name", None) not in self.made and \
            self.kind(a).type in (dict, None, types.ModuleType)

    # -------------------------------------------------------------------------------- answers

    def changes(self, root: Any, steps: tuple[Step, ...]) -> bool:
        """Whether what lies there, or on the way there, may be of another kind later."""
        known = self.context.settings
        if root in self.names and (steps or _other(self.names[root], known[root, ()])):
            return True  # a name of the function's own module
        return self.holding(known[root, steps]) or any(
            self.step(known.get((root, steps[:i]), ANY).type, steps[i],
                      known.get((root, steps[:i + 1]), ANY)) for i in range(len(steps)))

    def step(self, holder: Any, step: Step, kind: Kind) -> bool:
        if not isinstance(step, Item):
            return _other(self.names.get(step, []), kind)
        if self.into and (None in self.into or holder is None or holder in self.into):
            return True
        return any(_other(self.items.get((t, step.key if t is dict else int), []), kind)
                   for t in (dict, list) if holder in (t, None))

    def holding(self, kind: Kind) -> bool:
        """Whether what a container has in it may be another."""
        if self.reshaped and not kind.is_fixed:
            return True
        if kind.type not in _CONTAINERS:
            return False
        if not self.into.isdisjoint({kind.type, None}):
            return True
        items = kind.items or ()
        for (t, key), kinds in self.items.items():
            if t is not kind.type:
                continue
            at = items if t is list else items[kind.value.index(key):][:1] \
                if items and key in kind.value else ()
            if not at or any(_other(kinds, k) for k in at):
                return True
        return False


def _other(kinds: list[Kind], kind: Kind) -> bool:
    """Whether one of those is of another kind than a number's."""
    return any(not (k.is_scalar and k == kind) for k in kinds)


_CONTAINERS = (list, dict, set)
#: By these an array is another one.
_OF_ARRAYS = tuple(map(Const, ("shape", "dtype", "strides")))
#: What puts a value there as it is.
_PLAIN = (setattr, operator.setitem)


def _may_be_name(key: Any, kind: Any) -> bool:
    return type(key.value) is str if isinstance(key, Const) else kind(key).type in (str, None)


def _bound_by(function: ir.Function, sort: Callable[[ir.Stmt], bool]) -> set[str]:
    """Variables that one statement alone binds, which is of a sort."""
    counts: dict[str, int] = {}
    found: set[str] = set()
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
            if sort(s):
                found.add(name)
    return {name for name in found if counts[name] == 1}


def _texts_write(s: ir.Stmt, function: ir.Function) -> bool:
    """Whether showing something from outside in a text writes: its name is no argument there."""
    text = getattr(getattr(s, "fn", None), "object", None)
    if not isinstance(text, Opaque):
        return False
    names = [n.id for n in gast.walk(text.node) if isinstance(n, gast.Name)]
    return any(_shown_writes(class_of(namespace_value(function.origin, n)), m)
               for n in names if n in function.free for m in _SHOWING)


_SHOWING = ("__format__", "__str__", "__repr__")


def _shown_writes(cls: type, name: str) -> bool:
    return of_user(cls) and writes(cls, inspect.getattr_static(cls, name, None), effects.summary)
