"""Looks at caches that are written by hand: what they know of an active value has no derivative."""

from __future__ import annotations

import math
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Move, Opaque, Ref, Store, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import cells, remembered
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.varying import may_vary

__all__ = ["watched"]


def watched(function: Function, context: Context) -> Function:
    """With looks at what is found under keys of active values, and at what equals one."""
    if not context.varies:
        return function
    made = _Made(function, context)
    body = ir.rewritten(function.body, made.statement)
    return function if body is function.body else ir.replace(function, body=body)


class _Made:
    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context
        self.definitions: dict[str, ir.Stmt | None] = {}
        self.stores: list[Store] = []
        for s in ir.statements(function):
            for name in ir.defines(s):
                self.definitions[name] = None if name in self.definitions else s
            if isinstance(s, Store) and self._varies(s.value):
                self.stores.append(s)

    def statement(self, s: ir.Stmt) -> ir.Block | None:
        if type(s) is not Bind or type(s.fn) is not Ref or type(s.fn.object) is Opaque:
            return None
        fn = s.fn.object
        if fn is operator.getitem or fn is ops.method:
            return self._look_up(s)
        check = _COMPARING.get(id(fn))
        if len(s.args) < 2:
            return None
        if check is not None:
            return self._compare(s, check)
        return self._looked_at(s, fn) if isinstance(fn, types.FunctionType) else None

    def _varies(self, a: Any) -> bool:
        return isinstance(a, Var) and a.name in self.context.varies

    def _looked_at(self, s: Bind, fn: types.FunctionType) -> ir.Block | None:
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
                (isinstance(held, Var) and held.name in self.context.own_displays):
            return None
        of_text = self._is_text_of_number(key.name)
        if not of_text and not (self._may_hold_number(key) and (
                self._varies(key) or self._is_kept_under(key))):
            return None
        given = (held, key, Const(True)) if of_text else (held, key)
        return Bind((), Ref(remembered.fresh_under), given, (), s.loc), s

    def _is_kept_under(self, key: Var) -> bool:
        """Whether something active is put under a key that was rounded: a cache, and no table."""
        return any(s.place == "item" and s.key == key for s in self.stores) and \
            key.name in may_vary(self.function, self.context)

    def _may_hold_number(self, a: Var) -> bool:
        kind = kind_of_atom(a, self.context)
        return kind.type is None or kind.is_scalar or kind.is_tuple

    def _is_text_of_number(self, name: str) -> bool:
        """Whether a key surely tells an active value, as its text or its hash."""
        made = self.definitions.get(name)
        if isinstance(made, Move):
            return any(isinstance(a, Var) and self._is_text_of_number(a.name)
                       for t, a in zip(made.targets, made.sources, strict=True) if t == name)
        if not isinstance(made, Bind) or not (name in self.context.texts or made.calls(hash)):
            return False
        kinds = [self.context.kinds.get(n, ANY) for n in ir.reads(made) if n in self.context.varies]
        return any(k.is_number or k.is_array or k.items is not None for k in kinds)

    def _compare(self, s: Bind, check: Callable[..., None]) -> ir.Block | None:
        if len(s.targets) != 1:
            return None
        for x, other in (s.args[:2], s.args[1::-1]):
            if self._varies(x) and self._may_be_compared(x):
                place = self._place(other)
                if place is not None:
                    given = (Var(s.targets[0]), x, *place)
                    return s, Bind((), Ref(check), given, (), s.loc)
        return None

    def _may_be_compared(self, a: Var) -> bool:
        kind = kind_of_atom(a, self.context)
        return kind.is_array or self._may_hold_number(a)

    def _place(self, a: ir.Atom) -> tuple[ir.Atom, ...] | None:
        """Owner and name of an attribute that may be one of a cache; () of what is written here."""
        made = self.definitions.get(a.name) if isinstance(a, Var) else None
        if isinstance(a, Free) or isinstance(made, Move):
            name = next((b.name for t, b in zip(made.targets, made.sources, strict=True)
                         if isinstance(b, Free) and t == a.name), None) \
                if isinstance(made, Move) else a.name
            return () if any(s.place == "item" and s.key == Const(name)
                             for s in self.stores) else None
        if not isinstance(made, Bind) or not isinstance(made.fn, Ref):
            return None
        fn = made.fn.object
        if fn is cells.seen:
            name = getattr(made.args[1], "name", None)
            return () if any(s.key == Const("cell_contents") and self._cell(s.target) == name
                             for s in self.stores) else None
        if fn is operator.getitem and isinstance(made.args[1], Const):
            return () if any(s.place == "item" and s.key == made.args[1]
                             for s in self.stores) else None
        if fn is not getattr or not isinstance(made.args[1], Const):
            return None
        owner, name = made.args[:2]
        if any(s.place == "attribute" and s.key == name for s in self.stores) or any(
                self._attribute(s.target) == name for s in self.stores):
            return ()
        known = kind_of_atom(owner, self.context).type
        if known is None and isinstance(owner, Free):
            known = self.context.free_types.get(owner.name)
        return (owner, name) if known is None or remembered.is_stored(known, name.value) else None

    def _attribute(self, a: Any) -> ir.Atom | None:
        """The name of the attribute that an array is: `self.x[:] = x` writes it, too."""
        made = self.definitions.get(getattr(a, "name", ""))
        return made.args[1] if isinstance(made, Bind) and made.calls(getattr) else None

    def _cell(self, a: Any) -> str | None:
        made = self.definitions.get(getattr(a, "name", ""))
        return made.args[0].value if isinstance(made, Bind) and made.calls(cells.own_cell) else None


def _may_be_dict(kind: Kind) -> bool:
    return kind.type is None or (isinstance(kind.type, type) and issubclass(kind.type, dict))


_LOOKING_UP = ("get", "pop", "setdefault", "__getitem__")
_COMPARING: dict[int, Callable[..., None]] = {
    **dict.fromkeys(map(id, (operator.eq, np.equal, np.array_equal, np.array_equiv, np.allclose,
                             np.isclose, math.isclose)), remembered.fresh_if_equal),
    **dict.fromkeys(map(id, (operator.ne, np.not_equal)), remembered.fresh_if_other),
}
