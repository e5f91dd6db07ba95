"""What several rule files need: refusing `out=`, casts, axes, cotangents of nested lists."""

from __future__ import annotations

import importlib
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import constant, derivative, find
from s2sdiff.runtime.leaves import filled_with

__all__ = ["axes_of", "carried", "compiled", "effectless", "lanes", "like", "of_arrays",
           "only_axis", "refuse_out", "rule_of", "settled", "shaped", "static", "unknown",
           "unsupported", "untold", "with_parts"]


def rule_of(target: Any) -> Any:
    """The function that is in force as the rule of another one, which surely has one."""
    rule = find(target)
    assert rule is not None
    assert rule.function is not None
    return rule.function


constant(rule_of)


def effectless(function: Callable) -> Callable:
    """Declare a rule's helper that has no effects, and whose own derivative is not known.

    The compiler then leaves it out of a pullback where nobody asks for what it computes.
    """
    signature = inspect.signature(function)

    def rule(*args: Any) -> Any:
        return function(*args), lambda _: (NotImplemented,) * len(signature.parameters)

    rule.__signature__ = signature  # type: ignore[attr-defined]
    rule.__s2sdiff_unknown__ = True  # type: ignore[attr-defined]
    derivative(of=function)(rule)
    return function


def shaped(rule: Any) -> Any:
    """Mark the rule of a function whose result's rank and dtype follow from those it is given."""
    rule.__s2sdiff_shaped__ = True
    return rule


def of_arrays(rule: Any) -> Any:
    """Mark a rule of a function written in Python, whose first argument is an array.

    For all else that it is given, the function's own code is differentiated.
    """
    rule.__s2sdiff_arrays__ = True
    return rule


def settled(of_arguments: Callable[..., tuple]) -> Any:
    """Mark a rule that refuses some cotangents of results which forward mode has tangents for.

    Of the arguments `of_arguments` makes two functions.  The pullback is turned round at the
    cotangents `at(results)`, which it does not refuse; of the tangents that this gives,
    `settle(results, tangents)` makes those that are right, or nan.
    """

    def mark(rule: Any) -> Any:
        rule.__s2sdiff_settled__ = of_arguments
        return rule

    return mark


def untold(*results: int) -> Any:
    """Mark a rule that refuses all but a zero cotangent of some of its results.

    In forward mode those have tangents of nan, so that the others may be used.
    """
    return settled(lambda *args, **kwargs: unknown(dict.fromkeys(results, ...)))


def unknown(parts: dict[int, Any]) -> tuple:
    """What `settled` asks for, where nothing is known of some results, or of parts of them.

    `parts` has the index of what is not known by the place of the result.
    """
    return (lambda values: with_parts([filled_with(v, 1.0) for v in values], parts, 0.0),
            lambda values, dots: with_parts(dots, parts, np.nan))


def with_parts(results: Any, parts: dict[int, Any], value: float) -> tuple:
    """Results in which those parts are a number."""
    made = []
    for i, result in enumerate(results):
        if i in parts and parts[i] is not ...:
            result = np.array(result)
            result[parts[i]] = value
        made.append(filled_with(result, value) if parts.get(i) is ... else result)
    return tuple(made)


def like(parameter: int) -> Any:
    """Mark a helper of rules that gives an array, or a number, just like one of its arguments.

    Of the same shape and dtype, and no other's memory: generated code need not match it then.
    """

    def mark(function: Any) -> Any:
        function.__s2sdiff_like__ = parameter
        return function

    return mark


def static(function: Any) -> Any:
    """Mark a helper that, given literals, is asked while a rule is being pasted.

    It returns a literal, or a tuple of them.
    """
    function.__s2sdiff_static__ = True
    return function


def lanes(a: Any, axis: Any) -> int:
    """How many entries of `a` a reduction takes together; 1 where there are none.

    >>> lanes(np.ones((2, 3, 5)), (0, -1)), lanes(np.ones((0, 3)), 0)
    (10, 1)
    """
    shape, count = np.shape(a), 1
    for i in axes_of(axis, len(shape)) if shape else ():
        count = count * shape[i]
    return max(count, 1)


def compiled(name: str) -> Any:
    """A library's compiled module of helpers, which may be nowhere in another version.

    >>> compiled("scipy.no_such_module")
    namespace()
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        return types.SimpleNamespace()


def unsupported(reason: str, instead: str) -> Exception:
    """The refusal that a rule raises for an option it has no derivative for."""
    return refusal(UnsupportedError, reason, instead)


def refuse_out(name: str) -> None:
    """Refuse `out=`, which writes into an array that the rule knows nothing of."""
    raise unsupported(
        f"{name}(..., out=...) writes its result into an existing array",
        f"assign the result: `y = {name}(...)`",
    )


def carried(g: Any, dtype: Any) -> Any:
    """A cotangent as it passes a cast to `dtype`: rounding to integers lets nothing through.

    >>> carried(np.ones(2), np.dtype(int))
    array([0., 0.])
    """
    return g if np.issubdtype(dtype, np.inexact) else g * 0.0


def cast_to(a: Any, dtype: Any) -> Any:
    """The numbers that are left of `a` when it is cast to `dtype`: the real parts, if that is real.

    >>> cast_to(np.array([1.0 + 2.0j]), np.dtype(float)).tolist()
    [1.0]
    """
    return np.real(a) if np.iscomplexobj(a) and dtype.kind != "c" else a


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that an `axis` argument names, each counted from the front.

    >>> axes_of(None, 2), axes_of(-1, 3), axes_of((0, -2), 3)
    ((0, 1), (2,), (0, 1))
    """
    if axis is None or not ndim:
        return tuple(range(ndim))
    return tuple(int(a) % ndim for a in (axis if isinstance(axis, (tuple, list)) else (axis,)))


def axis_among(a: Any, axis: Any) -> Any:
    """The axis that is named; none of a number, for which NumPy lets the first one be named.

    >>> axis_among(np.ones(2), 0), axis_among(2.0, 0)
    (0, None)
    """
    return axis if np.ndim(a) else None


def only_axis(axis: Any) -> int:
    """The one axis that is meant where NumPy takes no other: also None and a tuple of one.

    >>> only_axis(-1), only_axis((1,)), only_axis(None)
    (-1, 1, 0)
    """
    axis = 0 if axis is None else axis
    return axis[0] if isinstance(axis, tuple) else axis


constant(lanes)
