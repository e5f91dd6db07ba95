"""Attributes of what has no fields of its own: numbers, `super()`, and what is called."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.attributes import attribute, has_no_place
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars, owner_of
from s2sdiff.runtime.values import is_inert
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["HELD", "METHODS", "default_names", "nothing", "of_held", "of_number", "of_super",
           "with_defaults"]

Called = Callable[..., tuple[Any, Any]]
#: Methods as values, which hold their owner.
METHODS = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)
#: What holds arguments of a call, under the names of attributes.
HELD = (functools.partial.args, functools.partial.keywords,  # type: ignore[attr-defined]
        vars(types.FunctionType)["__defaults__"], *[vars(cls)["__self__"] for cls in METHODS])


def nothing(bar: Any, bars: Bars) -> tuple:
    """The pullback of what has no cotangent of its own."""
    return (None,)


def default_names(fn: Any) -> tuple[str, ...]:
    """The parameters that `fn.__defaults__` are of.

    >>> default_names(lambda a, b=1, *, c=2: None)
    ('b',)
    """
    count = fn.__code__.co_argcount
    return fn.__code__.co_varnames[max(count - len(fn.__defaults__ or ()), 0):count]


def with_defaults(fn: types.FunctionType) -> tuple[str, ...]:
    """The parameters that have a default now, be it another than the text gives them, or one more.

    >>> with_defaults(types.FunctionType((lambda a, b=1, *, c, d=2: 0).__code__, {}))
    ()
    """
    return (*default_names(fn), *(fn.__kwdefaults__ or ()))


def of_held(owner: Any, name: str) -> tuple[Any, Any]:
    """What something holds to be called with, whose cotangents are where its calls put them."""
    value = getattr(owner, name)
    if name == "keywords":
        return value, nothing
    keys = default_names(owner) if name == "__defaults__" else range(
        len(value) if name == "args" else 1)

    def pullback(bar: Any, bars: Bars) -> tuple:
        found = (bar,) if name == "__self__" else bar or (None,) * len(keys)
        for key, g in zip(keys, found, strict=True):
            add_slot(bars, owner, key, g)
        return (None,)

    return value, pullback


def of_super(owner: Any, name: str, called: Called) -> tuple[Any, Any]:
    """`super().name`: a method, a property, or what a class holds.

    What has a place has its cotangent there; that of a tuple is the entry of `super()`.
    """
    me, start = owner.__self__, owner.__thisclass__
    mro = owner.__self_class__.__mro__
    for cls in mro[mro.index(start) + 1:]:
        found = vars(cls).get(name)
        if isinstance(found, property) and found.fget is not None and not isinstance(me, type):
            return called(found.fget, (0,), (me,), {})
        if name in vars(cls):
            if _described(found) and not isinstance(found, types.FunctionType):
                raise refusal(UnsupportedError, f"super().{name} is read by a descriptor",
                              "store the value in a plain attribute")
            break
    value = getattr(owner, name)
    if not has_no_place(me) or isinstance(value, types.FunctionType) or is_inert(value):
        return value, nothing
    if not isinstance(value, METHODS):
        raise refusal(UnsupportedError, f"super().{name} of a {type(me).__name__} is no method",
                      "read it by the name of its class")
    return value, lambda bar, bars: (slot(bars, value, 0),)


def _described(found: Any) -> bool:
    """A descriptor of a class of the user's."""
    return isinstance(getattr(class_of(found), "__get__", None), types.FunctionType)


def of_number(owner: Any, name: str) -> tuple[Any, Any]:
    if callable(getattr(owner, name)):
        method = getattr(owner, name)
        # A number has no place: what the method gives for it when it is called lies with it.
        return method, nothing if isinstance(owner, np.ndarray) else \
            lambda bar, bars: (slot(bars, method, 0),)
    value, pullback = attribute((0,), name, owner)
    if isinstance(value, np.ndarray) and isinstance(owner, np.ndarray) and \
            owner_of(value) is owner_of(owner):
        return value, nothing
    stand_in = parts(owner)

    def pull(bar: Any, bars: Bars) -> tuple:
        seed = withdraw(bars, value, bar)
        return (None if seed is None else deposit(bars, stand_in, pullback(seed)),)

    return value, pull
