"""Walking, reading and renaming IR: what a statement reads and binds, and the blocks in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from s2sdiff.ir.records import (
    Atom,
    Bind,
    Block,
    Def,
    Exit,
    For,
    Free,
    If,
    Inlined,
    Move,
    Pattern,
    Raw,
    Star,
    Stmt,
    Store,
    Var,
    While,
    replace,
)

__all__ = [
    "all_defs",
    "all_reads",
    "atoms",
    "blocks",
    "defines",
    "pattern_names",
    "plain_args",
    "reads",
    "rename",
    "rename_targets",
    "substitute",
    "walk",
    "with_blocks",
]


def atoms(statement: Stmt) -> list[Any]:
    """The atoms a statement itself reads, in order, not those of the blocks inside it."""
    # A good part of compile time goes by in this module: types are compared, nothing is matched.
    s: Any = statement
    t = type(s)
    found: list[Any]
    if t is Bind:
        found = [s.fn, *[a.value if type(a) is Star else a for a in s.args]]
        if s.kwargs:
            found += [a for _, a in s.kwargs]
    elif t is Move:
        found = list(s.sources)
    elif t is If or t is While:
        found = [s.test]
    elif t is For:
        found = [s.source]
    elif t is Store:
        found = [a for a in (s.target, s.key, s.value) if a is not None]
    elif t is Exit:
        found = [a for a in (s.value, s.cause) if a is not None]
    elif t is Raw:
        found = [a for _, a in s.reads]
    else:
        return []
    for a in found:
        if type(a) is Inlined:
            return [b for a in found for b in (atoms(a.bind) if type(a) is Inlined else (a,))]
    return found


def reads(statement: Stmt) -> list[str]:
    """Names of the variables a statement itself reads (blocks inside it not counted)."""
    return [a.name for a in atoms(statement) if type(a) is Var]


def pattern_names(pattern: Pattern) -> Iterator[str]:
    """The names a loop target binds, left to right."""
    if isinstance(pattern, str):
        yield pattern
    else:
        for p in pattern:
            yield from pattern_names(p)


def defines(statement: Stmt) -> tuple[str, ...]:
    """Names a statement itself binds (a loop: its target; blocks inside it not counted)."""
    s: Any = statement
    t = type(s)
    if t is Bind or t is Move:
        return s.targets
    if t is For:
        return tuple(pattern_names(s.target))
    if t is Raw:
        return tuple([name for _, name in s.writes])
    return (s.name,) if t is Def else ()


def blocks(statement: Stmt) -> tuple[Block, ...]:
    """The blocks inside a statement, in order of execution."""
    s: Any = statement
    t = type(s)
    if t is If:
        return s.then, s.orelse
    if t is For:
        return s.body, s.orelse
    if t is While:
        return s.head, s.body, s.orelse
    return (s.body,) if t is Def else ()


def walk(block: Block) -> Iterator[Stmt]:
    """Every statement of a block, outer before inner, in order of the text."""
    found: list[Stmt] = []
    _collect(block, found)
    return iter(found)


def _collect(block: Block, found: list[Stmt]) -> None:
    for s in block:
        found.append(s)
        t = type(s)
        if t is not Bind and t is not Move:
            for inner in blocks(s):
                _collect(inner, found)


def with_blocks(statement: Stmt, new: tuple[Block, ...]) -> Stmt:
    """The same statement around other blocks (as `blocks` orders them)."""
    match statement:
        case If(test, _, _, loc):
            return If(test, new[0], new[1], loc)
        case For(target, source, _, _, loc, label):
            return For(target, source, new[0], new[1], loc, label)
        case While(_, test, _, _, loc, label):
            return While(new[0], test, new[1], new[2], loc, label)
        case Def(name, params, _, loc):
            return Def(name, params, new[0], loc)
    return statement


def all_defs(block: Block) -> set[str]:
    """Every name bound anywhere in a block (not inside a nested Def)."""
    found: set[str] = set()
    for s in block:
        found.update(defines(s))
        if type(s) is not Def:
            for inner in blocks(s):
                found |= all_defs(inner)
    return found


def all_reads(block: Block) -> set[str]:
    """Every variable read anywhere in a block, inner blocks and nested Defs included."""
    return {name for s in walk(block) for name in reads(s)}


def plain_args(bind: Bind) -> tuple[Atom, ...]:
    """The positional arguments of a call that has no stars."""
    atoms = tuple(a for a in bind.args if not isinstance(a, Star))
    assert len(atoms) == len(bind.args)
    return atoms


def substitute(statement: Stmt, env: Mapping[Any, Atom]) -> Stmt:
    """The statement with what it itself reads replaced (targets and blocks untouched).

    Variables are looked up by name, free names as the atoms that they are.
    """

    def of(a: Any) -> Any:
        t = type(a)
        if t is Var:
            return env.get(a.name, a)
        if t is Free:
            return env.get(a, a)
        if t is Star:
            return Star(of(a.value))
        if t is Inlined:
            bind: Any = substitute(a.bind, env)
            return Inlined(bind)
        return a

    if not env:
        return statement
    match statement:
        case Bind(targets, fn, args, kwargs, loc):
            return Bind(targets, of(fn), tuple([of(a) for a in args]),
                        tuple([(k, of(a)) for k, a in kwargs]) if kwargs else (), loc)
        case Store(fn, target, key, value, place, loc):
            return Store(fn, of(target), of(key), of(value), place, loc)
        case Move(targets, sources, loc):
            return Move(targets, tuple([of(a) for a in sources]), loc)
        case If(test, then, orelse, loc):
            return If(of(test), then, orelse, loc)
        case While(head, test, body, orelse, loc, label):
            return While(head, of(test), body, orelse, loc, label)
        case For(target, source, body, orelse, loc, label):
            return For(target, of(source), body, orelse, loc, label)
        case Exit(kind, value, loc, cause):
            return Exit(kind, of(value), loc, of(cause))
        case Raw(_, pairs):
            return replace(statement, reads=tuple([(k, of(a)) for k, a in pairs]))
    return statement


def rename_targets(statement: Stmt, names: dict[str, str]) -> Stmt:
    """The statement with the names it itself binds replaced."""

    def pattern(p: Pattern) -> Pattern:
        return names.get(p, p) if isinstance(p, str) else tuple(pattern(q) for q in p)

    match statement:
        case Bind(targets, fn, args, kwargs, loc):
            return Bind(tuple([names.get(t, t) for t in targets]), fn, args, kwargs, loc)
        case Move(targets, sources, loc):
            return Move(tuple([names.get(t, t) for t in targets]), sources, loc)
        case For(target):
            return replace(statement, target=pattern(target))
        case Raw(_, _, writes):
            return replace(statement, writes=tuple([(k, names.get(n, n)) for k, n in writes]))
        case Def(name, params):
            params = tuple([names.get(p, p) for p in params])
            return replace(statement, name=names.get(name, name), params=params)
    return statement


def rename(block: Block, names: dict[str, str]) -> Block:
    """A block with variables renamed throughout: reads, targets, inner blocks, nested Defs."""
    env: dict[str, Atom] = {old: Var(new) for old, new in names.items()}
    out = []
    for s in block:
        s = rename_targets(substitute(s, env), names)
        inner = blocks(s)
        if inner:
            s = with_blocks(s, tuple(rename(b, names) for b in inner))
        out.append(s)
    return tuple(out)
