"""Handlers in forward code: what they catch, and what comes first in them."""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir, ops, runtime
from s2sdiff.ir import Bind, Block, Catch, Exit, Ref, Store, Var

__all__ = ["catches", "caught_then", "guarded", "typed"]


def guarded(handlers: list[Block], body: Block, plain: Block, context: Any) -> tuple[Block, ...]:
    """Handlers that let refusals of generated code in the body through.

    `plain` is the body as it was: a write in it may be into a copy that stands for an argument.
    """
    if _by_place(context) and context.memory is not None and any(
            isinstance(s, Store) or (isinstance(s, Bind) and context.memory.effects(s))
            for s in ir.walk(plain)):
        handlers = [_asking(h) if catches(h, ValueError) else h for h in handlers]
    own = any(isinstance(s, Bind) and _refuses(s) for s in ir.walk(body))
    refused = errors.DifferentiationError
    if not own or not any(catches(h, refused) for h in handlers):
        return tuple(handlers)
    loc = next(c.loc for h in handlers for c in h if isinstance(c, Catch))
    return ((Catch(Ref(refused), None, loc), Exit("raise", None, loc)), *handlers)


def _by_place(context: Any) -> bool:
    """Whether `rt.unless_held` may have put something in the place of an argument."""
    return context.writes and ("shared" in context.tiers.values() or context.calls_out
                               or context.request.places or context.request.mode == "jvp")


def _asking(handler: Block) -> Block:
    loc = next(c.loc for c in handler if isinstance(c, Catch))
    return caught_then(handler, (Bind((), Ref(runtime.unless_held_write), (), (), loc),))


def _refuses(s: Bind) -> bool:
    """A call of what this package made."""
    if not isinstance(s.fn, Ref):
        return False
    module = getattr(s.fn.object, "__module__", None) or type(s.fn.object).__module__
    return module.startswith("s2sdiff") and not module.startswith("s2sdiff.ops")


def catches(handler: Block, raised: type[BaseException]) -> bool:
    """Whether a handler may catch exceptions of a class."""
    heads = {s.targets[0]: s for s in handler if isinstance(s, Bind) and len(s.targets) == 1}
    catch = next(s for s in handler if isinstance(s, Catch))

    def may(a: Any) -> bool:
        if isinstance(a, Var) and a.name in heads and heads[a.name].calls(ops.tuple_):
            return any(map(may, heads[a.name].args))
        if isinstance(a, Ref) and isinstance(a.object, type):
            return issubclass(raised, a.object)
        return True

    return catch.type is None or may(catch.type)


def typed(handler: Block) -> bool:
    """Whether a handler says what it catches."""
    return next(s for s in handler if isinstance(s, Catch)).type is not None


def caught_then(handler: Block, more: Block) -> Block:
    """A handler in which `more` comes first."""
    at = next(i for i, s in enumerate(handler) if isinstance(s, Catch)) + 1
    return (*handler[:at], *more, *handler[at:])
