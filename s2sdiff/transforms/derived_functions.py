"""`sd.grad(f)` of a function that is known is known itself: the derivative is made with the code.

So a call of it has kinds and a link, as calls of other functions have, and a loop that takes steps
along `sd.grad(energy)(q)` makes the derivative once.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import DifferentiationError
from s2sdiff.ir import Bind, Const, Ref
from s2sdiff.runtime import nested
from s2sdiff.runtime.values import has_source

__all__ = ["folded", "takes_function"]


def folded(s: Bind, known: Callable[[Any], Ref | None]) -> Ref | None:
    """What an operator gives for a known function; None where that is left to the run."""
    called: Any = s.fn
    operator: Any = called.object if type(called) is Ref else None
    if not isinstance(operator, types.FunctionType) or operator not in nested.MAKERS or \
            not s.args or not _is_literal(s):
        return None
    first: Any = s.args[0]
    target = known(first)
    if target is None or not (has_source(target.object) or nested.is_derivative(target.object)):
        return None
    spelled = target.spelling or getattr(target.object, "__s2sdiff_name__", None) or \
        target.object.__name__
    options: Any = [a.value for a in s.args[1:]]  # type: ignore[union-attr]
    named: Any = {k: a.value for k, a in s.kwargs}  # type: ignore[union-attr]
    try:
        made = operator(target.object, *options, **named)
    except (DifferentiationError, TypeError, ValueError):
        return None  # the run will raise it, if it comes there
    if not nested.is_derivative(made):
        return None
    given = [spelled, *map(repr, options), *[f"{k}={v!r}" for k, v in named.items()]]
    made.__s2sdiff_name__ = f"{spelled.rpartition('.')[2]}_{operator.__name__}"
    made.__s2sdiff_source__ = f"{called.spelling or operator.__name__}({', '.join(given)})"
    return Ref(made)


def _is_literal(s: Bind) -> bool:
    """All but the first argument are written in the source, and one variable gets the result."""
    return len(s.targets) == 1 and all(
        isinstance(a, Const) for a in (*s.args[1:], *[a for _, a in s.kwargs]))


def takes_function(fn: Any) -> bool:
    """An operator that takes the derivative of its first argument at once, as `sd.jvp` does;

    or `partial`, whose objects are called as that.
    """
    operator = fn.object if isinstance(fn, Ref) else None
    return operator is functools.partial or (
        isinstance(operator, types.FunctionType) and operator in nested.OPERATORS)
