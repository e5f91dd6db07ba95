"""Writes that a gradient leaves out, as nothing reads what they wrote.

A gradient of `y[1:-1] = x; np.sum(y * w)` is a part of `w`, and `y` is of no use to it.  The write
stays all the same where it may raise or warn.  It goes where all of this is known: the array is
new and has no other name; the key is a slice that it surely has; the numbers are of the array's
own dtype; and what is written is one float, or an argument whose gradient is just that part of an
array that has the shape of `y`.  That the argument does not fit is seen by its gradient's shape
then, which is compared with the argument's (`fitting`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Move, Ref, Store, Var
from s2sdiff.kinds import ANY
from s2sdiff.transforms import dce
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.parted import COPY
from s2sdiff.transforms.reverse import Reversed

__all__ = ["run"]

_FILLED = tuple(map(Ref, (np.zeros, np.ones, np.empty)))
_ALIKE = tuple(map(Ref, (np.zeros_like, np.ones_like, np.empty_like)))
_SHAPES = (Ref(np.shape), Ref(np.ndarray.shape))


def run(code: Reversed, context: Context, deletable: Callable[[ir.Stmt], bool]) -> Reversed:
    """The code of a gradient without them; with a value they are needed."""
    if context.request.mode != "grad" or context.request.value or not any(
            isinstance(s, Store) for s in code.forward):
        return code
    behind = ir.all_reads(code.backward)
    live = dce.run(code.forward[:-1], behind, deletable)
    left = {_written(s) for s in live} - behind - {""}
    made = {s.targets[0]: s for s in (*code.forward, *code.backward)
            if isinstance(s, (Bind, Move)) and len(s.targets) == 1}
    left = {n for n in left if _is_own(n, made, context)}
    for s in ir.walk(live):
        needed = ir.reads(s) if not (isinstance(s, Store) and s in live) else [
            a.name for a in (s.key, s.value) if isinstance(a, Var)]
        left.difference_update(needed)
    for s in live:
        if isinstance(s, Store) and isinstance(s.target, Var) and s.target.name in left and not (
                _has_part(s, context) and (
                    _is_float(s, context) or _is_seen(s, code, made, context))):
            left.discard(s.target.name)
    if not left:
        return code
    context.misfits = True
    kept = [s for s in code.forward if _written(s) not in left]
    return ir.replace(code, forward=tuple(kept))


def _written(s: ir.Stmt) -> str:
    """The name of the array of which a statement writes items."""
    if not isinstance(s, Store) or s.fn is not operator.setitem or s.place != "item":
        return ""
    return s.target.name if isinstance(s.target, Var) else ""


def _is_own(name: str, made: dict[str, Any], context: Context) -> bool:
    """A new array that is seen under no other name, as a view of it would be."""
    new, memory = made.get(name), context.memory
    if not isinstance(new, Bind) or new.fn not in (*_FILLED, *_ALIKE) or memory is None:
        return False
    node = memory.class_of(name)
    return node is not None and all(
        n == name or memory.find(n) != node for n in memory.parent if isinstance(n, str))


def _has_part(s: Store, context: Context) -> bool:
    """An array of float64 surely has the slices that a key names."""
    assert s.target is not None
    kind = kind_of_atom(s.target, context)
    value = s.key.value if isinstance(s.key, Const) else None
    items = value if isinstance(value, tuple) else (value,)
    slices = [i for i in items if isinstance(i, slice)]
    return kind.is_array and kind.dtype == np.float64 and kind.shape is not None and len(
        slices) <= len(kind.shape) and len(items) - len(slices) == items.count(...) <= 1 and all(
            i.step != 0 and all(n is None or type(n) is int for n in (i.start, i.stop, i.step))
            for i in slices)


def _is_float(s: Store, context: Context) -> bool:
    return s.value is not None and kind_of_atom(s.value, context).is_float


def _is_seen(s: Store, code: Reversed, made: dict[str, Any], context: Context) -> bool:
    """That the value does not fit is seen by the shape of its gradient."""
    p = s.value.name if isinstance(s.value, Var) else ""
    bar = code.bars.get(p)
    kind = context.arguments.get(p, ANY)
    if not kind.is_array or kind.dtype != np.float64 or not isinstance(bar, Var):
        return False
    part = made.get(bar.name)
    if isinstance(part, Bind) and part.fn == Ref(COPY):
        part = made.get(part.args[0].name) if isinstance(part.args[0], Var) else None
    if not (isinstance(part, Bind) and part.calls(operator.getitem) and part.args[1] == s.key):
        return False
    assert isinstance(s.target, Var)
    shown = _origin(part.args[0], made)
    return shown is not None and shown == _shaped_as(s.target.name, made, context)


def _origin(a: Any, made: dict[str, Any]) -> str | None:
    """The name of what a variable is a copy of."""
    while isinstance(a, Var) and isinstance(made.get(a.name), Move):
        a = made[a.name].sources[0]
    return a.name if isinstance(a, Var) else None


def _shaped_as(name: str, made: dict[str, Any], context: Context) -> str | None:
    """The array whose shape a new one surely has."""
    new = made.get(name)
    if not isinstance(new, Bind) or not new.args or not isinstance(new.args[0], Var):
        return None
    if new.fn in _ALIKE and len(new.args) == 1 and not new.kwargs:
        return new.args[0].name
    size = made.get(new.args[0].name)
    if new.fn not in _FILLED or not isinstance(size, Bind) or not isinstance(size.args[0], Var):
        return None
    kind = context.kinds.get(size.args[0].name, ANY)
    line = size.fn == Ref(len) and kind.is_array and len(kind.shape or ()) == 1
    return size.args[0].name if line or size.fn in _SHAPES else None
