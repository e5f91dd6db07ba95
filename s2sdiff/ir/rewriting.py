"""Blocks written anew, which stay what they are where nothing of them changes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, overload

from s2sdiff.ir import attempts
from s2sdiff.ir.attempts import Try, With
from s2sdiff.ir.records import Block, Def, For, If, Stmt, While
from s2sdiff.ir.walking import blocks

__all__ = ["rewritten", "unless_same", "with_blocks"]


def rewritten(block: Block, made: Callable[[Stmt], Iterable[Stmt] | None]) -> Block:
    """A block with what is made of each statement that has no block in it; None leaves it."""
    out: list[Stmt] = []
    for s in block:
        inner = blocks(s)
        if inner:
            out.append(with_blocks(s, tuple([rewritten(b, made) for b in inner])))
            continue
        found = made(s)
        if found is None:
            out.append(s)
        else:
            out += found
    return unless_same(out, block)


def unless_same(statements: list[Stmt], block: Block) -> Block:
    """The statements as a block; `block` itself where they are its own, so that one can see it."""
    if len(statements) == len(block) and all(map(operator.is_, statements, block)):
        return block
    return tuple(statements)


@overload
def with_blocks(statement: Try | With, new: tuple[Block, ...]) -> Try | With: ...
@overload
def with_blocks(statement: Stmt, new: tuple[Block, ...]) -> Stmt: ...


def with_blocks(statement: Stmt, new: tuple[Block, ...]) -> Stmt:
    """The same statement around other blocks (as `blocks` orders them)."""
    s: Any = statement
    t = type(s)
    if all(map(operator.is_, new, blocks(s))):
        return statement
    if t is If:
        return If(s.test, new[0], new[1], s.loc)
    if t is For:
        return For(s.target, s.source, new[0], new[1], s.loc, s.label)
    if t is While:
        return While(new[0], s.test, new[1], new[2], s.loc, s.label)
    if t is Def:
        return Def(s.name, s.params, new[0], s.loc)
    return attempts.around(s, new)
