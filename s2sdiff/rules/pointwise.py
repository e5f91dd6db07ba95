"""Forward mode of functions that work on each number alone, by what their pullbacks give for ones.

Such a pullback multiplies its cotangent by slopes, and adds up where arguments were broadcast; of
arguments as large as the result, the slopes come back alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled

__all__ = ["by_slopes"]

#: Of parameters, arguments of a star and of a mapping: which one, and which of these.
_Place = tuple[str, Any]


def by_slopes(of: Any, rule: Callable[..., Any]) -> None:
    """Register the differential of a function that has `rule`, where each number is by itself."""
    signature = inspect.signature(rule)

    def differential_of(*args: Any, **kwargs: Any) -> Any:
        value, _ = rule(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)

        def differential(*dots: Any) -> Any:
            # An object among the arguments, such as a distribution, has no number of its own.
            named = zip(signature.parameters, dots, strict=True)
            given = moving({n: d for n, d in named if not is_object(bound.arguments.get(n))})
            return tangent(rule, bound, given, value)

        return value, differential

    differential_of.__signature__ = signature  # type: ignore[attr-defined]
    differential_of.__s2sdiff_any__ = getattr(  # type: ignore[attr-defined]
        rule, "__s2sdiff_any__", False)
    derivative(of=of, mode="jvp")(differential_of)


def is_object(x: Any) -> bool:
    return not isinstance(x, (np.ndarray, np.generic, int, float, complex, tuple, list, dict))


def moving(dots: Mapping[str, Any]) -> dict[_Place, Any]:
    """The tangents that are there, by place."""
    found: dict[_Place, Any] = {}
    for name, dot in dots.items():
        if isinstance(dot, tuple):
            found.update({(name, i): d for i, d in enumerate(dot) if d is not None})
        elif isinstance(dot, dict):
            found.update({(name, k): d for k, d in dot.items() if d is not None})
        elif dot is not None:
            found[name, None] = dot
    return found


def tangent(rule: Callable[..., Any], bound: inspect.BoundArguments, dots: Mapping[_Place, Any],
            value: Any) -> Any:
    """The sum of the tangents, each times its slope."""
    shape = np.shape(value)
    wide = dict(bound.arguments)
    for name, index in dots:
        wide[name] = widened(wide[name], index, shape)
    call = inspect.BoundArguments(bound.signature, wide)  # type: ignore[arg-type]
    _, pullback = rule(*call.args, **call.kwargs)
    entries = pullback(np.ones(shape, np.result_type(value))[()])
    names = list(bound.signature.parameters)
    total: Any = 0.0
    for (name, index), dot in dots.items():
        entry = entries if len(names) == 1 else entries[names.index(name)]
        slope = entry if index is None else entry[index]
        if slope is NotImplemented:
            return NotImplemented
        total = total if slope is None else total + scaled(dot, slope)
    return np.broadcast_to(total, shape)[()]


def widened(x: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """An argument, or one of several, as large as the result."""
    if index is None:
        return np.array(np.broadcast_to(x, shape))[()] if np.shape(x) != shape else x
    if isinstance(x, tuple):
        return (*x[:index], widened(x[index], None, shape), *x[index + 1:])
    return {**x, index: widened(x[index], None, shape)}
