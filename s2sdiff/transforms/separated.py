"""Arguments of an operator that hold the same memory, refused where generated code begins."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Function, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime.separate import separate
from s2sdiff.runtime.values import apart
from s2sdiff.transforms.context import Context

__all__ = ["separated"]


def separated(function: Function, context: Context) -> ir.Block:
    """Arguments may not hold the same place where derivatives are, or may be, kept by place.

    In forward mode, where something is written: what is read alone has a tangent for each name.
    """
    by_place = context.writes if context.request.mode == "jvp" else \
        context.bars is not None or context.calls_out
    if not context.request.outer or not by_place:
        return ()
    asked = [n for n in context.request.wrt if _may_lead(n, context)]
    others = [p.name for p in function.params
              if p.name not in context.request.wrt and _may_lead(p.name, context)]
    held = asked + others
    alone = len(held) == 1 and context.arguments.get(held[0], ANY).is_array
    if not asked or alone:
        return ()
    args = (Const(tuple(held)), Const(len(asked)), *map(Var, held))
    # Where something is written, that is what two names may not be for.
    written = (s.loc for s in ir.statements(function) if isinstance(s, Bind) and s.calls(apart))
    return (Bind((), Ref(separate), args, (), next(written, function.loc)),)


def _may_lead(name: str, context: Context) -> bool:
    kind = context.arguments.get(name, ANY)
    return not kind.is_fixed and not kind.inert
