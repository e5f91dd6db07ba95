"""Tangents by variable: the names that they have, and zeros where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import UNDEFINED, Bind, Const, Ref, Var
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
        #: Empty lists, and the names under which these begin to grow.
        self.displays: set[str] = set()
        self.empty: set[str] = set()

    def name(self, variable: str) -> str:
        """The variable of a variable's tangent."""
        found = self.names.get(variable)
        if found is None:
            names = self.context.names
            found = names(f"{names.bases.get(variable, variable)}_dot")
            self.names[variable] = found
            self.context.kinds[found] = of_tangent(self.context.kinds.get(variable, ANY))
        return found

    def adopt(self, variable: str, dot: Any) -> None:
        """Let a variable's tangent be known by the name that it was made under, if that fits."""
        bases = self.context.names.bases
        stem = f"{bases.get(variable, variable)}_dot"
        if variable not in self.names and isinstance(dot, Var) and (
                bases.get(dot.name, dot.name) == stem) and dot.name not in self.names.values():
            self.names[variable] = dot.name

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
        if isinstance(a, Var) and a.name in self.empty:
            stem = self.context.names.bases.get(a.name, a.name)
            return emit.bind(Ref(ops.list_), [], {}, f"{stem}_dot")
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

    def note_empty(self, s: Bind) -> None:
        """Lists that begin to grow here: only their next names have items."""
        if s.calls(ops.list_) and not s.args:
            self.displays.update(s.targets)
        elif s.calls(ops.growing) and isinstance(s.args[0], Var) and \
                s.args[0].name in self.displays:
            self.empty.update(s.targets)

    def made_alike(self, s: Bind, emit: Emitter) -> Any:
        """The tangent of zeros, or of an empty list or dict, that will be written: another one."""
        (target,), context = s.targets[:1], self.context
        kind = context.kinds.get(target, ANY)
        if len(s.targets) > 1 or context.request.many or not (
                (s.calls(np.zeros) and kind.is_array and kind.field in ("real", "complex")) or (
                    not s.args and not s.kwargs and isinstance(s.fn, Ref) and any(
                        s.fn.object is f for f in (ops.list_, ops.dict_)))):
            return None
        made = emit.bind(s.fn, list(s.args), {k: a for k, a in s.kwargs if k}, f"{target}_dot")
        context.kinds[made.name] = kind
        return made


def of_tangent(kind: Kind) -> Kind:
    """What is known of a tangent by what is known of its value."""
    if kind.field not in ("real", "complex"):
        return ANY
    return kind if kind.is_array else Kind(None, kind.shape, kind.field)
