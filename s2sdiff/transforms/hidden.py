"""Memory of arguments that a rule which is written in holds under names of its own."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Ref
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.new_memory import is_numbers_own

__all__ = ["hidden"]


def hidden(emit: Emitter, own: Container[str], kept: Container[Any]) -> list[str]:
    """What a rule binds as its `own` that may be memory of a variable of which a copy is kept.

    `asarray_x = np.asarray(x)` is `x`: the pullback reads it after `x` is written.
    """
    found: list[str] = []
    for s in emit.out:
        outside = [a for a in ir.atoms(s) if isinstance(a, ir.Free)]
        if not any(n in kept or n in found for n in (*ir.reads(s), *outside)):
            continue
        if isinstance(s, Bind) and isinstance(s.fn, Ref) and is_numbers_own(s, s.fn.object):
            continue
        found += [t for t in ir.defines(s) if t in own and t not in emit.fresh and not (
            emit.kind(ir.Var(t)).is_fixed or emit.kind(ir.Var(t)).is_scalar)]
    return found
