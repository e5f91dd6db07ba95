"""Walking, reading and renaming IR: what each statement reads and binds, and the blocks inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from s2sdiff.ir.records import (
    Atom, Bind, Block, Def, Exit, For, Free, If, Inlined, Move, Pattern, Raw, Star, Stmt, Store, Var, While,
    replace,
)

__all__ = [
    "all_defs",
    "all_reads",
    "atoms",
    "blocks",
    "defines",
    "pattern_names",
    "reads",
    "rename",
    "rename_targets",
    "substitute",
    "walk",
    "with_blocks",
]


def atoms(statement: Stmt) -> Iterator[Atom]:
    """The atoms a statement itself reads, in order, not those of the blocks inside it."""
    for a in _direct(statement):
        if isinstance(a, Inlined):
            yield from atoms(a.bind)
        else:
            yield a


def _direct(statement: Stmt) -> Iterator[Atom]:
    match statement:
        case Bind(_, fn, args, kwargs):
            yield fn
            for a in args:
                yield a.value if isinstance(a, Star) else a
            for _, a in kwargs:
                yield a
        case Store(_, target, key, value):
            yield from (a for a in (target, key, value) if a is not None)
        case Move(_, sources):
            yield from sources
        case If(test) | While(_, test):
            yield test
        case For(_, source):
            yield source
        case Exit(_, value, _, cause):
            yield from (a for a in (value, cause) if a is not None)
        case Raw(_, reads):
            for _, a in reads:
                yield a
        case Def():
            return


def reads(statement: Stmt) -> Iterator[str]:
    """Names of the variables a statement itself reads (blocks inside it not counted)."""
    for a in atoms(statement):
        if isinstance(a, Var):
            yield a.name


def pattern_names(pattern: Pattern) -> Iterator[str]:
    """The names a loop target binds, left to right."""
    if isinstance(pattern, str):
        yield pattern
    else:
        for p in pattern:
            yield from pattern_names(p)


def defines(statement: Stmt) -> tuple[str, ...]:
    """Names a statement itself binds (a loop: its target; blocks inside it not counted)."""
    match statement:
        case Bind(targets) | Move(targets):
            return targets
        case For(target):
            return tuple(pattern_names(target))
        case Raw(_, _, writes):
            return tuple(name for _, name in writes)
        case Def(name):
            return (name,)
    return ()


def blocks(statement: Stmt) -> tuple[Block, ...]:
    """The blocks inside a statement, in order of execution."""
    match statement:
        case If(_, then, orelse):
            return then, orelse
        case For(_, _, body, orelse):
            return body, orelse
        case While(head, _, body, orelse):
            return head, body, orelse
        case Def(_, _, body):
            return (body,)
    return ()


def walk(block: Block) -> Iterator[Stmt]:
    """Every statement of a block, outer before inner, in order of the text."""
    for s in block:
        yield s
        for inner in blocks(s):
            yield from walk(inner)


def with_blocks(statement: Stmt, new: tuple[Block, ...]) -> Stmt:
    """The same statement around other blocks (as `blocks` orders them)."""
    match statement:
        case If():
            return replace(statement, then=new[0], orelse=new[1])
        case For():
            return replace(statement, body=new[0], orelse=new[1])
        case While():
            return replace(statement, head=new[0], body=new[1], orelse=new[2])
        case Def():
            return replace(statement, body=new[0])
    return statement


def all_defs(block: Block) -> set[str]:
    """Every name bound anywhere in a block (not inside a nested Def)."""
    found: set[str] = set()
    for s in block:
        found.update(defines(s))
        if not isinstance(s, Def):
            for inner in blocks(s):
                found |= all_defs(inner)
    return found


def all_reads(block: Block) -> set[str]:
    """Every variable read anywhere in a block, inner blocks and nested Defs included."""
    return {name for s in walk(block) for name in reads(s)}


def substitute(statement: Stmt, env: Mapping[Any, Atom]) -> Stmt:
    """The statement with what it itself reads replaced (targets and blocks untouched).

    Variables are looked up by name, free names as the atoms that they are.
    """

    def of(a: Any) -> Any:
        if isinstance(a, Var):
            return env.get(a.name, a)
        if isinstance(a, Free):
            return env.get(a, a)
        if isinstance(a, Star):
            return Star(of(a.value))
        if isinstance(a, Inlined):
            return Inlined(substitute(a.bind, env))
        return a

    match statement:
        case Bind(targets, fn, args, kwargs, loc):
            return Bind(targets, of(fn), tuple([of(a) for a in args]),
                        tuple([(k, of(a)) for k, a in kwargs]), loc)
        case Store(fn, target, key, value, place, loc):
            return Store(fn, of(target), of(key), of(value), place, loc)
        case Move(targets, sources, loc):
            return Move(targets, tuple([of(a) for a in sources]), loc)
        case If(test) | While(_, test):
            return replace(statement, test=of(test))
        case For(_, source):
            return replace(statement, source=of(source))
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
