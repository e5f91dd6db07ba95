"""Walking and reading IR: what a statement reads and binds, and the blocks in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from s2sdiff.ir import attempts
from s2sdiff.ir.operands import Atom, Inlined, Pattern, Ref, Star, Var
from s2sdiff.ir.records import (
    Bind,
    Block,
    Def,
    Exit,
    For,
    Function,
    If,
    Move,
    Raw,
    Stmt,
    Store,
    While,
)

__all__ = [
    "all_defs",
    "all_names",
    "all_reads",
    "atoms",
    "blocks",
    "called",
    "captured",
    "defines",
    "pattern_names",
    "plain_args",
    "reads",
    "statements",
    "walk",
]


def atoms(statement: Stmt) -> list[Any]:
    """The atoms a statement itself reads, in order, not those of the blocks inside it."""
    # A good part of compile time goes by in this module: types are compared, nothing is matched.
    s: Any = statement
    t = type(s)
    if t is Bind:
        found: list[Any] = [s.fn, *s.args]
        if s.kwargs:
            found += [a for _, a in s.kwargs]
    elif t is Move:
        found = [*s.sources]
    elif t is If or t is While:
        found = [s.test]
    elif t is For:
        found = [s.source]
    elif t is Store:
        found = [s.target]
        if s.key is not None:
            found.append(s.key)
        if s.value is not None:
            found.append(s.value)
    elif t is Exit:
        found = [] if s.value is None else [s.value]
        if s.cause is not None:
            found.append(s.cause)
    elif t is Raw:
        found = [a for _, a in s.reads]
    else:
        found = attempts.read(s)
    for a in found:
        t = type(a)
        if t is Star or t is Inlined:
            return _opened(found)
    return found


def _opened(found: list[Any]) -> list[Any]:
    """Atoms without their stars, and those of folded expressions instead of these."""
    out: list[Any] = []
    for a in found:
        a = a.value if type(a) is Star else a
        if type(a) is Inlined:
            out += atoms(a.bind)
        else:
            out.append(a)
    return out


def reads(statement: Stmt) -> list[str]:
    """Names of the variables a statement itself reads (blocks inside it not counted).

    The list is not to be changed: it is the statement's own.
    """
    s: Any = statement
    t = type(s)
    if t is Bind:
        found = s.read
        if found is None:
            if s.kwargs:
                found = _read((s.fn, *s.args, *[a for _, a in s.kwargs]))
            else:
                found = _read(s.args if type(s.fn) is Ref else (s.fn, *s.args))
            s.read = found
        return found
    if t is Move:
        found = s.read
        if found is None:
            found = s.read = _read(s.sources)
        return found
    if t is Store:
        found = s.read
        if found is None:
            found = s.read = _read(atoms(s))
        return found
    if t is If:
        return [s.test.name] if type(s.test) is Var else _read((s.test,))
    if t is Exit and type(s.value) is Var and s.cause is None:
        return [s.value.name]
    if t is For:
        return [s.source.name] if type(s.source) is Var else _read((s.source,))
    return _read(atoms(s))


def _read(atoms: Iterable[Any]) -> list[str]:
    """The variables among atoms and in folded expressions, in order."""
    found: list[str] = []
    for a in atoms:
        t = type(a)
        if t is Var:
            found.append(a.name)
        elif t is Inlined:
            found += reads(a.bind)
        elif t is Star:
            found += _read((a.value,))
    return found


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
    if t is If or t is Exit or t is Store:
        return ()
    if t is For:
        return (s.target,) if type(s.target) is str else tuple(pattern_names(s.target))
    if t is Raw:
        return tuple([name for _, name in s.writes])
    return (s.name,) if t is Def else attempts.bound(s)


def blocks(statement: Stmt) -> tuple[Block, ...]:
    """The blocks inside a statement, in order of execution."""
    s: Any = statement
    t = type(s)
    if t is Bind or t is Move:  # most are
        return ()
    if t is If:
        return s.then, s.orelse
    if t is Exit or t is Store:
        return ()
    if t is For:
        return s.body, s.orelse
    if t is While:
        return s.head, s.body, s.orelse
    return (s.body,) if t is Def else attempts.inside(s)


def walk(block: Block) -> Iterator[Stmt]:
    """Every statement of a block, outer before inner, in order of the text."""
    found: list[Stmt] = []
    _collect(block, found)
    return iter(found)


def statements(function: Function) -> list[Stmt]:
    """Every statement of a function, in order of the text; the list is the function's own."""
    s: Any = function
    found = s.flat
    if found is None:
        found = []
        _collect(s.body, found)
        s.flat = found
    return found


def called(function: Function) -> frozenset[int]:
    """The ids of the objects that a function's calls and writes go by.

    That of `Star` is among them where one is among arguments: most passes are about a few functions
    that most code does not call.

    >>> import math
    >>> from s2sdiff.ir import Function, Loc, Param
    >>> here = Loc("f.py", 1, 0)
    >>> sine = Bind(("y",), Ref(math.sin), (Var("x"),), (), here)
    >>> made = Function("f", (Param("x"),), (If(Var("x"), (sine,), (), here),), here)
    >>> called(made) == {id(math.sin)}, statements(made)[1] is sine
    (True, True)
    """
    known: Any = function
    if known.called is None:
        found: set[int] = set()
        for statement in statements(function):
            s: Any = statement
            if type(s) is Bind:
                if type(s.fn) is Ref:
                    found.add(id(s.fn.object))
                if Star in map(type, s.args):
                    found.add(id(Star))
            elif type(s) is Store:
                found.add(id(s.fn))
        known.called = frozenset(found)
    return known.called


#: Statements without blocks: most are of these types.
_PLAIN = frozenset({Bind, Move, Exit, Store})


def _collect(block: Block, found: list[Stmt]) -> None:
    for s in block:
        found.append(s)
        if type(s) not in _PLAIN:
            for inner in blocks(s):
                if inner:
                    _collect(inner, found)


def all_defs(block: Block) -> set[str]:
    """Every name bound anywhere in a block (not inside a nested Def)."""
    found: set[str] = set()
    _add_defs(block, found)
    return found


def _add_defs(block: Block, found: set[str]) -> None:
    for s in block:
        t = type(s)
        if t is Bind or t is Move:
            found.update(s.targets)  # type: ignore[union-attr]
        else:
            found.update(defines(s))
            if t is not Def:
                for inner in blocks(s):
                    _add_defs(inner, found)


def all_names(block: Block) -> set[str]:
    """Every name bound anywhere in a block, and in nested Defs, with their parameters."""
    found: set[str] = set()
    for s in walk(block):
        found.update(defines(s))
        if isinstance(s, Def):
            found.update(s.params)
    return found


def all_reads(block: Block) -> set[str]:
    """Every variable read anywhere in a block, inner blocks and nested Defs included."""
    return set().union(*map(reads, walk(block)))


def captured(definition: Def) -> frozenset[str]:
    """What a nested function reads from outside."""
    s: Any = definition
    if s.outside is None:
        s.outside = frozenset(all_reads(s.body) - all_defs(s.body) - set(s.params))
    return s.outside


def plain_args(bind: Bind) -> tuple[Atom, ...]:
    """The positional arguments of a call that has no stars."""
    atoms = tuple(a for a in bind.args if not isinstance(a, Star))
    assert len(atoms) == len(bind.args)
    return atoms
