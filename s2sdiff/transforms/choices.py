"""The largest and the smallest of numbers, as the tests that find them.

`max(a, b)` of two numbers is `b if b > a else a`, which is what Python does, and what a branch is
differentiated like: the one that was chosen has the whole derivative.  Of a sequence it is the item
at the place of the first of the largest.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Atom, Bind, Const, Function, If, Loc, Move, Ref, Stmt, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.kinds_joined import join
from s2sdiff.runtime import choosing, standins_ordering
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["is_ours", "written_out"]

_TESTS = {max: operator.gt, min: operator.lt}
#: Of more, the place is looked for.
_SEVERAL = 4


def written_out(function: Function, context: Context) -> Function:
    """The function with what `max` and `min` choose of numbers as branches; itself without such."""
    called = ir.called(function)
    if called.isdisjoint(map(id, (max, min, standins_ordering.first))):
        return function
    body = ir.rewritten(function.body, lambda s: _chosen(s, context))
    return function if body is function.body else replace(function, body=body)


def is_ours(function: Any) -> bool:
    """Whether no user has given a derivative of the builtin function."""
    rule = registry.find(function)
    return rule is not None and rule.function is not None and \
        rule.function.__module__ == "s2sdiff.rules.builtin_functions"


def _chosen(s: Stmt, context: Context) -> list[Stmt] | None:
    if isinstance(s, Bind) and s.calls(standins_ordering.first) and _is_plain(
            kind_of_atom(s.args[1], context)):
        return [replace(s, fn=Ref(choosing.place_of))]
    if not isinstance(s, Bind) or not (s.calls(max) or s.calls(min)):
        return None
    if s.kwargs or len(s.targets) != 1 or ir.Star in map(type, s.args):
        return None
    choose = s.fn.object  # type: ignore[union-attr]
    if not is_ours(choose):
        return None
    kinds = [kind_of_atom(a, context) for a in s.args]
    if len(kinds) > 1:
        if not all(k.is_scalar for k in kinds) or all(k.inert for k in kinds):
            return None
        context.rules[id(choose)] = choose, registry.find(choose)
        return _tested(s.targets[0], list(ir.plain_args(s)), _TESTS[choose], context, s.loc)
    made = _of_sequence(s, kinds[0], context)
    if made is not None:
        context.rules[id(choose)] = choose, registry.find(choose)
    return made


def _is_plain(kind: Kind) -> bool:
    """Whether what is read of it is numbers, which are compared without any code of the user's."""
    each = kind.each
    if kind.type is list and kind.items:
        each = functools.reduce(join, kind.items)
    parts = each.items if each is not None and each.type is tuple and each.items else (each,)
    return all(k is not None and k.is_scalar for k in parts) or (
        kind.is_array and kind.shape is not None and len(kind.shape) == 1)


def _of_sequence(s: Bind, kind: Kind, context: Context) -> list[Stmt] | None:
    (values,), (target,) = s.args, s.targets
    choose, loc = s.fn.object, s.loc  # type: ignore[union-attr]
    items = kind.items if kind.type in (list, tuple) else None
    each = kind.each
    if items and all(k.is_scalar for k in items) and not all(k.inert for k in items):
        if len(items) <= _SEVERAL:
            out: list[Stmt] = []
            names = [context.names(target) for _ in items]
            for i, name in enumerate(names):
                out.append(Bind((name,), Ref(operator.getitem), (values, Const(i)), (), loc))
            return [*out, *_tested(target, list(map(Var, names)), _TESTS[choose], context, loc)]
    elif not (each is not None and each.is_scalar and not each.inert) and not (
            kind.is_array and kind.shape is not None and len(kind.shape) == 1 and not kind.inert):
        return None
    place = context.names("i")
    return [Bind((place,), Ref(choosing.place_of), (Ref(choose), values), (), loc),
            Bind((target,), Ref(operator.getitem), (values, Var(place)), (), loc)]


def _tested(target: str, atoms: list[Atom], test: object, context: Context, loc: Loc
            ) -> list[Stmt]:
    """The tests in the order in which Python makes them."""
    if len(atoms) == 1:
        return [Move((target,), (atoms[0],), loc)]
    out: list[Stmt] = []
    best = atoms[0]
    for i, a in enumerate(atoms[1:], 1):
        better = context.names("test")
        name = target if i == len(atoms) - 1 else context.names(target)
        out.append(Bind((better,), Ref(test), (a, best), (), loc))
        out.append(If(Var(better), (Move((name,), (a,), loc),), (Move((name,), (best,), loc),),
                      loc))
        best = Var(name)
    return out
