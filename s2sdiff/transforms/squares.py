"""Squares of sizes and of roots are differentiated as the smooth functions that they are.

`np.abs(x) ** 2` is `x * x`, but of the product of two slopes nothing is left at the kink, where
both are 0 (or, of a root, one of them is 0 and the other infinite): its second derivative would be
0, and not 2; that of `np.abs(x) ** 1.5` is infinite.  So it is where the size has a factor, as in
`(d / scale) ** 2` and `-d * d`.  The value stays what is written, to the bit;
the number that it moves with is there for its derivative alone.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Atom, Bind, Const, Function, Ref, Stmt, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.rules.squares import raised_size, squared_hypot, squared_norm, squared_size
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["smoothed"]

_POWERS = frozenset(map(id, (operator.pow, pow, np.power, math.pow)))
_PRODUCTS = frozenset(map(id, (operator.mul, np.multiply)))

_QUOTIENTS = frozenset(map(id, (operator.truediv, np.divide)))

#: A call that gives an equal number without a kink: the function, its arguments, and by keyword.
Call = tuple[Any, tuple[Atom, ...], Any]
#: What a size was multiplied with, or divided by, one after the other.
Factors = tuple[tuple[Any, Atom], ...]
#: The variable that holds a size, to which power it is raised, and the factors of that power.
Power = tuple[str, float, Factors]


def smoothed(function: Function, context: Context) -> Function:
    """The function with powers of what has a kink, or a vertical tangent, told as smooth."""
    if ir.called(function).isdisjoint(_SIZES):
        return function
    bound = Counter(n for s in ir.statements(function) for n in ir.defines(s))
    sizes: dict[str, Bind] = {}
    scaled: dict[str, tuple[str, Factors]] = {}
    powers: dict[str, Power] = {}
    for s in ir.statements(function):
        if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or len(s.targets) != 1:
            continue
        name = s.targets[0]
        power = _raised(s, scaled)
        if power is not None:
            if _ours(s.fn.object, context):
                powers[name] = power
        elif bound[name] > 1 or (context.memory is not None and context.memory.written_in(name)):
            continue  # what is raised need not be the size
        elif id(s.fn.object) in _SIZES and _ours(s.fn.object, context):
            sizes[name], scaled[name] = s, (name, ())
        else:
            factor = _factor(s, scaled, bound, context)
            if factor is not None and _ours(s.fn.object, context):
                scaled[name] = factor
    calls = {(size, p): _call(sizes[size], p, context) for size, p, _ in set(powers.values())}
    return _told(function, powers, {p: c for p, c in calls.items() if c is not None}, context)


def _told(function: Function, powers: dict[str, Power], calls: dict[tuple[str, float], Call],
          context: Context) -> Function:
    """The function with each such call behind the size, and each power told of it."""
    names: dict[tuple[str, float], str] = {}
    for name, (size, p, factors) in powers.items():
        if (size, p) in calls and (size, p) not in names:
            names[size, p] = context.names("smooth_1")
            context.kinds[names[size, p]] = context.kinds.get(size if factors else name, ANY)

    def told(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or len(s.targets) != 1:
            return None
        size, p, factors = powers.get(s.targets[0], ("", 0.0, ()))
        if (size, p) in names:
            fn = ops.moving_with if len(s.args) == 1 else ops.both_moving_with
            smooth, out = names[size, p], list[Stmt]()
            for by, factor in factors:
                given, smooth = Var(smooth), context.names("smooth_1")
                context.kinds[smooth] = context.kinds.get(s.targets[0], ANY)
                out.append(Bind((smooth,), Ref(by), (given, factor), (), s.loc))
            made: Any = (Var(smooth), s.fn, *s.args)
            return [*out, replace(s, fn=Ref(fn), args=made)]
        return [s, *[Bind((smooth,), Ref(calls[power][0]), *calls[power][1:], s.loc)
                     for power, smooth in names.items() if power[0] == s.targets[0]]]

    return replace(function, body=ir.rewritten(function.body, told)) if names else function


def _raised(s: Bind, scaled: dict[str, tuple[str, Factors]]) -> Power | None:
    """The size of which a statement gives a power, and which one."""
    fn, args = id(getattr(s.fn, "object", None)), s.args
    size, factors = scaled.get(getattr(args[0], "name", "") if args else "", ("", ()))
    if not size or s.kwargs:
        return None
    if fn == id(np.square) and len(args) == 1:
        return size, 2.0, factors * 2
    if len(args) == 2 and fn in _PRODUCTS:
        other, more = scaled.get(getattr(args[1], "name", ""), ("", ()))
        return (size, 2.0, factors + more) if other == size else None
    exponent = args[1].value if len(args) == 2 and isinstance(args[1], Const) else None
    if fn not in _POWERS or type(exponent) not in (int, float) or not 1 < exponent <= 2:
        return None
    if factors and exponent != 2:
        return None
    return size, float(exponent), factors * 2


def _factor(s: Bind, scaled: dict[str, tuple[str, Factors]], bound: Counter[str],
            context: Context) -> tuple[str, Factors] | None:
    """The size, and its factors, where a statement gives one times or over another number."""
    fn, args = id(getattr(s.fn, "object", None)), s.args
    if fn in _PRODUCTS and len(args) == 2 and getattr(args[0], "name", "") not in scaled:
        args = args[::-1]
    size, factors = scaled.get(getattr(args[0], "name", "") if args else "", ("", ()))
    if not size:
        return None
    if fn in (id(operator.neg), id(np.negative)) and len(args) == 1:
        return size, (*factors, (operator.mul, Const(-1.0)))
    by = operator.mul if fn in _PRODUCTS else operator.truediv if fn in _QUOTIENTS else None
    if by is None or s.kwargs or len(args) != 2 or isinstance(args[1], ir.Star):
        return None
    if bound[getattr(args[1], "name", "")] > 1 or not kind_of_atom(args[1], context).is_scalar:
        return None
    return size, (*factors, (by, args[1]))


def _call(s: Bind, p: float, context: Context) -> Call | None:
    """What gives the power of a size as a smooth function; None where too little is known."""
    if any(isinstance(a, ir.Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return None
    kinds = [kind_of_atom(a, context) for a in s.args]
    if not kinds or not all(k.is_number and k.field is not None for k in kinds) or \
            not isinstance(s.fn, Ref):
        return None
    return _SIZES[id(s.fn.object)](ir.plain_args(s), s.kwargs, p, kinds)


def _of_one(args: tuple[Atom, ...], options: Any, p: float, kinds: list[Kind]) -> Call | None:
    if len(args) > 1 or options or kinds[0].field == "int":
        return None
    if p == 2:
        return squared_size, args, ()
    return (raised_size, (*args, Const(p)), ()) if kinds[0].field == "real" else None


def _of_several(args: tuple[Atom, ...], options: Any, p: float, kinds: list[Kind]) -> Call | None:
    plain = p == 2 and 1 < len(args) < 4 and not options and all(
        k.field != "complex" for k in kinds)
    return (squared_hypot, args, ()) if plain else None


def _of_vector(args: tuple[Atom, ...], options: Any, p: float, kinds: list[Kind]) -> Call | None:
    given = {"axis": Const(None), "keepdims": Const(False), **dict(options)}
    plain = p == 2 and len(args) == 1 and len(given) == 2 and kinds[0].is_array and \
        kinds[0].field != "int"
    return (squared_norm, (args[0], given["axis"], given["keepdims"]), ()) if plain else None


def _of_root(args: tuple[Atom, ...], options: Any, p: float, kinds: list[Kind]) -> Call | None:
    plain = p == 2 and len(args) == 1 and not options and kinds[0].field == "real"
    return (operator.pos, args, ()) if plain else None


def _of_deviation(
    args: tuple[Atom, ...], options: Any, p: float, kinds: list[Kind]
) -> Call | None:
    plain = p == 2 and len(args) == 1 and kinds[0].is_array and kinds[0].field != "int" and all(
        k in ("axis", "ddof", "correction", "keepdims", "mean") for k, _ in options)
    return (np.var, args, options) if plain else None


#: By the function that gives a size.
_SIZES: dict[int, Callable[[tuple[Atom, ...], Any, float, list[Kind]], Call | None]] = {
    **dict.fromkeys(map(id, (abs, operator.abs, np.abs, np.fabs, math.fabs)), _of_one),
    **dict.fromkeys(map(id, (np.hypot, math.hypot)), _of_several),
    **dict.fromkeys(map(id, (np.sqrt, math.sqrt)), _of_root),
    id(np.linalg.norm): _of_vector,
    id(np.std): _of_deviation,
}


def _ours(fn: Any, context: Context) -> bool:
    """A function whose derivative is the library's own; one registered later compiles again."""
    context.rules[id(fn)] = (fn, registry.find(fn))
    return registry.is_own(fn)
