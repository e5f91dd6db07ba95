"""Backward code of a plan: its steps are taken last to first, blocks are mirrored.

`have` says which variables have a cotangent at this point: absent ones cost no code, and a zero is
made only where one path sets a cotangent and another does not.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, runtime
from s2sdiff.ir import Const, For, If, Move, Ref, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import whole_values
from s2sdiff.transforms import apart, attempted
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.cotangents import REACH, Cotangents, among, doubled, names_in, substituted
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.plan import bound_by, touched
from s2sdiff.transforms.pull import of_contents
from s2sdiff.transforms.record import left_with
from s2sdiff.transforms.steps import Branch, Call, Loop, raises, read_by
from s2sdiff.transforms.stores import Write, Writing

__all__ = ["BackwardCode"]


def _behind(loc: ir.Loc) -> ir.Loc:
    return ir.Loc(loc.file, loc.line, loc.column, loc.function, True)


_NO_BARS = frozenset({type(None)})


class BackwardCode(Cotangents):
    """Writes the backward code of plans; `headers` are variables of the loops around."""

    def __init__(self, context: Context, tuples: dict[str, Any]) -> None:
        super().__init__(context, tuples)
        self.headers: set[str] = set()

    def backward(self, plan: list[Any], have: dict[str, Any], emit: Emitter) -> None:
        """Emit the backward code of a block; `have` is changed from after it to before it."""
        for i in range(len(plan) - 1, -1, -1):
            match plan[i]:
                case Call() as step:
                    self.pull(step, have, emit)
                case Write() as step:
                    Writing(self).run(step, have, emit)
                case Move() as step:
                    self.move(step, have, emit)
                case Branch() as step:
                    if self.branch(step, have, emit, plan[:i]):
                        return
                case Loop() as step:
                    self.loop(step, have, emit)
                case _ as step:
                    attempted.pull_back(self, step, have, emit)

    def pull(self, step: Call, have: dict[str, Any], emit: Emitter) -> None:
        bars = [have.pop(t, None) for t in step.statement.targets]
        by_place = step.pull.places or any(map(self.context.shared, step.statement.targets))
        if not by_place and _NO_BARS.issuperset(map(type, bars)):
            return
        emit.loc = _behind(step.statement.loc)
        if by_place and not step.pull.places:
            bars = [self.out_of_place(t, b, emit)
                    for t, b in zip(step.statement.targets, bars, strict=True)]
        if step.kept:
            bars = [self.apart_of(b, step.kept, emit) for b in bars]
        mark = emit.mark = len(emit.out)
        emit.given = among(bars)
        if emit.given:
            emit.given -= among(have.values())
        emit.kept = set(step.kept)
        shares = step.pull.run(emit, bars)
        emit.kept = set()
        kept = of_contents(step.kept, step.pull, self.context)
        if kept:
            emit.out[mark:] = [ir.substitute(s, kept) for s in emit.out[mark:]]
            shares = [(n, substituted(v, kept)) for n, v in shares]
        # Parts of a container's cotangent were made for the call before.
        reach = 0
        for b in bars:
            if isinstance(b, (tuple, list)):
                reach = REACH
        shares = self.named(doubled(shares, emit), have, emit, max(0, mark - reach))
        mine, emit.sole = self.own(shares, bars, emit.out[mark:]), apart.sole(shares, emit)
        for name, share in shares:
            self.give(name, share, have, emit, mine)

    def apart_of(self, bar: Any, kept: Any, emit: Emitter) -> Any:
        """A cotangent that is a variable's value, where a copy stands for what that was before."""
        if isinstance(bar, (tuple, list)):
            return type(bar)([self.apart_of(b, kept, emit) for b in bar])
        if not kept.keys() & set(names_in(bar)):
            return bar
        if isinstance(bar, Lazy):
            return replace(bar, atom=self.apart_of(bar.atom, kept, emit))
        name = self.context.names(f"{bar.name}_bar")
        self.alias_facts(bar.name, name)
        self.fresh.discard(name)
        emit.out.append(Move((name,), (bar,), emit.loc))
        return Var(name)

    def move(self, s: Move, have: dict[str, Any], emit: Emitter) -> None:
        emit.loc = replace(s.loc, backward=True)
        pairs = list(zip(s.targets, s.sources, strict=True))
        taken = [(a, self.handed_on(t, a, have.pop(t, None), emit)) for t, a in pairs
                 if isinstance(a, Var) and self.leaves_place(t, a)]
        taken += [(a, self.reshaped(have.pop(t), t, a, emit)) for t, a in pairs if t in have]
        names, emit.sole = [v.name for _, v in taken if isinstance(v, Var)], set()
        for a, bar in taken:
            if isinstance(a, Var) and a.name in self.context.active:
                sources = [b.name for b, _ in taken if isinstance(b, Var)]
                mine: set[str] = set()
                if isinstance(bar, Var) and sources.count(a.name) == names.count(bar.name) == 1:
                    mine = {bar.name}
                self.give(a.name, bar, have, emit, mine)

    def leaves_place(self, t: str, a: Var) -> bool:
        """What is by place under one name has its cotangent as a value under the one before."""
        context = self.context
        return context.shared(t) and a.name in context.active and \
            not context.shared(a.name) and not context.kinds.get(a.name, ANY).is_scalar

    def handed_on(self, t: str, a: Var, bar: Any, emit: Emitter) -> Any:
        args = [self.context.table(), a, *([] if bar is None else [emit.atom(bar)])]
        made = emit.bind(Ref(whole_values.withdraw), args, {}, f"{a.name}_bar")
        if self.context.kinds.get(a.name, ANY).is_array:
            made = emit.bind(Ref(runtime.match), [made, a], {}, f"{a.name}_bar")
        return made

    def reshaped(self, bar: Any, t: str, a: Any, emit: Emitter) -> Any:
        """The cotangent of a loop's variable under a name with the size that a round gave it."""
        if not isinstance(bar, Var) or not isinstance(a, Var) or a.name not in self.context.active:
            return bar
        got, copy, kind = (self.context.kinds.get(n, ANY) for n in (bar.name, t, a.name))
        if not (got.is_array and copy.is_array and kind.is_array) or \
                None in (got.shape, kind.shape) or not got.shape == copy.shape != kind.shape:
            return bar
        name = self.context.names(f"{self.context.names.bases.get(a.name, a.name)}_bar")
        self.alias_facts(bar.name, name)
        self.context.kinds[name] = got._replace(shape=kind.shape)
        emit.out.append(Move((name,), (bar,), emit.loc))
        return Var(name)

    def branch(self, step: Branch, have: dict[str, Any], emit: Emitter, earlier: list[Any]) -> bool:
        """Backward code of an `if`; True if what comes before it in the block was done, too."""
        s = step.statement
        one, two = dict(have), dict(have)
        then, orelse = self.emitter(s.loc, True), self.emitter(s.loc, True)
        self.backward(step.then, one, then)
        self.backward(step.orelse, two, orelse)
        if raises(s.then) or raises(s.orelse):
            # A side that raised left no pullback behind: the other one was taken.
            side, left = (orelse, two) if raises(s.then) else (then, one)
            emit.out += side.out
            have.clear()
            have.update(left)
            return False
        # Where one side needs nothing of what comes before the test, that is the other side's.
        before = bound_by(earlier) if one.keys() != two.keys() else set[str]()
        sunk = bool(before) and any(n in before for n in one) != any(n in before for n in two) \
            and not any(touched(earlier, self.context))
        if sunk:
            side, left = (then, one) if any(n in before for n in one) else (orelse, two)
            self.backward(earlier, left, side)
        self.join(step, have, one, two, then, orelse, before if sunk else set())
        if then.out or orelse.out:
            loc = replace(s.loc, backward=True)
            emit.out.append(If(s.test, tuple(then.out), tuple(orelse.out), loc))
        return sunk

    def join(self, step: Branch, have: dict[str, Any], one: dict[str, Any], two: dict[str, Any],
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

    def likely(self, step: Loop, headers: list[str], have: dict[str, Any]) -> list[str]:
        """Variables whose cotangents the rounds of a loop may change."""
        context = self.context
        outside = [n for n in read_by(step.body) if n in context.active
                   and n not in step.inside and n not in context.tiers]
        return [n for n in dict.fromkeys([*headers, *outside])
                if n in have or n not in step.headers]

    def loop(self, step: Loop, have: dict[str, Any], emit: Emitter) -> None:
        s, context = step.statement, self.context
        loc = replace(s.loc, backward=True)
        headers = [n for n in step.headers if n in context.active]
        # A number that every round hands on as it came is none of the loop's business.
        carried = [n for n in headers if n in have and not _is_number(have[n], emit)]
        unowned: set[str] = set()
        veiled: set[str] = set()
        if not step.writes and not any(n in have for n in step.inside | set(headers)) and \
                not any(n in have for n in step.written):
            # Nothing that the loop computed matters from here on.
            for n in step.inside:
                have.pop(n, None)
            return
        unbound = left_with(s.body) - self.unsure
        self.headers |= set(step.headers)
        emit.out += apart.renamed(have, step.inside | set(step.headers), context, loc)
        # What the rounds most likely change is carried at once: that mostly spares a second try.
        sure, carried = carried, self.likely(step, headers, have)
        guessed = {n for n in carried if n not in sure}
        while True:
            marks = self.mark()
            before = self.emitter(s.loc, True)
            before.loc = loc
            inits = [self.settled(n, have.get(n), before) for n in carried]
            bars = [context.names(f"{n}_bar") for n in carried]
            for n, b, a in zip(carried, bars, inits, strict=True):
                self.carried(n, b, [(a, before), (a, before)])
                if n in veiled or not context.kinds[b].is_scalar:
                    self.masked.add(b)
                self.loosen(n, b)
                if n in unowned:
                    self.fresh.discard(b)
            inner = {**have, **{n: Var(b) for n, b in zip(carried, bars, strict=True)}}
            body = self.emitter(s.loc, True)
            self.backward(step.body, inner, body)
            body.loc = loc
            wrong = {n for n, b in zip(carried, bars, strict=True)
                     if n in guessed and _same(inner.get(n), Var(b))}
            if wrong:
                self.restore(marks)
                carried = [n for n in carried if n not in wrong]
                guessed -= wrong
                continue
            more = [n for n in dict.fromkeys([*headers, *inner]) if n not in carried
                    and (n in headers or n not in step.inside)
                    and not _same(inner.get(n), have.get(n))]
            # What a round finds unbound has no cotangent in front of it, whatever its shape.
            self.unsure |= unbound
            ends = [self.ended(n, b, inner.get(n), body)
                    for n, b in zip(carried, bars, strict=True)]
            self.unsure -= unbound
            owned = [isinstance(a, Var) and a.name in self.fresh and ends.count(a) == 1
                     for a in ends]
            lost = {n for n, b, mine in zip(carried, bars, owned, strict=True)
                    if b in self.fresh and not mine}
            dim = {n for n, b, a in zip(carried, bars, ends, strict=True)
                   if b not in self.masked and body.is_masked(a)}
            if not more and not lost and not dim:
                break
            self.restore(marks)
            carried = [n for n in dict.fromkeys([*headers, *carried, *more])
                       if n in carried or n in more]
            unowned |= lost
            veiled |= dim
        emit.out += before.out
        if carried:
            emit.out.append(Move(tuple(bars), tuple(inits), loc))
            body.out = _ended(body.out, Move(tuple(bars), tuple(ends), loc))
        emit.out.append(For((), Const(None), tuple(body.out), (), loc, s.label))
        for n in step.inside.difference(headers):
            have.pop(n, None)
        have.update({n: Var(b) for n, b in zip(carried, bars, strict=True)})


def _ended(out: list[ir.Stmt], move: Move) -> list[ir.Stmt]:
    """A round's code and its end: the sides of a final `if` that joins for it are its ends."""
    last = out[-1] if out else None
    if not isinstance(last, If) or not last.then or not last.orelse:
        return [*out, move]
    sides = []
    for side in (last.then, last.orelse):
        join = side[-1]
        if not isinstance(join, Move) or not set(join.targets) <= {
                a.name for a in move.sources if isinstance(a, Var)}:
            return [*out, move]
        joined = dict(zip(join.targets, join.sources, strict=True))
        handed = ir.substitute(replace(move, loc=join.loc), joined)
        assert isinstance(handed, Move)
        sides.append(tuple(_ended(list(side[:-1]), handed)))
    return [*out[:-1], replace(last, then=sides[0], orelse=sides[1])]


def _is_number(bar: Any, emit: Emitter) -> bool:
    return isinstance(bar, (Var, Const)) and emit.kind(bar).is_scalar


def _same(a: Any, b: Any) -> bool:
    return a is b or (isinstance(a, Var) and a == b) or (isinstance(a, Const) and a == b)
