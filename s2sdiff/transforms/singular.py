"""Which arrays may hold inf or nan beside numbers that count.

`np.where(x > 0, x * np.log(x), 0.0)` computes what it throws away, and the zero that comes back for
it meets `log(0)`: a product of the two is nan.  Such are what functions with poles or borders give,
exponentials of which something is thrown away (they are large in the branch of a sigmoid that is
not taken), what a function asks `np.isnan` of, and all that is computed from these.  Other data is
taken to be finite, so that most products are plain ones.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Var
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms import arithmetic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["found", "grows", "makes", "passes_on"]

_POLES = frozenset(map(id, (
    np.log, np.log2, np.log10, np.log1p, np.reciprocal, np.sqrt, np.arcsin, np.arccos, np.arccosh,
    np.arctanh, np.tan)))
_EXPONENTIALS = frozenset(map(id, (np.exp, np.exp2, np.expm1, np.sinh, np.cosh)))
_CHOICES = frozenset(map(id, (
    np.where, np.select, np.piecewise, np.choose, np.clip, vars(np.ndarray)["clip"], np.minimum,
    np.maximum, np.fmin, np.fmax)))
_QUOTIENTS = frozenset(map(id, (
    operator.truediv, np.divide, operator.mod, np.remainder, operator.floordiv, runtime.divide)))
_POWERS = frozenset(map(id, (operator.pow, np.power, np.float_power, runtime.power)))
_ASKING = frozenset({
    np.isnan, np.isfinite, np.isinf, np.nan_to_num, np.nansum, np.nanmean, np.nanprod, np.nanvar,
    np.nanstd, np.nanmin, np.nanmax, np.nanmedian, np.nanpercentile, np.nanquantile, np.nancumsum,
    np.nancumprod})
#: They pass on what is in an array.
_PASSING = VIEWS | {operator.getitem, np.where}


def found(function: Function, context: Context) -> set[str]:
    """The names of such arrays in a function."""
    singular: set[str] = set()
    asked: set[str] = set()
    statements = [s for s in ir.statements(function) if isinstance(s, (Bind, Move))]
    chosen = _before({n for s in statements if isinstance(s, Bind) and isinstance(s.fn, Ref)
                      and id(s.fn.object) in _CHOICES for n in _read(s)}, statements)
    for s in statements:
        if isinstance(s, Bind) and isinstance(s.fn, Ref):
            if _among(s.fn.object, _ASKING):
                asked |= _read(s)
            elif makes(s, context) or (
                    id(s.fn.object) in _EXPONENTIALS and not chosen.isdisjoint(s.targets)):
                singular.update(s.targets)
    # What is asked for in a result came from what it was computed of.
    singular |= _before(asked, statements)
    while singular:
        before = len(singular)
        for s in statements:
            if isinstance(s, Move):
                singular.update(t for t, a in zip(s.targets, s.sources, strict=True)
                                if isinstance(a, Var) and a.name in singular)
            elif passes_on(s.fn) and not singular.isdisjoint(_read(s)):
                singular.update(s.targets)
        if len(singular) == before:
            break
    return singular


def thrown_away(function: Function) -> set[str]:
    """The names, in code that a derivative is, of cotangents that hold zeros where nothing counts.

    As cotangents in code that is being made, they win over what is infinite there.
    """
    if id(runtime.scaled) not in ir.called(function) or id(np.where) not in ir.called(function):
        return set()
    zeros: set[str] = set()
    for s in ir.statements(function):
        if isinstance(s, Bind) and isinstance(s.fn, Ref) and (
                (s.fn.object is np.where and any(type(a) is Const and type(a.value) is int and
                                                 a.value == 0 for a in s.args[1:]))
                or (s.fn.object in (operator.mul, runtime.scaled)
                    and not zeros.isdisjoint(_read(s)))):
            zeros.update(s.targets)
    return zeros


def _before(names: set[str], statements: list[Bind | Move]) -> set[str]:
    """The names, with those of what they are computed of, element by element."""
    while names:
        size = len(names)
        for s in statements:
            if (isinstance(s, Move) or passes_on(s.fn)) and not names.isdisjoint(ir.defines(s)):
                names |= _read(s)
        if len(names) == size:
            break
    return names


def _read(s: Bind | Move) -> set[str]:
    """The variables that a statement reads, and the names from outside."""
    atoms = s.sources if isinstance(s, Move) else s.args
    if isinstance(s, Bind) and s.kwargs:
        atoms = (*s.args, *[a for _, a in s.kwargs])
    return {a.name for a in atoms if isinstance(a, (Var, Free))}


def _among(fn: Any, functions: frozenset) -> bool:
    try:
        return fn in functions
    except TypeError:
        return False


def makes(s: Bind, context: Context) -> bool:
    """Whether a call may give inf or nan for finite arrays."""
    fn: Any = s.fn.object if type(s.fn) is Ref else None
    at = id(fn)
    quotient, power = at in _QUOTIENTS, at in _POWERS
    if at in _POLES:
        return any(_is_number(a, context) for a in s.args)  # Python's own raise at their poles
    if not (quotient or power or isinstance(fn, np.ufunc)) or \
            not any(_is_array(a, context) for a in s.args):
        return False
    if quotient:
        by = s.args[1]
        return not (isinstance(by, Const) and by.value)
    if power:
        n = s.args[1]
        return not (isinstance(n, Const) and isinstance(n.value, (int, float))
                    and n.value >= 0 and n.value == int(n.value))
    return isinstance(fn, np.ufunc) and vars(np).get(fn.__name__) is not fn


def grows(fn: Any) -> bool:
    """Whether it is an exponential, which is infinite for large arguments."""
    return id(fn) in _EXPONENTIALS


def _is_array(a: Any, context: Context) -> bool:
    kind = kind_of_atom(a, context) if isinstance(a, (Var, Free, Const)) else None
    return kind is not None and (kind.is_array or kind.dtype is not None)


def _is_number(a: Any, context: Context) -> bool:
    return isinstance(a, (Var, Free)) and kind_of_atom(a, context).is_number


def passes_on(fn: Any) -> bool:
    """Whether what is computed, or a part, of inf and nan may be such."""
    return isinstance(fn, Ref) and (
        arithmetic.is_elementwise(fn.object) or _among(fn.object, _PASSING))
