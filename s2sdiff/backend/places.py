"""Which place of the user's source a printed line was made for."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.ir import Loc

__all__ = ["inside", "of_statement"]


def of_statement(s: ir.Stmt) -> Loc:
    """The place of the first pullback that a statement calls, else its own."""
    return _called(s) or s.loc


def _called(s: Any) -> Loc | None:
    t = type(s)
    if t is ir.Bind:
        own = s.loc if type(s.fn) is ir.Var else None
        if ir.Inlined not in map(type, s.args):
            return own
        for a in s.args:
            found = _called(a.bind) if type(a) is ir.Inlined else None
            if found is not None:
                return found
        return own
    parts = (*getattr(s, "args", ()), *getattr(s, "sources", ()), getattr(s, "value", None))
    inner = [_called(a.bind) for a in parts if isinstance(a, ir.Inlined)]
    return next((loc for loc in inner if loc is not None), None)


def inside(s: ir.Raw, printed: Sequence[str], source: Mapping[int, str]) -> dict[int, Loc]:
    """The places of the statements in syntax that is kept as written, by index of its lines.

    The printed text has the statements of the user's in the same order, on lines of its own.
    """
    tree = ast.parse(textwrap.dedent("\n".join(printed)))
    mine = list(_statements(tree.body[-1], s.loc.function))
    users = list(_statements(s.node, s.loc.function))
    if [type(n).__name__ for n, _ in mine] != [type(n).__name__ for n, _ in users]:
        return {}
    found: dict[int, Loc] = {}
    for (node, _), (user, function) in zip(mine, users, strict=True):
        text = source.get(user.lineno, "")
        column = len(text.encode()[:user.col_offset].decode(errors="replace")) or user.col_offset
        found.setdefault(node.lineno - 1, Loc(s.loc.file, user.lineno, column, function))
    return found


def _statements(node: Any, function: str) -> Iterator[tuple[Any, str]]:
    if isinstance(node, (ast.stmt, gast.stmt)):
        yield node, function
    if type(node).__name__ in ("FunctionDef", "AsyncFunctionDef"):
        function = node.name
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        children = getattr(node, name, ())
        for child in children if isinstance(children, list) else ():
            yield from _statements(child, function)
