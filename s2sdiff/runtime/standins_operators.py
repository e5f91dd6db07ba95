"""Functions of Python's that stand for what `object` does in C with the methods of a class."""

from __future__ import annotations

from typing import Any

__all__ = ["unequal"]


def unequal(one: Any, other: Any) -> Any:
    """`object.__ne__`: the opposite of what `__eq__` of the class tells.

    >>> unequal((1, 2), (1, 3)), unequal((1, 2), 3)
    (True, NotImplemented)
    """
    told = one.__eq__(other)
    return told if told is NotImplemented else not told
