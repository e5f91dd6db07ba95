"""Reads of fields that a class marks as no variables (`sd.field(differentiable=False)`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import Kind
from s2sdiff.runtime.declared import is_constant

__all__ = ["reads_constant"]


def reads_constant(s: Bind, kind_of: Callable[[Any], Kind]) -> bool:
    """Whether a call is the read of such a field, of an object whose class is known.

    Where it is not, the class is asked when the code runs.
    """
    if not s.calls(getattr) or len(s.args) < 2 or not isinstance(s.args[1], Const):
        return False
    cls = kind_of(s.args[0]).type
    return cls is not None and is_constant(cls, s.args[1].value)
