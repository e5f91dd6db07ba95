"""Calls of derivatives inside of what is differentiated: by their code, or where that is refused.

Each of them falls back on the tangent of a gradient (`second`), which is symmetric.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sdiff import left_behind, nested_captures
from s2sdiff.cache import record_of
from s2sdiff.carrying import can_carry, known_copies, own_copies
from s2sdiff.directional import Directional
from s2sdiff.drawing_again import as_drawn_once, drawn, draws_of
from s2sdiff.errors import AliasingError, DifferentiationError, ReplacedError, UnsupportedError
from s2sdiff.left_behind import are_constants, function_of, known_before, primals_of
from s2sdiff.runtime import nested
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.separate import separate
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.tangents import Forward
from s2sdiff.runtime.whole_values import by_place
from s2sdiff.second import Gradient, asked, whole_tangent
from s2sdiff.standing_alone import must_stand_alone, stands_alone
from s2sdiff.transforms import effects

__all__ = ["CARRIED", "pushed_or_carried"]

#: Among what is remembered of a function: some way through the text of its gradient was refused.
CARRIED = ("carried",)


def pushed_or_carried(f: Any, slots: tuple[int, ...], way: Callable[[tuple], tuple[Any, Any]],
                      args: tuple, dots: Any, named: str, sure: bool = False,
                      given: tuple | None = None) -> tuple[Any, Any]:
    """What `way(args)` gives; where that is refused, what a run with tangents does.

    Parameters
    ----------
    f : what an operator gave
    dots : one for each argument; None where nothing moves
    named : the way's name; that it is refused is remembered by it
    sure : a run at this point has been checked
    given : what `args` are copies of
    """
    given = args if given is None else given
    known = getattr(f, "__s2sdiff_asked__", None)
    if known is None:
        return way(args)
    moving = {i: dots[i] for i in slots}
    draws = drawn(known[0], args)
    if CARRIED in _known(known[0]):
        call = asked(f, args, {})
        before = None if call is None else known_before(call.f, args, captured=True)
        return way(args) if call is None else _instead(
            replace(call, given=given, draws=draws).kept(), lambda: way(args), moving, named,
            lambda error: left_behind.run_on(before, call, args, error), sure)
    # What writes an argument writes its tangent, too.
    kept, along = known_copies(args), own_copies(tuple(moving.values()))
    before = known_before(known[0], args, kept, captured=True)
    try:
        return way(args)
    except ReplacedError:
        raise
    except DifferentiationError as error:
        call = None if kept is None else asked(f, kept, {})
        if call is None:
            raise
        refused = error
    def again() -> Any:
        raise refused

    return _instead(replace(call, given=given, draws=draws), again,
                    dict(zip(moving, along, strict=True)), named,
                    lambda error: left_behind.run_on(before, call, args, error), sure)


def _instead(call: Gradient, way: Callable[[], Any], dots: dict[int, Any], named: str,
             leave: Callable[[DifferentiationError], None],
             sure: bool = False, placed: Callable[[Any, Any], Any] = lambda _, dot: dot,
             alone: bool | None = True) -> tuple[Any, Any]:
    """`leave` is called where the way is refused, once there is what stands for it.

    `placed` makes of a tangent one as the code has it that goes forwards.
    """
    dots = {i: d for i, d in dots.items() if holds_numbers(call.args[i])}
    union = tuple(sorted({*call.slots, *dots}))
    known, key = _known(call.f), (named, *call.key(union))
    refused = known.get(key)
    # What writes an argument writes its tangent, too.
    moving = {i: own_copies((whole_tangent(d, call.args[i]),))[0] for i, d in dots.items()}
    if refused is None:
        try:
            return way()
        except ReplacedError:
            raise
        except DifferentiationError as error:
            refused = error
    must_stand_alone(call, alone, refused)
    made, dot = _sure(call.along if sure else call.checked, refused, moving, union)
    known[key] = refused
    known[CARRIED] = True
    with as_drawn_once(call.draws):
        leave(refused)
    value, dot = call.picked(made, union), call.picked(dot, union)
    return value, placed(value, dot)


def _sure(way: Callable[..., Any], refused: Exception, *args: Any) -> Any:
    """What a run of the library's own gives; the refusal, where it fails in whatever way.

    What the run itself refuses tells more than that the text could not be taken.
    """
    try:
        return way(*args)
    except (AliasingError, UnsupportedError):
        raise
    except Exception as error:
        raise refused from error


def _known(f: Any) -> dict[Any, Any]:
    return record_of(f).links if isinstance(f, types.FunctionType) else {}


# ------------------------------------------------------------------------ calls inside of code


def backward(fn: Any, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any],
             way: Callable[[], tuple[Any, Any]], places: bool = False,
             outer: bool = False) -> tuple[Any, Any]:
    """Value and pullback of a derivative's call: what `way` gives, or by a symmetric product.

    With `places`, the pullback is one of those that keep cotangents by place; `outer` is a call
    that is in no code which is differentiated.
    """
    if fn in nested.INSTEAD:
        return _or_instead(fn, args, kwargs, way)
    call = _call(fn, args, kwargs)
    alone = None if call is None else True if outer else stands_alone(call, wrt, places)
    if call is None or not all(isinstance(s, int) for s in wrt):
        return way()
    if alone is False:
        return nested_captures.backward(call, fn, wrt, way, backward) if places else way()
    primals, call = primals_of(call), _kept(_drawing(call))
    f, draws = function_of(call), draws_of(call)
    before = known_before(f, primals, primals_of(call))
    # What the call writes has its cotangents where they were before.
    entries = [parts(args[s]) for s in wrt] if places else []
    refused: list[DifferentiationError] = []
    value, pullback = None, None
    try:
        value, pullback = way()
        if places:
            return value, pullback
    except ReplacedError:
        raise
    except DifferentiationError as error:
        must_stand_alone(call, alone, error)
        if before is not None and isinstance(error, AliasingError):
            left_behind.undone(before, error)
            # Arguments that share memory are refused by whatever runs, before any of it is written.
            separate(tuple([f"argument {i}" for i in range(len(primals))]), len(primals), *primals)
        refused.append(error)
    if refused:
        with as_drawn_once(draws):
            if before is None or places:
                value = fn(*_with(call, args, own_copies(primals_of(call))), **kwargs)
            else:
                left_behind.undone(before, refused[0])
                value = fn(*args, **kwargs)
        if not outer and not places and before is not None and before.moved():
            raise refused[0]
    gradient = call.numbers_of(value) if "*" in effects.summary(f) else None

    def pull(bar: Any) -> Any:
        if not refused:
            try:
                return pullback(bar)  # type: ignore[misc]
            except ReplacedError:
                raise
            except DifferentiationError as error:
                must_stand_alone(call, alone, error)
                refused.append(error)
        again = () if isinstance(call, Gradient) else (fn,)
        if gradient is not None and not call.gives(gradient, *again):
            # A run has left something outside, as in a class, by which the next one differs.
            raise refused[0]
        return _sure(call.pulled, refused[0], bar, wrt, value)

    if not places:
        return value, pull
    in_places = by_place(value, pull, entries)
    if before is None:
        return value, in_places
    with as_drawn_once(draws):
        return value, left_behind.pulled(before, call, wrt, refused[0], in_places)


def _with(call: Any, args: tuple, primals: tuple) -> tuple:
    """The arguments of a call with others in place of what its function is given."""
    if isinstance(call, Directional):
        return args[0], primals, own_copies(call.tangents)
    return primals


def forward(fn: Any, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any],
            kept: Forward, way: Callable[[], tuple[Any, Any]]) -> tuple[Any, Any]:
    """Value and tangent of a derivative's call: what `way` gives, or from a run with tangents.

    `kept` is how a call is made there, with the tangents of the arguments `wrt`.
    """
    if fn in nested.INSTEAD:
        return _or_instead(fn, args, kwargs, way)
    call = _call(fn, args, kwargs)
    alone = None if call is None else stands_alone(call, wrt, kept.table is not None)
    if call is None or not all(isinstance(s, int) for s in wrt):
        return way()
    if alone is False:
        return way() if kept.table is None else nested_captures.forward(
            call, fn, wrt, kept, way, forward)
    given, call = dict(zip(wrt, kept.whole(wrt, args, kwargs), strict=True)), _drawing(call)
    primals, f, before = primals_of(call), function_of(call), None
    if effects.summary(f):
        # What writes an argument writes its tangent, too.
        call = _kept(call)
        given = {s: None if d is None else own_copies((d,))[0] for s, d in given.items()}
        before = known_before(f, primals, primals_of(call), kept.dots, kept.table)

    def leave(refused: DifferentiationError) -> None:
        left_behind.pushed(before, call, wrt, kept, kwargs, refused)

    if not isinstance(call, Directional):
        return _instead(call, way, given, "inside", leave, placed=kept.placed, alone=alone)
    try:
        return way()
    except ReplacedError:
        raise
    except DifferentiationError as error:
        must_stand_alone(call, alone, error)
        made = _sure(call.pushed, error, given)
        with as_drawn_once(draws_of(call)):
            leave(error)
        return made


def _or_instead(fn: Any, args: tuple, kwargs: dict[str, Any], way: Callable[[], Any]) -> Any:
    try:
        return way()
    except ReplacedError:
        raise
    except DifferentiationError:
        if not nested.INSTEAD[fn](args, kwargs):
            raise
    return way()


def _call(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    if not hasattr(fn, "__s2sdiff_directional__"):
        found = asked(fn, args, kwargs)
        # Those are not copied, and would be written by each of several runs.
        apart = found is None or not kwargs or are_constants(tuple(kwargs.values())) or \
            not effects.summary(found.f)
        return found if apart else None
    if kwargs or len(args) != 3:
        return None
    f, primals, tangents = args
    if not can_carry(primals):
        return None
    slots = tuple([i for i, x in enumerate(primals) if holds_numbers(x)])
    return Directional(Gradient(f, slots, False, False, False, tuple(primals), {}),
                       tuple(tangents))


def _drawing(call: Any) -> Any:
    """A call with the generators that it draws from, in front of all of its runs."""
    draws = drawn(function_of(call), primals_of(call))
    if draws is None:
        return call
    return replace(call, gradient=replace(call.gradient, draws=draws)) if isinstance(
        call, Directional) else replace(call, draws=draws)


def _kept(call: Any) -> Any:
    """A call with arguments that nobody else writes into."""
    if isinstance(call, Directional):
        return replace(call, gradient=_kept(call.gradient), tangents=own_copies(call.tangents))
    return call.kept()


nested.backward, nested.forward = backward, forward
