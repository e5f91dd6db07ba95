"""Whether a call gives a known function what it takes.

Passes speak of `operator.add(a, b)` as of `a + b`.  A call with another number of arguments raises,
which is left to Python.
"""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.ir import Bind, Opaque, Ref, Star

__all__ = ["fits"]

#: More arguments than anybody gives.
_MANY = 10**6
#: How many arguments builtin functions take that do not say so themselves.
_COUNTS: dict[Any, tuple[int, int]] = {
    getattr: (2, 3), setattr: (3, 3), hasattr: (2, 2), delattr: (2, 2), isinstance: (2, 2),
    issubclass: (2, 2), max: (1, _MANY), min: (1, _MANY),
}
#: Modules of Python's whose functions are known.
_MODULES = ("_operator", "builtins", "math", "cmath")


def fits(s: Bind) -> bool:
    """Whether a call has as many arguments as what it calls takes, where that is known.

    >>> import operator
    >>> from s2sdiff.ir import Loc, Var
    >>> here = Loc("f.py", 1, 0)
    >>> fits(Bind(("y",), Ref(operator.add), (Var("a"), Var("b")), (), here))
    True
    >>> fits(Bind(("y",), Ref(operator.add), (Var("a"),), (), here))
    False
    """
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is None or isinstance(fn, Opaque):
        return True
    if s.kwargs:
        # Rules say which names they do not know; what has no derivative takes whatever is given.
        return bool(s.args) or None not in dict(s.kwargs) or _is_constant(fn)
    try:
        taken = _taken(fn)
    except TypeError:  # it has no hash
        return True
    return taken is None or Star in map(type, s.args) or taken[0] <= len(s.args) <= taken[1]


def _is_constant(fn: Any) -> bool:
    rule = registry.find(fn)
    return rule is not None and rule.constant


@functools.lru_cache(maxsize=1024)
def _taken(fn: Any) -> tuple[int, int] | None:
    """The fewest and most arguments by position, where they are known."""
    if fn in _COUNTS:
        return _COUNTS[fn]
    if isinstance(fn, np.ufunc):
        return fn.nin, fn.nin + fn.nout
    if not isinstance(fn, types.BuiltinFunctionType) and not hasattr(fn, "__wrapped__"):
        return None
    module = getattr(fn, "__module__", None) or ""
    if module not in _MODULES and not module.startswith("numpy"):
        return None
    try:
        given = inspect.signature(fn).parameters.values()
    except (ValueError, TypeError):
        return None
    places = [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in places)
    return least, _MANY if any(p.kind is p.VAR_POSITIONAL for p in given) else len(places)
