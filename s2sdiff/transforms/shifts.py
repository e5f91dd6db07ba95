"""Shifts: a maximum that is subtracted for stability and cancels again has no cotangent.

`top = np.max(x); y = top + np.log(np.sum(np.exp(x - top)))` is the same number whatever `top` is,
as is `e / np.sum(e)` of `e = np.exp(x - top)`.  How a value depends on `top` is followed as a
weight: `v + w * top` (a sum), or `v * exp(w * top)` (a product).  Where every use ends in values of
weight zero, the derivative with respect to `top` is zero, and nothing has to be added up to find
that out.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, Const, Exit, Function, Move, Ref, Star, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.transforms import reaching
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["mark"]

_EXTREMES = frozenset(map(id, (
    np.max, np.amax, np.ndarray.max, np.min, np.amin, np.ndarray.min)))
_SUMS = frozenset({np.sum, np.ndarray.sum})
_ADD = {operator.add: 1, np.add: 1, operator.sub: -1, np.subtract: -1}
_MULTIPLY = {operator.mul: 1, np.multiply: 1, operator.truediv: -1, np.divide: -1}
_KEPT = frozenset({operator.neg, np.negative, operator.pos})


@dataclass(frozen=True)
class Weight:
    """How a value depends on the shift: as a sum or a product, how often, and along which axes.

    `axes` has, for each axis of the value, the axis of the shift that varies along it, or None.
    """

    product: bool
    times: float
    axes: tuple[int | None, ...]


class _Depends(Exception):
    """Something is computed of the shift in a way that is not followed."""


def mark(function: Function, context: Context) -> Function:
    """Fill `context.shifts` with the extremes of which the result does not depend."""
    statements = ir.statements(function)
    for i, s in enumerate(statements):
        if not (isinstance(s, Bind) and len(s.targets) == 1 and isinstance(s.fn, Ref)):
            continue
        fn = s.fn.object
        if id(fn) in _EXTREMES and _ours(fn, context) and \
                _cancels(s, statements[i + 1:], context):
            context.shifts.add(s.targets[0])
    if not context.shifts:
        return function
    context.sums = True
    if not context.request.again:
        return function
    # Derivatives of any order do not depend on them either, and are told so.
    return ir.replace(function, body=ir.rewritten(
        function.body, lambda s: _stopped(s, context) if isinstance(s, Bind) else None))


def _stopped(s: Bind, context: Context) -> list[ir.Stmt] | None:
    if len(s.targets) != 1 or s.targets[0] not in context.shifts:
        return None
    name = context.names(s.targets[0])
    context.kinds[name] = context.kinds.get(s.targets[0], ANY)
    return [ir.replace(s, targets=(name,)),
            Bind(s.targets, Ref(stop_gradient), (Var(name),), (), s.loc)]


def _ours(fn: Any, context: Context) -> bool:
    """A function whose derivative is the library's own; one registered later compiles again."""
    rule = registry.find(fn)
    context.rules[id(fn)] = (fn, rule)
    return rule is not None and rule.pure and not rule.constant


def _cancels(extreme: Bind, later: list[ir.Stmt], context: Context) -> bool:
    name = extreme.targets[0]
    shape = context.kinds.get(name, ANY).shape
    if shape is None or context.kinds.get(name, ANY).field != "real":
        return False
    start = Weight(False, 1, tuple(None if n == 1 else i for i, n in enumerate(shape)))
    weights = {name: start}
    try:
        for s in later:
            _follow(s, weights, context)
    except _Depends:
        return False
    return True


def _follow(s: ir.Stmt, weights: dict[str, Weight], context: Context) -> None:
    """Note the weight of what a statement binds; raise where it cannot be said."""
    if isinstance(s, Move | Exit):
        if any(n in weights for n in ir.reads(s)):
            raise _Depends
        return
    if not isinstance(s, Bind):
        # A test has no derivative; a loop over such values, a store or a raw statement may.
        if not isinstance(s, ir.If) and any(n in weights for n in ir.reads(s)):
            raise _Depends
        return
    if not any(n in weights for n in reaching.flows(s, through_stops=True)):
        return
    if len(s.targets) != 1 or not isinstance(s.fn, Ref) or any(isinstance(a, Star) for a in s.args):
        raise _Depends
    made = _weight(s, weights, context)
    if made.times:
        weights[s.targets[0]] = made


def _weight(s: Bind, weights: dict[str, Weight], context: Context) -> Weight:
    assert isinstance(s.fn, Ref)
    fn = s.fn.object
    if not _ours(fn, context):
        raise _Depends
    of = [weights.get(a.name) if isinstance(a, Var) else None for a in s.args]
    kinds = [kind_of_atom(a, context) for a in s.args]
    first = of[0] if of else None
    if fn is operator.getitem and first is not None:
        return replace(first, axes=_indexed(first.axes, kinds[1]))
    if fn in _SUMS and first is not None:
        return _summed(s, first)
    if fn is np.expand_dims and first is not None and len(s.args) == 2 and not s.kwargs:
        return replace(first, axes=_expanded(first.axes, s.args[1]))
    if s.kwargs or any(k.shape is None or not k.is_number for k in kinds):
        raise _Depends
    if fn in _KEPT and first is not None:
        flips = fn is not operator.pos and not first.product
        return replace(first, times=-first.times) if flips else first
    if fn is np.exp and first is not None and not first.product:
        return replace(first, product=True)
    if fn is np.log and first is not None and first.product:
        return replace(first, product=False)
    if fn in _ADD and len(of) == 2:
        return _combined(of, kinds, False, _ADD[fn])
    if fn in _MULTIPLY and len(of) == 2:
        return _combined(of, kinds, True, _MULTIPLY[fn])
    raise _Depends


def _combined(of: list[Weight | None], kinds: list[Any], product: bool, sign: int) -> Weight:
    """A sum of sums or a product of products; what has no weight has weight zero in both."""
    if any(w is not None and w.product != product for w in of):
        raise _Depends
    rank = max(len(k.shape) for k in kinds)
    found = [(None,) * (rank - len(w.axes)) + w.axes for w in of if w is not None]
    # An axis of length 1 may be stretched against the other operand's: then nothing varies there.
    if any(axes != found[0] for axes in found):
        raise _Depends
    a, b = (0 if w is None else w.times for w in of)
    return Weight(product, a + sign * b, found[0])


def _summed(s: Bind, w: Weight) -> Weight:
    """A sum over axes along which the shift is the same keeps a product's weight."""
    options = dict(s.kwargs)
    if not w.product or len(s.args) > 2 or set(options) - {"axis", "keepdims"}:
        raise _Depends
    axis = s.args[1] if len(s.args) == 2 else options.get("axis", Const(None))
    keepdims = options.get("keepdims", Const(False))
    if not isinstance(axis, Const) or not isinstance(keepdims, Const):
        raise _Depends
    rank = len(w.axes)
    value = axis.value
    axes = range(rank) if value is None else value if isinstance(value, tuple) else (value,)
    if any(type(a) is not int or not -rank <= a < rank for a in axes):
        raise _Depends
    gone = {a % rank for a in axes}
    if any(w.axes[a] is not None for a in gone):
        raise _Depends
    if keepdims.value:
        return w
    return replace(w, axes=tuple(a for i, a in enumerate(w.axes) if i not in gone))


def _expanded(axes: tuple[int | None, ...], axis: ir.Arg) -> tuple[int | None, ...]:
    where = axis.value if isinstance(axis, Const) else None
    if type(where) is not int or not -len(axes) - 1 <= where <= len(axes):
        raise _Depends
    where %= len(axes) + 1
    return (*axes[:where], None, *axes[where:])


def _indexed(axes: tuple[int | None, ...], index: Any) -> tuple[int | None, ...]:
    """New axes, whole ones, and any part of an axis along which the shift is the same."""
    parts = index.items if index.type is tuple and index.items is not None else (index,)
    dots = [p.type is type(Ellipsis) for p in parts]
    rest = len(axes) - sum(p.type not in (type(None), type(Ellipsis)) for p in parts)
    if rest < 0 or sum(dots) > 1:
        raise _Depends
    out: list[int | None] = []
    left = list(axes)
    for p, is_dots in zip(parts, dots, strict=True):
        if p.type is type(None):
            out.append(None)
        elif is_dots:
            out += left[:rest]
            del left[:rest]
        elif p.type is slice and (p.value == (None, None, None) or left[0] is None):
            out.append(left.pop(0))
        elif p.type is int and left[0] is None:
            del left[0]
        else:
            raise _Depends
    return (*out, *left)
