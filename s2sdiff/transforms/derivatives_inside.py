"""Calls of derivatives, in code that is differentiated again: written in as the code that they run.

`grad(g)(p, x)` runs a function with a text.  Where the code around is differentiated again, a call
of it has a pullback, of which nothing is known then; its text in the place of the call has none.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.errors import DifferentiationError
from s2sdiff.ir import Bind, Block, Function, Ref, Star, replace
from s2sdiff.runtime import nested
from s2sdiff.transforms import inline
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.varying import may_vary

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with generated code for such calls; itself where there are none."""
    if not context.request.again and context.request.mode != "jvp":
        return function
    varies = may_vary(function, context)
    body = _block(function.body, varies, context)
    if body is function.body:
        return function
    return inline.helpers(replace(function, body=body), context, True)


def _block(block: Block, varies: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            made = tuple([_block(b, varies, context) for b in inner])
            same = all(a is b for a, b in zip(made, inner, strict=True))
            out.append(s if same else ir.with_blocks(s, made))
            continue
        code = _code(s, varies, context) if isinstance(s, Bind) else None
        out.append(s if code is None else replace(s, fn=Ref(code)))
    return ir.unless_same(out, block)


def _code(s: Bind, varies: set[str], context: Context) -> Any:
    """The generated function that a call runs, for what is known of its arguments."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if s.kwargs or len(s.targets) != 1 or not nested.is_derivative(fn) or any(
            isinstance(a, Star) for a in s.args) or varies.isdisjoint(ir.reads(s)):
        return None
    compiled = getattr(fn, "__s2sdiff_compiled__", None)
    kinds = [kind_of_atom(a, context) for a in s.args]
    if compiled is None or not all(k.is_number or k.inert for k in kinds):
        return None
    try:
        made = compiled(tuple(kinds))
    except DifferentiationError:
        return None
    if made is None:
        return None
    for guard in made.guards:
        context.guard(guard if guard.owner is not None else replace(
            guard, owner=nested.owner(fn)))
    context.rules.update({id(f): (f, rule) for f, rule in made.rules})
    return made.function
