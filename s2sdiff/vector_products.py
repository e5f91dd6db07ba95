"""The operator `vjp`: the value of a call and its pullback."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import arguments, boundary, dispatch, opened
from s2sdiff.asked import has_cotangent
from s2sdiff.pullbacks import pullback_of
from s2sdiff.runtime import calls, nested
from s2sdiff.runtime.batches import RUNS, apart, running
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.held_beside import own_arguments
from s2sdiff.runtime.kept_in_run import RUN, at_the_end
from s2sdiff.runtime.nested import is_derivative
from s2sdiff.runtime.outside_held import given_back
from s2sdiff.runtime.resuming import OPEN, Resumed, ended, forgotten, refuse_given

__all__ = ["vjp"]


def vjp(
    f: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> tuple[Any, Callable[[Any], Any]]:
    """The value of a call and its pullback.

    Parameters
    ----------
    f : callable
    *args, **kwargs
        The arguments of the call; derivatives are taken for the positional ones.

    Returns
    -------
    value
    pullback : callable
        `pullback(cotangent)`: one cotangent where `f` was given one positional argument, else a
        tuple, one each; None for integer arguments.  It may be called any number of times, in any
        thread, and changes neither its argument nor the inputs nor the value.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> value, pullback = sd.vjp(lambda x, y: x * y, 3.0, 4.0)
    >>> value, pullback(1.0)
    (12.0, (4.0, 3.0))
    """
    if RUNS and running() is not None:
        return apart(vjp, f, *args, **kwargs)
    f = arguments.target_of(f, "vjp")
    slots = tuple([i for i, a in enumerate(args) if type(a) is float or (
        type(a) is np.ndarray and a.dtype.kind in "fc") or has_cotangent(a, i, f)])
    # What is an argument's structure now may be another one after the call.
    given = args if all(type(a) is float or type(a) is np.ndarray for a in args) else \
        tuple([parts(a) for a in args])
    if not slots:
        value = f(*args, **kwargs)
        return value, pullback_of(lambda _: (), (), args, value)
    before, noted, RUN.kept = OPEN.count, RUN.kept, {}
    try:
        link = dispatch.link(f, slots) if type(f) is types.FunctionType else None
        value, raw = link(*args, **kwargs) if link is not None else \
            _of_call(f, slots, args, kwargs)
        if OPEN.frames:
            ended(before)
        if type(value) is Resumed:
            refuse_given(value)
        if RUN.kept:
            at_the_end()
    except Exception as error:
        forgotten(before)
        if (refusal := boundary.refused(error)) is None:
            raise
        raise refusal from refusal.__cause__
    finally:
        RUN.kept = noted
    return value, pullback_of(raw, slots, given, value)


def _of_call(f: Any, slots: tuple[int, ...], args: tuple,
             kwargs: dict[str, Any]) -> tuple[Any, Any]:
    if not is_derivative(f):
        return dispatch.call_outer(f, slots, args, kwargs)
    f, args = opened.opened_call(f, args, kwargs, False) or (f, args)
    of = getattr(f, "__s2sdiff_asked__", (f,))[0]

    def way() -> tuple[Any, Any]:
        # What the function reads outside stays as it is when an argument moves that it is.
        with own_arguments(of, args, kwargs) as own:
            value, pullback = calls.call_kept(slots, f, *own, **kwargs)
        return given_back(value, args, own), pullback

    assert nested.backward is not None
    return nested.backward(f, slots, args, kwargs, way, outer=True)
