"""Cotangents that are values of the forward code stay what they are while a loop runs backwards.

Where a factor is 1, as at the start of a gradient, the cotangent of `s` in `s * x` is `x` itself.
If a loop carried that x, the loop that runs backwards has the x of each round under that name.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Move, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.cotangents import names_in, substituted

__all__ = ["renamed"]


def renamed(have: dict[str, Any], bound: set[str], context: Context, loc: ir.Loc) -> ir.Block:
    """Statements that give a name of their own to what the loop binds; `have` is changed to it."""
    own: dict[str, Var] = {}
    for n, bar in have.items():
        for name in names_in(bar):
            if name in bound and name not in own:
                own[name] = Var(context.names(f"{n}_bar"))
                context.kinds[own[name].name] = context.kinds.get(name, ANY)
    if not own:
        return ()
    have.update({n: substituted(bar, own) for n, bar in have.items()})
    return (Move(tuple(v.name for v in own.values()), tuple(map(Var, own)), loc),)
