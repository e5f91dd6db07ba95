"""Products with Hessians, and linear maps, where some numbers are in objects.

Forward mode does not follow those; the gradient's own code is pulled back instead, and Hessians
are symmetric.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import again, boundary, cache, written_again
from s2sdiff.api import grad, request_of
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import pushed_at
from s2sdiff.leaves_as_arguments import Apart, apart, part_at
from s2sdiff.opened import opened
from s2sdiff.opened_closures import is_plain
from s2sdiff.pullbacks import pullback_of
from s2sdiff.runtime import calls
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.contents import items_of, parts
from s2sdiff.runtime.handed import given_back
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.moving import zero_tangent
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.nested import generated
from s2sdiff.runtime.resuming import to_the_end
from s2sdiff.runtime.side_by_side import Path, accepted_leaf, attribute_tangents, mapped, spelled
from s2sdiff.runtime.structures import gradient as gradient_of
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["by_slots", "filled_in", "hvp_of"]


def filled_in(tangents: tuple, primals: tuple, operator: str) -> list[Any]:
    """Tangents of the structures of their primals, with zeros for what does not move."""
    return [_filled(t, x, f"argument {i}", operator)
            for i, (t, x) in enumerate(zip(tangents, primals, strict=True))]


def _filled(tangent: Any, x: Any, root: str, operator: str) -> Any:
    def dot(path: Path, leaf: Any, given: Any) -> Any:
        found = accepted_leaf(given, leaf, spelled(path, root), operator)
        return zero_tangent(leaf) if found is None else found

    return mapped(dot, operator, x, tangent, root=root)


def hvp_of(f: Callable[..., Any], primals: tuple, tangents: tuple) -> Any:
    """`hvp`, by the tangent of the gradient's text, by its pullback, or in a run with tangents."""
    if any(np.iscomplexobj(v) for x in primals for v in leaves_of(x)):
        raise TypeError("hvp: an object holds complex numbers, and the Hessian of a real result "
                        "is symmetric for real ones alone. Instead, pass their real and imaginary "
                        "parts.")
    slots = tuple([i for i, x in enumerate(primals) if holds_numbers(x)])
    dots = filled_in(tangents, primals, "hvp")
    # What does not move as a whole needs no code, unless nothing does.
    still = [None if t is None else d for t, d in zip(tangents, dots, strict=True)]
    made = of_leaves(f, slots, primals, still if any(d is not None for d in still) else dots)
    if made is not None:
        return made[0] if len(primals) == 1 else tuple(made)
    gradient = grad(f, slots)

    def way(args: tuple) -> tuple[Any, Any]:
        code, given = generated(gradient, args, {}), tuple(map(parts, args))
        value, raw = to_the_end(calls.derived(code, slots, True), *args)
        made = pullback_of(raw, slots, given, value)(tuple([dots[i] for i in slots]))
        made = (made,) if len(args) == 1 else made
        return None, tuple([made[i] for i in slots])

    try:
        found = dict(zip(slots, again.pushed_or_carried(
            gradient, slots, way, primals, dots, "pulled")[1], strict=True))
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__
    return found[0] if len(primals) == 1 else tuple([found.get(i) for i in range(len(primals))])


def of_leaves(f: Any, slots: tuple[int, ...], primals: tuple, dots: list[Any]) -> list[Any] | None:
    """The products by the tangent of a text of arrays alone; None where there is none."""
    if RUNS:
        return None
    function, held = opened(f, len(primals)) or (f, ())
    args = (*primals, *held)
    if not is_plain(function) or len(args) != function.__code__.co_argcount:
        return None
    try:
        return _of_leaves(function, slots, args, dots)
    except DifferentiationError:
        return None  # other ways are left


def _of_leaves(f: Any, slots: tuple[int, ...], args: tuple, dots: list[Any]) -> list[Any] | None:
    state = cache.state_of(f, request_of(f, slots, False, False)[0])
    code = state.warm(f, args, {}) or state.found(args, {})
    code = written_again.again(getattr(code, "__wrapped__", code), f, state.request, args, {})
    links = cache.record_of(code).links
    if "leaves" not in links:
        links["leaves"] = apart(code, args)
    found: Apart | None = links["leaves"]
    parts_given = None if found is None else found.parts(args)
    if found is None or parts_given is None:
        return None
    moving, along = [], []
    for k, ((i, path), x) in enumerate(zip(found.arguments, parts_given, strict=True)):
        dot = part_at(dots[i], path) if i in slots and dots[i] is not None else None
        if dot is not None and is_differentiable(x):
            moving.append(k)
            along.append(np.array(dot) if isinstance(dot, np.ndarray) else dot)
    # The run may write into them, and cotangents are those of what was there before.
    before = [args[s] if whole else parts(args[s])
              for s, whole in zip(slots, found.whole, strict=True)]
    made: Any = pushed_at(found.function, tuple(moving), tuple(along), parts_given, {})[1]
    entries = made if len(slots) > 1 else (made,)
    by_slot = {s: given_back(e, x) if whole else gradient_of(e, x)
               for s, e, x, whole in zip(slots, entries, before, found.whole, strict=True)}
    return [by_slot.get(i) for i in range(len(dots))]


def _numbers(dot: Any, like: Any) -> Any:
    """The tangent of a list whose cotangent is that of the array that NumPy makes of it."""
    if isinstance(like, (list, tuple)):
        dots = [None] * len(like) if dot is None else dot
        return [_numbers(d, item) for d, item in zip(dots, like, strict=True)]
    return np.zeros(np.shape(like)) if dot is None else dot


def by_slots(entry: Any, dot: Any, like: Any) -> Any:
    """A tangent in the structure of a cotangent as backward code has it: dicts of slots.

    >>> by_slots({1: 2.0}, [5.0, 7.0], [0.5, 0.5])
    {1: 7.0}
    """
    if isinstance(entry, np.ndarray) and isinstance(like, (list, tuple)):
        return match(np.array(_numbers(dot, like)), entry)
    if not isinstance(entry, (dict, list, tuple)):
        return None if entry is None else match(dot, like)
    dots, likes = attribute_tangents(dot, like), dict(items_of(like) or ())
    keyed = entry if isinstance(entry, dict) else dict(enumerate(entry))
    found = {k: by_slots(g, dots.get(k), likes.get(k)) for k, g in keyed.items()}
    if isinstance(entry, tuple) and hasattr(type(entry), "_fields"):
        return like_fields(entry, found.values())
    return found if isinstance(entry, dict) else \
        tuple(found.values()) if isinstance(entry, tuple) else list(found.values())
