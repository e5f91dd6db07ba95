"""Before a gradient goes back from its result: a look whether that is one real number."""

from __future__ import annotations

import operator

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Function, Ref, Var
from s2sdiff.runtime import losses
from s2sdiff.transforms import activity, kinds
from s2sdiff.transforms.context import Context

__all__ = ["looked_at"]


def looked_at(forward: ir.Block, function: Function, context: Context) -> ir.Block:
    """In grad, a result that may not be one real number is looked at before going back."""
    if context.request.mode != "grad":
        return forward
    *body, last = forward
    result = activity.result_of(function)
    kind = kinds.kind_of_atom(result, context)
    if context.request.aux:
        item = context.names("loss_1")
        known = kind.type is tuple and kind.items is not None and len(kind.items) == 2
        fn, args = (operator.getitem, (result, Const(0))) if known else (losses.loss_of, (result,))
        loss = Bind((item,), Ref(fn), args, (), last.loc)
        return (*body, loss, Bind((), Ref(losses.scalar_result), (Var(item),), (), last.loc), last)
    if kind.is_scalar and kind.field in ("real", "int"):
        return forward
    return (*body, Bind((), Ref(losses.scalar_result), (result,), (), last.loc), last)
