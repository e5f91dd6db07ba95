"""Places where functions keep active values, as caches do: attributes, items, cells, globals."""

from __future__ import annotations

import collections
import functools
import operator
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Store, Var
from s2sdiff.runtime import cells, drawing, known_points, remembered, values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.written_names import (
    Written,
    fills_itself,
    functions_beside,
    written_by,
    written_in,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.new_memory import MUTATORS

__all__ = ["PARTS", "Place", "Places", "put_in"]

#: A place by its owner and its key, and whether it is known to be written here.
Place = tuple[Any, Any, bool]


class Places:
    """What a function reads of such places, and what it writes into them."""

    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context

    @functools.cached_property
    def definitions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for s in ir.statements(self.function):
            for name in ir.defines(s):
                again = name in found and not _reads_the_same(found[name], s)
                found[name] = None if again else s
        return found

    @functools.cached_property
    def stores(self) -> list[Store]:
        """What active values are written into, by single statements."""
        return [s for s in ir.statements(self.function)
                if isinstance(s, Store) and self._varies(s.value)]

    @functools.cached_property
    def filled(self) -> set[Any]:
        """The attributes and global names into whose lists and dicts methods put such."""
        found: set[Any] = set()
        for s in ir.statements(self.function):
            owner, put = put_in(s) if isinstance(s, Bind) else (None, ())
            holder = self._holder(owner) if any(map(self._varies, put)) else None
            if holder is not None:
                found.add(holder[1])
        return found | self.written_in_part

    @functools.cached_property
    def written_in_part(self) -> set[Any]:
        """Those into parts of which something is written, that may be read by another way."""
        found: set[Any] = set()
        for s in self.stores:
            if s.place == "item" and not (isinstance(s.key, Const) and type(s.key.value) is str):
                holder = self._held_in(s.target)
                if holder is not None:
                    found.add(holder[1])
        return found

    def _held_in(self, a: Any) -> tuple[Any, Any] | None:
        """The holder of what something is a part of, or a view, or perhaps a copy."""
        seen: set[str] = set()
        while isinstance(a, Var) and a.name not in seen:
            seen.add(a.name)
            holder = self._holder(a)
            if holder is not None:
                return holder
            made = self.definitions.get(a.name)
            if not isinstance(made, Bind) or not made.args:
                return None
            a = made.args[0]
        return self._holder(a)

    @functools.cached_property
    def beside(self) -> Written:
        """What functions beside this one write: those of its module, and those that it captures."""
        origin = self.function.origin
        if not isinstance(origin, types.FunctionType) or is_of_library(origin):
            return written_in(())
        return written_in(functions_beside(origin))

    @functools.cached_property
    def own_names(self) -> frozenset[str]:
        """The names from outside that this function itself binds anew, or fills."""
        code = getattr(self.function.origin, "__code__", None)
        return written_by(code).names if isinstance(code, types.CodeType) else frozenset()

    @functools.cached_property
    def written_outside(self) -> set[Any]:
        """Names from outside that are bound anew, or into which something is put."""
        return {*self.beside.names, *self.filled, *[
            self._global(s.target) for s in self.stores if s.place == "item"]}

    def place_of(self, a: Any) -> Place | None:
        """`_place`, or a list or dict as a whole that is filled here, or a name from outside."""
        place = self._place(a)
        if place is not None:
            return place
        holder = self._holder(a)
        if holder is None:
            return None
        filled = holder[1] in self.filled or holder[1] == Const(known_points.ITSELF) or (
            holder[0] == Const(None) and holder[1].value in self.written_outside)
        return (*holder, True) if filled else None

    def _varies(self, a: Any) -> bool:
        return isinstance(a, Var) and a.name in self.context.varies

    def _place(self, a: Any) -> Place | None:
        """Where a value was read that may be what a cache knows."""
        made = self.definitions.get(a.name) if isinstance(a, Var) else None
        name = self._global(a)
        if name is not None:
            key: Any = Const(name)
            return (Const(None), key, True) if self._writes("item", key) else None
        if not isinstance(made, Bind) or not isinstance(made.fn, Ref):
            return None
        fn = made.fn.object
        if fn is cells.seen:
            if self._given(made.args[1], cells.seen):
                return self._place(made.args[1])
            name = getattr(made.args[1], "name", None)
            written = name in self.beside.names or name in self.own_names or any(
                s.key == Const("cell_contents") and self._cell(s.target) == name
                for s in self.stores)
            return (made.args[0], Const("cell_contents"), True) if written else None
        item = self.definitions.get(getattr(made.args[0], "name", "")) if fn in PARTS else made
        if isinstance(item, Bind) and (item.calls(drawing.following) or (
                _takes_item(item) and (
                    isinstance(item.args[1], Var) or self._is_own_container(item.args[0])))):
            return self._of_items(item.args[0])
        if fn is operator.getitem and isinstance(made.args[1], Const):
            if getattr(made.args[0], "name", None) in self.context.own_displays:
                return None  # it does not outlive the call
            written = self._writes("item", made.args[1]) or (
                isinstance(made.args[1].value, str) and made.args[1].value in self.beside.keys)
            if written:
                return made.args[0], made.args[1], True
            in_part = self._in_part(made)
            if in_part is not None:
                return in_part
            inside = self.definitions.get(getattr(made.args[0], "name", ""))
            return self._of_items(inside.args[0]) if isinstance(inside, Bind) and _takes_item(
                inside) and self._is_own_container(inside.args[0]) else None
        in_part = self._in_part(made)
        if in_part is not None:
            return in_part
        attribute = self._attribute(a)
        if attribute is None:
            return None
        owner, key = attribute
        if self._writes("attribute", key) or any(
                (self._attribute(s.target) or (None, None))[1] == key for s in self.stores):
            return owner, key, True
        known = kind_of_atom(owner, self.context).type
        if known is None and isinstance(owner, Free):
            known = self.context.free_types.get(owner.name)
        if self._lies_inside(owner):
            return owner, key, True
        if known is None or remembered.is_stored(known, key.value):
            return owner, key, False
        return (owner, key, True) if key.value in self.beside.attributes else None

    def _in_part(self, made: Bind) -> Place | None:
        """The whole that a part is taken of, where others of its parts are written."""
        if not (made.calls(operator.getitem) or any(map(made.calls, PARTS))):
            return None
        holder = self._held_in(made.args[0])
        return (*holder, True) if holder is not None and holder[1] in self.written_in_part else None

    def _lies_inside(self, a: Any) -> bool:
        """Whether an object was taken out of a place that is surely written."""
        while isinstance(a, Var):
            place = self.place_of(a)
            if place is not None and (place[2] or kind_of_atom(place[0], self.context).type):
                return True
            made = self.definitions.get(a.name)
            a = made.source if isinstance(made, ir.For) else made.args[0] \
                if isinstance(made, Bind) and _takes_out(made) else None
        return False

    def _of_items(self, source: Any) -> Place | None:
        """Items of a list or a part of something, into which this function puts active values."""
        holder = self._holder(source)
        filled = holder is not None and (
            holder[1] in self.filled or holder[1] == Const(known_points.ITSELF))
        if holder is not None:
            return (*holder, True) if filled else None
        made = self.definitions.get(getattr(source, "name", ""))
        return self._in_part(made) if isinstance(made, Bind) else None

    def _holder(self, a: Any) -> tuple[Any, Any] | None:
        """Owner and name of an attribute, or no owner and the name of a global."""
        walked = next((args for fn in _WALKED if (args := self._given(a, fn))), None)
        if walked is not None:
            return self._holder(walked[0])
        name = self._global(a)
        if name is not None:
            return Const(None), Const(name)
        return (a, Const(known_points.ITSELF)) if self._is_own_container(a) else self._attribute(a)

    def _is_own_container(self, a: Any) -> bool:
        """A parameter that is a list, or the like, of a class of the user's which fills it."""
        known = kind_of_atom(a, self.context).type
        return isinstance(a, Var) and any(p.name == a.name for p in self.function.params) and \
            of_user(known) and issubclass(known, _LISTS) and fills_itself(known)

    def _global(self, a: Any) -> str | None:
        """The name of a global that a variable, or an atom, is."""
        if isinstance(a, Free):
            return a.name
        made = self.definitions.get(getattr(a, "name", ""))
        return next((b.name for t, b in zip(made.targets, made.sources, strict=True)
                     if isinstance(b, Free) and t == a.name), None) \
            if isinstance(made, Move) else None

    def _writes(self, place: str, key: ir.Atom) -> bool:
        return any(s.place == place and s.key == key for s in self.stores)

    def _attribute(self, a: Any) -> tuple[Any, Any] | None:
        """Owner and name of the attribute that a variable is."""
        args = self._given(a, getattr)
        return (args[0], args[1]) if args is not None and isinstance(args[1], Const) else None

    def _cell(self, a: Any) -> str | None:
        args = self._given(a, cells.own_cell)
        return None if args is None else args[0].value

    def _given(self, a: Any, fn: Any) -> Any:
        """The arguments of the call of a function that makes a variable; None for any other."""
        made = self.definitions.get(getattr(a, "name", ""))
        return made.args if isinstance(made, Bind) and made.calls(fn) else None


def _reads_the_same(one: Any, other: Any) -> bool:
    """A name from outside is read in several places, under one name."""
    return isinstance(one, Move) and isinstance(other, Move) and one.sources == other.sources \
        and one.targets == other.targets and all(isinstance(a, Free) for a in one.sources)


def put_in(s: Bind) -> tuple[Any, tuple[ir.Arg, ...]]:
    """The owner of a method that puts something into a list or the like, and what it puts."""
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is ops.method and getattr(s.args[1], "value", None) in MUTATORS:
        return s.args[0], s.args[2:]
    if isinstance(fn, types.MethodDescriptorType) and fn.__name__ in MUTATORS:
        return s.args[0], s.args[1:]
    return None, ()


_LISTS = (list, collections.deque, set, collections.UserList)


def _takes_item(s: Bind) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    return fn is operator.getitem or (
        isinstance(fn, types.FunctionType) and fn.__name__ == "__getitem__")


def _takes_out(s: Bind) -> bool:
    if s.calls(ops.method):
        return getattr(s.args[1], "value", None) in ("get", "items", "pop", "values")
    return any(s.calls(fn) for fn in (getattr, operator.getitem, *PARTS, *_WALKED))


#: What gives a part of an item, as loops over pairs do.
PARTS = (ops.unpack, ops.item_of)
#: What a loop runs over in the place of a list.
_WALKED = (values.sequence, values.undisturbed, list, tuple, drawing.begin)
