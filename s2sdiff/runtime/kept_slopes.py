"""Numbers that functions of `functools.lru_cache` give for numbers, with their slopes.

A recursion that is kept calls itself twice with the same arguments, and the body runs once.  So it
does here: a function that reads nothing that changes has at the same arguments the same slopes,
and these are found once, by one pull with 1.0, or one push, however often they are asked for.
"""

from __future__ import annotations

import sys
import types
import weakref
from collections.abc import Iterable, Iterator
from functools import _lru_cache_wrapper
from typing import Any

import numpy as np

from s2sdiff import registry

__all__ = ["Sloped", "known", "may_be_known", "noted", "pushed_before", "pushed_now", "read_by"]

#: What a function reads by name: where, and what it found there.
Reads = tuple[tuple[dict[str, Any], str, Any], ...]

_LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "scipy"}) - {"__main__"}
_CONSTANT = (float, int, complex, str, bytes, type(None), np.generic)
_REAL = frozenset({float, np.float64})
_GIVEN = frozenset({float, int, bool, str, type(None)})
_FUNCTIONS = (types.BuiltinFunctionType, np.ufunc)
#: They are seen each time that they run.
_EFFECTS = frozenset({"print", "input", "open", "exec", "eval", "globals", "locals", "vars"})
_MOST = 4096


class Sloped:
    """A result, and its slopes in the arguments that are asked for, as soon as somebody asks."""

    __slots__ = ("__weakref__", "_slopes", "pullback", "reads", "value")

    def __init__(self, value: Any, pullback: Any, reads: Reads) -> None:
        self.value, self.pullback, self.reads = value, pullback, reads
        self._slopes: Any = None

    def pull(self, bar: Any, *bars: Any) -> Any:
        """What `pullback` gives, which is linear."""
        if bar is not None and type(bar) not in _REAL:
            return self.pullback(bar, *bars)
        if self._slopes is None:
            found = self.pullback(1.0, *[{} for _ in bars])
            self._slopes = found if type(found) is tuple else (found,)
        # Of a zero nothing is left, whatever it would be times.
        entries: Any = tuple([None if bar is None or s is None else bar * s if bar else bar
                         for s in self._slopes])
        # By place, as `by_place.called` gives it, a single entry is in a tuple, too.
        return entries if bars or len(entries) > 1 else entries[0]


#: By function: what was found for arguments, as long as some pullback needs it.
_found: Any = weakref.WeakKeyDictionary()
#: By function, arguments and tangents: value and tangent.
_pushed: dict[Any, tuple[tuple[Any, Any], Reads]] = {}


def known(fn: Any, key: Any) -> Sloped | None:
    """What was found for arguments, if all that the function reads is what it was."""
    node = _found.get(fn, {}).get(key)
    return node if node is not None and _unchanged(node.reads) else None


def may_be_known(moving: Iterable[Any], args: tuple, kwargs: dict[str, Any]) -> bool:
    """Whether all that moves are floats, and nothing but numbers, texts and None is given."""
    return all(type(v) is float for v in moving) and \
        {*map(type, args), *map(type, kwargs.values())} <= _GIVEN


def noted(fn: Any, key: Any, made: tuple[Any, Any]) -> tuple[Any, Any]:
    """A result with its pullback; it is kept where it is a float."""
    reads = read_by(fn) if type(made[0]) is float else None
    if reads is None:
        return made
    node = Sloped(*made, reads)
    _found.setdefault(fn, weakref.WeakValueDictionary())[key] = node
    return node.value, node.pull


def pushed_before(fn: Any, key: Any) -> tuple[Any, Any] | None:
    """The value and the tangent that were found for arguments and tangents."""
    found = _pushed.get((id(fn), key))
    return found[0] if found is not None and _unchanged(found[1]) else None


def pushed_now(fn: Any, key: Any, made: tuple[Any, Any]) -> None:
    """Keep a value and its tangent, if they are floats."""
    reads = read_by(fn) if type(made[0]) is type(made[1]) is float else None
    if reads is None:
        return
    if len(_pushed) >= _MOST:
        _pushed.clear()
    # The function is among what it reads, and so no other one has its id.
    _pushed[id(fn), key] = made, reads


def _unchanged(reads: Reads) -> bool:
    return all(names.get(name) is value for names, name, value in reads)


def read_by(fn: Any) -> Reads | None:
    """What a function reads by name, through all that it calls; None if that may change inside."""
    found: list[tuple[dict[str, Any], str, Any]] = [({"": fn}, "", fn)]
    waiting, seen = [fn], set[int]()
    while waiting:
        x = waiting.pop()
        x = x.__wrapped__ if isinstance(x, _lru_cache_wrapper) else x
        if id(x) in seen:
            continue
        seen.add(id(x))
        if type(x) is not types.FunctionType or x.__closure__ or registry.find(x) is not None or \
                (x.__module__ or "").partition(".")[0] == "s2sdiff":
            return None
        given = (*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values())
        if not all(isinstance(v, _CONSTANT) for v in given):
            return None
        for name in _names(x.__code__):
            if name in _EFFECTS:
                return None
            if name not in x.__globals__:
                continue
            value = x.__globals__[name]
            found.append((x.__globals__, name, value))
            if isinstance(value, types.ModuleType):
                if value.__name__.partition(".")[0] not in _LIBRARIES:
                    return None
            elif isinstance(value, (types.FunctionType, _lru_cache_wrapper)):
                waiting.append(value)
            elif not isinstance(value, (*_CONSTANT, *_FUNCTIONS)):
                return None
    return tuple(found)


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield from _names(c)
