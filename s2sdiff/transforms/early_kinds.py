"""What is known of kinds before they are inferred: of numbers, and of globals as they are now."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Free, Ref
from s2sdiff.kinds import Kind, kind_of
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["kind_outside", "note_numbers"]


def kind_outside(a: Any, origin: Any, kind: Any) -> Kind:
    """The kind of an atom; of a global of which nothing else is known, that of what it is now.

    Should it be another object when the code runs, then a method that writes is refused there.
    """
    found: Kind = kind(a)
    if type(a) is Free and found.type is None and not found.is_number:
        value = namespace_value(origin, a.name)
        if value is not MISSING and type(value).__flags__ & 1 << 9:
            return Kind(type(value))
    return found


def note_numbers(s: ir.Stmt, known: dict[str, Kind], kind: Any) -> None:
    """Numbers that are surely numbers, so that adding to them writes nothing."""
    if isinstance(s, Bind) and len(s.targets) == 1 and isinstance(s.fn, Ref):
        fn = s.fn.object
        if fn in (range, str):
            known[s.targets[0]] = Kind(fn)
        elif fn in (float, int, len):
            known[s.targets[0]] = kind_of(0.0 if fn is float else 0)
        elif fn is ops.list_ or fn is ops.dict_ or fn is ops.tuple_:
            known[s.targets[0]] = Kind({ops.list_: list, ops.dict_: dict}.get(fn, tuple))
    elif isinstance(s, ir.For) and isinstance(s.target, str) and kind(s.source).type is range:
        known[s.target] = kind_of(0)
