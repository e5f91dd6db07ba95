"""Copies: a name that only ever stands for another value is replaced by it.

Works on structured single assignment (`versions`), where a value holds still for as long as its
name can be read.  A loop header that is only ever copied to itself goes the same way.
"""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import UNDEFINED, Atom, Block, Const, For, Function, If, Move, Ref, Var, While, replace

__all__ = ["run"]


def run(function: Function) -> Function:
    """Replace every variable whose Moves all have one and the same stable source."""
    body = function.body
    while True:
        env = _copies(body, {p.name for p in function.params})
        if not env:
            return replace(function, body=body)
        body = _rewrite(body, env)


def _copies(body: Block, params: set[str]) -> dict[str, Atom]:
    sources: dict[str, set[Atom]] = {}
    fixed: set[str] = set(params)
    for s in ir.walk(body):
        if isinstance(s, Move):
            for t, a in zip(s.targets, s.sources, strict=True):
                sources.setdefault(t, set()).add(a)
        else:
            fixed.update(ir.defines(s))
    env: dict[str, Atom] = {}
    for t, found in sources.items():
        rest = found - {Var(t)}
        if t in fixed or len(rest) != 1:
            continue
        (source,) = rest
        # A Free name is read live and an unbound one must raise where it is read: both stay.
        if source is UNDEFINED or not isinstance(source, (Var, Const, Ref)):
            continue
        env[t] = source
    while True:
        found = {t: _end(t, env) for t in env}
        # Two variables of one loop change together: neither is the other's old value afterwards.
        late = [t for t, a in found.items() if a == Var(t) or any(
            t in names and isinstance(a, Var) and a.name in names for names in _carried(body))]
        if not late:
            return found
        for t in late:
            del env[t]


def _end(name: str, env: dict[str, Atom]) -> Atom:
    """What a chain of copies ends in; the name itself where it goes in a circle."""
    a, seen = env[name], {name}
    while isinstance(a, Var) and a.name in env and a.name not in seen:
        seen.add(a.name)
        a = env[a.name]
    return Var(name) if isinstance(a, Var) and a.name in seen else a


def _carried(body: Block) -> list[set[str]]:
    """For each loop the names that the ends of its rounds bind."""
    return [_ends(s.body) for s in ir.walk(body) if isinstance(s, (For, While))]


def _ends(block: Block) -> set[str]:
    names: set[str] = set()
    for s in block[-2:]:
        if isinstance(s, Move):
            names.update(t for t, a in zip(s.targets, s.sources, strict=True) if a != Var(t))
    for inner in ir.blocks(block[-1]) if block and isinstance(block[-1], If) else ():
        names |= _ends(inner)
    return names


def _rewrite(block: Block, env: dict[str, Atom]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        s = ir.substitute(s, env)
        if isinstance(s, Move):
            pairs = [(t, a) for t, a in zip(s.targets, s.sources, strict=True)
                     if t not in env and a != Var(t)]
            if not pairs:
                continue
            s = Move(tuple([t for t, _ in pairs]), tuple([a for _, a in pairs]), s.loc)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_rewrite(b, env) for b in inner))
        out.append(s)
    return tuple(out)
