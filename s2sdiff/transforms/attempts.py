"""The reverse pass through `try` and `with`: a body that raised contributes what it had done.

Going forward, a counter is set next to each thing in a body that backward code cares about although
the body may not come to its end: where a name that is read elsewhere is bound.  Backward code runs
in groups, each under the test that the counter came that far.  Which handler ran is recorded, too.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry, runtime
from s2sdiff.ir import Bind, Block, Catch, Const, Exit, Move, Ref, Try, Var, With, replace
from s2sdiff.kinds import kind_of
from s2sdiff.runtime import cells
from s2sdiff.transforms import callees
from s2sdiff.transforms.callees import RAISE
from s2sdiff.transforms.handlers import caught_then, guarded, typed
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.regions import ends, nested
from s2sdiff.transforms.standing import standin
from s2sdiff.transforms.steps import Attempt, Mark, Region
from s2sdiff.transforms.stopped_writes import CALL, broken_off, drawn, may_stop, stops, untouched

__all__ = ["UNFINISHED", "done", "entered", "forward", "looped", "moved", "tried"]


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
    _watch(planner, s, region.outside)
    body, steps = planner.forward(s.body)
    if ends(s.body):
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
    begin = len(out)
    broken = broken_off(region, planner.context)
    if around is not None:
        # An exception that goes on: whoever ends it looks at what is left behind.
        around.broken += region.broken
        around.inner += [region.counter, *region.inner]
    sides: list[tuple[Block, list[Any]]] = []
    last: list[Any] = []
    if isinstance(s, With):
        manager = planner.context.names("manager_1")
        out.append(Bind((manager,), Ref(runtime.managed), (s.manager,), (), s.loc))
        asked = untouched(region, planner.context)
        if region.rounds or asked:
            caught_all = (Catch(None, None, s.loc), *region.rounds, *asked,
                          Exit("raise", None, s.loc))
            body = (Try(body, (caught_all,), (), (), s.loc),)
        out.append(replace(s, manager=Var(manager), body=body))
        out += broken_off(region, planner.context, False)
    elif s.final:
        final, last = planner.forward(s.final)
        out.append(Try(body, (), (), (*region.rounds, *final), s.loc))
    else:
        handlers: list[Block] = []
        for i, handler in enumerate(s.handlers):
            made, its = planner.forward(handler)
            ran = Move((caught,), (Const(i + 1),), s.loc)
            first = (ran, *region.rounds, *(broken if ends(handler) else ()))
            handlers.append(caught_then(made, first))
            sides.append((handler, its))
        if region.rounds and around is not None and all(typed(h) for h in s.handlers):
            handlers.append((Catch(None, None, s.loc), *region.rounds, Exit("raise", None, s.loc)))
        orelse, last = planner.forward(s.orelse)
        out.append(Try(body, guarded(handlers, body, s.body, planner.context), orelse, (), s.loc))
    if around is not None and entry == around.count and not region.moves:
        around.count -= 1  # nothing in it that matters by itself: it happens as a whole, or not
        entry = None
    elif around is not None and entry is not None:
        around.moves = True
        start.append((around.counter, entry))
    counters, numbers = zip(*start, strict=True)
    out.insert(begin, Move(counters, tuple(map(Const, numbers)), s.loc))
    plan.append(Attempt(s, region, steps, sides, last, caught, around, entry))


def _watch(planner: Any, s: Try | With, outside: set[str]) -> None:
    """Note variables that a body, or what handles its exceptions, shares with what is outside."""
    active = planner.context.active
    shared = {t for m in ir.walk((s,)) if isinstance(m, Move)
              for t in m.targets if t in outside and t in active}
    planner.watched |= shared
    for t in ir.walk(planner.function.body):
        if t is s:
            break
        shared -= set(ir.defines(t))
    planner.late |= shared


def _is_plain(s: Try | With, around: Region | None) -> bool:
    """Code behind it counts on its body having come to its end."""
    if isinstance(s, With):
        return not s.swallows
    return around is None and not any(map(ends, s.handlers))


def _plainly(planner: Any, s: Try | With, out: list[ir.Stmt], plan: list[Any]) -> None:
    if isinstance(s, Try) and s.final:
        _watch(planner, s, _outside(planner.function.body, s.body))
    body, steps = planner.forward(s.body)
    plan += steps
    if isinstance(s, With):
        out.append(replace(s, body=body))
        return
    handlers = [planner.forward(h)[0] for h in s.handlers]
    orelse, more = planner.forward(s.orelse)
    final, last = planner.forward(s.final)
    plan += [*more, *last]
    checked = guarded(handlers, body, s.body, planner.context)
    out.append(Try(body, checked, orelse, final, s.loc))


def moved(planner: Any, s: Move, out: list[ir.Stmt], plan: list[Any]) -> None:
    """A Move; one that hands something on to handlers sets the counter, too."""
    region, active = planner.region, planner.context.active
    if region is None or not any(t in active and t in region.outside
                             and t in planner.function.watched for t in s.targets):
        out.append(s)
        plan.append(s)
        return
    region.moves = True
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
    region.moves = True
    end = next((i for i, m in enumerate(made) if isinstance(m, Bind) and m.fn == RAISE), len(made))
    if pull is not None and _in_parts(s, planner.context):
        # Left in a way that gives no pullback, it may have written a part of what it writes.
        _halfway(region, CALL, s, out)
    elif pull is not None and pull.places and (given := drawn(s, planner.context)):
        _halfway(region, given, s, out)
    elif pull is None and (why := stops(s, planner.context)) is not None:
        _halfway(region, why, s, out)
    else:
        region.count += 1
    out += made[:end]
    out.append(Move((region.counter,), (Const(region.count),), s.loc))
    out += made[end:]
    plan += [step, Mark(region, region.count)]


def _halfway(region: Region, why: Any, s: Any, out: list[ir.Stmt]) -> None:
    """The number of a counter while a statement is at its work."""
    region.count += 2
    region.broken.append((region.counter, region.count - 1, why, s.loc))
    out.append(Move((region.counter,), (Const(region.count - 1),), s.loc))


def tried(planner: Any, s: Bind, emit: Any) -> Any:
    """The pull of a call that may raise when it has written a part of what it writes, or None."""
    if planner.region is None or not _in_parts(s, planner.context):
        return None
    other = standin(s, planner.context)
    return callees.tried(s if other is None else replace(s, fn=Ref(other)), emit, planner.context)


def _in_parts(s: Bind, context: Any) -> bool:
    """A call that may write, and does not surely write all or nothing."""
    if context.memory is None or not context.memory.effects(s):
        return False
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, ir.Opaque) or fn in (cells.own_cell, cells.filled, cells.seen, cells.cell):
        return False
    if standin(s, context) is not None:
        return True
    plain = all(_is_plain_value(a, context) for a in (*s.args, *(a for _, a in s.kwargs)))
    if may_stop(s, context):
        return True
    if fn is ops.method:
        return not plain or any(k == "key" for k, _ in s.kwargs) or _item_by_item(s, context)
    if fn is operator.ior and kind_of_atom(s.args[1], context).type is not dict:
        return True
    if fn is vars(np.ndarray)["put"]:
        return True
    if isinstance(fn, types.FunctionType):
        return registry.find(fn) is None or not plain
    return not plain or not isinstance(fn, (types.BuiltinFunctionType, np.ufunc, *_DESCRIPTORS))


def _item_by_item(s: Bind, context: Any) -> bool:
    """A method that takes item after item, and stops in the middle at one that does not fit."""
    name, given = s.args[1], s.args[2:]
    if name == Const("update"):
        return any(kind_of_atom(a, context).type is not dict for a in given)
    return name in (Const("sort"), Const("put"), Const("intersection_update"),
                    Const("difference_update"), Const("symmetric_difference_update"))


def _is_plain_value(a: Any, context: Any) -> bool:
    """A number, an array or a container of Python's: no code of the user's runs in operators."""
    kind = kind_of_atom(a.value if isinstance(a, ir.Star) else a, context)
    return kind.is_number or kind.inert or kind.type in (list, tuple, dict, set)


_DESCRIPTORS = (types.MethodDescriptorType, types.WrapperDescriptorType, types.GetSetDescriptorType)


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
    region.moves = True
    region.count += 2
    label, end = s.label, region.count - 1
    region.rounds.append(Bind((), Ref(_unfinished), (Const(label),), (), s.loc))
    planner.context.unfinished[label] = region.counter, before, end
    out += [Move((region.counter,), (Const(before),), s.loc), s,
            Move((region.counter,), (Const(region.count),), s.loc)]
    body = nested(step.body, region, end)
    plan += [replace(step, body=body, region=region, first=before), Mark(region, region.count)]


def _unfinished(label: int) -> None:
    """Stands, until `save`, where a round is recorded that an exception has left."""


UNFINISHED = Ref(_unfinished)
def _outside(whole: Block, body: Block) -> set[str]:
    """Names that are bound or read outside of a body."""
    own = {id(s) for s in ir.walk(body)}
    return {n for s in ir.walk(whole) if id(s) not in own for n in (*ir.defines(s), *ir.reads(s))}
