"""Forward mode of dicts and lists of cotangents (`own_slots`), which have such of tangents."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Var
from s2sdiff.transforms import own_slots
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.tangents import Tangents

__all__ = ["bind", "twice"]


def bind(s: Bind, emit: Emitter, tangents: Tangents) -> bool:
    """Emit what makes or writes one, or takes something out, for the tangents, too."""
    own = emit.context.own_slots
    if own_slots.puts(s, own) and own_slots.holds_numbers(emit.kind(s.args[-1])):
        _put(s, emit, tangents)
    elif own_slots.makes(s, own) and _lists_numbers(s.args[0], emit):
        emit.out.append(s)
        bar = s.args[0]
        active = isinstance(bar, Var) and bar.name in tangents.context.active
        # Where no cotangent moves, the tangents are zeros in as many places.
        dot = emit.atom(tangents.of(bar, emit)) if active else Const(None)
        twice(s, s.fn, [dot, *s.args[1:]], (), emit, tangents)
    elif own_slots.takes(s, own):
        emit.out.append(s)
        twice(s, s.fn, [tangents.of(s.args[0], emit), *s.args[1:]], (), emit, tangents)
    else:
        return False
    return True


def _put(s: Bind, emit: Emitter, tangents: Tangents) -> None:
    """A cotangent is put into a dict or list of such, and its tangent into that one's."""
    owner, *key, value = ir.plain_args(s)
    emit.out.append(s)
    if isinstance(owner, Var) and owner.name in tangents.context.active:
        given = [emit.atom(tangents.of(a, emit)) for a in (owner, value)]
        emit.effect(s.fn, [given[0], *key, given[1]])


def _lists_numbers(bar: Any, emit: Emitter) -> bool:
    """Of the cotangent of a list: it has numbers and arrays, whose tangents are such."""
    return not isinstance(bar, Var) or bar.name in emit.context.own_slots or \
        bar.name not in emit.context.active or own_slots.holds_numbers(emit.kind(bar))


def twice(s: Bind, fn: Any, args: list[Any], kwargs: Any, emit: Emitter,
          tangents: Tangents) -> None:
    """The same call for the tangents, under their names."""
    if not s.targets:
        emit.out.append(Bind((), fn, tuple(args), tuple(kwargs), s.loc))
        return
    names = tuple(tangents.name(t) if t in tangents.context.active else tangents.context.names("_")
                  for t in s.targets)
    emit.out.append(Bind(names, fn, tuple(args), tuple(kwargs), s.loc))
