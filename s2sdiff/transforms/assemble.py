"""Put forward and backward code together: a nested pullback (vjp), or all in one body (grad)."""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Const, Def, Exit, Function, Ref, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime.separate import separate
from s2sdiff.runtime.values import apart
from s2sdiff.transforms.activity import result_of
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.reverse import Reversed

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
    forward = [*_separated(function, context), *forward]
    body = (*code.backward, Exit("return", _pack(entries, loc), loc))
    params = (code.seed, context.table().name) if context.request.places else (code.seed,)
    inner = Def(pullback, params, body, last.loc)
    result = _pack((result_of(function), Var(pullback)), last.loc)
    return replace(function, name=context.names(f"{stem}_vjp"),
                   body=(*forward, inner, Exit("return", result, last.loc)))


def grad(function: Function, code: Reversed, context: Context) -> Function:
    """`def f_grad(…): forward; backward with seed 1.0; return gradients` (or value and they)."""
    *forward, last = code.forward
    stem = function.name if function.name.isidentifier() else "function"
    entries = _pack(tuple(code.bars[p] for p in context.request.wrt), last.loc)
    value = result_of(function)
    returned = _pack((value, entries), last.loc) if context.request.value else entries
    loc = replace(last.loc, backward=True)
    suffix = "value_and_grad" if context.request.value else "grad"
    return replace(function, name=context.names(f"{stem}_{suffix}"),
                   body=(*_separated(function, context), *forward, *code.backward,
                         Exit("return", returned, loc)))


def _separated(function: Function, context: Context) -> ir.Block:
    """Arguments may not hold the same place where cotangents are, or may be, kept by place."""
    if not context.request.outer or not (context.bars is not None or context.calls_out):
        return ()
    asked = [n for n in context.request.wrt if _may_lead(n, context)]
    others = [p.name for p in function.params
              if p.name not in context.request.wrt and _may_lead(p.name, context)]
    held = asked + others
    alone = len(held) == 1 and context.arguments.get(held[0], ANY).is_array
    if not asked or alone:
        return ()
    args = (Const(tuple(held)), Const(len(asked)), *map(Var, held))
    # Where something is written, that is what two names may not be for.
    written = (s.loc for s in ir.walk(function.body) if isinstance(s, Bind) and s.calls(apart))
    return (Bind((), Ref(separate), args, (), next(written, function.loc)),)


def _may_lead(name: str, context: Context) -> bool:
    kind = context.arguments.get(name, ANY)
    return not kind.is_fixed and not kind.inert


def seed_of_grad(context: Context) -> Atom | tuple:
    """The cotangent that a gradient starts from: 1.0, of a (loss, aux) pair (1.0, nothing)."""
    return (Const(1.0), Const(None)) if context.request.aux else Const(1.0)
