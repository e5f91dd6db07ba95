"""What an array that is written asks for its numbers: an object with `__float__`, a sequence.

The array calls methods of the object, or draws from it, where nobody sees which of the numbers that
it holds go where.  Numbers, arrays, and lists and tuples of such are read as they are.
"""

from __future__ import annotations

import array
import inspect
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert

__all__ = ["check_asked", "check_in_place"]


def check_asked(*values: Any) -> None:
    """Refuse active values that an array asks for their numbers by methods of their own.

    >>> check_asked(1.0, [np.ones(2), (1, 2.0)], None)
    """
    for value in values:
        asked = _asked(value)
        if isinstance(asked, np.ndarray):
            raise refusal(UnsupportedError, "an array of objects is written into one of numbers",
                          "write its elements one by one, or make an array of numbers of it first")
        if asked is not None:
            name = class_of(asked).__name__
            raise refusal(UnsupportedError,
                          f"an array asks what is written into it, a {name}, for its numbers by "
                          "methods that nobody sees run",
                          "make a float, a list or an array of it first")


def check_in_place(value: Any) -> None:
    """Refuse to update an array in place with an object that may make a new one instead.

    >>> check_in_place([1.0, 2.0])
    """
    asked = _asked(value)
    if asked is None and not isinstance(value, (list, tuple, *_READ_AS_THEY_ARE)) and \
            not is_inert(value) and _has(value, _REFLECTED):
        asked = value
    if asked is not None and not isinstance(asked, np.ndarray):
        raise refusal(UnsupportedError,
                      f"an array is updated in place with a {class_of(asked).__name__}, which may "
                      "make a new one instead, or is asked for its numbers",
                      "write x = x + v, or make an array of it first")


def _asked(value: Any) -> Any:
    """What is asked in a value that is no number, array, or list or tuple of such, if anything."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return None if all(map(is_inert, value.flat)) else value
    if isinstance(value, _READ_AS_THEY_ARE):
        return None
    if isinstance(value, (list, tuple)):
        return next((found for found in map(_asked, value) if found is not None), None)
    # Where it finds nothing to ask, NumPy raises its own error.
    return value if not is_inert(value) and _has(value, _ANSWERS) else None


def _has(value: Any, names: tuple[str, ...]) -> bool:
    return hasattr(class_of(value), "__getattr__") or any(
        inspect.getattr_static(value, name, None) is not None for name in names)


_REFLECTED = tuple([f"__r{name}__" for name in (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")])
_ANSWERS = ("__float__", "__complex__", "__index__", "__array__", "__array_interface__",
            "__array_struct__", "__dlpack__", "__getitem__")
#: The last two are never made of active values.
_READ_AS_THEY_ARE = (np.ndarray, np.generic, int, float, complex, array.array, memoryview)
