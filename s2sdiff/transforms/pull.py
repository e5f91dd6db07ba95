"""What an active call leaves for the way back, and cotangents made whole for a called pullback."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from s2sdiff import ops, runtime
from s2sdiff.ir import Bind, Const, Free, Ref, Var
from s2sdiff.ir.making import quick
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter, Lazy

__all__ = ["Placeless", "Pull", "cotangent", "filled", "of_contents", "shaped", "unpacks", "whole",
           "whole_parts"]


@quick
@dataclass(frozen=True, eq=False)
class Pull:
    """`run(emitter, cotangents of the targets)` gives pairs of an argument's name and its share.

    With `places` it deals itself with the cotangents that are kept by place.  In forward mode
    `push(emitter, tangents of the arguments)` gives those of the targets, where the call is not
    transposed.  `own` are the variables of a rule that is written in, which its forward part bound.
    """

    run: Callable[[Emitter, list[Any]], list[tuple[str, Any]]]
    places: bool = False
    push: Callable[[Emitter, dict[str, Any]], dict[str, Any]] | None = None
    own: frozenset[str] = frozenset()


@quick
@dataclass(frozen=True, eq=False)
class Placeless:
    """A share of which all that has a place was put there already."""

    atom: Var


def of_contents(kept: dict[Any, Any], pull: Pull, context: Context) -> dict[Any, Any]:
    """The copies that backward code reads in the place of what was written since.

    What has a place is that, and no copy; a key that is read from outside is what it was.
    """
    if not kept or not pull.places:
        return kept
    return {a: v for a, v in kept.items() if isinstance(a, Free) and isinstance(v, Var)
            and context.kinds.get(v.name, ANY).is_fixed}


def cotangent(s: Bind, bars: list[Any], emit: Emitter) -> Any:
    """The cotangent of a call's result, from those of its targets (a tuple if it is unpacked)."""
    if len(s.targets) == 1 and not unpacks(s):
        return bars[0]
    return tuple(Const(None) if b is None else b for b in bars)


def unpacks(s: Bind) -> bool:
    """The targets are parts of the call's result, be it the only part."""
    return len(s.targets) > 1 or (len(s.targets) == 1 and s.calls(ops.unpack))


def filled(seed: Any, s: Bind, back: Emitter) -> Any:
    """A cotangent for a called pullback has no holes: absent parts become zeros."""
    if isinstance(seed, tuple) and unpacks(s):
        return tuple(exact(part, Var(t), back) for t, part in zip(s.targets, seed, strict=True))
    return exact(seed, Var(s.targets[0]), back) if s.targets else seed


def exact(part: Any, x: Var, back: Emitter) -> Any:
    """A cotangent in its value's own type and dtype, as a called pullback takes it to be."""
    part, kind = back.full(whole(part, x, back)), back.kind(x)
    got = back.kind(part)
    if isinstance(part, Const) or not kind.is_number:
        return part
    if kind.is_float and got.is_scalar and got.field in ("real", "int"):
        return part if got.is_float else back.bind(Ref(float, "float"), [part], {}, f"{x.name}_bar")
    return back.call(Ref(runtime.match), [part, x], {}, f"{x.name}_bar")


def whole(part: Any, x: Var, back: Emitter) -> Any:
    kind = back.kind(x)
    if isinstance(part, Const) and part.value is None and kind.is_number:
        return back.zero(x)
    if isinstance(part, Lazy) or back.kind(part).is_number:
        return part
    return back.bind(Ref(runtime.match), [back.atom(part), x], {}, f"{x.name}_bar")


def whole_parts(parts: Any, x: Var, back: Emitter) -> Any:
    """Cotangents of several results, each surely of its value's kind: rules ask if there is one."""
    kind = back.kind(x)
    if kind.items is None or len(kind.items) != len(parts):
        return parts
    return type(parts)([
        _item(p, x, i, back) if isinstance(p, Var) and k.is_number and not back.kind(p).is_number
        else p for i, (p, k) in enumerate(zip(parts, kind.items, strict=True))])


def _item(part: Var, x: Var, i: int, back: Emitter) -> Var:
    item = back.bind(Ref(operator.getitem), [x, Const(i)], {}, "item_1")
    return back.bind(Ref(runtime.match), [part, item], {}, f"{x.name}_bar")


def shaped(seed: Any, s: Bind, back: Emitter) -> contextlib.AbstractContextManager[None]:
    """While a rule is pasted, a cotangent's dimensions are those of its value and its arguments.

    They are as long; but that an argument was not broadcast is seen where they have one name.
    """
    kind = back.kind(Var(s.targets[0])) if s.targets else ANY
    got = back.kind(seed) if kind.is_array and isinstance(seed, Var) else ANY
    shape = kind.shape if got.is_array else None
    if not shape or got.shape is None or len(got.shape) != len(shape) or shape == got.shape:
        return _AS_IT_IS  # as most
    given = [k.shape for k in map(back.kind, s.args) if k.is_array and k.shape]
    if shape not in given or any(1 in dims for dims in given):
        return _AS_IT_IS
    return _of_shape(seed.name, got, shape, back)


_AS_IT_IS = contextlib.nullcontext()


@contextlib.contextmanager
def _of_shape(name: str, got: Kind, shape: Any, back: Emitter) -> Iterator[None]:
    kinds = back.context.kinds
    kinds[name] = got._replace(shape=shape)
    try:
        yield
    finally:
        kinds[name] = got
