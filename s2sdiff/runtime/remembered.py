"""What earlier calls have kept under a number, or beside one: it has no derivative any more.

A cache that is written by hand answers with what it computed before, where the number that it is
asked for equals one that it knows.  Nearby it would compute anew, and that has a derivative.  What
was kept in the same run has one, too: generated code notes it.
"""

from __future__ import annotations

import dis
import types
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.kept_in_run import is_new
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.own_fields import all_fields, own_fields
from s2sdiff.runtime.users_names import is_literal
from s2sdiff.runtime.written_names import methods_of, written_by

__all__ = ["compared", "fresh_end", "fresh_if_equal", "fresh_if_other",
           "fresh_than", "fresh_under", "is_record", "is_stored", "is_tested",
           "may_answer", "refuse_kept", "shape_of", "tells"]


def fresh_under(held: Any, key: Any, of_text: bool = False) -> None:
    """Refuse to take what has a derivative from a dict under a number, alone or in a tuple.

    With `of_text`, the key is the text or the hash of a number, or such ints.

    >>> fresh_under({"a": 1.0, (1, 2): 2.0}, (1, 2))
    """
    if isinstance(held, dict) and (_is_of_numbers(key) or (of_text and _has_digits(key))) and \
            dict.__contains__(held, key) and not is_new(held, key) and \
            not is_inert(dict.__getitem__(held, key)):
        raise _refusal("under a key that is made of it")


#: What tests of numbers give; what a class of the user's gives is its own affair.
_TRUTHS = (bool, np.bool_, np.ndarray)


def fresh_if_equal(result: Any, x: Any, owner: Any, key: Any, written: bool,
                   answer: Any) -> None:
    """Refuse that a number equals what is kept in a place, as caches have it.

    If it is not `written` where that is asked, a method of the owner must write that attribute.
    `answer` names others in which the owner may hold what is let out, where it does so.
    """
    if result is False or not isinstance(result, _TRUTHS) or not np.size(result) or \
            not _holds_numbers(x, 3):
        return
    # Of an array of numbers, one may be that which is looked for.
    searched = isinstance(result, np.ndarray) and result.ndim > len(shape_of(x) or ())
    if (np.any(result) if searched else np.all(result)) and may_answer(owner, key, answer):
        refuse_kept(owner, key, written)


def fresh_if_other(result: Any, x: Any, owner: Any, key: Any, written: bool,
                   answer: Any) -> None:
    """`fresh_if_equal` of what is told by `!=`."""
    if isinstance(result, _TRUTHS):
        fresh_if_equal(np.logical_not(result), x, owner, key, written, answer)


def fresh_end(found: Any, begun: Any, owner: Any, name: str) -> None:
    """Refuse that a search has taken no step from what an earlier call has left."""
    if found is begun and _is_of_numbers(found) and not isinstance(found, (tuple, list)) and \
            not is_new(owner, name):
        raise refusal(UnsupportedError, f"the search ends at {name}, where an earlier call has "
                      "left it, without a step: what it gives has no derivative",
                      "test behind the step, or begin at another number")


def fresh_than(owner: Any, names: tuple[str, ...], *given: Any) -> None:
    """Refuse that attributes equal what a method is given that compares with them, and nobody
    follows.
    """
    fields = own_fields(owner)
    for name in [n for n in names if n in fields and may_answer(owner, n, "owner")]:
        if any(_is_of_numbers(x) and _equal(fields[name], x, np.array_equal)
               for x in (*given, given)):
            refuse_kept(owner, name, True)


def refuse_kept(owner: Any, key: Any, written: bool) -> None:
    """Refuse it, where the place is written, or methods write it, but not in this run."""
    if (written or is_stored(class_of(owner), key)) and not is_new(owner, key):
        raise _refusal("beside a number that it equals")


def may_answer(owner: Any, key: Any, answer: Any) -> bool:
    """Whether something with a derivative lies in one of the attributes that `answer` names.

    Where it says "owner", that is any other than the key that methods write.
    """
    fields = own_fields(owner)
    if not fields or isinstance(owner, type):
        return True
    if answer == "owner":
        answer = tuple(n for n in fields if n != key and (
            isinstance(owner, types.FunctionType) or is_stored(class_of(owner), n)))
    return not isinstance(answer, tuple) or any(
        n in fields and not is_inert(fields[n]) for n in answer)


def _equal(value: Any, x: Any, same: Any) -> bool:
    if isinstance(value, (tuple, list)) or isinstance(x, (tuple, list)):
        return isinstance(value, (tuple, list)) and isinstance(x, (tuple, list)) and \
            len(value) == len(x) and all(_equal(v, y, same) for v, y in zip(value, x, strict=True))
    return _is_of_numbers(value) and np.shape(value) == np.shape(x) and bool(same(value, x))


def _refusal(how: str) -> Exception:
    return refusal(UnsupportedError, "what an earlier call has computed of an active value is kept "
                   f"{how}, and has no derivative", "compute it without the cache, or let "
                   "functools.lru_cache keep it; sd.stop_gradient of the number says that it is "
                   "meant")


def shape_of(x: Any) -> tuple[int, ...] | None:
    """The shape of an array, a number, or a list of such; None for what has none.

    >>> shape_of([1.0, 2.0]), shape_of(3.0), shape_of([[1.0], [2.0, 3.0]]), shape_of("a")
    ((2,), (), None, None)
    """
    if isinstance(x, (np.ndarray, np.generic)):
        return x.shape
    if not isinstance(x, (list, tuple)):
        return () if isinstance(x, (int, float, complex)) else None
    shapes = {shape_of(v) for v in x}
    (one,) = shapes if len(shapes) == 1 else (None,)
    return None if one is None else (len(x), *one)


def _is_of_numbers(x: Any) -> bool:
    if isinstance(x, (tuple, list, frozenset)):
        return any(map(_is_of_numbers, x))
    return isinstance(x, (float, complex, np.inexact)) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "fc")


def is_record(x: Any, depth: int = 3) -> bool:
    """An object with numbers, which may be a point that a cache knows, as dataclasses are."""
    cls = class_of(x)
    return depth > 0 and (cls is types.SimpleNamespace or not is_of_library(cls)) and any(
        _is_of_numbers(v) or is_record(v, depth - 1) for v in all_fields(x).values())


def _holds_numbers(x: Any, depth: int) -> bool:
    parts = dict.values(x) if isinstance(x, dict) else x if isinstance(x, (tuple, list)) else ()
    return _is_of_numbers(x) or is_record(x) or (depth > 0 and any(
        _holds_numbers(v, depth - 1) for v in parts))


def _has_digits(x: Any) -> bool:
    """Not of a name that stands in some code: nobody has made that of a number."""
    if isinstance(x, (tuple, frozenset)):
        return any(map(_has_digits, x))
    return isinstance(x, (str, bytes, int, np.integer)) and any(map(str.isdigit, str(x))) and \
        not is_literal(x)


# ------------------------------------------------------------------------- what methods do


def is_stored(cls: type, name: str) -> bool:
    """Whether methods of a class write an attribute of that name, other than to make an object.

    That is asked each time: classes get other methods.

    >>> class Last:
    ...     def __init__(self):
    ...         self.x, self.limit = None, 2.0
    ...     def note(self, x):
    ...         self.x = x
    >>> is_stored(Last, "x"), is_stored(Last, "limit")
    (True, False)
    """
    return any(name in written_by(f.__code__).attributes for f in methods_of(cls))


def is_tested(cls: type, name: str) -> bool:
    """Whether methods of a class write an attribute, and test something beside it."""
    return is_stored(cls, name) and any(
        name in f.__code__.co_names and _tests(f.__code__) for f in methods_of(cls))


def compared(function: types.FunctionType, cls: type) -> tuple[str, ...]:
    """The attributes that methods write, in a function of the class that tests something, or in
    such methods that it calls.
    """
    codes, waiting = [], [function.__code__]
    while waiting:
        code = waiting.pop()
        if code not in codes:
            codes.append(code)
            waiting += [f.__code__ for n in code.co_names
                        for f in (getattr(cls, n, None),) if isinstance(f, types.FunctionType)]
    return tuple(n for n in dict.fromkeys(n for c in codes if _tests(c) for n in c.co_names)
                 if is_stored(cls, n))


def _tests(code: types.CodeType) -> bool:
    return not _TESTS.isdisjoint(code.co_names) or any(
        i.opname in _TESTING for i in dis.get_instructions(code))


def tells(code: types.CodeType) -> bool:
    """Whether code tells that something is equal, and not only which is less."""
    return not _TESTS.isdisjoint(code.co_names) or any(
        i.opname == "CONTAINS_OP" or (i.opname == "COMPARE_OP" and i.argval in ("==", "!="))
        for i in dis.get_instructions(code))


_TESTING = ("COMPARE_OP", "CONTAINS_OP")
_TESTS = frozenset({"allclose", "array_equal", "array_equiv", "equal", "isclose", "not_equal",
                    "all", "any", "count_nonzero", "index", "count", "isin"})
