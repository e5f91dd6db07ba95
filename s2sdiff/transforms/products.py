"""Peepholes of products: factors of one, signs and constant factors, quotients.

Backward code may round differently from what the rules say, so its constant factors are gathered:
`100.0 * (2 * r)` is `200.0 * r`, and a factor stands with the smaller of two operands.  Code that
computes the user's values is left alone.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Const, Ref, Store, Var

__all__ = [
    "NOTHING", "definition", "divide", "multiply", "negate", "power", "product", "quotient",
    "scaled", "steep",
]

NOTHING = object()

_PRODUCTS = (operator.mul, np.multiply)
#: How many statements back a factor is looked for.
_REACH = 32


def definition(emit: Any, a: Any, here: bool = False) -> Bind | None:
    """The backward statement that just made a value, if nothing that it reads was written since.

    `here`: only if nothing but the call that is being pulled back reads it.
    """
    if not emit.backward or type(a) is not Var:
        return None
    out, made, written = emit.out, (a.name,), set[str]()
    for i in range(len(out) - 1, max(-1, len(out) - _REACH), -1):
        s = out[i]
        if type(s) is Store:
            if here and a.name in ir.reads(s):
                return None
            written.add(getattr(s.target, "name", ""))
            continue
        if type(s) is not Bind or not s.targets:
            return None
        if s.targets == made:
            if written and (a.name in written or not all(
                    n not in written and emit.kind(Var(n)).is_scalar for n in ir.reads(s))):
                return None
            if i < emit.mark and not emit.kept.isdisjoint(ir.reads(s)):
                return None
            return s if not here or i >= emit.mark or a.name in emit.given else None
        if s.calls(runtime.taken_at) or s.calls(ops.method):
            written.update(ir.reads(s))
        if here and i < emit.mark and a.name in ir.reads(s):
            return None
    return None


def product(emit: Any, a: Any, here: bool = False) -> Bind | None:
    """The product that just made a value."""
    made = definition(emit, a, here)
    return made if made is not None and made.fn in _REFS and not made.kwargs else None


def multiply(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    a, b = args[:2]
    # What the user wrote makes a new array, and raises where a name has no value.
    if kwargs or not emit.backward:
        return NOTHING
    for one, other in ((a, b), (b, a)):
        c = _number(one)
        if c is None or _number(other) is not None or not _floating(emit, other):
            continue
        if c == 1:
            return other
        if c == 0 and emit.kind(other).is_scalar:
            return Const(0.0)  # an exact zero wins
        if c == -1:
            return emit.call(Ref(operator.neg), [other], {}, "negative_1")
        return _by_constant(emit, c, other)
    return _gathered(emit, a, b)


def _by_constant(emit: Any, c: float, v: Any) -> Any:
    """`c * v`, where `v` may have a constant factor itself, or a factor that is smaller."""
    factor, base = _factor(emit, v)
    if factor is not None and _sound(c * factor):
        return emit.call(Ref(operator.mul), [Const(c * factor), base], {}, "product_1")
    made = definition(emit, v)
    if made is not None and made.fn == Ref(operator.truediv):
        top = _number(made.args[0])
        if top is not None and _sound(c * top):
            return emit.call(made.fn, [Const(c * top), made.args[1]], {}, "quotient_1")
    made = product(emit, v, here=True)
    if made is not None:
        p, q = made.args
        for one, other in ((p, q), (q, p)):
            factor, base = _factor(emit, one)
            if (factor is not None and _sound(c * factor)) or _smaller(emit, one, other):
                pair = [emit.call(Ref(operator.mul), [Const(c), one], {}, "product_1"), other]
                return emit.call(made.fn, pair if one is p else pair[::-1], {}, "product_1")
    return NOTHING


def _gathered(emit: Any, a: Any, b: Any) -> Any:
    """`(c * p) * (d * q)` as `((c * d) * p) * q`, the constant with the smaller one."""
    (c, p), (d, q) = _factor(emit, a), _factor(emit, b)
    if c is None and d is not None and _smaller(emit, a, q) and product(emit, b, here=True):
        c = 1
    elif d is None and c is not None and _smaller(emit, b, p) and product(emit, a, here=True):
        d = 1
    if c is None or d is None or not _sound(c * d):
        return NOTHING
    if _smaller(emit, q, p):
        q = emit.call(Ref(operator.mul), [Const(c * d), q], {}, "product_1")
    else:
        p = emit.call(Ref(operator.mul), [Const(c * d), p], {}, "product_1")
    return emit.call(Ref(operator.mul), [p, q], {}, "product_1")


def negate(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    factor, base = _factor(emit, args[0])
    if factor is None:
        return NOTHING
    return emit.call(Ref(operator.mul), [Const(-factor), base], {}, "negative_1")


def _factor(emit: Any, a: Any) -> tuple[float | None, Any]:
    """The constant and the rest of a product with a constant, or `(None, a)`."""
    made = definition(emit, a)
    if made is None or made.kwargs or type(made.fn) is not Ref:
        return None, a
    called = made.fn.object
    if called is operator.neg and _floating(emit, made.args[0]):
        return -1, made.args[0]
    if called is operator.mul or called is np.multiply:
        for one, other in (made.args, made.args[::-1]):
            c = _number(one)
            if c is not None and _floating(emit, other):
                return c, other
    if called is operator.getitem and isinstance(made.args[1], Const) and \
            definition(emit, a, here=True) is not None:
        c, base = _factor(emit, made.args[0])
        if c is not None:
            return c, emit.bind(made.fn, [base, made.args[1]], {}, made.targets[0])
    return None, a


_REFS = tuple(Ref(f) for f in _PRODUCTS)


def _sound(c: float) -> bool:
    """Gathering must not overflow where taking one factor after another would not."""
    return math.isfinite(c) and 1e-30 < abs(c) < 1e30


def _smaller(emit: Any, a: Any, b: Any) -> bool:
    a_kind, b_kind = emit.kind(a), emit.kind(b)
    if not (a_kind.is_number and b_kind.is_number) or None in (a_kind.shape, b_kind.shape):
        return False
    long = [sum(d != 1 for d in k.shape) for k in (a_kind, b_kind)]
    return long[0] < long[1] and _floating(emit, a)


def _number(a: Any) -> Any:
    value = a.value if isinstance(a, Const) else None
    return value if type(value) in (int, float) else None


def _floating(emit: Any, a: Any) -> bool:
    return emit.kind(a).field in ("real", "complex")


def divide(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if _number(args[1]) == 1 and _floating(emit, args[0]) and emit.backward:
        return args[0]
    return NOTHING


def quotient(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`rt.divide` of a constant that is not 0, by what is no Python float, is a division."""
    c, d = _number(args[0]), args[1]
    if not c or not (emit.kind(d).is_array or emit.kind(d).dtype is not None):
        return NOTHING
    factor, base = _factor(emit, d)
    if factor is not None and _sound(c / factor):
        c, d = c / factor, base
    return emit.call(Ref(operator.truediv), [Const(c), d], {}, "quotient_1")


def power(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if _number(args[1]) == 1 and _floating(emit, args[0]) and emit.backward:
        return args[0]
    if _number(args[1]) == 2 and emit.backward and isinstance(args[0], Var) and \
            emit.kind(args[0]).is_float:
        # Python's power takes as long as four products of floats.
        return emit.call(Ref(operator.mul), [args[0], args[0]], {}, "square_1")
    return NOTHING


def scaled(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A plain product, where no exact zero of the cotangent can meet an inf."""
    g, d = args
    if not (emit.kind(g).is_number and emit.kind(d).is_number):
        return NOTHING
    last = emit.out[-1] if emit.out else None
    made = None
    if isinstance(last, Bind) and isinstance(d, Var) and last.targets == (d.name,):
        made = last
    quotient = made is not None and made.fn == Ref(operator.truediv)
    # A quotient of Python floats is finite, or has raised: its own two derivatives are plain.
    plain = quotient or _is_quotient(emit, g)
    c = _number(d)
    if emit.is_masked(g) and not (plain and emit.kind(d).is_float) and (
            c is None or not math.isfinite(c)):
        return NOTHING
    if quotient and made is not None and _number(made.args[0]) == 1:
        emit.out.pop()
        # What NumPy gave, as its choices do, does not raise where a Python float is 0.
        by = runtime.divide if emit.is_masked(g) and emit.kind(g).is_array else operator.truediv
        return emit.call(Ref(by), [g, made.args[1]], {}, "scaled_1")
    if made is not None and made.fn == Ref(np.reciprocal) and not made.kwargs:
        emit.out.pop()
        return emit.call(Ref(operator.truediv), [g, made.args[0]], {}, "scaled_1")
    return emit.call(Ref(operator.mul), [g, d], {}, "scaled_1")


def steep(emit: Any, args: list[Any]) -> Any:
    """A product with a slope in which an exact zero wins.

    Where the slope is a reciprocal, the value is infinite at its pole, too: a quotient is IEEE's,
    but of Python's floats, which would raise.
    """
    g, d = map(emit.atom, args)
    made = emit.out[-1] if emit.out else None
    if isinstance(made, Bind) and isinstance(d, Var) and made.targets == (d.name,) and \
            made.fn == Ref(np.reciprocal) and not made.kwargs:
        emit.out.pop()
        kind = emit.kind(made.args[0])
        fn = operator.truediv if kind.is_array or kind.dtype is not None else runtime.divide
        return emit.bind(Ref(fn), [g, made.args[0]], {}, "quotient_1")
    return emit.bind(Ref(runtime.scaled), [g, d], {}, "scaled_1")


def _is_quotient(emit: Any, g: Any) -> bool:
    made = definition(emit, g, here=True)
    return made is not None and made.fn == Ref(operator.truediv) and \
        emit.kind(made.args[0]).is_scalar and emit.kind(made.args[1]).is_float
