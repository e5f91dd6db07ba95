"""Which calls of known functions may keep outside what they are given (`alias_calls`)."""

from __future__ import annotations

import dis
import inspect
import math
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Free, Ref
from s2sdiff.runtime import suspects
from s2sdiff.runtime.outside import root_of
from s2sdiff.transforms.alias_classes import Classes
from s2sdiff.transforms.given_iterators import called_by_name
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.new_memory import CONTAINED

__all__ = ["hands_on", "names_what_keeps"]


def hands_on(s: Bind, atoms: list[Any], memory: Classes) -> bool:
    """A known function may call one of the user's, and so does a method of an unknown object.

    What solvers' functions keep is looked at apart, and helpers of generated code keep nothing.
    """
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if s.loc.file.startswith(_OWN):
        return False
    if fn is ops.method:
        owner, name = memory.kind_of(atoms[0]).type, getattr(atoms[1], "value", None)
        if of_user(owner):
            return _writes_outside(owner, name)
        if name in CONTAINED and not s.kwargs:
            # A container keeps what it is given; some class may have a method of that name.
            return owner is None and suspects.any_of(frozenset({suspects.putting(name)}))
    elif root_of(fn) in ("scipy", "s2sdiff", "_operator") or fn in _ATTRIBUTES:
        return False
    return any(isinstance(a, (Free, Ref)) or memory.kind_of(a).type in (
        None, types.FunctionType) for a in atoms)


def _writes_outside(cls: type, name: Any) -> bool:
    """Whether a method may keep what it is given under a name from outside, as far as names tell.
    """
    from s2sdiff.transforms import effects  # which asks these classes

    found = inspect.getattr_static(cls, name, None) if isinstance(name, str) else None
    return not isinstance(found, types.FunctionType) or (
        "*" in effects.summary(found, cls) and names_what_keeps(cls, found))


def names_what_keeps(cls: type, method: types.FunctionType, objects: bool = True) -> bool:
    """Whether a method, or what it calls by name, reads a cell, a class, or data from outside.

    With `objects`, also whether it calls methods of objects that nobody knows, which may do so.
    """
    for function in called_by_name(cls, method):
        code = function.__code__
        if code.co_freevars and code.co_freevars != ("__class__",):
            return True
        if objects and any(not hasattr(cls, name) and not _is_plain(name)
                           for name in called_on_objects(code)):
            return True
        for name in code.co_names:
            found = namespace_value(function, name)
            if isinstance(found, type) and of_user(found):
                return True
            if found is not MISSING and not isinstance(found, _KEEPING_NOTHING) and \
                    not callable(found):
                return True
    return False


def called_on_objects(code: types.CodeType) -> Iterator[str]:
    """The names of methods that code calls.

    >>> sorted(called_on_objects(compile("a.note(b.c); np.sum(d)", "", "exec")))
    ['note', 'sum']
    """
    for step in dis.get_instructions(code):
        # From Python 3.12 on the lowest bit says that the attribute is called.
        if step.opname == "LOAD_METHOD" or (
                step.opname == "LOAD_ATTR" and sys.version_info >= (3, 12) and (step.arg or 0) & 1):
            yield step.argval


def _is_plain(name: str) -> bool:
    """A method of a container, an array or a text, or a function of NumPy's, by its name."""
    if name in CONTAINED:
        return not suspects.any_of(frozenset({suspects.putting(name)}))
    return any(hasattr(x, name) for x in _PLAIN)


_PLAIN = (np, np.ndarray, np.linalg, math, list, dict, set, str, float)
#: Modules are written to by their names, which is refused or followed.
_KEEPING_NOTHING = (types.ModuleType, int, float, complex, str, bytes, bool, type(None))
_ATTRIBUTES = (getattr, setattr, delattr)
_OWN = os.path.dirname(ops.__file__)
