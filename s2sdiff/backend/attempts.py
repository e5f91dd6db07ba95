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
    """`except type as name:`, its type in one expression, and the statements under it.

    What only looks stands under it, too.
    """
    env: dict[str, Any] = {}
    looks: list[ir.Stmt] = []
    for i, s in enumerate(block):
        s = ir.substitute(s, env)
        if isinstance(s, ir.Catch):
            if s.type is None:
                return "except:", (*looks, *block[i + 1:])
            named = f" as {s.name}" if s.name is not None else ""
            line = f"except {ast.unparse(expression(names, s.type))}{named}:"
            return line, (*looks, *block[i + 1:])
        if isinstance(s, ir.Bind) and not s.targets:
            looks.append(s)
        elif isinstance(s, ir.Bind):
            env[s.targets[0]] = ir.Inlined(s)
        elif isinstance(s, ir.Move):  # a copy of a name that only this may read
            env.update(zip(s.targets, s.sources, strict=True))
    raise AssertionError("a handler that says not what it catches")
