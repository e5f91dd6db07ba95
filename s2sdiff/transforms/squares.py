"""Squares of sizes and of roots are differentiated as the smooth functions that they are.

`np.abs(x) ** 2` is `x * x`, but of the product of two slopes nothing is left at the kink, where
both are 0 (or, of a root, one of them is 0 and the other infinite): its second derivative would be
0, and not 2; that of `np.abs(x) ** 1.5` is infinite.  The value stays what is written, to the bit;
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

#: A call that gives an equal number without a kink: the function, its arguments, and by keyword.
Call = tuple[Any, tuple[Atom, ...], Any]
#: The variable that holds a size, and to which power it is raised.
Power = tuple[str, float]


def smoothed(function: Function, context: Context) -> Function:
    """The function with powers of what has a kink, or a vertical tangent, told as smooth."""
    if ir.called(function).isdisjoint(_SIZES):
        return function
    sizes: dict[str, Bind] = {}
    powers: dict[str, Power] = {}
    for s in ir.statements(function):
        if isinstance(s, Bind) and isinstance(s.fn, Ref) and len(s.targets) == 1:
            size, p = _raised(s)
            if size in sizes and _ours(s.fn.object, context):
                powers[s.targets[0]] = size, p
            elif id(s.fn.object) in _SIZES and _ours(s.fn.object, context):
                sizes[s.targets[0]] = s
    if not powers:
        return function
    bound = Counter(n for s in ir.statements(function) for n in ir.defines(s))
    calls = {power: _call(sizes[power[0]], power[1], context) for power in set(powers.values())
             if bound[power[0]] == 1}
    return _told(function, powers, {p: c for p, c in calls.items() if c is not None}, context)


def _told(function: Function, powers: dict[str, Power], calls: dict[Power, Call],
          context: Context) -> Function:
    """The function with each such call behind the size, and each power told of it."""
    names: dict[Power, str] = {}
    for name, power in powers.items():
        if power in calls and power not in names:
            names[power] = context.names("smooth_1")
            context.kinds[names[power]] = context.kinds.get(name, ANY)

    def told(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or len(s.targets) != 1:
            return None
        if powers.get(s.targets[0]) in names:
            fn = ops.moving_with if len(s.args) == 1 else ops.both_moving_with
            smooth = Var(names[powers[s.targets[0]]])
            made: Any = (smooth, s.fn, *s.args)
            return [replace(s, fn=Ref(fn), args=made)]
        return [s, *[Bind((smooth,), Ref(calls[power][0]), *calls[power][1:], s.loc)
                     for power, smooth in names.items() if power[0] == s.targets[0]]]

    return replace(function, body=ir.rewritten(function.body, told)) if names else function


def _raised(s: Bind) -> Power:
    """The variable of which a statement gives a power, and which one; "" for all else."""
    fn, args = id(getattr(s.fn, "object", None)), s.args
    if s.kwargs or not args or not isinstance(args[0], Var):
        return "", 0.0
    if fn == id(np.square) and len(args) == 1:
        return args[0].name, 2.0
    if len(args) == 2 and fn in _PRODUCTS and args[1] == args[0]:
        return args[0].name, 2.0
    exponent = args[1].value if len(args) == 2 and isinstance(args[1], Const) else None
    known = fn in _POWERS and type(exponent) in (int, float) and 1 < exponent <= 2
    return (args[0].name, float(exponent)) if known else ("", 0.0)


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
