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
    steady = _steady(body, params)
    found = {}
    for name, s in binds.items():
        only_heads = all(type(t) is For for t in ir.walk(body) if name in ir.reads(t))
        bound = sum([name in ir.defines(t) for t in ir.walk(body)])
        if only_heads and bound == 1 and all(n in steady for n in ir.reads(s)):
            found[name] = s
    return _placed(body, found) if found else body


def _is_plain(s: Bind) -> bool:
    return len(s.targets) == 1 and not s.kwargs and all(isinstance(a, (Var, Const)) for a in s.args)


def _steady(body: Block, params: set[str]) -> set[str]:
    """Names that have one value throughout: parameters and what the outermost block binds once."""
    counts = dict.fromkeys(params, 1)
    changed: set[str] = set()
    for s in ir.walk(body):
        for name in (*ir.defines(s), *(s.params if isinstance(s, Def) else ())):
            counts[name] = counts.get(name, 0) + 1
        if isinstance(s, Store):
            changed.update(ir.reads(s))
    outer = params | {n for s in body if isinstance(s, (Bind, ir.Move)) for n in ir.defines(s)}
    return {n for n in outer if counts[n] == 1} - changed


def _placed(block: Block, found: dict[str, Bind]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and s.targets and found.get(s.targets[0]) is s:
            continue
        if isinstance(s, For):
            s = ir.substitute(s, {n: Inlined(d) for n, d in found.items()})
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_placed(b, found) for b in inner]))
        out.append(s)
    return tuple(out)
