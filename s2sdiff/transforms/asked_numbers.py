"""Checks, where an array is written, that it asks no object for the numbers that are written."""

from __future__ import annotations

import operator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Ref, Store, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime import asked_for_numbers
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["checks"]


def checks(s: ir.Stmt, context: Context) -> list[Bind]:
    """The check in front of `a[i] = v` or `a += v`, where only the run can tell what v is."""
    if not isinstance(s, Store) or s.place == "attribute" or not isinstance(s.value, Var) or \
            not kind_of_atom(s.target, context).is_array or \
            context.varies.isdisjoint(ir.reads(s)) or \
            _read_as_it_is(kind_of_atom(s.value, context)):
        return []
    if s.fn in ops.IN_PLACE:
        return [Bind((), Ref(asked_for_numbers.check_in_place), (s.value,), (), s.loc)]
    if s.fn is not operator.setitem or s.value.name not in context.varies:
        return []
    return [Bind((), Ref(asked_for_numbers.check_asked), (s.value,), (), s.loc)]


def _read_as_it_is(kind: Kind) -> bool:
    """A number, an array, or a list or tuple of such."""
    if kind.is_number or kind.inert:
        return True
    if kind.type is not list and kind.type is not tuple:
        return False
    if kind.items is not None:
        return all(map(_read_as_it_is, kind.items))
    return kind.each is not None and _read_as_it_is(kind.each)
