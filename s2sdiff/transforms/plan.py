"""The forward half of the reverse pass: active calls become their value parts, and a plan is kept.

The plan mirrors the blocks: what each active call hands back, which Moves carried values, which
branches and loops there were (`steps`).  `backward` walks it last to first.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import (
    Bind,
    Block,
    Exit,
    For,
    Free,
    Function,
    If,
    Move,
    Ref,
    Store,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.kinds import ANY, kind_of
from s2sdiff.transforms import attempts, linearize, list_items, stores, tiers
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.floors import floors
from s2sdiff.transforms.kept_for_later import Keeping
from s2sdiff.transforms.later import Order
from s2sdiff.transforms.pull import Pull
from s2sdiff.transforms.reaching import reaches
from s2sdiff.transforms.steps import Attempt, Branch, Call, Loop

__all__ = ["Planner", "bound_by", "header_names", "touched"]


class Planner(Keeping):
    """Runs over a function forward; `arguments` are the copies that belong at its start."""

    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context
        self.result = result_of(function)
        self.order = Order(function, context)
        lists = any(k.type is list for k in context.kinds.values())
        context.floors = floors(function) if lists else {}
        context.blank = list_items.blank(function) if lists else set()
        self.labels = 0
        self.arguments: dict[str, str] = {}
        self.frees: dict[Free, Bind | Move] = {}
        self.tuples: dict[str, Any] = {}
        #: Copies since the last write, in this block.
        self.copies: dict[str, Var] = {}
        #: Of the loops around: what they bind, and the copies that are made before them.
        self.rounds: list[tuple[frozenset[str], dict[str, Bind]]] = []
        #: The body around that an exception may leave; what handlers see of such bodies, and what
        #: of that has no value before.
        self.region: Any = None
        self.watched: set[str] = set()
        self.late: set[str] = set()

    def run(self) -> tuple[Block, list[Any]]:
        """Forward code without the return, and the plan."""
        forward, plan = self.forward(self.function.body[:-1])
        copies: list[ir.Stmt] = [Bind((made,), Ref(runtime.copy), (Var(n),), (), self.function.loc)
                  for n, made in self.arguments.items()]
        copies += self.frees.values()
        return (*copies, *forward), plan

    def forward(self, block: Block) -> tuple[Block, list[Any]]:
        out: list[ir.Stmt] = []
        plan: list[Any] = []
        self.copies = {}
        for s in block:
            match s:
                case Bind(targets) if self.is_active(s):
                    if tiers.is_view(s, self.context) and self.context.shared(targets[0]):
                        out.append(s)  # a view has its cotangent in what it shows
                        continue
                    emit = self.emitter(s)
                    pull = attempts.tried(self, s, emit) or self.linearized(s, emit)
                    kept = self.keep(s, emit, s, pull)
                    attempts.done(self, Call(s, pull, kept), emit.out, out, plan)
                case Store() if self.is_active(s):
                    emit = self.emitter(s)
                    attempts.done(self, self.write(s, emit), emit.out, out, plan)
                case Move():
                    attempts.moved(self, s, out, plan)
                case If(_, then, orelse):
                    s = self.decided(s, out)
                    then, plan_then = self.forward(then)
                    orelse, plan_else = self.forward(orelse)
                    out.append(replace(s, then=then, orelse=orelse))
                    plan.append(Branch(s, plan_then, plan_else))
                case For() | While():
                    self.labels += 1
                    label = self.labels
                    entered, loop = attempts.entered(self), s
                    bound = frozenset(ir.all_defs(s.body) | set(ir.defines(s)))
                    self.rounds.append((bound, {}))
                    body, plan_body = self.forward(s.body)
                    out += self.rounds.pop()[1].values()
                    s = replace(s, body=body, label=label)
                    inside = frozenset(ir.all_defs(s.body) | set(ir.defines(s)))
                    # What handlers around the loop see of it; others are bound in each round.
                    seen = tuple(sorted(self.watched & inside & self.bound_before(loop))) \
                        if self.watched else ()
                    step = Loop(s, plan_body, tuple(dict.fromkeys((*header_names(s.body), *seen))),
                                inside, *touched(plan_body, self.context))
                    attempts.looped(self, entered, step, out, plan)
                case Try() | With():
                    attempts.forward(self, s, out, plan)
                case _:
                    out.append(s)
            if not isinstance(s, (Bind, Move)) or (isinstance(s, Bind) and (
                    self.context.memory is None or self.context.memory.effects(s))):
                self.copies = {}
        return tuple(out), plan

    def decided(self, s: If, out: list[ir.Stmt]) -> If:
        """A branch whose test stays what it was: a list that is one may be emptied meanwhile."""
        context = self.context
        if isinstance(s.test, Free):
            # A global or captured name may be bound anew before the pullback runs.
            stays = context.request.mode == "grad" and not (
                context.writes or s.test.name in context.rebound)
        else:
            stays = context.memory is None or not isinstance(s.test, Var) or \
                context.kinds.get(s.test.name, ANY).is_fixed
        if stays:
            return s
        made = self.context.names("test_1")
        self.context.kinds[made] = kind_of(True)
        out.append(Bind((made,), Ref(bool, "bool"), (s.test,), (), s.loc))
        return replace(s, test=Var(made))

    def bound_before(self, loop: For | While) -> set[str]:
        """Names that are bound outside of a loop."""
        own = {id(t) for t in ir.walk(loop.body)}
        return {n for t in ir.statements(self.function) if id(t) not in own
                for n in ir.defines(t)}

    def emitter(self, s: ir.Stmt) -> Emitter:
        emit = Emitter(self.context, s.loc, False)
        emit.tuples = self.tuples
        return emit

    def is_active(self, s: Bind | Store) -> bool:
        """It computes something active, or may write where something active is."""
        context = self.context
        if not context.active.isdisjoint(ir.defines(s)):
            return True
        if isinstance(s, Bind) and reaches(s, context):
            return True
        if context.memory is None or context.active.isdisjoint(ir.reads(s)):
            return False
        if isinstance(s, Store):
            return isinstance(s.target, Var) and s.target.name in context.active
        return bool(context.memory.effects(s))

    def linearized(self, s: Bind, emit: Emitter) -> Pull:
        return linearize.call(s, emit, self.context, self.function)

    def write(self, s: Store, emit: Emitter) -> Call | stores.Write:
        """A write: into an array as it is, otherwise as a call."""
        if not stores.plain_write(s, self.context):
            call = stores.as_call(s)
            pull = attempts.tried(self, call, emit) or list_items.written(
                s, emit, self.context) or stores.call_of(s, emit, self.context)
            return Call(call, pull, self.keep(call, emit, s, pull))
        own = isinstance(s.key, Free)
        if isinstance(s.key, Free):
            s = replace(s, key=Var(self.kept_free(s.key, s, emit)))
        pull, old, new = stores.written(
            s, emit, self.context, lambda bind: self.linearized(bind, emit))
        kept: dict[Any, ir.Atom] = {}
        later = (s.value if pull is not None else None,
                 s.key if not own and stores.holds_places(s.key, self.context) else None)
        if any(isinstance(a, Var) for a in later):
            read = Bind((), Ref(ops.tuple_), tuple([a for a in later if isinstance(a, Var)]), (),
                        s.loc)
            before = emit.out.pop()
            kept = self.keep(read, emit, s, pull)
            emit.out.append(before)
        return stores.Write(s, pull, old, new, kept)


def header_names(block: Block) -> tuple[str, ...]:
    """The targets of the Moves that end the paths of a loop's body, in order."""
    last = block[-1] if block else None
    if isinstance(last, Exit):
        last = block[-2] if len(block) > 1 else None
    if isinstance(last, Move):
        return last.targets
    if isinstance(last, If):
        return tuple(dict.fromkeys((*header_names(last.then), *header_names(last.orelse))))
    return ()


def bound_by(plan: list[Any]) -> set[str]:
    """Variables that the steps of a plan bind."""
    found: set[str] = set()
    for step in plan:
        match step:
            case Call():
                found.update(step.statement.targets)
            case Move():
                found.update(step.targets)
            case Branch():
                found |= ir.all_defs(step.statement.then) | ir.all_defs(step.statement.orelse)
            case Loop():
                found |= step.inside
            case Attempt():
                found |= ir.all_defs((step.statement,))
    return found


def touched(plan: list[Any], context: Context) -> tuple[frozenset[str], bool]:
    """The arrays with local shadows that a plan writes; whether something is by place in it."""
    written: set[str] = set()
    by_place = False
    for step in plan:
        match step:
            case stores.Write():
                target = step.statement.target
                assert isinstance(target, Var)
                written.add(target.name)
                by_place |= context.shared(target.name)
            case Call():
                s = step.statement
                by_place |= step.pull.places or any(
                    context.shared(n) for n in (*s.targets, *ir.reads(s)))
            case Branch():
                for side in (step.then, step.orelse):
                    inner, places = touched(side, context)
                    written |= inner
                    by_place |= places
            case Loop():
                written |= step.written
                by_place |= step.writes
            case Attempt():
                for side in step.plans():
                    inner, places = touched(side, context)
                    written |= inner
                    by_place |= places
    return frozenset(written), by_place
