"""Copies of what may be unbound: Python never made them, so they must not raise where it would not.

`y` bound only inside a loop is copied, by joins and records, on paths where it has no value yet.
Such a name starts as None, and where the user's code reads it a check raises as Python would.
"""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import UNDEFINED, Bind, Block, Const, Def, Function, Move, Ref, Var, replace
from s2sdiff.runtime import dots, planted, zero_tangents
from s2sdiff.transforms.bound import doubtful, is_record

__all__ = ["settle"]


def settle(function: Function) -> Function:
    """Give a first value to names that are copied before they are bound."""
    unsure = doubtful(function.body)
    if not unsure and id(planted.bound) not in ir.called(function):
        return function
    copies = [s for s in ir.statements(function) if isinstance(s, Move) or is_record(s)
              or _is_zero(s)]
    needed = {n for s in copies for n in unsure.get(id(s), ())}
    holders = set(needed)
    while True:
        size = len(holders)
        for s in copies:
            if isinstance(s, Move):
                holders.update(t for t, a in zip(s.targets, s.sources, strict=True)
                               if isinstance(a, Var) and a.name in holders)
        if len(holders) == size:
            break
    known = _valued(function.body) | {p.name for p in function.params}
    body = _block(function.body, needed, holders, unsure, (function, known))
    return replace(function, body=body)


def _is_zero(s: ir.Stmt) -> bool:
    """It makes the zero tangent of what a join may have no value of."""
    return isinstance(s, Bind) and (
        s.calls(zero_tangents.zero_tangent) or s.calls(dots.zero_in))


def _valued(body: Block) -> set[str]:
    """Names that the text binds."""
    found: set[str] = set()
    for s in ir.walk(body):
        if isinstance(s, Move):
            found.update(t for t, a in zip(s.targets, s.sources, strict=True)
                         if a is not UNDEFINED and a != Var(t))
        else:
            found.update(ir.defines(s))
    return found


def _users(name: str, function: Function) -> str | None:
    """What the user calls a variable, by its very name or that of a numbered version."""
    stem, _, number = name.rpartition("_")
    known = (name, function.bases.get(name), stem if number.isdigit() else None)
    return next((n for n in known if n in function.names), None)


def _block(block: Block, needed: set[str], holders: set[str], unsure: dict[int, set[str]],
           about: tuple[Function, set[str]]) -> Block:
    """`about`: the function, and the names that have a value somewhere."""
    out: list[ir.Stmt] = []
    function, known = about
    for s in block:
        here = unsure.get(id(s), set())
        if isinstance(s, Bind) and s.fn == Ref(planted.bound) and isinstance(s.args[0], Var):
            if s.args[0].name not in known:
                # The text would read a name from outside.
                out.append(replace(s, args=(Ref(planted.UNBOUND), s.args[1])))
            elif s.args[0].name in here:
                out.append(s)
            continue
        inner = ir.blocks(s)
        if isinstance(s, Move):
            sources = tuple(Ref(planted.UNBOUND) if a is UNDEFINED and t in needed else a
                            for t, a in zip(s.targets, s.sources, strict=True))
            s = replace(s, sources=sources)
        elif not isinstance(s, Def) and not s.loc.backward and not is_record(s) and not _is_zero(s):
            read = {n: _users(n, function) for n in ir.reads(s) if n in holders & here}
            checks = [Bind((), Ref(planted.bound), (Var(n), Const(own)), (), s.loc)
                      for n, own in read.items() if own is not None]
            at = len(out) - (bool(out) and isinstance(out[-1], Def))
            out[at:at] = checks
        if inner and not isinstance(s, Def):
            s = ir.with_blocks(s, tuple(_block(b, needed, holders, unsure, about) for b in inner))
        out.append(s)
    return tuple(out)
