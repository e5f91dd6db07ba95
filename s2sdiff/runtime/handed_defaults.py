"""Operators that call a function inside of code that is differentiated, with defaults that vary.

What an operator such as `jvp` makes has no parameters for them: the function is called from one
without defaults, which captures them.
"""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.runtime import nested
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.nested import handed, listed

__all__ = ["capturing"]


def capturing(operator: Any, args: tuple,
              kwargs: dict[str, Any]) -> tuple[Any, dict[str, types.CellType]]:
    """What `operator` may be given instead of its function, and the cells of the defaults, by name.

    Without cells, the function is handed nothing that varies, or by position alone, or it is not
    known what it is called with.
    """
    fn = args[0] if args else None
    if not isinstance(fn, types.FunctionType) or nested.is_derivative(fn) or \
            "<locals>" not in fn.__qualname__:
        return fn, {}
    given = handed(operator, args)
    if given is None:
        return fn, {}
    used = {n: v for n, v in nested.defaults(fn, given, kwargs).items() if not is_inert(v)}
    if not used or not used.keys().isdisjoint(fn.__code__.co_varnames[
            :fn.__code__.co_posonlyargcount]):
        return fn, {}
    names, passed = listed(given, kwargs)
    own = ", ".join([passed, *[f"{n}=held_{n}" for n in used]])
    made = _text(names, own, tuple([f"held_{n}" for n in used]))(fn, *used.values())
    cells = dict(zip(made.__code__.co_freevars, made.__closure__, strict=True))
    return made, {n: cells[f"held_{n}"] for n in used}


def _text(names: str, passed: str, held: tuple[str, ...]) -> Any:
    key = names, passed
    if key not in _TEXTS:
        assert nested.load is not None
        _TEXTS[key] = nested.load(
            f"def make(function, {', '.join(held)}):\n    def called({names}):\n"
            f"        return function({passed})\n\n    return called\n", "make", {})
    return _TEXTS[key]


_TEXTS: dict[tuple[str, str], Any] = {}
