"""Tangents of derivatives whose text cannot be differentiated: values carry them."""

from __future__ import annotations

import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.carried import CARRIED, carried, class_of
from s2sdiff.runtime.carried_calls import carry
from s2sdiff.runtime.carried_runs import Carrying, running_with
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.memory_copies import copies_together, copy_alike
from s2sdiff.runtime.shadows import owner_of
from s2sdiff.runtime.side_by_side import contents, mapped
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.zero_tangents import laid_out, zero_tangent

__all__ = ["can_carry", "copies_of_call", "known_copies", "own_copies", "pushed_through"]

_LEAVES = (float, int, complex, str, bytes, type(None), np.generic)
_SIMPLE = frozenset({float, int, str, bool, complex, type(None), np.float64, np.int64})
_CONTAINERS = (tuple, list, dict, deque)


def can_carry(args: Any) -> bool:
    """Whether arguments can be made anew, number by number: containers, and objects of Python's
    own classes.

    An object of a class of C has a state that nobody sees: one that is made without its
    constructor may be none.

    >>> can_carry([1.0, {"a": np.ones(2)}])
    True
    """
    return all(type(x) in _SIMPLE or (type(x) is np.ndarray and x.dtype.kind in "fc")
               for x in args) or _can_carry(args, {})


def _can_carry(x: Any, seen: dict[int, Any]) -> bool:
    if isinstance(x, np.ndarray):
        return x.dtype.kind != "O"
    if isinstance(x, _LEAVES) or id(x) in seen or not holds_numbers(x):
        return True
    seen[id(x)] = x
    # Asking for what is in an object makes another one of its class.
    return (isinstance(x, _CONTAINERS) or _is_pythons(class_of(x))) and all(
        _can_carry(v, seen) for _, v in contents(x) or ())


#: Classes of C whose objects have nothing but their attributes.
_OPEN = (object, types.SimpleNamespace)


def _is_pythons(cls: type) -> bool:
    return all(isinstance(vars(c).get("__new__"), (staticmethod, types.FunctionType, type(None)))
               for c in cls.__mro__ if c not in _OPEN)


def pushed_through(f: Callable[..., Any], args: tuple, dots: tuple, kwargs: dict[str, Any],
                   after: Callable[[tuple], None]) -> tuple[Any, Any]:
    """Value and tangent of `f(*args, **kwargs)`, where `f` is a derivative.

    Parameters
    ----------
    dots : one for each positional argument, in its structure; None where nothing moves
    after : is called with the arguments as the run left them, which had copies

    Raises
    ------
    DifferentiationError
        Something was done that can be done to plain numbers only.
    """
    with running_with() as run:
        own = _with_tangents(args, dots, run)
        made = f(*own, **kwargs)
        if run.failed is not None:
            raise run.failed
        after(_values(own, run))
        return _apart(made, run)


def _with_tangents(args: tuple, dots: tuple, run: Carrying) -> tuple:
    """Copies of arguments whose numbers and arrays carry their tangents."""
    seen: dict[int, tuple[Any, Any, Any]] = {}
    owners: dict[int, Any] = {}

    def leaf(_: Any, x: Any, dot: Any) -> Any:
        if not is_differentiable(x) or isinstance(x, (set, frozenset)):
            return x
        if not isinstance(x, np.ndarray):
            return carried(x, zero_tangent(x) if dot is None else match(dot, x), run)
        known = seen.get(id(x))
        if known is not None:
            mine = 0.0 if dot is None else dot
            if known[1] is not dot and not np.array_equal(known[2].tangent, mine):
                raise _shared()
            return known[2]
        owner = owner_of(x)
        if id(owner) in owners:
            raise _shared()
        owners[id(owner)] = owner
        value = copy_alike(x)
        mine = zero_tangent(value) if dot is None else laid_out(match(dot, x), value)
        if run.outer is not None:
            # What is written there may carry tangents of the runs around.
            value, mine = carry(value, run.outer), carry(mine, run.outer)
        seen[id(x)] = x, dot, carried(value, mine, run)
        return seen[id(x)][2]

    return mapped(leaf, "jvp", args, dots, keeps=lambda v: v)


def _shared() -> Exception:
    return refusal(AliasingError, "an array is given in two places, with two tangents, or as views "
                   "of one memory", "pass a copy in one of the two")


def own_copies(args: tuple) -> tuple:
    """Arguments as they are before a run that may write into them."""
    known = _plain_copies(args)
    if known is not None:
        return known
    arrays: list[np.ndarray] = []

    def noted(_: Any, x: Any) -> Any:
        if isinstance(x, np.ndarray):
            arrays.append(x)
        return x

    mapped(noted, "jvp", args, keeps=lambda v: v)
    copies = copies_together(arrays)
    return mapped(lambda _, x: copies[id(x)] if isinstance(x, np.ndarray) else x, "jvp", args,
                  keeps=lambda v: v)


def known_copies(args: tuple) -> tuple | None:
    """`own_copies`, where arguments can be made anew."""
    known = _plain_copies(args)
    return known if known is not None or not can_carry(args) else own_copies(args)


def copies_of_call(args: tuple, kwargs: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """The arguments of a call as they are before a run that may write into them; those that cannot
    be made anew are themselves.
    """
    made = known_copies((*args, *kwargs.values()))
    if made is None:
        return copy(args), copy(kwargs)
    return made[:len(args)], dict(zip(kwargs, made[len(args):], strict=True))


def _plain_copies(args: tuple) -> tuple | None:
    seen: dict[Any, Any] = {}
    try:
        return tuple([_copied(x, seen) for x in args])
    except _Object:
        return None


class _Object(Exception):
    """There is more in an argument than plain containers and objects, arrays and numbers, or some
    memory is there twice.
    """


def _copied(x: Any, seen: dict[Any, Any]) -> Any:
    t = type(x)
    if t in _SIMPLE:
        return x
    if t is tuple:
        return x if _SIMPLE.issuperset(map(type, x)) else tuple([_copied(v, seen) for v in x])
    if id(x) in seen:
        return seen[id(x)][1]
    if t is list:
        seen[id(x)] = x, (made := [])
        made += x if _SIMPLE.issuperset(map(type, x)) else [_copied(v, seen) for v in x]
    elif t is dict:
        seen[id(x)] = x, (made := {})
        made.update({k: _copied(v, seen) for k, v in x.items()})
    elif t is np.ndarray:
        owner = x if x.base is None else owner_of(x)
        if ("memory", id(owner)) in seen:
            raise _Object
        seen["memory", id(owner)] = owner
        seen[id(x)] = x, (made := copy_alike(x))
    elif t in _KEPT:
        return x
    elif _is_plain(t) and registered(t) is None:
        if not holds_numbers(x):
            return x
        seen[id(x)] = x, (made := object.__new__(t))
        constant = constant_fields(t)
        vars(made).update({k: v if k in constant else _copied(v, seen)
                           for k, v in vars(x).items()})
    else:
        raise _Object
    return made


_KEPT = frozenset({types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type,
                   np.ufunc})


@functools.lru_cache(maxsize=1024)
def _is_plain(cls: type) -> bool:
    """A class in Python whose objects have all that is in them in their `__dict__`."""
    return cls is not object and cls.__new__ is object.__new__ and all(
        c.__flags__ & 1 << 9 and "__slots__" not in vars(c) for c in cls.__mro__[:-1])


def _apart(made: Any, run: Carrying) -> tuple[Any, Any]:
    """What a run gives, and its tangent, in its structure."""
    def dot(_: Any, x: Any) -> Any:
        if type(x) in CARRIED and x.run is run:
            return x.tangent
        return match(None, x) if is_differentiable(x) else None

    return _values(made, run), mapped(dot, "jvp", made)


def _values(made: Any, run: Carrying) -> Any:
    def value(_: Any, x: Any) -> Any:
        return x.value if type(x) in CARRIED and x.run is run else x

    return mapped(value, "jvp", made, keeps=lambda v: v)
