"""Lists of numbers that NumPy's functions take for arrays, as the arrays that they become.

`np.concatenate(([0.0], x, [1.0]))` and `x * [1.0, 2.0]` make arrays of their lists themselves.
Written as `np.array([0.0])`, a list has a dtype and dimensions, so that more is known of what comes
of it, and the rules of arrays can be pasted.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Arg, Atom, Bind, Const, Function, Ref, Star, Stmt, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

_JOINS = {f: f in (np.hstack, np.column_stack) for f in (
    np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack)}
#: The places of what is taken for an array, whatever it is.
_PLACES: dict[Any, tuple[int, ...]] = {
    **dict.fromkeys((np.outer, np.dot, np.inner, np.vdot, np.kron, np.cross, np.convolve,
                     np.append, np.linalg.solve, np.tensordot, np.polyval), (0, 1)),
    **dict.fromkeys((np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.std, np.var,
                     np.cumsum, np.cumprod, np.diff, np.linalg.norm, np.linalg.inv, np.linalg.det,
                     np.diag, np.sort, np.median, np.ravel, np.reshape, np.transpose, np.roll,
                     np.flip, np.tile, np.repeat), (0,)),
    np.interp: (0, 1, 2), np.where: (1, 2), np.clip: (0, 1, 2),
}
_OPERATORS = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
    operator.floordiv, operator.mod, operator.lt, operator.le, operator.gt, operator.ge,
)
#: Longer lists are read item by item only where they have to be.
_ITEMS = 64


def written(function: Function, context: Context) -> Function:
    """The function with such lists as arrays; itself where there are none."""
    called = ir.called(function)
    if id(ops.list_) not in called and called.isdisjoint(map(id, _JOINS)) and not any(
            isinstance(a, Const) and type(a.value) is tuple
            for s in ir.statements(function) if isinstance(s, Bind) for a in s.args):
        return function
    writer = _Writer(function, context)
    body = ir.rewritten(function.body, writer.statement)
    return function if body is function.body else replace(function, body=body)


class _Writer:
    def __init__(self, function: Function, context: Context) -> None:
        self.context = context
        self.made = {s.targets[0]: s for s in ir.statements(function)
                     if isinstance(s, Bind) and len(s.targets) == 1
                     and (s.calls(ops.list_) or s.calls(ops.tuple_))}

    def kind(self, a: Any) -> Kind:
        return kind_of_atom(a, self.context)

    def statement(self, s: Stmt) -> list[Stmt] | None:
        """The statement behind what makes the arrays that it is given; None where there is none."""
        if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or not s.args or any(
                isinstance(a, Star) for a in s.args):
            return None
        before: list[Stmt] = []
        args = self.args(s, before)
        return [*before, replace(s, args=args)] if before else None

    def args(self, s: Bind, before: list[Stmt]) -> tuple[Arg, ...]:
        """The arguments with arrays for lists; what makes the arrays is put into `before`."""
        fn: Any = s.fn.object  # type: ignore[union-attr]
        args: list[Any] = list(s.args)
        if isinstance(fn, np.ufunc):
            places: tuple[int, ...] = tuple(range(fn.nin))
        elif any(fn is f for f in _OPERATORS):
            places = (0, 1) if any(self.kind(a).is_array for a in args) else ()
        else:
            try:
                if fn in _JOINS:
                    args[0] = self.joined(args[0], s, _JOINS[fn], before)
                    return tuple(args)
                places = _PLACES.get(fn, ())
            except TypeError:
                return s.args
        if places and any(not self.kind(a).inert for a in args):
            for i in places:
                if i < len(args) and self.is_list(args[i]):
                    args[i] = self.array(args[i], s, before)
        return tuple(args)

    def joined(self, parts: Atom, s: Bind, numbers: bool, before: list[Stmt]) -> Atom:
        """The display of what is joined, with arrays for its lists, and for single numbers."""
        display = self.made.get(getattr(parts, "name", ""))
        if display is None or not all(isinstance(a, (Var, Const)) for a in display.args):
            return parts
        kinds = [self.kind(a) for a in display.args]
        lists = [self.is_list(a) for a in display.args]
        single = [numbers and k.is_scalar for k in kinds]
        if not any(lists + single) or not any(k.is_array for k in kinds):
            return parts
        given = [self.array(a, s, before, one) if one or many else a
                 for a, many, one in zip(ir.plain_args(display), lists, single, strict=True)]
        name = self.context.names(display.targets[0])
        before.append(replace(display, targets=(name,), args=tuple(given), loc=s.loc))
        return Var(name)

    def is_list(self, a: Any) -> bool:
        """A list or tuple of numbers, or of such rows of one length."""
        kind = self.kind(a)
        if kind.type not in (list, tuple) or not kind.items or len(kind.items) > _ITEMS:
            return False
        rows = kind.items
        if all(k.type in (list, tuple) and k.items for k in rows):
            return len({len(k.items or ()) for k in rows}) == 1 and all(
                i.is_scalar for k in rows for i in k.items or ())
        return all(k.is_scalar for k in rows)

    def array(self, a: Atom, s: Bind, before: list[Stmt], single: bool = False) -> Atom:
        if single:
            row = self.context.names("row_1")
            before.append(Bind((row,), Ref(ops.list_), (a,), (), s.loc))
            a = Var(row)
        name = self.context.names(f"{getattr(a, 'name', 'row_1')}")
        before.append(Bind((name,), Ref(np.array), (a,), (), s.loc))
        self.context.kinds[name] = ANY
        return Var(name)
