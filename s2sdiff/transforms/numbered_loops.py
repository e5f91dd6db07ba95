"""Loops over `itertools.combinations` and the like as loops over the numbers of the elements.

    for a, b in itertools.combinations(bodies, 2):      bodies_1 = list(bodies)
        ...                                             for i, j in itertools.combinations(
                                                                range(len(bodies_1)), 2):
                                                            a, b = bodies_1[i], bodies_1[j]
                                                            ...

What is read at a number has its cotangent there.  `np.ndenumerate` is a loop over indices likewise.
"""

from __future__ import annotations

import functools
import itertools
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, For, Function, Move, Ref, Stmt, Var, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.kinds_of_items import CHOOSING, element

__all__ = ["written"]

_MADE = (itertools.product, *CHOOSING)
_IDS = frozenset(map(id, (*_MADE, np.ndenumerate)))


def written(function: Function, context: Context) -> Function:
    """The function with such loops; itself where there are none."""
    if _IDS.isdisjoint(ir.called(function)):
        return function
    made = {s.targets[0]: s for s in ir.statements(function)
            if isinstance(s, Bind) and _may_be_numbered(s, context)}
    read = [n for s in ir.statements(function) for n in ir.reads(s) if n in made]
    loops = {s.source.name: s for s in ir.statements(function)
             if isinstance(s, For) and isinstance(s.source, Var) and read.count(s.source.name) == 1}
    new = {n: _Numbered(s, loops[n], context) for n, s in made.items() if n in loops}
    known = {n: loop for n, loop in new.items() if loop.fits}
    if not known:
        return function

    def looped(s: Stmt) -> list[Stmt] | None:
        if isinstance(s, Bind) and len(s.targets) == 1 and s.targets[0] in known:
            return known[s.targets[0]].start
        return None

    def body_of(block: ir.Block) -> ir.Block:
        out: list[Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([body_of(b) for b in inner]))
            if isinstance(s, For) and isinstance(s.source, Var) and s.source.name in known:
                s = known[s.source.name].loop(s)
            out.append(s)
        return ir.unless_same(out, block)

    for loop in known.values():
        fn = loop.made.fn.object
        context.rules[id(fn)] = fn, registry.find(fn)
    return replace(function, body=ir.rewritten(body_of(function.body), looped))


def _may_be_numbered(s: Bind, context: Context) -> bool:
    """A call that gives elements of lists and tuples, of which some may vary, or of an array."""
    if len(s.targets) != 1 or type(s.fn) is not Ref or \
            id(s.fn.object) not in _IDS or not s.args or ir.Star in map(type, s.args):
        return False
    fn = s.fn.object
    if registry.find(fn) is not None and not registry.is_own(fn):
        return False
    if fn is np.ndenumerate:
        return len(s.args) == 1 and not s.kwargs and kind_of_atom(s.args[0], context).is_array
    given = [kind_of_atom(a, context) for a in _iterables(s)]
    return not all(element(k).inert for k in given) and all(
        element(k).inert or k.type in (list, tuple) for k in given)


def _iterables(s: Bind) -> tuple[Any, ...]:
    return s.args if s.fn.object is itertools.product else s.args[:1]  # type: ignore[union-attr]


class _Numbered:
    """What becomes of one such call, and of the loop over it."""

    def __init__(self, made: Bind, loop: For, context: Context) -> None:
        self.made: Any = made
        self.context = context
        self.pools: list[Any] = []
        self.parts = self._parts()
        # Of a pair, say, each half is one variable, or is taken apart in one step.
        self.fits = bool(self.parts) and (isinstance(loop.target, str) or (
            len(loop.target) == len(self.parts) and all(map(_is_flat, loop.target))))
        if made.fn.object is np.ndenumerate:  # type: ignore[union-attr]
            self.fits = not isinstance(loop.target, str) and len(loop.target) == 2 and \
                isinstance(loop.target[1], str) and _is_flat(loop.target[0])

    def _parts(self) -> list[int]:
        """For each item of what the loop gives, the number of the iterable that it is from."""
        fn, options = self.made.fn.object, dict(self.made.kwargs)
        if fn is itertools.product:
            times = options.get("repeat", Const(1))
            known = isinstance(times, Const) and type(times.value) is int and len(options) < 2
            return [*range(len(self.made.args))] * times.value if known else []
        count = self.made.args[1] if len(self.made.args) == 2 and not options else None
        return [0] * count.value if isinstance(count, Const) and type(count.value) is int else []

    @functools.cached_property
    def start(self) -> list[Stmt]:
        """The elements as they are when the iterator is made, and an iterator over numbers."""
        made, names = self.made, self.context.names
        if made.fn.object is np.ndenumerate:
            array, shape = (Var(names(n)) for n in ("array", "shape"))
            self.pools = [array]
            return [Move((array.name,), made.args, made.loc),
                    Bind((shape.name,), Ref(getattr), (array, Const("shape")), (), made.loc),
                    replace(made, fn=Ref(np.ndindex), args=(shape,))]
        out: list[Stmt] = []
        given: list[Any] = []
        for a in _iterables(made):
            if element(kind_of_atom(a, self.context)).inert:
                self.pools.append(None)
                given.append(a)
                continue
            pool, count, places = (Var(names(n)) for n in ("pool", "count", "places"))
            out += [Bind((pool.name,), Ref(list), (a,), (), made.loc),
                    Bind((count.name,), Ref(len), (pool,), (), made.loc),
                    Bind((places.name,), Ref(range), (count,), (), made.loc)]
            self.pools.append(pool)
            given.append(places)
        return [*out, replace(made, args=(*given, *made.args[len(given):]))]

    def loop(self, s: For) -> For:
        """The loop over numbers; each element is read in front of its body."""
        assert self.start
        out: list[Stmt] = []
        if self.made.fn.object is np.ndenumerate:
            target: Any = s.target
            at, item = target
            key = Var(at) if isinstance(at, str) else Var(self.context.names("key"))
            if not isinstance(at, str):
                out.append(Bind((key.name,), Ref(ops.tuple_), tuple(map(Var, at)), (), s.loc))
            out.append(Bind((item,), Ref(operator.getitem), (self.pools[0], key), (), s.loc))
            return replace(s, target=at, body=(*out, *s.body))
        numbers: list[Any] = []
        whole = isinstance(s.target, str)
        patterns: Any = [self.context.names("item") for _ in self.parts] if whole else s.target
        for k, p in zip(self.parts, patterns, strict=True):
            pool = self.pools[k]
            if pool is None:
                numbers.append(p)
                continue
            i = self.context.names("i")
            numbers.append(i)
            name = p if isinstance(p, str) else self.context.names("item")
            out.append(Bind((name,), Ref(operator.getitem), (pool, Var(i)), (), s.loc))
            if not isinstance(p, str):
                out.append(Bind(p, Ref(ops.unpack), (Var(name), Const(len(p)), Const(None)), (),
                                s.loc))
        if whole:
            made = Bind((str(s.target),), Ref(ops.tuple_), tuple(map(Var, patterns)), (), s.loc)
            out.append(made)
        return replace(s, target=tuple(numbers), body=(*out, *s.body))


def _is_flat(pattern: ir.Pattern) -> bool:
    return isinstance(pattern, str) or all(isinstance(p, str) for p in pattern)
