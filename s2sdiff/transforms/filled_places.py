"""What functions fill with active values that outlives them: names, attributes, what is lent."""

from __future__ import annotations

import collections
import functools
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Store, Var
from s2sdiff.runtime import drawing, known_points, values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.written_names import fills_itself
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.lent_places import lent
from s2sdiff.transforms.new_memory import MUTATORS
from s2sdiff.transforms.reaching import written_atoms

__all__ = ["WALKED", "Holders", "put_in"]

_ITSELF = Const(known_points.ITSELF)
_LISTS = (list, collections.deque, set, collections.UserList)
#: What a loop runs over in the place of a list.
WALKED = (values.sequence, values.undisturbed, list, tuple, drawing.begin)


class Holders:
    """The holders of what a function reads and fills, each by its owner and its key."""

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
                found.add(self._mark(holder))
            elif owner is None and isinstance(s, Bind) and not self._is_library:
                found |= self._filled_by(s)
        return found | self.written_in_part

    @functools.cached_property
    def _is_library(self) -> bool:
        """Libraries write parts of what they have been given, and compare that."""
        return is_of_library(self.function.origin)

    def _filled_by(self, s: Bind) -> set[Any]:
        """What a call, or an operator in place, puts something active into, among its arguments."""
        if not any(map(self._varies, ir.atoms(s))):
            return set()
        holders = [self._held_in(a) for a in written_atoms(s, self.context)
                   if not of_user(kind_of_atom(a, self.context).type)]
        return {self._mark(holder) for holder in holders if holder is not None}

    def _mark(self, holder: tuple[Any, Any]) -> Any:
        """What is noted of a holder that is filled: a name, or by what a container is lent."""
        return holder[1] if holder[1] != _ITSELF else self._lent(holder[0]) or _ITSELF

    def _is_filled(self, holder: tuple[Any, Any]) -> bool:
        mark = self._mark(holder)
        return mark == _ITSELF or mark in self.filled

    def _lent(self, a: Any) -> tuple[Any, ...] | None:
        return lent(a, self.function, self.definitions.get(getattr(a, "name", "")),
                    kind_of_atom(a, self.context), self._varies)

    @functools.cached_property
    def written_in_part(self) -> set[Any]:
        """Those into parts of which something is written, that may be read by another way."""
        found: set[Any] = set()
        for s in self.stores if not self._is_library else ():
            if s.place == "item" and not (isinstance(s.key, Const) and type(s.key.value) is str):
                holder = self._held_in(s.target)
                if holder is not None:
                    found.add(self._mark(holder))
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

    def _varies(self, a: Any) -> bool:
        return isinstance(a, Var) and a.name in self.context.varies

    def _holder(self, a: Any) -> tuple[Any, Any] | None:
        """Owner and name of an attribute, or no owner and the name of a global."""
        walked = next((args for fn in WALKED if (args := self._given(a, fn))), None)
        if walked is not None:
            return self._holder(walked[0])
        name = self._global(a)
        if name is not None:
            return Const(None), Const(name)
        if self._is_own_container(a):
            return a, _ITSELF
        return self._attribute(a) or ((a, _ITSELF) if self._lent(a) is not None else None)

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

    def _attribute(self, a: Any) -> tuple[Any, Any] | None:
        """Owner and name of the attribute that a variable is."""
        args = self._given(a, getattr)
        return (args[0], args[1]) if args is not None and isinstance(args[1], Const) else None

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
