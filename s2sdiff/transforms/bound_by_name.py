"""`found, h = [], x` binds a new list to its name itself, where no other side reads that name.

What follows a list by its name then knows it from where it is made.
"""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Function, Move, Var, replace

__all__ = ["run"]


def run(function: Function) -> Function:
    """The function with such displays under the names that they are for.

    >>> from s2sdiff.frontend.lower import lower
    >>> def f(x):
    ...     xs, y = [], x
    ...     return y
    >>> [s.targets for s in run(lower(f)).body[:2]]
    [('xs',), ('y',)]
    """
    if id(ops.list_) not in ir.called(function):
        return function
    reads: dict[str, int] = {}
    for s in ir.statements(function):
        for name in ir.reads(s):
            reads[name] = reads.get(name, 0) + 1
    return replace(function, body=_block(function.body, reads))


def _block(block: Block, reads: dict[str, int]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        # What leaves the body of a `try` leaves names as they were.
        if inner and not isinstance(s, (ir.Try, ir.With)):
            s = ir.with_blocks(s, tuple([_block(b, reads) for b in inner]))
        out += _moved(s, out, reads) if isinstance(s, Move) and len(s.targets) > 1 else [s]
    return tuple(out)


def _moved(s: Move, out: list[ir.Stmt], reads: dict[str, int]) -> list[ir.Stmt]:
    """What is left of a parallel assignment; displays in front of it are renamed in `out`."""
    left = list(zip(s.targets, s.sources, strict=True))
    for target, source in zip(s.targets, s.sources, strict=True):
        at = next((i for i in range(len(out) - 1, -1, -1) if source == Var(_made(out[i]))), None)
        # Nothing but displays lies in between: no call that might ask what the name meant before.
        if at is None or not isinstance(source, Var) or reads.get(source.name) != 1 or any(
                a == Var(target) for _, a in left) or not all(
                    _made(t) and target not in (*ir.reads(t), *ir.defines(t)) for t in out[at:]):
            continue
        out[at] = replace(out[at], targets=(target,))
        left.remove((target, source))
    if not left:
        return []
    return [Move(tuple([t for t, _ in left]), tuple([a for _, a in left]), s.loc)]


def _made(s: ir.Stmt) -> str:
    """The name of a new list; nothing for other statements."""
    return s.targets[0] if isinstance(s, Bind) and s.calls(ops.list_) and len(
        s.targets) == 1 else ""
