"""What is read later: liveness over structured blocks, folded expressions included."""

from __future__ import annotations

from collections.abc import Iterator

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Def, Exit, For, If, Move, Raw, Try, While, With

__all__ = ["Contexts", "live_after", "live_before", "loop_contexts", "try_contexts"]

Names = frozenset[str]
#: What is live at the "end" of a block, at a "break", a "continue" and a "raise".
Contexts = dict[str, Names]


def live_before(block: Block, after: Contexts) -> Names:
    """What is live in front of a block."""
    if not block:
        return frozenset(after.get("end", ()))
    live = set(after.get("end", ()))
    for s in reversed(block):
        _step(s, live, after)
    return frozenset(live)


def live_after(block: Block, after: Contexts) -> Iterator[Names]:
    """What is live behind each statement of a block."""
    live = set(after.get("end", ()))
    found = []
    for s in reversed(block):
        found.append(frozenset(live))
        _step(s, live, after)
    return reversed(found)


def _step(s: ir.Stmt, live: set[str], after: Contexts) -> None:
    """Change what is live behind a statement into what is live in front of it."""
    if type(s) is Bind:
        live.difference_update(s.targets)
        live.update(s.read or ir.reads(s))
        if "raise" in after:
            live |= after["raise"]
        return
    if type(s) is Move:
        live.difference_update(s.targets)
        live.update(ir.reads(s))
        return
    match s:
        case If(_, then, orelse):
            inside = {**after, "end": frozenset(live)}
            live.clear()
            live |= live_before(then, inside) | live_before(orelse, inside)
        case For() | While():
            head = _head(s, frozenset(live), after)
            live.clear()
            live |= head
        case Try() | With():
            contexts = try_contexts(s, frozenset(live), after)
            found = [live_before(b, c) for b, c in zip(ir.blocks(s), contexts, strict=True)]
            live.clear()
            live.update(found[0], contexts[0].get("raise", ()))
            live.difference_update(ir.defines(s))
        case Exit(kind):
            live.clear()
            live |= after.get(kind, frozenset())
        case Def(name):
            live.discard(name)
            live |= ir.captured(s)
        case Raw():
            # May end early, at a verbatim `break`, and may leave its names as they are.
            live |= after.get("break", frozenset()) | after.get("continue", frozenset())
        case _:
            live.difference_update(ir.defines(s))
    live.update(ir.reads(s), after.get("raise", ()))


def _head(s: For | While, live: Names, after: Contexts) -> Names:
    """What is live where a round begins (for a `while`: in front of its head).

    One pass over the body suffices: what is live at its end adds nothing to what it exposes.
    """
    leaving = live_before(s.orelse, {**after, "end": live})
    inside = {**after, "end": leaving, "break": live, "continue": leaving}
    body = live_before(s.body, inside)
    if isinstance(s, For):
        return leaving | (body - set(ir.defines(s)))
    return live_before(s.head, {**inside, "end": leaving | body | set(ir.reads(s))})


def loop_contexts(s: For | While, live: Names, after: Contexts) -> list[Contexts]:
    """What is live at the ends of a loop's blocks, in the order of `ir.blocks`."""
    outside = {**after, "end": live}
    head = _head(s, live, after)
    body = {**after, "end": head, "break": live, "continue": head}
    if isinstance(s, For):
        return [body, outside]
    either = live_before(s.orelse, outside) | live_before(s.body, body) | set(ir.reads(s))
    return [{**body, "end": either}, body, outside]


def try_contexts(s: Try | With, live: Names, after: Contexts) -> list[Contexts]:
    """What is live at the ends of the blocks of a `try` or `with`, in the order of `ir.blocks`."""
    outside, raised = {**after, "end": live}, after.get("raise", frozenset())
    if isinstance(s, With):
        raised |= live if s.swallows else frozenset()
        return [{**after, "end": live | raised, "raise": raised}]
    if s.final:
        last = {**after, "end": live | raised}
        behind = live_before(s.final, last)
        return [{**after, "end": behind, "raise": behind}, outside, last]
    behind = raised.union(*(live_before(h, outside) for h in s.handlers))
    body = {**after, "end": live_before(s.orelse, outside), "raise": behind}
    return [body, *[outside for _ in s.handlers], outside, outside]
