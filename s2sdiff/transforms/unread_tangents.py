"""Calls that give value and tangent, of which nobody reads the tangent, are plain calls.

`sign, log = np.linalg.slogdet(a)` is such a call, where what follows takes its slope anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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

    def plain(s: ir.Stmt) -> Iterable[ir.Stmt] | None:
        if not isinstance(s, Bind) or not s.calls(tangents.push) or len(s.targets) != 2 or \
                s.targets[1] in read or s.kwargs:
            return None
        fn = s.args[2]
        return [Bind(s.targets[:1], fn, s.args[3:], (), s.loc)] if isinstance(
            fn, Ref) and _only_gives(fn.object) else None

    return ir.rewritten(body, plain)


def _only_gives(fn: Any) -> bool:
    """A function of linear algebra, which writes into nothing that it is given.

    What writes an argument, be it as an option, writes its tangent, too.
    """
    return getattr(fn, "__module__", None) == "numpy.linalg" and registry.find(fn) is not None
