"""Reads of names without a value raise: a `del` or the beginning of a call unbinds them."""

from __future__ import annotations

from typing import TypeGuard

from s2sdiff import ir
from s2sdiff.ir import (
    Bind,
    Block,
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
from s2sdiff.runtime import calls

__all__ = ["Undeletable", "after_deletions", "checked"]


def checked(block: Block, names: frozenset[str]) -> Block:
    """A body that raises where it reads one of these names without a value."""
    out: list[ir.Stmt] = []
    for s in block:
        out += _checks(s, names)
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple(checked(b, names) for b in inner)) if inner else s)
    return tuple(out)


def _checks(s: ir.Stmt, names: frozenset[str] | set[str]) -> list[Bind]:
    if isinstance(s, Bind) and s.calls(calls.bound):
        return []
    read = dict.fromkeys(n for n in ir.reads(s) if n in names)
    return [Bind((), Ref(calls.bound), (Var(n), Const(n)), (), s.loc) for n in read]


class Undeletable(Exception):
    """Raised inside lowering: a `del` has to be one, for code that is kept as it is written."""


def after_deletions(body: Block) -> Block:
    """A body that raises where it reads a name that a `del` may have unbound before."""
    deleted = _deleted(body)
    if not deleted:
        return body
    for s in ir.walk(body):
        verbatim = isinstance(s, Raw) or (
            isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque))
        if verbatim and not deleted.isdisjoint((*ir.reads(s), *ir.defines(s))):
            raise Undeletable
    return _followed(body, set())[0]


def _deleted(block: Block) -> set[str]:
    return {s.targets[0] for s in ir.walk(block) if _deletes(s)}


def _deletes(s: ir.Stmt) -> TypeGuard[Move]:
    return isinstance(s, Move) and s.sources == (Ref(calls.UNBOUND),)


def _followed(block: Block, gone: set[str]) -> tuple[Block, set[str]]:
    """The block with its checks, and the names that may have no value behind it."""
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, (For, While)):
            gone = gone | _deleted((s,))
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
