"""Cotangents while backward code is written: adding shares, owning arrays, carrying them on.

A cotangent array may be changed in place only if backward code made it and nothing else refers to
it (`fresh`); one that was received never is.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Const, Free, Ref, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import shadows, slots
from s2sdiff.runtime.ruled import zeroed
from s2sdiff.transforms import known_parts
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.parted import COPY
from s2sdiff.transforms.pull import Placeless

__all__ = ["REACH", "Cotangents", "doubled", "names_in", "substituted", "whole"]


#: How many statements back what a container's parts are is looked for.
REACH = 12


class Cotangents:
    """Facts about cotangents by name, and the statements that add to them."""

    def __init__(self, context: Context, tuples: dict[str, Any]) -> None:
        self.context, self.tuples = context, tuples
        self.users: frozenset[str] = frozenset()
        self.masked: set[str] = set()
        self.fresh: set[str] = set()
        #: Variables of bodies that may have been left before they were bound; and cotangents of
        #: arrays that may be None, as a zero had no such variable to look like.
        self.unsure: set[str] = set()
        self.late: set[str] = set()
        self.hollow: set[str] = set()

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
            bar = f"{bases.get(name, name)}_bar"
            wished = isinstance(share, Var) and given.count(share.name) == 1 \
                and name not in have and bases.get(share.name, share.name) != bar
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
        made.difference_update(*map(names_in, have.values()))
        made -= {n for s in emit.out[start:emit.mark] for n in ir.defines(s)
                 if bases.get(n, n).removesuffix("_bar") in self.users}
        return made

    def own(self, shares: list[tuple[str, Any]], bars: list[Any],
            made: list[ir.Stmt]) -> set[str]:
        """Shares whose arrays nothing else refers to: made now, read by nothing, given once."""
        given = [v.name for _, v in shares if isinstance(v, Var)]
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
        if self.context.shared(name):
            self.into_place(x, kind, share, have, emit)
            return
        share = self.fitted(share, x, kind, emit)
        if isinstance(share, Var) and share.name not in mine:
            self.fresh.discard(share.name)
        old = have.get(name)
        if isinstance(share, Const) and share.value == 0 and old is not None and kind.is_scalar:
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
                last.calls(runtime.place) and kind.is_array:
            emit.out.pop()
            value, _, index = ir.plain_args(last)
            emit.effect(Ref(shadows.deposit_item), [table, x, index, value])
        elif kind.has_place:
            emit.effect(Ref(shadows.deposit), [table, x, emit.atom(share)])
        else:
            old = have.get(x.name)
            args = [table, x, Const(None) if old is None else emit.atom(old), emit.atom(share)]
            have[x.name] = emit.bind(Ref(shadows.give), args, {}, f"{x.name}_bar")

    def out_of_place(self, name: str, bar: Any, emit: Emitter, parts: str = "") -> Any:
        """A whole cotangent of what has it by place; `parts` names what was in it then."""
        if not self.context.shared(name):
            return bar
        kind, table = self.context.kinds.get(name, ANY), self.context.table()
        if kind.is_array:
            made = emit.bind(Ref(shadows.taken), [table, Var(name)], {}, f"{name}_bar")
            self.context.kinds[made.name] = kind
            self.fresh.add(made.name)
            self.masked.add(made.name)
            return made
        args = [table, Var(parts or name), *([] if bar is None else [emit.atom(bar)])]
        return emit.bind(Ref(shadows.withdraw), args, {}, f"{name}_bar")

    def seeded(self, name: str, seed: ir.Atom, emit: Emitter) -> Any:
        """The cotangent of the result as it goes in: by place, a local shadow, or as it is."""
        context = self.context
        kind, table = context.kinds.get(name, ANY), None
        if context.shared(name):
            table = context.table()
            args = [table, Var(name), seed]
            if kind.has_place:
                emit.effect(Ref(shadows.deposit), args)
                return None
            return emit.bind(Ref(shadows.deposit), args, {}, f"{name}_bar")
        if context.local(name):
            if context.request.places:
                # It is in the table, or there is none, as nobody asked for the result.
                args = [context.table(), Var(name), seed]
                seed = emit.bind(Ref(shadows.withdraw), args, {}, f"{name}_bar")
                seed = emit.bind(Ref(runtime.match), [seed, Var(name)], {}, f"{name}_bar")
            return self.of_its_own(seed, Var(name), kind, emit)
        if context.request.places and kind.is_scalar:
            # There is none where nobody asked for the result of a call that writes.
            return emit.bind(Ref(runtime.match), [seed, Var(name)], {}, f"{name}_bar")
        if context.request.places and not kind.is_fixed:
            made = emit.bind(Ref(shadows.withdraw), [context.table(), Var(name), seed], {},
                             f"{name}_bar")
            if kind.is_array:
                made = emit.bind(Ref(runtime.match), [made, Var(name)], {}, f"{name}_bar")
            return made if kind.type is not tuple else self.whole(made, name, emit)
        return self.whole(seed, name, emit) if kind.type is tuple and context.request.places \
            else seed

    def whole(self, seed: ir.Atom, name: str, emit: Emitter) -> Any:
        """The cotangent of a tuple with zeros for numbers of which nobody made use."""
        return emit.bind(Ref(zeroed), [seed, Var(name)], {}, f"{name}_bar")

    def of_its_own(self, share: Any, x: Var, kind: Kind, emit: Emitter) -> Var:
        """A share as an array that may be changed in place, of the variable's shape."""
        share = self.placed(share, x, kind, emit)
        if isinstance(share, Lazy):
            share = emit.owned(share, x)
        # A real cotangent of a complex array becomes a complex one as others are added.
        alike = whole(emit, share, kind) and emit.kind(share).field == kind.field is not None
        if isinstance(share, Var) and share.name in self.fresh and alike:
            return self.called_after(share, x, emit)
        if alike:
            made = emit.bind(Ref(COPY if emit.kind(share).is_array else runtime.copy),
                             [emit.atom(share)], {}, f"{x.name}_bar")
        else:
            made = emit.zero(x)
            emit.out.append(ir.Store(operator.iadd, made, None, emit.atom(share), "name", emit.loc))
        self.fresh.add(made.name)
        return made

    def called_after(self, share: Var, x: Var, emit: Emitter) -> Var:
        """A cotangent that was just made under another name, under that of its variable."""
        bases = self.context.names.bases
        bar = f"{bases.get(x.name, x.name)}_bar"
        made = any(share.name in ir.defines(s) for s in emit.out)
        if bases.get(share.name, share.name) == bar or not made:
            return share
        new = self.context.names(bar)
        self.alias_facts(share.name, new)
        emit.out[:] = ir.rename(tuple(emit.out), {share.name: new})
        return Var(new)

    def fitted(self, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        """A share in the field of its value: the real part of a complex one for a real value."""
        if not kind.is_number:
            return share
        got = emit.kind(share)
        if not got.is_number:
            like: Any = x
            if kind.is_scalar and kind.field == "real":
                # Not the value itself, which may be unbound here, or kept for nothing else.
                like = Const(0.0)
            return emit.call(Ref(runtime.match), [emit.atom(share), like], {}, f"{x.name}_bar")
        if kind.field != "complex" and got.field == "complex":
            value = emit.full(share)
            return emit.call(Ref(np.real), [value], {}, f"{x.name}_bar")
        return share

    def alias_facts(self, old: str, new: str) -> None:
        context = self.context
        context.kinds[new] = context.kinds.get(old, ANY)
        for facts in (self.masked, self.fresh, self.hollow):
            if old in facts:
                facts.add(new)
        if old in self.tuples:
            self.tuples[new] = self.tuples[old]

    def added(self, old: Any, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        hint = f"{x.name}_bar"
        if kind.is_number and isinstance(old, Var) and old == share:
            return emit.call(Ref(operator.mul), [Const(2), share], {}, hint)
        if not kind.is_number:
            if isinstance(old, dict) and isinstance(share, dict):
                return known_parts.merged(old, share, emit, hint)
            if isinstance(old, Var) and old.name in self.fresh and kind.type is list and \
                    self.put(old, share, emit):
                return old
            if isinstance(old, (tuple, list)) and isinstance(share, (tuple, list)):
                return type(old)([self.item(p, q, emit, hint)
                                  for p, q in zip(old, share, strict=True)])
            return emit.bind(Ref(runtime.add), [emit.atom(old), emit.atom(share)], {}, hint)
        if isinstance(old, Var) and old.name in self.fresh and kind.is_array:
            return self.grown(old, share, x, emit)
        if kind.is_scalar:
            share, grow = self.signed(share, emit)
            return emit.call(Ref(grow), [old, share], {}, hint)
        if isinstance(share, Var) and share.name in self.fresh and isinstance(old, Var) and \
                whole(emit, share, kind):
            return self.grown(share, old, x, emit)
        if isinstance(old, Lazy) != isinstance(share, Lazy):
            old, share = (p.atom if isinstance(p, Lazy) else p for p in (old, share))
        share, grow = self.signed(share, emit)
        plain = operator.sub if grow is operator.isub else operator.add
        return emit.call(Ref(plain), [old, share], {}, hint)

    def put(self, owned: Var, share: Any, emit: Emitter) -> bool:
        """Add a share of one element to a list's cotangent that is ours; False: it is no such."""
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.calls(slots.only):
            emit.out.pop()
            value, index, n = ir.plain_args(last)
            emit.effect(Ref(slots.put), [owned, index, n, value])
            return True
        return False

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
            value, _, index = ir.plain_args(last)
            self.scatter(owned, index, value, emit)
            self.masked.discard(share.name)
            return owned
        value = share.atom if isinstance(share, Lazy) else emit.atom(share)
        got = emit.kind(value)
        x_kind = self.context.kinds.get(x.name, ANY)
        if not whole(emit, owned, x_kind) or got.field != kind.field or kind.field is None:
            return emit.call(Ref(operator.add), [owned, value], {}, f"{x.name}_bar")
        value, grow = self.signed(value, emit)
        emit.out.append(ir.Store(grow, owned, None, value, "name", emit.loc))
        return owned

    def signed(self, value: Any, emit: Emitter) -> tuple[Any, Any]:
        """`x_bar += -v` is `x_bar -= v`."""
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(value, Var) and last.targets == (value.name,) and \
                last.fn == Ref(operator.neg) and value.name in emit.sole:
            emit.out.pop()
            return last.args[0], operator.isub
        return value, operator.iadd

    def placed(self, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        """`rt.place(g, x.shape, i)` written out, where `i` names each element once."""
        last = emit.out[-1] if emit.out else None
        if not (isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,)
                and last.fn == Ref(runtime.place) and self.basic(ir.plain_args(last)[2], emit)
                and kind.dtype == np.float64 and emit.kind(last.args[0]).dtype in (np.float64, None)
                and emit.kind(last.args[0]).field == "real"):
            return share
        emit.out.pop()
        value, shape, index = ir.plain_args(last)
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
            self.context.kinds[bar] = ANY
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
        return set(self.context.names.taken), set(self.masked), set(self.fresh), dict(self.tuples)

    def restore(self, marks: tuple) -> None:
        """Forget what an attempt at a loop's body made."""
        self.context.names.taken = set(marks[0])
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


def whole(emit: Emitter, a: Any, kind: Kind) -> bool:
    """A cotangent that surely has its value's full shape."""
    got = emit.kind(a)
    return got.shape is not None and kind.shape is not None and len(got.shape) == len(kind.shape)
