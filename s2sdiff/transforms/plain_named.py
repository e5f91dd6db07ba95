"""What the names in a method mean: itself, what it calls, and what it has made."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Ref, Star, Store, Var
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.new_memory import INPLACE
from s2sdiff.transforms.plain_calls import DISPLAYS, MUTATING, hashable, makes_object
from s2sdiff.transforms.plain_made import is_text_or_count

__all__ = ["CLASS", "Named"]

CLASS = Const("__class__")


class Named:
    """A method of a class, with the names of what it has made, and of counts and texts."""

    cls: type
    method: types.FunctionType
    own: frozenset[str]
    counts: frozenset[str]

    def _asks_class(self, s: ir.Stmt) -> bool:
        """`type(self)` or `self.__class__`"""
        return isinstance(s, Bind) and len(s.targets) == 1 and bool(s.args) and \
            self._is_self(s.args[0]) and (
                (self.called(s) is type and len(s.args) == 1)
                or (s.calls(getattr) and s.args[1:] == (CLASS,)))

    def _is_self(self, a: Any) -> bool:
        code = self.method.__code__
        return isinstance(a, Var) and code.co_argcount > 0 and a.name == code.co_varnames[0]

    def is_count(self, a: Any) -> bool:
        """A number, a switch or a text that has no derivative."""
        if isinstance(a, Const):
            return is_text_or_count(a.value)
        return isinstance(a, Var) and a.name in self.counts

    def _puts(self, s: ir.Stmt) -> tuple[str, ...]:
        if isinstance(s, Store):
            kept = s.value is None or s.fn in INPLACE or self._is_own(s.value)
            return () if kept else (s.place,)
        if not isinstance(s, Bind):
            return ()
        # As with `f(items)`, what is put into `items` is looked at where it is put there.
        given = (*s.args, *(a for _, a in s.kwargs))
        if all(self._is_own(a.value if isinstance(a, Star) else a) for a in given):
            return ()
        if makes_object(self.called(s)):
            return ("attribute", "item")
        shows = isinstance(s.fn, Ref) and (
            s.fn.object in DISPLAYS or (s.fn.object is ops.method and s.args[1] in MUTATING))
        return ("item",) if shows else ()

    def called(self, s: Bind) -> Any:
        """What a call calls, as far as it is known; of methods, those of classes and modules."""
        fn: Any = s.fn
        if isinstance(fn, Free):
            return hashable(namespace_value(self.method, fn.name))
        if not isinstance(fn, Ref):
            return None
        if fn.object is not ops.method:
            return hashable(fn.object)
        owner, name = s.args[:2]
        if isinstance(name, Const) and isinstance(owner, Free):
            value = namespace_value(self.method, owner.name)
            return hashable(getattr(value, name.value, None)) \
                if isinstance(value, (types.ModuleType, type)) else None
        return None

    def _is_own(self, a: Any) -> bool:
        return isinstance(a, Const) or (isinstance(a, Var) and a.name in self.own)
