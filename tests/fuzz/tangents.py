"""Forward mode, compared with a plain run, finite differences and the pullback."""

from __future__ import annotations

import copy
import types
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import DifferentiationError
from tests.fuzz import differences
from tests.fuzz.promises import Run, compare_run, expect, run
from tests.fuzz.values import Fields, same

__all__ = ["compare_tangent"]


def _numbers(direction: Any) -> list[Any]:
    """All that a direction is made of, in order."""
    if isinstance(direction, (Fields, dict)):
        return [n for _, v in direction.items() for n in _numbers(v)]
    if isinstance(direction, (tuple, list)):
        return [n for v in direction for n in _numbers(v)]
    return [direction]


def _as_objects(direction: Any) -> Any:
    """A direction in which objects move along objects of the same attributes."""
    if isinstance(direction, Fields):
        return types.SimpleNamespace(**{n: _as_objects(v) for n, v in direction.items()})
    if isinstance(direction, dict):
        return {k: _as_objects(v) for k, v in direction.items()}
    if isinstance(direction, (tuple, list)):
        return type(direction)(map(_as_objects, direction))
    return direction


def compare_tangent(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    fresh: Callable[[], tuple[Any, ...]],
    plain: Run,
    after: tuple[Any, ...],
    engine: Any,
    direction: tuple[Any, ...],
    cotangent: Any,
    expected: tuple[float, float],
) -> str:
    """What `jvp` promises; returns why it is refused, or an empty string."""
    args, given, kept = fresh(), _as_objects(direction), copy.deepcopy(direction)
    made = run(namespace, lambda: engine.jvp(function, args, given))
    if made.error is not None:
        if isinstance(made.error, DifferentiationError) and \
                type(made.error).__name__ != "InternalError":
            return str(made.error).splitlines()[-1][:90]
        raise made.error
    compare_run(plain, made, after, args)
    expect(same(_numbers(direction), _numbers(kept)), "jvp changes tangents",
           f"{kept!r} became {direction!r}")
    found = differences.pairing(cotangent, made.value[1])
    slope, allowed = expected
    expect(abs(found - slope) <= allowed, "tangent", f"along {direction!r}",
           f"with cotangent {cotangent!r}", f"expected {slope!r} +- {allowed:.1e}, found {found!r}",
           f"tangent: {made.value[1]!r}")
    return ""
