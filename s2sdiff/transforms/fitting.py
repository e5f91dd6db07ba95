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

from s2sdiff.ir import Bind, Opaque, Ref, Star

__all__ = ["fits"]

#: How many arguments builtin functions take that do not say so themselves.
_COUNTS: dict[Any, tuple[int, int]] = {
    getattr: (2, 3), setattr: (3, 3), hasattr: (2, 2), delattr: (2, 2), isinstance: (2, 2),
    issubclass: (2, 2), max: (1, 10**6), min: (1, 10**6),
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
    try:
        taken = _taken(fn)
    except TypeError:  # it has no hash
        return True
    if taken is None:
        return True
    least, most, signature = taken
    if s.kwargs and None in dict(s.kwargs):
        return bool(s.args)
    if Star in map(type, s.args):
        return True
    if signature is None:
        return least <= len(s.args) <= most
    try:
        signature.bind(*s.args, **{str(k): a for k, a in s.kwargs})
    except TypeError:
        return bool(s.kwargs)  # rules say which names they do not know
    return True


@functools.lru_cache(maxsize=1024)
def _taken(fn: Any) -> tuple[int, int, inspect.Signature | None] | None:
    """The fewest and most arguments, or the signature that says so."""
    if fn in _COUNTS:
        return (*_COUNTS[fn], None)
    if isinstance(fn, np.ufunc):
        return fn.nin, fn.nin + fn.nout, None
    if not isinstance(fn, types.BuiltinFunctionType) and not hasattr(fn, "__wrapped__"):
        return None
    module = getattr(fn, "__module__", None) or ""
    if module not in _MODULES and not module.startswith("numpy"):
        return None
    try:
        signature = inspect.signature(fn)
    except (ValueError, TypeError):
        return None
    return 0, 0, signature
