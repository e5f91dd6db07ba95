"""Put forward and backward code together: a nested pullback (vjp), or all in one body (grad)."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Const, Def, Exit, Function, Ref, Var, replace
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.reverse import Reversed
from s2sdiff.transforms.separated import apart_from_outside, separated

__all__ = ["grad", "vjp"]


def _pack(atoms: tuple[Atom, ...], loc: ir.Loc) -> Atom:
    if len(atoms) == 1:
        return atoms[0]
    return ir.Inlined(Bind((), Ref(ops.tuple_), atoms, (), loc))


def vjp(function: Function, code: Reversed, context: Context) -> Function:
    """`def f_vjp(…): forward; def f_pullback(y_bar): backward; return y, f_pullback`."""
    *forward, last = code.forward
    loc = replace(last.loc, backward=True)
    stem = function.name if function.name.isidentifier() else "function"
    pullback = context.names(f"{stem}_pullback")
    entries = tuple(code.bars[p] for p in context.request.wrt)
    forward = [*separated(function, context), *forward]
    body = (*code.backward, Exit("return", _pack(entries, loc), loc))
    params = (code.seed, context.table().name) if context.request.places else (code.seed,)
    inner = Def(pullback, params, body, last.loc)
    value = result_of(replace(function, body=code.forward))
    result = _pack((value, Var(pullback)), last.loc)
    return replace(function, name=context.names(f"{stem}_vjp"),
                   body=apart_from_outside(function, context, (
                       *forward, inner, Exit("return", result, last.loc))))


def grad(function: Function, code: Reversed, context: Context) -> Function:
    """`def f_grad(…): forward; backward with seed 1.0; return gradients` (or value and they)."""
    *forward, last = code.forward
    stem = function.name if function.name.isidentifier() else "function"
    entries = _pack(tuple(code.bars[p] for p in context.request.wrt), last.loc)
    value = result_of(replace(function, body=code.forward))
    returned = _pack((value, entries), last.loc) if context.request.value else entries
    loc = replace(last.loc, backward=True)
    suffix = "value_and_grad" if context.request.value else "grad"
    return replace(function, name=context.names(f"{stem}_{suffix}"),
                   body=apart_from_outside(function, context, (
                       *separated(function, context), *forward, *code.backward,
                       Exit("return", returned, loc))))


def seed_of_grad(context: Context) -> Atom | tuple:
    """The cotangent that a gradient starts from: 1.0, of a (loss, aux) pair (1.0, nothing)."""
    return (Const(1.0), Const(None)) if context.request.aux else Const(1.0)
