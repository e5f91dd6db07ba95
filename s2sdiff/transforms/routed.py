"""Code that values with tangents go through: what plain numbers alone can do is done by stand-ins.

Arrays that the code makes, and may write into, carry tangents from the beginning.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Inlined, Ref, Star
from s2sdiff.runtime.carried_arrays import routed

__all__ = ["run"]


def run(block: Block) -> Block:
    """The block with stand-ins for functions of C, conversions, and what makes arrays."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(map(run, inner)))
        out.append(_bind(s) if isinstance(s, Bind) else s)
    return ir.unless_same(out, block)


def _bind(s: Bind) -> Bind:
    fn: Any = s.fn
    if isinstance(fn, Ref):
        stands_in = _of(fn.object)
        fn = Ref(stands_in) if stands_in is not None else fn
    args = tuple([_atom(a) for a in s.args])
    kwargs = tuple([(k, _atom(a)) for k, a in s.kwargs])
    if fn is s.fn and args == s.args and kwargs == s.kwargs:
        return s
    return ir.replace(s, fn=fn, args=args, kwargs=kwargs)


def _of(fn: Any) -> Any:
    try:
        return routed(fn)
    except TypeError:
        return None  # it cannot be hashed


def _atom(a: Any) -> Any:
    if isinstance(a, Star):
        return ir.replace(a, value=_atom(a.value))
    return ir.replace(a, bind=_bind(a.bind)) if isinstance(a, Inlined) else a
