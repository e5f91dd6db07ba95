"""Containers that may hold other items by the time that the cotangents of those come."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Var
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter

__all__ = ["given"]


def given(s: Bind, emit: Emitter, context: Context) -> bool:
    """A container is given that may hold other items when their cotangents come.

    Arrays have theirs in their own places, and not in the list's; a call keeps what was there.
    """
    memory = context.memory
    if memory is None:
        return False
    for name in ir.reads(s):
        if name not in context.active or not context.shared(name):
            continue
        kind, node = emit.kind(Var(name)), memory.class_of(name)
        if kind.is_array or kind.is_scalar or node is None or \
                "fields" not in memory.sorts.get(node, ()):
            continue
        items = (kind.each or kind.under,) if kind.items is None else kind.items
        if any(k is None or not k.is_scalar for k in items):
            return True
    return False
