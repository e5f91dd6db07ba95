"""Calls of functions that `functools.lru_cache` made where nobody sees it: at a module's top level.

What such a function keeps has no pullback, so that its body runs again.  A pure function gives the
same again; of any other, a call with arguments that it has seen is refused.
"""

from __future__ import annotations

import functools
import types
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import kept_slopes, unseen
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.outside import LENDING, cannot_matter
from s2sdiff.runtime.own_fields import all_fields

__all__ = ["called_again", "called_forwards", "check_written"]

_known: Any = weakref.WeakKeyDictionary()
#: So many calls of a function are remembered.
_MOST = 1024
#: So many containers and objects inside each other are looked into.
_DEEP = 6


def called_again(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
                 call: Callable[[Any], tuple[Any, Any]],
                 plainly: Callable[[Any], tuple[Any, Any]],
                 raised: type | tuple = (), placed: bool = False) -> tuple[Any, Any]:
    """What `call` gives for the function behind; where nothing can matter, what is kept.

    `raised` is the class of what stands for exceptions, which are not kept; `placed`: pullbacks
    keep cotangents by place.
    """
    behind = fn.__wrapped__
    if isinstance(behind, types.FunctionType) and cannot_matter(behind, args, kwargs):
        made = plainly(fn)
        if not _is_fixed(made[0]):
            LENDING.add(fn)
        return made
    key = _key(fn, args, kwargs)
    asked = [args[i] if isinstance(i, int) else kwargs[i] for i in wrt]
    sloped = kept_slopes.may_be_known(asked, args, kwargs)
    node = kept_slopes.known(fn, (placed, wrt, key)) if sloped else None
    if node is not None:
        return node.value, node.pull
    made = _as_before(fn, key, call, raised)
    value = made[0]
    if isinstance(value, raised):
        return made
    if _is_fixed(value):
        return kept_slopes.noted(fn, (placed, wrt, key), made) if sloped else made
    handed = _handed.setdefault(fn, {}).setdefault(key, [])
    if any(not _equal(h.value, value, _DEEP) for r in handed if (h := r()) is not None):
        raise _written(fn)
    return value, _unless_written(fn, _Handed(value), handed, made[1])


def called_forwards(how: Any, fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
                    call: Callable[[Any], tuple[Any, Any]],
                    plainly: Callable[[Any], tuple[Any, Any]]) -> tuple[Any, Any]:
    """`called_again` with tangents: in one run, the very value and tangent for the same of both.

    Of equal arguments with other tangents the values are two; where one of them is written,
    `check_written` refuses at the end.
    """
    behind = fn.__wrapped__
    if isinstance(behind, types.FunctionType) and cannot_matter(behind, args, kwargs):
        return plainly(fn)
    key, table = _key(fn, args, kwargs), getattr(how, "table", None)
    sloped = kept_slopes.may_be_known(how.dots, args, kwargs)
    moving = (wrt, key, tuple(how.dots)) if sloped else None
    known = kept_slopes.pushed_before(fn, moving) if sloped else None
    if known is not None:
        return known
    given = [] if table is None else table.kept.setdefault((fn, wrt, key), [])
    for made, dots in given:
        if len(dots) == len(how.dots) and all(map(_same_tangent, dots, how.dots)):
            return made
    made = _as_before(fn, key, call, ())
    if not _is_fixed(made[0]):
        given.append((made, how.dots))
    elif sloped:
        kept_slopes.pushed_now(fn, moving, made)
    return made


def _same_tangent(a: Any, b: Any) -> bool:
    numbers = (int, float, complex, np.generic)
    return a is b or (isinstance(a, numbers) and isinstance(b, numbers) and bool(a == b))


def check_written(table: Any) -> None:
    """Refuse where one of several values that Python gives as one was written."""
    for (fn, *_), given in table.kept.items():
        if any(not _equal(given[0][0][0], made[0], _DEEP) for made, _ in given[1:]):
            raise _written(fn)


def _as_before(fn: Any, key: Any, call: Callable[[Any], tuple[Any, Any]],
               raised: type | tuple) -> tuple[Any, Any]:
    """What `call` gives for the function behind, which is what it has given before."""
    behind, seen = fn.__wrapped__, _known.setdefault(fn, {})
    if key in seen and isinstance(behind, types.FunctionType):
        assert unseen.writes is not None
        if unseen.writes(type(None), behind):
            raise _refused(fn, "writes", "")
    made = call(behind)
    value = made[0]
    if isinstance(value, raised):
        return made
    if key in seen and not _equal(seen[key], _picture(value, _DEEP), _DEEP):
        raise _refused(fn, "gives something else", " than when it was called with the same "
                       "arguments before")
    if key not in seen and len(seen) < _MOST:
        seen[key] = _picture(value, _DEEP)
    return made


def _is_fixed(value: Any) -> bool:
    """Nobody can write it."""
    return isinstance(value, _FIXED) or (type(value) is tuple and all(map(_is_fixed, value)))


#: What nobody can write.
_FIXED = (int, float, complex, str, bytes, type(None), np.generic)


#: What is the same if it is the very one: a module's names come and go as it loads its parts.
_NAMED = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, np.ufunc, np.dtype)


class _Handed:
    """A result that was given for some arguments; it lives as long as its pullback."""

    __slots__ = ("__weakref__", "value")

    def __init__(self, value: Any) -> None:
        self.value = value


#: By function and arguments: what was given, of which Python would give one and the same.
_handed: Any = weakref.WeakKeyDictionary()


def _unless_written(fn: Any, mine: _Handed, handed: list[Any], pullback: Any) -> Any:
    """A pullback that refuses where one of several results was written, and another one not."""
    handed[:] = [*[r for r in handed if r() is not None], weakref.ref(mine)]

    def checked(*given: Any) -> Any:
        alive = [h for r in handed if (h := r()) is not None]
        for other in alive if alive[0] is mine else alive[:1]:
            if other is not mine and not _equal(other.value, mine.value, _DEEP):
                raise _written(fn)
        return pullback(*given)

    return checked


def _refused(fn: Any, what: str, when: str) -> Exception:
    return refusal(UnsupportedError, f"{fn.__name__} is kept by functools.lru_cache, and {what}"
                   f"{when}", "keep in a dict what was computed, or cache functions only that give "
                   "the same for the same arguments")


def _written(fn: Any) -> Exception:
    return refusal(UnsupportedError, f"what {fn.__name__} gave is written: it is kept by "
                   "functools.lru_cache, which gives one object several times",
                   "write into a copy of it")


def _picture(x: Any, depth: int) -> Any:
    """What `_equal` compares, as it is now, with all that may be written copied."""
    if depth == 0 or isinstance(x, (*_FIXED, *_NAMED)):
        return x
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple, deque)):
        return class_of(x), [_picture(v, depth - 1) for v in x]
    if isinstance(x, (set, frozenset)):
        return class_of(x), frozenset(x)
    held = x if isinstance(x, dict) else all_fields(x)
    return (class_of(x), {k: _picture(v, depth - 1) for k, v in held.items()}) if held else x


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
    if class_of(x) is not class_of(y):
        return False
    if isinstance(x, np.ndarray):
        return np.array_equal(x, y, equal_nan=x.dtype.kind in "fc")
    if isinstance(x, (tuple, list, deque)):
        return len(x) == len(y) and all(_equal(a, b, depth - 1) for a, b in zip(x, y, strict=True))
    if isinstance(x, (set, frozenset)):
        return x == y
    if isinstance(x, (int, float, complex, np.generic, str)):
        return bool(x == y) or (x != x and y != y)
    if isinstance(x, (type, types.FunctionType, types.ModuleType)):
        return x is y
    held = (x, y) if isinstance(x, dict) else (all_fields(x), all_fields(y))
    return held[0].keys() == held[1].keys() and all(
        _equal(held[0][k], held[1][k], depth - 1) for k in held[0])
