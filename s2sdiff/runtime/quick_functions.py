"""Calls by place of functions and methods of the user's, that have no way of their own.

`by_place.called` asks of every call what else it might be: that is remembered here with the
function, and asked again when a rule is registered.  The answer is None where it does not serve.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.registry import PLAIN, overlay
from s2sdiff.runtime import calls, nested, standins, unseen
from s2sdiff.runtime.answering import answers
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.quick_numbers import Found
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots, is_inert

__all__ = ["init_of", "is_direct", "method_of", "of_class", "of_function", "of_method"]

_NUMBERS = (float, complex, np.inexact)
_IN_PYTHON = 1 << 9
_NOT_OBJECTS = (type, types.ModuleType, tuple, list, dict, set, frozenset, BaseException)


def of_function(wrt: Slots, fn: types.FunctionType, args: tuple) -> Found:
    """The value of `fn(*args)` and its pullback, as `by_place.call_by_place` gives them."""
    # What captures nothing that varies, and is given nothing, may be left as it is.
    if not is_direct(fn) or (all(map(is_inert, args)) and is_inert(fn)):
        return None
    if not all(map(is_inert, fn.__defaults__ or ())) or fn.__kwdefaults__:
        used = nested.defaults(fn, args, {})
        if not all(map(is_inert, used.values())):
            return None
    assert calls.derive is not None
    value, pullback = calls.derive(fn, wrt, True, True)(*args)
    if len(wrt) != 1:
        return value, _bare(pullback, [args[i] for i in wrt])
    x = args[wrt[0]]
    if not isinstance(x, _NUMBERS):
        return value, pullback

    def pull(bar: Any, bars: Bars) -> Any:
        entry = pullback(bar, bars)
        return entry if type(entry) is type(x) else match(entry, x)

    return value, pull


def _bare(pullback: Any, given: list[Any]) -> Any:
    """A number has an entry in its type, if only zero."""
    numbers = [(i, x) for i, x in enumerate(given) if isinstance(x, _NUMBERS)]
    if not numbers:
        return pullback

    def pull(bar: Any, bars: Bars) -> Any:
        entries = list(pullback(bar, bars))
        for i, x in numbers:
            if type(entries[i]) is not type(x):
                entries[i] = match(entries[i], x)
        return tuple(entries)

    return pull


def is_direct(fn: types.FunctionType) -> bool:
    """Whether a call of it is that of its own code, whatever it is given."""
    if overlay.get() is not PLAIN:
        return False
    assert calls.record_of is not None
    record = calls.record_of(fn)
    epoch = registry.epoch
    if record.looked_at != epoch:
        record.direct = not (
            _is_of_library(fn) or _is_written_into_a_class(fn) or nested.is_derivative(fn)
            or registry.find(fn) is not None or standins.for_call(fn, {}) is not None)
        record.looked_at = epoch
    return record.direct


def of_class(wrt: Slots, cls: type, args: tuple) -> Found:
    """The value of `cls(*args)` and its pullback, as `by_place.call_by_place` gives them."""
    init = init_of(cls)
    if init is None:
        return None
    unseen.met(cls)
    made = object.__new__(cls)
    found = of_function(tuple([s + 1 for s in wrt]), init, (made, *args))
    if found is None:
        return None
    pullback = found[1]
    return made, lambda bar, bars: pullback(None, bars)


def init_of(cls: type) -> Any:
    """What sets up the objects of a class of the user's that are made as Python makes them."""
    init: Any = cls.__init__
    if type(cls) is not type or type(init) is not types.FunctionType or \
            cls.__new__ is not object.__new__ or hasattr(cls, "__del__") or \
            _is_of_library(cls) or registry.is_registered(cls):
        return None
    return init


def _is_of_library(x: Any) -> bool:
    """What stands for others' code is compiled as the user's is."""
    return is_of_library(x) and not standins.is_standin(x.__module__)


def _is_written_into_a_class(fn: types.FunctionType) -> bool:
    """Whether a library made it, of a dataclass or a namedtuple."""
    return fn.__name__ == "__new__" or fn.__code__.co_filename == "<string>"


def of_method(wrt: Slots, name: str, owner: Any, args: tuple) -> Found:
    """The value of `owner.name(*args)` and its pullback, as `by_place.method_by_place` does."""
    fn = method_of(owner, name)
    return None if fn is None else of_function(wrt, fn, (owner, *args))


def method_of(owner: Any, name: str) -> Any:
    """The function that a class of the user's has under a name for its objects; or None."""
    cls = type(owner)
    if not cls.__flags__ & _IN_PYTHON or isinstance(owner, _NOT_OBJECTS):
        return None
    if answers(owner) or name in getattr(owner, "__dict__", ()) or is_constant(cls, name):
        return None
    for c in cls.__mro__:
        if name in c.__dict__:
            fn = c.__dict__[name]
            break
    else:
        return None
    return fn if type(fn) is types.FunctionType else None
