"""The heads of `with` and `except`."""

from __future__ import annotations

import ast
from typing import Any

from s2sdiff import ir
from s2sdiff.backend.expressions import expression
from s2sdiff.backend.names import Names

__all__ = ["handler", "head"]


def head(names: Names, s: ir.With) -> str:
    """`with manager as target:`"""
    named = f" as {s.target}" if s.target is not None else ""
    return f"with {ast.unparse(expression(names, s.manager))}{named}:"


def handler(names: Names, block: ir.Block) -> tuple[str, ir.Block]:
    """`except type as name:`, its type in one expression, and the statements under it."""
    env: dict[str, Any] = {}
    for i, s in enumerate(block):
        s = ir.substitute(s, env)
        if isinstance(s, ir.Catch):
            if s.type is None:
                return "except:", block[i + 1:]
            named = f" as {s.name}" if s.name is not None else ""
            return f"except {ast.unparse(expression(names, s.type))}{named}:", block[i + 1:]
        if isinstance(s, ir.Bind):  # else a copy of a name that nobody has read yet
            env[s.targets[0]] = ir.Inlined(s)
    raise AssertionError("a handler that says not what it catches")
