"""Forward mode at the public edge: `jvp`."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import arguments, boundary, cache, pushing
from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal
from s2sdiff.runtime import calls, values
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.in_step import laid_out, zero_tangent
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.nested import OPERATORS, generated, is_derivative, spelled
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.tangents import Forward
from s2sdiff.runtime.values import is_differentiable

__all__ = ["jvp", "pushed_at", "runner"]


def jvp(f: Callable[..., Any], primals: tuple[Any, ...],
        tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value of `f(*primals)`, and its derivative along `tangents`, in one run forward.

    Nothing is recorded on the way: the memory that it takes is that of the plain call, twice.

    Parameters
    ----------
    f : callable
    primals : tuple
        The arguments of the call.
    tangents : tuple
        One for each argument, of its shape and structure; None where it does not move, as for
        ints.

    Returns
    -------
    value
    tangent
        In the value's structure, with its shapes and dtypes; None for what is no floating number.

    Raises
    ------
    TypeError
        A tangent has not the structure, shape or field of its argument.
    DifferentiationError
        Execution reached something that cannot be differentiated.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0))
    (12.0, 4.0)
    """
    f = arguments.target_of(f, "jvp")
    primals, tangents = _tuples(primals, tangents)
    dots = [_accepted(t, x, str(i)) for i, (x, t) in enumerate(zip(primals, tangents, strict=True))]
    slots = tuple([i for i, d in enumerate(dots) if d is not None])
    given = tuple([dots[i] for i in slots])
    if not slots:
        value = f(*primals)
        return value, match(zero_tangent(value), value)
    try:
        return pushed_at(f, slots, given, primals, {})
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__


def pushed_at(f: Any, slots: tuple[Any, ...], dots: tuple, args: tuple,
              kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """Value and tangent of a call, for tangents of its arguments in `slots`."""
    value, dot = runner(f, slots, args, kwargs)(*dots)
    return value, _own(match(dot, value), dots)


def runner(f: Any, slots: tuple[Any, ...], args: tuple,
           kwargs: dict[str, Any]) -> Callable[..., tuple[Any, Any]]:
    """What gives value and tangent of a call, as generated code has them, for each tangent."""
    if is_derivative(f):
        f = generated(f, args, kwargs)
    if type(f) is types.FunctionType and values.has_source(f) and not cache.is_ruled(f):
        link = pushing.pushed(f, slots)
        return lambda *dots: link(*args, *dots, **kwargs)
    return lambda *dots: calls.called(f, slots, args, kwargs, Forward(dots))


def _nested(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`jvp` for a call's arguments as the generated code that it runs."""
    f, primals, tangents = _bound(*args, **kwargs)
    primals, tangents = _tuples(primals, tangents)
    slots = tuple([i for i, (x, t) in enumerate(zip(primals, tangents, strict=True))
                   if t is not None and is_differentiable(x)])
    function = pushing.pushed_code(f, slots, primals)
    dots = "".join(f", {d}=tangents[{i}]" for d, i in
                   zip(function.__s2sdiff_dots__, slots, strict=True))
    given = ", ".join(f"primals[{i}]" for i in range(len(primals)))
    return spelled("jvp_of", f"{given}{dots}", "f, primals, tangents", function)


def _bound(f: Any, primals: Any, tangents: Any) -> tuple[Any, Any, Any]:
    return f, primals, tangents


OPERATORS[jvp] = _nested


def _tuples(primals: Any, tangents: Any) -> tuple[tuple, tuple]:
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"jvp: {name} is a {type(given).__name__}. Instead, pass the tuple of "
                            "them, (x,) for a single one.")
    if len(primals) != len(tangents):
        raise TypeError(f"jvp: {len(primals)} primals and {len(tangents)} tangents. Instead, pass "
                        "one tangent for each, None where it does not move.")
    return tuple(primals), tuple(tangents)


def _accepted(dot: Any, x: Any, path: str) -> Any:
    """A tangent that fits its primal, in its dtype; None where there is nothing to move."""
    if isinstance(x, (tuple, list, dict)):
        if dot is None:
            return None
        found = _structured(dot, x, path)
        return found if is_differentiable(x) else None
    if not is_differentiable(x):
        if dot is not None and holds_numbers(x):
            raise refusal(UnsupportedError,
                          f"jvp: argument {path} is a {type(x).__name__}, and forward mode takes "
                          "floats, arrays, and tuples, lists and dicts of them",
                          "pass the numbers that it holds as arguments of their own")
        if isinstance(x, (int, str, bytes, bool, type(None), np.ndarray, np.generic)) and \
                dot is not None and np.any(dot):
            raise TypeError(f"jvp: argument {path} is of type {type(x).__name__}"
                            f"{_dtype(x)}, and does not move. Instead, pass None for its "
                            "tangent, or a float as the argument.")
        return None
    if dot is None:
        return None
    if not isinstance(dot, (int, float, complex, np.generic, np.ndarray)):
        raise TypeError(f"jvp: argument {path} has shape {np.shape(x)}, its tangent is of type "
                        f"{type(dot).__name__}. Instead, pass a tangent of the argument's shape.")
    if np.shape(dot) != np.shape(x):
        raise TypeError(f"jvp: argument {path} has shape {np.shape(x)}, its tangent "
                        f"{np.shape(dot)}. Instead, pass a tangent of the argument's shape.")
    field, mine = np.result_type(dot).kind, np.result_type(x).kind
    if field not in "fciub" or (field == "c" and mine != "c"):
        raise TypeError(f"jvp: argument {path} has dtype {np.result_type(x)}, its tangent "
                        f"{np.result_type(dot)}. Instead, pass a tangent of the argument's dtype.")
    return laid_out(match(dot, x), x) if isinstance(x, np.ndarray) else match(dot, x)


def _structured(dot: Any, x: Any, path: str) -> Any:
    fits = isinstance(dot, dict) and dot.keys() == x.keys() if isinstance(x, dict) else \
        isinstance(dot, (tuple, list)) and len(dot) == len(x)
    if not fits:
        raise TypeError(f"jvp: argument {path} is a {type(x).__name__} of {len(x)}. Instead, pass "
                        "a tangent of the same structure.")
    keys = list(x) if isinstance(x, dict) else range(len(x))
    found = {k: _accepted(dot[k], x[k], f"{path}[{k!r}]") for k in keys}
    found = {k: zero_tangent(x[k]) if d is None else d for k, d in found.items()}
    if isinstance(x, dict):
        return found
    items = list(found.values())
    return like_fields(x, items) if hasattr(x, "_fields") else type(x)(items)


def _dtype(x: Any) -> str:
    return f" and dtype {x.dtype}" if isinstance(x, (np.ndarray, np.generic)) else ""


def _own(dot: Any, given: tuple) -> Any:
    """A tangent that shares no memory with those that the caller has."""
    if isinstance(dot, np.ndarray):
        mine = dot.flags.writeable and not any(
            isinstance(g, np.ndarray) and np.may_share_memory(dot, g) for g in given)
        return dot if mine and dot.base is None else copy(dot)
    if isinstance(dot, (tuple, list, dict)):
        return copy(dot)
    return dot
