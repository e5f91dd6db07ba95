"""Writing the body of a loop into what it draws from."""

from __future__ import annotations

from typing import TypeGuard

from s2sdiff import ops
from s2sdiff.frontend.context import Context, fresh
from s2sdiff.ir import (
    Atom,
    Bind,
    Block,
    Const,
    Exit,
    For,
    If,
    Loc,
    Move,
    Pattern,
    Ref,
    Stmt,
    Var,
    While,
    blocks,
    plain_args,
    walk,
    with_blocks,
)

__all__ = ["YIELDS", "in_a_list", "woven"]


def yields(item: object) -> object:
    """Stands in the statements of a generator for what it yields."""
    return item


YIELDS = Ref(yields)


def woven(ctx: Context, pieces: Block, target: Pattern, body: Block, orelse: Block,
          loc: Loc) -> list[Stmt]:
    """`for target in …: body; else: orelse`, where `pieces` are the statements that yield."""
    jumps = set(_jumps(body))
    returns = any(isinstance(s, Exit) and s.kind == "return" for s in walk(pieces))
    weaver = _Weaver(ctx, target, body, loc)
    if not jumps and not returns:
        return [*weaver.plain(pieces), *orelse]
    if not returns and _is_loop(pieces):
        *start, loop = weaver.plain(pieces)
        *inside, _ = blocks(loop)
        return [*start, with_blocks(loop, (*inside, orelse))]
    left = fresh(ctx, "left")
    ended = fresh(ctx, "ended") if returns else None
    inside = weaver.general(pieces, left, ended, jumps, 0, False)
    start = [Move((n,), (Const(False),), loc) for n in (left, ended) if n is not None]
    once = While((), Const(True), (*inside, Exit("break", None, loc)), (), loc)
    rest = [If(Var(left), (), orelse, loc)] if orelse else []
    return [*start, once, *rest]


def in_a_list(ctx: Context, block: Block, loc: Loc) -> Block:
    """The body of a function that gives all that a generator yields, of the generator's."""
    items, item = fresh(ctx, "items"), fresh(ctx, "item")
    append = Bind((), Ref(ops.method), (Var(items), Const("append"), Var(item)), (), loc)
    filled = _Weaver(ctx, item, (append,), loc).plain(block)
    start = Bind((items,), Ref(ops.list_), (), (), loc)
    return start, *_returning(filled, Var(items)), Exit("return", Var(items), loc)


def _returning(block: Block, value: Atom) -> Block:
    return tuple([Exit("return", value, s.loc) if isinstance(s, Exit) and s.kind == "return" else
                  with_blocks(s, tuple([_returning(b, value) for b in blocks(s)])) for s in block])


def _jumps(block: Block, looped: bool = False) -> list[str]:
    """The `break` and `continue` of a loop's own body."""
    found: list[str] = []
    for s in block:
        if isinstance(s, Exit) and s.kind in ("break", "continue") and not looped:
            found.append(s.kind)
        if isinstance(s, (For, While)):
            found += _jumps(s.orelse, looped)
        else:
            for inner in blocks(s):
                found += _jumps(inner, looped)
    return found


def _yields(s: Stmt) -> TypeGuard[Bind]:
    return isinstance(s, Bind) and s.fn == YIELDS


def _yielded(s: Bind) -> Atom:
    (value,) = plain_args(s)
    return value


def _is_loop(pieces: Block) -> bool:
    """One loop at the end yields, and does nothing more in the round."""
    loop = pieces[-1] if pieces else None
    if not isinstance(loop, (For, While)) or loop.orelse or any(map(_yields, walk(pieces[:-1]))):
        return False
    return (not isinstance(loop, While) or not any(map(_yields, walk(loop.head)))) and \
        _last(loop.body)


def _last(block: Block) -> bool:
    """What yields is the last thing in a round, and in no loop inside."""
    if not block:
        return True
    if any(map(_yields, walk(block[:-1]))):
        return False
    last = block[-1]
    if isinstance(last, If):
        return _last(last.then) and _last(last.orelse)
    return not blocks(last) or not any(map(_yields, walk((last,))))


class _Weaver:
    def __init__(self, ctx: Context, target: Pattern, body: Block, loc: Loc) -> None:
        self.ctx, self.target, self.body, self.loc = ctx, target, body, loc

    def item(self, target: Pattern, value: Atom) -> Block:
        """`target = value`"""
        if isinstance(target, str):
            return (Move((target,), (value,), self.loc),)
        names = tuple([t if isinstance(t, str) else fresh(self.ctx, "item") for t in target])
        first = Bind(names, Ref(ops.unpack), (value, Const(len(names)), Const(None)), (), self.loc)
        inner = [self.item(t, Var(n)) for t, n in zip(target, names, strict=True)
                 if not isinstance(t, str)]
        return (first, *[s for part in inner for s in part])

    def plain(self, block: Block) -> Block:
        out: list[Stmt] = []
        for s in block:
            if _yields(s):
                out += [*self.item(self.target, _yielded(s)), *self.body]
                continue
            inner = blocks(s)
            out.append(with_blocks(s, tuple(map(self.plain, inner))) if inner else s)
        return tuple(out)

    def general(self, block: Block, left: str, ended: str | None, jumps: set[str],
                depth: int, last: bool) -> Block:
        """`depth` counts the generator's loops around; a `break` out of the outermost ends all.

        `last`: nothing follows the block in a round of such a loop.
        """
        out: list[Stmt] = []
        stop = (Exit("break", None, self.loc),)
        for n, s in enumerate(block):
            final = last and n == len(block) - 1
            if _yields(s) and final:
                out += [*self.item(self.target, _yielded(s)), *_without(self.body, left, True)]
                continue
            if _yields(s):
                mine = (*self.item(self.target, _yielded(s)), *_without(self.body, left))
                once = While((), Const(True), (*mine, Exit("break", None, self.loc)), (), self.loc)
                out += [once] if jumps else mine
                out += [If(Var(left), stop, (), self.loc)] if "break" in jumps else []
                continue
            if isinstance(s, Exit) and s.kind == "return":
                if depth:
                    out.append(Move((ended or left,), (Const(True),), s.loc))
                out.append(Exit("break", None, s.loc))
                break
            inner = blocks(s)
            if not inner:
                out.append(s)
                continue
            loop = isinstance(s, (For, While))
            made = [self.general(b, left, ended, jumps, depth + loop, loop or final)
                    for b in inner]
            if loop:
                # What follows an `else` of the generator's loop is outside of that loop.
                made[-1] = self.general(inner[-1], left, ended, jumps, depth, False)
            out.append(with_blocks(s, tuple(made)))
            if loop:
                out += [If(Var(n), stop, (), self.loc) for n in self.flags(s, left, ended, jumps)]
        return tuple(out)

    def flags(self, s: Stmt, left: str, ended: str | None, jumps: set[str]) -> list[str]:
        """What may have been set in a loop."""
        found = [left] if "break" in jumps and any(map(_yields, walk((s,)))) else []
        if ended is not None and any(isinstance(e, Exit) and e.kind == "return"
                                     for e in walk((s,))):
            found.append(ended)
        return found


def _without(block: Block, left: str, goes_on: bool = False) -> Block:
    """A body for a loop that runs once: `continue` ends it, unless it `goes_on` to another round.

    A `break` sets a flag before.
    """
    out: list[Stmt] = []
    for s in block:
        if isinstance(s, Exit) and s.kind == "continue" and not goes_on:
            out.append(Exit("break", None, s.loc))
        elif isinstance(s, Exit) and s.kind == "break":
            out += [Move((left,), (Const(True),), s.loc), s]
        elif isinstance(s, (For, While)):
            *before, orelse = blocks(s)
            out.append(with_blocks(s, (*before, _without(orelse, left, goes_on))))
        else:
            inner = blocks(s)
            made = tuple([_without(b, left, goes_on) for b in inner])
            out.append(with_blocks(s, made) if inner else s)
    return tuple(out)
