"""Calls by place in a body that an exception may leave: what they did before they raised counts.

`value, pullback, error = try_by_place(wrt, fn, *args)` raises nothing that the callee raises: the
pullback undoes what was done, and generated code raises `error` where it has noted that.  What
is left in the middle by a way that gives no pullback raises as it is.
"""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import (
    asked_instead,
    by_place,
    cells,
    constructors,
    drawing,
    fields,
    holders,
    items,
    methods,
    raising,
    standins,
)
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.fields_by_name import plainly_there
from s2sdiff.runtime.kept_calls import called_again
from s2sdiff.runtime.partly import may_be_partly_done
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.values import Slots, is_inert

__all__ = [
    "attempted", "current", "raise_again", "try_apply_by_place", "try_by_place",
    "try_method_by_place",
]


def try_by_place(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
    """`call_by_place` that gives the callee's exception."""
    if fn is globals:
        return sys._getframe(1).f_globals, lambda bar, bars: (), None
    value, pullback = attempted(fn, wrt, args, kwargs)
    return _told(value, by_place.bare(pullback, wrt, args, kwargs))


def try_method_by_place(wrt: Slots, name: str, owner: Any, /, *args: Any,
                        **kwargs: Any) -> tuple[Any, Any, Any]:
    """`method_by_place` that gives the callee's exception, or that there is no such method."""
    error = _missing(owner, name)
    if error is not None:
        nothing = by_place.bare(
            lambda bar, bars: (None,) * len(wrt), wrt, (owner, *args), kwargs)
        return None, nothing, error
    value, pullback = methods.called_method(wrt, name, owner, args, kwargs, attempted)
    return _told(value, by_place.bare(pullback, wrt, (owner, *args), kwargs))


def _nothing_ran(fn: Any, owner: Any, name: str) -> bool:
    """Whether an attribute that could not be read or set was nobody's to give or to take."""
    if fn is setattr:
        return fields.set_by_python(owner, name)
    if fn is object.__getattribute__:
        return not plainly_there(owner, name)
    return fn is getattr and _missing(owner, name) is not None


def _missing(owner: Any, name: str) -> AttributeError | None:
    """What Python raises for an attribute that is not there, where nobody's code is asked for it.
    """
    cls = class_of(owner)
    if isinstance(owner, (super, type, types.ModuleType)) or hasattr(cls, "__getattr__") or \
            isinstance(cls.__getattribute__, types.FunctionType) or \
            fields.in_class(owner, name) is not None or hasattr(owner, name):
        return None
    try:
        getattr(owner, name)
    except AttributeError as error:
        return error
    return None


def try_apply_by_place(fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any, Any]:
    """`apply_by_place` that gives the callee's exception."""
    return _told(*by_place.applied(fn, args, kwargs, attempted))


def _told(value: Any, pullback: Any) -> tuple[Any, Any, Any]:
    return (None, pullback, value.error) if isinstance(value, Raised) else (value, pullback, None)


def raise_again(error: BaseException | None) -> None:
    """Raise what a call gave as its exception."""
    if error is not None:
        raise error


def current() -> BaseException | None:
    """The exception that is being handled."""
    return sys.exc_info()[1]


def attempted(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`by_place.called`, which gives Raised where the callee raised and there is a pullback."""
    if isinstance(fn, cells.Maker) or fn is super:
        return by_place.called(fn, wrt, args, kwargs)
    other = standins.for_call(fn, kwargs)
    if other is not None:
        return attempted(other, wrt, args, kwargs)
    if not kwargs and (fn is object.__getattribute__ or (
            isinstance(fn, types.BuiltinFunctionType) and (
                fn in items.HANDING_ON or fn is getattr or fn is setattr))):
        try:
            found = by_place.SPECIAL[fn](fn, wrt, args, attempted)
        except AttributeError as error:
            if not _nothing_ran(fn, *args[:2]):
                raise
            return Raised(error), lambda bar, bars: (None,) * len(wrt)
        if found is not None:
            return found
    if fn is next and args and drawing.says(args[0], "__next__"):
        return attempted(drawing.next_of_class, wrt, args, kwargs)
    if registry.find(fn) is None:
        if isinstance(fn, types.MethodType):
            return holders.shifted(fn, fn.__func__, (fn.__self__,), wrt, args, kwargs, attempted)
        if isinstance(fn, functools.partial):
            return holders.of_partial(fn, wrt, args, kwargs, attempted)
        if isinstance(fn, types.FunctionType):
            written = constructors.initialised(fn, wrt, args, kwargs, attempted)
            return holders.of_function(fn, wrt, args, kwargs, attempted, True) \
                if written is None else written
        if isinstance(fn, functools._lru_cache_wrapper):
            return called_again(fn, wrt, args, kwargs, lambda f: attempted(f, wrt, args, kwargs),
                                lambda f: raising.unless_raised(f, wrt, args, kwargs, True),
                                Raised, placed=True)
        if isinstance(fn, type):
            made = constructors.constructed(fn, wrt, args, kwargs, attempted)
            if made is not None:
                return made
        elif isinstance(getattr(class_of(fn), "__call__", None), types.FunctionType):  # noqa: B004
            return holders.of_callable(fn, wrt, args, kwargs, attempted)
    if not _of_library(fn):
        return by_place.called(fn, wrt, args, kwargs)
    try:
        return by_place.called(fn, wrt, args, kwargs)
    except DifferentiationError:
        raise
    except Exception as error:
        if _runs_users_code(args) or _runs_users_code(kwargs.values()) or \
                may_be_partly_done(fn, args, kwargs, error):
            raise
        # What else is built in does all that it does, or nothing.
        return Raised(error), lambda bar, bars: (None,) * len(wrt)


def _of_library(fn: Any) -> bool:
    return isinstance(fn, (types.BuiltinFunctionType, types.MethodDescriptorType, np.ufunc,
                           types.WrapperDescriptorType, types.MethodWrapperType, class_of(np.sum)))


def _runs_users_code(values: Any) -> bool:
    """Something among arguments may be an object whose class has methods of the user's."""
    return any(not (is_inert(v) or isinstance(v, (float, complex, np.generic))
                    or class_of(v) in (np.ndarray, tuple, list, dict, set)) or callable(v)
               or (isinstance(v, (tuple, list, set)) and _runs_users_code(v)) for v in values)


asked_instead.attempted = attempted
