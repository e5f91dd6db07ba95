"""What may be evaluated when: purity and the order of evaluation, for `fold`."""

from __future__ import annotations

import builtins
import math
import operator
import types
from typing import Any

import gast
import numpy as np

from s2sdiff import ir, ops, registry, runtime
from s2sdiff.ir import (
    Bind,
    Catch,
    Def,
    Exit,
    For,
    If,
    Inlined,
    Move,
    Opaque,
    Raw,
    Ref,
    Star,
    Store,
    Try,
    Var,
    While,
    With,
    attempts,
)
from s2sdiff.runtime.rule_signatures import place_of_out
from s2sdiff.transforms import implicit

__all__ = [
    "accumulated", "blocks_everything", "has_place", "is_arithmetic", "is_conversion",
    "fits_text", "is_expression", "is_index", "is_opaque", "is_text", "may_move", "operands",
    "pure", "records", "updates",
]

_OPERATORS = (
    "add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor neg pos invert not_ "
    "abs lt le gt ge eq ne is_ is_not getitem truth index"
)
#: Without those that may use up an iterator: tuple, sum, `in`.
_BUILTINS = (
    "abs bool complex divmod float getattr hasattr int isinstance issubclass len pow range round "
    "slice type"
)
_ITERATING = (math.fsum, math.prod, getattr(math, "sumprod", None), math.dist)
_PURE = frozenset(
    [id(getattr(operator, n)) for n in _OPERATORS.split()]
    + [id(getattr(builtins, n)) for n in _BUILTINS.split()]
    + [id(f) for f in vars(math).values() if callable(f) and f not in _ITERATING]
    + [id(f) for f in (ops.tuple_, ops.list_, ops.set_, ops.dict_)]
)
_OPERATING = frozenset([id(getattr(operator, n)) for n in _OPERATORS.split()])
_UPDATES = frozenset(map(id, ops.IN_PLACE))


def is_opaque(s: ir.Stmt) -> bool:
    """Whether the statement evaluates syntax that was kept verbatim."""
    t: Any = type(s)
    found: Any = s
    if t is Bind and Inlined not in map(type, found.args) and not found.kwargs:
        read: Any = (found.fn, *found.args)
    else:
        read = found.sources if t is Move else ir.atoms(s)
    for a in read:
        if type(a) is Ref and type(a.object) is Opaque and not (
                _shortcircuit(a.object) or implicit.is_text(a.object)):
            return True
    return False


def is_text(s: ir.Stmt) -> bool:
    """Whether the statement makes an f-string, in which names stand."""
    return isinstance(s, Bind) and type(s.fn) is Ref and implicit.is_text(s.fn.object)


def fits_text(d: Bind) -> bool:
    """Whether an expression may stand in an f-string: before Python 3.12, none with a text may."""
    target = d.fn.object if type(d.fn) is Ref else None
    if d.kwargs or type(target) is Opaque or target is ops.dict_ or target is ops.set_:
        return False
    # The name of an attribute or a method is no text where it is printed.
    named = 1 if target is ops.method or (target is getattr and len(d.args) == 2) else None
    for i, a in enumerate(d.args):
        plain = type(a) is Var or type(a) is ir.Free or type(a) is Ref or (
            type(a) is ir.Const and (i == named or type(a.value) in (int, float, bool)))
        if not plain and not (type(a) is Inlined and fits_text(a.bind)):
            return False
    return True


def _shortcircuit(target: Any) -> bool:
    return isinstance(target, Opaque) and isinstance(target.node, gast.BoolOp)


# ----------------------------------------------------------------------------------- purity


def pure(bind: Bind) -> bool:
    """Whether evaluating it has no effect, folded operands included."""
    types = {*map(type, bind.args)}
    if Star in types or (bind.kwargs and None in dict(bind.kwargs)):
        return False  # may use up an iterator
    if not _pure_function(bind.fn, len(bind.args)) or _fills(bind):
        return False
    if Inlined not in types and not bind.kwargs and type(bind.fn) is Ref:
        return True
    return all(pure(a.bind) for a in operands(bind) if isinstance(a, Inlined))


def _fills(bind: Bind) -> bool:
    """Whether it may write its result into an argument, by `out=` or in its place."""
    if bind.kwargs and any(k == "out" and a != ir.Const(None) for k, a in bind.kwargs):
        return True
    target = bind.fn.object if isinstance(bind.fn, Ref) else None
    if len(bind.args) < 2 or id(target) in _PURE:
        return False
    if isinstance(target, np.ufunc):
        return len(bind.args) > target.nin
    rule = registry.find(target)
    at = None if rule is None or rule.function is None else place_of_out(rule.function)
    return at is not None and len(bind.args) > at and bind.args[at] != ir.Const(None)


def _pure_function(fn: Any, count: int) -> bool:
    if not isinstance(fn, Ref) or fn.writes:
        return False
    target = fn.object
    if target is min or target is max:
        return count > 1
    if id(target) in _PURE or _shortcircuit(target):
        return True
    if isinstance(target, (np.ufunc, types.GetSetDescriptorType, types.MemberDescriptorType)):
        return True
    if isinstance(target, Opaque) or not callable(target):
        return False
    if getattr(target, "__module__", None) in ("s2sdiff.runtime.arrays", "s2sdiff.runtime.slopes"):
        return target.__name__ != "add_at"
    rule = registry.find(target)
    return rule is not None and rule.pure and not rule.writes


def _trivial(bind: Bind) -> bool:
    """Builds a tuple or a slice of names: neither reads memory nor computes."""
    target = bind.fn.object if type(bind.fn) is Ref else None
    return (target is ops.tuple_ or target is slice) and not bind.kwargs and all(
        not isinstance(a, (Star, ir.Free)) and (not isinstance(a, Inlined) or _trivial(a.bind))
        for a in bind.args
    )


def updates(target: Any) -> bool:
    """`operator.iadd` and its kin, which print as statements."""
    return id(target) in _UPDATES


def accumulated(s: ir.Stmt) -> Any:
    """What `x_bar = x_bar + v` on numbers, which may be printed as `x_bar += v`, adds to."""
    if type(s) is Bind and type(s.fn) is Ref and s.fn.spelling in _ACCUMULATING:
        return s.args[0]
    return None


_ACCUMULATING = frozenset({"+=", "-="})


def is_arithmetic(bind: Bind) -> bool:
    """Whether the result is surely a new object: an operator on numbers, or a ufunc."""
    target = bind.fn.object if isinstance(bind.fn, Ref) else None
    known = isinstance(target, np.ufunc) or getattr(target, "__module__", None) == "math"
    return known or (target is not operator.getitem and id(target) in _OPERATING)


def is_conversion(s: ir.Stmt) -> bool:
    """`float(x)`, at the border of generated code."""
    if type(s) is not Bind or not s.loc.backward or type(s.fn) is not Ref:
        return False
    return s.fn.object is float or s.fn.object is runtime.match


# ---------------------------------------------------------------------------------- moving


def is_expression(bind: Bind) -> bool:
    """Whether the right side is an expression wherever it stands."""
    target = bind.fn.object if isinstance(bind.fn, Ref) else None
    return target is not ops.unpack and id(target) not in _UPDATES


_BLOCKING = frozenset({Raw, If, For, While, Exit, Try, With, Catch})


def blocks_everything(s: ir.Stmt) -> bool:
    """Whether not even a tuple of names is moved over the statement."""
    return type(s) in _BLOCKING


def may_move(
    d: Bind, crossed: list[ir.Stmt], s: ir.Stmt, names: frozenset[str] = frozenset(),
    strict: bool = False,
) -> bool:
    """Whether `d` may be evaluated inside `s`, the statements in `crossed` lying between them.

    `names` are those that the user's code binds or reads.  `strict`: also not where only the place
    or the order of what may raise would change.
    """
    needed = {*ir.reads(d), *d.targets}
    clean, trivial = pure(d) and not strict, _trivial(d)
    if strict and not trivial and any(isinstance(c, Move) for c in crossed):
        return False
    for c in crossed:
        bound = not needed.isdisjoint(ir.defines(c))
        if bound or d.targets[0] in ir.reads(c) or blocks_everything(c):
            return False
        if trivial or isinstance(c, Def):
            continue
        if isinstance(c, Move):
            inlined = [a for a in operands(c) if isinstance(a, Inlined)]
            outside = any(isinstance(a, ir.Free) for a in ir.atoms(c))
            if not (all(clean and pure(a.bind) for a in inlined) and (clean or not outside)):
                return False
        elif clean and records(c, names):
            continue
        elif not (clean and isinstance(c, Bind) and pure(c) and is_expression(c)):
            return False
    return trivial or _in_order(clean, s, d.targets[0])


def operands(s: Any) -> list[Any]:
    """What a statement reads, each folded expression as one, in Python's order of evaluation."""
    t = type(s)
    if t is Bind:
        found = [s.fn, *s.args]
        if Star in map(type, found):
            found = [a.value if type(a) is Star else a for a in found]
        return [*found, *[a for _, a in s.kwargs]] if s.kwargs else found
    if t is Move:
        return list(s.sources)
    if t is If or t is While:
        return [s.test]
    if t is For:
        return [s.source]
    if t is With or t is Catch:
        return attempts.read(s)
    if t is Exit:
        found = (s.value, s.cause)
    elif t is Store:
        first = s.fn in (operator.setitem, setattr)
        found = (s.value, s.target, s.key) if first else (s.target, s.key, s.value)
    else:
        return []
    return [a for a in found if a is not None]


def records(s: ir.Stmt, names: frozenset[str]) -> bool:
    """`saved.append((x, y))` of generated code: it touches a list of its own, and nothing else."""
    match s:
        case Bind((), Ref(ops.method), (Var(name), ir.Const("append"), Inlined(bind)), ()):
            stem, _, number = name.partition("_")
            own = stem == "saved" and (not number or number.isdigit())
            return own and "saved" not in names and pure(bind)
    return False


def _in_order(clean: bool, s: ir.Stmt, name: str) -> bool:
    """Whether what `s` evaluates before it reads `name` may as well come first."""
    for a in operands(s):
        t = type(a)
        if t is Var and a.name == name:
            break
        if t is Inlined and not _trivial(a.bind) and not (clean and pure(a.bind)):
            return False
        if t is ir.Free and not clean and not (isinstance(s, Bind) and a is s.fn):
            return False  # a call may bind the global anew
    updates = isinstance(s, Store) and s.fn not in (operator.setitem, setattr)
    return clean or not updates


def has_place(s: ir.Stmt, name: str) -> bool:
    """Whether `s` reads the variable itself, where an expression may stand."""
    for a in operands(s):
        if type(a) is Var and a.name == name:
            break
    else:
        return False
    if isinstance(s, Bind) and isinstance(s.fn, Ref):
        target = s.fn.object
        if isinstance(target, Opaque):
            return is_text(s) or (_shortcircuit(target) and _is(s.args[0], name))
        return not (id(target) in _UPDATES and _is(s.args[0], name))
    return not (isinstance(s, Store) and s.place == "name" and _is(s.target, name))


def _is(a: Any, name: str) -> bool:
    return type(a) is Var and a.name == name


def is_index(s: ir.Stmt, name: str) -> bool:
    """Whether `name` stands between brackets (or is a part of a tuple that will)."""
    match s:
        case Bind(_, Ref(target), args):
            at = target is operator.getitem and len(args) == 2 and _is(args[1], name)
            return at or target is ops.tuple_
        case Store(key=key, place="item"):
            return _is(key, name)
    return False
