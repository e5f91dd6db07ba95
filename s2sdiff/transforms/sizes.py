"""Sizes and shapes are asked of what is kept anyway, not of what would be computed only for them.

The cotangent of a mean needs the size of what was averaged.  An elementwise result has the shape of
any operand that has all of its dimensions, so the size is that of the first one, going back, that
is an argument or that backward code reads as well.  Where operands may not fit, nothing is changed:
that they do not is an error, which stays one.
"""

from __future__ import annotations

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms import arithmetic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reverse import Reversed

__all__ = ["run"]

_ASKING = (Ref(np.size), Ref(np.shape), Ref(np.ndarray.shape), Ref(np.ndarray.size))


def run(code: Reversed, context: Context) -> Reversed:
    """The code with sizes asked of other values in its forward half, where that spares one."""
    kept = ir.all_reads(code.backward) | set(context.arguments)
    made = {s.targets[0]: s for s in ir.walk(code.forward)
            if isinstance(s, Bind) and len(s.targets) == 1}
    return ir.replace(code, forward=_block(code.forward, _Origins(made, kept, context)))


def _block(block: Block, origins: _Origins) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and s.fn in _ASKING and len(s.args) == 1 and not s.kwargs:
            a = s.args[0]
            name = origins.alike(a.name) if isinstance(a, Var) else None
            s = ir.replace(s, args=(Var(name),)) if name is not None else s
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([_block(b, origins) for b in inner])) if inner else s)
    return tuple(out)


class _Origins:
    def __init__(self, made: dict[str, Bind], kept: set[str], context: Context) -> None:
        self.made, self.kept, self.context = made, kept, context

    def alike(self, name: str) -> str | None:
        """A value of the same shape that is kept; None where there is none, or no other one."""
        while name not in self.kept:
            s = self.made.get(name)
            if s is None or not isinstance(s.fn, Ref) or not arithmetic.is_elementwise(s.fn.object):
                return None
            shape = self.context.kinds.get(name, ANY).shape
            kinds = [kind_of_atom(a, self.context) for a in s.args if not isinstance(a, ir.Star)]
            if not shape or len(kinds) != len(s.args) or not all(_fits(k, shape) for k in kinds):
                return None
            same = [a.name for a, k in zip(s.args, kinds, strict=True)
                    if isinstance(a, Var) and k.is_array and k.shape == shape]
            if not same:
                return None
            name = next((n for n in same if n in self.kept), same[0])
        return name


def _fits(kind: Kind, shape: tuple) -> bool:
    """Surely broadcast to the shape: leaving the computation out hides no error."""
    if kind.shape is None or not kind.is_number or len(kind.shape) > len(shape):
        return False
    return all(d in (1, e) for d, e in zip(kind.shape[::-1], shape[::-1], strict=False))
