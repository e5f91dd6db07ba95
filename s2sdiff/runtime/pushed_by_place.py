"""Calls in forward mode of code that deals with objects: with the table of tangents by place.

`value, tangent = push_in(dots, slots, given, fn, *args)`, where `dots` is the table (`dots`) and
`given` are the tangents of the arguments in `slots`.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff.runtime import (
    cells,
    fields_in_step,
    objects_in_step,
    unseen,
)
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.calls_in_step import call_in
from s2sdiff.runtime.carried import class_of, is_of_class
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.fields_in_step import of_python
from s2sdiff.runtime.iterated import refuse_in_c
from s2sdiff.runtime.linear_helpers import of_list, part_of_array
from s2sdiff.runtime.quick_fields import quick_read_in, quick_write_in
from s2sdiff.runtime.quick_functions_in_step import push_class, push_function, push_method
from s2sdiff.runtime.quick_pushed import quick_push
from s2sdiff.runtime.sparse_order import must_be_as_noted, must_be_in_order
from s2sdiff.runtime.values import Slots

__all__ = ["apply_in", "apply_method_in", "attribute_in", "delete_in", "method_in",
           "method_writing_in", "push_in", "set_in"]

#: What may draw from its first argument.
_DRAWING = (types.BuiltinFunctionType, types.MethodDescriptorType, types.FunctionType, type)
_LOOKED_UP = (types.BuiltinFunctionType, types.WrapperDescriptorType)
_OF_CELLS = (float, np.float64, np.ndarray)
_NUMBERS = (float, complex, np.generic, np.ndarray)


def push_in(dots: Dots, slots: Slots, given: tuple, fn: Any, /, *args: Any,
            **kwargs: Any) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)` and its tangent, given those of the arguments in `slots`."""
    if len(slots) == 2 and (fn is operator.pow or fn is np.power or fn is pow) and \
            isinstance(given[1], _NUMBERS) and not np.any(given[1]):
        slots, given = slots[:1], given[:1]  # an exponent that stays has no slope that is infinite
    quick = quick_push(slots, given, fn, args, kwargs)
    if quick is None and not kwargs:
        quick = push_function(dots, slots, given, fn, args) if type(fn) is types.FunctionType \
            else push_class(dots, slots, given, fn, args) if type(fn) is type else None
    if quick is not None:
        return quick
    if fn is cells.cell and (not slots or type(args[0]) in _OF_CELLS):
        made = fn(*args)
        if slots:
            dots.put(made, "cell_contents", args[0], zero_in(dots, args[0]) if given[0] is None
                     else given[0])
        return made, None
    refuse_in_c(fn, slots, args)
    return call_in(dots)(fn, dict(zip(slots, given, strict=True)), args, kwargs)


def method_in(dots: Dots, slots: Slots, given: tuple, name: str, owner: Any, /, *args: Any,
              **kwargs: Any) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)` and its tangent; slot 0 is the owner."""
    if not of_python(owner):
        unseen.check_method(owner, name)
    return method_writing_in(dots, slots, given, name, owner, *args, **kwargs)


def method_writing_in(dots: Dots, slots: Slots, given: tuple, name: str, owner: Any, /, *args: Any,
                      **kwargs: Any) -> tuple[Any, Any]:
    """`method_in` in code that knows what the method writes."""
    quick = None if kwargs or RUNS else of_list(name, owner, slots, given, args) or \
        push_method(dots, slots, given, name, owner, args)
    if quick is not None:
        return quick
    if of_python(owner) and is_of_class(class_of(owner), name):
        rest = [(s - 1 if isinstance(s, int) else s, d)
                for s, d in zip(slots, given, strict=True) if s != 0]
        return push_in(dots, tuple([s for s, _ in rest]), tuple([d for _, d in rest]),
                       getattr(owner, name), *args, **kwargs)
    if of_python(owner):
        return push_in(dots, slots, given, getattr(class_of(owner), name), owner, *args, **kwargs)
    by_slot = dict(zip(slots, given, strict=True))
    return objects_in_step.method(dots, name, owner, by_slot, args, kwargs, call_in(dots))


def apply_in(dots: Dots, fn: Any, args: tuple, args_dot: tuple, kwargs: dict[str, Any],
             kwargs_dot: dict[str, Any]) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)` and its tangent, given the tangents of all arguments."""
    return call_in(dots)(fn, {**dict(enumerate(args_dot)), **kwargs_dot}, args, kwargs)


def apply_method_in(dots: Dots, name: str, args: tuple, args_dot: tuple, kwargs: dict[str, Any],
                    kwargs_dot: dict[str, Any]) -> tuple[Any, Any]:
    """`args[0].name(*args[1:], **kwargs)` and its tangent."""
    given = {**dict(enumerate(args_dot)), **kwargs_dot}
    return method_in(dots, tuple(given), tuple(given.values()), name, *args, **kwargs)


def attribute_in(dots: Dots, slots: Slots, given: tuple, name: str,
                 owner: Any) -> tuple[Any, Any]:
    """`owner.name` and its tangent."""
    quick = quick_read_in(dots, name, owner)
    if quick is not None:
        return quick
    quick = part_of_array(name, owner, given[0]) if slots and not RUNS else None
    must_be_in_order(owner, name)
    must_be_as_noted(dots, owner)
    return quick if quick is not None else fields_in_step.read(
        dots, name, owner, given[0] if slots else None, call_in(dots))


def set_in(dots: Dots, owner: Any, name: str, value: Any, dot: Any) -> None:
    """`owner.name = value`, and what it is the tangent of."""
    if not quick_write_in(dots, owner, name, value, dot):
        fields_in_step.write(dots, owner, name, value, dot, call_in(dots))


def delete_in(dots: Dots, owner: Any, name: str) -> None:
    """`del owner.name`."""
    fields_in_step.delete(dots, owner, name, call_in(dots))
