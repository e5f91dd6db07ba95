"""What may vary before variables are numbered, where what is put into a list has one name."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Store, Var
from s2sdiff.transforms.new_memory import MUTATORS
from s2sdiff.transforms.varying import closed

__all__ = ["varying"]


def varying(statements: list[ir.Stmt], wrt: tuple[str, ...]) -> set[str]:
    """The names of what may vary, and of what something that varies may be put into."""
    return closed(set(wrt), [(ir.reads(s), [*ir.defines(s), *_into(s)]) for s in statements])


def _into(s: ir.Stmt) -> list[str]:
    if isinstance(s, Bind) and s.calls(ops.method) and isinstance(s.args[1], Const) and (
            not s.targets or s.args[1].value in MUTATORS):
        return [a.name for a in s.args[:1] if isinstance(a, Var)]
    return [s.target.name] if isinstance(s, Store) and isinstance(s.target, Var) else []
