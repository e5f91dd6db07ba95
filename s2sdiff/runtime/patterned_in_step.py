"""Sparse matrices in forward mode by place: the tangents of their elements lie in the table."""

from __future__ import annotations

from typing import Any

from s2sdiff.runtime.dots import Dots, field_dot
from s2sdiff.runtime.memory_in_step import aligned
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.sparse_order import note_loose
from s2sdiff.runtime.structures import has_patterned, is_patterned

__all__ = ["given", "note"]


def given(table: Dots, values: tuple, dots: tuple) -> tuple | None:
    """Tangents as rules have them; None where there is no sparse matrix among the values."""
    if not any(map(has_patterned, values)):
        return None
    return tuple([_of_elements(table, x, d) for x, d in zip(values, dots, strict=True)])


def _of_elements(table: Dots, x: Any, dot: Any) -> Any:
    if is_patterned(x):
        return {"data": field_dot(table, x, "data", x.data)}
    if not has_patterned(x):
        return dot
    known = (None,) * len(x) if dot is None else dot
    return type(x)([_of_elements(table, v, d) for v, d in zip(x, known, strict=True)])


def note(table: Dots, made: Any, dot: Any, values: tuple, dots: tuple) -> None:
    """Note the tangent of a new sparse matrix, whose elements may be those of an argument."""
    if dot is None:
        return
    note_loose(table, made)
    shown = tuple([x.data if is_patterned(x) else x for x in values])
    theirs = tuple([field_dot(table, x, "data", x.data) if is_patterned(x) else d
                    for x, d in zip(values, dots, strict=True)])
    table.put(fields_of(made), "data", made.data, aligned(dot["data"], made.data, theirs, shown))
