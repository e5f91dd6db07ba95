"""Iterators with a name: what makes and what reads them becomes operations on places."""

from __future__ import annotations

import types
from collections.abc import Set
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, Function, Ref, Var, While, replace
from s2sdiff.runtime import drawing, drawing_now, resuming, standins, values
from s2sdiff.runtime.drawing_itertools import MAKERS
from s2sdiff.runtime.marking import is_step
from s2sdiff.transforms import augmented, begun_loops, kinds
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.drawn_generators import generators, putting
from s2sdiff.transforms.drawn_places import made_of_places, only_places
from s2sdiff.transforms.drawn_readers import (
    asks,
    consumes,
    groups,
    known,
    leaves,
    meant,
    sources,
)
from s2sdiff.transforms.drawn_readers import (
    makes as makes_iterator,
)
from s2sdiff.transforms.drawn_states import (
    ahead,
    beside_itself,
    calls,
    given,
    leading_out,
    may_go_along,
    of_class,
    only_looked_at,
    reached,
)
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.kinds_of_items import FIXED, element
from s2sdiff.transforms.varying import closed

__all__ = ["opened"]


def opened(function: Function, context: Context, active: Set[str] = frozenset()) -> Function:
    """With the functions of `runtime.drawing` for iterators that may give active values.

    `active` are some that do, for all that is known.

    Only those of which every reader is known: `next`, a loop, what draws all of it at once, or
    another such iterator; and only where nothing simpler does.
    """
    context.generators = generators(function, context)
    if context.generators:
        function = replace(function, body=putting(function.body, context))
    begun: set[str] = set()
    function = begun_loops.begun(_unstarred(function, context), context, begun)
    every = ir.statements(function)
    made = {s.targets[0]: s for s in every if isinstance(s, Bind) and makes_iterator(s)
            and not _of_numbers(s, context)}
    if not made:
        return _followed(begun_loops.as_before(function, begun), set(), context)
    readers: dict[str, list[ir.Stmt]] = {n: [] for n in made}
    for s in every:
        for n in ir.reads(s):
            if n in readers:
                readers[n].append(s)
    while True:
        unknown = {n for n in made if not all(known(s, n, made) for s in readers[n])}
        if not unknown:
            break
        made = {n: s for n, s in made.items() if n not in unknown}
    again = {n for s in every if isinstance(s, (For, While)) for block in ir.blocks(s)
             for n in ir.all_reads(block) - ir.all_defs(block)}
    # A generator goes on when it is drawn from, whatever it gives.
    varies = active | reached(function, given(function, context), readers) | {
        n for n, s in made.items() if any(
            isinstance(a, Var) and a.name in context.generators for a in sources(s))}
    if is_step(function.origin):
        # What is drawn from in the next step, too, is a state, whatever it gives.
        varies |= set(made)
    states = {n for n in made if is_step(function.origin) or n in again or len(readers[n]) > 1
              or any(asks(s, n) for s in readers[n])
              or (any(leaves(s, n) for s in readers[n])
                  and (meant(made[n]) is iter or standins.is_lazy(meant(made[n]))))}
    matters: set[str] | None = None
    names: set[str] = set()
    of_places = {n: made[n] for n in states if n in varies
                 and only_places(n, made[n], readers[n], context)}
    for group in groups(made):
        if not of_places.keys().isdisjoint(group):
            continue
        if not varies.isdisjoint(group) and (
                not states.isdisjoint(group) or any(
                    calls(n, made, readers[n]) or of_class(made[n], context)
                    or beside_itself(made[n], context)
                    or may_go_along(made[n], readers[n], context) for n in group)
                or ahead(group, made, readers, function, context)):
            matters = leading_out(function) if matters is None else matters
            if not all(only_looked_at(r, matters, function, context)
                       for n in group for r in readers[n]):
                names |= group
    if of_places:
        body = made_of_places(function.body, of_places, context)
        function = kinds.infer(replace(function, body=body), context)
        settled = augmented.settle(function, context)
        if settled.body is not function.body:
            function = kinds.infer(settled, context)
    context.running |= closed({n for n in names if standins.is_lazy(meant(made[n]))}, [
        (ir.reads(s), ir.defines(s)) for s in every if isinstance(s, ir.Move) or (
            isinstance(s, Bind) and (makes_iterator(s) or meant(s) in _HOLDING))])
    made_of = replace(function, body=_block(function.body, names, context)) if names else function
    return _followed(begun_loops.as_before(made_of, begun - names), names, context)


def _of_numbers(s: Bind, context: Context) -> bool:
    """It gives numbers that are fixed when it is made, as `itertools.product` of ranges does."""
    kind = kind_of_atom(Var(s.targets[0]), context)
    return kind.type in FIXED and element(kind).inert


def _followed(function: Function, names: set[str], context: Context) -> Function:
    """Note what is followed in any case: all that is done with generators, whatever they give."""
    if context.generators:
        binds = [s for s in ir.statements(function) if isinstance(s, Bind)]
        # What is drawn from a dict's values is only known where the dict is asked for them.
        owners = {s.args[0].name for s in binds if meant(s) is ops.method
                  and isinstance(s.args[0], Var) and not context.generators.isdisjoint(s.targets)}
        found = owners | closed(names | context.generators, [
            ([a.name for a in s.args if isinstance(a, Var)], s.targets)
            for s in binds if _draws(s)])
        context.drawing = found | {t for s in binds if not found.isdisjoint(ir.reads(s))
                                   for t in s.targets}
    return function


#: What holds an iterator as it is.
_HOLDING = (ops.list_, ops.tuple_, ops.dict_)
#: What draws from an iterator, or makes another one of it.
_DRAWING = frozenset({drawing.following, drawing.rest, drawing_now.rest_now, *drawing.NEXT.values(),
                      *[make for make, _, _ in MAKERS.values()]})


def _draws(s: Bind) -> bool:
    return isinstance(s.fn, Ref) and isinstance(s.fn.object, types.FunctionType) and \
        s.fn.object in _DRAWING


def _block(block: Block, names: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, names, context) for b in inner]))
        drawn = next((n for n in ir.reads(s) if n in names), None)
        if isinstance(s, Bind):
            s = _drawn_stars(s, names, drawing.rest, out, context)
            drawn = next((n for n in ir.reads(s) if n in names), None)
        if isinstance(s, Bind) and len(s.targets) == 1 and s.targets[0] in names:
            s = replace(s, fn=Ref(MAKERS[meant(s)][0]))
        elif drawn is None:
            pass
        elif isinstance(s, For):
            left = any(isinstance(e, ir.Exit) for e in ir.walk(s.body))
            s = _loop(s, drawn, context)
            if left and drawn in context.dropped:
                out.append(s)
                s = Bind((), Ref(resuming.closed), (Var(drawn),), (), s.loc)
        elif isinstance(s, Bind) and s.calls(next):
            s = replace(s, fn=Ref(drawing.NEXT[len(s.args)]))
        elif isinstance(s, Bind) and consumes(meant(s)):
            items = context.names("items_1")
            rest = drawing_now.rest_now if drawing_now.turning(meant(s)) else drawing.rest
            out.append(Bind((items,), Ref(rest), s.args, (), s.loc))
            s = replace(s, args=(Var(items),))
        out.append(s)
    return ir.unless_same(out, block)


def _drawn_stars(s: Bind, names: set[str], draw: Any, out: list[ir.Stmt],
                 context: Context) -> Bind:
    """`f(*it)` draws all that is left."""
    args: list[ir.Arg] = []
    for a in s.args:
        if isinstance(a, ir.Star) and isinstance(a.value, Var) and a.value.name in names:
            items = context.names("items_1")
            out.append(Bind((items,), Ref(draw), (a.value,), (), s.loc))
            a = ir.Star(Var(items))
        args.append(a)
    return s if tuple(args) == s.args else replace(s, args=tuple(args))


def _loop(s: For, name: str, context: Context) -> While:
    """Each round draws an item first, which may be none."""
    item, some = context.names("item_1"), context.names("given_1")
    head = (Bind((item,), Ref(drawing.following), (Var(name),), (), s.loc),
            Bind((some,), Ref(drawing.given), (Var(item),), (), s.loc))
    first: list[ir.Stmt] = []
    if isinstance(s.target, str):
        first.append(ir.Move((s.target,), (Var(item),), s.loc))
    else:
        _unpack(s.target, Var(item), first, context, s.loc)
    left = (ir.Exit("break", None, s.loc),)
    body = (*head, ir.If(Var(some), (*first, *s.body), left, s.loc))
    return While((), Const(True), body, (), s.loc)


def _unpack(target: ir.Pattern, item: Var, out: list[ir.Stmt], context: Context,
            loc: ir.Loc) -> None:
    names = tuple([t if isinstance(t, str) else context.names("item_1") for t in target])
    out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
    for name, t in zip(names, target, strict=True):
        if not isinstance(t, str):
            _unpack(t, Var(name), out, context, loc)


def _unstarred(function: Function, context: Context) -> Function:
    """With what `f(*x)` draws from an x of which nothing is known, which may be an iterator."""
    if id(ir.Star) not in ir.called(function):
        return function
    stars = {a.value for s in ir.statements(function) if isinstance(s, Bind) for a in s.args
             if isinstance(a, ir.Star) and isinstance(a.value, Var)
             and kind_of_atom(a.value, context).type is None}
    if not stars:
        return function
    varies = reached(function, given(function, context), {})
    here = {n for s in ir.statements(function) if isinstance(s, Bind) and makes_iterator(s)
            for n in s.targets}
    names = {a.name for a in stars if a.name in varies and a.name not in here}

    def unstarred(block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([unstarred(b) for b in inner]))
            if isinstance(s, Bind):
                s = _drawn_stars(s, names & context.generators, drawing.all_of, out, context)
                s = _drawn_stars(s, names, values.undisturbed, out, context)
            out.append(s)
        return ir.unless_same(out, block)

    body = unstarred(function.body)
    return function if body is function.body else replace(function, body=body)
