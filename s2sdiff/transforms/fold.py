"""Puts single-use temporaries back into the expressions that read them, as the last pass.

Three-address code reads badly; a name stays where the user gave it, where it is read twice, where
a pullback captures it, or where the line would grow too long.  A computation moves down to its
reader only over statements that cannot change it: no store, no unknown call, no new binding of
what it reads.  Whatever has effects keeps its place in the order of evaluation.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Def,
    Exit,
    For,
    If,
    Inlined,
    Move,
    Raw,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.ir.making import quick
from s2sdiff.transforms import liveness, naming, order, ranges, shortcircuit, signs
from s2sdiff.transforms.liveness import Contexts
from s2sdiff.transforms.measures import operations, width
from s2sdiff.transforms.order import is_expression
from s2sdiff.transforms.spread import RECORDED, spread

__all__ = ["run"]

#: A line reads well up to this many operations and columns, and beside a comment's line up to few.
OPERATIONS, COLUMNS, FEW = 9, 88, 3
#: A function that is one expression reads well up to this many.
WHOLE = 6


@quick
@dataclass(frozen=True, slots=True)
class Scope:
    """One function being folded: names that must stay, names the user gave, whether code of

    different source lines may be joined as if it were one, and whether an exception ends in the
    function, so that what may raise keeps its place (`strict`).
    """

    kept: frozenset[str]
    names: frozenset[str]
    greedy: bool = False
    strict: bool = False


def run(function: ir.Function, own: frozenset[str] | None = None) -> ir.Function:
    """The function with its expressions put back together.

    `own` are the names that the user wrote; those of objects that were taken apart are none.
    """
    body = spread(function.body)
    if id(range) in ir.called(function):
        body = ranges.repeated(body, {p.name for p in function.params})
    body = _function(body, function.names if own is None else own)
    return naming.run(replace(function, body=body))


def _function(body: Block, names: frozenset[str], depth: int = 1) -> Block:
    kept = set(names)
    for s in _own(body):
        t = type(s)
        if t is Def:
            kept |= ir.captured(s)  # type: ignore[arg-type]
        if t is Raw or order.is_opaque(s):
            kept.update(ir.reads(s))  # syntax kept verbatim may read its names late, or never
    scope = Scope(frozenset(kept), names)
    if all(isinstance(s, (Bind, Move, Exit)) for s in body) and sum(map(_least, body)) <= WHOLE:
        whole = _block(body, replace(scope, greedy=True), {}, depth)
        if len(whole) == 1 and isinstance(whole[0], Exit) and operations(whole[0]) <= WHOLE:
            return whole
    return _block(body, scope, {}, depth)


def _least(s: ir.Stmt) -> int:
    """How many operations of a statement are left, whatever is folded: signs may go."""
    return 0 if type(s) is Bind and s.calls(operator.neg) else operations(s)


def _own(block: Block) -> Iterator[ir.Stmt]:
    for s in block:
        yield s
        if type(s) not in _WITHOUT:
            for inner in ir.blocks(s):
                yield from _own(inner)


#: Statements in which there are no others that are the function's own.
_WITHOUT = frozenset({Def, Bind, Move, Exit})


def _block(block: Block, scope: Scope, after: Contexts, depth: int) -> Block:
    """`after` says what is live at the "end" of the block, at a "break" and at a "continue"."""
    out = _Folded()
    live = list(liveness.live_after(block, after))
    for s, alive in zip(block, live, strict=True):
        if type(s) is not Bind and type(s) is not Move:
            s = _inner(s, scope, alive, after, depth)
            s = shortcircuit.joined(s, scope.names)
        s = signs.settled(_result(s, out, scope, alive, depth), scope.names)
        out.append(s)
        out.bound.update(s.targets if type(s) is Bind else ir.defines(s))
    return tuple(out)


class _Folded(list[ir.Stmt]):
    """The statements of a block so far; `bound` has all names that they bind, or once bound."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: set[str] = set()


def _inner(s: ir.Stmt, scope: Scope, alive: frozenset[str], after: Contexts, depth: int) -> ir.Stmt:
    match s:
        case Def(_, _, body):
            return replace(s, body=_function(body, scope.names, depth + 1))
        case If(_, then, orelse):
            inside = {**after, "end": alive}
            sides = [_block(b, scope, inside, depth + 1) for b in (then, orelse)]
            return replace(s, then=sides[0], orelse=sides[1])
        case For() | While():
            contexts = liveness.loop_contexts(s, alive, after)
            found = zip(ir.blocks(s), contexts, strict=True)
            s = ir.with_blocks(s, tuple([_block(b, scope, c, depth + 1) for b, c in found]))
            return _while_head(s, scope, contexts) if isinstance(s, While) else s
        case Try() | With():
            ends = scope if isinstance(s, With) and not s.swallows else \
                replace(scope, strict=True)
            contexts = liveness.try_contexts(s, alive, after)
            found = zip(ir.blocks(s), contexts, strict=True)
            return ir.with_blocks(s, tuple([_block(b, ends, c, depth + 1) for b, c in found]))
    return s


def _while_head(s: While, scope: Scope, contexts: list[Contexts]) -> While:
    """`while a < b:` where the head is one temporary that only the test reads."""
    bind = s.head[0] if len(s.head) == 1 else None
    if isinstance(bind, Bind) and isinstance(s.test, Var):
        later = scope.kept | liveness.live_before(s.body, contexts[1])
        later |= liveness.live_before(s.orelse, contexts[2])
        if bind.targets == (s.test.name,) and s.test.name not in later and is_expression(bind):
            return replace(s, head=(), test=Inlined(bind))
    return s


# ---------------------------------------------------------------------------------- folding


def _result(
    s: ir.Stmt, out: _Folded, scope: Scope, alive: frozenset[str], depth: int
) -> ir.Stmt:
    """`_folded`, where the tuple of gradients takes all of their expressions or keeps names."""
    if not (isinstance(s, Bind) and s.loc.backward and s.calls(ops.tuple_)):
        return _folded(s, out, scope, alive, depth)
    kept = list(out)
    joined = _folded(s, out, replace(scope, greedy=True), alive, depth)
    computed = [a for a in order.operands(joined) if isinstance(a, Inlined)]
    if len(computed) < 2 or operations(joined) <= FEW + 1 or scope.greedy:
        return joined
    out[:] = kept
    return _folded(s, out, scope, alive, depth)


def _folded(
    s: ir.Stmt, out: _Folded, scope: Scope, alive: frozenset[str], depth: int
) -> ir.Stmt:
    """The statement with what it reads folded into it; what was folded leaves `out`."""
    t = type(s)
    if t is Raw or t is Def or t is While or (scope.strict and isinstance(s, Move)
                                              and len(s.sources) > 1):
        return s
    crossed: list[ir.Stmt] = []
    wanted = _wanted(s, scope, alive) & out.bound
    for i in range(len(out) - 1, -1, -1):
        if not wanted:
            break
        d = out[i]
        bound = d.targets if type(d) is Bind else ir.defines(d)
        if not wanted.isdisjoint(bound):
            joined = _joined(d, crossed, s, scope, alive, depth)
            if joined is not None:
                s = joined
                del out[i]
                # What was bound on the way has another value than it had in front of that.
                wanted = (_wanted(s, scope, alive) & out.bound).difference(
                    *map(ir.defines, crossed))
                continue
            wanted.difference_update(bound)
        crossed.append(d)
        if order.blocks_everything(d):
            break
    return s


def _wanted(s: ir.Stmt, scope: Scope, alive: frozenset[str]) -> set[str]:
    """What a statement reads that nothing reads after it, and that need not stay."""
    read = ir.reads(s)
    if not read:
        return set()
    bound, kept = ir.defines(s), scope.kept
    found: set[str] = set()
    for n in read:
        if (n not in alive or n in bound) and n not in kept:
            found.add(n)
    return found


def _joined(d: ir.Stmt, crossed: list[ir.Stmt], s: ir.Stmt, scope: Scope, alive: frozenset[str],
            depth: int) -> ir.Stmt | None:
    """`s` with what `d` computes or copies in it, the statements in `crossed` lying between."""
    found = _foldable(d, s, scope, alive)
    if found and order.may_move(found, crossed, s, scope.names, scope.strict):
        merged = _merged(s, found)
        if _reads_well(found, s, merged, scope, depth):
            return merged
    return _copied(d, crossed, s, scope, alive)


def _foldable(d: ir.Stmt, s: ir.Stmt, scope: Scope, alive: frozenset[str]) -> Bind | None:
    """`d`, where its value is read in `s`, once, and nowhere else."""
    if not isinstance(d, Bind) or len(d.targets) != 1 or not is_expression(d):
        return None
    if d.calls(globals) or (order.is_text(s) and not order.fits_text(d)):
        return None  # it is kept as it is written where this text is differentiated again
    (name,) = d.targets
    if name in scope.kept or (name in alive and name not in ir.defines(s)):
        return None
    if ir.reads(s).count(name) != 1 or not order.has_place(s, name):
        return None
    into = order.accumulated(s)
    if type(into) is Var and into.name == name and not order.is_arithmetic(d):
        return None
    inside = type(s) is not Bind and any(name in ir.all_reads(b) for b in ir.blocks(s))
    return None if inside or (isinstance(s, For) and name in ir.defines(s)) else d


def _copied(
    d: ir.Stmt, crossed: list[ir.Stmt], s: ir.Stmt, scope: Scope, alive: frozenset[str]
) -> ir.Stmt | None:
    """`s` with the source of a copy in the copy's place, where nothing else reads that."""
    match d:
        case Move((name,), (Var() | ir.Const() as source,)):
            involved = {name, *ir.reads(d)}
            last = name not in alive or name in ir.defines(s)
            moved = not any(involved & set(ir.defines(c)) for c in crossed)
            read = any(name in ir.reads(c) or isinstance(c, Def) or ir.blocks(c) for c in crossed)
            inside = any(name in ir.all_reads(b) for b in ir.blocks(s))
            if (name not in scope.kept and last and moved and not read and not inside
                    and order.has_place(s, name)
                    and not (order.is_text(s) and isinstance(source, ir.Const))):
                return ir.substitute(s, {name: source})
    return None


def _merged(s: ir.Stmt, d: Bind) -> ir.Stmt:
    s = ir.substitute(s, {d.targets[0]: Inlined(d)})
    if isinstance(s, Move) and len(s.sources) == 1 and isinstance(s.sources[0], Inlined):
        bind = s.sources[0].bind
        return replace(bind, targets=s.targets)
    return s


def _reads_well(d: Bind, s: ir.Stmt, merged: ir.Stmt, scope: Scope, depth: int) -> bool:
    name = d.targets[0]
    display = d.calls(ops.tuple_)
    if (display or d.calls(slice)) and order.is_index(s, name):
        return True
    if display and (isinstance(s, Exit) or name == RECORDED):
        return True
    if RECORDED in ir.defines(s) and operations(d) > 1:
        return False
    if operations(merged) > OPERATIONS or 4 * depth + width(merged) > COLUMNS:
        return False
    if scope.greedy or not d.loc.backward or display or isinstance(s, Exit):
        return True
    landmark = name.endswith("_bar") and name.removesuffix("_bar") in scope.names
    if isinstance(s, Bind) and s.calls(ops.tuple_):
        return not landmark or order.is_conversion(d)
    if (d.loc.file, d.loc.line) == (s.loc.file, s.loc.line):
        return True
    return operations(d) <= FEW and not landmark
