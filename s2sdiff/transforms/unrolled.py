"""Loops of a helper over what its star parameter collects, written out for one call's arguments."""

from __future__ import annotations

from itertools import count
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Exit, For, Function, Move, Param, Star, Var, replace

__all__ = ["for_call"]


def for_call(helper: Function, call: Bind) -> Function:
    """The helper for as many arguments as the call gives; itself if no loop can be written out.

    `def through(x, *layers): for layer in layers: x = layer(x)` is straight-line code where it is
    known how many layers there are, and then each of them may be known, too.
    """
    star = next((p for p in helper.params if p.kind == "star"), None)
    if star is None or any(p.kind == "starstar" for p in helper.params) or \
            any(isinstance(a, Star) for a in call.args):
        return helper
    before = [p for p in helper.params if p.kind in ("plain", "posonly")]
    more = len(call.args) - len(before)
    if more < 1 or not any(isinstance(s, For) and s.source == Var(star.name)
                           for s in helper.body):
        return helper
    taken = {*helper.names, *ir.all_defs(helper.body), *(p.name for p in helper.params)}
    items = [_fresh(star.name, taken) for _ in range(more)]
    body = _Writing(star.name, items, taken, helper.bases).body(helper)
    if body is None:
        return helper
    kept = [p for p in helper.params if p.kind == "kwonly"]
    return replace(helper, params=(*before, *map(Param, items), *kept), body=body)


def _fresh(stem: str, taken: set[str]) -> str:
    name = next(n for n in (f"{stem}_{i}" for i in count(1)) if n not in taken)
    taken.add(name)
    return name


class _Writing:
    def __init__(self, star: str, items: list[str], taken: set[str], bases: Any) -> None:
        self.star, self.items, self.taken, self.bases = star, items, taken, bases
        #: What each variable of the helper stands for by now: joins of the loop are copies here.
        self.env: dict[Any, ir.Atom] = {}
        self.out: list[ir.Stmt] = []

    def body(self, helper: Function) -> ir.Block | None:
        for s in helper.body:
            if isinstance(s, For) and s.source == Var(self.star):
                if s.orelse or not isinstance(s.target, str):
                    return None
                for item in self.items:
                    self.env[s.target] = Var(item)
                    if not all(map(self.statement, s.body)):
                        return None
            elif not self.statement(s):
                return None
        return tuple(self.out)

    def statement(self, s: ir.Stmt) -> bool:
        """Write a statement under names of its own; False: it is no straight-line one."""
        if self.star in ir.reads(s) or not isinstance(s, (Bind, Move, Exit)):
            return False
        s = ir.substitute(s, self.env)
        if isinstance(s, Move):
            self.env.update(zip(s.targets, s.sources, strict=True))
        else:
            names = {t: _fresh(self.bases.get(t, t), self.taken) for t in ir.defines(s)}
            self.out.append(ir.rename_targets(s, names))
            self.env.update({t: Var(n) for t, n in names.items()})
        return True
