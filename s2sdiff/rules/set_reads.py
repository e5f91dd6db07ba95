"""Sets made of sets: each element is the one of the sets that holds that very object."""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.containers import sharing
from s2sdiff.rules.sequences import drawn, parts_back

__all__ = ["set_operation"]


def set_operation(function: Any, x: Any, *others: Any) -> tuple[Any, Any]:
    """The rule of a function of sets; of integers and tests there is no derivative."""
    if not isinstance(x, (set, frozenset)):
        return function(x, *others), lambda z_bar: (None,) * (1 + len(others))
    items = [drawn(source) for source in (x, *others)]
    value = function(x, *others)
    # Of equal elements of several sets, which one is there depends on the sizes.
    made = {e: e for e in value}
    places = {}
    for k, column in enumerate(items):
        for i, e in enumerate(column):
            if e in made and made[e] is e:
                places.setdefault(e, (k, i))

    def pullback(z_bar):
        bars: list[list[Any]] = [[None] * len(column) for column in items]
        for e, g in (z_bar or {}).items():
            k, i = places[e]
            bars[k][i] = g
        return tuple(parts_back(b, column, source)
                     for b, column, source in zip(bars, items, (x, *others), strict=True))

    return value, pullback


def binary(function: Any) -> Any:
    """The rule of an operator on sets."""

    def rule(x, y, /):
        return set_operation(function, x, y)

    return sharing("items")(rule)


for _name in ("and", "xor"):
    derivative(of=getattr(operator, f"{_name}_" if _name == "and" else _name))(
        binary(getattr(operator, f"__{_name}__")))
for _name in ("__and__", "__or__", "__sub__", "__xor__"):
    derivative(of=getattr(set, _name))(binary(getattr(set, _name)))


def method(function: Any) -> Any:
    """The rule of a method of sets that takes any number of iterables."""

    def rule(self, /, *others):
        value, pull = set_operation(function, self, *others)

        def pullback(z_bar):
            first, *rest = pull(z_bar)
            return first, tuple(rest)

        return value, pullback

    return sharing("items")(rule)


for _name in ("union", "intersection", "difference", "symmetric_difference"):
    derivative(of=getattr(set, _name))(method(getattr(set, _name)))
    derivative(of=getattr(frozenset, _name))(method(getattr(frozenset, _name)))
