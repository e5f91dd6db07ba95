"""Below which numbers integers surely do not lie, from loops over ranges and from arithmetic."""

from __future__ import annotations

import math
import operator
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, For, Move, Ref, Var
from s2sdiff.runtime import values, walks
from s2sdiff.runtime.choosing import place_of

__all__ = ["floor", "floors"]

_NONE = -math.inf
_PLACES = (range, values.indices, values.places, values.places_back, walks.steps)


def floors(function: ir.Function) -> dict[str, float]:
    """The greatest known lower bound of each variable that has one."""
    ways: dict[str, list[Any]] = {}
    made: dict[str, Bind] = {}
    for s in ir.statements(function):
        match s:
            case Move(targets, sources):
                for t, a in zip(targets, sources, strict=True):
                    ways.setdefault(t, []).append(a)
            case For(target=str(target)):
                ways.setdefault(target, []).append(s)
            case _:
                for t in ir.defines(s):
                    ways.setdefault(t, []).append(s if len(ir.defines(s)) == 1 else None)
                    if isinstance(s, Bind) and any(map(s.calls, _PLACES)):
                        made[t] = s
    ways.update({p.name: [None] for p in function.params})
    found: dict[str, float] = {}

    def of(a: Any) -> float:
        if isinstance(a, Const) and type(a.value) is int:
            return a.value
        # What nothing is known of yet is no limit: it is looked at again until all agree.
        return found.get(a.name, math.inf) if isinstance(a, Var) and a.name in ways else _NONE

    for turn in range(len(ways) + 8):
        before = dict(found)
        for name, sources in ways.items():
            low = min(_least(w, of, made) for w in sources)
            # What goes on falling falls without end.
            found[name] = _NONE if turn > 3 and low < before.get(name, math.inf) else low
        if found == before:
            break
    else:
        return {}
    return {n: low for n, low in found.items() if math.isfinite(low)}


def floor(a: ir.Arg, context: Any) -> float:
    """Below which number an integer surely does not lie."""
    if isinstance(a, Const):
        return a.value if type(a.value) is int else _NONE
    return context.floors.get(a.name, _NONE) if isinstance(a, Var) else _NONE


def _least(way: Any, of: Any, made: dict[str, Bind]) -> float:
    match way:
        case Var() | Const():
            return of(way)
        case For(source=Var(name)) if name in made:
            return _in_range(made[name], of)
        case Bind(_, Ref(fn), _, ()):
            args: Any = way.args
            if not args or any(isinstance(a, ir.Star) for a in args):
                return _NONE
            if fn is len or fn is place_of or (fn is values.next_place and len(args) == 1):
                return 0
            if fn is operator.add:
                return _plus(of(args[0]), of(args[1]))
            if fn is operator.sub and isinstance(args[1], Const) and type(args[1].value) is int:
                return of(args[0]) - args[1].value
            if fn is operator.mod and of(args[1]) >= 0:
                return 0
            if fn is operator.mul and min(map(of, args)) >= 0:
                return 0
            if fn is operator.floordiv and of(args[0]) >= 0 and of(args[1]) >= 1:
                return 0
    return _NONE


def _in_range(s: Bind, of: Any) -> float:
    args: Any = s.args
    if not s.calls(range):
        return 0
    if len(args) < 3:
        return 0 if len(args) == 1 else of(args[0])
    step = args[2]
    if not isinstance(step, Const) or type(step.value) is not int:
        return _NONE
    return of(args[0]) if step.value > 0 else of(args[1]) + 1


def _plus(a: float, b: float) -> float:
    return _NONE if _NONE in (a, b) else a + b
