"""Variables that are read once, so that nobody else can change what they hold."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops

__all__ = ["reads"]


def reads(function: ir.Function) -> set[str]:
    """Variables that one statement reads, which does not hand on what they hold."""
    counts: dict[str, int] = {}
    held: set[str] = set()
    for s in ir.statements(function):
        names = ir.reads(s)
        if names:
            for name in names:
                counts[name] = counts.get(name, 0) + 1
            if _holds_on(s):
                # What goes into another container is found there as often as one likes.
                held.update(names)
    return {n for n, count in counts.items() if count == 1} - held


def _holds_on(s: Any) -> bool:
    """A statement after which what it read may be found under other names."""
    t = type(s)
    if t is ir.Bind:
        return type(s.fn) is not ir.Ref or id(s.fn.object) in _HOLDING
    return t is ir.Store or t is ir.Move


_HOLDING = {*map(id, (ops.tuple_, ops.list_, ops.dict_, ops.set_, ops.method, ops.appended))}
