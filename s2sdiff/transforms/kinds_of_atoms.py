"""What is known of what a statement reads."""

from __future__ import annotations

from typing import Any

from s2sdiff.ir import Const, Free, Ref, Var
from s2sdiff.kinds import ANY, SCALARS, Kind, kind_of
from s2sdiff.kinds_of_arguments import kind_of_named
from s2sdiff.transforms.context import Context

__all__ = ["kind_of_atom"]


def kind_of_atom(a: Any, context: Context) -> Kind:
    """The kind of an atom under what is known so far; nothing is known of one with a star."""
    t = type(a)
    if t is Var:
        return context.kinds.get(a.name, ANY)
    if t is Const:
        value = a.value
        return SCALARS.get(type(value)) or kind_of(value)
    if t is Ref:
        return kind_of_named(a.object)
    if t is Free:
        return context.free_kinds.get(a.name, ANY)
    return ANY
