"""What a helper does with what its star parameter collects, written out for one call's arguments.

That is looping over it, and handing it on in calls.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Exit, For, Function, Move, Param, Star, Var, replace
from s2sdiff.transforms import keywords

__all__ = ["for_call", "handed_on"]


def for_call(helper: Function, call: Bind) -> Function:
    """The helper for as many arguments as the call gives; itself if no loop can be written out.

    `def through(x, *layers): for layer in layers: x = layer(x)` is straight-line code where it is
    known how many layers there are, and then each of them may be known, too.
    """
    known, body = handed_on(helper, helper.body, call)
    if known is not helper:
        return replace(known, body=body)
    star, more = _collected(helper, call)
    if star is None:
        return helper
    before = [p for p in helper.params if p.kind in ("plain", "posonly")]
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


def handed_on(helper: Function, body: Block, call: Bind) -> tuple[Function, Block]:
    """A helper, and what it does, for a call, if it does nothing but hand its stars on.

    In `def step(f, t, y, *args): return y + f(t, y, *args)` it is known then what `f` gets.
    """
    helper, body = _keywords_handed_on(helper, body, call)
    star, more = _collected(helper, call)
    if star is None or (helper.origin.__module__ or "").startswith("s2sdiff.runtime."):
        return helper, body
    taken = {*helper.names, *ir.all_defs(body), *(p.name for p in helper.params)}
    items = [_fresh(star.name, taken) for _ in range(more)]
    whole, inside = Star(Var(star.name)), tuple(map(Var, items))

    def spread(s: ir.Stmt) -> ir.Stmt:
        if isinstance(s, Bind) and whole in s.args:
            s = replace(s, args=tuple([v for a in s.args for v in (
                inside if a == whole else (a,))]))
        blocks = ir.blocks(s)
        return ir.with_blocks(s, tuple([tuple(map(spread, b)) for b in blocks])) if blocks else s

    made = tuple(map(spread, body))
    if star.name in ir.all_defs(body) or any(star.name in ir.reads(s) for s in ir.walk(made)):
        return helper, body
    at = helper.params.index(star)
    params = (*helper.params[:at], *map(Param, items), *helper.params[at + 1:])
    return replace(helper, params=params), made


def _keywords_handed_on(helper: Function, body: Block, call: Bind) -> tuple[Function, Block]:
    """The same for `**options`, of which items may also be read: each becomes a keyword."""
    star = next((p for p in helper.params if p.kind == "starstar"), None)
    if star is None or any(k is None for k, _ in call.kwargs) or \
            (helper.origin.__module__ or "").startswith("s2sdiff.runtime."):
        return helper, body
    own = {p.name for p in helper.params if p.kind in ("plain", "kwonly")}
    names = [k for k, _ in call.kwargs if k is not None and k not in own]
    if not {*helper.names, *ir.all_defs(body), *helper.free}.isdisjoint(names):
        return helper, body
    whole = Var(star.name)
    items: list[tuple[str, ir.Atom]] = [(n, Var(n)) for n in names]

    def spread(s: ir.Stmt) -> ir.Stmt:
        if isinstance(s, Bind) and (None, whole) in s.kwargs:
            given = [k for k, _ in s.kwargs]
            if given.count(None) == 1 and set(given).isdisjoint(names):
                s = replace(s, kwargs=tuple([pair for k, a in s.kwargs for pair in (
                    items if k is None else [(k, a)])]))
        else:
            read = keywords.read_of(s, star.name, dict(items))
            s = s if read is None else Move(ir.defines(s), (read,), s.loc)
        blocks = ir.blocks(s)
        return ir.with_blocks(s, tuple([tuple(map(spread, b)) for b in blocks])) if blocks else s

    made = tuple(map(spread, body))
    if star.name in ir.all_defs(body) or any(star.name in ir.reads(s) for s in ir.walk(made)):
        return helper, body
    params = tuple([p for p in helper.params if p is not star])
    return replace(helper, params=(*params, *[Param(n, "kwonly") for n in names])), made


def _collected(helper: Function, call: Bind) -> tuple[Param | None, int]:
    """The star parameter of a helper, if it is known how many arguments of a call it collects."""
    star = next((p for p in helper.params if p.kind == "star"), None)
    if star is None or any(p.kind == "starstar" for p in helper.params) or \
            any(isinstance(a, Star) for a in call.args) or any(k is None for k, _ in call.kwargs):
        return None, 0
    before = sum(p.kind in ("plain", "posonly") for p in helper.params)
    return star, max(len(call.args) - before, 0)


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
