"""Places where functions keep active values, as caches do: attributes, items, cells, globals."""

from __future__ import annotations

import functools
import operator
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Ref, Var
from s2sdiff.runtime import cells, drawing, remembered
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.written_names import Written, functions_beside, written_by, written_in
from s2sdiff.transforms.filled_places import WALKED, Holders
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["PARTS", "Place", "Places"]

#: A place by its owner and its key, and whether it is known to be written here.
Place = tuple[Any, Any, bool]


class Places(Holders):
    """What a function reads of such places, and what it writes into them."""

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
        filled = self._is_filled(holder) or (
            holder[0] == Const(None) and holder[1].value in self.written_outside)
        return (*holder, True) if filled else None

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
        if key in self.filled or self._writes("attribute", key) or any(
                (self._attribute(s.target) or (None, None))[1] == key for s in self.stores):
            return owner, key, True
        known = kind_of_atom(owner, self.context).type
        if known is None and isinstance(owner, Free):
            known = self.context.free_types.get(owner.name)
        if self._lies_inside(owner) or (
                isinstance(owner, Free) and owner.name in self.written_outside):
            return owner, key, True
        if known is None or remembered.is_stored(known, key.value):
            return owner, key, False
        return (owner, key, True) if key.value in self.beside.attributes else None

    def _in_part(self, made: Bind) -> Place | None:
        """The whole that a part is taken of, where others of its parts are written."""
        if not (made.calls(operator.getitem) or any(map(made.calls, PARTS))):
            return None
        holder = self._held_in(made.args[0])
        return (*holder, True) if holder is not None and self._mark(holder) in self.filled else None

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
        if holder is not None:
            return (*holder, True) if self._is_filled(holder) else None
        made = self.definitions.get(getattr(source, "name", ""))
        return self._in_part(made) if isinstance(made, Bind) else None

    def _writes(self, place: str, key: ir.Atom) -> bool:
        return any(s.place == place and s.key == key for s in self.stores)

    def _cell(self, a: Any) -> str | None:
        args = self._given(a, cells.own_cell)
        return None if args is None else args[0].value


def _takes_item(s: Bind) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    return fn is operator.getitem or (
        isinstance(fn, types.FunctionType) and fn.__name__ == "__getitem__")


def _takes_out(s: Bind) -> bool:
    if s.calls(ops.method):
        return getattr(s.args[1], "value", None) in ("get", "items", "pop", "values")
    return any(s.calls(fn) for fn in (getattr, operator.getitem, *PARTS, *WALKED))


#: What gives a part of an item, as loops over pairs do.
PARTS = (ops.unpack, ops.item_of)
