"""`x_bar += -a * b` is `x_bar -= a * b`, `-a * b + c` is `c - a * b`, and `-(a * -b)` is `a * b`:
only a sign moves.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Inlined, Ref, Store, Var, replace
from s2sdiff.transforms import order

__all__ = ["settled"]

_OTHER = {operator.add: Ref(operator.sub, "-="), operator.sub: Ref(operator.add, "+=")}
_PRODUCTS = (Ref(operator.mul), Ref(operator.truediv))


def settled(s: ir.Stmt, users: Container[str]) -> ir.Stmt:
    """An update of a cotangent with its sign in the operator; sums of tangents, too.

    What the user has written stays: `users` are the names in that.
    """
    if type(s) is Bind:
        if s.loc.backward:
            s = _positive(s)
        if s.loc.backward or any("_dot" in t and t not in users for t in s.targets):
            s = _summed(s)
        return _updated(s)
    if isinstance(s, Store) and s.loc.backward and s.fn in (operator.iadd, operator.isub):
        plain = _without_sign(s.value)
        other = operator.isub if s.fn is operator.iadd else operator.iadd
        return s if plain is None else replace(s, fn=other, value=plain)
    return s


def _summed(s: Bind) -> Bind:
    """The same sums, with differences in place of sums with what has a minus in front of it."""
    if Inlined not in map(type, s.args):
        return s
    s = _inside(s, _summed)
    if not isinstance(s.fn, Ref) or s.fn.object not in _OTHER or s.kwargs or len(s.args) != 2 or \
            type(order.accumulated(s)) is Var:
        return s
    a, b = s.args
    plain = _without_sign(b) if type(b) is Inlined else None
    if plain is not None:
        return replace(s, fn=Ref(_OTHER[s.fn.object].object), args=(a, plain))
    swaps = type(a) is Inlined and s.fn.object is operator.add and _is_arithmetic(a) and \
        _is_arithmetic(b)
    plain = _without_sign(a) if swaps else None
    return s if plain is None else replace(s, fn=Ref(operator.sub), args=(b, plain))


def _is_arithmetic(a: Any) -> bool:
    """An expression in which nothing is called that has to be called in its turn."""
    return type(a) is not Inlined or (order.is_arithmetic(a.bind) and all(
        map(_is_arithmetic, a.bind.args)))


def _positive(s: Bind) -> Bind:
    """The same expression without a minus in front of a product that has another one in it."""
    if Inlined not in map(type, s.args):
        return s
    s = _inside(s, _positive)
    match s:
        case Bind(targets, Ref(operator.neg), (Inlined(Bind() as product),), ()):
            plain = _without_minus(product)
            if plain is not None:
                return replace(plain, targets=targets)
    return s


def _inside(s: Bind, step: Callable[[Bind], Bind]) -> Bind:
    """The statement with the expressions in it changed; the very one where none is."""
    args: list[Any] = []
    changed = False
    for a in s.args:
        if type(a) is Inlined:
            made = step(a.bind)
            if made is not a.bind:
                a, changed = Inlined(made), True
        args.append(a)
    return replace(s, args=tuple(args)) if changed else s


def _without_minus(s: Bind) -> Bind | None:
    """A product without the minus of one of its factors; None where none has one."""
    if s.fn not in _PRODUCTS or s.kwargs or len(s.args) != 2:
        return None
    for i, a in enumerate(s.args):
        plain: Any = None
        match a:
            case Const(value) if type(value) in (int, float) and value < 0:
                plain = Const(-value)
            case Inlined(Bind(_, fn, (plain,), ())) if fn == Ref(operator.neg):
                pass
            case Inlined(bind):
                inner = _without_minus(bind)
                plain = None if inner is None else Inlined(inner)
        if plain is not None:
            return replace(s, args=(*s.args[:i], plain, *s.args[i + 1:]))
    return None


def _updated(s: Bind) -> Bind:
    if Inlined in map(type, s.args):
        s = _inside(s, _updated)
    plain = _without_sign(s.args[1]) if order.accumulated(s) is not None else None
    if plain is None or not isinstance(s.fn, Ref):
        return s
    return replace(s, fn=_OTHER[s.fn.object], args=(s.args[0], plain))


def _without_sign(a: Any) -> Any:
    """A product without the minus in front of it; None where there is none."""
    match a:
        case Const(value) if type(value) in (int, float) and value < 0:
            return Const(-value)
        case Inlined(Bind(_, fn, (inner,), ())) if fn == Ref(operator.neg):
            return inner
        case Inlined(Bind(_, fn, (left, right), ()) as bind) if fn in _PRODUCTS:
            plain = _without_sign(left)
            return None if plain is None else Inlined(replace(bind, args=(plain, right)))
    return None
