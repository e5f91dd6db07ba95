"""Renaming in IR: what statements read and bind, replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from s2sdiff.ir import attempts
from s2sdiff.ir.making import replace
from s2sdiff.ir.operands import Atom, Free, Inlined, Pattern, Ref, Star, Var
from s2sdiff.ir.records import Bind, Block, Def, Exit, For, If, Move, Raw, Stmt, Store, While
from s2sdiff.ir.rewriting import unless_same, with_blocks
from s2sdiff.ir.walking import blocks, reads

__all__ = ["rename", "rename_targets", "substitute", "unused"]


@overload
def substitute(statement: Bind, env: Mapping[Any, Atom]) -> Bind: ...
@overload
def substitute(statement: Stmt, env: Mapping[Any, Atom]) -> Stmt: ...


def substitute(statement: Stmt, env: Mapping[Any, Atom]) -> Stmt:
    """The statement with what it itself reads replaced (targets and blocks untouched).

    Variables are looked up by name, free names as the atoms that they are.
    """
    if not env:
        return statement
    s: Any = statement
    t = type(s)
    if t is Bind:
        # A loop costs less than a list in brackets, which is a function of its own.
        args: list[Any] = []
        fn = s.fn if type(s.fn) is Ref else _of(s.fn, env)
        same = fn is s.fn
        for a in s.args:
            new = env.get(a.name, a) if type(a) is Var else _of(a, env)
            same = same and new is a
            args.append(new)
        if same and not s.kwargs:
            return statement
        kwargs = tuple([(k, _of(a, env)) for k, a in s.kwargs]) if s.kwargs else ()
        return Bind(s.targets, fn, tuple(args), kwargs, s.loc)
    if t is Move:
        return Move(s.targets, tuple([_of(a, env) for a in s.sources]), s.loc)
    if t is If:
        return If(_of(s.test, env), s.then, s.orelse, s.loc)
    if t is For:
        return For(s.target, _of(s.source, env), s.body, s.orelse, s.loc, s.label)
    if t is While:
        return While(s.head, _of(s.test, env), s.body, s.orelse, s.loc, s.label)
    if t is Exit:
        return Exit(s.kind, _of(s.value, env), s.loc, _of(s.cause, env))
    if t is Store:
        target, key, value = _of(s.target, env), _of(s.key, env), _of(s.value, env)
        return Store(s.fn, target, key, value, s.place, s.loc)
    if t is Raw:
        return replace(s, reads=tuple([(k, _of(a, env)) for k, a in s.reads]))
    return attempts.read_as(s, lambda a: _of(a, env))


def substituted(block: Block, env: Mapping[Any, Atom]) -> Block:
    """A block with other atoms for some, in the blocks in it, too."""
    out: list[Stmt] = []
    for s in block:
        s = substitute(s, env)
        inner = blocks(s)
        out.append(with_blocks(s, tuple([substituted(b, env) for b in inner])) if inner else s)
    return tuple(out)


def _of(a: Any, env: Mapping[Any, Atom]) -> Any:
    t = type(a)
    if t is Var:
        return env.get(a.name, a)
    if t is Free:
        return env.get(a, a)
    if t is Star:
        return Star(_of(a.value, env))
    if t is Inlined:
        bind: Any = substitute(a.bind, env)
        return a if bind is a.bind else Inlined(bind)
    return a


def rename_targets(statement: Stmt, names: Mapping[Any, Any]) -> Stmt:
    """The statement with the names it itself binds replaced."""
    s: Any = statement
    t = type(s)
    new: Any
    if t is Bind:
        new = tuple(map(names.get, s.targets, s.targets))
        return s if new == s.targets else Bind(new, s.fn, s.args, s.kwargs, s.loc)
    if t is Move:
        return Move(tuple(map(names.get, s.targets, s.targets)), s.sources, s.loc)
    if t is For:
        return For(_pattern(s.target, names), s.source, s.body, s.orelse, s.loc, s.label)
    if t is Raw:
        return replace(s, writes=tuple([(k, names.get(n, n)) for k, n in s.writes]))
    if t is Def:
        params = tuple([names.get(p, p) for p in s.params])
        return Def(names.get(s.name, s.name), params, s.body, s.loc)
    return attempts.bound_as(s, names)


def _pattern(p: Pattern, names: Mapping[Any, Any]) -> Pattern:
    return names.get(p, p) if isinstance(p, str) else tuple([_pattern(q, names) for q in p])


def rename(block: Block, names: dict[str, str]) -> Block:
    """A block with variables renamed throughout: reads, targets, inner blocks, nested Defs."""
    return _renamed(block, names, {old: Var(new) for old, new in names.items()})


def _renamed(block: Block, names: dict[str, str], env: dict[str, Atom]) -> Block:
    out: list[Stmt] = []
    for s in block:
        t = type(s)
        if t is Bind:
            out.append(_renamed_bind(s, names, env))
            continue
        s = rename_targets(substitute(s, env), names)
        if t is not Move:
            inner = blocks(s)
            if inner:
                s = with_blocks(s, tuple([_renamed(b, names, env) for b in inner]))
        out.append(s)
    return unless_same(out, block)


def _renamed_bind(s: Any, names: dict[str, str], env: dict[str, Atom]) -> Bind:
    read, keys = reads(s), names.keys()
    fresh = keys.isdisjoint(s.targets)
    targets: Any = s.targets if fresh else tuple(map(names.get, s.targets, s.targets))
    if keys.isdisjoint(read):
        return s if fresh else Bind(targets, s.fn, s.args, s.kwargs, s.loc)
    args: list[Any] = []
    for a in s.args:
        if type(a) is Var:
            args.append(env.get(a.name, a))
        else:
            args.append(_of(a, env))
    kwargs = tuple([(k, _of(a, env)) for k, a in s.kwargs]) if s.kwargs else ()
    made: Any = Bind(targets, s.fn if type(s.fn) is Ref else _of(s.fn, env), tuple(args), kwargs,
                     s.loc)
    made.read = [*map(names.get, read, read)]
    return made


def unused(hint: str, taken: set[str]) -> str:
    """`hint`, or `hint_1`, … where that is taken; it is taken from now on.

    >>> names = {"x"}
    >>> unused("x", names), unused("x", names), unused("y", names)
    ('x_1', 'x_2', 'y')
    """
    name, count = hint, 0
    while name in taken:
        count += 1
        name = f"{hint}_{count}"
    taken.add(name)
    return name
