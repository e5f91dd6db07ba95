"""`tuple(items)` as `list(items)`, or as the new list that it is given, where nobody can tell.

Of a tuple of any length nothing is known, and of a list all that its items have in common.  That it
is a list would show where it is returned, put somewhere, compared or handed to others: there it
stays.
"""

from __future__ import annotations

import builtins
import collections
import math
import operator

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, For, Function, If, Move, Ref, Stmt, Var, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

#: They do the same with a list of these items, as their first argument.
_ALIKE = frozenset(map(id, (
    len, operator.not_, sum, min, max, sorted, list, tuple, set, any, all, enumerate, reversed,
    iter, math.fsum, math.prod, np.array, np.sum, np.mean, np.max, np.min, ops.unpack)))


def written(function: Function, context: Context) -> Function:
    """The function with lists for such tuples; itself where there are none."""
    if id(builtins.tuple) not in ir.called(function) or not all(
            registry.is_own(fn) for fn in (tuple, list)):
        return function
    made = {s.targets[0]: s for s in ir.statements(function)
            if isinstance(s, Bind) and s.calls(tuple) and len(s.args) == 1 and not s.kwargs
            and len(s.targets) == 1 and isinstance(s.args[0], Var)
            and kind_of_atom(Var(s.targets[0]), context).items is None}
    if not made:
        return function
    read: collections.Counter[str] = collections.Counter()
    told: set[str] = set()
    leads: list[tuple[str, str]] = []
    for s in ir.statements(function):
        read.update(ir.reads(s))
        leads += _leads(s, context)
        told.update(n for n in ir.reads(s) if not _alike(s, n, context))
    count = -1
    while count < len(told):
        count = len(told)
        told.update(n for n, t in leads if t in told)
    made = {n: s for n, s in made.items() if n not in told}
    if not made:
        return function
    for fn in (tuple, list):
        context.rules[id(fn)] = fn, registry.find(fn)
    return replace(function, body=_block(function.body, made, {n for n in read if read[n] == 1}))


def _block(block: Block, made: dict[str, Bind], once: set[str]) -> Block:
    """A block with lists; `once` are names that are read by one statement."""
    out: list[Stmt] = []
    new: set[str] = set()  # lists that this very block makes, and that are only read once
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, made, once) for b in inner]))
        if isinstance(s, Bind) and len(s.targets) == 1 and len(s.args) == 1 and not s.kwargs:
            listed = made.get(s.targets[0]) is s
            given = s.args[0]
            if (listed or s.calls(list)) and isinstance(given, Var) and given.name in new:
                s = Move(s.targets, (given,), s.loc)
            elif listed:
                s = replace(s, fn=Ref(list))
            grown = isinstance(s, Move) or s.calls(ops.grown) or s.calls(list)
            new.update(n for n in s.targets if grown and n in once)
        out.append(s)
    return tuple(out)


def _leads(s: Stmt, context: Context) -> list[tuple[str, str]]:
    """Names that another name is bound to afterwards, or to a part of which it is a tuple, too."""
    if isinstance(s, Move):
        return [(a.name, t) for t, a in zip(s.targets, s.sources, strict=True)
                if isinstance(a, Var)]
    sliced = isinstance(s, Bind) and s.calls(operator.getitem) and len(s.targets) == 1 and \
        isinstance(s.args[0], Var) and kind_of_atom(s.args[1], context).type is slice
    return [(s.args[0].name, s.targets[0])] if sliced else []  # type: ignore[union-attr]


def _alike(s: Stmt, name: str, context: Context) -> bool:
    """Whether a statement that reads the tuple does what it would do with a list."""
    if ir.reads(s).count(name) != 1:
        return isinstance(s, Move) or (isinstance(s, Bind) and s.calls(zip))
    match s:
        case Move() | If():
            return True
        case For(source=Var(n)):
            return n == name
        case Bind(_, Ref(fn), args, kwargs) if args and all(a != Var(name) for _, a in kwargs):
            if fn is zip:
                return True
            if fn is operator.getitem:
                return args[0] == Var(name) and kind_of_atom(
                    args[1], context).type in (int, slice)
            if fn is ops.contains or fn is ops.not_contains:
                return args[1] == Var(name)
            alone = len(args) == 1 or (fn is not min and fn is not max)
            return id(fn) in _ALIKE and args[0] == Var(name) and alone
    return False
