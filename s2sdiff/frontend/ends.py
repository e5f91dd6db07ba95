"""Where a generator does something when it is ended before its end."""

from __future__ import annotations

import ast
import builtins
import types
import weakref
from typing import Any

import gast

from s2sdiff.frontend.scopes import FUNCTIONS
from s2sdiff.frontend.source import read
from s2sdiff.ir import Loc

__all__ = ["ends_at", "may_catch"]

_found: weakref.WeakKeyDictionary[types.CodeType, Loc | None] = weakref.WeakKeyDictionary()


def ends_at(function: types.FunctionType) -> Loc | None:
    """The first `try` or `with` of a generator function that does something where a generator is
    ended in it; None where there is none.
    """
    code = function.__code__
    if code not in _found:
        # Only what handles exceptions has a table of them.
        parsed = read(function, stepped=True) if getattr(code, "co_exceptiontable", True) else None
        held = _first(parsed.node.body) if parsed is not None else None
        _found[code] = held and Loc(code.co_filename, held.lineno, held.col_offset, code.co_name)
    return _found[code]


def _first(nodes: list[Any]) -> Any:
    for node in nodes:
        if isinstance(node, FUNCTIONS):
            continue
        found = node if _ends(node) else _first(list(gast.iter_child_nodes(node)))
        if found is not None:
            return found
    return None


def _ends(node: Any) -> bool:
    if isinstance(node, gast.With):
        return _yields(node.body)
    if not isinstance(node, (gast.Try, gast.TryStar)):
        return False
    inside = [*node.body, *node.handlers, *node.orelse]
    return (bool(node.finalbody) and _yields(inside)) or (
        _yields(node.body) and any(may_catch(h.type) for h in node.handlers))


def _yields(nodes: list[Any]) -> bool:
    return any(not isinstance(n, FUNCTIONS) and (
        isinstance(n, (gast.Yield, gast.YieldFrom)) or _yields(list(gast.iter_child_nodes(n))))
        for n in nodes)


def may_catch(named: Any) -> bool:
    """Whether a handler may be for what ends a generator: surely not for any other of Python's."""
    if isinstance(named, (ast.Tuple, gast.Tuple)):
        return any(map(may_catch, named.elts))
    cls = vars(builtins).get(named.id) if isinstance(named, (ast.Name, gast.Name)) else None
    return not (isinstance(cls, type) and not issubclass(GeneratorExit, cls))
