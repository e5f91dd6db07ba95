"""Copies of what may be unbound: Python never made them, so they must not raise where it would not.

`y` bound only inside a loop is copied, by joins and records, on paths where it has no value yet.
Such a name starts as None, and where the user's code reads it a check raises as Python would.
"""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import UNDEFINED, Bind, Block, Const, Def, Function, Move, Ref, Var, replace
from s2sdiff.runtime import calls

__all__ = ["loose_names", "settle"]


def settle(function: Function) -> Function:
    """Give a first value to names that are copied before they are bound."""
    needed = _needed(function.body)
    if not needed:
        return function
    return replace(function, body=_block(function.body, needed, function.names))


def loose_names(body: Block) -> set[str]:
    """Names that a path may leave unbound."""
    loose = {t for s in ir.walk(body) if isinstance(s, Move)
             for t, a in zip(s.targets, s.sources, strict=True) if a is UNDEFINED}
    while True:
        size = len(loose)
        for s in ir.walk(body):
            if isinstance(s, Move):
                loose.update(t for t, a in zip(s.targets, s.sources, strict=True)
                             if isinstance(a, Var) and a.name in loose)
        if len(loose) == size:
            return loose


def _needed(body: Block) -> set[str]:
    """Names that may be unbound when a Move or a record reads them."""
    loose = loose_names(body)
    needed: set[str] = set()
    for s in ir.walk(body):
        if isinstance(s, Move) or _records(s):
            needed.update(n for n in ir.reads(s) if n in loose)
    return needed


def _records(s: ir.Stmt) -> bool:
    """`saved.append(…)`, which `save` wrote."""
    return isinstance(s, Bind) and s.calls(ops.method) and not s.targets and \
        len(s.args) == 3 and s.args[1] == Const("append") and \
        isinstance(s.args[0], Var) and s.args[0].name.startswith("saved")


def _users(name: str, users: frozenset[str]) -> bool:
    """A name of the user's, or a numbered version of one."""
    stem, _, number = name.rpartition("_")
    return name in users or (number.isdigit() and stem in users)


def _block(block: Block, needed: set[str], users: frozenset[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Move):
            sources = tuple(Ref(calls.UNBOUND) if a is UNDEFINED and t in needed else a
                            for t, a in zip(s.targets, s.sources, strict=True))
            s = replace(s, sources=sources)
        elif not isinstance(s, Def) and not s.loc.backward and not _records(s):
            names = dict.fromkeys(n for n in ir.reads(s) if n in needed and _users(n, users))
            out += [Bind((), Ref(calls.bound), (Var(n), Const(n)), (), s.loc) for n in names]
        inner = ir.blocks(s)
        if inner and not isinstance(s, Def):
            s = ir.with_blocks(s, tuple(_block(b, needed, users) for b in inner))
        out.append(s)
    return tuple(out)
