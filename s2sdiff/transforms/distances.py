"""`math.dist` of two points with known coordinates as `math.hypot` of the differences.

It is the same to the last bit: CPython computes both by one function.
"""

from __future__ import annotations

import math
import operator

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, Const, Function, Ref, Stmt, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such distances; itself where there are none."""
    if id(math.dist) not in ir.called(function) or not registry.is_own(math.dist):
        return function

    def apart(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or not s.calls(math.dist) or len(s.args) != 2 or s.kwargs or \
                len(s.targets) != 1 or any(isinstance(a, ir.Star) for a in s.args):
            return None
        p, q = ir.plain_args(s)
        pairs = list(zip(*(kind_of_atom(a, context).items or () for a in (p, q))))
        kinds = [kind_of_atom(a, context) for a in (p, q)]
        if not all(k.type in (list, tuple) and len(k.items or ()) == len(pairs) for k in kinds) \
                or len(pairs) not in (2, 3) or not all(map(_subtracts, pairs)):
            return None
        out: list[Stmt] = []
        differences: list[Var] = []
        names = context.names
        for i in range(len(pairs)):
            a, b = (coordinate(point, i, s.loc, out) for point in (p, q))
            differences.append(Var(names("difference_1")))
            out.append(Bind((differences[-1].name,), Ref(operator.sub), (a, b), (), s.loc))
        context.rules[id(math.dist)] = math.dist, registry.find(math.dist)
        return [*out, replace(s, fn=Ref(math.hypot), args=tuple(differences))]

    def coordinate(point: ir.Atom, i: int, loc: ir.Loc, out: list[Stmt]) -> ir.Atom:
        if isinstance(point, Const):
            return Const(point.value[i])
        name = context.names("coordinate_1")
        out.append(Bind((name,), Ref(operator.getitem), (point, Const(i)), (), loc))
        return Var(name)

    body = ir.rewritten(function.body, apart)
    return function if body is function.body else replace(function, body=body)


def _subtracts(pair: tuple[Kind, Kind]) -> bool:
    """Python's `-` makes of these the double that C makes: of two ints it would be exact."""
    return all(k.is_float or k.type is int for k in pair) and any(k.is_float for k in pair)
