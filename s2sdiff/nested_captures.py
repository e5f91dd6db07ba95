"""Derivatives, inside of others, of functions that capture something which may have a derivative.

Where the text of such a derivative cannot be differentiated, it is taken as that of a function that
has as arguments what this one captures: with their tangents, or with cotangents that are put where
it lies.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sdiff.api import grad, value_and_grad
from s2sdiff.directional import Directional
from s2sdiff.errors import DifferentiationError, ReplacedError
from s2sdiff.left_behind import function_of, primals_of
from s2sdiff.left_outside import leaves_something
from s2sdiff.opened import by_slots
from s2sdiff.opened_closures import is_plain, plan_of
from s2sdiff.runtime.dots import cell_dot, zero_in
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.shadow_slots import add_slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.second import Gradient

__all__ = ["backward", "forward"]

Way = Callable[[], tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class _Opened:
    """A call of a derivative with what its function captures among the arguments.

    Attributes
    ----------
    fn, args : the call
    count : so many arguments the function has of its own
    held, cells : what comes behind them, and the cells that it lies in, or None
    """

    fn: Any
    args: tuple
    count: int
    held: list[Any]
    cells: list[Any]


def _opened(call: Any, fn: Any) -> _Opened | None:
    """None where something is captured that cannot be an argument, or a run leaves something."""
    f, primals = function_of(call), primals_of(call)
    if isinstance(call, Gradient) and call.kwargs:
        return None
    made, plan = _with_arguments(f, primals)
    if made is None or leaves_something(f, primals):
        return None
    held = [found(()) for found in plan.held]
    cells = [getattr(found, "args", (None,))[0] for found in plan.held]
    if isinstance(call, Directional):
        args: tuple = (made, (*primals, *held), (*call.tangents, *[None] * len(held)))
    else:
        args = (*primals, *held)
        fn = (value_and_grad if call.value else grad)(
            made, call.slots[0] if call.alone else call.slots, call.aux)
    return _Opened(fn, args, len(primals), held, cells)


def _with_arguments(f: Any, args: tuple) -> tuple[Any, Any]:
    """A function, or a gradient of one, with what it captures behind its arguments; and how it is
    written.  None where it cannot be.
    """
    asked = getattr(f, "__s2sdiff_asked__", None)
    if asked is not None:
        target, wrt, aux, value = asked
        made, plan = _with_arguments(target, args)
        return (None, None) if made is None else (
            (value_and_grad if value else grad)(made, by_slots(target, wrt, args), aux), plan)
    if not isinstance(f, types.FunctionType) or not is_plain(f):
        return None, None
    plan = plan_of(f, 0, len(args), numbers=True)
    return (None, None) if plan.made is None or not is_inert(plan.made) else (plan.made, plan)


def backward(call: Any, fn: Any, wrt: tuple[int, ...], way: Way,
             along: Callable[..., tuple[Any, Any]]) -> tuple[Any, Any]:
    """Value and pullback, with cotangents by place: what `way` gives, or `along` the opened call.
    """
    try:
        return way()
    except ReplacedError:
        raise
    except DifferentiationError as error:
        opened, refused = _opened(call, fn), error
        if opened is None:
            raise
    directional, count = isinstance(call, Directional), opened.count
    moving = [i for i, x in enumerate(opened.held) if holds_numbers(x)]
    slots = (1, *[s for s in wrt if s > 1]) if directional else (
        *wrt, *[count + i for i in moving])
    value, pullback = along(opened.fn, slots, opened.args, {}, _refusing(refused), True)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        if directional:
            whole = [e or (None,) * len(opened.args[1]) for e in entries]
            found = {s: e[:count] for s, e in zip(slots, whole, strict=True)}
            more, entries = whole[0][count:], tuple([_unless_nothing(found.get(s)) for s in wrt])
        else:
            known = dict(zip(moving, entries[len(wrt):], strict=True))
            more, entries = [known.get(i) for i in range(len(opened.held))], entries[:len(wrt)]
        for cell, entry in zip(opened.cells, more, strict=True):
            if entry is not None:
                add_slot(bars, cell, "cell_contents", entry)
        return entries

    return value, pull


def _refusing(refused: DifferentiationError) -> Way:
    def way() -> Any:
        raise refused

    return way


def _unless_nothing(entries: Any) -> Any:
    return None if entries is None or all(e is None for e in entries) else entries


def forward(call: Any, fn: Any, wrt: tuple[int, ...], kept: Any, way: Way,
            along: Callable[..., tuple[Any, Any]]) -> tuple[Any, Any]:
    """Value and tangent, where there are tangents by place: what `way` gives, or `along` the
    opened call.
    """
    try:
        return way()
    except ReplacedError:
        raise
    except DifferentiationError as error:
        opened, refused = _opened(call, fn), error
        if opened is None:
            raise
    count, given = opened.count, dict(zip(wrt, kept.dots, strict=True))
    more = [zero_in(kept.table, x) if cell is None else cell_dot(kept.table, cell, x)
            for cell, x in zip(opened.cells, opened.held, strict=True)]
    if isinstance(call, Directional):
        none = (None,) * count
        given = {1: (*(given.get(1) or none), *more),
                 2: (*(given.get(2) or none), *[None] * len(more))}
    else:
        given |= {count + i: d for i, d in enumerate(more) if holds_numbers(opened.held[i])}
    how = type(kept)(tuple(given.values()), kept.table)
    return along(opened.fn, tuple(given), opened.args, {}, how, _refusing(refused))
