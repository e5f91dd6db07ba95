"""Iterators over lists, tuples and arrays: places are drawn, and items are read there.

What such an iterator keeps is a number.  So `it = iter(c)` gives places in c instead, which have no
derivative, and `next(it)` is `c[next(places)]`, read when its turn comes as Python does.  `map`
calls its function then.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, If, Move, Ref, Var, replace
from s2sdiff.runtime import values
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.drawn_readers import asks, meant
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["made_of_places", "only_places"]


def only_places(name: str, s: Bind, readers: list[ir.Stmt], context: Context) -> bool:
    """Whether an iterator walks over what has places, and nothing but `next` and loops has it."""
    fn, walked = meant(s), _walked(s)
    if fn not in (iter, zip, enumerate, reversed, map) or s.kwargs or not walked or (
            fn not in (zip, map) and len(walked) > 1) or (
            fn is map and not isinstance(s.args[0], (Ref, Var))):
        return False
    return all(_has_places(a, context) for a in walked) and all(
        asks(r, name) or (isinstance(r, For) and r.source == Var(name)) for r in readers)


def _walked(s: Bind) -> tuple[ir.Arg, ...]:
    """What an iterator walks over."""
    return s.args[1:] if meant(s) is map else s.args


def _has_places(a: ir.Arg, context: Context) -> bool:
    if not isinstance(a, Var):
        return False
    kind = kind_of_atom(a, context)
    return kind.type in (list, tuple, range) or (kind.is_array and bool(kind.shape))


def made_of_places(block: Block, made: dict[str, Bind], context: Context) -> Block:
    """The code with places in the stead of these iterators."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([made_of_places(b, made, context) for b in inner]))
        if isinstance(s, Bind) and s.targets and made.get(s.targets[0]) is s:
            places = values.places_back if meant(s) is reversed else values.places
            out.append(replace(s, fn=Ref(places), args=_walked(s)))
        elif isinstance(s, For) and isinstance(s.source, Var) and s.source.name in made:
            i = context.names("i")
            first: list[ir.Stmt] = []
            item = _item(made[s.source.name], Var(i), first, context, s.loc)
            _bound(s.target, item, first, context, s.loc)
            out.append(replace(s, target=i, body=(*first, *s.body)))
        elif isinstance(s, Bind) and s.calls(next) and isinstance(s.args[0], Var) and \
                s.args[0].name in made:
            out += _next(s, made[s.args[0].name], context)
        else:
            out.append(s)
    return ir.unless_same(out, block)


def _next(s: Bind, maker: Bind, context: Context) -> list[ir.Stmt]:
    """`next(it)`, and `next(it, default)`, which gives the default where there is no place."""
    i = context.names("i")
    if len(s.args) == 1:
        out: list[ir.Stmt] = [Bind((i,), Ref(values.next_place), s.args, (), s.loc)]
        item = _item(maker, Var(i), out, context, s.loc)
        _given(s, item, out)
        return out
    ended, read = context.names("ended_1"), []
    item = _item(maker, Var(i), read, context, s.loc)
    found = context.names(item.name)
    then = (Move((found,), s.args[1:], s.loc),)  # type: ignore[arg-type]
    orelse = (*read, Move((found,), (item,), s.loc))
    out = [Bind((i,), Ref(values.next_place), (s.args[0], Const(-1)), (), s.loc),
           Bind((ended,), Ref(operator.lt), (Var(i), Const(0)), (), s.loc),
           If(Var(ended), then, orelse, s.loc)]
    _given(s, Var(found), out)
    return out


def _given(s: Bind, item: Var, out: list[ir.Stmt]) -> None:
    if s.targets:
        out.append(Move(s.targets, (item,), s.loc))


def _item(maker: Bind, i: Var, out: list[ir.Stmt], context: Context, loc: ir.Loc) -> Var:
    """What the iterator gives at a place."""
    items: list[ir.Atom] = [i] if meant(maker) is enumerate else []
    for a in _walked(maker):
        name = context.names("item_1")
        out.append(Bind((name,), Ref(operator.getitem), (a, i), (), loc))
        items.append(Var(name))
    if meant(maker) in (iter, reversed):
        return Var(name)
    whole = context.names("item_1")
    fn = maker.args[0] if meant(maker) is map else Ref(ops.tuple_)
    assert isinstance(fn, (Ref, Var))
    out.append(Bind((whole,), fn, tuple(items), (), loc))
    return Var(whole)


def _bound(target: ir.Pattern, item: Var, out: list[ir.Stmt], context: Context,
           loc: ir.Loc) -> None:
    if isinstance(target, str):
        out.append(Move((target,), (item,), loc))
        return
    names = tuple([t if isinstance(t, str) else context.names("item_1") for t in target])
    out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
    for name, t in zip(names, target, strict=True):
        if not isinstance(t, str):
            _bound(t, Var(name), out, context, loc)
