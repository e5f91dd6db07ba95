"""Code that many tangents or cotangents may go through at once, each a row of a `Batch`.

What is computed of a batch is one.  What the code makes itself, and then writes cotangents
into, has rows where the run has.
"""

from __future__ import annotations

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Block, Ref

__all__ = ["run"]

#: By what is written for one cotangent, what makes as many as there are.
_MADE = {id(np.zeros): runtime.zeros_now, id(np.full): runtime.full_now,
         id(np.array): runtime.array_now, id(np.asarray): runtime.array_now,
         id(float): runtime.float_now}


def run(block: Block) -> Block:
    """The block with arrays that have rows in a run of many."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(map(run, inner)))
        made = _MADE.get(id(s.fn.object)) if isinstance(s, Bind) and isinstance(s.fn, Ref) and \
            not (s.kwargs or (len(s.args) > 1 and s.fn.object in (np.array, np.asarray))) else None
        out.append(ir.replace(s, fn=Ref(made)) if made is not None else s)  # type: ignore[call-arg]
    return ir.unless_same(out, block)
