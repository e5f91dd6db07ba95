"""Plans of bodies that an exception may leave, and the parts of them that may have happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Block, Exit, If, Try, With
from s2sdiff.transforms.steps import Attempt, Branch, Group, Loop, Mark, Region, Sure

__all__ = ["ends", "nested", "statements", "whole"]


#: So many groups stand in one another: Python has an end to levels of indentation.
_DEEPEST = 8


def nested(plan: list[Any], region: Region, number: int | None, depth: int = 1) -> list[Any]:
    """A plan of which only a part may have happened, as groups, each in the one before it.

    `number`: the region's counter is at least this where the plan's end was reached; None: nothing
    that comes to its end without a mark matters.
    """
    deeper = depth % _DEEPEST + 1
    for i, step in enumerate(plan):
        own = plan[:i]
        if isinstance(step, Mark) and step.region is region:
            rest = nested(plan[i + 1:], region, number, deeper)
            return _grouped(region, step.number, own, rest, _sure(own), depth)
        first = next(_marks(step, region), None)
        if first is not None:
            rest = plan[i + 1:]
            after = next((k for t in rest for k in _marks(t, region)), number)
            inner = _partial(step, region, after)
            rest = nested(rest, region, number, deeper)
            return _grouped(region, first, [*own, inner], rest, _sure(own), depth)
    steps = [*plan, _sure(plan)]
    return [Group(region, number, steps)] if plan and number is not None else []


def _grouped(region: Region, number: int, own: list[Any], rest: list[Any], sure: Sure,
             depth: int) -> list[Any]:
    if depth == _DEEPEST:
        return [Group(region, number, [*own, sure]), *rest]
    return [Group(region, number, [*own, *rest, sure])]


def _sure(steps: list[Any]) -> Sure:
    return Sure(frozenset(ir.all_defs(statements(steps))))


def _marks(step: Any, region: Region) -> Iterator[int]:
    """The numbers that a step gives the counter of a region, in order; of a loop the first."""
    match step:
        case Loop():
            if step.region is region:
                yield step.first
        case Mark():
            if step.region is region:
                yield step.number
        case Branch():
            for inner in (*step.then, *step.orelse):
                yield from _marks(inner, region)
        case Attempt():
            if step.around is region and step.entry is not None:
                yield step.entry
            for inner in (*[t for _, p in step.sides for t in p], *step.last):
                yield from _marks(inner, region)


def _partial(step: Any, region: Region, after: int | None) -> Any:
    """A step that may not have come to its end."""
    if isinstance(step, Attempt):
        return replace(step, follow=(region, after))
    if not hasattr(step, "then"):
        return step  # a loop: its rounds are groups
    s = step.statement
    then, orelse = [nested(p, region, after if ends(b) else None)
                    for p, b in ((step.then, s.then), (step.orelse, s.orelse))]
    statement = replace(s, then=whole(s.then), orelse=whole(s.orelse))
    return replace(step, statement=statement, then=then, orelse=orelse)


def statements(steps: list[Any]) -> Block:
    """The statements that steps were made of."""
    found: list[ir.Stmt] = []
    for step in steps:
        if isinstance(step, Group):
            found += statements(step.steps)
        elif not isinstance(step, (Mark, Sure)):
            found.append(getattr(step, "statement", step))
    return tuple(found)


def ends(block: Block) -> bool:
    """Whether the end of a block may be reached."""
    last = block[-1] if block else None
    match last:
        case Exit(kind):
            return kind != "raise"
        case If(_, then, orelse):
            return ends(then) or ends(orelse)
        case Try(body, handlers, orelse, final):
            return ends(final) and ((ends(body) and ends(orelse)) or any(map(ends, handlers)))
        case With(body=body):
            return last.swallows or ends(body)
    return True


def whole(block: Block) -> Block:
    return tuple(t for t in block if not isinstance(t, Exit))
