"""Calls of derivatives inside of what is differentiated: by their code, or where that is refused.

Each of them falls back on the tangent of a gradient (`second`), which is symmetric.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sdiff import api
from s2sdiff.cache import record_of
from s2sdiff.carrying import can_carry, known_copies, own_copies
from s2sdiff.directional import Directional
from s2sdiff.errors import AliasingError, DifferentiationError, UnsupportedError
from s2sdiff.left_behind import Left, Moved, are_constants, are_leaves
from s2sdiff.runtime import nested
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_inert
from s2sdiff.runtime.whole_values import by_place, parts
from s2sdiff.second import Gradient, asked, whole_tangent
from s2sdiff.transforms import effects
from s2sdiff.transforms.given_functions import binds_captured

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
    if CARRIED in _known(known[0]):
        call = asked(f, args, {})
        return way(args) if call is None else _instead(
            replace(call, given=given), lambda: way(args), moving, named, sure)
    # What writes an argument writes its tangent, too.
    kept, along = known_copies(args), own_copies(tuple(moving.values()))
    left = _left(known[0], args, kept)
    try:
        return way(args)
    except DifferentiationError as error:
        call = None if kept is None else asked(f, kept, {})
        if call is None:
            raise
        refused = error
    made = _carried(replace(call, given=given), refused, dict(zip(moving, along, strict=True)),
                    named, sure)
    _leave(left, call, refused)
    return made


def _carried(call: Gradient, refused: DifferentiationError, dots: dict[int, Any], named: str,
             sure: bool) -> tuple[Any, Any]:
    def way() -> Any:
        raise refused

    return _instead(call, way, dots, named, sure, False)


def _instead(call: Gradient, way: Callable[[], Any], dots: dict[int, Any], named: str,
             sure: bool = False, leaves: bool = True) -> tuple[Any, Any]:
    dots = {i: d for i, d in dots.items() if holds_numbers(call.args[i])}
    union = tuple(sorted({*call.slots, *dots}))
    known, key = _known(call.f), (named, *call.key(union))
    refused = known.get(key)
    # What writes an argument writes its tangent, too.
    moving = {i: own_copies((whole_tangent(d, call.args[i]),))[0] for i, d in dots.items()}
    left = _left(call.f, call.args) if leaves else None
    if refused is None:
        call = call.kept()
        try:
            return way()
        except DifferentiationError as error:
            refused = error
    made, dot = _sure(call.along if sure else call.checked, refused, moving, union)
    known[key] = refused
    known[CARRIED] = True
    _leave(left, call, refused, named != "inside")
    return call.picked(made, union), call.picked(dot, union)


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


def _left(f: Any, args: tuple, copies: tuple | None = None) -> Left | None:
    """What knows the arguments of a function that may write them; None for others, as a rule."""
    if copies is None and not can_carry(args):
        return None
    return Left(args, copies) if are_leaves(args) or effects.summary(f) else None


def _leave(left: Left | None, call: Gradient, refused: DifferentiationError,
           moving: bool = True) -> None:
    """Leave in the arguments what a plain call does.

    Inside of code that goes forwards nobody knows the tangents of what would move there.
    """
    if left is not None and effects.summary(call.f):
        _by(left, lambda args: call.f(*args, **call.kwargs), refused, moving)


def _by(left: Left, run: Callable[[tuple], Any], refused: DifferentiationError,
        moving: bool) -> Any:
    if left.shared:
        raise refused
    try:
        return left.by(run, moving)
    except Moved:
        raise refused from None


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
    call = _call(fn, args, kwargs)
    if call is None or not (outer or _stands_alone(call, wrt)) or not all(
            isinstance(s, int) for s in wrt):
        return way()
    given, call = _primals(call), _kept(call)
    left = _left(_function(call), given, _primals(call))
    # What the call writes has its cotangents where they were before.
    entries = [parts(args[s]) for s in wrt] if places else []
    refused: list[DifferentiationError] = []
    value, pullback = None, None

    def once_more(own: tuple) -> Any:
        return fn(*_with(call, args, own), **kwargs)

    try:
        value, pullback = way()
        if places:
            return value, pullback
    except DifferentiationError as error:
        refused.append(error)
        # By place it is seen whether anybody asks for what the call has left.
        value = once_more(own_copies(_primals(call))) if left is None else _by(
            left, once_more, error, outer or places)

    def pull(bar: Any) -> Any:
        if not refused:
            try:
                return pullback(bar)  # type: ignore[misc]
            except DifferentiationError as error:
                refused.append(error)
        return _sure(call.pulled, refused[0], bar, wrt, value)

    if not places:
        return value, pull
    in_places = by_place(value, pull, entries)

    def look(bar: Any, bars: Any) -> tuple:
        if left is not None and not left.unread(bars):
            raise refused[0]
        return in_places(bar, bars)

    return value, look


def _function(call: Any) -> Any:
    return call.gradient.f if isinstance(call, Directional) else call.f


def _primals(call: Any) -> tuple:
    return call.gradient.args if isinstance(call, Directional) else call.args


def _with(call: Any, args: tuple, primals: tuple) -> tuple:
    """The arguments of a call with others in place of what its function is given."""
    if isinstance(call, Directional):
        return args[0], primals, own_copies(call.tangents)
    return primals


def forward(fn: Any, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any],
            dots: Callable[[], tuple], way: Callable[[], tuple[Any, Any]]) -> tuple[Any, Any]:
    """Value and tangent of a derivative's call: what `way` gives, or from a run with tangents.

    `dots` gives the tangents of the arguments `wrt`, in their structures.
    """
    call = _call(fn, args, kwargs)
    if call is None or not _stands_alone(call, wrt) or not all(isinstance(s, int) for s in wrt):
        return way()
    given = dict(zip(wrt, dots(), strict=True))
    if isinstance(call, Directional):
        primals = _primals(call)
        call, given = _kept(call), {s: own_copies(d) for s, d in given.items() if d is not None}
        left = _left(call.gradient.f, primals, _primals(call))
        try:
            return way()
        except DifferentiationError as error:
            made = _sure(call.pushed, error, given)
            _leave(left, call.gradient, error, False)
            return made
    return _instead(call, way, given, "inside")


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


def _stands_alone(call: Any, wrt: tuple[Any, ...]) -> bool:
    """The function has nothing but its arguments that has a derivative, and that it may write.

    What a function captures that an operator was given has none, unless that is asked about.
    """
    f = _function(call)
    if isinstance(f, types.FunctionType) and binds_captured(f.__code__):
        return False
    return is_inert(f) or (isinstance(call, Directional) and 0 not in wrt and _only_reads(f))


def _only_reads(f: Any) -> bool:
    """A function that nothing which it captures tells, in another run of it, that it has run."""
    return isinstance(f, types.FunctionType) and not f.__defaults__ and not f.__kwdefaults__ and (
        _holds_constants(f, set()) or "*" not in effects.summary(f))


def _holds_constants(f: types.FunctionType, seen: set[int]) -> bool:
    """It captures numbers alone, and functions that do."""
    seen.add(id(f))
    held = [c.cell_contents for c in f.__closure__ or () if c != types.CellType()]
    return not binds_captured(f.__code__) and all(
        isinstance(x, (int, float, complex, np.generic, str)) or id(x) in seen or (
            isinstance(x, types.FunctionType) and _holds_constants(x, seen)) for x in held)


def _kept(call: Any) -> Any:
    """A call with arguments that nobody else writes into."""
    if isinstance(call, Directional):
        return replace(call, gradient=_kept(call.gradient), tangents=own_copies(call.tangents))
    return call.kept()


nested.backward, nested.forward, api.backward = backward, forward, backward
