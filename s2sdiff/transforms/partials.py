"""Calls of functions by way of others: of `functools.partial` objects that have a name, and of
`operator.call`, as calls of the function with all arguments; `operator.contains` as `in`.

`scaled = partial(scale, w); scaled(x)` is `scale(w, x)` wherever nothing bound `w` anew in between,
and nothing but calls has to do with `scaled`.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Ref, Star, Var, replace

__all__ = ["called"]


def called(function: Function) -> Function:
    """The function with such calls written out; itself where there are none."""
    function = _at_once(function)
    if id(functools.partial) not in ir.called(function):
        return function
    counts = dict.fromkeys((p.name for p in function.params), 1)
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    made = {s.targets[0]: s for s in ir.statements(function) if isinstance(s, Bind)
            and s.calls(functools.partial) and _is_steady(s, counts)}

    for s in ir.statements(function):
        # Whoever has the object may write into its keywords.
        called = s.fn.name if isinstance(s, Bind) and isinstance(s.fn, Var) else ""
        args = ir.reads(replace(s, fn=Const(None))) if called and isinstance(s, Bind) else \
            ir.reads(s)
        for name in args:
            made.pop(name, None)

    def written(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        known = made.get(s.fn.name) if isinstance(s, Bind) and isinstance(s.fn, Var) else None
        if known is None or not isinstance(s, Bind) or any(k is None for k, _ in s.kwargs):
            return None
        fn: Any = known.args[0]
        kwargs = {**dict(known.kwargs), **dict(s.kwargs)}
        return (replace(s, fn=fn, args=(*known.args[1:], *s.args), kwargs=tuple(kwargs.items())),)

    return replace(function, body=ir.rewritten(function.body, written)) if made else function


#: Python has it since 3.11.
_CALL: Any = getattr(operator, "call", None)


def _at_once(function: Function) -> Function:
    """`operator.call(f, x)` is `f(x)`, and `operator.contains(items, x)` is `x in items`."""
    if ir.called(function).isdisjoint((id(_CALL), id(operator.contains))):
        return function

    def written(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        if not isinstance(s, Bind) or Star in map(type, s.args[:2]):
            return None
        if s.calls(operator.contains) and len(s.args) == 2:
            return (replace(s, fn=Ref(ops.contains), args=s.args[::-1]),)
        called = s.calls(_CALL) and s.args
        return (replace(s, fn=s.args[0], args=s.args[1:]),) if called else None  # type: ignore

    return replace(function, body=ir.rewritten(function.body, written))


def _is_steady(s: Bind, counts: dict[str, int]) -> bool:
    """Neither the object nor what it was made of is bound a second time."""
    atoms = (*s.args, *[a for _, a in s.kwargs])
    return len(s.targets) == 1 and bool(s.args) and isinstance(s.args[0], (Ref, Var)) and not any(
        isinstance(a, (Star, Free)) for a in atoms) and not any(k is None for k, _ in s.kwargs) \
        and all(counts.get(n) == 1 for n in (*s.targets, *ir.reads(s)))
