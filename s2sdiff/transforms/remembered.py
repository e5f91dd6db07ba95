"""Looks at caches that are written by hand: what they know of an active value has no derivative."""

from __future__ import annotations

import functools
import math
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Opaque, Ref, Store, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import kept_in_run, known_points, remembered
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.filled_places import put_in
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kept_places import Places
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.known_points import Tests
from s2sdiff.transforms.varying import Ways, closed, may_vary

__all__ = ["watched"]


def watched(function: Function, before: Function, context: Context,
            useful: set[Any]) -> Function:
    """With looks at what is found under keys of active values, and at what equals one.

    `before` is the function without its refusals, which stand in the place of what is written;
    `useful` is what the result depends on.
    """
    if not context.varies:
        return function
    made = _Made(before, context)
    tests = made.tests = Tests(before, context, useful, made.telling,
                               lambda s: made.looked_at(s) is not None)
    body = ir.rewritten(tests.written(function.body), made.looked_at)
    if made.looks or tests.found:
        body = ir.rewritten(body, made.noted)
    return function if body is function.body else ir.replace(function, body=body)


class _Made(Places):
    looks = False
    tests: Tests

    # --------------------------------------------------------------------------- notes

    def noted(self, s: ir.Stmt) -> ir.Block | None:
        """With a note behind what writes a place that a look may ask for."""
        if isinstance(s, Bind):
            return self._filling(s)
        if not isinstance(s, Store) or not self._varies(s.value) or self._is_copied(s):
            return None
        attribute = self._attribute(s.target) if s.place == "item" else None
        kind = kind_of_atom(s.target, self.context)
        if attribute is not None and not _may_be_dict(kind):
            owner, key = attribute
        elif kind.is_array or s.key is None or s.place not in ("attribute", "item"):
            return None
        else:
            owner, key = s.target, s.key
        return s, Bind((), Ref(kept_in_run.kept), (owner, key), (), s.loc)

    def _is_copied(self, s: Store) -> bool:
        """Something that is kept is put into a dict that is made here, which is not new there."""
        return isinstance(s.target, Var) and s.target.name in self.context.own_displays and \
            self._is_computed(s.value)

    def _filling(self, s: Bind) -> ir.Block | None:
        """With a note behind a method that puts something into a list."""
        owner, put = put_in(s)
        put = tuple([a for a in put if self._varies(a)])
        note = Bind((), Ref(kept_in_run.kept_items), (owner, *put), (), s.loc)
        return (s, note) if put else None

    # --------------------------------------------------------------------------- looks

    def looked_at(self, s: ir.Stmt) -> ir.Block | None:
        if type(s) is Store:
            self.looks = self.looks or self._may_be_asked_for(s)
            return None
        if type(s) is not Bind or type(s.fn) is not Ref or type(s.fn.object) is Opaque:
            return None
        found = self._look(s, s.fn.object)
        self.looks = self.looks or found is not None
        return found

    def _look(self, s: Bind, fn: Any) -> ir.Block | None:
        if fn is operator.getitem or fn is ops.method:
            return self._look_up(s)
        if len(s.args) < 2 or len(s.targets) != 1:
            return None
        check = _COMPARING.get(id(fn))
        if check is not None:
            return self._compare(s, s.args[:2], check)
        if fn is ops.contains and self._varies(s.args[0]):
            place = self._of_items(s.args[1])
            if place is None:
                return None
            given = (Var(s.targets[0]), s.args[0], *place[:2], s.args[1])
            return s, Bind((), Ref(known_points.fresh_if_held), given, (), s.loc)
        return self._looked_into(s, fn) if isinstance(fn, types.FunctionType) else None

    def _may_be_asked_for(self, s: Store) -> bool:
        """Whether a method of a known class looks at an attribute that is written here."""
        if s.place != "attribute" or not isinstance(s.key, Const) or not self._varies(s.value):
            return False
        cls = kind_of_atom(s.target, self.context).type
        return cls is not None and of_user(cls) and remembered.is_tested(cls, s.key.value)

    def _looked_into(self, s: Bind, fn: types.FunctionType) -> ir.Block | None:
        """Before a call of a method that is left as it is, as its result has no derivative."""
        cls = kind_of_atom(s.args[0], self.context).type
        if cls is None or not self.context.active.isdisjoint(s.targets) or \
                not of_user(cls) or getattr(cls, fn.__name__, None) is not fn:
            return None
        given = tuple([a for a in s.args[1:] if self._varies(a) and self._may_be_compared(a)])
        names = remembered.compared(fn, cls) if given else ()
        if not names:
            return None
        held = Const(names)
        return Bind((), Ref(remembered.fresh_than), (s.args[0], held, *given), (), s.loc), s

    def _look_up(self, s: Bind) -> ir.Block | None:
        held, *rest = s.args
        if s.calls(ops.method):
            if len(rest) < 2 or getattr(rest[0], "value", None) not in _LOOKING_UP:
                return None
            rest = rest[1:]
        key = rest[0]
        if not isinstance(key, Var) or not _may_be_dict(kind_of_atom(held, self.context)) or \
                (isinstance(held, Var) and held.name in self.context.own_displays
                 and not self._copies_what_is_kept(held)):
            return None
        tells = key.name in self.telling or self._is_kept_under(key, s)
        if not tells and not (self._may_hold_number(key) and self._varies(key)):
            return None
        given = (held, key, Const(True)) if tells else (held, key)
        return Bind((), Ref(remembered.fresh_under), given, (), s.loc), s

    def _copies_what_is_kept(self, held: Var) -> bool:
        """Whether a dict is filled here with what such places hold, as `dict(zip(KEYS, VALUES))`.
        """
        return any(isinstance(a, Var) and a.name in self.tests.surely_computed
                   for s in self.tests.makers.get(held.name, ())
                   for a in (*ir.atoms(s), *((s.value,) if isinstance(s, Store) else ()))
                   if a != held)

    def _is_computed(self, a: Any) -> bool:
        return isinstance(a, Var) and a.name in self.tests.computed

    def _is_kept_under(self, key: Var, read: Bind) -> bool:
        """Whether something active is put under a key that was rounded: a cache, and no table.

        What is put there is not computed of what lay there, as sums are.
        """
        put = [s.value.name for s in self.stores if s.place == "item" and s.key == key
               and isinstance(s.value, Var)]
        return bool(put) and key.name in may_vary(self.function, self.context) and not closed(
            set(read.targets), [(ir.reads(s), ir.defines(s))
                                for s in ir.statements(self.function)]).issuperset(put)

    def _may_hold_number(self, a: Any) -> bool:
        kind = kind_of_atom(a, self.context)
        return kind.type in (None, frozenset) or kind.is_scalar or kind.is_tuple

    @functools.cached_property
    def telling(self) -> set[Any]:
        """Variables that surely tell an active value, as its text, its hash or its identity."""
        statements = list(ir.statements(self.function))
        ways: Ways = [(ir.reads(s), ir.defines(s)) for s in statements]
        numbers = closed({n for n in self.context.varies if isinstance(n, str)
                          for k in (self.context.kinds.get(n, ANY),)
                          if k.is_number or k.is_array or k.items is not None}, ways)
        hashes = () if self._is_library else (hash, id)
        found: set[Any] = {t for s in statements if isinstance(s, Bind) for t in s.targets
                           if (t in self.context.texts or any(map(s.calls, hashes)))
                           and not numbers.isdisjoint(ir.reads(s))}
        return closed(found, ways) if found else found

    def _compare(self, s: Bind, pair: tuple[Any, ...],
                 check: Callable[..., None]) -> ir.Block | None:
        for x, other in (pair, pair[::-1]):
            if self._varies(x) and self._may_be_compared(x):
                place = self._place(other)
                if place is not None and place[1] == Const(known_points.ITSELF) and \
                        self._lent(place[0]) is None:
                    return None  # its items are compared, where it is looked for any test
                # Objects have attributes that are compared with each other; what a cache compares
                # is given, or computed.
                if place is not None and (place[2] or self._attribute(x) is None):
                    answer = self.tests.answer(place)
                    if answer is None:
                        return None
                    given = (Var(s.targets[0]), x, *place[:2], Const(place[2]), Const(answer))
                    return s, Bind((), Ref(check), given, (), s.loc)
        return None

    def _may_be_compared(self, a: Any) -> bool:
        kind = kind_of_atom(a, self.context)
        return kind.is_array or kind.type is list or self._may_hold_number(a) or \
            of_user(kind.type)


def _may_be_dict(kind: Kind) -> bool:
    return kind.type is None or (isinstance(kind.type, type) and issubclass(kind.type, dict))


_LOOKING_UP = ("get", "pop", "setdefault", "__getitem__")
_COMPARING: dict[int, Callable[..., None]] = {
    **dict.fromkeys(map(id, (
        operator.eq, operator.is_, np.equal, np.array_equal, np.array_equiv, np.allclose,
        np.isclose, math.isclose)), remembered.fresh_if_equal),
    **dict.fromkeys(map(id, (operator.ne, operator.is_not, np.not_equal)),
                    remembered.fresh_if_other),
}
