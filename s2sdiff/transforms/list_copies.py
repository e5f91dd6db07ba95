"""Lists of floats that are copies or parts of others, two joined, or one number several times.

The cotangent of `list(xs)`, `xs[:]` and `xs.copy()` is that of `xs`, as it is; that of `xs[1:]` is
added where the items were read; of that of `xs + ys` each gets its part; that of `[x] * n` is
summed up.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff.ir import Bind, Const, Ref, Var, plain_args
from s2sdiff.kinds import Kind, scalar
from s2sdiff.runtime import slots
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.own_lists import copies, joins, slices
from s2sdiff.transforms.pull import Pull

__all__ = ["linearized"]

Shares = list[tuple[str, Any]]


def linearized(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """A copy of a list, or a repeated item; None for all other calls."""
    if s.kwargs or len(s.targets) != 1 or not s.args or not isinstance(s.args[0], Var):
        return None
    source, (target,) = s.args[0], s.targets
    if context.shared(source.name) or context.shared(target) or source.name not in \
            context.active or not _is_of_floats(emit.kind(Var(target))):
        return None
    if s.calls(operator.mul) and context.local(target) and len(
            emit.kind(source).items or ()) == 1 and emit.kind(s.args[-1]).type is int:
        emit.out.append(s)
        return Pull(lambda back, bars: [(source.name, [_summed(bars[0], source, back)])])
    if joins(s, context):
        return _joined(s, emit, context)
    if not _is_of_floats(emit.kind(source)):
        return None
    if slices(s, context) and s.args[1:] != (Const(slice(None)),):
        return _part(s, source, emit, context)
    if (s.calls(list) and len(s.args) == 1) or copies(s, context):
        emit.out.append(s)
        return Pull(lambda back, bars: _handed(bars[0], source, back))
    return None


def _is_of_floats(kind: Kind) -> bool:
    if kind.type is not list:
        return False
    each = kind.items or (() if kind.each is None else (kind.each,))
    return bool(each) and all(k.is_float for k in each)


def _handed(bar: Any, source: Var, back: Emitter) -> Shares:
    """The cotangent of a copy, as it is."""
    if isinstance(bar, Var) and not back.context.local(source.name):
        # What is added to a list's cotangent is put into it by index, if it is a dict.
        back.fresh.discard(bar.name)
    return [(source.name, bar)]


def _part(s: Bind, source: Var, emit: Emitter, context: Context) -> Pull:
    key = plain_args(s)[1]
    # Somebody else's may have another length when the pullback runs.
    count = None if context.local(source.name) else \
        emit.bind(Ref(len, "len"), [source], {}, f"{source.name}_count")
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> Shares:
        many = count or back.bind(Ref(len, "len"), [source], {}, "count_1")
        args = [back.atom(bars[0]), key, many]
        return [(source.name, back.bind(Ref(slots.of_part), args, {}, f"{source.name}_bar"))]

    return Pull(pull)


def _joined(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    lists = plain_args(s)
    if any(isinstance(a, Var) and context.shared(a.name) for a in lists) or not all(
            _is_of_floats(emit.kind(a)) for a in lists):
        return None
    emit.out.append(s)
    first, second = [_count(a, emit) for a in lists]

    def pull(back: Emitter, bars: list[Any]) -> Shares:
        bar, names = back.atom(bars[0]), [getattr(a, "name", "") for a in lists]
        if not context.local(s.targets[0]):
            args = [bar, first, second]
            bar = back.bind(Ref(slots.in_full), args, {}, f"{s.targets[0]}_bar")
        known = [emit.kind(a).items or () for a in lists]
        # Items of displays are read one by one, the second's from the end.
        places = (range(len(known[0])), range(-len(known[1]), 0))
        ends = ([Const(None), first], [first, Const(None)])
        return [(n, [_item(bar, i, n, back) for i in at] if at else _part_of(bar, end, n, back))
                for n, at, end in zip(names, places, ends, strict=True) if n in context.active]

    return Pull(pull)


def _item(bar: Any, i: int, name: str, back: Emitter) -> Var:
    made = back.bind(Ref(operator.getitem), [bar, Const(i)], {}, f"{name}_bar")
    back.context.kinds[made.name] = scalar(None, "real")
    return made


def _part_of(bar: Any, ends: Any, name: str, back: Emitter) -> Var:
    if all(isinstance(a, Const) for a in ends):
        key: Any = Const(slice(*[a.value for a in ends]))
    else:
        key = back.bind(Ref(slice), ends, {}, "part_1")
    return back.bind(Ref(operator.getitem), [bar, key], {}, f"{name}_bar")


def _count(a: Any, emit: Emitter) -> Any:
    """How many items a list has now."""
    items = emit.kind(a).items
    name = f"{a.name}_count" if isinstance(a, Var) else "count_1"
    return Const(len(items)) if items else emit.bind(Ref(len, "len"), [a], {}, name)


def _summed(bar: Any, source: Var, back: Emitter) -> Any:
    return back.bind(Ref(sum, "sum"), [back.atom(bar)], {}, f"{source.name}_bar")
