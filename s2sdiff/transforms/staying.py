"""Whether what is in the lists, dicts and objects that a function is given stays what it is."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context

__all__ = ["changes", "part_of", "without_items"]


def part_of(kind: Kind, key: Any) -> Kind:
    """What is known of what a container or object has under a key."""
    if kind.items is None:
        return ANY
    if kind.value is not None and kind.type is not slice:
        return kind.items[kind.value.index(key)] if key in kind.value else ANY
    n = len(kind.items)
    return kind.items[key] if type(key) is int and -n <= key < n else ANY


def without_items(kind: Kind) -> Kind:
    """A kind that holds whatever happens to what is in there."""
    if kind.type is tuple and kind.items is not None:
        return kind._replace(items=tuple(map(without_items, kind.items)))
    has_items = kind.items is not None or kind.each is not None
    if has_items and kind.type is not tuple and kind.field is None:
        return Kind(kind.type)
    return kind


def changes(function: ir.Function, context: Context, kind_of: Any) -> bool:
    """Whether something may write into a list, a dict or an object."""
    from s2sdiff.transforms import effects, implicit

    for s in ir.walk(function.body):
        if implicit.unseen(s, lambda a: kind_of(a, context), effects.summary):
            return True
        if isinstance(s, ir.Store):
            kind = kind_of(s.target, context)
            if s.place == "attribute" or not kind.is_array:
                return True
        elif isinstance(s, ir.Raw):
            if s.memory:
                return True
        elif isinstance(s, ir.With):
            if effects.written_by(s, function.origin, lambda a: kind_of(a, context)):
                return True
        elif isinstance(s, Bind):
            written = effects.written_by(s, function.origin, lambda a: kind_of(a, context))
            given = {**dict(enumerate(s.args)), **dict(s.kwargs)} if written else {}
            if any(w == "*" or w not in given or not kind_of(given[w], context).is_array
                   for w in written):
                return True
    return False
