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
        size, open_ways = len(names), Ways()
        for way in ways:
            if names.isdisjoint(way[0]):
                open_ways.append(way)
            else:
                names.update(way[1])
        if len(names) == size:
            return names
        ways = open_ways  # what was gone once leads to nothing more


def may_vary(function: Function, context: Context) -> set[str]:
    """The variables that are computed from some that `wrt` names."""
    return closed(set(context.request.wrt),
                  [(ir.reads(s), ir.defines(s)) for s in ir.statements(function)])
