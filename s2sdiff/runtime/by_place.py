"""Calls in code that may write: `value, pullback = call(wrt, fn, *args)`, `pullback(bar, bars)`.

`bars` is the table of shadows (`shadows`).  Only cotangents without a place travel as `bar` and as
entries, which are those of numbers and of the numbers in tuples; all others are in the table.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import refusal
from s2sdiff.runtime import (
    calls,
    cells,
    constructors,
    copies,
    fields,
    fields_by_name,
    items,
    nested,
    noted_on_the_way,
    object_arrays,
    raising,
    reasons,
    standins,
    unseen,
)
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.called_in_c import searches_in_sight
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.dispatched import implementation, run
from s2sdiff.runtime.filled_containers import FILLING, filled
from s2sdiff.runtime.holders import (
    Call,
    made_function,
    of_callable,
    of_function,
    of_partial,
    shifted,
)
from s2sdiff.runtime.iterated import iterated, refuse_in_c
from s2sdiff.runtime.kept_calls import called_again
from s2sdiff.runtime.methods import called_method
from s2sdiff.runtime.plain_classes import check_hashed
from s2sdiff.runtime.proxies import through
from s2sdiff.runtime.quick import quick_call, quick_method
from s2sdiff.runtime.quick_fields import quick_read
from s2sdiff.runtime.ruled import fills, ruled
from s2sdiff.runtime.shadow_slots import slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.sparse_order import must_be_in_order
from s2sdiff.runtime.standins_ordered import storing
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import Slots, argument, is_inert
from s2sdiff.runtime.walks import Walk

__all__ = [
    "applied", "apply_by_place", "attribute_by_place", "bare", "call_by_place", "call_writing",
    "called", "descriptor", "method_by_place", "method_writing",
]

Pullback = Callable[[Any, Bars], Any]


def call_by_place(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`fn(*args, **kwargs)`, of whatever it turns out to be."""
    if not kwargs:
        found = quick_call(wrt, fn, args)
        if found is not None:
            return found
    unseen.check(fn, args)
    return _written(wrt, fn, args, kwargs)


def call_writing(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`call_by_place` in code that knows what an operator writes."""
    if not kwargs:
        found = quick_call(wrt, fn, args)
        if found is not None:
            return found
    refuse_in_c(fn, wrt, args)
    return _written(wrt, fn, args, kwargs)


def _written(wrt: Slots, fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    if fn is globals:
        # Those of the code that calls, and not of this module.
        return sys._getframe(2).f_globals, lambda bar, bars: ()
    searches_in_sight(fn, kwargs)
    value, pullback = called(fn, wrt, args, kwargs)
    return value, bare(pullback, wrt, args, kwargs)


def method_by_place(wrt: Slots, name: str, owner: Any, /, *args: Any,
                    **kwargs: Any) -> tuple[Any, Pullback]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    unseen.check_method(owner, name)
    if not kwargs:
        found = quick_method(wrt, name, owner, args)
        if found is not None:
            return found
    value, pullback = called_method(wrt, name, owner, args, kwargs, called)
    return value, bare(pullback, wrt, (owner, *args), kwargs)


def method_writing(wrt: Slots, name: str, owner: Any, /, *args: Any,
                   **kwargs: Any) -> tuple[Any, Pullback]:
    """`method_by_place` in code that knows what the method writes."""
    if not kwargs:
        found = quick_method(wrt, name, owner, args)
        if found is not None:
            return found
    value, pullback = called_method(wrt, name, owner, args, kwargs, called)
    return value, bare(pullback, wrt, (owner, *args), kwargs)


def attribute_by_place(wrt: Slots, name: str, owner: Any) -> tuple[Any, Pullback]:
    """`owner.name`, through properties, too."""
    quick = quick_read(name, owner) if wrt else None
    if quick is not None:
        return quick
    must_be_in_order(owner, name)
    value, pullback = fields.read(owner, name, called)
    return value, bare(pullback, (0,), (owner,), {}) if wrt else pullback


def apply_by_place(fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    """`fn(*args, **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return applied(fn, args, kwargs, called)


def applied(fn: Any, args: tuple, kwargs: dict[str, Any],
            call: Call) -> tuple[Any, Pullback]:
    """`apply_by_place`, where `call` is `called` or `tried.attempted`."""
    wrt: Slots = tuple(i for i, a in enumerate(args) if not is_inert(a)) + tuple(
        k for k, v in kwargs.items() if not is_inert(v))
    value, pullback = call(fn, wrt, args, kwargs)

    def pull(bar: Any, bars: Bars) -> tuple[tuple, dict]:
        found = dict(zip(wrt, pullback(bar, bars), strict=True))
        return tuple(found.get(i) for i in range(len(args))), {k: found.get(k) for k in kwargs}

    return value, pull


def bare(pullback: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> Pullback:
    """One entry is given as it is, several as a tuple; a number's is one, if only zero."""
    given = [argument(slot, args, kwargs) for slot in wrt]
    like = [x if isinstance(x, (float, complex, np.inexact)) else None for x in given]

    def bare(bar: Any, bars: Bars) -> Any:
        found = [e if x is None else match(e, x)
                 for e, x in zip(pullback(bar, bars), like, strict=True)]
        return found[0] if len(found) == 1 else tuple(found)

    return bare


# ---------------------------------------------------------------------------- what is called


def called(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A call; its pullback gives a tuple of entries, one for each slot."""
    if isinstance(fn, cells.Maker):
        return made_function(fn, wrt, args, kwargs)
    if fn is cells.cell:
        made = cells.cell(*args)
        return made, lambda bar, bars: tuple(slot(bars, made, "cell_contents") for _ in wrt)
    if fn is vars and len(args) == 1:
        return vars(*args), lambda bar, bars: (None,) * len(wrt)
    if isinstance(fn, type):
        check_hashed(fn)
    if fn is np.frompyfunc or fn is super or constructors.decorates(fn):
        return fn(*args, **kwargs), lambda bar, bars: tuple([
            bar if fn is super and s == 1 else None for s in wrt])
    if args and type(args[0]) is types.MappingProxyType:
        fn, args = through(fn, args)
    if type(kwargs.get("out")) is tuple and not nested.calls_function(fn):
        kwargs = {**kwargs, "out": _only(kwargs["out"])}
    other = standins.for_call(fn, kwargs)
    if other is not None:
        return called(other, wrt, args, kwargs)
    walked = iterated(fn, wrt, args, kwargs, called) if isinstance(fn, _DRAWING) else None
    if walked is not None:
        return walked
    stored = storing(fn, args) if isinstance(fn, types.WrapperDescriptorType) else None
    if stored is not None:
        return called(stored, wrt, args, kwargs)
    if isinstance(fn, types.WrapperDescriptorType) and fn in FILLING and args:
        return filled(fn, wrt, args, kwargs, called)
    special = SPECIAL.get(fn) if isinstance(fn, _LOOKED_UP) else None
    if special is not None and not kwargs:
        found = special(fn, wrt, args, called)
        if found is not None:
            return found
    if fn is _ASTYPE and object_arrays.holds_objects(args[0]):
        return object_arrays.converted(wrt, args, kwargs)
    if fn is _ITEM and object_arrays.holds_objects(args[0]):
        return object_arrays.alone(wrt, *args)
    rule = registry.find(fn)
    if rule is not None and fills(fn, rule, args, kwargs):
        rule = registry.find(fn, "out") or rule
    if rule is not None:
        return ruled(fn, rule, wrt, args, kwargs, called)
    if isinstance(fn, types.MethodType):
        if fn.__func__ is Walk.__next__:
            return shifted(fn, next, (fn.__self__,), wrt, args, kwargs, called)
        return shifted(fn, fn.__func__, (fn.__self__,), wrt, args, kwargs, called)
    if isinstance(fn, functools.partial):
        return of_partial(fn, wrt, args, kwargs, called)
    if isinstance(fn, types.FunctionType):
        written = constructors.initialised(fn, wrt, args, kwargs, called)
        return of_function(fn, wrt, args, kwargs, called) if written is None else written
    owner = getattr(fn, "__self__", None)
    if isinstance(fn, types.MethodWrapperType):
        if isinstance(owner, types.FunctionType) and fn.__name__ == "__call__":
            return called(owner, wrt, args, kwargs)
        found = getattr(fn.__objclass__, fn.__name__)
        return shifted(fn, found, (owner,), wrt, args, kwargs, called)
    if isinstance(fn, types.BuiltinMethodType) and owner is not None \
            and not isinstance(owner, types.ModuleType) and hasattr(class_of(owner), fn.__name__) \
            and not isinstance(owner, type):
        return shifted(fn, descriptor(fn, owner), (owner,), wrt, args, kwargs, called)
    if isinstance(fn, type):
        made = constructors.constructed(fn, wrt, args, kwargs, called)
        if made is not None:
            return made
    elif isinstance(getattr(class_of(fn), "__call__", None), types.FunctionType):  # noqa: B004
        return of_callable(fn, wrt, args, kwargs, called)
    if isinstance(fn, functools._lru_cache_wrapper):
        return called_again(fn, wrt, args, kwargs, lambda f: called(f, wrt, args, kwargs),
                            lambda f: raising.unless_raised(f, wrt, args, kwargs, False),
                            placed=True)
    behind = implementation(fn, args, kwargs)
    if behind is not None:
        return run(fn, args, kwargs, lambda: called(behind, wrt, args, kwargs))
    plain_kind = isinstance(fn, (types.BuiltinFunctionType, np.ufunc, type,
                                 types.MethodWrapperType, *_DESCRIPTORS))
    if (plain_kind or not holds_numbers(fn)) and all(
            is_inert(argument(slot, args, kwargs)) for slot in wrt) and (
            isinstance(fn, type) or any(fn is f for f in _ASKING)
            or not any(map(_is_closure, (*args, *kwargs.values())))):
        return calls.plainly(fn, args, kwargs), lambda bar, bars: (None,) * len(wrt)
    if any(fn is reader for reader in _FIELD_READERS):
        # With what has no such field it raises, as the plain call does.
        value = fn(*args, **kwargs)
        if is_inert(value):
            return value, lambda bar, bars: (None,) * len(wrt)
    raise reasons.unknown(fn)


#: What may draw all items of its first argument.
_DRAWING = (types.BuiltinFunctionType, types.FunctionType, types.MethodDescriptorType, type)

#: Of `cls.__dict__["name"]`: what gives the field of an object.
_FIELD_READERS = (types.MemberDescriptorType.__get__, types.GetSetDescriptorType.__get__)

_ASTYPE, _ITEM = vars(np.ndarray)["astype"], vars(np.ndarray)["item"]

#: What may have a way of its own.
_LOOKED_UP = (types.BuiltinFunctionType, types.FunctionType, type, types.MethodDescriptorType,
              types.WrapperDescriptorType)

_DESCRIPTORS = (types.MethodDescriptorType, types.WrapperDescriptorType,
                types.ClassMethodDescriptorType)


#: They call no function that they are given.
_ASKING = (isinstance, issubclass, hasattr, callable, id, hash, repr,
           object.__getattribute__, object.__repr__, object.__hash__, object.__eq__, object.__ne__)


def _is_closure(x: Any) -> bool:
    """A function that nobody gives a derivative here, and that may write or read what has one."""
    return isinstance(x, (types.FunctionType, types.MethodType, functools.partial)) and \
        not is_inert(x)


def descriptor(fn: Any, owner: Any) -> Any:
    """What a builtin method is in the class that it comes from: `super()` passes over others."""
    for cls in class_of(owner).__mro__:
        found = vars(cls).get(fn.__name__)
        if isinstance(found, _DESCRIPTORS) and found.__get__(owner, class_of(owner)) == fn:
            return found
    return getattr(class_of(owner), fn.__name__)


def _only(out: tuple) -> Any:
    """The one array in a tuple for `out=`."""
    if len(out) == 1:
        return out[0]
    raise refusal(calls.UnsupportedError, f"out= with a tuple of {len(out)}",
                  "call it without out=, and write into the arrays afterwards")


#: Builtin functions that look at the type of what they are given before rules are asked.
SPECIAL: dict[Any, Any] = {**items.SPECIAL, **copies.SPECIAL, **fields_by_name.SPECIAL,
                           **constructors.SPECIAL, **noted_on_the_way.SPECIAL}
