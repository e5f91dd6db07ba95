"""A pullback transposed: from the tangents of a call's arguments to the tangent of its result.

A pullback is linear in its cotangent, and transposing a linear map is differentiating it: the
pullback is written out for a cotangent that nobody has, and that code is taken backwards, with the
arguments' tangents where their cotangents came out.  What is left must not read the cotangent any
more, but for its shape and dtype, which are those of the result.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Atom, Bind, Ref, Stmt, Store, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.rules.helpers import product
from s2sdiff.transforms import linearize, many
from s2sdiff.transforms.backward import BackwardCode
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.linear_steps import is_zero, stays_linear
from s2sdiff.transforms.pull import Pull
from s2sdiff.transforms.steps import Call

__all__ = ["NotLinear", "NotStraight", "transposed"]


class NotStraight(Exception):
    """The pullback is no sequence of calls: it is transposed when the call is made."""


class NotLinear(Exception):
    """The pullback reads its cotangent where a linear one does not."""


def transposed(s: Bind, pull: Pull, dots: dict[str, Atom], emit: Emitter, context: Context,
               function: ir.Function, users: bool = False) -> Atom | None:
    """Emit the tangent of a call's result; None where it is zero.

    The target is among `emit.fresh` then, if its tangent surely shares memory with nothing.

    Parameters
    ----------
    pull : what linearising the call has left
    dots : the tangents of the call's active arguments, by variable
    users : the rule is not the library's: it may be no linear function
    """
    (target,) = s.targets
    seed = context.names(f"{target}_bar")
    context.kinds[seed] = context.kinds.get(target, ANY)
    scratch = Emitter(context, s.loc, True)
    scratch.tuples, scratch.for_tangents = dict(emit.tuples), True
    shares = [(n, scratch.atom(share)) for n, share in pull.run(scratch, [Var(seed)])]
    linear, steps = {seed}, []
    values: dict[int, Stmt] = {}
    shaped: set[str] = set()
    wanted, _ = _live(scratch.out, {share.name for _, share in shares if isinstance(share, Var)})
    for t in wanted:
        if linear.isdisjoint(ir.reads(t)) and shaped.isdisjoint(ir.reads(t)):
            emit.out.append(t)
        elif isinstance(t, Bind) and (
                linear.isdisjoint(ir.reads(t)) or _asks_for_shape(t, linear)):
            values[id(t)] = t
            shaped.update(t.targets)
        elif isinstance(t, Bind) and t.targets:
            if users and not stays_linear(t, linear):
                raise NotStraight
            linear.update(t.targets)
            steps.append(t)
        else:
            raise NotStraight
    outer, context.active = context.active, linear
    try:
        found, out, more = _taken_back(shares, steps, dots, linear, context, function, users)
    finally:
        context.active = outer
    atom = None if found.get(seed) is None else out.full(found[seed])
    code, needed = _live(out.out, {atom.name} if isinstance(atom, Var) else set())
    if any(not linear.isdisjoint(ir.reads(t)) and not (
            isinstance(t, Bind) and _asks_for_shape(t, linear)) for t in code):
        raise NotLinear
    # What is computed of shapes stands where the pullback has it, among the steps' values.
    read, _ = _live([v for t in wanted for v in more.get(id(t), [values[id(t)]] if id(
        t) in values else [])], needed)
    # Where a cotangent is asked for its shape, it is the result that is asked.
    if isinstance(atom, Var) and atom.name in out.fresh:
        emit.fresh.add(target)
    made = _uncrossed([*read, *code, *([] if atom is None else [ir.Move(("",), (atom,), s.loc)])],
                      emit)
    # Nothing is simplified from here on.
    made = [ir.replace(t, fn=_SCALED) if isinstance(t, Bind) and t.calls(product) else t
            for t in made]
    made = _named(list(many.run(tuple(made))) if context.request.many else made, context)
    if atom is not None:
        (atom,) = made.pop().sources  # type: ignore[union-attr]
    emit.out += [ir.replace(ir.substitute(t, {seed: Var(target)}), loc=s.loc) for t in made]
    return atom


def _taken_back(shares: list[tuple[str, Any]], steps: list[Bind], dots: dict[str, Atom],
                linear: set[str], context: Context, function: ir.Function, users: bool
                ) -> tuple[dict[str, Any], Emitter, dict[int, list[Stmt]]]:
    """The steps backwards: the cotangents that are left, their code, and values it may read, by
    step."""
    engine = _Engine(context, {})
    have: dict[str, Any] = {}
    out = Emitter(context, function.loc, True)
    out.tuples, out.masked, out.fresh = engine.tuples, engine.masked, engine.fresh
    for name, share in reversed(shares):
        if isinstance(share, Var) and share.name in linear:
            engine.give(share.name, dots[name], have, out, set())
        elif not is_zero(share):
            raise NotStraight if users else NotLinear
    values: dict[int, list[Stmt]] = {}
    for t in reversed(steps):
        value = Emitter(context, t.loc, False)
        step = linearize.call(t, value, context, function)
        if step.push is not None or step.places:
            raise NotStraight
        engine.pull(Call(t, step, {}), have, out)
        values[id(t)] = value.out
    return have, out, values


class _Engine(BackwardCode):
    """Backward code whose sums are written as sums, with the first argument's term first."""

    def added(self, old: Any, share: Any, x: Var, kind: Kind, emit: Emitter) -> Any:
        if not kind.is_number or (isinstance(old, Var) and old == share):
            return super().added(old, share, x, kind, emit)
        if isinstance(old, Lazy) != isinstance(share, Lazy):
            old, share = (p.atom if isinstance(p, Lazy) else p for p in (old, share))
        positive, grow = self.signed(share, emit)
        if grow is operator.isub:
            return emit.call(Ref(operator.sub), [old, positive], {}, f"{x.name}_bar")
        old, grow = self.signed(old, emit)
        fn = operator.sub if grow is operator.isub else operator.add
        return emit.call(Ref(fn), [share, old], {}, f"{x.name}_bar")


def _live(code: list[Stmt], needed: set[str]) -> tuple[list[Stmt], set[str]]:
    """The statements that matter for the names that are needed, and all that these read."""
    kept: list[Stmt] = []
    needed = set(needed)
    for t in reversed(code):
        changed = (t.target.name,) if isinstance(t, Store) and isinstance(t.target, Var) else \
            ir.defines(t)
        if not changed or not needed.isdisjoint(changed):
            needed.update(ir.reads(t))
            kept.append(t)
    return kept[::-1], needed


#: They read the shape and the dtype of their argument, and no number in it.
_SHAPES = frozenset(map(id, (
    np.shape, np.ndim, np.size, len, runtime.zeros, np.zeros_like,
    *[vars(np.ndarray)[n] for n in ("shape", "ndim", "size", "dtype")])))
#: They give their first argument in the shape and dtype of the second.
_LIKE = frozenset(map(id, (runtime.match, runtime.match_number, runtime.fitted)))


def _asks_for_shape(t: Bind, linear: set[str]) -> bool:
    fn = t.fn.object if isinstance(t.fn, Ref) else None
    if id(fn) in _SHAPES:
        return True
    first = t.args[0] if t.args else None
    return id(fn) in _LIKE and not (isinstance(first, Var) and first.name in linear)


def _uncrossed(code: list[Stmt], emit: Emitter) -> list[Stmt]:
    """Code without `a.T.T`, which the transpose of a product with `a.T` begins with."""
    crossed = {t.targets[0]: t.args[0] for t in (*emit.out, *code)
               if isinstance(t, Bind) and len(t.targets) == 1 and t.calls(_T)}
    env: dict[str, Any] = {}
    out: list[Stmt] = []
    for t in code:
        t = ir.substitute(t, env)
        inner = t.args[0] if isinstance(t, Bind) and t.calls(_T) else None
        if isinstance(t, Bind) and isinstance(inner, Var) and inner.name in crossed:
            env[t.targets[0]] = crossed[inner.name]
        else:
            out.append(t)
    return out


_T = vars(np.ndarray)["T"]
_SCALED = Ref(runtime.scaled)


def _named(code: list[Stmt], context: Context) -> list[Stmt]:
    """Code whose temporary names say that they are tangents."""
    names: dict[str, str] = {}
    for name in [n for t in code for n in ir.defines(t)]:
        stem, bar, _ = name.partition("_bar")
        if bar:
            names[name] = context.names(f"{stem}_dot")
            context.kinds[names[name]] = context.kinds.get(name, ANY)
    return list(ir.rename(tuple(code), names)) if names else code
