"""Builtin functions that may have written a part of what they write when they raise."""

from __future__ import annotations

import contextlib
import heapq
import operator
import sys
import types
from collections import OrderedDict, deque
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing import Lazy
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.overlaps import is_fancy
from s2sdiff.runtime.sent_out import writes
from s2sdiff.runtime.written_names import functions_behind

__all__ = ["HALF", "may_be_partly_done", "number_of", "unless_drawn", "unless_stopped",
           "unless_untouched"]

_PARTLY = (
    dict.update, dict.__ior__, OrderedDict.update, list.sort, list.extend, list.__iadd__,
    deque.extend, deque.extendleft, deque.__iadd__, set.update, set.__ior__,
    set.intersection_update, set.difference_update, set.symmetric_difference_update,
    operator.ior, operator.iand, operator.isub, operator.ixor,
    heapq.heappush, heapq.heappop, heapq.heappushpop, heapq.heapreplace, heapq.heapify,
    vars(np.ndarray)["put"], np.put,
)
_PUTTING = _PARTLY[-2:]
_SETTING = (operator.setitem, np.ndarray.__setitem__)


def may_be_partly_done(fn: Any, args: tuple, kwargs: dict[str, Any], error: BaseException) -> bool:
    """Whether something may have been written before the error.

    >>> may_be_partly_done(dict.update, ({}, [(1, 2), (3,)]), {}, ValueError())
    True
    >>> may_be_partly_done(list.pop, ([],), {}, IndexError())
    False
    """
    if any(fn is f for f in _PARTLY):
        # A container is updated item by item; an operator on an array looks at the shapes before.
        return not isinstance(args[0], np.ndarray) or fn in _PUTTING
    if fn is setattr and type(args[0]) is np.ndarray and isinstance(error, AttributeError):
        return False  # an array has no such attribute
    return _writes_arrays(fn, args, kwargs) and not _at_once(fn, args, kwargs, error)


def _at_once(fn: Any, args: tuple, kwargs: dict[str, Any], error: BaseException) -> bool:
    """NumPy raises this before it writes anything, given these values.

    What it finds out afterwards is a warning, an exception, or whatever somebody asked for; and
    among objects that it makes numbers of, one after another, one may be no number.
    """
    if not isinstance(error, (TypeError, ValueError, IndexError, OverflowError)) or \
            "call" in np.geterr().values():
        return False
    if isinstance(error, IndexError):
        return True
    values = (*args, *kwargs.values())
    if fn in _SETTING and isinstance(args[2], (list, tuple)) and not is_fancy(args[1]):
        return _are_numbers(args[2])
    return not any(isinstance(a, np.ndarray) and a.dtype.kind not in "biufc" for a in values)


def _are_numbers(values: Any) -> bool:
    """Numbers that arrays of floats have room for."""
    return all(_are_numbers(v) if isinstance(v, (list, tuple)) else
               isinstance(v, (bool, float, np.floating, np.integer, np.bool_))
               or (type(v) is int and abs(v) < 2**64)
               or (isinstance(v, np.ndarray) and v.dtype.kind in "biuf") for v in values)


def unless_untouched(numbers: bool) -> None:
    """Refuse to go on behind an exception that may have left a write into an array in the middle.

    `numbers`: nothing was written but numbers.  Raised in the frame that handles it, so that no
    code of the user's ran meanwhile.
    """
    if not _all_untouched(numbers):
        raise refusal(UnsupportedError, *_STOPPED)


def unless_drawn(*given: Any) -> None:
    """Refuse to go on behind a call that drew from something which runs code of the user's, or ran
    a method that writes: how far it came, the pullback does not know.
    """
    for x in given:
        cls = class_of(x)
        own = [f for c in cls.__mro__ if not is_of_library(c) for n, member in list(vars(c).items())
               if n.startswith("__") and n != "__init__" for f in functions_behind(member)]
        if isinstance(x, Lazy | types.GeneratorType) or hasattr(cls, "__next__") or any(
                map(_may_write, own)):
            raise refusal(UnsupportedError, *HALF)


def _may_write(function: types.FunctionType) -> bool:
    """Whether a function, or one that it has captured, writes."""
    seen, waiting = set[Any](), [function]
    while waiting:
        f = waiting.pop()
        if not isinstance(f, types.FunctionType) or f in seen:
            continue
        seen.add(f)
        if writes(f):
            return True
        for cell in f.__closure__ or ():
            with contextlib.suppress(ValueError):
                waiting.append(cell.cell_contents)
    return False


#: What is refused of a call that nobody has followed to where it stopped, and what to write.
HALF = ("an exception left a call that may have written a part of what it writes",
        "raise before anything is written")


def unless_stopped(sort: int) -> None:
    """Refuse to go on behind a write into an array that has no tangent yet.

    `sort`: 1 for a write in this frame, 2 for one that may be deeper.  Where the exception is gone
    by now, nobody can tell what was done.
    """
    error = sys.exc_info()[1]
    if sort == 2 and error is not None:
        while error is not None and not isinstance(error, (FloatingPointError, Warning)):
            error = error.__context__
        if error is None:
            return
    elif error is not None and _all_untouched(True):
        return
    raise refusal(UnsupportedError, *_STOPPED)


#: What is refused, and what to write instead.
_STOPPED = ("an exception left a write into an array, which may have written a part of it",
            "compute the value in the try, and write it afterwards")


def number_of(number: int, numbers: bool) -> int:
    """What a counter is where an exception left a write: what it was before, if that did nothing.

    As `unless_untouched` otherwise.
    """
    return number - 1 if _all_untouched(numbers) else number


def _all_untouched(numbers: bool) -> bool:
    error = sys.exc_info()[1]
    while error is not None and _untouched(error, numbers):
        error = error.__context__
    return error is None


def _untouched(error: BaseException, numbers: bool) -> bool:
    trace = error.__traceback__
    if trace is None or trace.tb_next is not None:
        return False
    if numbers:
        return isinstance(error, (TypeError, ValueError, IndexError, OverflowError))
    return isinstance(error, IndexError) or (
        isinstance(error, ValueError) and str(error).startswith(_OF_SHAPES))


#: NumPy knows these from the shapes, which it looks at first.
_OF_SHAPES = ("could not broadcast input array",
              "setting an array element with a sequence. The requested array")


def _writes_arrays(fn: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """It computes into an array, as far as the error that NumPy tells of afterwards."""
    if not any(isinstance(a, np.ndarray) for a in (*args, *kwargs.values())) and not isinstance(
            kwargs.get("out"), tuple):
        return False
    if kwargs.get("out") is not None or (isinstance(fn, np.ufunc) and len(args) > fn.nin):
        return True
    rule = registry.find(fn)
    return rule is not None and bool(rule.writes)
