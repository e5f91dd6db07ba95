"""Cotangents while backward code is written: adding shares, owning arrays, carrying them on.

A cotangent array may be changed in place only if backward code made it and nothing else refers to
it (`fresh`); one that was received never is.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Const, Free, Ref, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.kinds_joined import of_cotangents
from s2sdiff.runtime import shadow_slots, shadows, whole_values
from s2sdiff.runtime.ruled import zeroed
from s2sdiff.transforms.adding import Adding, whole
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.pull import Placeless
from s2sdiff.transforms.reached import may_hold

__all__ = ["REACH", "Cotangents", "doubled", "names_in", "substituted"]


#: How many statements back what a container's parts are is looked for.
REACH = 12


class Cotangents(Adding):
    """The cotangents at one point of backward code: given, taken from places, carried by loops."""

    def emitter(self, loc: ir.Loc, backward: bool) -> Emitter:
        emit = Emitter(self.context, replace(loc, backward=True) if backward else loc, backward)
        emit.tuples, emit.masked, emit.fresh = self.tuples, self.masked, self.fresh
        return emit

    def named(self, shares: list[tuple[str, Any]], have: dict[str, Any], emit: Emitter,
              start: int) -> list[tuple[str, Any]]:
        """Shares made from `start` on are called after the variables that they are for.

        Those that were made before this call may have the name of a variable of the user's already.
        """
        given = [v.name for _, v in shares if isinstance(v, Var)]
        bases = self.context.names.bases
        made: set[str] | None = None
        out: list[tuple[str, Any]] = []
        for name, share in shares:
            if isinstance(share, Var) and name not in have and given.count(share.name) == 1:
                bar = f"{bases.get(name, name)}_bar"
                wished = bases.get(share.name, share.name) != bar
                if wished and made is None:
                    made = self.made(have, emit, start)
                if wished and made and share.name in made:
                    new = self.context.names(bar)
                    self.alias_facts(share.name, new)
                    emit.out[start:] = ir.rename(tuple(emit.out[start:]), {share.name: new})
                    share = Var(new)
            out.append((name, share))
        return out

    def made(self, have: dict[str, Any], emit: Emitter, start: int) -> set[str]:
        """What was made from `start` on, and is not kept under its name."""
        bases = self.context.names.bases
        made = {s.targets[0] for s in emit.out[start:]
                if isinstance(s, Bind) and len(s.targets) == 1}
        made -= among(have.values())
        made -= {n for s in emit.out[start:emit.mark] for n in ir.defines(s)
                 if bases.get(n, n).removesuffix("_bar") in self.users}
        return made

    def own(self, shares: list[tuple[str, Any]], bars: list[Any],
            made: list[ir.Stmt]) -> set[str]:
        """Shares whose arrays nothing else refers to: made now, read by nothing, given once."""
        given = [v.name for _, v in shares if isinstance(v, Var)]
        if self.fresh.isdisjoint(given):
            return set()
        found = {n for n in given if n in self.fresh and given.count(n) == 1}
        if not found:
            return found
        defined = {b.name for b in bars if isinstance(b, Var)}
        for s in made:
            found.difference_update(ir.reads(s))
            defined.update(ir.defines(s))
        return found & defined

    def give(self, name: str, share: Any, have: dict[str, Any], emit: Emitter,
             mine: set[str]) -> None:
        """Add a share to a variable's cotangent."""
        if name not in self.context.active:
            return
        x, kind = Var(name), self.context.kinds.get(name, ANY)
        if kind.is_scalar and kind.field == "int":
            return  # what a function captures, or an object holds: it has no cotangent
        if self.context.shared(name):
            self.into_place(x, kind, share, have, emit)
            return
        share = self.fitted(share, x, kind, emit)
        if isinstance(share, Var) and share.name not in mine:
            self.fresh.discard(share.name)
        old = have.get(name)
        if isinstance(share, Const) and share.value == 0 and old is not None and kind.is_scalar:
            return
        if self.context.local(name) and kind.type is list:
            have[name] = self.into_list(old, share, x, emit)
            return
        if self.context.local(name):
            have[name] = self.of_its_own(share, x, kind, emit) if old is None else \
                self.grown(old, share, x, emit)
            return
        if old is None:
            have[name] = self.placed(share, x, kind, emit)
            return
        have[name] = self.added(old, share, x, kind, emit)

    def into_place(self, x: Var, kind: Kind, share: Any, have: dict[str, Any],
                   emit: Emitter) -> None:
        """Add a share to what is kept by place."""
        if share is None or share == Const(None):
            return
        if isinstance(share, Placeless):
            old, new = have.get(x.name), share.atom
            have[x.name] = new if old is None else \
                emit.bind(Ref(runtime.add), [emit.atom(old), new], {}, f"{x.name}_bar")
            return
        table = self.context.table()
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.calls(runtime.place) and kind.is_array and share.name in self.fresh:
            emit.out.pop()
            value, _, index = ir.plain_args(last)
            emit.effect(Ref(shadows.deposit_item), [table, x, index, value])
        elif kind.each is not None and kind.each.is_float:
            emit.effect(Ref(shadow_slots.add_numbers), [table, x, emit.atom(share)])
        elif kind.has_place:
            emit.effect(Ref(whole_values.deposit), [table, x, emit.atom(share)])
        else:
            old = have.get(x.name)
            args = [table, x, Const(None) if old is None else emit.atom(old), emit.atom(share)]
            have[x.name] = emit.bind(Ref(whole_values.give), args, {}, f"{x.name}_bar")

    def out_of_place(self, name: str, bar: Any, emit: Emitter, parts: str = "",
                     captured: bool = False) -> Any:
        """A whole cotangent of what has it by place; `parts` names what was in it then.

        With `captured`, it is an argument's, and nobody asks the cells of functions any more that
        are in there.
        """
        if not self.context.shared(name):
            return bar
        kind, table = self.context.kinds.get(name, ANY), self.context.table()
        if kind.is_array:
            outer = captured and self.context.request.outer
            take = whole_values.taken_apart if outer else whole_values.taken
            made = emit.bind(Ref(take), [table, Var(name)], {}, f"{name}_bar")
            self.context.kinds[made.name] = kind
            self.fresh.add(made.name)
            self.masked.add(made.name)
            return made
        args = [table, Var(parts or name), *([] if bar is None else [emit.atom(bar)])]
        whole: dict[str, ir.Atom] = {"captured": Const(True)} if captured and may_hold(kind) else {}
        return emit.bind(Ref(whole_values.withdraw), args, whole, f"{name}_bar")

    def seeded(self, name: str, seed: ir.Atom, emit: Emitter, parts: str = "") -> Any:
        """The cotangent of the result as it goes in: by place, a local shadow, or as it is.

        `parts` names what it held when it was given.
        """
        context = self.context
        kind, table, whole = context.kinds.get(name, ANY), None, Var(parts or name)
        if context.shared(name):
            table = context.table()
            args = [table, whole, seed]
            put = whole_values.arrived if context.request.places else whole_values.deposit
            if kind.has_place:
                emit.effect(Ref(put), args)
                return None
            return emit.bind(Ref(put), args, {}, f"{name}_bar")
        if context.local(name):
            if context.request.places:
                # It is in the table, or there is none, as nobody asked for the result.
                args = [context.table(), whole, seed]
                seed = emit.bind(Ref(whole_values.withdraw), args, {}, f"{name}_bar")
                seed = emit.bind(Ref(runtime.match), [seed, Var(name)], {}, f"{name}_bar")
            return self.of_its_own(seed, Var(name), kind, emit)
        if context.request.places and kind.is_scalar:
            # There is none where nobody asked for the result of a call that writes.
            return emit.bind(Ref(runtime.match), [seed, Var(name)], {}, f"{name}_bar")
        if context.request.places and not kind.is_fixed:
            made = emit.bind(Ref(whole_values.withdraw), [context.table(), whole, seed], {},
                             f"{name}_bar")
            if kind.is_array:
                made = emit.bind(Ref(runtime.match), [made, Var(name)], {}, f"{name}_bar")
            return self.whole(made, name, emit) if kind.is_tuple else made
        return self.whole(seed, name, emit) if kind.is_tuple and context.request.places \
            else seed

    def whole(self, seed: ir.Atom, name: str, emit: Emitter) -> Any:
        """The cotangent of a tuple with zeros for numbers of which nobody made use."""
        return emit.bind(Ref(zeroed), [seed, Var(name)], {}, f"{name}_bar")

    def carried(self, name: str, bar: str, ways: list[tuple[ir.Atom, Emitter]]) -> None:
        """Facts of a cotangent that arrives from several places."""
        kind = self.context.kinds.get(name, ANY)
        found = [e.kind(a) for a, e in ways]
        if kind.is_scalar:
            fields = {k.field for k in found}
            self.context.kinds[bar] = Kind(None, (), "complex" if "complex" in fields else "real")
        elif kind.is_array:
            dtypes = {k.dtype for k in found}
            if any(a == Const(None) or (isinstance(a, Var) and a.name in self.hollow)
                   for a, _ in ways):
                self.hollow.add(bar)
            self.context.kinds[bar] = Kind(np.ndarray, kind.shape, kind.field,
                                           kind.dtype if dtypes == {kind.dtype} else None)
        else:
            self.context.kinds[bar] = of_cotangents(kind) if self.context.local(name) else ANY
        if any(e.is_masked(a) for a, e in ways):
            self.masked.add(bar)
        if all(isinstance(a, Var) and a.name in self.fresh for a, _ in ways):
            self.fresh.add(bar)

    def loosen(self, name: str, bar: str) -> None:
        """A loop's cotangent may come back with another dtype than it went in with."""
        kind = self.context.kinds[bar]
        # It may go in real and come back complex, where the value does the same.
        field = "complex" if self.context.kinds.get(name, ANY).field == "complex" else kind.field
        if kind.is_number:
            self.context.kinds[bar] = kind._replace(dtype=None, field=field) if kind.is_array else \
                Kind(None, (), field)

    def settled(self, name: str, bar: Any, emit: Emitter) -> ir.Atom:
        """A cotangent as an atom in its full shape, or a zero where there is none."""
        x = Var(name)
        if bar is None and name in self.unsure and not emit.kind(x).is_scalar:
            return Const(None)
        if bar is None:
            return emit.atom(emit.zero(x))
        if isinstance(bar, Lazy):
            return emit.atom(emit.owned(bar, x))
        kind, got = self.context.kinds.get(name, ANY), emit.kind(bar)
        if kind.is_array and not whole(emit, bar, kind):
            return emit.atom(emit.call(Ref(runtime.match), [bar, x], {}, f"{name}_bar")) \
                if not got.is_array else emit.atom(bar)
        return emit.atom(bar)

    def ended(self, name: str, bar: str, left: Any, emit: Emitter) -> ir.Atom:
        """What a loop's round hands to the one before it; zeros of the shape that came in."""
        kind = self.context.kinds.get(name, ANY)
        if left is None and kind.is_array and kind.shape is not None and \
                not any(d != 1 and d[0] == "?" for d in kind.shape):
            made = emit.bind(Ref(runtime.zeros), [Var(bar)], {}, bar)
            self.fresh.add(made.name)
            self.masked.add(made.name)
            return made
        return self.settled(name, left, emit)

    def mark(self) -> tuple:
        return len(self.context.names.given), set(self.masked), set(self.fresh), dict(self.tuples)

    def restore(self, marks: tuple) -> None:
        """Forget what an attempt at a loop's body made."""
        self.context.names.take_back(marks[0])
        for facts, old in zip((self.masked, self.fresh, self.tuples), marks[1:], strict=True):
            facts.clear()
            facts.update(old)


def names_in(value: Any) -> Iterator[str]:
    """The variables that a cotangent is made of."""
    if isinstance(value, Var):
        yield value.name
    elif isinstance(value, Lazy):
        yield from names_in(value.atom)
    elif isinstance(value, (tuple, list)):
        for v in value:
            yield from names_in(v)
    elif isinstance(value, dict):
        for v in value.values():
            yield from names_in(v)


def among(values: Iterable[Any]) -> set[str]:
    """The variables that several cotangents are made of."""
    found: set[str] = set()
    for value in values:
        t = type(value)
        if t is Var:
            found.add(value.name)
        elif value is not None and t is not Const:
            found.update(names_in(value))
    return found


def doubled(shares: list[tuple[str, Any]], emit: Emitter) -> list[tuple[str, Any]]:
    """Two equal shares of one variable (`x * x`) are twice the share."""
    if len(shares) == 2 and shares[0][0] == shares[1][0] and isinstance(shares[0][1], Var) and \
            shares[0][1] == shares[1][1] and emit.kind(shares[0][1]).is_number:
        name, share = shares[0]
        return [(name, emit.call(Ref(operator.mul), [Const(2), share], {}, f"{name}_bar"))]
    return shares


def substituted(value: Any, kept: Mapping[Any, ir.Atom]) -> Any:
    if isinstance(value, Var):
        return kept.get(value.name, value)
    if isinstance(value, Free):
        return kept.get(value, value)
    if isinstance(value, (tuple, list)):
        return type(value)([substituted(v, kept) for v in value])
    if isinstance(value, dict):
        return {k: substituted(v, kept) for k, v in value.items()}
    if isinstance(value, Lazy):
        return Lazy(substituted(value.atom, kept), value.shape, value.kind)
    return value
