"""The forward pass: every active value has its tangent beside it, in the order of the program.

A number or an array that is computed gets a tangent by its rule, transposed (`transpose`), or by a
call that gives both.  What holds numbers (a tuple, a list, a dict, an array that is written) has a
tangent of its own structure, to which the program does what it does to the value (`in_step`): names
for one place are then names for one tangent, so that nothing need be known of who shares memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, runtime
from s2sdiff.ir import (
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Free,
    Function,
    Inlined,
    Move,
    Param,
    Raw,
    Ref,
    Star,
    Stmt,
    Store,
    Try,
    Var,
    With,
    replace,
)
from s2sdiff.kinds import ANY
from s2sdiff.runtime import values
from s2sdiff.transforms import call_tangents, in_places, in_step, planting, stopped_forwards
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.handlers import guarded
from s2sdiff.transforms.layouts import laid_out
from s2sdiff.transforms.pushed import is_zero
from s2sdiff.transforms.reaching import may_reach, reaches
from s2sdiff.transforms.separated import apart_from_outside, separated
from s2sdiff.transforms.still import gives_inert, names_for_functions
from s2sdiff.transforms.tangents import Tangents

__all__ = ["run"]


def run(function: Function, context: Context) -> tuple[Function, tuple[str, ...]]:
    """`def f_jvp(x, w, x_dot, w_dot)`, which returns value and tangent; the names of the latter."""
    return _Forward(function, context).run()


class _Forward:
    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context
        self.tangents = Tangents(context)
        self.tuples: dict[str, Any] = {}
        #: Lists of the keys of dicts, none of which is differentiable.
        self.keys: set[str] = set()
        #: What says, in a body whose exceptions are handled, that a write is at its work.
        self.writing: str | None = None

    def run(self) -> tuple[Function, tuple[str, ...]]:
        function, context = self.function, self.context
        dots = tuple(self.given(p) for p in context.request.wrt)
        *body, last = function.body
        start = self.emitter(last)
        start.loc = function.loc
        start.out += separated(function, context)
        concerned = in_places.concerned(function, context)
        if concerned:
            in_places.start(context, self.tangents, start)
        for p in function.params:
            # What is written with active values has a tangent from the beginning.
            if p.name in context.active and p.name not in context.request.wrt:
                self.bound(p.name, self.tangents.zero(Var(p.name), start), start)
        block = self.block(tuple(body))
        if not concerned and context.bars is not None:
            in_places.start(context, self.tangents, start)  # a call with stars hands the table on
        if context.request.places and context.bars is not None:
            dots = (*dots, context.bars)
        end = self.emitter(last)
        result = result_of(function)
        dot = self.tangents.of(result, end)
        if context.bars is not None:
            dot = in_places.end(function, context, dot, end)
        atom = end.atom(dot)
        pair = Inlined(Bind((), Ref(ops.tuple_), (result, atom), (), last.loc))
        returned = Exit("return", atom if context.request.only else pair, last.loc)
        stem = function.name if function.name.isidentifier() else "function"
        plain = all(p.kind in ("plain", "posonly") and not p.has_default for p in function.params)
        kind = "plain" if plain else "kwonly"
        added = tuple(Param(d, kind) for d in dots)
        star = [p for p in function.params if p.kind == "starstar"]
        params = (*(p for p in function.params if p not in star), *added, *star)
        return replace(function, name=context.names(f"{stem}_jvp"), params=params,
                       body=apart_from_outside(function, context, (
                           *start.out, *block, *end.out, returned))), dots

    def given(self, p: str) -> str:
        """The parameter that a parameter's tangent comes in."""
        name = self.tangents.name(p)
        self.context.kinds[name] = self.context.arguments.get(p, ANY)
        return name

    def emitter(self, s: Stmt) -> Emitter:
        emit = Emitter(self.context, s.loc, False)
        emit.tuples = self.tuples
        return emit

    def block(self, block: Block) -> Block:
        # What computes the types that a handler catches stays in front of it.
        start = 1 + max((i for i, s in enumerate(block) if isinstance(s, Catch)), default=-1)
        out: list[Stmt] = [*block[:start]]
        caught = block[start - 1] if start else None
        if isinstance(caught, Catch) and caught.name is not None and \
                caught.name in self.context.active:
            emit = self.emitter(caught)
            self.bound(caught.name, Const(None), emit)
            out += emit.out
        for s in block[start:]:
            out += self.statement(s)
        return tuple(out)

    def statement(self, s: Stmt) -> list[Stmt]:
        active = self.context.active
        emit = self.emitter(s)
        if isinstance(s, Move):
            return [s] if active.isdisjoint(s.targets) else self.moved(s, emit)
        if isinstance(s, Bind):
            if s.calls(values.keys_of):
                self.keys.update(s.targets)  # type: ignore[arg-type]
            self.tangents.note_empty(s)
            if self.concerns(s):
                self.bind(s, emit)
                return stopped_forwards.noted(s, emit.out, self.writing, self.context)
            return [s]
        if isinstance(s, Store):
            if self.context.bars is not None and (in_places.place_of(s) or (
                    self.concerns(s) and in_places.item_of(s, self.context))):
                in_places.store(s, emit, self.tangents)
                return emit.out
            if self.concerns(s):
                in_step.store(s, emit, self.tangents, self.computed)
                return stopped_forwards.noted(s, emit.out, self.writing, self.context)
            return [s]
        if isinstance(s, Raw) and (
                s.what == "import" or names_for_functions(s, self.function)):
            for t in ir.defines(s):
                self.bound(t, Const(None), emit)
            return [s, *emit.out]
        start: list[Stmt] = []
        if isinstance(s, With) and self.context.bars is not None and in_places.concerns(
                s, self.context):
            s = in_places.entered(s, emit, self.tangents)
            start = emit.out
        if isinstance(s, For) and gives_inert(s, self.context, self.keys):
            start = self.walked(s, lambda *_: Const(None))
            return [ir.with_blocks(s, ((*start, *self.block(s.body)), self.block(s.orelse)))]
        if isinstance(s, For) and isinstance(s.source, Free) and self.context.bars is not None:
            # An enumeration, say: what its members hold has its tangents by place.
            start = self.walked(s, lambda t, emit: self.tangents.zero(Var(t), emit))
            return [ir.with_blocks(s, ((*start, *self.block(s.body)), self.block(s.orelse)))]
        if not active.isdisjoint(ir.defines(s)) or (
                isinstance(s, (Raw, With)) and not active.isdisjoint(ir.reads(s))):
            return [self.refused(s), s]
        inner = ir.blocks(s)
        if not inner:
            return [s]
        around = self.writing
        watched = isinstance(s, (Try, With)) and stopped_forwards.watched(s, self.context)
        if watched and around is None:
            self.writing = self.context.names("writing")
            start.append(Move((self.writing,), (Const(0),), s.loc))
        flag = self.writing if watched else None
        plain, s = inner[0], ir.with_blocks(s, tuple(map(self.block, inner)))
        self.writing = around
        if isinstance(s, Try):
            # Refusals go through what catches everything.
            handlers = stopped_forwards.asking(s.handlers, flag)
            return [*start, replace(s, handlers=guarded(handlers, s.body, plain, self.context))]
        if isinstance(s, With):
            manager = self.context.names("manager_1")
            start.append(Bind((manager,), Ref(runtime.managed), (s.manager,), (), s.loc))
            return [*start, replace(s, manager=Var(manager)), *stopped_forwards.asked(s, flag)]
        return [*start, s]

    def walked(self, s: For, tangent: Any) -> list[Stmt]:
        """The tangents of what a loop gives that varies with nothing: functions, say."""
        emit = self.emitter(s)
        for t in ir.defines(s):
            self.bound(t, tangent(t, emit), emit)
        return emit.out

    def moved(self, s: Move, emit: Emitter) -> list[Stmt]:
        """A copy of names, with their tangents in the same statement."""
        pairs = [(t, a) for t, a in zip(s.targets, s.sources, strict=True)
                 if t in self.context.active]
        sources = tuple(emit.atom(self.tangents.of(a, emit)) for _, a in pairs)
        targets = tuple(self.tangents.name(t) for t, _ in pairs)
        return [*emit.out, Move((*s.targets, *targets), (*s.sources, *sources), s.loc)]

    def concerns(self, s: Bind | Store) -> bool:
        """It makes something active, or writes where something active is."""
        context = self.context
        if not context.active.isdisjoint(ir.defines(s)):
            return True
        if context.active.isdisjoint(ir.reads(s)):
            return context.bars is not None and isinstance(s, Bind) and reaches(s, context)
        if isinstance(s, Store):
            return isinstance(s.target, Var) and s.target.name in context.active
        written = context.memory.effects(s) if context.memory is not None else ()
        if not written or "*" in written or Star in map(type, s.args):
            return bool(written)
        # What is put where nobody looks for it (`log.rows.append(x)`) needs no tangent there.
        given: dict[Any, Any] = {**dict(enumerate(s.args)), **dict(s.kwargs)}
        return not all(isinstance(given.get(key), Var) and given[key].name not in context.active
                       for key in written)

    def bind(self, s: Bind, emit: Emitter) -> None:
        if in_step.bind(s, emit, self.tangents):
            return
        if is_zero(s, self.context):
            emit.out.append(s)
            self.bound(s.targets[0], emit.bind(s.fn, list(s.args), {}, f"{s.targets[0]}_dot"), emit)
            return
        held = self.holds(s)
        kept = None if self.context.bars is None else in_places.bind(s, emit)
        if kept is not None:
            for t, dot in kept.items():
                self.bound(t, dot, emit)
            return
        if held or (self.context.active.isdisjoint(ir.reads(s)) and not self.reaches(s)):
            emit.out += [self.refused(s, held), s] if held else [s]
            for t in s.targets:
                made = self.tangents.made_alike(s, emit) if t in self.context.active else None
                self.bound(t, self.tangents.zero(Var(t), emit) if made is None else made, emit)
            return
        found = self.computed(s, emit)
        for t, dot in found.items():
            if emit.kind(Var(t)).is_array and emit.kind(emit.atom(dot)).is_scalar:
                # `np.array(x)` of a number, of which there may be views.
                dot = emit.call(Ref(np.asarray), [dot], {}, f"{t}_dot")
            self.bound(t, laid_out(t, dot, s, emit, self.tangents), emit)
        call_tangents.in_order(s, emit)

    def reaches(self, s: Bind) -> bool:
        """It may find active values where it is not given them."""
        return self.context.bars is not None and (
            may_reach(s, self.context) or reaches(s, self.context))

    def holds(self, s: Bind) -> str:
        """What makes or asks a function that captures what is active; empty for anything else."""
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        captures = isinstance(fn, ir.Opaque) and not self.context.active.isdisjoint(ir.reads(s))
        return "this expression" if captures else ""

    def computed(self, s: Bind, emit: Emitter) -> dict[str, Any]:
        return call_tangents.computed(s, emit, self.tangents, self.function)

    def bound(self, target: str, dot: Any, emit: Emitter) -> None:
        """Give a target's tangent its name."""
        if target not in self.context.active:
            return
        atom = emit.atom(dot)
        self.tangents.adopt(target, atom)
        name = self.tangents.name(target)
        if atom == Var(name):
            return
        made = [i for i, t in enumerate(emit.out)
                if isinstance(atom, Var) and atom.name in ir.defines(t)]
        got = emit.kind(atom)
        if got.is_number and got.field in ("real", "complex"):
            self.context.kinds[name] = got
        if made and atom.name not in self.tangents.names.values():
            emit.out[made[0]:] = ir.rename(tuple(emit.out[made[0]:]), {atom.name: name})
            self.context.names.free(atom.name)
        else:
            emit.out.append(Move((name,), (atom,), emit.loc))

    def refused(self, s: Stmt, what: str = "") -> Stmt:
        if not what:
            what = f"this {s.what if isinstance(s, Raw) else type(s).__name__.lower()}"
        return planting.refuse(
            errors.UnsupportedError, f"forward mode does not go through {what}",
            "use reverse mode (sd.vjp), or write it with numbers, arrays, tuples, lists and dicts",
            s.loc)
