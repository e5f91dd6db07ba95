"""Handlers in forward code: what they catch, and what comes first in them."""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir, ops
from s2sdiff.ir import Bind, Block, Catch, Exit, Ref, Var

__all__ = ["caught_then", "guarded", "typed"]


def guarded(handlers: list[Block], body: Block) -> tuple[Block, ...]:
    """Handlers that let refusals of generated code in the body through."""
    own = any(isinstance(s, Bind) and _refuses(s) for s in ir.walk(body))
    if not own or not any(map(_catches_all, handlers)):
        return tuple(handlers)
    loc = next(c.loc for h in handlers for c in h if isinstance(c, Catch))
    through = (Catch(Ref(errors.DifferentiationError), None, loc), Exit("raise", None, loc))
    return (through, *handlers)


def _refuses(s: Bind) -> bool:
    """A call of what this package made."""
    if not isinstance(s.fn, Ref):
        return False
    module = getattr(s.fn.object, "__module__", None) or type(s.fn.object).__module__
    return module.startswith("s2sdiff") and not module.startswith("s2sdiff.ops")


def _catches_all(handler: Block) -> bool:
    """Whether a handler may catch what this package raises."""
    heads = {s.targets[0]: s for s in handler if isinstance(s, Bind) and len(s.targets) == 1}
    catch = next(s for s in handler if isinstance(s, Catch))

    def may(a: Any) -> bool:
        if isinstance(a, Var) and a.name in heads and heads[a.name].calls(ops.tuple_):
            return any(map(may, heads[a.name].args))
        if isinstance(a, Ref) and isinstance(a.object, type):
            return issubclass(errors.DifferentiationError, a.object)
        return True

    return catch.type is None or may(catch.type)


def typed(handler: Block) -> bool:
    """Whether a handler says what it catches."""
    return next(s for s in handler if isinstance(s, Catch)).type is not None


def caught_then(handler: Block, more: Block) -> Block:
    """A handler in which `more` comes first."""
    at = next(i for i, s in enumerate(handler) if isinstance(s, Catch)) + 1
    return (*handler[:at], *more, *handler[at:])
