"""Calls that give value and tangent, of which nobody reads the tangent, are plain calls.

`sign, log = np.linalg.slogdet(a)` is such a call, where what follows takes its slope anew.
"""

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
                s.targets[1] in read or not _only_gives(s.args[2]) or s.kwargs:
            return None
        return [Bind(s.targets[:1], s.args[2], s.args[3:], (), s.loc)]

    return ir.rewritten(body, plain)


def _only_gives(fn: ir.Arg) -> bool:
    """A function of linear algebra, which writes into nothing that it is given.

    What writes an argument, be it as an option, writes its tangent, too.
    """
    module = getattr(fn.object, "__module__", None) if isinstance(fn, Ref) else None
    return module == "numpy.linalg" and isinstance(fn, Ref) and registry.find(fn.object) is not None
