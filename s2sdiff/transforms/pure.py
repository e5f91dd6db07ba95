"""Which statements may be deleted where nobody reads what they bind."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Set
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, For, If, Opaque, Ref, Star
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import joined
from s2sdiff.transforms import arithmetic
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.unless_none import ARITHMETIC

__all__ = ["deletable"]

#: They raise outside of their domain, where their derivatives' formulas would not.
_GUARDING = frozenset({math.log, math.log2, math.log10, math.log1p, math.lgamma, math.gamma})
#: Modules of helpers that compute a new value and do nothing else.
_NUMERIC = ("s2sdiff.runtime.arrays", "s2sdiff.runtime.masking", "s2sdiff.runtime.slopes")
#: Functions of one array that raise for some of them.
_PARTIAL = frozenset({np.linalg.cholesky, np.linalg.inv, np.linalg.det, np.linalg.slogdet,
                      np.linalg.eigh, np.linalg.eig, np.linalg.svd, np.linalg.qr, np.stack,
                      np.concatenate, np.vstack, np.hstack, np.array})
_SUMS = frozenset({np.einsum, np.inner, np.tensordot, np.vdot})
_PRODUCTS = frozenset({operator.matmul, np.matmul, np.dot, np.ndarray.dot})
_WALKED = (range, list, tuple)
_HARMLESS = frozenset({ops.tuple_, ops.list_, slice, range, len, float, enumerate, zip, reversed})


def deletable(context: Context, loose: Set[str] = frozenset()) -> Callable[[ir.Stmt], bool]:
    """Generated code may go, and calls of pure library rules on numbers; never a user's call.

    What reads a name that may be unbound (`loose`), or None, may raise, and stays.
    """

    def of(s: ir.Stmt) -> bool:
        match s:
            case Bind((), _):
                return False
            case Bind(_, fn, args):
                if loose and not s.loc.backward and any(n in loose for n in ir.reads(s)):
                    return False
                if context.counted_on and any((n, s.loc) in context.counted_on
                                              for n in ir.reads(s)):
                    return False
                return _call(fn, args, s, context)
            case If():
                return s.loc.backward or kind_of_atom(s.test, context).is_scalar
            case For(source=source):
                # To go over these runs nobody's code.
                return s.loc.backward or kind_of_atom(source, context).type in _WALKED
        return False

    return of


def _call(fn: Any, args: tuple, s: Bind, context: Context) -> bool:
    if not isinstance(fn, Ref):
        return False
    target = fn.object
    if isinstance(target, Opaque):
        return False
    module = getattr(target, "__module__", "") or ""
    if module in _NUMERIC or (s.loc.backward and hasattr(target, "__s2sdiff_like__")):
        return True
    if target is functools.partial:
        return bool(args) and isinstance(args[0], Ref) and callable(args[0].object)
    if target is type:
        return len(args) == 1 and not s.kwargs
    if target is joined.shapes_of:
        # Of lists of arrays alone is it known what it gives.
        return context.kinds.get(s.targets[0], ANY).type is list
    try:
        if target in _GUARDING:
            return False
        if target in _HARMLESS:
            if not s.loc.backward and context.memory is not None and context.memory.effects(s):
                return False  # a method of a class runs in it, and writes
            # Of an array with several numbers, `float` makes none.
            return target is not float or s.loc.backward or not args or \
                kind_of_atom(args[0], context).shape in ((), None)
    except TypeError:
        return False
    if not s.loc.backward and _may_raise(target, args, s, context):
        return False
    rule = registry.find(target)
    if rule is None or not rule.pure or getattr(rule.function, "__s2sdiff_effects__", False):
        return False
    if s.loc.backward:
        return True
    if context.memory is not None and context.memory.effects(s):
        # Its result is nobody's, but what it wrote by `out=` may be read.
        return False
    context.misfits = context.misfits or _may_misfit(target, args, context)
    return all(_plain(kind_of_atom(a.value if isinstance(a, Star) else a, context))
               for a in (*args, *(a for _, a in s.kwargs)))


def _may_raise(target: Any, args: tuple, s: Bind, context: Context) -> bool:
    """None as a number, a Python zero as divisor, places out of range, shapes that do not fit.

    Of what is active, backward code does the same.
    """
    if id(target) in ARITHMETIC and any(
            kind_of_atom(a, context).type is type(None) for a in args):
        return True
    if any(t in context.active for t in s.targets):
        return False
    if target in (operator.truediv, operator.floordiv, operator.mod, operator.pow):
        divisor = args[1]
        if isinstance(divisor, ir.Const) and divisor.value:
            return False
        return not any(kind_of_atom(a, context).dtype is not None for a in args)
    if target is operator.getitem and len(args) == 2:
        kind, key = kind_of_atom(args[0], context), args[1]
        listed = kind.items is not None and (kind.type is list or kind.is_tuple)
        return not (listed and isinstance(key, ir.Const) and type(key.value) is int
                    and 0 <= key.value < len(kind.items or ()))
    arrays = {a for a in (*args, *(a for _, a in s.kwargs))
              if isinstance(a, Star) or not _has_no_shape(kind_of_atom(a, context))}
    if is_elementwise(target):
        return len(arrays) > 1
    return bool(arrays) and (len(args) + len(s.kwargs) > 1 or target in _PARTIAL)


def _has_no_shape(kind: Kind) -> bool:
    return kind.is_scalar or kind.inert or kind.shape == ()


def _may_misfit(target: Any, args: tuple, context: Context) -> bool:
    """Arrays of different shapes: backward code may give a gradient of the other one's shape."""
    if target in _SUMS:
        return len(args) > 1
    if len(args) < 2 or not (target in _PRODUCTS or arithmetic.is_elementwise(target)):
        return False
    shapes = [kind_of_atom(a, context).shape or () for a in args[:2]]
    if target not in _PRODUCTS:
        pairs = zip(*[reversed(shape) for shape in shapes], strict=False)
        return any(p != q and 1 not in (p, q) for p, q in pairs)
    left, right = shapes
    return not (left and right) or left[-1] != right[-2:][0]


def _plain(kind: Kind) -> bool:
    if kind.items is not None and (kind.type is list or kind.is_tuple):
        return all(_plain(i) for i in kind.items)
    return kind.is_number or kind.inert
