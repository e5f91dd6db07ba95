"""Lists of floats that are copies of others, or one number several times.

The cotangent of `list(xs)`, `xs[:]` and `xs.copy()` is that of `xs`, as it is; that of `[x] * n` is
summed up.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff.ir import Bind, Ref, Var
from s2sdiff.kinds import Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.own_lists import copies
from s2sdiff.transforms.pull import Pull

__all__ = ["linearized"]


def linearized(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """A copy of a list, or a repeated item; None for all other calls."""
    if s.kwargs or len(s.targets) != 1 or not s.args or not isinstance(s.args[0], Var):
        return None
    source, (target,) = s.args[0].name, s.targets
    if context.shared(source) or context.shared(target) or source not in context.active or \
            not _is_of_floats(emit.kind(Var(target))):
        return None
    if ((s.calls(list) and len(s.args) == 1) or copies(s)) and _is_of_floats(emit.kind(s.args[0])):
        emit.out.append(s)

        def handed(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
            if isinstance(bars[0], Var) and not context.local(source):
                # What is added to a list's cotangent is put into it by index, if it is a dict.
                back.fresh.discard(bars[0].name)
            return [(source, bars[0])]

        return Pull(handed)
    if s.calls(operator.mul) and context.local(target) and len(
            emit.kind(s.args[0]).items or ()) == 1 and emit.kind(s.args[-1]).type is int:
        emit.out.append(s)
        return Pull(lambda back, bars: [(source, [_summed(bars[0], source, back)])])
    return None


def _is_of_floats(kind: Kind) -> bool:
    if kind.type is not list:
        return False
    each = kind.items or (() if kind.each is None else (kind.each,))
    return bool(each) and all(k.is_float for k in each)


def _summed(bar: Any, source: str, back: Emitter) -> Any:
    return back.bind(Ref(sum, "sum"), [back.atom(bar)], {}, f"{source}_bar")
