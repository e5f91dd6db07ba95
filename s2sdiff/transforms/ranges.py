"""Loops over a plain `range(…)`: it is written where it is used, forward and backward."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Def, For, Inlined, Store, Var

__all__ = ["repeated"]


def repeated(body: Block, params: set[str]) -> Block:
    """The body with ranges that only loops read put into the heads of those loops."""
    binds = {s.targets[0]: s for s in ir.walk(body)
             if isinstance(s, Bind) and s.calls(range) and _is_plain(s)}
    if not binds:
        return body
    # What loops read, what anything else reads, and how often what is read is bound.
    elsewhere: set[str] = set()
    counts = dict.fromkeys(binds, 0)
    for s in ir.walk(body):
        if type(s) is not For:
            elsewhere.update(ir.reads(s))
        for name in ir.defines(s):
            if name in counts:
                counts[name] += 1
    heads = {n: s for n, s in binds.items() if n not in elsewhere and counts[n] == 1}
    steady = _steady(body, params) if heads else set()
    found = {n: s for n, s in heads.items() if steady.issuperset(ir.reads(s))}
    return _placed(body, found, {n: Inlined(d) for n, d in found.items()}) if found else body


def _is_plain(s: Bind) -> bool:
    return len(s.targets) == 1 and not s.kwargs and not getattr(s.fn, "writes", False) and all(
        isinstance(a, (Var, Const)) for a in s.args)


def _steady(body: Block, params: set[str]) -> set[str]:
    """Names that have one value throughout: parameters and what the outermost block binds once."""
    counts = dict.fromkeys(params, 1)
    changed: set[str] = set()
    for s in ir.walk(body):
        for name in (*ir.defines(s), *s.params) if type(s) is Def else ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
        if type(s) is Store:
            changed.update(ir.reads(s))
    outer = params | {n for s in body if isinstance(s, (Bind, ir.Move)) for n in ir.defines(s)}
    return {n for n in outer if counts[n] == 1} - changed


def _placed(block: Block, found: dict[str, Bind], written: dict[str, Inlined]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and s.targets and found.get(s.targets[0]) is s:
            continue
        if isinstance(s, For):
            s = ir.substitute(s, written)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_placed(b, found, written) for b in inner]))
        out.append(s)
    return tuple(out)
