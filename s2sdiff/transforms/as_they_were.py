"""What objects and containers held when they were read, kept for the way back.

Whoever has called may delete or replace an attribute before the pullback runs: the cotangent of
the whole is taken out for what was there, and not for what is.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Function, Ref, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime import contents, whole_values
from s2sdiff.transforms.context import Context

__all__ = ["kept"]

_WHOLE = frozenset(map(id, (whole_values.withdraw, whole_values.deposit, whole_values.give)))


def kept(function: Function, forward: Block, backward: Block,
         context: Context) -> tuple[Block, Block]:
    """Both parts of the code, with `x_parts` beside each `x` whose cotangent goes as a whole."""
    if not context.request.volatile or context.request.mode != "vjp":
        return forward, backward
    whole = [(s, s.args[1].name) for s in ir.walk(backward) if isinstance(s, Bind)
             and _goes_whole(s) and isinstance(s.args[1], Var)]
    if not whole:
        return forward, backward
    params = {p.name for p in function.params}
    bound = {t for s in ir.walk(forward) if isinstance(s, Bind)
             and not s.calls(contents.parts) for t in s.targets}
    moved = {t for s in ir.walk(forward) if not isinstance(s, Bind) for t in ir.defines(s)}
    asked = {n for _, n in whole}
    dicts = {t for s in ir.walk(forward) if isinstance(s, Bind) and not asked.isdisjoint(s.targets)
             and (s.calls(vars) or Const(vars) in s.args or Ref(vars) in s.args
                  or Const("__dict__") in s.args) for t in s.targets[:1]}
    used = [n for s, n in whole if n in dicts or _may_hold(n, s, context)]
    names = {n: Var(context.names(f"{n}_parts")) for n in dict.fromkeys(used)
             if n in params or (n in bound and n not in moved)}
    if not names:
        return forward, backward
    start = tuple([_parts(n, names, function.loc) for n in names if n in params])
    return (*start, *_beside(forward, names)), _instead(backward, names)


def _goes_whole(s: Bind) -> bool:
    return isinstance(s.fn, Ref) and id(s.fn.object) in _WHOLE


def _may_hold(name: str, s: Bind, context: Context) -> bool:
    kind = context.kinds.get(name, ANY)
    if kind.is_number or kind.is_fixed or kind.inert or context.shared(name):
        return False
    # What a call has given is mostly a number.
    return kind.type is not None or s.calls(whole_values.withdraw)


def _parts(name: str, names: dict[str, Var], loc: ir.Loc) -> Bind:
    return Bind((names[name].name,), Ref(contents.parts), (Var(name),), (), loc)


def _beside(block: Block, names: dict[str, Var]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_beside(b, names) for b in inner]))
        out.append(s)
        if isinstance(s, Bind):
            out += [_parts(t, names, s.loc) for t in s.targets if t in names]
    return ir.unless_same(out, block)


def _instead(block: Block, names: dict[str, Var]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_instead(b, names) for b in inner]))
        elif isinstance(s, Bind) and _goes_whole(s):
            whole: Any = s.args[1]
            if isinstance(whole, Var) and whole.name in names:
                s = ir.replace(s, args=(s.args[0], names[whole.name], *s.args[2:]))
        out.append(s)
    return ir.unless_same(out, block)
