"""Functions that are made in others, as functions of what they capture, too."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.runtime.cells import maker

__all__ = ["lifted", "lifted_of"]

#: Set by the compiler: a function with other parameters (`frontend.opened_cells`).
with_parameters: Any = None
#: By code, namespace and order: a function is one and the same as long as its text is.
_made: dict[Any, Any] = {}


def lifted(function: Any, name: str, line: int) -> Any:
    """What another function defines on a line, with what it captures as last parameters.

    >>> def outer(x):
    ...     return lambda y: x * y
    >>> line = outer.__code__.co_firstlineno + 1
    >>> lifted(outer, "<lambda>", line)(2.0, 3.0)
    6.0
    """
    return lifted_of(maker(function, name, line).code, function.__globals__)


def lifted_of(code: types.CodeType, namespace: dict[str, Any], source: str | None = None) -> Any:
    """The same for its code; None where its text means something else outside."""
    assert with_parameters is not None
    key = code, id(namespace)
    made = _made.get(key, _made)
    if made is _made:
        empty = tuple([types.CellType() for _ in code.co_freevars])
        function = types.FunctionType(code, namespace, code.co_name, None, empty or None)
        own = code.co_varnames[:code.co_argcount]
        made = with_parameters(function, (*own, *code.co_freevars), {})
        if made is not None:
            made.__s2sdiff_lifted__ = True
            if source is not None:
                made.__s2sdiff_source__ = source
        if len(_made) >= 256:
            _made.clear()
        _made[key] = made
    return made
