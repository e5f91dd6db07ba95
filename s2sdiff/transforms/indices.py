"""Indices are written out in backward code, as `a[:, j]` and `a[i + 1]`, and not kept for it."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Inlined, Ref, Var
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reverse import Reversed

__all__ = ["run"]


def run(code: Reversed, names: frozenset[str], context: Context) -> Reversed:
    """The code with indices that are made of whole numbers computed where they are used."""
    env: dict[str, Any] = {}
    for s in ir.walk(code.forward):
        if isinstance(s, Bind) and _index(s, env, context):
            (name,) = s.targets
            if context.names.bases.get(name, name) not in names:
                env[name] = Inlined(ir.substitute(ir.replace(s, targets=()), env))
    if not env:
        return code
    return ir.replace(code, backward=tuple([_written(s, env) for s in code.backward]))


def _written(s: ir.Stmt, env: dict[str, Any]) -> ir.Stmt:
    s = ir.substitute(s, env)
    inner = ir.blocks(s)
    if not inner:
        return s
    return ir.with_blocks(s, tuple([tuple([_written(b, env) for b in block]) for block in inner]))


def _index(s: Bind, env: dict[str, Any], context: Context) -> bool:
    if len(s.targets) != 1 or not isinstance(s.fn, Ref) or s.kwargs:
        return False
    fn = s.fn.object
    if fn is ops.tuple_ or fn is slice:
        return all(_whole(a, context) or (isinstance(a, Var) and a.name in env) for a in s.args)
    return (fn is operator.add or fn is operator.sub) and isinstance(s.args[-1], Const) and \
        all(_whole(a, context) for a in (*s.args, Var(s.targets[0])))


def _whole(a: Any, context: Context) -> bool:
    """A whole number, or a literal that selects nothing or everything."""
    if isinstance(a, Const):
        return a.value is None or a.value is ... or type(a.value) in (int, slice)
    if isinstance(a, Free):
        # A pullback, and whoever runs between, may find it bound anew.
        return context.request.mode == "grad" and not context.writes and \
            a.name not in context.rebound and \
            kind_of_atom(a, context).type in (int, slice)
    return isinstance(a, Var) and kind_of_atom(a, context).type is int
