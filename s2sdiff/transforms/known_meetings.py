"""What leads to tests in a function: places that outlive its calls, and what it is given."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, For, Free, Function, Ref, Store, Var
from s2sdiff.runtime.outside import is_of_user
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.filled_places import put_in
from s2sdiff.transforms.kept_places import PARTS, Place, Places
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.varying import Ways, closed

__all__ = ["Met", "Meetings"]


class Met(NamedTuple):
    """What leads to a test: places with what is read of them, and all variables on the way."""

    places: dict[Place, Any]
    names: set[str]

class Meetings(Places):
    """What a function keeps, what it is given, and where both go."""

    def __init__(self, function: Function, context: Context, telling: set[Any]) -> None:
        super().__init__(function, context)
        self.telling = telling
        #: Variables that a test has given.
        self.ends: set[str] = set()
        self._others: dict[frozenset[str], set[str]] = {}

    # ----------------------------------------------------------------------- what is kept

    @functools.cached_property
    def kept(self) -> dict[str, Place]:
        """The variables that are read of such places."""
        names = [*(p.name for p in self.function.params),
                 *(t for s in ir.statements(self.function) for t in ir.defines(s))]
        found = {t: self.place_of(Var(t)) for t in names}
        return {t: place for t, place in found.items() if place is not None}

    @functools.cached_property
    def outer(self) -> set[str]:
        """Names from outside that are read where they stand, and written."""
        return {a.name for s in ir.statements(self.function) for a in ir.atoms(s)
                if isinstance(a, Free) and self.place_of(a) is not None}

    @functools.cached_property
    def computed(self) -> set[str]:
        """What is computed of what is kept."""
        return self._computed_of(self.kept)

    @functools.cached_property
    def surely_computed(self) -> set[str]:
        """What is computed of what is known to be written: of others, only the run tells."""
        return self._computed_of({n for n, place in self.kept.items() if place[2]})

    def _computed_of(self, kept: Iterable[str]) -> set[str]:
        outer = {t for s in ir.statements(self.function) for a in ir.atoms(s)
                 if isinstance(a, Free) and a.name in self.outer for t in ir.defines(s)}
        return closed({*kept, *outer}, self._ways)

    # ----------------------------------------------------------------------- what meets it

    @functools.cached_property
    def makers(self) -> dict[str, list[ir.Stmt]]:
        found: dict[str, list[ir.Stmt]] = {}
        for s in ir.statements(self.function):
            for name in ir.defines(s):
                found.setdefault(name, []).append(s)
            owner = self._filled(s)
            if owner in self.context.own_displays:
                # What is put into a container that is made here comes out of it.
                found.setdefault(owner, []).append(s)
        return found

    def _filled(self, s: ir.Stmt) -> Any:
        """The name of a container into which a statement puts an item."""
        if isinstance(s, Store):
            return getattr(s.target, "name", None) if s.place == "item" else None
        owner, put = put_in(s) if isinstance(s, Bind) else (None, ())
        return getattr(owner, "name", None) if put else None

    def behind(self, atoms: Iterable[Any]) -> Met:
        """What leads to atoms, up to what is kept, and to other tests."""
        met = Met({}, set())
        waiting = list(atoms)
        while waiting:
            a = waiting.pop()
            if isinstance(a, Free) and a.name in self.outer:
                place = self.place_of(a)
                assert place is not None
                met.places[place] = a
            if not isinstance(a, Var) or a.name in met.names:
                continue
            met.names.add(a.name)
            if a.name in self.kept:
                met.places[self.kept[a.name]] = a
            elif a.name not in self.ends:
                waiting += [b for s in self.makers.get(a.name, ()) if not self._tells_kind(s)
                            for b in ir.atoms(s)]
        return met

    def _tells_kind(self, s: ir.Stmt) -> bool:
        """What tells no number: a shape, a length, a class."""
        if not isinstance(s, Bind) or not isinstance(s.fn, Ref):
            return False
        if s.calls(getattr):
            return s.args[1] in _OF_ARRAYS and kind_of_atom(s.args[0], self.context).is_array
        return any(map(s.calls, _KINDS))

    def active_of(self, names: set[str],
                  places: Iterable[Place] = ()) -> tuple[list[str], list[str]]:
        """The active variables among these: whole ones, and parts of others.

        With places, also those that come of what other arguments hold than have these.
        """
        given = self.of_arguments - self.computed
        # Libraries compare what several objects hold, and cache by keys.
        for place in () if self._is_library else places:
            given |= {n for n in self._of_others(self._roots(place))
                      if not self._is_alike(n, place)}
        active = sorted(n for n in names & given
                        if (n in self.context.varies and not self._tells_dtype(n))
                        or n in self.telling or (self.keeps_active and self.is_key(n)))
        parts = {n for n in active if any(map(_takes_part, self.makers.get(n, ())))}
        return [n for n in active if n not in parts], [n for n in active if n in parts]

    def _tells_dtype(self, name: str) -> bool:
        """Libraries know kinds by their hashes."""
        return self._is_library and any(
            isinstance(s, Bind) and s.calls(hash) for s in self.makers.get(name, ()))

    @functools.cached_property
    def keeps_active(self) -> bool:
        """Whether something that comes of the arguments, with a derivative, is kept here."""
        return any(isinstance(s.value, Var) and s.value.name in self.of_arguments
                   for s in self.stores)

    def is_key(self, name: str) -> bool:
        """What is kept as it is, or what a helper gives, may be a text or ints that tell numbers.
        """
        made = self.makers.get(name, ())
        return any(isinstance(s, Bind) and (s.calls(ops.method) or is_of_user(getattr(
            s.fn, "object", None))) for s in made) or (bool(made) and any(
                isinstance(s, Store) and s.value == Var(name)
                for s in ir.statements(self.function)))

    @functools.cached_property
    def of_arguments(self) -> set[str]:
        """What is computed of those arguments that are no owners of what is kept."""
        owners = {p[0].name for p in self.kept.values() if isinstance(p[0], Var)}
        return closed({n for n in self.context.request.wrt if n not in owners}, self._ways)

    @functools.cached_property
    def _ways(self) -> Ways:
        return [(ir.reads(s), ir.defines(s)) for s in ir.statements(self.function)]

    @functools.cached_property
    def _reached(self) -> dict[str, set[str]]:
        """By argument: what is computed of it."""
        return {n: closed({n}, self._ways) for n in self.context.request.wrt}

    def _roots(self, place: Place) -> frozenset[str]:
        """The arguments that hold a place; none of what is found outside."""
        owner = getattr(place[0], "name", None)
        return frozenset(n for n, reached in self._reached.items() if owner in reached)

    def _is_alike(self, name: str, place: Place) -> bool:
        """Objects are compared with each other by what they have in common; caches are not."""
        attribute = self._attribute(Var(name))
        return attribute is not None and attribute[1] == place[1] and bool(
            self._roots(place)) and not self._lies_inside(place[0])

    def _of_others(self, roots: frozenset[str]) -> set[str]:
        """What comes of other arguments than these, and of nothing that these keep, or outside."""
        if roots not in self._others:
            others = {t for n, reached in self._reached.items() if n not in roots for t in reached}
            at_home = {n for n, p in self.kept.items()
                       for held in (self._roots(p),) if not held or held & roots}
            self._others[roots] = others - closed(at_home, self._ways)
        return self._others[roots]


_NAMES = ("shape", "size", "ndim", "dtype", "strides", "nbytes")
_OF_ARRAYS = tuple(map(Const, _NAMES))
_KINDS = (len, type, isinstance, np.shape, np.ndim, np.size, np.isscalar, np.iscomplexobj,
          *(vars(np.ndarray)[n] for n in _NAMES))


def _takes_part(s: ir.Stmt) -> bool:
    return isinstance(s, For) or (isinstance(s, Bind) and isinstance(s.fn, Ref) and (
        s.fn.object is operator.getitem or s.fn.object in PARTS))
