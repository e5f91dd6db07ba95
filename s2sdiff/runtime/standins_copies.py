"""`copy.deepcopy` where classes say how they are copied, in the language that is differentiated."""

from __future__ import annotations

import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.plain_classes import is_plain

__all__ = ["asks", "deeply", "own_way"]


def deeply(x: Any, memo: dict) -> Any:
    """`copy.deepcopy(x, memo)`: what was copied once is the same copy, and is kept meanwhile."""
    if is_itself(x):
        return x
    if id(x) in memo:
        return memo[id(x)]
    if own_way(x) is not None:
        made = x.__deepcopy__(memo)
    elif class_of(x) is np.ndarray and x.dtype != object:
        made = x.copy()
    elif class_of(x) is list or class_of(x) is deque:
        made = [] if class_of(x) is list else deque(maxlen=x.maxlen)
        memo[id(x)] = made
        for v in x:
            made.append(deeply(v, memo))
    elif class_of(x) is dict:
        made = {}
        memo[id(x)] = made
        for k, v in x.items():
            made[k] = deeply(v, memo)
    elif class_of(x) is tuple:
        made = tuple([deeply(v, memo) for v in x])
    else:
        check_plain(x)
        made = object.__new__(class_of(x))
        memo[id(x)] = made
        for k, v in vars(x).items():
            object.__setattr__(made, k, deeply(v, memo))
    if made is not x:
        memo[id(x)] = made
        memo.setdefault(id(memo), []).append(x)
    return made


def is_itself(x: Any) -> bool:
    """There is nothing to copy."""
    return class_of(x) in _THEMSELVES or isinstance(x, np.generic)


_THEMSELVES = frozenset({
    float, complex, int, bool, str, bytes, type(None), range, type, types.FunctionType,
    types.BuiltinFunctionType, type(Ellipsis), property})


def check_plain(x: Any) -> None:
    """Refuse what has another way to be copied than by what its `__dict__` holds."""
    from s2sdiff.runtime.copies import check_copied

    check_copied(x)
    if not is_plain(class_of(x)):
        raise refusal(UnsupportedError, f"a copy of a {class_of(x).__name__} beside objects that "
                      "say themselves how they are copied",
                      "write a method that makes a copy, and call it")


def own_way(x: Any) -> Any:
    """The class's own `__deepcopy__`, if it is written in Python."""
    own = getattr(class_of(x), "__deepcopy__", None)
    return own if isinstance(own, types.FunctionType) else None


def asks(x: Any) -> bool:
    """Whether `copy.deepcopy(x)` asks an object how it is copied."""
    return _asks(x, {})


def _asks(x: Any, seen: dict[int, Any]) -> bool:
    if is_itself(x) or id(x) in seen:
        return False
    seen[id(x)] = x
    return own_way(x) is not None or any(_asks(v, seen) for _, v in items_of(x) or ())
