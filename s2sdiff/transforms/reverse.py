"""The reverse pass: statements are taken last to first, each handing cotangents to what it read.

Forward code keeps its shape; an active call in it becomes its value part (`plan`).  Backward code
mirrors the blocks (`backward`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Block, Const, Function, Ref, Var, replace
from s2sdiff.kinds import ANY, Kind, same_dtype
from s2sdiff.runtime import contents, shadow_slots, structures
from s2sdiff.transforms import apart, as_they_were, singular, tiers
from s2sdiff.transforms.backward import BackwardCode
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.cotangents import names_in
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.kinds_of_blocks import block_kinds
from s2sdiff.transforms.known_parts import in_order
from s2sdiff.transforms.parted import COPY
from s2sdiff.transforms.plan import Planner

__all__ = ["Reversed", "run"]


@dataclass(frozen=True, eq=False)
class Reversed:
    """Forward statements, backward statements, and a cotangent for each parameter in wrt."""

    forward: Block
    backward: Block
    seed: str
    bars: dict[str, ir.Atom]


def run(function: Function, context: Context, seed: Any = None) -> Reversed:
    """Forward and backward code of a tidied, numbered, resolved and marked function."""
    context.singular = singular.found(function, context)
    planner = Planner(function, context)
    forward, plan = planner.run()
    back = BackwardCode(context, planner.tuples)
    back.users = function.names
    back.headers |= planner.watched
    back.late |= planner.late
    back.masked |= singular.thrown_away(function)
    last, result = function.body[-1], planner.result
    seed_name = context.names(f"{result.name if isinstance(result, Var) else 'result'}_bar")
    emit = back.emitter(last.loc, True)
    have: dict[str, Any] = {}
    if isinstance(result, Var) and result.name in context.active:
        have[result.name] = seed
        if seed is None:
            context.kinds[seed_name] = context.kinds.get(result.name, ANY)
            back.masked.add(seed_name)
            as_given = _as_given(result.name, context, last.loc)
            forward = (*forward, *as_given)
            have[result.name] = back.seeded(result.name, Var(seed_name), emit,
                                            *[b.targets[0] for b in as_given])
        elif context.shared(result.name):
            # A loss that is an array of one number has its cotangent by place, too.
            have[result.name] = back.seeded(result.name, emit.atom(seed), emit)
    back.backward(plan, have, emit)
    emit.loc = replace(function.loc, backward=True)
    start: list[ir.Stmt] = []
    entry: dict[str, str] = {}
    stays = context.request.mode == "grad" and not context.writes
    for p in context.request.wrt:
        kind = context.arguments.get(p, ANY)
        if kind.is_number or kind.inert or context.request.places:
            continue
        if stays and not context.shared(p):
            entry[p] = p
        elif context.shared(p) or context.request.mode == "grad":
            # Its structure may be another one after the call.
            entry[p] = context.names(f"{p}_parts")
            start.append(ir.Bind((entry[p],), Ref(contents.parts), (Var(p),), (), function.loc))
    for p in context.request.wrt:
        if context.shared(p) and not context.request.places:
            have[p] = back.out_of_place(
                p, have.get(p), emit, entry.get(p, p), captured=True)
    forward = (*start, *forward)
    within = {p: set(names_in(have.get(p))) for p in context.request.wrt}
    raw = {p: _settled(p, have.get(p), emit) for p in context.request.wrt}
    # What loops and joins carry is only now known exactly.
    block_kinds(tuple(emit.out), context)
    bars: dict[str, ir.Atom] = {}
    shown: set[str] = set()
    keywords = {p.name for p in function.params if p.kind == "starstar"}
    for p, bar in raw.items():
        if p in keywords and context.request.places:
            bars[p] = emit.bind(
                Ref(shadow_slots.unplaced), [context.table(), Var(p)], {}, f"{p}_bar")
            continue
        if context.shared(p) and context.request.places:
            bars[p] = Const(None) if bar is None else bar
            continue
        if p in entry and not shown.isdisjoint(within[p]):
            bar = emit.bind(Ref(runtime.copy), [emit.atom(bar)], {}, f"{p}_bar")
        if p in entry:
            shown |= within[p]
        if p in entry and context.request.mode == "grad":
            args = [Const(None) if bar is None else emit.atom(bar), Var(entry[p])]
            lent = not context.shared(p) and apart.lends(
                args[0], context.arguments.get(p, ANY), emit)
            named: dict[str, ir.Atom] = {"lent": Const(True)} if lent else {}
            bars[p] = emit.bind(Ref(structures.gradient), args, named, f"{p}_bar")
            continue
        if p in entry:
            bars[p] = Const(None) if bar is None else emit.atom(bar)
            continue
        made = _boundary(p, bar, emit)
        behind = _behind(made, emit)
        if not isinstance(made, Const) and not emit.kind(made).is_scalar and (
                not shown.isdisjoint(names_in(behind))
                or (seed is not None and apart.borrowed(made, emit))):
            copies = COPY if emit.kind(made).is_array else runtime.copy
            made = emit.bind(Ref(copies), [made], {}, f"{p}_bar")
        shown.update(names_in(behind))
        bars[p] = made
    backward = emit.out
    if context.bars is not None and not context.request.places:
        table = ir.Bind((context.bars,), Ref(ops.dict_), (), (), replace(last.loc, backward=True))
        backward = [table, *backward]
    forward, backward = as_they_were.kept(function, forward, tuple(backward), context)
    return Reversed((*forward, last), tuple(backward), seed_name, bars)


def _as_given(result: str, context: Context, loc: ir.Loc) -> tuple[ir.Bind, ...]:
    """What notes the structure of a result by place: whoever gets it may put in and take out."""
    kind = context.kinds.get(result, ANY)
    if not context.request.places or context.shared(result) or kind.is_number or kind.is_fixed or (
            kind.is_tuple and all(k.is_number or k.is_fixed for k in kind.items or (ANY,))):
        return ()
    return (ir.Bind((context.names(f"{result}_parts"),), Ref(contents.parts), (Var(result),),
                    (), loc),)


def _behind(made: ir.Atom, emit: Emitter) -> Any:
    """What `rt.match` has been given, which it gives back where it is as it should be."""
    last = emit.out[-1] if emit.out else None
    return last.args[0] if isinstance(last, ir.Bind) and isinstance(made, Var) and \
        last.targets == (made.name,) and last.calls(runtime.match) else made


def _settled(p: str, bar: Any, emit: Emitter) -> Any:
    if isinstance(bar, Lazy):
        return emit.atom(emit.owned(bar, Var(p)))
    bar = in_order(bar, emit.context.arguments.get(p, ANY))
    return None if bar is None else emit.atom(bar)


def _boundary(p: str, bar: Any, emit: Emitter) -> ir.Atom:
    """A parameter's cotangent in the parameter's own type, shape and dtype."""
    kind, x = emit.context.arguments.get(p, ANY), Var(p)
    if kind.inert:
        return Const(None)
    if bar is None or (bar == Const(0.0) and not kind.is_float):
        if kind.is_float:
            return Const(0.0)
        if not kind.is_number and kind.type not in (None, tuple, list, dict):
            return Const(None)
        return emit.bind(Ref(runtime.zeros), [x], {}, f"{p}_bar")
    got = emit.kind(bar)
    sure = not kind.is_float or not _from_lists(emit)
    if sure and got.is_number and got.type is kind.type and same_dtype(got, kind) and \
            _full(got, kind):
        return bar
    if kind.is_float and got.is_scalar and got.field in ("real", "int"):
        if isinstance(bar, Const):
            return Const(float(bar.value))
        return emit.bind(Ref(float, "float"), [bar], {}, f"{p}_bar")
    if not kind.is_number and kind.type not in (None, tuple):
        return bar  # the public edge brings it into the structure of the value
    return emit.bind(Ref(runtime.match), [bar, x], {}, f"{p}_bar")


def _from_lists(emit: Emitter) -> bool:
    """Cotangents of floats may come out of lists of such, which may get numbers of NumPy's."""
    context = emit.context
    return any(tier == "local" and emit.kind(Var(n)).type is list and not (
        n in context.arguments and not tiers.written(n, context))
        for n, tier in context.tiers.items())


def _full(got: Kind, kind: Kind) -> bool:
    if not kind.is_array:
        return True
    return got.shape is not None and kind.shape is not None and len(got.shape) == len(kind.shape)
