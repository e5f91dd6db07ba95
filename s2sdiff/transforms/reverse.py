"""The reverse pass: statements are taken last to first, each handing cotangents to what it read.

Forward code keeps its shape; an active call in it becomes its value part (`linearize`).  Backward
code mirrors the blocks.  `have` says which variables have a cotangent at this point: absent ones
cost no code, and a zero is made only where one path sets a cotangent and another does not.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import (
    Bind, Block, Const, Exit, For, Function, If, Move, Ref, Var, While, replace,
)
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms import alias, kinds, linearize
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy

__all__ = ["Reversed", "run"]


@dataclass(frozen=True, eq=False)
class Reversed:
    """Forward statements, backward statements, and a cotangent for each parameter in wrt."""

    forward: Block
    backward: Block
    seed: str
    bars: dict[str, ir.Atom]


@dataclass(frozen=True, eq=False)
class _Call:
    statement: Bind
    pull: linearize.Pull
    kept: dict[str, ir.Atom]


@dataclass(frozen=True, eq=False)
class _Branch:
    statement: If
    then: list[Any]
    orelse: list[Any]


@dataclass(frozen=True, eq=False)
class _Loop:
    statement: For | While
    body: list[Any]
    headers: frozenset[str]
    inside: frozenset[str]


def run(function: Function, context: Context, seed: Any = None) -> Reversed:
    """Forward and backward code of a tidied, numbered, resolved and marked function."""
    return _Reverse(function, context).run(seed)


class _Reverse:
    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context
        self.result = result_of(function)
        self.roots = alias.roots(function.body, context)
        self.tuples: dict[str, tuple] = {}
        self.masked: set[str] = set()
        self.fresh: set[str] = set()
        self.labels = 0
        self.arguments: dict[str, str] = {}
        self.headers: set[str] = set()

    def emitter(self, loc: ir.Loc, backward: bool) -> Emitter:
        emit = Emitter(self.context, replace(loc, backward=True) if backward else loc, backward)
        emit.tuples, emit.masked, emit.fresh = self.tuples, self.masked, self.fresh
        return emit

    def run(self, seed: Any) -> Reversed:
        context, body = self.context, self.function.body
        last = body[-1]
        forward, plan = self.forward(body[:-1])
        copies = [Bind((made,), Ref(runtime.copy), (Var(n),), (), self.function.loc)
                  for n, made in self.arguments.items()]
        forward = (*copies, *forward)
        name = self.result.name if isinstance(self.result, Var) else "result"
        seed_name = context.names(f"{name}_bar")
        emit = self.emitter(last.loc, True)
        have: dict[str, Any] = {}
        if isinstance(self.result, Var) and self.result.name in context.active:
            if seed is None:
                context.kinds[seed_name] = context.kinds.get(self.result.name, ANY)
                self.masked.add(seed_name)
                have[self.result.name] = Var(seed_name)
            else:
                have[self.result.name] = seed
        self.backward(plan, have, emit)
        emit.loc = replace(self.function.loc, backward=True)
        raw = {p: self.whole(p, have.get(p), emit) for p in context.request.wrt}
        # What loops and joins carry is only now known exactly.
        kinds.block_kinds(tuple(emit.out), context)
        bars: dict[str, ir.Atom] = {}
        for p, bar in raw.items():
            made = self.boundary(p, bar, emit)
            if made in bars.values() and isinstance(made, Var) and not emit.kind(made).is_scalar:
                made = emit.bind(Ref(runtime.copy), [made], {}, f"{p}_bar")
            bars[p] = made
        return Reversed((*forward, last), tuple(emit.out), seed_name, bars)

    def whole(self, p: str, bar: Any, emit: Emitter) -> Any:
        if isinstance(bar, Lazy):
            return emit.atom(emit.owned(bar, Var(p)))
        return None if bar is None else emit.atom(bar)

    def boundary(self, p: str, bar: Any, emit: Emitter) -> ir.Atom:
        """A parameter's cotangent in the parameter's own type, shape and dtype."""
        kind, x = self.context.arguments.get(p, ANY), Var(p)
        if kind.inert:
            return Const(None)
        if bar is None or bar == Const(0.0) and not kind.is_float:
            if kind.is_float:
                return Const(0.0)
            return emit.bind(Ref(runtime.zeros), [x], {}, f"{p}_bar")
        got = emit.kind(bar)
        if got.is_number and got.type is kind.type and got.dtype == kind.dtype and _full(got, kind):
            return bar
        if kind.is_float and got.is_scalar and got.field in ("real", "int"):
            if isinstance(bar, Const):
                return Const(float(bar.value))
            return emit.bind(Ref(float, "float"), [bar], {}, f"{p}_bar")
        return emit.bind(Ref(runtime.match), [bar, x], {}, f"{p}_bar")

    # --------------------------------------------------------------------------- forward

    def forward(self, block: Block) -> tuple[Block, list[Any]]:
        out: list[ir.Stmt] = []
        plan: list[Any] = []
        active = self.context.active
        for s in block:
            match s:
                case Bind(targets) if any(t in active for t in targets):
                    emit = self.emitter(s.loc, False)
                    pull = linearize.call(s, emit, self.context, self.function)
                    kept = self.keep(s, emit)
                    out += emit.out
                    plan.append(_Call(s, pull, kept))
                case Move():
                    out.append(s)
                    plan.append(s)
                case If(_, then, orelse):
                    then, plan_then = self.forward(then)
                    orelse, plan_else = self.forward(orelse)
                    out.append(replace(s, then=then, orelse=orelse))
                    plan.append(_Branch(s, plan_then, plan_else))
                case For() | While():
                    self.labels += 1
                    label = self.labels
                    body, plan_body = self.forward(s.body)
                    s = replace(s, body=body, label=label)
                    out.append(s)
                    headers = {t for inner in ir.walk(s.body) if isinstance(inner, Move)
                               for t in inner.targets}
                    inside = frozenset(ir.all_defs(s.body) | set(ir.defines(s)))
                    plan.append(_Loop(s, plan_body, frozenset(headers), inside))
                case _:
                    out.append(s)
        return tuple(out), plan

    def keep(self, s: Bind, emit: Emitter) -> dict[str, ir.Atom]:
        """Copies, beside the reader, of memory that may be written before the pullback runs."""
        kept: dict[str, ir.Atom] = {}
        for name in dict.fromkeys([*ir.reads(s), *s.targets]):
            if alias.snapshot_needed(name, self.roots, self.result, self.context):
                if name in self.context.arguments and not self.context.writes:
                    kept[name] = self.kept_argument(name)
                    continue
                made = self.context.names(f"{name}_was")
                emit.out.append(Bind((made,), Ref(runtime.copy), (Var(name),), (), s.loc))
                self.context.kinds[made] = self.context.kinds.get(name, ANY)
                kept[name] = Var(made)
        return kept

    def kept_argument(self, name: str) -> Var:
        """One copy, at the start, of an argument that only the caller may write."""
        if name not in self.arguments:
            made = self.arguments[name] = self.context.names(f"{name}_was")
            self.context.kinds[made] = self.context.kinds.get(name, ANY)
        return Var(self.arguments[name])

    # -------------------------------------------------------------------------- backward

    def backward(self, plan: list[Any], have: dict[str, Any], emit: Emitter) -> None:
        """Emit the backward code of a block; `have` is changed from after it to before it."""
        for i in range(len(plan) - 1, -1, -1):
            match plan[i]:
                case _Call() as step:
                    self.pull(step, have, emit)
                case Move() as step:
                    self.move(step, have, emit)
                case _Branch() as step:
                    if self.branch(step, have, emit, plan[:i]):
                        return
                case _Loop() as step:
                    self.loop(step, have, emit)

    def pull(self, step: _Call, have: dict[str, Any], emit: Emitter) -> None:
        bars = [have.pop(t, None) for t in step.statement.targets]
        if all(b is None for b in bars):
            return
        emit.loc = replace(step.statement.loc, backward=True)
        mark = emit.mark = len(emit.out)
        shares = step.pull.run(emit, bars)
        if step.kept:
            emit.out[mark:] = [ir.substitute(s, step.kept) for s in emit.out[mark:]]
            shares = [(n, _substituted(v, step.kept)) for n, v in shares]
        shares = self.named(_doubled(shares, emit), have, emit, mark)
        mine = self.own(shares, bars, emit.out[mark:])
        for name, share in shares:
            self.give(name, share, have, emit, mine)

    def named(self, shares: list[tuple[str, Any]], have: dict[str, Any], emit: Emitter,
              mark: int) -> list[tuple[str, Any]]:
        """Shares made just now are called after the variables that they are for."""
        given = [v.name for _, v in shares if isinstance(v, Var)]
        made = {s.targets[0] for s in emit.out[mark:] if isinstance(s, Bind) and len(s.targets) == 1}
        out: list[tuple[str, Any]] = []
        for name, share in shares:
            bar = f"{self.context.names.bases.get(name, name)}_bar"
            if isinstance(share, Var) and given.count(share.name) == 1 and share.name in made and \
                    name not in have and self.context.names.bases.get(share.name, share.name) != bar:
                new = self.context.names(bar)
                self.alias_facts(share.name, new)
                emit.out[mark:] = ir.rename(tuple(emit.out[mark:]), {share.name: new})
                share = Var(new)
            out.append((name, share))
        return out

    def own(self, shares: list[tuple[str, Any]], bars: list[Any], made: list[ir.Stmt]) -> set[str]:
        """Shares whose arrays nothing else refers to: made just now, read by nothing, given once."""
        read = [n for s in made for n in ir.reads(s)]
        defined = {n for s in made for n in ir.defines(s)}
        given = [v.name for _, v in shares if isinstance(v, Var)]
        seeds = {b.name for b in bars if isinstance(b, Var)}
        return {n for n in given if given.count(n) == 1 and n in self.fresh and n not in read
                and (n in defined or n in seeds)}

    def give(self, name: str, share: Any, have: dict[str, Any], emit: Emitter, mine: set[str]) -> None:
        """Add a share to a variable's cotangent."""
        if name not in self.context.active:
            return
        x, kind = Var(name), self.context.kinds.get(name, ANY)
        share = self.fitted(share, x, kind, emit)
        if isinstance(share, Var) and share.name not in mine:
            self.fresh_off(share, mine)
        old = have.get(name)
        if old is None:
            have[name] = self.placed(share, x, kind, emit)
            return
        have[name] = self.added(old, share, x, kind, emit)

    def fresh_off(self, share: Var, mine: set[str]) -> None:
        self.fresh.discard(share.name)

    def fitted(self, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        """A share in the field of its value: the real part of a complex one for a real value."""
        if not kind.is_number:
            return share
        got = emit.kind(share)
        if not got.is_number:
            return emit.call(Ref(runtime.match), [emit.atom(share), x], {}, f"{x.name}_bar")
        if kind.field != "complex" and got.field == "complex":
            value = emit.full(share)
            return emit.call(Ref(np.real), [value], {}, f"{x.name}_bar")
        return share

    def alias_facts(self, old: str, new: str) -> None:
        context = self.context
        context.kinds[new] = context.kinds.get(old, ANY)
        for facts in (self.masked, self.fresh):
            if old in facts:
                facts.add(new)
        if old in self.tuples:
            self.tuples[new] = self.tuples[old]

    def added(self, old: Any, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        hint = f"{x.name}_bar"
        if kind.is_number and isinstance(old, Var) and old == share:
            return emit.call(Ref(operator.mul), [Const(2), share], {}, hint)
        if not kind.is_number:
            if isinstance(old, (tuple, list)) and isinstance(share, (tuple, list)):
                return type(old)([self.item(p, q, emit, hint) for p, q in zip(old, share, strict=True)])
            return emit.bind(Ref(runtime.add), [emit.atom(old), emit.atom(share)], {}, hint)
        if isinstance(old, Var) and old.name in self.fresh and kind.is_array:
            return self.grown(old, share, x, emit)
        if kind.is_scalar:
            share, grow = self.signed(share, emit)
            return emit.call(Ref(grow), [old, share], {}, hint)
        if isinstance(share, Var) and share.name in self.fresh and isinstance(old, Var) and _whole(emit, share, kind):
            return self.grown(share, old, x, emit)
        if isinstance(old, Lazy) and not isinstance(share, Lazy) or isinstance(share, Lazy) and not isinstance(old, Lazy):
            a, b = (old.atom, share) if isinstance(old, Lazy) else (old, share.atom)
            return emit.call(Ref(operator.add), [a, b], {}, hint)
        return emit.call(Ref(operator.add), [old, share], {}, hint)

    def item(self, p: Any, q: Any, emit: Emitter, hint: str) -> Any:
        if p == Const(None):
            return q
        if q == Const(None):
            return p
        return emit.bind(Ref(runtime.add), [emit.atom(p), emit.atom(q)], {}, hint)

    def grown(self, owned: Var, share: Any, x: Var, emit: Emitter) -> Any:
        """`owned += share`; a share that lies at an index of `x` is added there."""
        kind = self.context.kinds.get(owned.name, ANY)
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.fn == Ref(runtime.place):
            emit.out.pop()
            value, _, index = last.args
            self.scatter(owned, index, value, emit)
            self.masked.discard(share.name)
            return owned
        value = share.atom if isinstance(share, Lazy) else emit.atom(share)
        got = emit.kind(value)
        x_kind = self.context.kinds.get(x.name, ANY)
        if not _whole(emit, owned, x_kind) or got.field != kind.field or kind.field is None:
            return emit.call(Ref(operator.add), [owned, value], {}, f"{x.name}_bar")
        value, grow = self.signed(value, emit)
        emit.out.append(ir.Store(grow, owned, None, value, "name", emit.loc))
        return owned

    def signed(self, value: Any, emit: Emitter) -> tuple[Any, Any]:
        """`x_bar += -v` is `x_bar -= v`."""
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(value, Var) and last.targets == (value.name,) and \
                last.fn == Ref(operator.neg) and not isinstance(last.args[0], ir.Star):
            emit.out.pop()
            return last.args[0], operator.isub
        return value, operator.iadd

    def placed(self, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        """`rt.place(g, x.shape, i)` written out, where `i` names each element once."""
        last = emit.out[-1] if emit.out else None
        if not (isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,)
                and last.fn == Ref(runtime.place) and self.basic(last.args[2], emit)
                and kind.dtype == np.float64 and emit.kind(last.args[0]).dtype in (np.float64, None)
                and emit.kind(last.args[0]).field == "real"):
            return share
        emit.out.pop()
        value, shape, index = last.args
        emit.out.append(replace(last, fn=Ref(np.zeros), args=(shape,)))
        emit.out.append(ir.Store(operator.setitem, share, index, value, "item", emit.loc))
        return share

    def basic(self, index: ir.Atom, emit: Emitter) -> bool:
        kind = emit.kind(index)
        parts = kind.items if kind.type is tuple and kind.items is not None else (kind,)
        return all(p.type in (int, slice, type(None), type(Ellipsis)) or
                   (p.type is not None and issubclass(p.type, np.integer)) for p in parts)

    def scatter(self, owned: Var, index: ir.Atom, value: ir.Atom, emit: Emitter) -> None:
        if self.basic(index, emit):
            value, grow = self.signed(value, emit)
            emit.out.append(ir.Store(grow, owned, index, value, "item", emit.loc))
        else:
            emit.effect(Ref(runtime.add_at), [owned, index, value])

    def move(self, s: Move, have: dict[str, Any], emit: Emitter) -> None:
        taken = [(a, have.pop(t)) for t, a in zip(s.targets, s.sources, strict=True) if t in have]
        emit.loc = replace(s.loc, backward=True)
        names = [v.name for _, v in taken if isinstance(v, Var)]
        for a, bar in taken:
            if isinstance(a, Var) and a.name in self.context.active:
                sources = [b.name for b, _ in taken if isinstance(b, Var)]
                once = sources.count(a.name) == 1 and isinstance(bar, Var) and names.count(bar.name) == 1
                self.give(a.name, bar, have, emit, {bar.name} if once and isinstance(bar, Var) else set())

    def branch(self, step: _Branch, have: dict[str, Any], emit: Emitter, earlier: list[Any]) -> bool:
        """Backward code of an `if`; True if what comes before it in the block was done, too."""
        s = step.statement
        one, two = dict(have), dict(have)
        then, orelse = self.emitter(s.loc, True), self.emitter(s.loc, True)
        self.backward(step.then, one, then)
        self.backward(step.orelse, two, orelse)
        if _raises(s.then) or _raises(s.orelse):
            # A side that raised left no pullback behind: the other one was taken.
            side, left = (orelse, two) if _raises(s.then) else (then, one)
            emit.out += side.out
            have.clear()
            have.update(left)
            return False
        # Where one side needs nothing of what comes before the test, that is the other side's.
        before = _planned(earlier)
        sunk = bool(before) and any(n in before for n in one) != any(n in before for n in two)
        if sunk:
            side, left = (then, one) if any(n in before for n in one) else (orelse, two)
            self.backward(earlier, left, side)
        self.join(step, have, one, two, then, orelse, before if sunk else set())
        if then.out or orelse.out:
            emit.out.append(If(s.test, tuple(then.out), tuple(orelse.out), replace(s.loc, backward=True)))
        return sunk

    def join(self, step: _Branch, have: dict[str, Any], one: dict[str, Any], two: dict[str, Any],
             then: Emitter, orelse: Emitter, before: set[str]) -> None:
        """Bring the cotangents of both sides under one name each."""
        s = step.statement
        # A header of the loop around is bound at the ends of its paths, but it was there before.
        inside = (ir.all_defs(s.then) | ir.all_defs(s.orelse) | before) - self.headers
        changed = [n for n in dict.fromkeys([*one, *two]) if n not in inside
                   and not _same(one.get(n), two.get(n))]
        same = {n: v for n, v in one.items() if n not in changed and n not in inside}
        have.clear()
        have.update(same)
        if not changed:
            return
        targets = [self.context.names(f"{n}_bar") for n in changed]
        sides = []
        for left, side in ((one, then), (two, orelse)):
            side.loc = replace(s.loc, backward=True)
            sides.append([self.settled(n, left.get(n), side) for n in changed])
            side.out.append(Move(tuple(targets), tuple(sides[-1]), side.loc))
        for n, t, a, b in zip(changed, targets, *sides, strict=True):
            self.carried(n, t, [(a, then), (b, orelse)])
            have[n] = Var(t)

    def carried(self, name: str, bar: str, ways: list[tuple[ir.Atom, Emitter]]) -> None:
        """Facts of a cotangent that arrives from several places."""
        kind = self.context.kinds.get(name, ANY)
        found = [e.kind(a) for a, e in ways]
        if kind.is_scalar:
            fields = {k.field for k in found}
            self.context.kinds[bar] = Kind(None, (), "complex" if "complex" in fields else "real")
        elif kind.is_array:
            dtypes = {k.dtype for k in found}
            self.context.kinds[bar] = Kind(np.ndarray, kind.shape, kind.field,
                                           kind.dtype if dtypes == {kind.dtype} else None)
        else:
            self.context.kinds[bar] = ANY
        if any(e.is_masked(a) for a, e in ways):
            self.masked.add(bar)
        if all(isinstance(a, Var) and a.name in self.fresh for a, _ in ways):
            self.fresh.add(bar)

    def settled(self, name: str, bar: Any, emit: Emitter) -> ir.Atom:
        """A cotangent as an atom in its full shape, or a zero where there is none."""
        x = Var(name)
        if bar is None:
            return emit.atom(emit.zero(x))
        if isinstance(bar, Lazy):
            return emit.atom(emit.owned(bar, x))
        kind, got = self.context.kinds.get(name, ANY), emit.kind(bar)
        if kind.is_array and not _whole(emit, bar, kind):
            return emit.atom(emit.call(Ref(runtime.match), [bar, x], {}, f"{name}_bar")) \
                if not got.is_array else emit.atom(bar)
        return emit.atom(bar)

    def loop(self, step: _Loop, have: dict[str, Any], emit: Emitter) -> None:
        s, context = step.statement, self.context
        loc = replace(s.loc, backward=True)
        active = context.active
        carried = [n for n in _ordered(step) if n in active and n in step.headers
                   and not _bound_inside(n, s)]
        unowned: set[str] = set()
        if not any(n in have for n in ir.all_defs(s.body) | set(carried)):
            # Nothing that the loop computed matters from here on.
            for n in step.inside:
                have.pop(n, None)
            return
        self.headers |= _headers(s.body)
        while True:
            marks = self.mark()
            before = self.emitter(s.loc, True)
            before.loc = loc
            inits = [self.settled(n, have.get(n), before) for n in carried]
            bars = [context.names(f"{n}_bar") for n in carried]
            for n, b, a in zip(carried, bars, inits, strict=True):
                self.carried(n, b, [(a, before), (a, before)])
                self.masked.add(b)
                self.loosen(n, b)
                if n in unowned:
                    self.fresh.discard(b)
            inner = {**have, **{n: Var(b) for n, b in zip(carried, bars, strict=True)}}
            body = self.emitter(s.loc, True)
            self.backward(step.body, inner, body)
            body.loc = loc
            more = [n for n in inner if n not in carried and n not in step.inside
                    and not _same(inner.get(n), have.get(n))]
            ends = [self.ended(n, b, inner.get(n), body) for n, b in zip(carried, bars, strict=True)]
            lost = {n for n, b, a in zip(carried, bars, ends, strict=True) if b in self.fresh and not (
                isinstance(a, Var) and a.name in self.fresh and ends.count(a) == 1)}
            if not more and not lost:
                break
            self.restore(marks)
            carried += more
            unowned |= lost
        emit.out += before.out
        if carried:
            emit.out.append(Move(tuple(bars), tuple(inits), loc))
            if not _sides_end(body.out, bars, ends):
                body.out.append(Move(tuple(bars), tuple(ends), loc))
        emit.out.append(For((), Const(None), tuple(body.out), (), loc, s.label))
        for n in step.inside:
            have.pop(n, None)
        have.update({n: Var(b) for n, b in zip(carried, bars, strict=True)})

    def ended(self, name: str, bar: str, left: Any, emit: Emitter) -> ir.Atom:
        """What a loop's round hands to the one before it; zeros of the shape that came in."""
        kind = self.context.kinds.get(name, ANY)
        if left is None and kind.is_array:
            made = emit.bind(Ref(runtime.zeros), [Var(bar)], {}, bar)
            self.fresh.add(made.name)
            self.masked.add(made.name)
            return made
        return self.settled(name, left, emit)

    def mark(self) -> tuple:
        return set(self.context.names.taken), set(self.masked), set(self.fresh), dict(self.tuples)

    def restore(self, marks: tuple) -> None:
        """Forget what an attempt at a loop's body made."""
        self.context.names.taken = set(marks[0])
        for facts, old in zip((self.masked, self.fresh, self.tuples), marks[1:], strict=True):
            facts.clear()
            facts.update(old)

    def loosen(self, name: str, bar: str) -> None:
        """A loop's cotangent may come back with another dtype than it went in with."""
        kind = self.context.kinds[bar]
        if kind.is_number:
            self.context.kinds[bar] = replace(kind, dtype=None) if kind.is_array else \
                Kind(None, (), kind.field)


def _doubled(shares: list[tuple[str, Any]], emit: Emitter) -> list[tuple[str, Any]]:
    """Two equal shares of one variable (`x * x`) are twice the share."""
    if len(shares) == 2 and shares[0][0] == shares[1][0] and isinstance(shares[0][1], Var) and \
            shares[0][1] == shares[1][1] and emit.kind(shares[0][1]).is_number:
        name, share = shares[0]
        return [(name, emit.call(Ref(operator.mul), [Const(2), share], {}, f"{name}_bar"))]
    return shares


def _sides_end(out: list[ir.Stmt], bars: list[str], ends: list[ir.Atom]) -> bool:
    """Let the sides of a final `if` hand on to the next round themselves, where it joined all."""
    last = out[-1] if out else None
    if not isinstance(last, If) or not last.then or not last.orelse:
        return False
    back = {e.name: b for b, e in zip(bars, ends, strict=True) if isinstance(e, Var)}
    sides = []
    for side in (last.then, last.orelse):
        move = side[-1]
        if not isinstance(move, Move) or set(move.targets) != set(back) or len(back) != len(bars):
            return False
        sides.append((*side[:-1], Move(tuple(back[t] for t in move.targets), move.sources, move.loc)))
    out[-1] = replace(last, then=sides[0], orelse=sides[1])
    return True


def _planned(plan: list[Any]) -> set[str]:
    """Variables that the steps of a plan bind."""
    found: set[str] = set()
    for step in plan:
        match step:
            case _Call():
                found.update(step.statement.targets)
            case Move():
                found.update(step.targets)
            case _Branch():
                found |= ir.all_defs(step.statement.then) | ir.all_defs(step.statement.orelse)
            case _Loop():
                found |= step.inside
    return found


def _full(got: Kind, kind: Kind) -> bool:
    if not kind.is_array:
        return True
    return got.shape is not None and kind.shape is not None and len(got.shape) == len(kind.shape)


def _substituted(value: Any, kept: dict[str, ir.Atom]) -> Any:
    if isinstance(value, Var):
        return kept.get(value.name, value)
    if isinstance(value, (tuple, list)):
        return type(value)([_substituted(v, kept) for v in value])
    if isinstance(value, Lazy):
        return Lazy(_substituted(value.atom, kept), value.shape, value.kind)
    return value


def _same(a: Any, b: Any) -> bool:
    return a is b or (isinstance(a, Var) and a == b) or (isinstance(a, Const) and a == b)


def _whole(emit: Emitter, a: Any, kind: Kind) -> bool:
    """A cotangent that surely has its value's full shape."""
    got = emit.kind(a)
    return got.shape is not None and kind.shape is not None and len(got.shape) == len(kind.shape)


def _raises(block: Block) -> bool:
    last = block[-1] if block else None
    return isinstance(last, Exit) and last.kind == "raise"


def _ordered(step: _Loop) -> list[str]:
    found: dict[str, None] = {}
    for inner in ir.walk(step.statement.body):
        if isinstance(inner, Move):
            found.update(dict.fromkeys(inner.targets))
    return list(found)


def _bound_inside(name: str, s: For | While) -> bool:
    """A join of the body, not a header of the loop: bound before it is read in every round."""
    return name not in _headers(s.body)


def _headers(block: Block) -> set[str]:
    """The targets of the Moves that end the paths of a loop's body."""
    if not block:
        return set()
    last = block[-1]
    if isinstance(last, Exit):
        last = block[-2] if len(block) > 1 else None
    if isinstance(last, Move):
        return set(last.targets)
    if isinstance(last, If):
        return _headers(last.then) | _headers(last.orelse)
    return set()
