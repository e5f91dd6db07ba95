"""Writes into arrays that an exception may leave when NumPy has written a part, or all, of it.

NumPy looks for divisions by zero and overflows when it has written, and raises then, where
`np.errstate` or a filter of warnings says so.  What it converts element by element it writes as far
as that goes.  Where a handler goes on after such a write, generated code asks the exception.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops
from s2sdiff.ir import Bind, Block, Const, If, Ref, Store, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime import partly, planted
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms import parts
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.new_memory import INPLACE
from s2sdiff.transforms.steps import Region

__all__ = ["CALL", "broken_off", "drawn", "may_stop", "stops", "untouched"]

#: What it is of which one does not know how far it came: a write of numbers, one of what is made a
#: number first, or a call.
SURE, UNSURE, CALL = "numbers", "values", "call"

#: Methods of arrays that write all or nothing.
_WHOLE = ("fill", "sort", "partition", "resize", "setflags")


def drawn(s: ir.Stmt, context: Any) -> tuple[Any, ...]:
    """What a call is given that may run code of the user's when it is drawn from, or asked."""
    if not isinstance(s, Bind):
        return ()
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, ir.Opaque) or fn is getattr or (
            isinstance(fn, types.FunctionType) and not is_of_library(fn)):
        return ()
    given = (*s.args, *[a for _, a in s.kwargs])
    return tuple([a for a in given if isinstance(a, Var) and _may_run(kind_of_atom(a, context))])


def _may_run(kind: Kind) -> bool:
    if kind.is_number or kind.inert or kind.is_array or kind.is_tuple:
        return False
    return kind.type is None or not (isinstance(kind.type, type) and is_of_library(kind.type)) or \
        hasattr(kind.type, "__next__")


def stops(s: Store, context: Any) -> str | None:
    """Whether a plain write may stop in the middle, and by what it would be known."""
    assert s.value is not None
    return _of_item(s.fn, s.target, s.key, s.value, context)


def may_stop(s: Bind, context: Any) -> bool:
    """Whether a call of a builtin function that writes may stop in the middle of an array."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is ops.method:
        return kind_of_atom(s.args[0], context).is_array and s.args[1].value not in _WHOLE \
            if isinstance(s.args[1], Const) else True
    if fn is operator.setitem and len(s.args) == 3:
        return _of_item(fn, *s.args, context) is not None
    if fn in INPLACE:
        return kind_of_atom(s.args[0], context).is_array
    if isinstance(fn, np.ufunc) or isinstance(getattr(fn, "__self__", None), np.ufunc):
        return True
    descriptor = isinstance(fn, (types.MethodDescriptorType, types.WrapperDescriptorType))
    return descriptor and fn.__objclass__ is np.ndarray and fn.__name__ not in _WHOLE


def _of_item(fn: Any, target: Any, key: Any, value: Any, context: Any) -> str | None:
    a, v = kind_of_atom(target, context), kind_of_atom(value, context)
    if not a.is_array:
        return None
    item: Kind = a if key is None else parts.item(
        Bind((), Ref(operator.getitem), (target, key), (), ir.Loc("", 0, 0)),
        [a, kind_of_atom(key, context)])
    if fn is not operator.setitem:
        return None if item.is_scalar else SURE
    if v.type in (float, int, bool) or (v.is_number and _holds(a, v)):
        return None  # before anything is written it is made what the array holds
    if item.is_scalar and v.inert:
        return None
    return SURE if v.is_number or item.is_scalar else UNSURE


def _holds(a: Kind, v: Kind) -> bool:
    """An array has room for all values of another kind."""
    try:
        return a.dtype is not None and v.dtype is not None and np.can_cast(v.dtype, a.dtype)
    except TypeError:
        return False


def broken_off(region: Region, context: Any, raised: bool = True) -> Block:
    """What is not followed is refused: where the counter says that an exception came there.

    Where it was `raised`, and is not gone by now, it may say that nothing was done.
    """
    out: list[ir.Stmt] = []
    for counter, number, why, loc in region.broken:
        if isinstance(why, tuple):
            refuse = Bind((), Ref(partly.unless_drawn), why, (), loc)
        elif why != CALL and raised:
            refuse = Bind((), Ref(partly.unless_untouched), (Const(why == SURE),), (), loc)
        else:
            error = errors.refusal(errors.UnsupportedError, *partly.HALF)
            args = (Const(type(error).__name__), Const(str(error)))
            refuse = Bind((), Ref(planted.refuse), args, (), loc)
        test = context.names("test_1")
        out += [Bind((test,), Ref(operator.eq), (Var(counter), Const(number)), (), loc),
                If(Var(test), (refuse,), (), loc)]
    return tuple(out)


def untouched(region: Region, context: Any) -> Block:
    """In front of a manager, which may end it, the exception is asked what was not done."""
    out: list[ir.Stmt] = []
    for counter, number, why, loc in region.broken:
        if why != CALL and not isinstance(why, tuple):
            test = context.names("test_1")
            back = Bind((counter,), Ref(partly.number_of), (Const(number), Const(why == SURE)), (),
                        loc)
            out += [Bind((test,), Ref(operator.eq), (Var(counter), Const(number)), (), loc),
                    If(Var(test), (back,), (), loc)]
    return tuple(out)
