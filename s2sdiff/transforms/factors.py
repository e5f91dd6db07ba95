"""Named tuples of which all parts are known, as those that NumPy gives several factors in."""

from __future__ import annotations

import operator

from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import Kind
from s2sdiff.runtime.named_tuples import is_named

__all__ = ["part", "parts"]


def parts(kind: Kind) -> tuple[Kind, ...] | None:
    """The kinds of what is in a tuple, or in such factors; None for anything else."""
    return kind.items if kind.is_tuple else None


def part(s: Bind, kind: Kind) -> int | None:
    """Which item of a named tuple, whose kind is told, a read by index or name gives; else None."""
    if kind.items is None or len(s.args) != 2 or s.kwargs or not isinstance(s.args[1], Const) or \
            not is_named(kind.type):
        return None
    key, n = s.args[1].value, len(kind.items)
    if s.calls(getattr):
        fields = kind.type._fields  # type: ignore[union-attr]
        return fields.index(key) if key in fields else None
    return key % n if s.calls(operator.getitem) and type(key) is int and -n <= key < n else None
