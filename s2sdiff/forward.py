"""Forward mode at the public edge: `jvp`."""

from __future__ import annotations

import contextlib
import types
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from s2sdiff import again, arguments, boundary, cache, pushing, registry
from s2sdiff.carrying import own_copies
from s2sdiff.errors import DifferentiationError, UnsupportedError, refusal
from s2sdiff.given_tangents import accepted, tuples
from s2sdiff.opened import opened_call
from s2sdiff.runtime import calls, values
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.batches import RUNS, apart, running
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.held_beside import own_arguments, run_on_copies
from s2sdiff.runtime.in_step import HOLDERS
from s2sdiff.runtime.named_tuples import like_tuple
from s2sdiff.runtime.nested import OPERATORS, called, generated, is_derivative, spelled, written
from s2sdiff.runtime.outside_held import given_back
from s2sdiff.runtime.quick_structures import only_floats
from s2sdiff.runtime.remaking import put, shell
from s2sdiff.runtime.resuming import Resumed, to_the_end
from s2sdiff.runtime.structures import gradient, holds_numbers
from s2sdiff.runtime.tangents import Forward
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.zero_tangents import zero_tangent

__all__ = ["jvp", "known_link", "pushed_at", "runner", "shown"]


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
        ints and for fields marked `field(differentiable=False)`.

    Returns
    -------
    value
    tangent
        In the value's structure, with its shapes and dtypes; None for what is no floating number.

    Raises
    ------
    TypeError
        A tangent has not the structure, shape or field of its argument, or moves a constant.
    DifferentiationError
        Execution reached something that cannot be differentiated.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0))
    (12.0, 4.0)
    """
    if RUNS and running() is not None:
        return apart(jvp, f, primals, tangents)
    f = arguments.target_of(f, "jvp")
    primals, tangents = tuples(primals, tangents, "jvp")
    dots = accepted(tangents, primals, "jvp")
    slots = tuple([i for i, d in enumerate(dots) if d is not None])
    if not slots:
        value = f(*primals)
        return value, _shown(match(zero_tangent(value), value), value)
    try:
        return _along(f, slots, primals, tangents, dots)
    except Exception as error:
        if (refusal := boundary.refused(error)) is None:
            raise
        raise refusal from refusal.__cause__


def _along(f: Any, slots: tuple[int, ...], primals: tuple, tangents: tuple,
           dots: list[Any]) -> tuple[Any, Any]:
    given = tuple([dots[i] for i in slots])
    if not is_derivative(f):
        return pushed_at(f, slots, given, primals, {})
    opened, originals = opened_call(f, primals, {}), primals
    if opened is not None:
        before = own_copies((primals, tangents))
        # Another way is left where this one is refused.
        with contextlib.suppress(DifferentiationError):
            return pushed_at(opened[0], slots, given, opened[1], {})
        primals, tangents = before
        dots = accepted(tangents, primals, "jvp")
        given = tuple([dots[i] for i in slots])
    with contextlib.nullcontext() if opened is None else run_on_copies(f, originals, primals):
        return again.pushed_or_carried(
            f, slots, lambda args: pushed_at(f, slots, given, args, {}), primals, dots, "forwards",
            given=originals)


def pushed_at(f: Any, slots: tuple[Any, ...], dots: tuple, args: tuple,
              kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """Value and tangent of a call, for tangents of its arguments in `slots`."""
    link = _link(f, slots) if type(f) is types.FunctionType else None
    if link is None and not kwargs and any(isinstance(args[s], _SINGLE) for s in slots):
        # Rounded as where this call is differentiated itself, which is code.
        link = _link(called(f, args, {}), slots) if registry.find(f) is not None else None
    if link is not None:
        value, dot = to_the_end(link, *args, *dots, **kwargs)
    else:
        with own_arguments(f, args) as own:
            value, dot = runner(f, slots, own, kwargs)(*dots)
        value = given_back(value, args, own)
    return value, shown(value, dot, dots)


_SINGLE: Any = (np.float16, np.float32)


def shown(value: Any, dot: Any, given: tuple) -> Any:
    """The tangent of a result as callers see it, of that as generated code has it.

    Parameters
    ----------
    given : tangents of arguments, with which it must share no memory
    """
    if type(dot) is float and type(value) is float:
        return dot
    dot = match(dot, value)
    return _own(dot, given) if isinstance(dot, np.ndarray) else _shown(dot, value)


def runner(f: Any, slots: tuple[Any, ...], args: tuple,
           kwargs: dict[str, Any]) -> Callable[..., tuple[Any, Any]]:
    """What gives value and tangent of a call, as generated code has them, for each tangent."""
    if is_derivative(f):
        f = generated(f, args, kwargs)
    link = _link(f, slots) if type(f) is types.FunctionType else None
    if link is not None:
        # A link has no hold on its function, and of this one there may be no other.
        return lambda *dots, own=f: to_the_end(link, *args, *dots, **kwargs)
    return lambda *dots: to_the_end(calls.called, f, slots, args, kwargs, Forward(dots))


def _link(f: Any, slots: tuple[Any, ...]) -> Any:
    """What gives value and tangent of a plain function that has no rule; None for any other."""
    links, key = cache.record_of(f).links, ("outer", slots, running() is None)
    if RUNS and carrying() is not None:
        key = (*key, "carried")
    found = links.get(key)
    if found is None:
        if not values.has_source(f) or cache.is_ruled(f):
            return None
        found = links[key] = pushing.pushed(f, slots, outer=True)
    return None if cache.is_ruled(f) else found


def known_link(f: Any, slots: tuple[Any, ...]) -> Any:
    """What gives value and tangent of a plain function, if that has been asked for before."""
    return cache.record_of(f).links.get(("outer", slots, True))


def _in_order(f: Any, primals: Any, tangents: Any) -> tuple[Any, Any, Any]:
    return f, primals, tangents


def _nested(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`jvp` for a call's arguments as the generated code that it runs."""
    f, primals, tangents = _in_order(*args, **kwargs)
    primals, tangents = tuples(primals, tangents, "jvp")
    numbers = [i for i, x in enumerate(primals) if is_differentiable(x) or holds_numbers(x)]
    slots = tuple([i for i in numbers if tangents[i] is not None] or numbers)
    if not slots:
        given = ", ".join([f"primals[{i}]" for i in range(len(primals))])
        return spelled("jvp_of", given, "f, primals, tangents", f, _unmoved)
    function = pushing.pushed_code(f, slots, primals)
    # What writes its argument writes the tangent, too: the caller's stays as it is.
    own = {i: _own_tangent(i, primals[i], tangents[i]) for i in slots}
    dots = "".join(f", {d}={own[i]}" for d, i in
                   zip(function.__s2sdiff_dots__, slots, strict=True))
    given = ", ".join(f"primals[{i}]" for i in range(len(primals)))
    return spelled("jvp_of", f"{given}{dots}", "f, primals, tangents", function, _matched,
                   copied=deepcopy, match=match,
                   ordered=np.array)


def _own_tangent(i: int, x: Any, dot: Any) -> str:
    """The expression for a tangent that may be written, which lies in memory as its value does."""
    if _order(x) != _order(dot):
        return f"ordered(tangents[{i}], order={_order(x)!r})"
    if _has_gaps(dot, x):
        return f"copied(match(tangents[{i}], primals[{i}]))"
    if isinstance(dot, (np.ndarray, *HOLDERS)) or (
            type(x) is type(dot) and not is_differentiable(dot)):
        return f"copied(tangents[{i}])"
    return f"tangents[{i}]" if type(dot) is type(x) else f"match(tangents[{i}], primals[{i}])"


def _has_gaps(dot: Any, x: Any) -> bool:
    """Whether some number in a container does not move, and its tangent is None."""
    if type(x) not in (dict, list, tuple) or not isinstance(dot, type(x)):
        return dot is None and is_differentiable(x)
    keys = x if type(x) is dict else range(min(len(x), len(dot)))
    return any(_has_gaps(dot.get(k) if type(x) is dict else dot[k], x[k]) for k in keys)


def _order(x: Any) -> str:
    """How an array lies in memory; one that is written in a reshaped form is written as it lies."""
    return "F" if type(x) is np.ndarray and x.flags.f_contiguous and not x.flags.c_contiguous \
        else "C"


_unmoved = written("unmoved", "value", "(value, match(None, value))", match=match)
_matched = written("matched", "made", "(made[0], match(made[1], made[0]))", match=match)


OPERATORS[jvp] = _nested
jvp.__s2sdiff_kind__ = "tangent"  # type: ignore[attr-defined]
jvp.__s2sdiff_directional__ = True  # type: ignore[attr-defined]


_SINGLES: Any = (float, complex, np.generic, np.ndarray)


def _shown(dot: Any, value: Any) -> Any:
    """A tangent as callers see it, in containers of the value's classes, with arrays of its own:
    there is none of a set, whose elements have no places.
    """
    if type(value) is Resumed:
        raise refusal(UnsupportedError, "the function gives a generator, which has no tangent",
                      "give a list of what it would give")
    if isinstance(value, (set, frozenset)) or dot is None:
        return None
    if isinstance(value, tuple):
        return like_tuple(value, map(_shown, dot, value))
    if not isinstance(value, (list, dict, deque)):
        # What functions hold moves, but nobody can be handed a tangent of it.
        return copy(dot) if isinstance(value, _SINGLES) else gradient(dot, value)
    if type(value) is type(dot) is list and only_floats(value) and only_floats(dot):
        return [*dot]
    dots = dot if isinstance(dot, dict) else dict(enumerate(dot))
    made = shell(value)
    for k, v in items_of(value) or ():
        put(made, k, _shown(dots[k], v))
    return made


def _own(dot: np.ndarray, given: tuple) -> Any:
    """A tangent that shares no memory with those that the caller has."""
    mine = dot.flags.writeable and not any(
        isinstance(g, np.ndarray) and np.may_share_memory(dot, g) for g in given)
    return dot if mine and dot.base is None else copy(dot)
