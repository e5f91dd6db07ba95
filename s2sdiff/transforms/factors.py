"""What NumPy gives several factors of a matrix in: named tuples, of which all parts are known."""

from __future__ import annotations

import operator

import numpy as np

from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import Kind

__all__ = ["FACTORS", "part", "parts"]

#: The classes of what `eigh`, `svd`, `qr` and `slogdet` give; nothing but its items is in them.
FACTORS = tuple(type(f(np.eye(1))) for f in (
    np.linalg.eigh, np.linalg.svd, np.linalg.qr, np.linalg.slogdet))


def parts(kind: Kind) -> tuple[Kind, ...] | None:
    """The kinds of what is in a tuple, or in such factors; None for anything else."""
    return kind.items if kind.type is tuple or kind.type in FACTORS else None


def part(s: Bind, kind: Kind) -> int | None:
    """Which of such factors, whose kind is told, a read by index or by name gives; else None."""
    if kind.type not in FACTORS or kind.items is None or len(s.args) != 2 or s.kwargs or \
            not isinstance(s.args[1], Const):
        return None
    key, n = s.args[1].value, len(kind.items)
    if s.calls(getattr):
        fields = kind.type._fields  # type: ignore[union-attr]
        return fields.index(key) if key in fields else None
    return key % n if s.calls(operator.getitem) and type(key) is int and -n <= key < n else None
