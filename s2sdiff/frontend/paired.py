"""`dict(zip(keys, values))` as a comprehension, of which all is known: it makes the same dict."""

from __future__ import annotations

import copy
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context
from s2sdiff.frontend.looping import known

__all__ = ["paired"]


def paired(ctx: Context, body: list[Any]) -> list[Any]:
    """Statements in which such calls are comprehensions; those with functions in them stay."""
    return [_Paired(ctx).visit(copy.deepcopy(s)) if any(_is_paired(ctx, n) for n in gast.walk(s))
            and not any(isinstance(n, scopes.FUNCTIONS) for n in gast.walk(s)) else s
            for s in body]


def _is_paired(ctx: Context, node: Any) -> bool:
    return isinstance(node, gast.Call) and len(node.args) == 1 and not node.keywords and \
        isinstance(node.func, gast.Name) and _is_zip(node.args[0]) and \
        known(ctx, node.func) is dict and known(ctx, node.args[0].func) is zip


def _is_zip(node: Any) -> bool:
    return isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and \
        len(node.args) == 2 and not node.keywords and not any(
            isinstance(a, gast.Starred) for a in node.args)


class _Paired(gast.NodeTransformer):
    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def visit_Call(self, node: Any) -> Any:
        self.generic_visit(node)
        if not _is_paired(self.ctx, node):
            return node
        key, value = [[gast.Name(name, how(), None, None) for how in (gast.Store, gast.Load)]
                      for name in ("key", "value")]
        target = gast.Tuple([key[0], value[0]], gast.Store())
        walk = gast.comprehension(target, node.args[0], [], 0)
        made = gast.copy_location(gast.DictComp(key[1], value[1], [walk]), node)
        for part in (key[0], key[1], value[0], value[1], target):
            gast.copy_location(part, node)
        return made
