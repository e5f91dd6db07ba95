"""What `unboxed` takes for granted of values, looked at by their kinds.

Where `0.5 * dt * vector` is written as its class's `__rmul__` does it, the other factor must be a
number, and where `isinstance(other, Vector)` is taken to be false, no such object.  Each is marked
in the code; kinds are inferred of what comes of it, and tell whether it is so.
"""

from __future__ import annotations

import itertools
import operator
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Function, Move, Ref, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms import early, notes
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["Assumptions"]

_numbers = itertools.count()


class Assumptions:
    """What one attempt assumes: by mark, where objects are made that count on it, and a class."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[frozenset[Any], type | None]] = {}

    def mark(self, target: str, value: Any, sites: set[Any], cls: type | None,
             loc: ir.Loc) -> Bind:
        """`target` is `value`, which is assumed to be a number, or no object of a class."""
        spelling = f"assumed {next(_numbers)}"
        self.known[spelling] = frozenset(sites), cls
        return Bind((target,), Ref(operator.pos, spelling), (value,), (), loc)

    def settled(self, function: Function, context: Context) -> tuple[Function, set[Any]]:
        """The function with its marks gone, and where objects are made that it is not so for."""
        if not self.known:
            return function, set()
        context.assumes = True
        kinds = _kinds(function, context)
        unmet: set[Any] = set()
        for spelling, (sites, cls) in self.known.items():
            found = kinds.get(spelling, [])
            if not found or not all(_is_other(k, cls) for k in found):
                unmet |= sites
        return replace(function, body=self.without(function.body, kinds)), unmet

    def without(self, block: Block, kinds: dict[str, list[Kind]]) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            spelling = _mark(s)
            inner = ir.blocks(s)
            if spelling is None:
                out.append(ir.with_blocks(s, tuple([self.without(b, kinds) for b in inner]))
                           if inner else s)
                continue
            assert isinstance(s, Bind)
            # What NumPy's numbers give such an object is a number of Python's.
            plain = all(k.type in (float, int, bool, complex) for k in kinds.get(spelling, ()))
            cls = complex if any(k.field == "complex" for k in kinds.get(spelling, ())) else float
            if plain or self.known[spelling][1] is not None:
                out.append(Move(s.targets, s.args, s.loc))  # type: ignore[arg-type]
            else:
                out.append(replace(s, fn=Ref(cls, cls.__name__)))
        return tuple(out)


def _mark(s: ir.Stmt) -> str | None:
    spelling = s.fn.spelling if isinstance(s, Bind) and s.calls(operator.pos) and isinstance(
        s.fn, Ref) else None
    return spelling if spelling is not None and spelling.startswith("assumed ") else None


def _is_other(kind: Kind, cls: type | None) -> bool:
    if cls is None:
        whole = kind.type is not None and issubclass(kind.type, (np.integer, np.bool_))
        return kind.is_scalar and not whole
    return kind.is_number or (kind.type is not None and not issubclass(kind.type, cls))


def _kinds(function: Function, context: Context) -> dict[str, list[Kind]]:
    """The kinds of what is marked, by mark."""
    from s2sdiff.transforms import NORMALISE

    names = Names({*context.names.taken, *function.names, *ir.all_defs(function.body)})
    own = Context(context.request, context.arguments, names, context.callee_kind,
                  context.callee_writes, context.callee_sets, context.link, context.lowered)
    found: dict[str, list[Kind]] = {}
    with notes.noting(own.guard, function.origin):
        current = early.steps(function)[-1]
        names.taken |= ir.all_defs(current.body)
        for name, _, step in NORMALISE[len(early.STEPS):]:
            current = step(current, own)
            if name == "propagate":
                break
    for s in ir.statements(current):
        spelling = _mark(s)
        if spelling is not None and isinstance(s, Bind):
            found.setdefault(spelling, []).append(kind_of_atom(s.args[0], own))
    return found
