"""Calls of functions that `functools.lru_cache` made where nobody sees it: at a module's top level.

What such a function keeps has no pullback, so that its body runs again.  A pure function gives the
same again; of any other, a call with arguments that it has seen is refused.
"""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import unseen
from s2sdiff.runtime.outside import cannot_matter

__all__ = ["called_again"]

_known: Any = weakref.WeakKeyDictionary()
#: So many calls of a function are remembered.
_MOST = 1024


def called_again(fn: Any, args: tuple, kwargs: dict[str, Any],
                 call: Callable[[Any], tuple[Any, Any]],
                 plainly: Callable[[Any], tuple[Any, Any]],
                 raised: type | tuple = ()) -> tuple[Any, Any]:
    """What `call` gives for the function behind; where nothing can matter, what is kept.

    `raised` is the class of what stands for exceptions, which are not kept.
    """
    behind = fn.__wrapped__
    if isinstance(behind, types.FunctionType) and cannot_matter(behind, args, kwargs):
        return plainly(fn)
    key = _key(fn, args, kwargs)
    seen = _known.setdefault(fn, {})
    if key in seen and isinstance(behind, types.FunctionType):
        assert unseen.writes is not None
        if unseen.writes(type(None), behind):
            raise _refused(fn, "writes", "")
    made = call(behind)
    value = made[0]
    if isinstance(value, raised):
        return made
    if key in seen and not _equal(seen[key], value, 3):
        raise _refused(fn, "gives something else", " than when it was called with the same "
                       "arguments before")
    if len(seen) < _MOST:
        seen.setdefault(key, value)
    return made


def _refused(fn: Any, what: str, when: str) -> Exception:
    return refusal(UnsupportedError, f"{fn.__name__} is kept by functools.lru_cache, and {what}"
                   f"{when}", "keep in a dict what was computed, or cache functions only that give "
                   "the same for the same arguments")


def _key(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """The arguments, of which no object is kept alive; unhashable ones raise as in Python."""
    hash((args, tuple(kwargs.values())))
    typed = fn.cache_parameters()["typed"]
    return functools._make_key(tuple(map(_held, args)), {k: _held(v) for k, v in kwargs.items()},
                               typed)


def _held(x: Any) -> Any:
    try:
        return weakref.ref(x)
    except TypeError:
        return tuple(map(_held, x)) if type(x) is tuple else x


def _equal(x: Any, y: Any, depth: int) -> bool:
    """Whether two results hold the same numbers, as far as can be seen."""
    if x is y or depth == 0:
        return True
    if type(x) is not type(y):
        return False
    if isinstance(x, np.ndarray):
        return np.array_equal(x, y, equal_nan=x.dtype.kind in "fc")
    if isinstance(x, (tuple, list)):
        return len(x) == len(y) and all(_equal(a, b, depth - 1) for a, b in zip(x, y, strict=True))
    if isinstance(x, (int, float, complex, np.generic, str)):
        return bool(x == y) or (x != x and y != y)
    held = (x, y) if isinstance(x, dict) else (getattr(x, "__dict__", {}), getattr(
        y, "__dict__", {}))
    return held[0].keys() == held[1].keys() and all(
        _equal(held[0][k], held[1][k], depth - 1) for k in held[0])
