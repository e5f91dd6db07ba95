"""Checks, where something is written, that it is no argument under another name."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Free, Function, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime import written_apart
from s2sdiff.transforms import implicit, staying
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.reaching import MemoryClass, written_atoms

__all__ = ["checks"]


def checks(s: ir.Stmt, context: Context, function: Function) -> list[ir.Stmt]:
    """Checks that what is written is no argument under another name, nor shares its memory."""
    memory = context.memory
    if context.request.places or memory is None:
        return []
    found: list[ir.Stmt] = []
    check, beside = _check_of(s, context)
    for a in dict.fromkeys(written_atoms(s, context)):
        if not isinstance(a, (Var, Free)) or kind_of_atom(a, context).is_fixed:
            continue
        mine = memory.origin_of(a.name) if isinstance(a, Var) else {"*"}
        if not mine:
            continue
        others = [p.name for p in function.params if p.name not in mine
                  and not context.kinds.get(p.name, ANY).is_fixed]
        asked = [n for n in others if n in context.varies]
        if isinstance(a, Var) and (a.name in context.varies
                                   or MemoryClass(memory.find(a.name)) in context.varies):
            asked = others
        mine_is = kind_of_atom(a, context)
        asked = [n for n in asked if staying.may_lead(context.kinds.get(n, ANY), mine_is)]
        # A global or captured array may be what was passed.
        outside = [f for f in _free(function) if f != a and context.kinds.get(
            a.name, ANY).is_array] if "*" not in mine and mine & context.varies else []
        if asked or outside:
            others = (*map(Var, asked), *outside)
            found.append(Bind((), Ref(check), (a, *beside, *others), (), s.loc))
    return found


def _check_of(s: ir.Stmt, context: Context) -> tuple[Any, tuple[ir.Arg, ...]]:
    """The check, and what it looks at beside: operands, if only a class's own operator writes."""
    if isinstance(s, Bind) and len(s.args) in (1, 2) and not s.kwargs and \
            implicit.runs_what_was_met(s, lambda a: kind_of_atom(a, context)) and \
            not any(isinstance(a, ir.Star) for a in s.args):
        return written_apart.apart_beside, (s.args[0], s.args[-1])
    return written_apart.apart, ()


def _free(function: Function) -> list[Free]:
    """The arrays that a function reads from outside."""
    found = dict.fromkeys(a for s in ir.statements(function) for a in ir.atoms(s)
                          if isinstance(a, Free))
    return [a for a in found
            if isinstance(namespace_value(function.origin, a.name), np.ndarray)]
