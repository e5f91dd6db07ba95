"""How much a statement prints: operations and columns."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Inlined, Ref, Var
from s2sdiff.transforms.order import is_conversion, operands

__all__ = ["operations", "width"]


def operations(s: Any) -> int:
    """How many operations a statement prints; fields, displays, conversions are not counted."""
    own = 0
    if type(s) is Bind:
        target = s.fn.object if type(s.fn) is Ref else None
        free = target is getattr or target is ops.tuple_ or target is slice
        own = 0 if free or is_conversion(s) else 1
    for a in operands(s):
        if type(a) is Inlined:
            own += _measures(a)[0]
    return own


def _measures(a: Inlined) -> tuple[int, int]:
    """The operations and columns of an expression: it is asked each time that more is folded."""
    known: Any = a
    if known.measures is None:
        known.measures = operations(a.bind), _width(a.bind)
    return known.measures


def width(s: Any) -> int:
    """About how many columns a statement takes."""
    t = type(s)
    if t is Var or t is ir.Free:
        return len(s.name)
    if t is ir.Const:
        return len(repr(s.value))
    if t is Ref:
        return len(s.spelling or getattr(s.object, "__name__", None) or "name") + 1
    if t is Inlined:
        return _measures(s)[1]
    if t is Bind:
        return sum([len(name) + 2 for name in s.targets]) + 1 + _width(s)
    return 6 + sum([width(a) + 2 for a in operands(s)])


def _width(bind: Bind) -> int:
    target = bind.fn.object if type(bind.fn) is Ref else None
    home = getattr(target, "__module__", "")
    symbols = target is getattr or home == "_operator" or home == "s2sdiff.ops"
    _, *parts = operands(bind)
    columns = 0 if symbols else width(bind.fn)
    for a in parts:
        columns += width(a) + 2
    return columns
