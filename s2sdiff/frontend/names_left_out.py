"""Names of callees that lowered code has no more: they must go on meaning what they mean."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend.context import Context
from s2sdiff.frontend.looping import known, means
from s2sdiff.frontend.order import Lower
from s2sdiff.ir import Bind, Ref, Stmt
from s2sdiff.runtime import meanings

__all__ = ["left_out", "left_out_of"]


def left_out(ctx: Context, callee: Any, out: list[Stmt], lower: Lower, hint: str = "form") -> None:
    """The name is read, so that what it means is looked after like that of others."""
    named = lower(ctx, callee, out, hint)
    out.append(Bind((), Ref(meanings.meant), (named, Ref(known(ctx, callee))), (), ctx.loc(callee)))


def left_out_of(ctx: Context, node: Any, made: Any, out: list[Stmt], lower: Lower) -> Any:
    """What stands for a node, where the `list` or `tuple` around it may be left out."""
    while made is not node and isinstance(node, gast.Call) and len(node.args) == 1 and \
            not node.keywords and means(ctx, node.func, list, tuple):
        left_out(ctx, node.func, out, lower)
        node = node.args[0]
    return made
