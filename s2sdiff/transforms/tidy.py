"""What assembling leaves, put as one would write it, before names are merged.

A tuple that is unpacked where it was made is a parallel copy, two `if`s on one test are one, a
loop that has lost its body is none, and `x_bar += v` on numbers is an addition that knows how it
likes to be printed.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, Exit, For, If, Move, Ref, Star, Store, Var, replace
from s2sdiff.transforms import order

__all__ = ["run"]

#: An update of a number is the same addition; the spelling remembers how it is printed.
_UPDATES = {id(operator.iadd): Ref(operator.add, "+="), id(operator.isub): Ref(operator.sub, "-=")}


def run(body: Block) -> Block:
    """The body of an assembled function, tidied."""
    counts: dict[str, int] = {}
    if any(type(s) is For and not s.body for s in ir.walk(body)):
        body = _busy(body, ir.all_reads(body))
    for s in ir.walk(body):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    return _block(body, counts)


def _block(block: Block, counts: dict[str, int]) -> Block:
    out: list[ir.Stmt] = []
    displays: dict[str, tuple] = {}
    for s in block:
        if type(s) is Bind:
            s = _unpacked(_addition(s), displays) if displays or not s.targets else _addition(s)
        if type(s) is Bind and s.calls(ops.tuple_) and len(s.targets) == 1:
            names = [s.targets[0], *ir.reads(s)]
            if all(counts.get(n, 0) <= 1 for n in names) and not _starred(s):
                displays[s.targets[0]] = s.args
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, counts) for b in inner]))
        if type(s) is not If or not _joined(s, out, counts):
            out.append(s)
    return tuple(out)


def _busy(block: Block, read: set[str]) -> Block:
    """Without loops over a range that do nothing: their bodies went with the value."""
    out: list[ir.Stmt] = []
    ranges: set[str] = set()
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_busy(b, read) for b in inner]))
        if isinstance(s, Bind) and s.calls(range):
            ranges.update(s.targets)
        match s:
            case For(_, Var(name), (), ()) if name in ranges:
                if not read.intersection(ir.defines(s)):
                    continue
        out.append(s)
    return tuple(out)


def _starred(s: Bind) -> bool:
    return any(isinstance(a, Star) for a in s.args)


def _addition(s: Bind) -> Bind:
    new = _UPDATES.get(id(s.fn.object)) if isinstance(s.fn, Ref) else None
    return s if new is None or not s.loc.backward else replace(s, fn=new)


def _unpacked(s: ir.Stmt, displays: dict[str, tuple]) -> ir.Stmt:
    """`a, b = t` where t is the tuple (x, y), as `a, b = x, y`."""
    match s:
        case Bind(targets, Ref(ops.unpack), (Var(name), Const(), Const(None)), ()):
            items = displays.get(name, ())
            if len(items) == len(targets):
                return Move(targets, items, s.loc)
    return s


# ---------------------------------------------------------------------------- two ifs as one


def _joined(s: If, out: list[ir.Stmt], counts: dict[str, int]) -> bool:
    """Append the sides of `s` to an earlier `if` on the same test, where nothing comes between."""
    between: list[ir.Stmt] = []
    for i in range(len(out) - 1, -1, -1):
        first = out[i]
        if isinstance(first, If) and _same_test(first, s) and _may_pass(between, first):
            pairs = zip(ir.blocks(first), ir.blocks(s), strict=True)
            sides = tuple([_block(a + b, counts) for a, b in pairs])
            out[i:] = [*reversed(between), ir.with_blocks(first, sides)]
            return True
        if not isinstance(first, (Move, Bind)):
            return False
        between.append(first)
    return False


def _same_test(first: If, second: If) -> bool:
    if not isinstance(first.test, Var) or first.test != second.test:
        return False
    inside = [t for b in ir.blocks(first) for t in ir.walk(b)]
    return not any(
        isinstance(t, (Exit, Def)) or first.test.name in ir.defines(t) for t in inside)


def _may_pass(between: list[ir.Stmt], first: If) -> bool:
    """Whether what lies between may as well come before the first `if`."""
    inside = [first, *[t for b in ir.blocks(first) for t in ir.walk(b)]]
    made = {n for t in inside for n in ir.defines(t)}
    read = {n for t in inside for n in ir.reads(t)}
    quiet = not any(isinstance(t, Store) or (isinstance(t, Bind) and not order.pure(t))
                    for t in inside)
    for s in between:
        if (made & set(ir.reads(s))) or (made | read) & set(ir.defines(s)):
            return False
        if isinstance(s, Bind) and not (quiet and order.pure(s)):
            return False
        if isinstance(s, Move) and any(isinstance(a, ir.Free) for a in s.sources) and not quiet:
            return False
    return True
