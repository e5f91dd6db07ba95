"""Calls of functions in Python in forward mode with the table of tangents by place."""

from __future__ import annotations

import functools
import types
from typing import Any

from s2sdiff.runtime import calls, constructors, made_in_step, nested, standins
from s2sdiff.runtime.dots import zero_in
from s2sdiff.runtime.handed_defaults import capturing
from s2sdiff.runtime.holders import captures
from s2sdiff.runtime.holders_in_step import by_position, held_defaults
from s2sdiff.runtime.marking import written
from s2sdiff.runtime.named_tuples import is_plain_new
from s2sdiff.runtime.outside import cannot_matter
from s2sdiff.runtime.values import Slots, is_inert

__all__ = ["called"]


def called(how: Any, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any],
           given: dict[Any, Any]) -> Any:
    """Value and tangent of a call of a function in Python; None for one that is called otherwise.

    `how` is what carries calls out beside the table of tangents (`calls_in_step`), and `given` are
    the tangents by positions and keywords.
    """
    if fn in nested.OPERATORS:
        inner, cells = capturing(fn, args, kwargs)
        for name, cell in cells.items():
            value = cell.cell_contents
            how.table.put(cell, "cell_contents", value,
                           how.table.get(written(args[0]), name, value))
        if cells:
            return how.call(fn, given, (inner, *args[1:]), kwargs)
        if not slots and args and not is_inert(args[0]):
            # What the function captures may move, though no argument does.
            return how.call(nested.again(fn, args, kwargs), given, args, kwargs)
        return None
    if fn.__module__ == "s2sdiff.ops":
        return None
    if fn in nested.MAKERS:
        return fn(*args, **kwargs), None
    if nested.is_derivative(fn):
        of = nested.innermost(fn)
        held = held_defaults(of, args, kwargs) if isinstance(of, types.FunctionType) and \
            how.table.has(written(of)) else {}
        if held:
            more = {n: how.table.get(written(of), n, v) for n, v in held.items()}
            more, args, held = by_position(of, more, args, held, kwargs)
            return how.call(fn, {**given, **more}, args, {**kwargs, **held})
        return calls.of_derivative(fn, slots, args, kwargs, how)
    if fn.__name__ == "__init__" and fn.__code__.co_filename == "<string>" and args:
        # `super().__init__(...)`, where `dataclass` wrote it.
        cls = next((c for c in type(args[0]).__mro__ if vars(c).get("__init__") is fn), None)
        if cls is not None and constructors.is_generated(cls):
            mine = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
            made_in_step.filled(how.table, cls, args[0], mine, args[1:], kwargs, how.call)
            return None, None
    if fn.__name__ == "__new__" and is_plain_new(fn) and args:
        mine = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
        return made_in_step.named_tuple(
            how.table, args[0], functools.partial(fn, args[0]), mine, args[1:], kwargs)
    own = (fn.__module__ or "").startswith("s2sdiff.runtime") and \
        not standins.is_standin(fn.__module__) and not captures(fn)
    if cannot_matter(fn, args, kwargs) or (own and not slots):
        value = fn(*args, **kwargs)
        return value, zero_in(how.table, value)
    return how.derived(fn, slots, args, kwargs)
