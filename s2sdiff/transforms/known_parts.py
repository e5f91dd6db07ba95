"""Items and attributes of containers and objects of which the kinds say what is in them.

Where nothing changes a dict, list or object of an argument, reading `p["w"]` or `o.w` gives what it
had when the call began.  The cotangent of the whole is then made of its parts' by key, and adding
to one of them touches no other.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import runtime
from s2sdiff.ir import Bind, Const, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import slots
from s2sdiff.transforms import factors
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull
from s2sdiff.transforms.staying import part_of

__all__ = ["added", "in_order", "merged", "read"]


def read(s: Bind, emit: Emitter, context: Context) -> Pull | None:
    """A read of a part that is known, as it is; None for all other calls."""
    if len(s.targets) != 1 or len(s.args) != 2 or s.kwargs:
        return None
    source, key = s.args
    if not isinstance(source, Var):
        return None
    kind = emit.kind(source)
    if context.shared(source.name) or context.shared(s.targets[0]):
        return None
    at = factors.part(s, kind)
    if at is not None:
        return _of_key(s, source.name, Kind(tuple, items=kind.items), at, emit)
    if s.calls(operator.getitem) and kind.type is list and kind.items is None:
        at = emit.kind(key)
        return _of_index(s, source.name, None, key, emit) if at.type is int else None
    if s.calls(operator.getitem) and kind.under is not None and kind.type is dict:
        return _under_key(s, source.name, key, emit) if emit.kind(key).inert else None
    if s.calls(operator.getitem):
        if kind.type not in (dict, list, tuple) or kind.items is None:
            return None
    elif not s.calls(getattr) or kind.items is None or kind.value is None:
        return None
    if isinstance(key, Const):
        if part_of(kind, key.value) is ANY:
            return None
        return _of_key(s, source.name, kind, key.value, emit)
    if kind.type is dict and emit.kind(key).type is str and kind.items:
        return _under_key(s, source.name, key, emit)
    if kind.type is list and emit.kind(key).type is int and isinstance(key, Var):
        return _of_index(s, source.name, len(kind.items), key, emit)
    return None


def _of_key(s: Bind, source: str, kind: Kind, key: Any, emit: Emitter) -> Pull:
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = bars[0]
        if kind.value is not None:
            return [(source, {key: bar})]
        assert kind.items is not None
        n = len(kind.items)
        return [(source, (Const(None),) * (key % n) + (bar,) + (Const(None),) * (n - 1 - key % n)
                 if kind.type is tuple else {key % n: bar})]

    return Pull(pull)


def _of_index(s: Bind, source: str, n: int | None, key: Any, emit: Emitter) -> Pull:
    """The item of a list of `n`, or of any length."""
    emit.out.append(s)
    def counted(out: Emitter) -> Any:
        return out.bind(Ref(len, "len"), [Var(source)], {}, f"{source}_count")

    # The list may be another one's, who changes it before the pullback is called.
    kept = n is None and emit.context.request.mode == "vjp"
    count = counted(emit) if kept else None if n is None else Const(n)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        args = [back.atom(bars[0]), key, counted(back) if count is None else count]
        return [(source, back.bind(Ref(slots.only), args, {}, f"{source}_bar"))]

    return Pull(pull)


def _under_key(s: Bind, source: str, key: Any, emit: Emitter) -> Pull:
    """What a dict of any keys has under one of them."""
    emit.out.append(s)
    return Pull(lambda back, bars: [(source, back.bind(
        Ref(slots.under), [back.atom(bars[0]), key], {}, f"{source}_bar"))])


def merged(old: dict[Any, Any], share: dict[Any, Any], emit: Emitter, hint: str) -> dict[Any, Any]:
    """The sum of cotangents by key."""
    found = dict(old)
    for key, g in share.items():
        if key in found:
            g = added(found[key], g, emit, hint)
        found[key] = g
    return found


def added(p: Any, q: Any, emit: Emitter, hint: str) -> Any:
    if isinstance(p, dict) and isinstance(q, dict):
        return merged(p, q, emit, hint)
    if emit.kind(p).is_number and emit.kind(q).is_number:
        return emit.call(Ref(operator.add), [p, q], {}, hint)
    return emit.bind(Ref(runtime.add), [emit.atom(p), emit.atom(q)], {}, hint)


def in_order(bar: Any, kind: Kind) -> Any:
    """A cotangent by key in the order in which the container has them."""
    if not isinstance(bar, dict) or kind.items is None:
        return bar
    keys = kind.value if kind.value is not None else range(len(kind.items))
    return {k: in_order(bar[k], part_of(kind, k)) for k in keys if k in bar}
