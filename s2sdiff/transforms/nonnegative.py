"""Real numbers that are surely not negative: squares, magnitudes, and sums and products of these.

Python's floats leave the real numbers where a negative one is raised to a fraction, so that
`(x * x + y * y) ** 1.5` would be taken for a complex number if nothing were known of its base.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const, Ref, Var
from s2sdiff.kinds import Kind

__all__ = ["gives"]

_ALWAYS = frozenset(map(id, (
    abs, np.abs, np.fabs, np.sqrt, np.exp, np.hypot, np.square, math.sqrt, math.exp, math.fabs,
    math.hypot, math.cosh, np.cosh)))
_OF_SUCH = frozenset(map(id, (
    operator.add, operator.mul, operator.truediv, operator.iadd, operator.imul,
    operator.itruediv)))
_POWERS = (operator.pow, operator.ipow)
#: All others may give negative numbers.
_GIVING = _ALWAYS | _OF_SUCH | frozenset(map(id, (*_POWERS, max)))


def gives(s: Bind, kinds: list[Kind], known: set[str]) -> bool:
    """Whether a statement gives a real number that is not negative, or nan; `known` are such."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if id(fn) not in _GIVING or s.kwargs or not kinds:
        return False
    for k in kinds:
        if not k.is_scalar or (k.field != "real" and k.field != "int"):
            return False
    if id(fn) in _ALWAYS:
        return True
    first, *others = s.args
    if fn is operator.mul and others == [first]:
        return True
    if fn in _POWERS and _is(first, known):
        return True
    if fn in _POWERS:
        (exponent,) = others
        return isinstance(exponent, Const) and type(exponent.value) is int and \
            exponent.value % 2 == 0
    if fn is max:
        return any(_is(a, known) for a in s.args)
    return id(fn) in _OF_SUCH and all(_is(a, known) for a in s.args)


def _is(a: Any, known: set[str]) -> bool:
    if type(a) is Var:
        return a.name in known
    return isinstance(a, Const) and a.value >= 0
