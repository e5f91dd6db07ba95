"""What a rule unpacks and the user's code unpacks again has one name for each part."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Move, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context

__all__ = ["run"]


def run(block: Block, context: Context) -> Block:
    """Forward code in which tuples that are unpacked twice in a row of statements are copied."""
    parts: dict[str, tuple[str, ...]] = {}
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([run(b, context) for b in inner]))
        source = _unpacked(s, context)
        known = parts.get(source or "")
        if known is not None and isinstance(s, Bind) and len(known) == len(s.targets):
            s = Move(s.targets, tuple(map(Var, known)), s.loc)
        if not parts and source is None:  # as mostly
            out.append(s)
            continue
        bound = {*ir.defines(s), *(ir.all_defs((s,)) if inner else ())}
        parts = {n: p for n, p in parts.items() if n not in bound and bound.isdisjoint(p)}
        if source is not None and isinstance(s, Bind) and source not in bound:
            parts[source] = s.targets  # type: ignore[assignment]
        out.append(s)
    return ir.unless_same(out, block)


def _unpacked(s: ir.Stmt, context: Context) -> str | None:
    """The tuple that a statement unpacks, each part into a name of its own."""
    if not isinstance(s, Bind) or not s.calls(ops.unpack) or s.args[2] != Const(None) or not \
            isinstance(s.args[0], Var) or not all(isinstance(t, str) for t in s.targets):
        return None
    kind = context.kinds.get(s.args[0].name, ANY).type
    plain = kind is not None and issubclass(kind, tuple) and kind.__iter__ is tuple.__iter__
    return s.args[0].name if plain else None
