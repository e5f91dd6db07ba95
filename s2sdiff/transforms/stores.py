"""Writes into arrays: what was written takes its cotangent out of the array's shadow.

`a[i] = v` takes the cotangent of `a[i]`, clears it there, and hands it to `v`; that is in this
order as `v` may be a part of `a`.  `a[i] += v` is that for `a[i] + v`, where what the old value
gets is put back.  Writes into anything else are calls of rules that change shadows (`by_place`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Const, Ref, Store, Var
from s2sdiff.ir.making import quick
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import shadows
from s2sdiff.transforms import parts
from s2sdiff.transforms.callees import dynamic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.parted import COPY
from s2sdiff.transforms.pull import Pull, of_contents
from s2sdiff.transforms.tiers import basic, once, several

__all__ = ["Write", "as_call", "holds_places", "plain_write", "written"]


@quick
@dataclass(frozen=True, eq=False)
class Write:
    """A write into an array, with the operator's pull where it is `a[i] op= v`."""

    statement: Store
    operator: Pull | None
    old: str
    new: str
    kept: dict[Any, ir.Atom]

    @property
    def key(self) -> Any:
        """What was written, as it was then: an array of places may have changed since."""
        key = self.statement.key
        return Const(...) if key is None else self.kept.get(getattr(key, "name", ""), key)


def plain_write(s: ir.Stmt, context: Context) -> bool:
    """A write into an array at an index that names each element once."""
    if not isinstance(s, Store) or not isinstance(s.target, Var):
        return False
    if context.local(s.target.name) and kind_of_atom(s.target, context).type is list:
        return s.fn is operator.setitem and kind_of_atom(s.value, context).is_scalar
    if not kind_of_atom(s.target, context).is_array or s.place == "attribute" or s.value is None:
        return False
    if s.fn is ops.scatter_add:
        return True
    if s.fn is not operator.setitem and s.fn not in ops.IN_PLACE:
        return False
    if s.fn is operator.setitem and context.shared(s.target.name) and s.key is not None and \
            not kind_of_atom(s.value, context).is_number and _item_kind(s, context).shape != ():
        return False  # a list of views of the array, perhaps, which are read as it is written
    key = Kind() if s.key is None else kind_of_atom(s.key, context)
    if s.key is None or basic(key):
        return True
    # A view of the array is read while it is written through a mask.
    return (once(key) or several(key)) and not (
        s.fn is operator.setitem and _may_share(s.value, s.target, context))


def _may_share(value: ir.Atom | None, target: Var, context: Context) -> bool:
    memory = context.memory
    if not isinstance(value, Var) or memory is None or kind_of_atom(value, context).is_fixed:
        return False  # numbers, and tuples of them, have no memory
    node = memory.class_of(value.name)
    return node is None or node == memory.class_of(target.name)


def holds_places(key: Any, context: Context) -> bool:
    """Whether an index is, or holds, arrays or lists, which may be written after it was used."""
    kind = ANY if key is None else kind_of_atom(key, context)
    parts = kind.items if kind.items is not None and kind.is_tuple else (kind,)
    return any(p.is_array or p.type is list for p in parts)


def as_call(s: Store) -> Bind:
    """A write as the call of a function that it is."""
    args = tuple([a for a in (s.target, s.key, s.value) if a is not None])
    return Bind((), Ref(s.fn), args, (), s.loc)


def written(s: Store, emit: Emitter, context: Context,
            linearized: Callable[[Bind], Pull]) -> tuple[Pull | None, str, str]:
    """Emit a plain write; for `a[i] op= v` the pull of the operator, and the names of its ends."""
    if s.fn is operator.setitem or s.fn is ops.scatter_add:
        emit.out.append(s)
        return None, "", ""
    assert isinstance(s.target, Var)
    kind = _item_kind(s, context)
    old, new = context.names(f"{s.target.name}_was"), context.names(f"{s.target.name}_1")
    for name in (old, new):
        context.kinds[name] = kind
        context.active.add(name)
    read, take = context.names(f"{s.target.name}_1"), s.target
    context.kinds[read] = kind
    context.active.add(read)
    if s.key is not None:
        emit.out.append(Bind((read,), Ref(operator.getitem), (s.target, s.key), (), s.loc))
        take = Var(read)
    if kind.is_array and (s.key is None or basic(kind_of_atom(s.key, context))):
        emit.out.append(Bind((old,), Ref(runtime.copy), (take,), (), s.loc))
    else:
        emit.out.append(ir.Move((old,), (take,), s.loc))
    assert s.value is not None
    pull = linearized(Bind((new,), Ref(ops.IN_PLACE[s.fn]), (Var(old), s.value), (), s.loc))
    emit.out.append(s)
    return pull, old, new


def _item_kind(s: Store, context: Context) -> Kind:
    kind = kind_of_atom(s.target, context)
    if s.key is None:
        return kind
    index = kind_of_atom(s.key, context)
    return parts.item(Bind((), Ref(operator.getitem), (s.target, s.key), (), s.loc), [kind, index])


class Writing:
    """The backward code of plain writes, for `reverse`."""

    def __init__(self, back: Any) -> None:
        self.back, self.context = back, back.context

    def run(self, step: Write, have: dict[str, Any], emit: Emitter) -> None:
        s = step.statement
        assert isinstance(s.target, Var)
        name = s.target.name
        emit.loc = ir.replace(s.loc, backward=True)
        mark = emit.mark = len(emit.out)
        item = self.context.kinds[step.old] if step.old else _item_kind(s, self.context)
        if s.fn is ops.scatter_add:
            self.scattered(step, item, have, emit)
        elif self.context.local(name):
            bar = have.get(name)
            if bar is None:
                return
            self.local(step, bar, item, have, emit, mark)
        else:
            self.shared(step, item, have, emit, mark)

    def scattered(self, step: Write, item: Kind, have: dict[str, Any], emit: Emitter) -> None:
        """Each place of what was added has the cotangent of where it went, which stays there."""
        s = step.statement
        assert isinstance(s.target, Var)
        if not (isinstance(s.value, Var) and s.value.name in self.context.active):
            return
        bar: Any = have.get(s.target.name)
        if not self.context.local(s.target.name):
            bar = emit.bind(Ref(runtime.shadow), [self.context.table(), s.target], {},
                            f"{s.target.name}_bar")
        if bar is not None:
            g = emit.bind(Ref(operator.getitem), [bar, step.key], {}, f"{s.value.name}_bar")
            self.context.kinds[g.name] = item
            emit.fresh.add(g.name)
            emit.masked.add(g.name)
            self.to_value(s, g, item, have, emit)

    def local(self, step: Write, bar: Any, item: Kind, have: dict[str, Any], emit: Emitter,
              mark: int) -> None:
        s = step.statement
        assert isinstance(s.target, Var)
        key, many = step.key, several(kind_of_atom(step.key, self.context))
        if step.operator is None:
            g = None
            if isinstance(s.value, Var) and s.value.name in self.context.active:
                g = self.taken(bar, key, item, emit, f"{s.value.name}_bar")
            if g is None or not many:
                emit.out.append(Store(operator.setitem, bar, key, Const(0.0), "item", emit.loc))
            if isinstance(bar, Var):
                emit.masked.add(bar.name)  # what is written away may have been infinite
            if g is not None:
                self.to_value(s, g, item, have, emit)
            return
        g = self.taken(bar, key, item, emit, f"{s.target.name}_bar")
        shares = self.pulled(step, g, emit, mark)
        for n, share in shares:
            if n == step.old and (many or not (isinstance(share, Var) and share == g)):
                value = emit.atom(emit.full(share))
                emit.out.append(Store(operator.setitem, bar, key, value, "item", emit.loc))
        if not many and not any(n == step.old for n, _ in shares):
            emit.out.append(Store(operator.setitem, bar, key, Const(0.0), "item", emit.loc))
        self.others(step, shares, have, emit)

    def taken(self, bar: Any, key: Any, item: Kind, emit: Emitter, hint: str) -> Var:
        kind = kind_of_atom(key, self.context)
        take = runtime.taken_at if several(kind) else operator.getitem
        g = emit.bind(Ref(take), [bar, key], {}, hint)
        self.context.kinds[g.name] = item
        if item.is_array:
            if basic(kind):
                g = emit.bind(Ref(COPY), [g], {}, hint)
            emit.fresh.add(g.name)
        self.context.kinds[g.name] = item
        emit.masked.add(g.name)
        return g

    def shared(self, step: Write, item: Kind, have: dict[str, Any], emit: Emitter,
               mark: int) -> None:
        s, table = step.statement, self.context.table()
        assert isinstance(s.target, Var)
        key = step.key
        g = emit.bind(Ref(shadows.withdraw_item), [table, s.target, key], {},
                      f"{s.target.name}_bar")
        self.context.kinds[g.name] = item
        emit.masked.add(g.name)
        if item.is_array:
            emit.fresh.add(g.name)
        if step.operator is None:
            if isinstance(s.value, Var) and s.value.name in self.context.active:
                self.to_value(s, g, item, have, emit)
            return
        # What was kept of the value stands for its contents, not for the place that is written.
        shares = self.pulled(step, g, emit, len(emit.out))
        for n, share in shares:
            if n == step.old:
                emit.effect(Ref(shadows.deposit_item),
                            [table, s.target, key, emit.atom(emit.full(share))])
        self.others(step, shares, have, emit)

    def pulled(self, step: Write, g: Var, emit: Emitter, mark: int) -> list[tuple[str, Any]]:
        assert step.operator is not None
        shares = step.operator.run(emit, [g])
        kept = of_contents(step.kept, step.operator, self.context)
        if kept:
            emit.out[mark:] = [ir.substitute(t, kept) for t in emit.out[mark:]]
        return shares

    def others(self, step: Write, shares: list[tuple[str, Any]], have: dict[str, Any],
               emit: Emitter) -> None:
        for n, share in shares:
            if n != step.old:
                self.back.give(n, share, have, emit, self.back.own(shares, [], emit.out))

    def to_value(self, s: Store, g: Var, item: Kind, have: dict[str, Any], emit: Emitter) -> None:
        """What was written is handed to the value, in the value's shape."""
        assert isinstance(s.value, Var)
        kind = self.context.kinds.get(s.value.name, ANY)
        share: Any = g
        if kind.is_number and kind.shape is not None and item.shape is not None:
            # NumPy lets a value have leading dimensions of one more than the place has.
            if len(kind.shape) > len(item.shape):
                shape = emit.call(Ref(_SHAPE), [s.value], {}, "shape_1")
                share = emit.bind(Ref(runtime.unbroadcast), [g, shape], {}, f"{s.value.name}_bar")
            elif kind.shape != item.shape or not kind.shape:
                shape = emit.call(Ref(_SHAPE), [s.value], {}, "shape_1")
                share = emit.call(Ref(runtime.unbroadcast), [g, shape], {}, f"{s.value.name}_bar")
        elif not kind.is_scalar or item.shape != ():
            share = emit.bind(Ref(runtime.fitted), [g, s.value], {}, f"{s.value.name}_bar")
        mine = {share.name} if isinstance(share, Var) and share.name in emit.fresh else set()
        self.back.give(s.value.name, share, have, emit, mine)


_SHAPE = np.shape


def call_of(s: Store, emit: Emitter, context: Context) -> Pull:
    """A write into whatever it turns out to be."""
    return dynamic(as_call(s), emit, context)
