"""The user's name for what the value part of a rule made."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, Ref, Var
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.template import Closure
from s2sdiff.transforms.written_options import may_overwrite

__all__ = ["settle"]


def settle(s: Bind, value: Any, emit: Emitter, context: Context, closure: Closure | None) -> None:
    """Bind the user's name to what the rule's value part made."""
    target = s.targets[0]
    atom = emit.atom(value)
    for i in range(len(emit.out) - 1, -1, -1):
        made = emit.out[i]
        if not (isinstance(made, Bind) and isinstance(atom, Var) and made.targets == (atom.name,)):
            continue
        kept = atom.name
        emit.out[i] = s if _same_call(made, s) else ir.replace(made, targets=(target,))
        if i + 1 < len(emit.out):
            emit.out[i + 1:] = ir.rename(tuple(emit.out[i + 1:]), {kept: target})
        context.names.free(kept)
        if closure is not None:
            _rename(closure, kept, target)
        return
    emit.out.append(ir.Move((target,), (atom,), s.loc))


def _same_call(made: Bind, s: Bind) -> bool:
    """The rule's value part is the very call that the user wrote, in other words."""
    if not isinstance(made.fn, Ref) or not isinstance(s.fn, Ref):
        return False
    if may_overwrite(s, s.fn.object):
        return False  # a permission that rules do not use
    if made.fn.object is s.fn.object:
        rule = registry.find(s.fn.object)
        return rule is not None and rule.pure
    one, two = registry.find(made.fn.object), registry.find(s.fn.object)
    return one is not None and two is not None and one.function is two.function and two.pure


def _rename(closure: Closure, old: str, new: str) -> None:
    """What the pullback captures under the rule's name for the value now has the user's name."""
    env = closure.env
    for key, value in env.items():
        t = type(value)
        if t is Var:
            if value.name == old:
                env[key] = Var(new)  # it has this key already: its size stays
        elif t is Closure and value.env is not env:
            _rename(value, old, new)
