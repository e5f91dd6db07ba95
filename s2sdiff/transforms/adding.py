"""Adding shares to cotangents: in place where an array is ours, at an index where one is given."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Const, Ref, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import slots
from s2sdiff.transforms import known_parts
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.floors import floor
from s2sdiff.transforms.parted import COPY

__all__ = ["Adding", "makes_list", "whole"]

_TOLIST = vars(np.ndarray)["tolist"]


def makes_list(s: ir.Stmt, emit: Emitter) -> bool:
    """A list that nobody else has."""
    return isinstance(s, Bind) and (s.calls(list) or s.calls(_TOLIST) or (
        s.calls(operator.mul) and emit.kind(Var(s.targets[0])).type is list))


class Adding:
    """Facts about cotangents by name, and the statements that add to one."""

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

    def alias_facts(self, old: str, new: str) -> None:
        context = self.context
        context.kinds[new] = context.kinds.get(old, ANY)
        for facts in (self.masked, self.fresh, self.hollow, context.singular):
            if old in facts:
                facts.add(new)
        if old in self.tuples:
            self.tuples[new] = self.tuples[old]

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

    def added(self, old: Any, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        hint = f"{x.name}_bar"
        if kind.is_number and isinstance(old, Var) and old == share:
            return emit.call(Ref(operator.mul), [Const(2), share], {}, hint)
        if not kind.is_number:
            if isinstance(old, dict) and isinstance(share, dict):
                return known_parts.merged(old, share, emit, hint)
            if isinstance(old, Var) and old.name in self.fresh and (
                    kind.type in (list, dict) or kind.under is not None):
                if not self.put(old, share, emit):
                    emit.effect(Ref(slots.put_all), [old, emit.atom(share)])
                return old
            if isinstance(old, (tuple, list)) and isinstance(share, (tuple, list)):
                return type(old)([self.item(p, q, emit, hint)
                                  for p, q in zip(old, share, strict=True)])
            return emit.bind(Ref(runtime.add), [emit.atom(old), emit.atom(share)], {}, hint)
        if isinstance(old, Var) and old.name in self.fresh and kind.is_array:
            return self.grown(old, share, x, emit)
        if kind.is_scalar:
            share, grow = self.signed(share, emit)
            if kind.field == "complex" and emit.kind(old).field != "complex":
                # A real one that is an array without axes is not made complex in place.
                grow = operator.sub if grow is operator.isub else operator.add
            return emit.call(Ref(grow), [old, share], {}, hint)
        if isinstance(share, Var) and share.name in self.fresh and isinstance(old, Var) and \
                whole(emit, share, kind):
            return self.grown(share, old, x, emit)
        if isinstance(old, Lazy) != isinstance(share, Lazy):
            old, share = (p.atom if isinstance(p, Lazy) else p for p in (old, share))
        share, grow = self.signed(share, emit)
        plain = operator.sub if grow is operator.isub else operator.add
        return emit.call(Ref(plain), [old, share], {}, hint)

    def into_list(self, old: Any, share: Any, x: Var, emit: Emitter) -> Any:
        """Add a share to the list of cotangents that stands beside a list of floats."""
        last = emit.out[-1] if emit.out else None
        made = last if isinstance(last, Bind) and isinstance(share, Var) and \
            last.targets == (share.name,) else None
        if old is None and isinstance(share, Var) and (
                share.name in self.fresh or self.is_its_own(made, emit)):
            self.fresh.add(share.name)
            return self.called_after(share, x, emit)
        one, part = (made is not None and made.calls(f) for f in (slots.only, slots.of_part))
        if one or part:
            emit.out.pop()
        owned = emit.zero(x) if old is None else old
        if one and made is not None:
            value, index, _ = ir.plain_args(made)
            value, grow = (value, operator.setitem) if old is None else self.signed(value, emit)
            emit.out.append(ir.Store(grow, owned, index, value, "item", emit.loc))
        elif part and made is not None:
            value, key, _ = ir.plain_args(made)
            emit.effect(Ref(slots.add_part), [owned, key, value])
        elif isinstance(share, dict) and all(emit.kind(g).is_scalar for g in share.values()):
            for index, g in share.items():
                value, grow = self.signed(emit.atom(g), emit)
                emit.out.append(ir.Store(grow, owned, Const(index), value, "item", emit.loc))
        else:
            emit.effect(Ref(slots.add_all), [owned, emit.atom(share)])
        return owned

    def is_its_own(self, made: Bind | None, emit: Emitter) -> bool:
        """A list of floats that was made for one share, and that nobody has taken yet."""
        each = emit.kind(Var(made.targets[0])).each if made is not None else None
        return made is not None and each is not None and each.is_float and makes_list(made, emit)

    def put(self, owned: Var, share: Any, emit: Emitter) -> bool:
        """Add a share of one element to a list's cotangent that is ours; False: it is no such."""
        last = emit.out[-1] if emit.out else None
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.calls(slots.only):
            emit.out.pop()
            value, index, n = ir.plain_args(last)
            if emit.kind(value).is_scalar and floor(index, self.context) >= 0:
                # `c_bar[i] = c_bar.get(i, 0.0) + g`
                get = [owned, Const("get"), index, Const(0.0)]
                old = emit.bind(Ref(ops.method), get, {}, "g_1")
                new = emit.bind(Ref(operator.add), [old, value], {}, "g_1")
                emit.out.append(ir.Store(operator.setitem, owned, index, new, "item", emit.loc))
                return True
            emit.effect(Ref(slots.put), [owned, index, n, value])
            return True
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.calls(slots.under):
            emit.out.pop()
            value, key = ir.plain_args(last)
            emit.effect(Ref(slots.give), [owned, key, value])
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
        # What another variable has got, too, stays.
        if isinstance(last, Bind) and isinstance(share, Var) and last.targets == (share.name,) and \
                last.fn == Ref(runtime.place) and share.name in self.fresh:
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
        if self.context.request.again or self.context.request.carried:
            # Nothing is written then, which tangents would have to follow, value by value.
            plain = operator.sub if grow is operator.isub else operator.add
            made = emit.call(Ref(plain), [owned, value], {}, f"{x.name}_bar")
            if isinstance(made, Var):
                self.fresh.add(made.name)
            return made
        self.context.sums = True
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
                and last.calls(runtime.place) and self.once(ir.plain_args(last)[2], emit)
                and _fits(emit.kind(last.args[0]), kind.dtype)):
            return share
        emit.out.pop()
        value, shape, index = ir.plain_args(last)
        dtype = () if kind.dtype == np.float64 else (Ref(kind.dtype.type),)
        emit.out.append(replace(last, fn=Ref(np.zeros), args=(shape, *dtype)))
        emit.out.append(ir.Store(operator.setitem, share, index, value, "item", emit.loc))
        return share

    def once(self, index: ir.Atom, emit: Emitter) -> bool:
        kind = emit.kind(index)
        if kind.is_array and kind.dtype == bool:
            return True  # a mask
        parts = kind.items if kind.items is not None and kind.is_tuple else (kind,)
        return all(p.type in (int, slice, type(None), type(Ellipsis)) or
                   (p.type is not None and issubclass(p.type, np.integer)) for p in parts)

    def scatter(self, owned: Var, index: ir.Atom, value: ir.Atom, emit: Emitter) -> None:
        if self.once(index, emit):
            value, grow = self.signed(value, emit)
            emit.out.append(ir.Store(grow, owned, index, value, "item", emit.loc))
        else:
            emit.effect(Ref(runtime.add_at), [owned, index, value])


def _fits(value: Kind, dtype: Any) -> bool:
    """Numbers that make an array of this dtype, when they are put into one."""
    if dtype == np.float64:
        return value.dtype in (np.float64, None) and value.field == "real"
    return dtype is not None and value.dtype == dtype


def whole(emit: Emitter, a: Any, kind: Kind) -> bool:
    """A cotangent that surely has its value's full shape."""
    got = emit.kind(a)
    return got.shape is not None and kind.shape is not None and len(got.shape) == len(kind.shape)
