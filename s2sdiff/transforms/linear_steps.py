"""Steps of a pullback that surely are linear functions of what is linear in the cotangent.

A derivative drops a term that does not depend on the cotangent, and takes a test of it as it comes
out: `c + 1` and `np.sign(c)` have one, and are no linear functions.  Whether a user's pullback is
one is told by its text as far as that goes, and else by numbers, when it runs.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import runtime
from s2sdiff.ir import Arg, Bind, Const, Ref, Var

__all__ = ["is_zero", "stays_linear"]


def stays_linear(t: Bind, linear: set[str]) -> bool:
    """Whether a step is linear in those of its arguments that are."""
    fn = t.fn.object if isinstance(t.fn, Ref) else None
    given = [*t.args, *[a for _, a in t.kwargs]]
    ours = [isinstance(a, Var) and a.name in linear for a in given]
    if id(fn) in _SUMS:
        return all(mine or is_zero(a) for mine, a in zip(ours, given, strict=True))
    if id(fn) in _CHOICES:
        return not ours[0] and all(
            mine or is_zero(a) for mine, a in zip(ours[1:], given[1:], strict=True))
    if id(fn) in _PRODUCTS:
        return sum(ours) == 1
    return id(fn) in _OF_FIRST and ours[0] and sum(ours) == 1


def is_zero(share: Arg | Any) -> bool:
    """Whether that is a literal zero, or nothing."""
    return isinstance(share, Const) and (share.value is None or share.value == 0)


def _ids(*functions: Any) -> frozenset[int]:
    return frozenset(map(id, functions))


_SUMS = _ids(operator.add, operator.sub, operator.iadd, operator.isub, np.add, np.subtract)
_CHOICES = _ids(np.where)
_PRODUCTS = _ids(operator.mul, operator.imul, operator.matmul, np.multiply, np.dot, np.matmul,
                 np.outer, np.inner, np.vdot)
_OF_FIRST = _ids(
    operator.truediv, operator.itruediv, np.divide, operator.neg, operator.pos, np.negative,
    operator.getitem, np.sum, np.mean, np.cumsum, np.reshape, np.ravel, np.transpose,
    np.squeeze, np.expand_dims, np.swapaxes, np.moveaxis, np.flip, np.conj, np.real, np.diff,
    np.trace, np.diag, np.broadcast_to, float, np.asarray, np.array, np.copy,
    runtime.match, runtime.match_number, runtime.fitted, runtime.copy,
    *[vars(np.ndarray)[n] for n in ("T", "real", "sum", "mean", "reshape", "ravel", "transpose",
                                    "copy", "conj", "dot", "cumsum", "squeeze", "flatten")])
