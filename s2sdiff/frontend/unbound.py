"""Reads of names without a value raise: a `del` or the beginning of a call unbinds them.

So does the end of a handler with the name of its exception, however it is left.
"""

from __future__ import annotations

from typing import TypeGuard

from s2sdiff import ir
from s2sdiff.ir import (
    Bind,
    Block,
    Catch,
    Const,
    Def,
    Exit,
    For,
    If,
    Move,
    Opaque,
    Raw,
    Ref,
    Try,
    Var,
    While,
    With,
)
from s2sdiff.runtime import planted

__all__ = ["Undeletable", "after_deletions", "checked", "released"]


def checked(block: Block, names: frozenset[str]) -> Block:
    """A body that raises where it reads one of these names without a value."""
    out: list[ir.Stmt] = []
    for s in block:
        out += _checks(s, names)
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple(checked(b, names) for b in inner)) if inner else s)
    return tuple(out)


def _checks(s: ir.Stmt, names: frozenset[str] | set[str]) -> list[Bind]:
    if isinstance(s, Bind) and s.calls(planted.bound):
        return []
    read = dict.fromkeys(n for n in ir.reads(s) if n in names)
    return [Bind((), Ref(planted.bound), (Var(n), Const(n)), (), s.loc) for n in read]


class Undeletable(Exception):
    """Raised inside lowering: a `del` has to be one, for code that is kept as it is written."""


def released(body: Block, captured: frozenset[str]) -> Block:
    """A body in which handlers unbind the names of their exceptions, where anybody may see that.

    But for names that functions inside capture: what is unbound is no value of a parameter.
    """
    names = {c.name for c in ir.walk(body) if isinstance(c, Catch) and c.name is not None}
    names -= captured
    seen = {name for name in names if _read_outside(body, name)}
    return _released(body, seen) if seen else body


def _read_outside(block: Block, name: str) -> bool:
    """Whether a name is read where no handler has just bound it."""
    for s in block:
        if name in ir.reads(s):
            return True
        for b in ir.blocks(s):
            # What a handler reads is bound, unless one inside of it unbinds the same name.
            if _catches(b, name) and not any(_catches(c, name) for t in ir.walk(b)
                                             for c in ir.blocks(t)):
                continue
            if _read_outside(b, name):
                return True
    return False


def _catches(block: Block, name: str) -> bool:
    return any(isinstance(s, Catch) and s.name == name for s in block)


def _released(block: Block, names: set[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_released(b, names) for b in inner]))
        out.append(s)
    for i, s in enumerate(out):
        if isinstance(s, Catch) and s.name in names:
            unbind = Move((s.name,), (Ref(planted.UNBOUND),), s.loc)
            rest = tuple(out[i + 1:])
            return (*out[:i + 1], Try(rest, (), (), (unbind,), s.loc)) if rest else \
                (*out[:i + 1], unbind)
    return tuple(out)


def after_deletions(body: Block) -> Block:
    """A body that raises where it reads a name that a `del` may have unbound before."""
    deleted = _deleted(body)
    if not deleted:
        return body
    for s in ir.walk(body):
        if isinstance(s, Raw) and not deleted.isdisjoint(ir.defines(s)):
            raise Undeletable
    return _followed(body, set())[0]


def _is_verbatim(s: ir.Stmt) -> bool:
    return isinstance(s, Raw) or (
        isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque))


def _deleted(block: Block) -> set[str]:
    return {s.targets[0] for s in ir.walk(block) if _deletes(s)}


def _deletes(s: ir.Stmt) -> TypeGuard[Move]:
    return isinstance(s, Move) and s.sources == (Ref(planted.UNBOUND),)


def _followed(block: Block, gone: set[str]) -> tuple[Block, set[str]]:
    """The block with its checks, and the names that may have no value behind it."""
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, (For, While)):
            gone = gone | _deleted((s,))
        if _is_verbatim(s) and not gone.isdisjoint(ir.reads(s)):
            raise Undeletable
        out += _checks(s, gone)
        if isinstance(s, (If, For, While)):
            made = [_followed(b, set(gone)) for b in ir.blocks(s)]
            s = ir.with_blocks(s, tuple([b for b, _ in made]))
            ends = [end for b, end in made if not (b and isinstance(b[-1], Exit))]
            gone = set().union(*ends, *([] if isinstance(s, If) else [gone]))
        elif isinstance(s, (Try, With)):
            # What comes behind a body may see it left at any place.
            anywhere = gone | _deleted((s,))
            made = [_followed(b, set(anywhere if i else gone))
                    for i, b in enumerate(ir.blocks(s))]
            s = ir.with_blocks(s, tuple([b for b, _ in made]))
            gone = anywhere.union(*[end for _, end in made])
        elif isinstance(s, Def):
            s = ir.with_blocks(s, (_followed(s.body, set())[0],))
        elif _deletes(s):
            gone = gone | set(ir.defines(s))
        else:
            gone = gone - set(ir.defines(s))
        out.append(s)
    return tuple(out), gone
