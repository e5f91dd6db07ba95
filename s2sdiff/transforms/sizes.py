"""Sizes and shapes are asked of what is kept anyway, not of what would be computed only for them.

The cotangent of a mean needs the size of what was averaged.  An elementwise result has the shape of
any operand that has all of its dimensions, so the size is that of the first one, going back, that
is an argument or that backward code reads as well.  Where operands may not fit, nothing is changed:
that they do not is an error, which stays one.  The shape `(5, -1)` is `(5, x.size // 5)`, to which
the cotangent is reshaped back, with an error if that leaves a rest.  A cotangent that has as many
numbers as `x` has that shape already, whatever it is.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Block, Const, Ref, Var
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.transforms import arithmetic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reverse import Reversed

__all__ = ["run"]

_SHAPE = frozenset(map(id, (np.shape, np.ndarray.shape)))
_ASKING = _SHAPE | frozenset(map(id, (np.size, np.ndarray.size)))


def run(code: Reversed, context: Context) -> Reversed:
    """The code with sizes asked of other values in its forward half, where that spares one."""
    if not any(isinstance(s, Bind) and _asks(s, _ASKING) for s in ir.walk(code.forward)):
        return code
    kept = ir.all_reads(code.backward) | set(context.arguments)
    made = {s.targets[0]: s for s in ir.walk(code.forward)
            if isinstance(s, Bind) and len(s.targets) == 1}
    origins = _Origins(made, kept, context)
    forward = _block(code.forward, origins)
    return ir.replace(code, forward=forward, backward=origins.as_many(code.backward))


def _asks(s: Bind, functions: frozenset[int]) -> bool:
    return type(s.fn) is Ref and id(s.fn.object) in functions


def _block(block: Block, origins: _Origins) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind) and _asks(s, _ASKING) and len(s.args) == 1 and not s.kwargs:
            a = s.args[0]
            name = origins.alike(a.name) if isinstance(a, Var) else None
            s = ir.replace(s, args=(Var(name),)) if name is not None else s
            if _asks(s, _SHAPE) and isinstance(a, Var):
                out += origins.reshaped(a.name, s)
                continue
        if isinstance(s, Bind) and s.calls(operator.getitem) and len(s.args) == 2 and \
                origins.item(*s.args):
            out.append(ir.Move(s.targets, (origins.item(*s.args),), s.loc))
            continue
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([_block(b, origins) for b in inner])) if inner else s)
    return tuple(out)


class _Origins:
    def __init__(self, made: dict[str, Bind], kept: set[str], context: Context) -> None:
        self.made, self.kept, self.context = made, kept, context
        self.shapes: dict[str, tuple[ir.Atom, ...]] = {}
        self.written: dict[str, list[Bind]] = {}

    def reshaped(self, name: str, s: Bind) -> list[Bind]:
        """`s`, which asks the shape of `name`, or what computes it of what was reshaped."""
        made = self.made.get(name)
        dims = _dims(made) if made is not None and name in self.context.active else None
        x = made.args[0] if made is not None and made.args else None
        if dims is None or name in self.kept or not isinstance(x, Var) or \
                x.name not in self.kept or not self.context.kinds.get(x.name, ANY).is_array:
            return [s]
        size, rest = self.context.names(f"{x.name}_size"), self.context.names("length_1")
        self.context.kinds[size] = self.context.kinds[rest] = scalar(int, "int")
        items = tuple([Var(rest) if d == -1 else Const(d) for d in dims])
        self.shapes[s.targets[0]] = items
        written = [
            Bind((size,), Ref(np.ndarray.size), (x,), (), s.loc),
            Bind((rest,), Ref(operator.floordiv), (Var(size), Const(-math.prod(dims))), (), s.loc),
            ir.replace(s, fn=Ref(ops.tuple_), args=items)]
        self.written[s.targets[0]] = written
        return written

    def as_many(self, block: Block) -> Block:
        """A block in which a shape is only asked for where a cotangent has other numbers."""
        out: list[ir.Stmt] = []
        for i, s in enumerate(block):
            after = block[i + 1] if i + 1 < len(block) else None
            if not isinstance(s, Bind) or not s.calls(runtime.unbroadcast):
                out.append(s)
                continue
            g, shape = ir.plain_args(s)
            written = self.written.get(shape.name) if isinstance(shape, Var) else None
            if written is None or not self.goes_back(s, after, block):
                out.append(s)
                continue
            size, rest, whole = written
            names = {n: self.context.names(n) for n in (*rest.targets, *whole.targets)}
            for old, new in names.items():
                self.context.kinds[new] = self.context.kinds.get(old, ANY)
            own, test = self.context.names("size_1"), self.context.names("test_1")
            self.context.kinds[own] = scalar(int, "int")
            self.context.kinds[test] = scalar(bool, "int")
            loc = s.loc
            spread = ir.rename((ir.replace(rest, loc=loc), ir.replace(whole, loc=loc), s), names)
            out += [
                Bind((own,), Ref(np.ndarray.size), (g,), (), loc),
                Bind((test,), Ref(operator.ne), (Var(own), Var(size.targets[0])), (), loc),
                ir.If(Var(test), spread, (ir.Move(s.targets, (g,), loc),), loc)]
        return tuple(out)

    def goes_back(self, s: Any, after: Any, block: Block) -> bool:
        """It is a cotangent without a dimension of length one, which only is reshaped back."""
        g = s.args[0]
        kind = self.context.kinds.get(g.name, ANY) if isinstance(g, Var) else ANY
        readers = [t for t in ir.walk(block) if s.targets[0] in ir.reads(t)]
        long = kind.is_array and kind.shape and all(d != 1 and d[0] != "?" for d in kind.shape)
        back = isinstance(after, Bind) and after.fn in (Ref(np.reshape), Ref(np.ndarray.reshape))
        return bool(long) and back and readers == [after]

    def item(self, shape: Any, key: Any) -> Any:
        """An item of a shape that was written out; None of all else."""
        items = self.shapes.get(shape.name, ()) if isinstance(shape, Var) else ()
        known = isinstance(key, Const) and type(key.value) is int
        return items[key.value] if known and -len(items) <= key.value < len(items) else None

    def alike(self, name: str) -> str | None:
        """A value of the same shape that is kept; None where there is none, or no other one."""
        while name not in self.kept:
            s = self.made.get(name)
            if s is None or not isinstance(s.fn, Ref) or not arithmetic.is_elementwise(s.fn.object):
                return None
            shape = self.context.kinds.get(name, ANY).shape
            kinds = [kind_of_atom(a, self.context) for a in s.args if not isinstance(a, ir.Star)]
            if not shape or len(kinds) != len(s.args) or not all(_fits(k, shape) for k in kinds):
                return None
            same = [a.name for a, k in zip(s.args, kinds, strict=True)
                    if isinstance(a, Var) and k.is_array and k.shape == shape]
            if not same:
                return None
            name = next((n for n in same if n in self.kept), same[0])
        return name


def _dims(made: Bind) -> tuple[int, ...] | None:
    """The dimensions of a reshaped array as they are written, with one -1 and no 0."""
    if not (made.calls(np.reshape) or made.calls(np.ndarray.reshape)) or made.kwargs:
        return None
    given: Any = [a.value if isinstance(a, Const) else None for a in made.args[1:]]
    if len(given) == 1 and type(given[0]) is tuple:
        given = given[0]
    elif made.fn == Ref(np.reshape):
        return None
    whole = all(type(d) is int and (d > 0 or d == -1) for d in given)
    return tuple(given) if whole and len(given) > 1 and list(given).count(-1) == 1 else None


def _fits(kind: Kind, shape: tuple) -> bool:
    """Surely broadcast to the shape: leaving the computation out hides no error."""
    if kind.shape is None or not kind.is_number or len(kind.shape) > len(shape):
        return False
    return all(d in (1, e) for d, e in zip(kind.shape[::-1], shape[::-1], strict=False))
