"""What may depend on the differentiated arguments, before kinds and rules are asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Function
from s2sdiff.transforms.context import Context

__all__ = ["Ways", "closed", "may_vary"]

#: What may flow into what: names, or classes of variables, on both sides.
Ways = list[tuple[Sequence[Any], Sequence[Any]]]


def closed(names: set[Any], ways: Ways) -> set[Any]:
    """The names with all that is reached from them: any name on a way's left leads to its right."""
    while True:
        size = len(names)
        for left, right in ways:
            if not names.isdisjoint(left):
                names.update(right)
        if len(names) == size:
            return names


def may_vary(function: Function, context: Context) -> set[str]:
    """The variables that are computed from some that `wrt` names."""
    return closed(set(context.request.wrt),
                  [(ir.reads(s), ir.defines(s)) for s in ir.statements(function)])
