"""A rule's own differential, written into forward code as a pullback is into backward code."""

from __future__ import annotations

from typing import Any

from s2sdiff import ops, runtime
from s2sdiff.ir import Atom, Bind, Const, Ref, Var
from s2sdiff.kinds import Kind, same_dtype
from s2sdiff.registry import Rule
from s2sdiff.transforms import paste
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.factors import parts
from s2sdiff.transforms.settled import settle
from s2sdiff.transforms.template import Closure, template_of

__all__ = ["written"]


def written(s: Bind, rule: Rule, dots: dict[str, Atom], emit: Emitter) -> Any:
    """Emit a call and its tangent, which is given; None where the rule is to be called.

    It is called where it is the user's, where it is no straight-line code, and for many tangents
    at once.
    """
    context = emit.context
    template = template_of(rule.function) if rule.pure and not context.request.many else None
    named = {Var(n) for n in (*s.targets, *dots)}
    if template is None or len(s.targets) != 1 or not all(_of_numbers(emit.kind(a)) for a in named):
        return None
    mark, names = len(emit.out), len(context.names.given)
    try:
        env = paste.bind_arguments(template, s.args, dict(s.kwargs))
        returned = paste.run(template, env, emit, s.targets[0])
        if not isinstance(returned, tuple) or not isinstance(returned[-1], Closure):
            raise paste.NotStraight
        value, closure = returned
        settle(s, value, emit, context, closure)
        wrt = rule.wrt if rule.wrt is not None else tuple([p.name for p in template.params])
        if not env.keys() >= set(wrt):
            raise paste.NotStraight  # it takes stars, and a signature says what they are
        if any(_dot(env.get(p.name), dots) != Const(None) for p in template.params
               if p.name not in wrt):
            raise paste.NotStraight  # what the differential says nothing of moves: a refusal
        given = tuple([_dot(env[n], dots) for n in wrt])
        bound = paste.bind_arguments(closure.template, given, {})
        made = paste.run(closure.template, {**closure.env, **bound}, emit, f"{s.targets[0]}_dot")
        kind = emit.kind(Var(s.targets[0]))
        items = parts(kind)
        if items is not None and isinstance(made, tuple) and len(made) == len(items):
            whole = [_fitted(dot, k, None, emit) for dot, k in zip(made, items, strict=True)]
            return emit.bind(Ref(ops.tuple_), whole, {}, f"{s.targets[0]}_dot")
        return _fitted(made, kind, Var(s.targets[0]), emit)
    except (paste.NotStraight, TypeError):
        del emit.out[mark:]
        context.names.take_back(names)
        return None


def _of_numbers(kind: Kind) -> bool:
    """Numbers, arrays, and tuples and lists of them, whose tangents are such."""
    items = parts(kind)
    if kind.each is not None:
        return kind.each.is_number
    return kind.is_number or kind.inert or (items is not None and all(map(_of_numbers, items)))


def _dot(given: Any, dots: dict[str, Atom]) -> Any:
    """The tangent of what a parameter stands for; of a star's, one for each argument."""
    if isinstance(given, tuple):
        moving = tuple([_dot(a, dots) for a in given])
        return moving if any(d != Const(None) for d in moving) else Const(None)
    return dots.get(given.name, Const(None)) if isinstance(given, Var) else Const(None)


def _fitted(dot: Any, kind: Kind, like: Var | None, emit: Emitter) -> Any:
    """A tangent that surely is of its value's kind."""
    atom = emit.atom(dot)
    known = emit.kind(atom)
    alike = known.is_array is kind.is_array and same_dtype(known, kind) and \
        known.field == kind.field is not None and (
            known.shape is not None and kind.shape is not None
            and len(known.shape) == len(kind.shape))
    if alike:
        return atom
    if like is None:
        raise paste.NotStraight
    return emit.bind(Ref(runtime.match), [atom, like], {}, f"{like.name}_dot")
