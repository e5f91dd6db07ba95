"""`match` statements become chains of tests: each case's, and its body where they hold.

A case whose tests hold only together has them one in the other, as `and` has.  What it captures is
bound behind the last of them, as in Python, and so is whatever is read for that alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, bind, fresh
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.frontend.patterns import Case, Subject
from s2sdiff.ir import Atom, Block, Free, If, Move, Stmt, Var

__all__ = ["match"]

Blocks = Callable[[Context, list[Any]], Block]


def match(ctx: Context, node: Any, out: list[Stmt], lower: Lower, block: Blocks) -> None:
    """Append what a `match` statement does."""
    bound = scopes.bound([n for c in node.cases for n in (c.pattern, c.guard) if n is not None])

    def held(atom: Any) -> Any:
        """What stays as it is while cases are tried."""
        changes = isinstance(atom, (Var, Free)) and (atom.name in bound or atom.name in (
            ctx.rebindable if isinstance(atom, Free) else ctx.shared))
        if not changes:
            return atom
        name = fresh(ctx, "subject")
        out.append(Move((name,), (atom,), ctx.loc(node)))
        return Var(name)

    parts: tuple[Atom, ...] | None = None
    if isinstance(node.subject, gast.Tuple) and \
            not any(isinstance(n, gast.Starred) for n in node.subject.elts):
        found = in_order(ctx, node.subject.elts, out, "subject", lower)
        parts = tuple(map(held, found))
        subject: Atom = bind(ctx, out, fresh(ctx, "subject"), ops.tuple_, parts, node.subject)
    else:
        subject = held(lower(ctx, node.subject, out, "subject"))
    _cases(ctx, node.cases, Subject(subject, parts), out, lower, block)


def _cases(ctx: Context, cases: list[Any], subject: Subject, out: list[Stmt], lower: Lower,
           block: Blocks) -> None:
    if not cases:
        return
    case, *rest = cases
    made = Case(ctx, fresh(ctx, "test"), lower, subject)
    made.pattern(case.pattern, subject.atom)
    inside: list[Stmt] = []
    if case.guard is None:
        inside = [*made.bindings(case.pattern), *block(ctx, case.body)]
    else:
        made.here.extend(made.bindings(case.pattern))
        made.guard(case.guard)
    if not made.asked:
        ctx.taken.discard(made.name)
        out += [*made.block(), *inside]
        return
    if case.guard is not None:
        inside = [*block(ctx, case.body)]
    if not rest:
        made.here.extend(inside)
        out += made.block()
        return
    out += made.block()
    orelse: list[Stmt] = []
    _cases(ctx, rest, subject, orelse, lower, block)
    out.append(If(Var(made.name), tuple(inside), tuple(orelse), ctx.loc(case.pattern)))
