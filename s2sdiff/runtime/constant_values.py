"""Values through which nothing has a derivative, where it is found out when code runs."""

from __future__ import annotations

import functools
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, UnsupportedError, refusal
from s2sdiff.runtime import stopped_copies
from s2sdiff.runtime.carried import class_of, plain_value
from s2sdiff.runtime.declared import constant_fields
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.locked import lock
from s2sdiff.runtime.own_fields import all_fields
from s2sdiff.runtime.side_by_side import leaves, mapped
from s2sdiff.runtime.standins_stopped import called_stopped
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.walks import View, Walk

__all__ = ["of_field", "of_known_field", "still", "still_value", "stopped", "unwritten"]


def of_field(value: Any, name: str, owner: Any) -> Any:
    """What is read from a field that is no variable."""
    return still_value(value, f".{name} of a {type(owner).__name__} is a constant field, and the "
                       "class is known when it runs",
                       "keep arrays or numbers in the field, or read it in a method of the class")


def still_value(value: Any, what: str, instead: str) -> Any:
    """A value that has no place of its own, in which a cotangent could be left."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        # Read-only, as nobody would see what is written into it.
        value = lock(value.copy(), f"{what}, and is written", instead)
    elif holds_numbers(value) and not isinstance(value, (float, complex, np.generic, np.ndarray)):
        raise refusal(UnsupportedError,
                      f"{what}, and a {type(value).__name__} "
                      "with numbers would have a derivative under its other names", instead)
    return value


def stopped(x: Any) -> Any:
    """What `sd.stop_gradient` gives where it is kept, or handed on: nothing that has a place.

    >>> stopped([np.ones(2), "a"])
    [array([1., 1.]), 'a']
    """
    return stopped_copies.noted(still(x), x, _alike)


def still(x: Any) -> Any:
    """`stopped`, of what nobody keeps longer than it is what it is a copy of."""
    if isinstance(x, Walk):
        items = still(x.take())
        return items if isinstance(x, View) else iter(items)
    return mapped(_still, "stop_gradient", x, keeps=lambda v: v)


def _still(path: Any, leaf: Any) -> Any:
    leaf = plain_value(leaf)
    if isinstance(leaf, types.MethodType):
        return types.MethodType(leaf.__func__, still(leaf.__self__))
    if isinstance(leaf, types.BuiltinMethodType) and isinstance(leaf.__self__, _CONTAINERS):
        return getattr(still(leaf.__self__), leaf.__name__)
    if isinstance(leaf, functools.partial):
        return functools.partial(still(leaf.func), *still(leaf.args), **still(leaf.keywords))
    if isinstance(leaf, types.FunctionType) and leaf.__closure__ and not is_inert(leaf):
        return functools.partial(called_stopped, leaf)
    if not isinstance(leaf, np.ndarray):
        return leaf
    return lock(leaf.copy(), "what stop_gradient or a constant field gave is written",
                "write into a copy of it")


_CONTAINERS = (list, tuple, dict, set, frozenset, deque)


def of_known_field(x: Any, owner: Any) -> Any:
    """What a constant field gives where it is kept, or handed on.

    Objects are handed on as they are: what they hold is in the constant field, and nowhere else.
    """
    if isinstance(x, np.ndarray):
        return _still((), x)
    if holds_numbers(x) and not isinstance(x, _NUMBERS) and not _reached(x).isdisjoint(
            _reached(owner)):
        raise refusal(AliasingError, f"what a constant field of a {class_of(owner).__name__} "
                      "leads to is in another field, too, which is none, and has a derivative "
                      "there", "keep a copy in the constant field, made by copy.deepcopy")
    return x


_NUMBERS = (float, complex, np.generic)


def _reached(x: Any) -> set[int]:
    """The ids of the arrays, containers and objects that fields lead to which are no constants."""
    found: set[int] = set()
    waiting = [x]
    while waiting:
        held = waiting.pop()
        if isinstance(held, _NUMBERS) or id(held) in found or is_inert(held):
            continue
        found.add(id(held))
        if isinstance(held, _CONTAINERS):
            waiting += held.values() if isinstance(held, dict) else held
        elif not isinstance(held, np.ndarray):
            constants = constant_fields(class_of(held))
            waiting += [v for n, v in all_fields(held).items() if n not in constants]
    return found


def unwritten(copy: Any, x: Any) -> None:
    """Refuse what was given a constant as a copy, and wrote into it or into the original."""
    if not _alike(copy, x):
        raise refusal(AliasingError,
                      "what is given what stop_gradient gave writes into it: the memory would have "
                      "a derivative under one name and none under the other",
                      "give it a copy, made by copy.deepcopy")


def _alike(copy: Any, x: Any) -> bool:
    if copy is x:
        return True
    one, other = ([*leaves(v)] for v in (copy, x))
    return len(one) == len(other) and all(
        p == q and _same(a, b) for (p, a), (q, b) in zip(one, other, strict=True))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, functools.partial):
        return a.args[0] is b if a.func is called_stopped else isinstance(
            b, functools.partial) and _alike((a.func, a.args, a.keywords),
                                             (b.func, b.args, b.keywords))
    if isinstance(a, (types.MethodType, types.BuiltinMethodType)) and type(a) is type(b):
        return a.__name__ == b.__name__ and _alike(a.__self__, b.__self__)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    return a is b or (class_of(a) is class_of(b) and isinstance(a, _PLAIN) and (a == b or a != a))


_PLAIN = (int, float, complex, str, bytes, np.generic)
