"""`sum` of numbers in a list: each has the cotangent of the sum, whose tangent is theirs summed."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ops, registry
from s2sdiff.ir import Bind, Ref, Var
from s2sdiff.kinds import Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull

__all__ = ["is_sum", "linearized"]


def is_sum(s: Bind, kind: Kind, context: Context) -> bool:
    """A call of Python's `sum`, by the library's own rule, of real numbers alone."""
    if not s.calls(sum) or len(s.args) != 1 or s.kwargs or not isinstance(s.args[0], Var):
        return False
    rule = registry.find(sum)
    context.rules[id(sum)] = sum, rule
    items = kind.items or ((kind.each,) if kind.each is not None else ())
    return rule is not None and rule.pure and registry.find(sum, "jvp") is None and \
        kind.type in (list, tuple) and bool(items) and all(
            k.is_scalar and k.field == "real" for k in items)


def linearized(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """The sum as it is; None for all other calls, and for lists that others write."""
    kind = emit.kind(s.args[0]) if len(s.args) == 1 else Kind()
    if not is_sum(s, kind, context) or len(s.targets) != 1:
        return None
    name = s.args[0].name  # type: ignore[union-attr]
    if context.shared(name) or context.local(name):
        return None
    emit.out.append(s)
    count = None if kind.items is not None else emit.bind(
        Ref(len, "len"), [Var(name)], {}, f"{name}_count")

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = back.atom(bars[0])
        if count is None:
            return [(name, (bar,) * len(kind.items or ()))]
        one = back.bind(Ref(ops.list_), [bar], {}, f"{name}_bar")
        return [(name, back.bind(Ref(operator.mul), [one, count], {}, f"{name}_bar"))]

    return Pull(pull)
