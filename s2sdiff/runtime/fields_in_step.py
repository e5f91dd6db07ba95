"""Fields of anything in forward mode: read, written and deleted, by syntax or by their names."""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff.runtime import objects_in_step, standins_flat, tangents
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.fields_by_name import plainly_there
from s2sdiff.runtime.objects_in_step import Call
from s2sdiff.runtime.writes_in_step import CONTAINERS

__all__ = ["OF_FIELDS", "PARTS_OF_ARRAYS", "delete", "of_python", "read", "write"]

_NUMBERS = (float, complex, np.generic, np.ndarray)


def of_python(x: Any) -> bool:
    """A number, an array, or exactly one of Python's containers: no class of the user's."""
    return isinstance(x, _NUMBERS) or class_of(x) in CONTAINERS


def read(dots: Dots, name: str, owner: Any, dot: Any, call: Call,
         plainly: bool = False) -> tuple[Any, Any]:
    """`owner.name` and its tangent; with `plainly`, as `object` finds it."""
    if isinstance(owner, _NUMBERS) or (type(owner) in CONTAINERS and type(owner) is not tuple):
        value = getattr(owner, name)
        if name == "__class__":
            return value, None
        if isinstance(value, (types.MethodType, types.BuiltinMethodType)):
            # A number has no place: what the method knows of it lies with the method.
            dots.put(value, "__self__", owner, dot)
            return value, None
        return tangents.push_attribute((0,), (dot,), name, owner)
    return objects_in_step.read(dots, name, owner, dot, call, plainly)


def write(dots: Dots, owner: Any, name: str, value: Any, dot: Any, call: Call) -> None:
    """`owner.name = value`, and what it is the tangent of."""
    if isinstance(owner, types.CellType):
        owner.cell_contents = value
        dots.put(owner, name, value, dot)
        return
    objects_in_step.write(dots, owner, name, value, dot, call)


def delete(dots: Dots, owner: Any, name: str, call: Call) -> None:
    """`del owner.name`."""
    objects_in_step.delete(dots, owner, name, call)


def _getattr(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> tuple[Any, Any]:
    owner, name = args[:2]
    try:
        return read(dots, name, owner, given.get(0), call)
    except AttributeError:
        if len(args) == 2:
            raise
        return args[2], given.get(2, zero_in(dots, args[2]))


def _getattribute(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> tuple[Any, Any]:
    """`object.__getattribute__(owner, name)`, which asks no `__getattr__`."""
    owner, name = args
    if not isinstance(owner, (type, super, *_NUMBERS)) and not plainly_there(owner, name):
        object.__getattribute__(owner, name)  # raises what Python raises
    return read(dots, name, owner, given.get(0), call, True)


def _setattr(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> tuple[Any, Any]:
    owner, name, value = args
    if isinstance(owner, np.ndarray) and owner.dtype.kind in "fc" and name in PARTS_OF_ARRAYS:
        _part_written(dots, given, args, call)
    else:
        write(dots, owner, name, value, given.get(2), call)
    return None, None


#: What stands for all the numbers of an array, or for a half of each.
PARTS_OF_ARRAYS = ("flat", "real", "imag")


def _part_written(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> None:
    """`a.flat = value`, `a.real = value` and `a.imag = value`."""
    owner, name, value = args
    dot = {2: given[2]} if 2 in given else {}
    part, part_dot = owner, zero_in(dots, owner) if given.get(0) is None else given[0]
    if (name == "flat" and not np.size(value)) or (name == "imag" and owner.dtype.kind == "f"):
        setattr(owner, name, value)  # which leaves all as it is, or raises
        return
    if name == "flat":
        standins_flat.apart(owner, value)
        # Too few are written again from the first one on.
        of_value = {0: dot[2]} if dot else {}
        value, filled = call(np.resize, of_value, (value, owner.shape), {})
        dot = {2: filled} if dot else {}
    else:
        part, part_dot = read(dots, name, owner, part_dot, call)
    call(operator.setitem, {0: part_dot, **dot}, (part, ..., value), {})


def _stored(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> tuple[Any, Any]:
    """`object.__setattr__`, which a class's own way of setting attributes ends in."""
    owner, name, value = args
    if type(owner) is np.ndarray:
        return _setattr(dots, given, args, call)  # its attributes are its memory, or its form
    objects_in_step.stored(dots, owner, name, value, given.get(2), call)
    return None, None


def _delattr(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> tuple[Any, Any]:
    owner, name = args
    delete(dots, owner, name, call)
    return None, None


def _vars(dots: Dots, given: dict[Any, Any], args: tuple, call: Any) -> Any:
    """`vars(x)`; that of a frame is Python's own."""
    return read(dots, "__dict__", args[0], given.get(0), call) if args else None


#: Builtin functions that deal with a field by its name.
OF_FIELDS: dict[Any, Any] = {getattr: _getattr, setattr: _setattr, delattr: _delattr,
                             object.__getattribute__: _getattribute,
                             object.__setattr__: _stored, vars: _vars}
