"""`max(range(n), key=lambda i: ...)` with the keys in a list, which a loop makes.

What the lambda captures would have cells, and all that is done with it would be found out when it
runs.  Python asks for each key once, in order, and nothing else happens meanwhile.
"""

from __future__ import annotations

import builtins
import copy
from typing import Any

import gast

from s2sdiff.frontend import scopes, source
from s2sdiff.frontend.context import meant

__all__ = ["keyed"]

_NAMES = ("range", "max", "min")
_STRANGE = (*scopes.FUNCTIONS, gast.NamedExpr, gast.Await, gast.Yield, gast.YieldFrom)


def keyed(node: Any, parsed: source.Parsed) -> set[tuple[str, ...]]:
    """Write such calls in a function's node anew; the names of which it matters what they mean."""
    # Most functions have no such keyword, as their text says without a walk.
    if not any("key" in line for line in parsed.lines.values()) or not any(
            isinstance(n, gast.Call) and _is_such(n) for n in gast.walk(node)):
        return set()
    inside = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)
              and not isinstance(n.ctx, gast.Load)}
    inside |= {n.name for n in gast.walk(node) if isinstance(n, gast.FunctionDef | gast.ClassDef)}
    inside |= {*parsed.function.__code__.co_freevars}
    if not inside.isdisjoint(_NAMES) or any(
            meant(parsed.function, (n,)) is not getattr(builtins, n) for n in _NAMES):
        return set()
    _Writer().visit(node)
    return {(n,) for n in _NAMES}


def _is_such(call: Any) -> bool:
    if not (isinstance(call.func, gast.Name) and call.func.id in _NAMES[1:] and len(
            call.args) == 1 and len(call.keywords) == 1 and call.keywords[0].arg == "key"):
        return False
    items, key = call.args[0], call.keywords[0].value
    a = getattr(key, "args", None)
    return isinstance(items, gast.Call) and isinstance(items.func, gast.Name) and \
        items.func.id == "range" and not items.keywords and 1 <= len(items.args) <= 2 and \
        all(map(_counts, items.args)) and isinstance(key, gast.Lambda) and a is not None and \
        len(a.args) == 1 and not (a.vararg or a.kwarg or a.kwonlyargs or a.posonlyargs
                                  or a.defaults) and \
        not any(isinstance(n, _STRANGE) for n in gast.walk(key.body))


def _counts(node: Any) -> bool:
    """What may be computed twice."""
    if isinstance(node, gast.Call):
        return isinstance(node.func, gast.Name) and node.func.id == "len" and len(
            node.args) == 1 and isinstance(node.args[0], gast.Name)
    if isinstance(node, gast.BinOp):
        return isinstance(node.op, gast.Add | gast.Sub) and _counts(node.left) and \
            _counts(node.right)
    return isinstance(node, gast.Name) or (
        isinstance(node, gast.Constant) and type(node.value) is int)


class _Writer(gast.NodeTransformer):
    """`max(range(a, b), key=lambda i: k)` as `a + max(range(b - a), key=[k ...].__getitem__)`."""

    def visit_Call(self, node: Any) -> Any:
        self.generic_visit(node)
        if not _is_such(node):
            return node
        items, key = node.args[0], node.keywords[0].value
        target = gast.Name(key.args.args[0].id, gast.Store(), None, None)
        each = gast.comprehension(target, copy.deepcopy(items), [], 0)
        ask = gast.Attribute(gast.ListComp(key.body, [each]), "__getitem__", gast.Load())
        *start, count = items.args
        if start:
            count = gast.BinOp(count, gast.Sub(), copy.deepcopy(start[0]))
        made: Any = gast.Call(node.func, [gast.Call(items.func, [count], [])],
                              [gast.keyword("key", ask)])
        if start:
            made = gast.BinOp(start[0], gast.Add(), made)
        return gast.fix_missing_locations(gast.copy_location(made, node))
