"""Forward mode: tangents that lie in memory as what they belong to, where that is written."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import Bind, Const, Inlined, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime.memory_in_step import aligned
from s2sdiff.transforms import in_places
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.tangents import Tangents, of_tangent

__all__ = ["laid_out"]


def laid_out(target: str, dot: Any, s: Bind, emit: Emitter, tangents: Tangents) -> Any:
    """A tangent in memory of its own, where what it belongs to is written."""
    context = emit.context
    kind = context.kinds.get(target, ANY)
    if in_places.made_by_call(dot, emit):
        return dot  # the call has seen to it
    if isinstance(s.fn, Ref) and (s.fn.object in ops.IN_PLACE or s.fn.object in (
            operator.getitem, runtime.gradient, runtime.passed_on)):
        return dot  # done in step, whatever it is
    if context.memory is None or target not in context.active:
        return dot
    if kind.is_scalar and emit.kind(emit.atom(dot)).is_array:
        # `float(a)` and `a + 0` of an array of no dimension: nobody can write the number.
        return emit.bind(Ref(operator.getitem), [emit.atom(dot), Const(())], {}, f"{target}_dot")
    if kind.is_fixed:
        return dot
    given = [a for a in dict.fromkeys([*s.args, *(a for _, a in s.kwargs)])
             if isinstance(a, Var) and a.name in context.active and not emit.kind(a).is_fixed]
    if not _is_written(target, context) and (
            target in emit.fresh or not any(_is_written(a.name, context) for a in given)):
        return dot
    if s.calls(np.ndarray.copy) and len(s.args) == 1 and not s.kwargs and \
            emit.atom(dot) == tangents.of(s.args[0], emit) and emit.kind(emit.atom(dot)) == kind:
        return emit.bind(s.fn, [emit.atom(dot)], {}, f"{target}_dot")  # both have C's order
    pack = [Inlined(Bind((), Ref(ops.tuple_), tuple(g), (), s.loc)) for g in (
        [emit.atom(tangents.of(a, emit)) for a in given], given)]
    made = emit.bind(Ref(aligned), [emit.atom(dot), Var(target), *pack], {}, f"{target}_dot")
    context.kinds[made.name] = of_tangent(kind)
    return made


def _is_written(name: str, context: Context) -> bool:
    """Somebody may write what a variable holds, or a part of it."""
    if context.request.places:
        return True
    node = context.memory.class_of(name)
    return node is None or bool(context.memory.written_in(node))
