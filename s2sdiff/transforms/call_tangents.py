"""The tangents of what one call gives: by its rule, transposed, or by a call that gives both.

`forward` walks through the program, and asks here for each call that computes something active.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import errors, ir, registry
from s2sdiff.ir import Bind, Const, Function, Ref, Var
from s2sdiff.transforms import differentials, in_places, linear, linearize, planting
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.entries import name_of
from s2sdiff.transforms.pushed import fits, fitted, pushed
from s2sdiff.transforms.tangents import Tangents
from s2sdiff.transforms.transpose import NotLinear, NotStraight, transposed

__all__ = ["computed", "in_order"]

#: Neither they nor their tangents raise anything for numbers.
_PLAIN = (Ref(operator.add), Ref(operator.sub), Ref(operator.mul), Ref(operator.neg))


def computed(s: Bind, emit: Emitter, tangents: Tangents,
             function: Function) -> dict[str, Any]:
    """Emit a call and the tangents of what it gives, by target."""
    context = emit.context
    mark, names = len(emit.out), len(context.names.given)
    dots = {n: tangents.of(Var(n), emit) for n in dict.fromkeys(ir.reads(s))
            if n in context.active}
    if fits(s, dots, context):
        return fitted(s, dots, emit)
    try:
        if context.bars is not None and s.calls(getattr):
            known = in_places.attribute(s, emit)
            if known is not None:
                return known
            raise NotStraight
        if isinstance(s.fn, Ref) and not isinstance(s.fn.object, ir.Opaque) and \
                (rule := registry.find(s.fn.object, "jvp")) is not None:
            context.rules[id(s.fn.object)] = (s.fn.object, registry.find(s.fn.object))
            made = differentials.written(s, rule, dots, emit)
            if made is not None:
                return {s.targets[0]: made}
            raise NotStraight
        if (context.bars is not None and in_places.rule_of_objects(s, context)) or \
                linear.of_lists(s, dots, emit):
            raise NotStraight
        pull = linearize.call(s, emit, context, function)
        if pull.push is not None and linear.fits(s, dots, emit) is None:
            return pull.push(emit, dots)
        if pull.push is not None or pull.places or len(s.targets) != 1:
            raise NotStraight
        if not dots:
            return {s.targets[0]: tangents.zero(Var(s.targets[0]), emit)}
        made = transposed(s, pull, dots, emit, context, function, _is_users(s))
        found = tangents.zero(Var(s.targets[0]), emit) if made is None else made
        return {s.targets[0]: found}
    except NotLinear:
        del emit.out[mark:]
        found = linear.pushed(s, dots, emit, tangents)
        if found is not None:
            return found
        emit.out += [planting.refuse(
            errors.RuleError,
            f"the pullback of {name_of(s.fn)} is not linear in its cotangent",
            "return a pullback that only multiplies, adds and selects, or register a "
            "differential with mode='jvp'", s.loc), s]
        return {t: Const(None) for t in s.targets}
    except NotStraight:
        del emit.out[mark:]
        context.names.take_back(names)
        found = linear.pushed(s, dots, emit, tangents)
        if found is not None:
            return found
        push = pushed(s, context).push
        assert push is not None
        return push(emit, dots)


def _is_users(s: Bind) -> bool:
    rule = registry.find(s.fn.object) if isinstance(s.fn, Ref) and not isinstance(
        s.fn.object, ir.Opaque) else None
    return rule is not None and not rule.constant and not rule.pure


def in_order(s: Bind, emit: Emitter) -> None:
    """Put a number's tangent in front of it, so that it may become a part of one expression.

    In a loop the number takes its own name anew: what reads the one before must come first.
    """
    if s.fn not in _PLAIN or not s.targets or not emit.kind(Var(s.targets[0])).is_scalar:
        return
    target, out = s.targets[0], emit.out
    at = next((i for i, t in enumerate(out) if target in ir.defines(t)), None)
    if at is not None and not any(target in ir.reads(t) for t in out[at + 1:]):
        out.append(out.pop(at))
