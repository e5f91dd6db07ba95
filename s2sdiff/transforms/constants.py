"""Slices, tuples and arithmetic of literals become literals, one atom where they are used."""

from __future__ import annotations

import math
import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Block, Const, Function, Ref, Var, replace

__all__ = ["fold"]


def fold(function: Function) -> Function:
    """Replace `slice(1, None)` and `(0, slice(None))` by what they are.

    >>> here = ir.Loc("f.py", 1, 0)
    >>> part = Bind(("s",), Ref(slice), (Const(1), Const(None)), (), here)
    >>> result = ir.Exit("return", ir.Var("s"), here)
    >>> fold(Function("f", (), (part, result), here)).body[0].value
    Const(slice(1, None, None))
    """
    return replace(function, body=_block(function.body, {}, function.names))


_ARITHMETIC = tuple(map(Ref, (operator.add, operator.sub, operator.mul, operator.truediv,
                              operator.neg)))


def _number(fn: Any, values: list[Any]) -> float | None:
    """`0.1 / 2` is what Python makes of it, in every round of a loop; None: not that simple."""
    if fn not in _ARITHMETIC or any(type(v) not in (int, float) for v in values):
        return None
    try:
        number = fn.object(*values)
    except ArithmeticError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e15 else None


def _block(block: Block, env: dict[str, Atom], named: frozenset[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        s = ir.substitute(s, env)
        if isinstance(s, Bind) and len(s.targets) == 1 and not s.kwargs and \
                Var not in map(type, s.args) and all(isinstance(a, Const) for a in s.args):
            values = [a.value for a in s.args if isinstance(a, Const)]
            if s.fn == Ref(slice):
                env[s.targets[0]] = Const(slice(*values))
                continue
            if s.fn == Ref(ops.tuple_):
                env[s.targets[0]] = Const(tuple(values))
                continue
            number = _number(s.fn, values)
            # A name of the user's says more than many digits.
            if number is not None and (s.targets[0] not in named or len(repr(number)) < 9):
                env[s.targets[0]] = Const(number)
                continue
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_block(b, env, named) for b in inner))
        out.append(s)
    return tuple(out)
