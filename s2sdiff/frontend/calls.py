"""Calls: of a name, of a method, of `super()`."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend.comprehensions import beginning_of, quantifier
from s2sdiff.frontend.consumers import begins, extends, folds, listed, quantified, quantifies
from s2sdiff.frontend.context import (
    Context,
    Verbatim,
    bind,
    call_name,
    fresh,
    outside,
    rooted_outside,
)
from s2sdiff.frontend.definitions import anonymous, arguments, definition
from s2sdiff.frontend.displays import displayed
from s2sdiff.frontend.folding import folded
from s2sdiff.frontend.names_left_out import left_out
from s2sdiff.frontend.opaque import reads_frame
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.ir import Atom, Const, Free, Ref, Stmt, Var
from s2sdiff.runtime import standins_iterators

__all__ = ["call"]


def call(ctx: Context, node: Any, out: list[Stmt], hint: str, want: str | None,
         lower: Lower) -> Atom:
    """`f(a, *b, k=c, **d)`; `a.f(b)` becomes `ops.method(a, "f", b)`."""
    frame = reads_frame(ctx, node)
    if frame:
        raise Verbatim(f"expression with {frame}")
    node = _without_displays(node)
    if _is_bare_super(ctx, node):
        # https://docs.python.org/3/library/functions.html#super: what the short form stands for.
        code = ctx.origin.__code__
        args = [Free("__class__"), ctx.atom(code.co_varnames[0])]
        return bind(ctx, out, want or fresh(ctx, "parent"), Ref(super, "super"), args, node)
    nested = ctx.nested.get(node.func.id) if isinstance(node.func, gast.Name) else None
    if isinstance(node.func, gast.Lambda):
        nested = anonymous(ctx, node)
        out += [definition(ctx, nested, lower, None)] if nested is not None else []
    if nested is not None:
        operands = [*node.args, *[k.value for k in node.keywords]]
        atoms = in_order(ctx, operands, out, hint, lower, len(node.args) == 1)
        name = want if want is not None else _name(ctx, node, None, atoms, hint)
        given = arguments(ctx, nested, node, atoms, out)
        return bind(ctx, out, name, Var(nested.name), given, node)
    function = quantifies(ctx, node)
    if function is not None:
        return quantifier(ctx, node, function, out, hint, want, lower, quantified(ctx, node))
    if begins(ctx, node):
        return beginning_of(ctx, node, out, hint, want, lower, quantified(ctx, node))
    if folds(ctx, node):
        return folded(ctx, node, out, hint, want, lower)
    display = displayed(ctx, node)
    if display is not None:
        left_out(ctx, node.func, out, lower)
        return lower(ctx, display, out, hint, want)
    method = isinstance(node.func, gast.Attribute)
    callee = node.func.value if method else node.func
    operands = [callee, *listed(ctx, node), *[k.value for k in node.keywords]]
    first, *atoms = in_order(ctx, operands, out, hint, lower, len(node.args) == 1)
    args = atoms[: len(node.args)]
    names = [k.arg for k in node.keywords]
    kwargs = list(zip(names, atoms[len(node.args) :], strict=True))
    name = want if want is not None else _name(ctx, node, first, [*args, *atoms[len(args) :]], hint)
    if method and extends(ctx, node):
        args = [bind(ctx, out, fresh(ctx, "items"), Ref(standins_iterators.handed), [first, *args],
                     node)]
    if method:
        return bind(ctx, out, name, ops.method, [first, Const(node.func.attr), *args], node, kwargs)
    return bind(ctx, out, name, first, args, node, kwargs)


def _without_displays(node: Any) -> Any:
    """`f(*[a, b], c)` as the call `f(a, b, c)` that it is, of which a rule sees the arguments."""
    if not any(isinstance(a, gast.Starred) and isinstance(a.value, (gast.List, gast.Tuple))
               for a in node.args):
        return node
    args: list[Any] = []
    for a in node.args:
        shown = isinstance(a, gast.Starred) and isinstance(a.value, (gast.List, gast.Tuple))
        args += a.value.elts if shown else [a]
    plain = gast.Call(func=node.func, args=args, keywords=node.keywords)
    return _without_displays(gast.copy_location(plain, node))


def _name(ctx: Context, node: Any, first: Any, atoms: list[Any], hint: str) -> str:
    if isinstance(node.func, gast.Attribute):
        called = node.func.attr
        items = atoms if rooted_outside(ctx, node.func) and atoms else [first, *atoms]
    elif isinstance(node.func, gast.Name):
        called, items = node.func.id, atoms
    else:
        return fresh(ctx, hint)
    name = call_name(ctx, called, items)
    return fresh(ctx, hint) if name is None else fresh(ctx, name, exact=True)


def _is_bare_super(ctx: Context, node: Any) -> bool:
    code = ctx.origin.__code__
    named = isinstance(node.func, gast.Name) and node.func.id == "super"
    short = named and not node.args and not node.keywords and outside(ctx.origin, "super") is super
    return short and "__class__" in code.co_freevars and code.co_argcount > 0
