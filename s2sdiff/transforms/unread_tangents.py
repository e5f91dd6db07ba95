"""Calls that give value and tangent, of which nobody reads the tangent, are plain calls."""

from __future__ import annotations

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, Block, Ref
from s2sdiff.runtime import tangents

__all__ = ["left_out"]


def left_out(body: Block) -> Block:
    """The block with such calls made for their value alone.

    >>> left_out(()) == ()
    True
    """
    read = {n for s in ir.walk(body) for n in ir.reads(s)}

    def plain(s: ir.Stmt) -> list[ir.Stmt] | None:
        if not isinstance(s, Bind) or not s.calls(tangents.push) or len(s.targets) != 2 or \
                s.targets[1] in read or not isinstance(s.args[2], Ref):
            return None
        # What writes an argument writes its tangent, too, and so may what is the user's.
        rule = registry.find(s.args[2].object)
        if rule is None or rule.writes:
            return None
        return [Bind(s.targets[:1], s.args[2], s.args[3:], s.kwargs, s.loc)]

    return ir.rewritten(body, plain)
