"""Copies: a name that only ever stands for another value is replaced by it.

Works on structured single assignment (`versions`), where a value holds still for as long as its
name can be read.  A loop header that is only ever copied to itself goes the same way.
"""

from __future__ import annotations

import re

from s2sdiff import ir
from s2sdiff.ir import (
    UNDEFINED,
    Atom,
    Bind,
    Block,
    Const,
    Exit,
    For,
    Function,
    If,
    Move,
    Ref,
    Var,
    While,
    replace,
)

__all__ = ["run"]

#: What makes a name unique, and counts its versions.
_NUMBERS = re.compile(r"(?<=[^_])(_\d+)+$")


def run(function: Function) -> Function:
    """Replace every variable whose Moves all have one and the same stable source.

    >>> here = ir.Loc("f.py", 1, 0)
    >>> copy, result = Move(("y",), (Var("x"),), here), Exit("return", Var("y"), here)
    >>> run(Function("f", (ir.Param("x"),), (copy, result), here)).body[0].value
    Var(name='x')
    """
    body = function.body
    while True:
        env = _copies(body, {p.name for p in function.params})
        if not env:
            return replace(function, body=body)
        body = ir.rename(_rewrite(body, env), _named(body, env))


def _named(body: Block, env: dict[str, Atom]) -> dict[str, str]:
    """What was computed for a name alone, `dx_1` in `dx, dy = …`, and takes it now."""
    found = {a.name: t for t, a in env.items() if isinstance(a, Var)
             and _NUMBERS.sub("", a.name) == _NUMBERS.sub("", t)}
    made = {s.targets[0] for s in ir.walk(body) if isinstance(s, Bind) and len(s.targets) == 1}
    return {a: t for a, t in found.items() if a in made}


def _copies(body: Block, params: set[str]) -> dict[str, Atom]:
    sources: dict[str, set[Atom]] = {}
    fixed: set[str] = set(params)
    for s in ir.walk(body):
        kind = type(s)
        if kind is Move:
            for t, a in zip(s.targets, s.sources, strict=True):  # type: ignore[union-attr]
                sources.setdefault(t, set()).add(a)
        elif kind is Bind:
            fixed.update(s.targets)  # type: ignore[union-attr]
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
    if not env:
        return env
    homes, reads, rounds = _homes(body), _reads(body), _rounds(body)
    while True:
        found = {t: _end(t, env) for t in env}
        late = [t for t, a in found.items() if isinstance(a, Var) and (
            a.name == t
            # Two variables of one loop change together: neither is the other's old value then.
            or any(t in names and a.name in names for names in rounds)
            # Outside of the loop that binds a name it stands for nothing.
            or any(not _within(at, homes.get(a.name, ())) for at in reads.get(t, ())))]
        if not late:
            return found
        for t in late:
            del env[t]


def _within(at: tuple[int, ...], home: tuple[int, ...]) -> bool:
    return at[:len(home)] == home


def _end(name: str, env: dict[str, Atom]) -> Atom:
    """What a chain of copies ends in; the name itself where it goes in a circle."""
    a, seen = env[name], {name}
    while isinstance(a, Var) and a.name in env and a.name not in seen:
        seen.add(a.name)
        a = env[a.name]
    return Var(name) if isinstance(a, Var) and a.name in seen else a


def _rounds(body: Block) -> list[set[str]]:
    """For each loop the names that the ends of its rounds bind."""
    found = []
    for s in ir.walk(body):
        if type(s) is For or type(s) is While:
            ends = _ends(s.body)
            found.append({t for m in ends for t, a in zip(m.targets, m.sources, strict=True)
                          if a != Var(t)})
    return found


def _ends(block: Block) -> list[Move]:
    """The Moves at the ends of a block's paths."""
    last = block[-1] if block else None
    if isinstance(last, Exit) and len(block) > 1:
        last = block[-2]
    found = [last] if isinstance(last, Move) else []
    if isinstance(last, If):
        found += [m for inner in ir.blocks(last) for m in _ends(inner)]
    return found


def _homes(body: Block) -> dict[str, tuple[int, ...]]:
    """The loops, outermost first, inside of which alone a name holds one value."""
    found: dict[str, tuple[int, ...]] = {}
    _add_homes(body, (), [], found)
    return found


def _add_homes(block: Block, inside: tuple[int, ...], ends: list[Move],
               found: dict[str, tuple[int, ...]]) -> None:
    for s in block:
        if type(s) is For or type(s) is While:
            names = (*inside, id(s))
            found.update(dict.fromkeys(ir.defines(s), names))
            _add_homes(s.body, names, _ends(s.body), found)
            continue
        home = inside[:-1] if ends and type(s) is Move and any(s is m for m in ends) else inside
        for name in ir.defines(s):
            other = found.get(name)
            found[name] = home if other is None or len(other) >= len(home) else other
        for inner in ir.blocks(s):
            _add_homes(inner, inside, ends, found)


def _reads(body: Block) -> dict[str, list[tuple[int, ...]]]:
    """The loops around each read of a name."""
    found: dict[str, list[tuple[int, ...]]] = {}
    _add_reads(body, (), found)
    return found


def _add_reads(block: Block, inside: tuple[int, ...],
               found: dict[str, list[tuple[int, ...]]]) -> None:
    for s in block:
        for name in ir.reads(s):
            found.setdefault(name, []).append(inside)
        inner = ir.blocks(s)
        if inner:
            within = (*inside, id(s)) if isinstance(s, (For, While)) else inside
            for b in inner:
                _add_reads(b, within, found)


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
