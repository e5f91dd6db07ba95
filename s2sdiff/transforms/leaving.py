"""How statements are left: which exits leave them, which paths fall off their end."""

from __future__ import annotations

from collections.abc import Iterator

from s2sdiff import ir
from s2sdiff.ir import Block, Exit, For, If, Try, While, With, replace

__all__ = [
    "kinds_leaving", "left_by", "map_exits", "only_raises", "own_exits", "own_kinds",
    "paths_falling",
]


def kinds_leaving(block: Block) -> set[str]:
    """Kinds of exits of a tidied block that leave it (but raise)."""
    kinds: set[str] = set()
    for s in block:
        if isinstance(s, Exit) and s.kind != "raise":
            kinds.add(s.kind)
        elif isinstance(s, If):
            kinds |= left_by(s)
    return kinds


def left_by(s: ir.Stmt) -> set[str]:
    """Kinds of exits in an `if` that leave it (raise leaves without needing any rearrangement)."""
    return set().union(*map(kinds_leaving, ir.blocks(s)))


def paths_falling(block: Block) -> int:
    """How many paths fall off the end of a tidied block."""
    if not block:
        return 1
    last = block[-1]
    if isinstance(last, Exit):
        return 0
    if isinstance(last, If) and (left_by(last) or only_raises(last)):
        return paths_falling(last.then) + paths_falling(last.orelse)
    return 1


def only_raises(s: If) -> bool:
    """Whether no path of an `if` comes to its end."""
    return not paths_falling(s.then) and not paths_falling(s.orelse)


def map_exits(block: Block, convert, kinds: set[str]) -> Block:
    """Exits of a block replaced, not those of loops inside; a loop's `else` is outside of it."""
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Exit) and s.kind in kinds:
            out += convert(s)
        elif isinstance(s, (If, Try, With)):
            out.append(ir.with_blocks(
                s, tuple(map_exits(b, convert, kinds) for b in ir.blocks(s))))
        elif isinstance(s, (For, While)):
            out.append(replace(s, orelse=map_exits(s.orelse, convert, kinds)))
        else:
            out.append(s)
    return tuple(out)


def own_exits(block: Block) -> Iterator[Exit]:
    """The exits of a loop's body that are its own."""
    for s in block:
        if isinstance(s, Exit):
            yield s
        elif isinstance(s, If):
            yield from own_exits(s.then)
            yield from own_exits(s.orelse)


def own_kinds(block: Block) -> set[str]:
    """Kinds of exits in a loop's body that are its own: not those of loops inside, but returns."""
    kinds: set[str] = set()
    for s in block:
        if type(s) is ir.Bind or type(s) is ir.Move:
            continue
        if isinstance(s, Exit):
            kinds.add(s.kind)
        elif isinstance(s, (If, Try, With)):
            kinds.update(*map(own_kinds, ir.blocks(s)))
        elif isinstance(s, (For, While)):
            kinds |= own_kinds(s.orelse)
            kinds |= {"return"} & {k for b in ir.blocks(s) for k in own_kinds(b)}
    return kinds
