"""What may depend on the differentiated arguments, before kinds and rules are asked."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Function
from s2sdiff.transforms.context import Context

__all__ = ["may_vary"]


def may_vary(function: Function, context: Context) -> set[str]:
    """The variables that are computed from some that `wrt` names."""
    varies = set(context.request.wrt)
    ways = [(ir.reads(s), ir.defines(s)) for s in ir.walk(function.body)]
    while True:
        size = len(varies)
        for read, bound in ways:
            if not varies.isdisjoint(read):
                varies.update(bound)
        if len(varies) == size:
            return varies
