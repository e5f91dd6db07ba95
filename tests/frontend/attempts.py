"""Run `try` and `with` of the IR directly in Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from s2sdiff import ir

__all__ = ["run_attempt"]

Done = tuple[str, Any] | None


def run_attempt(s: Any, env: Any, block: Callable[[Any, Any], Done],
                value: Callable[[Any, Any], Any]) -> Done:
    """Run one of these statements; how it was left, as `block` says it."""
    if isinstance(s, ir.With):
        manager = value(s.manager, env)
        with manager as entered:
            if s.target is not None:
                env[s.target] = entered
            return block(s.body, env)
        return None
    if s.final:
        try:
            done = block(s.body, env)
        except BaseException:
            left = block(s.final, env)
            if left is None:
                raise
            return left
        return block(s.final, env) or done
    try:
        done = block(s.body, env)
    except BaseException as error:
        for handler in s.handlers:
            at = next(i for i, c in enumerate(handler) if isinstance(c, ir.Catch))
            block(handler[:at], env)
            catch = handler[at]
            wanted = BaseException if catch.type is None else value(catch.type, env)
            if _matches(error, wanted):
                return _handled(handler[at + 1:], catch.name, error, env, block)
        raise
    return done or block(s.orelse, env)


def _matches(error: BaseException, wanted: Any) -> bool:
    try:
        raise error
    except wanted:
        return True
    except BaseException:
        if sys.exc_info()[1] is not error:
            raise
        return False


def _handled(body: Any, name: str | None, error: BaseException, env: Any,
             block: Callable[[Any, Any], Done]) -> Done:
    if name is not None:
        env[name] = error
    try:
        return block(body, env)
    finally:
        if name is not None:
            env.pop(name, None)
