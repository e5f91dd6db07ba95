"""Numbers that go into a log, of which a handler keeps a record, and come back."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime import logged, sent_out, suspects
from s2sdiff.runtime.outside import is_of_user
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["watched"]


def watched(function: Function, before: Function, context: Context, useful: set[Any]) -> Function:
    """With a note before what logs, and a look behind what reads what handlers keep.

    Where there is no handler that keeps anything, or nothing of that is read, nothing is done.
    """
    if not context.varies:
        return function
    function = _given_handlers(function)
    names = logged.kept_names(True)
    if not names or not any(_logs(s, context) for s in ir.statements(before)):
        return function
    looks = _Looks(context, useful, names)
    body = ir.rewritten(function.body, looks.written)
    if body is function.body:
        return function
    return ir.replace(function, body=ir.rewritten(
        body, lambda s: (_call(logged.goes_into_logs, (), s), s)
        if _logs(s, context) else None))


def _given_handlers(function: Function) -> Function:
    """With a look at what is given to loggers here."""
    if not any(isinstance(s, Bind) and _adds(s) for s in ir.statements(function)):
        return function
    return ir.replace(function, body=ir.rewritten(function.body, lambda s: (
        _call(logged.not_capturing, s.args[-1:], s), s)
        if isinstance(s, Bind) and _adds(s) else None))


def _adds(s: Bind) -> bool:
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    name = getattr(s.args[1], "value", None) if fn is ops.method else \
        fn.__name__ if isinstance(fn, types.FunctionType) and fn.__module__ == "logging" else None
    return name in ("addHandler", "addFilter") and isinstance(s.args[-1], (Var, Free))


class _Looks:
    def __init__(self, context: Context, useful: set[Any], names: frozenset[str]) -> None:
        self.context, self.useful, self.names = context, useful, names
        self.of_user = logged.kept_names(False)

    def written(self, s: ir.Stmt) -> ir.Block | None:
        reads = [_call(look, (Var(t), *given), s) for look, *given, names in self._looks(s)
                 for t in names if t in self.useful
                 and not self.context.kinds.get(t, ANY).inert]
        return (s, *reads) if reads else None

    def _looks(self, s: ir.Stmt) -> list[tuple[Any, ...]]:
        """What looks at what a statement binds, what that is given, and the names that it binds."""
        if isinstance(s, Move):
            return [(logged.unless_logged, [
                t for t, a in zip(s.targets, s.sources, strict=True)
                if isinstance(a, Free) and a.name in self.names])]
        if not isinstance(s, Bind) or len(s.targets) != 1:
            return []
        fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
        if fn is getattr:
            named = getattr(s.args[1], "value", None) in self.names
            return [(logged.unless_logged, s.targets)] if named else []
        if not self.of_user:
            return []
        if fn is ops.method:
            return [] if _of_library(s, self.context) else [
                (logged.unless_method_told, *s.args[:2], s.targets)]
        if is_of_user(fn):
            told = not self.of_user.isdisjoint(sent_out.names_in(fn))
            return [(logged.unless_told_of_logs, s.fn, s.targets)] if told else []
        return [(logged.unless_logged, s.targets)] if isinstance(s.fn, (Var, Free)) else []


def _of_library(s: Bind, context: Context) -> bool:
    """A method of what is surely of no class of the user's, such as a list."""
    cls = kind_of_atom(s.args[0], context).type
    return isinstance(cls, type) and not suspects.of_user(cls)


def _logs(s: ir.Stmt, context: Context) -> bool:
    """What may be a call of a logger's method, or of what calls one."""
    if not isinstance(s, Bind):
        return False
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is getattr:
        return s.args[1] in _METHODS
    if fn is ops.method:
        return s.args[1] in _METHODS or not _of_library(s, context)
    if not isinstance(fn, types.FunctionType):
        return isinstance(s.fn, (Var, Free))
    return fn.__module__ == "logging" or (
        is_of_user(fn) and not _LEVELS.isdisjoint(sent_out.names_in(fn)))


def _call(fn: Any, args: tuple[Any, ...], s: ir.Stmt) -> Bind:
    return Bind((), Ref(fn), args, (), s.loc)


_LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "log",
                     "fatal", "handle"})
_METHODS = tuple(map(Const, sorted(_LEVELS)))
