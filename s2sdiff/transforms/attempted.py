"""Backward code of `try` and `with`: groups of steps, each under the test that it came so far."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, runtime
from s2sdiff.ir import Block, Const, Exit, If, Ref, Var, With, replace
from s2sdiff.transforms.regions import ends, nested, statements, whole
from s2sdiff.transforms.steps import Attempt, Branch, Group, Mark, Region, Sure, Within

__all__ = ["pull_back"]


def pull_back(back: Any, step: Any, have: dict[str, Any], emit: Any) -> None:
    """Backward code of an Attempt, of a Group, or of steps within one."""
    if isinstance(step, Mark):
        return
    if isinstance(step, Sure):
        _fill(back, step.names, have, emit)
        return
    unsure = set(back.unsure)
    if isinstance(step, Within):
        _fill(back, step.names, have, emit)
        back.backward(step.steps, have, emit)
    elif isinstance(step, Group):
        test = _reached(step.region, step.number, emit, _place(step.steps, emit.loc))
        statement = If(test, statements(step.steps), (), _place(step.steps, emit.loc))
        back.branch(Branch(statement, step.steps, []), have, emit, [])
    else:
        back.unsure |= ir.all_defs(step.statement.body) - (back.headers - back.late)
        _attempt(back, step, have, emit)
    back.unsure = unsure


def _fill(back: Any, names: frozenset[str], have: dict[str, Any], emit: Any) -> None:
    back.unsure -= names
    for n in names:
        bar = have.get(n)
        if isinstance(bar, Var) and bar.name in back.hollow:
            have[n] = emit.bind(Ref(runtime.match), [bar, Var(n)], {}, f"{n}_bar")
            back.context.kinds[have[n].name] = back.context.kinds[n]


def _attempt(back: Any, step: Attempt, have: dict[str, Any], emit: Any) -> None:
    s, region, loc = step.statement, step.region, step.statement.loc
    body = nested(step.body, region, None)
    if isinstance(s, With) or s.final:
        if step.follow is None and not isinstance(s, With):
            back.backward([*step.body, *step.last], have, emit)
            return
        last = nested(step.last, *step.follow) if step.follow is not None else step.last
        back.backward([*body, *last], have, emit)
        return
    last = _followed(step.last, step)
    others = [(i + 1, b, _followed(p, step)) for i, (b, p) in enumerate(step.sides)
              if step.follow is not None or ends(b)]
    if last:
        # An `else` runs where the body came to its end, and has bound what it binds.
        last = [Within(frozenset(ir.all_defs(s.body)), last)]
    plain = region.count == (region.last is not None)
    chosen = _choice(step, others, emit, loc)
    if region.last is not None and (last or plain or not chosen):
        test = _reached(region, region.last, emit, loc)
        own = [*step.body, *last] if plain else last
        block = (*s.body, *s.orelse) if plain else s.orelse
        rest = tuple(t for b in s.handlers for t in b if not isinstance(t, Exit))
        chosen = [Branch(If(test, whole(block), rest, loc), own, chosen)]
    elif region.last is not None and chosen:
        test = _reached(region, region.last, emit, loc)
        rest = tuple(t for b in s.handlers for t in b if not isinstance(t, Exit))
        chosen = [Branch(If(test, (), rest, loc), [], chosen)]
    back.backward(chosen if plain else [*body, *chosen], have, emit)


def _followed(plan: list[Any], step: Attempt) -> list[Any]:
    return plan if step.follow is None else nested(plan, *step.follow)


def _choice(step: Attempt, others: list[tuple[int, Block, list[Any]]], emit: Any,
            loc: ir.Loc) -> list[Any]:
    """The handler that ran; in a body that may have been left, perhaps none did."""
    chosen: list[Any] = []
    for i, (number, block, plan) in enumerate(reversed(others)):
        if i == 0 and step.follow is None:
            chosen = plan
            continue
        test = emit.bind(Ref(operator.eq), [Var(step.caught), Const(number)], {}, "test_1")
        after = tuple(t for _, b, _ in others[len(others) - i:] for t in whole(b))
        chosen = [Branch(If(test, whole(block), after, loc), plan, chosen)]
    return chosen


def _reached(region: Region, number: int, emit: Any, loc: ir.Loc) -> Any:
    emit.loc = replace(loc, backward=True)
    args = [Var(region.counter), Const(number)]
    return emit.bind(Ref(operator.ge), args, {}, "test_1")


def _place(steps: list[Any], otherwise: ir.Loc) -> ir.Loc:
    found = statements(steps)
    return found[0].loc if found else otherwise
