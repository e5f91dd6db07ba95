"""The statements of a scope, some taken out of it, and which functions may be lifted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

__all__ = ["leave_out", "named", "own", "plain", "simple", "with_statements"]

_STRANGE = (gast.Nonlocal, gast.Global, gast.Yield, gast.YieldFrom, gast.Await, gast.NamedExpr,
            gast.ClassDef, gast.AsyncFunctionDef, gast.Import, gast.ImportFrom, gast.Delete)
_FRAMES = frozenset({"locals", "globals", "vars", "eval", "exec", "dir", "super", "__class__"})


def own(block: list[Any]) -> Iterator[Any]:
    """The statements of a scope."""
    for s in block:
        yield s
        if isinstance(s, (gast.FunctionDef, gast.ClassDef, gast.AsyncFunctionDef)):
            continue
        for field in ("body", "orelse", "finalbody"):
            yield from own(getattr(s, field, None) or [])
        for handler in getattr(s, "handlers", ()):
            yield from own(handler.body)


def leave_out(node: Any, gone: list[Any]) -> None:
    for s in gast.walk(node):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(s, field, None)
            if isinstance(block, list) and any(t is g for t in block for g in gone):
                kept = [t for t in block if not any(t is g for g in gone)]
                setattr(s, field, kept or ([gast.Pass()] if field == "body" else []))


def named(name: str, operators: Any) -> Any:
    return next(f for f in operators if getattr(f, "__name__", "") == name)


def plain(node: Any) -> bool:
    """An option that is written down: an index, a name, or a tuple of them."""
    if isinstance(node, gast.Tuple):
        return all(map(plain, node.elts))
    return isinstance(node, gast.Constant) and isinstance(node.value, (int, str))


def simple(node: Any) -> bool:
    """A function of plain parameters, which does nothing that only a closure can."""
    if isinstance(node, gast.Call):
        return True  # a derivative that has a name
    a = node.args
    if a.vararg or a.kwarg or a.kwonlyargs or a.posonlyargs or a.defaults or getattr(
            node, "decorator_list", ()):
        return False
    return not any(isinstance(n, _STRANGE) or (isinstance(n, gast.Name) and n.id in _FRAMES)
                   for n in gast.walk(node))


def with_statements(node: Any) -> Any:
    """A function's node; of a lambda, that of the function which returns what it gives."""
    if not isinstance(node, gast.Lambda):
        return node
    value = gast.copy_location(gast.Return(node.body), node.body)
    return gast.FunctionDef("function", node.args, [value], [], None, None)
