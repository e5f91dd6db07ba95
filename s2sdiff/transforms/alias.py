"""Who may share memory with whom: for each variable the allocations it may point into.

A root is a parameter's name, ("new", variable) for a value made here, or "?" for memory that came
from elsewhere (globals, unknown calls).
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry, runtime
from s2sdiff.ir import UNDEFINED, Bind, Block, For, Free, Move, Ref, Star, Var
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.transfer import is_elementwise

__all__ = ["roots", "snapshot_needed"]

# Declared, as a checker of types would otherwise work out the union of all these for minutes.
_NEW: list[Any] = [
    operator.matmul, np.matmul, np.dot, np.sum, np.mean, np.prod, np.outer, np.inner, np.tensordot,
    np.einsum, np.concatenate, np.stack, np.vstack, np.hstack, np.zeros, np.ones, np.zeros_like,
    np.ones_like, np.full, np.eye, np.arange, np.linspace, np.where, np.clip, np.copy, np.cumsum,
    np.var, np.std, np.linalg.solve, np.linalg.inv, runtime.copy, runtime.scaled, runtime.zeros,
    runtime.place, runtime.divide,
]
_MAKES_NEW = frozenset(_NEW)

Roots = dict[str, frozenset]


def roots(body: Block, context: Context) -> Roots:
    """The allocations that each variable may point into; scalars point into none."""
    found: Roots = {name: frozenset({name}) for name in context.arguments}
    while True:
        before = dict(found)
        for s in ir.walk(body):
            _statement(s, found, context)
        if found == before:
            return found


def snapshot_needed(name: str, found: Roots, result: ir.Atom | None, context: Context) -> bool:
    """May somebody write, before the pullback has run, what `name` holds now?"""
    kind = context.kinds.get(name)
    if kind is not None and kind.is_fixed:
        return False
    mine = found.get(name, frozenset({"?"}))
    if context.writes and mine:
        return True
    volatile = context.request.volatile
    if any(r in volatile for r in mine):
        return True
    if "return" in volatile and isinstance(result, Var):
        return bool(mine & found.get(result.name, frozenset()))
    return False


def _statement(s: ir.Stmt, found: Roots, context: Context) -> None:
    def of(a: Any) -> frozenset:
        if isinstance(a, Star):
            a = a.value
        if isinstance(a, Free):
            return frozenset({"?"})
        return found.get(a.name, frozenset()) if isinstance(a, Var) else frozenset()

    def give(name: str, memory: frozenset) -> None:
        kind = context.kinds.get(name)
        if kind is not None and kind.is_fixed:
            memory = frozenset()
        found[name] = found.get(name, frozenset()) | memory

    match s:
        case Move(targets, sources):
            for t, a in zip(targets, sources, strict=True):
                if a is not UNDEFINED:
                    give(t, of(a))
        case For(target, source):
            for t in ir.pattern_names(target):
                give(t, of(source))
        case Bind(targets, fn, args, kwargs):
            reach: frozenset = frozenset().union(*map(of, (*args, *(a for _, a in kwargs))), of(fn))
            for t in targets:
                give(t, frozenset({("new", t)}) if _is_new(s, context) else _seen(reach, t, s))
        case ir.Raw() | ir.With() | ir.Catch():
            for t in ir.defines(s):
                give(t, frozenset({"?"}))


def _seen(reach: frozenset, target: str, s: Bind) -> frozenset:
    known = isinstance(s.fn, Ref) and (
        registry.find(s.fn.object) is not None
        or s.fn.object in (ops.tuple_, ops.list_, ops.unpack))
    return reach | {("new", target)} | (frozenset() if known else frozenset({"?"}))


def _is_new(s: Bind, context: Context) -> bool:
    """The call surely gives memory of its own (operators only where they are NumPy's)."""
    if not isinstance(s.fn, Ref):
        return False
    fn = s.fn.object
    if is_elementwise(fn):
        return all(kind_of_atom(a, context).is_number for a in s.args if not isinstance(a, Star))
    try:
        return fn in _MAKES_NEW
    except TypeError:
        return False
