"""Tangents by variable: the names that they have, and zeros where there is none."""

from __future__ import annotations

from typing import Any

from s2sdiff import runtime
from s2sdiff.ir import UNDEFINED, Const, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import dots, zero_tangents
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter

__all__ = ["Tangents", "of_tangent"]


class Tangents:
    """Which variable holds the tangent of which."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.names: dict[str, str] = {}

    def name(self, variable: str) -> str:
        """The variable of a variable's tangent."""
        found = self.names.get(variable)
        if found is None:
            names = self.context.names
            found = names(f"{names.bases.get(variable, variable)}_dot")
            self.names[variable] = found
            self.context.kinds[found] = of_tangent(self.context.kinds.get(variable, ANY))
        return found

    def of(self, a: Any, emit: Emitter) -> Any:
        """The tangent of an atom; a zero for what is not active."""
        if isinstance(a, Var) and a.name in self.context.active:
            return Var(self.name(a.name))
        return self.zero(a, emit)

    def zero(self, a: Any, emit: Emitter) -> Any:
        """The zero tangent of an atom."""
        if a is UNDEFINED:
            return a
        kind = emit.kind(a)
        if kind.is_scalar:
            return Const(0.0)
        if kind.inert and not kind.is_array and kind.type not in (tuple, list, dict):
            return Const(None)
        if kind.is_array and self.context.memory is None and kind.field in ("real", "complex"):
            made = emit.bind(Ref(runtime.zeros), [a], {}, "zero_1")
            self.context.kinds[made.name] = kind
            emit.fresh.add(made.name)
            return made
        if self.context.bars is not None:
            return emit.bind(Ref(dots.zero_in), [self.context.table(), a], {}, "zero_1")
        return emit.bind(Ref(zero_tangents.zero_tangent), [a], {}, "zero_1")


def of_tangent(kind: Kind) -> Kind:
    """What is known of a tangent by what is known of its value."""
    if kind.field not in ("real", "complex"):
        return ANY
    return kind if kind.is_array else Kind(None, kind.shape, kind.field)
