"""What compiling a function has begun with, kept from the time that its result was asked for.

A caller asks what a function gives before anybody asks for the function's derivative; up to there
the passes are the same for both.  What they made is taken once, and changed then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2sdiff.ir import Function, replace
from s2sdiff.kinds import ANY, Kind, unknown_dim
from s2sdiff.runtime import suspects
from s2sdiff.runtime.marking import marked
from s2sdiff.transforms.context import Context, Request
from s2sdiff.transforms.staying import keeps

__all__ = ["as_given", "as_received", "is_told", "keep", "request_for", "take"]

#: So many are kept: each is taken soon, or never.
_REMEMBERED = 256


@dataclass(frozen=True, eq=False)
class _Begun:
    function: Function
    context: Context
    holds: Callable[[], bool]


_begun: dict[Any, _Begun] = {}


def as_given(kind: Kind, name: str, sizes: dict[Any, Any]) -> Kind:
    """The kind of an argument as a call will have it: its dimensions are named after `name`.

    `sizes` is told what they are to the caller.

    A caller names them after its own variables, and knows of some that are one and the same.  What
    is asked for, whether a number is given and of which type, follows from types and ranks; and so
    what has been begun is there when the call is made.
    """
    if kind.items is not None and kind.type in (list, tuple):
        return kind._replace(items=tuple([
            as_given(k, f"{name}.{i}", sizes) for i, k in enumerate(kind.items)]))
    if kind.shape:
        shape = tuple([1 if d == 1 else f"?{name}.{i}" if d[0] == "?" else f"{name}.{i}"
                       for i, d in enumerate(kind.shape)])
        sizes.update(zip(shape, kind.shape, strict=True))
        return kind._replace(shape=shape)
    return kind._replace(dim=None) if kind.dim is not None else kind


def is_told(kind: Kind) -> bool:
    """Whether a caller is told of what kind it gets: of numbers, tuples, and lists of one kind."""
    if kind.type is tuple and kind.items is not None:
        return all(map(is_told, kind.items))
    return kind.is_number or kind.inert or (kind.each is not None and keeps(kind))


def as_received(kind: Kind, sizes: dict[Any, Any]) -> Kind:
    """The kind of what a call gives, in the caller's words: what it gives anew has sizes anew."""
    if kind.type is tuple and kind.items is not None:
        return kind._replace(items=tuple([as_received(k, sizes) for k in kind.items]))
    if not kind.shape:
        return kind._replace(dim=None) if kind.dim is not None else kind
    for d in kind.shape:
        if d != 1 and d not in sizes:
            sizes[d] = unknown_dim()
    return kind._replace(shape=tuple([1 if d == 1 else sizes[d] for d in kind.shape]))


def _key(fn: Any, arguments: dict[str, Kind]) -> tuple[Any, ...]:
    # Code objects of two files may be equal; their locations are not.
    return (fn.__code__, fn.__code__.co_filename, marked(fn), id(fn.__globals__),
            suspects.state.names, tuple(arguments.items()))


def request_for(arguments: dict[str, Kind]) -> Request:
    """What is asked for until somebody says more: the derivative for all that may have one."""
    return Request("vjp", tuple([n for n, kind in arguments.items() if not kind.inert]))


def keep(fn: Any, arguments: dict[str, Kind], function: Function, context: Context,
         holds: Callable[[], bool]) -> None:
    """Remember how far a function has come; `holds` tells whether it would come there again."""
    if len(_begun) >= _REMEMBERED:
        del _begun[next(iter(_begun))]
    _begun[_key(fn, arguments)] = _Begun(replace(function, origin=None), context, holds)


def take(fn: Any, request: Request,
         arguments: dict[str, Kind]) -> tuple[Function, Context] | None:
    """The function and its context, if they are the same for this request; nobody has them then."""
    if fn.__closure__ or request.told or not request.kinds:
        return None
    found = _begun.pop(_key(fn, arguments), None)
    if found is None or not found.holds():
        return None
    asked = {n for n in request.wrt if not arguments.get(n, ANY).inert}
    known = set(found.context.request.wrt)
    if asked != known and (found.context.pasted or found.context.may_vary or not asked < known):
        # Where fewer arguments vary, other helpers are written in.
        return None
    found.context.request = request
    return replace(found.function, origin=fn), found.context
