"""Forward mode: writes into arrays that an exception may leave, and handlers that go on behind it.

A variable says that a write is at its work.  NumPy raises when it has written what has no tangent
yet; a handler that finds the variable set asks the exception whether that can have happened.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, If, Move, Ref, Star, Stmt, Store, Try, Var, With
from s2sdiff.kinds import ANY
from s2sdiff.runtime import partly
from s2sdiff.transforms.handlers import catches, caught_then
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.stopped_writes import may_stop, stops

__all__ = ["asked", "asking", "noted", "watched"]

#: What NumPy raises when it has written.
_RAISED = (FloatingPointError, RuntimeWarning)


def watched(s: Try | With, context: Any) -> bool:
    """Whether what such an exception leaves may be found behind a statement."""
    if isinstance(s, With):
        goes_on = bool(s.swallows)
    else:
        goes_on = any(catches(h, raised) for h in s.handlers for raised in _RAISED)
    return goes_on and any(_sort(inner, context) for inner in ir.walk(s.body))


def _sort(s: Stmt, context: Any) -> int:
    """1: a write that may stop in the middle; 2: what may have one inside; or 0."""
    if isinstance(s, Store):
        if s.place == "item" and kind_of_atom(s.target, context) == ANY:
            return 2
        return int(s.value is not None and stops(s, context) is not None)
    if not isinstance(s, Bind) or context.memory is None or not context.memory.effects(s):
        return 0
    known = s.args and not isinstance(s.args[0], Star) and kind_of_atom(s.args[0], context) != ANY
    return 1 if known and may_stop(s, context) else 2


def noted(s: Stmt, code: list[Stmt], writing: str | None, context: Any) -> list[Stmt]:
    """The code of a statement, with what says that it is at its work."""
    sort = 0 if writing is None else _sort(s, context)
    if not sort:
        return code
    assert writing is not None
    return [Move((writing,), (Const(sort),), s.loc), *code, Move((writing,), (Const(0),), s.loc)]


def asking(handlers: tuple[Block, ...], writing: str | None) -> list[Block]:
    """Handlers that go on only where nothing was written without its tangent."""
    if writing is None:
        return list(handlers)
    return [caught_then(h, _ask(writing, h[0].loc)) if any(catches(h, r) for r in _RAISED) else h
            for h in handlers]


def _ask(writing: str, loc: ir.Loc) -> Block:
    ask = Bind((), Ref(partly.unless_stopped), (Var(writing),), (), loc)
    return (If(Var(writing), (ask, Move((writing,), (Const(0),), loc)), (), loc),)


def asked(s: With, writing: str | None) -> list[Stmt]:
    """Behind a manager that ended an exception, which nobody can ask any more."""
    if writing is None:
        return []
    ask = Bind((), Ref(partly.unless_stopped), (Var(writing),), (), s.loc)
    return [If(Var(writing), (ask,), (), s.loc)]
