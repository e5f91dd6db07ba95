"""What holds some of its arguments, as a function of those, too: partials, methods, closures.

An operator that is called outside of any derivative knows that what a partial or an object holds
is constant.  `hvp(model.loss, (w,), (d,))` is then `hvp` of `lambda w, model: Model.loss(model, w)`
with a second primal that does not move, of which the kind is known as that of any argument.
What a function captures is held by it in the same way.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.asked import asked_of, slot_of
from s2sdiff.opened_closures import is_plain, written_anew
from s2sdiff.runtime.nested import spelled
from s2sdiff.runtime.values import has_source

__all__ = ["by_slots", "opened", "opened_call"]

#: Set by `api`: the gradient of a function for `wrt`, with `has_aux`, and with the value.
gradient: Callable[..., Any] | None = None


def opened(f: Any, count: int) -> tuple[Any, tuple] | None:
    """A function of `count` arguments and of what `f` holds, and that; None where it is plain.

    >>> function, held = opened(functools.partial(pow, 2.0), 1) or (None, ())
    >>> held
    (2.0,)
    """
    before: list[Any] = []
    named: dict[str, Any] = {}
    function = f
    while not isinstance(function, types.FunctionType | types.BuiltinFunctionType):
        if registry.find(function) is not None:
            return None
        if isinstance(function, functools.partial):
            before[:0] = function.args
            named = {**function.keywords, **named}
            function = function.func
        elif isinstance(function, types.MethodType):
            before.insert(0, function.__self__)
            function = function.__func__
        else:
            call = getattr(type(function), "__call__", None)  # noqa: B004
            if not isinstance(call, types.FunctionType):
                return None
            before.insert(0, function)
            function = call
    found = written_anew(function, tuple(before), count, named) if is_plain(function) else None
    if found is not None or function is f or hasattr(function, "__s2sdiff_generated__") or not (
            has_source(function) or registry.find(function) is not None):
        return found
    held = (*before, *named.values())
    own = [f"a{i}" for i in range(count)]
    first = [f"held{i}" for i in range(len(before))]
    last = [f"held{len(before) + i}" for i in range(len(named))]
    given = [*first, *own, *[f"{k}={v}" for k, v in zip(named, last, strict=True)]]
    made = spelled("opened", ", ".join(given), ", ".join([*own, *first, *last]), function)
    return made, held


def opened_call(f: Any, args: tuple, kwargs: dict[str, Any],
                closures: bool = True) -> tuple[Any, tuple] | None:
    """A call of the gradient of what holds arguments, as that of a function of those, too.

    It is the gradient for the same arguments, and those of its call, with what is held behind them;
    None for any other call.
    """
    known = getattr(f, "__s2sdiff_asked__", None)
    if known is None or kwargs or not (closures or type(known[0]) is not types.FunctionType):
        return None
    target, wrt, aux, value = known
    holding = opened(target, len(args))
    if holding is None:
        return None
    assert gradient is not None
    made = gradient(holding[0], by_slots(target, wrt, args), aux, value)
    return made, (*args, *holding[1])


def by_slots(f: Any, wrt: Any, args: tuple) -> Any:
    """What `wrt` names, by position."""
    slots = tuple([slot_of(f, w, args, {}) for w in asked_of(wrt)])
    return slots if isinstance(wrt, (tuple, list)) else slots[0]
