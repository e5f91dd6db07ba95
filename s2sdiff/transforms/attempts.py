"""The reverse pass through `try` and `with`: a body that raised contributes what it had done.

Going forward, a counter is set next to each thing in a body that backward code cares about although
the body may not come to its end: where a name that is read elsewhere is bound.  Backward code runs
in groups, each under the test that the counter came that far.  Which handler ran is recorded, too.
"""

from __future__ import annotations

import operator
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from s2sdiff import errors, ir, ops, runtime
from s2sdiff.ir import Bind, Block, Catch, Const, Exit, If, Move, Ref, Try, Var, With, replace
from s2sdiff.kinds import kind_of
from s2sdiff.runtime import calls

__all__ = ["Attempt", "Group", "Mark", "done", "entered", "forward", "looped", "moved",
           "pull_back"]


@dataclass(eq=False)
class Region:
    """A body that an exception may leave: its counter, and the names that matter outside of it.

    `last` is what the counter is at the body's end, None where it has none; `broken`: between which
    numbers of which counter one cannot tell what was done, and why; `inner`: counters of bodies
    inside that are looked at when this one has been left.
    """

    counter: str
    outside: set[str]
    count: int = 0
    last: int | None = None
    broken: list[tuple[str, int, int, tuple[str, str]]] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Mark:
    """Here the counter of a region becomes `number`."""

    region: Region
    number: int


@dataclass(frozen=True, eq=False)
class Group:
    """Steps that count if a region's counter came to `number`."""

    region: Region
    number: int
    steps: list[Any]


@dataclass(frozen=True, eq=False)
class Sure:
    """From here back these names are bound, so that cotangents of arrays may be whole ones."""

    names: frozenset[str]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A `try` or `with`, with the plans of its blocks.

    `sides` are the handlers: each with its block and plan.  `entry`: the number that the region
    `around` has when it is entered; `follow`: that region, and its number when the statement has
    come to its end, where one cannot count on that.
    """

    statement: Try | With
    region: Region
    body: list[Any]
    sides: list[tuple[Block, list[Any]]]
    last: list[Any]
    caught: str
    around: Region | None
    entry: int | None
    follow: tuple[Region, int | None] | None = None

    def plans(self) -> list[list[Any]]:
        """The plans of all its blocks."""
        return [self.body, *(p for _, p in self.sides), self.last]


# ------------------------------------------------------------------------------ going forward


def forward(planner: Any, s: Try | With, out: list[ir.Stmt], plan: list[Any]) -> None:
    """Forward code of a statement and its plan."""
    around = planner.region
    if _is_plain(s, around):
        _plainly(planner, s, out, plan)
        return
    entry = None
    region = Region(planner.context.names("done"), _outside(planner.function.body, s.body))
    caught = planner.context.names("caught")
    for name in (region.counter, caught):
        planner.context.kinds[name] = kind_of(0)
    planner.region = region
    body, steps = planner.forward(s.body)
    if _ends(s.body):
        made = list(body)
        region.count += not _just_marked(region, made, steps)
        region.last = region.count
        body = (*made, Move((region.counter,), (Const(region.last),), s.loc))
        steps.append(Mark(region, region.last))
    planner.region = around
    start = [(region.counter, 0), (caught, 0), *[(name, 0) for name in region.inner]]
    if around is not None:
        around.count += 1
        entry = around.count
        start.append((around.counter, entry))
    out.append(Move(tuple([n for n, _ in start]), tuple([Const(k) for _, k in start]), s.loc))
    broken = _broken(region, planner.context, s.loc)
    if around is not None:
        # An exception that goes on: whoever ends it looks at what is left behind.
        around.broken += region.broken
        around.inner += [region.counter, *region.inner]
    sides: list[tuple[Block, list[Any]]] = []
    last: list[Any] = []
    if isinstance(s, With):
        manager = planner.context.names("manager_1")
        out.append(Bind((manager,), Ref(runtime.managed), (s.manager,), (), s.loc))
        out.append(replace(s, manager=Var(manager), body=body))
        out += broken
    elif s.final:
        final, last = planner.forward(s.final)
        out.append(Try(body, (), (), final, s.loc))
    else:
        handlers: list[Block] = []
        for i, handler in enumerate(s.handlers):
            made, its = planner.forward(handler)
            ran = Move((caught,), (Const(i + 1),), s.loc)
            handlers.append(_behind(made, (ran, *broken) if _ends(handler) else (ran,)))
            sides.append((handler, its))
        orelse, last = planner.forward(s.orelse)
        out.append(Try(body, _guarded(handlers, body), orelse, (), s.loc))
    plan.append(Attempt(s, region, steps, sides, last, caught, around, entry))


def _is_plain(s: Try | With, around: Region | None) -> bool:
    """Code behind it counts on its body having come to its end."""
    if isinstance(s, With):
        return not s.swallows
    return around is None and not any(map(_ends, s.handlers))


def _plainly(planner: Any, s: Try | With, out: list[ir.Stmt], plan: list[Any]) -> None:
    if isinstance(s, Try) and s.final:
        outside = _outside(planner.function.body, s.body)
        planner.watched |= {t for m in ir.walk(s.body) if isinstance(m, Move)
                            for t in m.targets if t in outside and t in planner.context.active}
    body, steps = planner.forward(s.body)
    plan += steps
    if isinstance(s, With):
        out.append(replace(s, body=body))
        return
    handlers = [planner.forward(h)[0] for h in s.handlers]
    orelse, more = planner.forward(s.orelse)
    final, last = planner.forward(s.final)
    plan += [*more, *last]
    out.append(Try(body, _guarded(handlers, body), orelse, final, s.loc))


def moved(planner: Any, s: Move, out: list[ir.Stmt], plan: list[Any]) -> None:
    """A Move; one that hands something on to handlers sets the counter, too."""
    region, active = planner.region, planner.context.active
    names = [t for t in s.targets if t in active and region is not None and t in region.outside]
    if not names:
        out.append(s)
        plan.append(s)
        return
    planner.watched.update(names)
    if not _just_marked(region, out, plan):
        region.count += 1
    targets = (*s.targets, region.counter)
    out.append(Move(targets, (*s.sources, Const(region.count)), s.loc))
    plan += [s, Mark(region, region.count)]


def _just_marked(region: Region, out: list[ir.Stmt], plan: list[Any]) -> bool:
    """Forget the mark that stands right in front, where nothing can raise in between."""
    last = out[-1] if out else None
    if not (plan and isinstance(plan[-1], Mark) and plan[-1].region is region
            and isinstance(last, Move) and last.targets[-1] == region.counter):
        return False
    plan.pop()
    out.pop()
    if len(last.targets) > 1:
        out.append(Move(last.targets[:-1], last.sources[:-1], last.loc))
    return True


def done(planner: Any, step: Any, made: list[ir.Stmt], out: list[ir.Stmt],
         plan: list[Any]) -> None:
    """A step and its forward code; one that writes what others see sets the counter."""
    region, s = planner.region, step.statement
    pull = getattr(step, "pull", None)
    if region is None or not (pull is None or pull.places or any(
            map(planner.context.shared, s.targets))):
        out += made
        plan.append(step)
        return
    memory = planner.context.memory
    if pull is not None and pull.places and memory is not None and memory.effects(s) and \
            not _at_once(s):
        # It may have written only a part of what it writes, and it gave no pullback.
        region.count += 2
        region.broken.append((region.counter, region.count - 2, region.count, _HALF))
        out.append(Move((region.counter,), (Const(region.count - 1),), s.loc))
    else:
        region.count += 1
    out += made
    out.append(Move((region.counter,), (Const(region.count),), s.loc))
    plan += [step, Mark(region, region.count)]


def _at_once(s: Bind) -> bool:
    """A call that writes all or nothing: of something built in."""
    return isinstance(s.fn, Ref) and not isinstance(s.fn.object, types.FunctionType)


def entered(planner: Any) -> int:
    """The number of a region's counter where a loop begins."""
    if planner.region is None:
        return 0
    planner.region.count += 1
    return planner.region.count


def looped(planner: Any, before: int, step: Any, out: list[ir.Stmt], plan: list[Any]) -> None:
    """A loop; if the counter of a region moves in it, it does so around it, too."""
    region, s = planner.region, step.statement
    if region is None or region.count == before:
        out.append(s)
        plan.append(step)
        return
    region.count += 1
    region.broken.append((region.counter, before, region.count, _MIDDLE))
    out += [Move((region.counter,), (Const(before),), s.loc), s,
            Move((region.counter,), (Const(region.count),), s.loc)]
    plan += [step, Mark(region, region.count)]


_MIDDLE = ("an exception left a loop in the middle, and what it had computed by then is read",
           "catch the exception inside of the loop")
_HALF = ("an exception left a call that may have written a part of what it writes",
         "raise before anything is written")


def _broken(region: Region, context: Any, loc: ir.Loc) -> Block:
    """What is not followed is refused: where the counter says that an exception came there."""
    out: list[ir.Stmt] = []
    for counter, low, high, (reason, instead) in region.broken:
        error = errors.refusal(errors.UnsupportedError, reason, instead)
        args = (Const(type(error).__name__), Const(str(error)))
        test = context.names("test_1")
        numbers = Const(tuple(range(low + 1, high)))
        out += [Bind((test,), Ref(ops.contains), (Var(counter), numbers), (), loc),
                If(Var(test), (Bind((), Ref(calls.refuse), args, (), loc),), (), loc)]
    return tuple(out)


def _guarded(handlers: list[Block], body: Block) -> tuple[Block, ...]:
    """Handlers that let refusals of generated code in the body through."""
    own = any(isinstance(s, Bind) and _refuses(s) for s in ir.walk(body))
    if not own or not any(map(_catches_all, handlers)):
        return tuple(handlers)
    loc = next(c.loc for h in handlers for c in h if isinstance(c, Catch))
    through = (Catch(Ref(errors.DifferentiationError), None, loc), Exit("raise", None, loc))
    return (through, *handlers)


def _refuses(s: Bind) -> bool:
    """A call of what this package made."""
    if not isinstance(s.fn, Ref):
        return False
    module = getattr(s.fn.object, "__module__", None) or type(s.fn.object).__module__
    return module.startswith("s2sdiff") and not module.startswith("s2sdiff.ops")


def _catches_all(handler: Block) -> bool:
    """Whether a handler may catch what this package raises."""
    heads = {s.targets[0]: s for s in handler if isinstance(s, Bind) and len(s.targets) == 1}
    catch = next(s for s in handler if isinstance(s, Catch))

    def may(a: Any) -> bool:
        if isinstance(a, Var) and a.name in heads and heads[a.name].calls(ops.tuple_):
            return any(map(may, heads[a.name].args))
        if isinstance(a, Ref) and isinstance(a.object, type):
            return issubclass(errors.DifferentiationError, a.object)
        return True

    return catch.type is None or may(catch.type)


def _behind(handler: Block, more: Block) -> Block:
    """A handler in which `more` comes first."""
    at = next(i for i, s in enumerate(handler) if isinstance(s, Catch)) + 1
    return (*handler[:at], *more, *handler[at:])


def _outside(whole: Block, body: Block) -> set[str]:
    """Names that are bound or read outside of a body."""
    own = {id(s) for s in ir.walk(body)}
    return {n for s in ir.walk(whole) if id(s) not in own for n in (*ir.defines(s), *ir.reads(s))}


def _ends(block: Block) -> bool:
    """Whether the end of a block may be reached."""
    last = block[-1] if block else None
    match last:
        case Exit():
            return False
        case If(_, then, orelse):
            return _ends(then) or _ends(orelse)
        case Try(body, handlers, orelse, final):
            return _ends(final) and ((_ends(body) and _ends(orelse)) or any(map(_ends, handlers)))
        case With(body=body):
            return last.swallows or _ends(body)
    return True


# ------------------------------------------------------------------------------- going back


def pull_back(back: Any, step: Any, have: dict[str, Any], emit: Any) -> None:
    """Backward code of an Attempt or of a Group."""
    from s2sdiff.transforms.plan import Branch

    if isinstance(step, Mark):
        return
    if isinstance(step, Sure):
        _fill(back, step.names, have, emit)
        return
    unsure = set(back.unsure)
    if isinstance(step, Group):
        test = _reached(step.region, step.number, emit, _place(step.steps, emit.loc))
        statement = If(test, _statements(step.steps), (), _place(step.steps, emit.loc))
        back.branch(Branch(statement, step.steps, []), have, emit, [])
    else:
        back.unsure |= ir.all_defs(step.statement.body) - back.headers
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
    from s2sdiff.transforms.plan import Branch

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
              if step.follow is not None or _ends(b)]
    whole = region.count == (region.last is not None)
    chosen = _choice(step, others, emit, loc)
    if region.last is not None and (last or whole or not chosen):
        test = _reached(region, region.last, emit, loc)
        own = [*step.body, *last] if whole else last
        block = (*s.body, *s.orelse) if whole else s.orelse
        rest = tuple(t for b in s.handlers for t in b if not isinstance(t, Exit))
        chosen = [Branch(If(test, _whole(block), rest, loc), own, chosen)]
    elif region.last is not None and chosen:
        test = _reached(region, region.last, emit, loc)
        rest = tuple(t for b in s.handlers for t in b if not isinstance(t, Exit))
        chosen = [Branch(If(test, (), rest, loc), [], chosen)]
    back.backward(chosen if whole else [*body, *chosen], have, emit)


def _whole(block: Block) -> Block:
    return tuple(t for t in block if not isinstance(t, Exit))


def _followed(plan: list[Any], step: Attempt) -> list[Any]:
    return plan if step.follow is None else nested(plan, *step.follow)


def _choice(step: Attempt, others: list[tuple[int, Block, list[Any]]], emit: Any,
            loc: ir.Loc) -> list[Any]:
    """The handler that ran; in a body that may have been left, perhaps none did."""
    from s2sdiff.transforms.plan import Branch

    chosen: list[Any] = []
    for i, (number, block, plan) in enumerate(reversed(others)):
        if i == 0 and step.follow is None:
            chosen = plan
            continue
        test = emit.bind(Ref(operator.eq), [Var(step.caught), Const(number)], {}, "test_1")
        after = tuple(t for _, b, _ in others[len(others) - i:] for t in _whole(b))
        chosen = [Branch(If(test, _whole(block), after, loc), plan, chosen)]
    return chosen


def _reached(region: Region, number: int, emit: Any, loc: ir.Loc) -> Any:
    emit.loc = replace(loc, backward=True)
    args = [Var(region.counter), Const(number)]
    return emit.bind(Ref(operator.ge), args, {}, "test_1")


def nested(plan: list[Any], region: Region, number: int | None) -> list[Any]:
    """A plan of which only a part may have happened, as groups, each in the one before it.

    `number`: the region's counter is at least this where the plan's end was reached; None: nothing
    that comes to its end without a mark matters.
    """
    for i, step in enumerate(plan):
        if isinstance(step, Mark) and step.region is region:
            rest = nested(plan[i + 1:], region, number)
            return [Group(region, step.number, [*plan[:i], *rest, _sure(plan[:i])])]
        first = next(_marks(step, region), None)
        if first is not None:
            rest = plan[i + 1:]
            after = next((k for t in rest for k in _marks(t, region)), number)
            inner = _partial(step, region, after)
            steps = [*plan[:i], inner, *nested(rest, region, number), _sure(plan[:i])]
            return [Group(region, first, steps)]
    steps = [*plan, _sure(plan)]
    return [Group(region, number, steps)] if plan and number is not None else []


def _sure(steps: list[Any]) -> Sure:
    return Sure(frozenset(ir.all_defs(_statements(steps))))


def _marks(step: Any, region: Region) -> Iterator[int]:
    """The numbers that a step gives the counter of a region, in order; those of loops are none."""
    from s2sdiff.transforms.plan import Branch

    match step:
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
    s = step.statement
    then, orelse = [nested(p, region, after if _ends(b) else None)
                    for p, b in ((step.then, s.then), (step.orelse, s.orelse))]
    statement = replace(s, then=_whole(s.then), orelse=_whole(s.orelse))
    return replace(step, statement=statement, then=then, orelse=orelse)


def _statements(steps: list[Any]) -> Block:
    """The statements that steps were made of."""
    found: list[ir.Stmt] = []
    for step in steps:
        if isinstance(step, Group):
            found += _statements(step.steps)
        elif not isinstance(step, (Mark, Sure)):
            found.append(getattr(step, "statement", step))
    return tuple(found)


def _place(steps: list[Any], otherwise: ir.Loc) -> ir.Loc:
    found = _statements(steps)
    return found[0].loc if found else otherwise
