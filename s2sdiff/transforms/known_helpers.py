"""What helpers of rules are known to give, or to be, where text is written that calls them."""

from __future__ import annotations

from typing import Any

from s2sdiff.ir import Const, Ref
from s2sdiff.transforms.products import NOTHING

__all__ = ["call"]


def call(emit: Any, helper: Any, args: list[Any]) -> Any:
    """The value of a call of a function that rules mark, or NOTHING."""
    if hasattr(helper, "__s2sdiff_static__"):
        return _now(helper, args)
    scaled = getattr(helper, "__s2sdiff_masked__", None)
    if scaled is None or not any(map(emit.is_masked, args)):
        return NOTHING
    # By this name, as no peephole makes a plain product of zeros that are known to matter.
    args = args if emit.is_masked(args[0]) else args[::-1]
    return emit.bind(Ref(scaled), list(map(emit.full, args)), {}, "scaled_1")


def _now(helper: Any, args: list[Any]) -> Any:
    """What a helper gives that decides, by literals alone, what is to be written."""
    if any(type(a) is not Const for a in args):
        return NOTHING
    value = helper(*[a.value for a in args])
    return tuple(map(Const, value)) if type(value) is tuple else Const(value)
