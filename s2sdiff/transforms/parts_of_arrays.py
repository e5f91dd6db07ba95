"""`a.flat = v`, `a.real = v` and `a.imag = v` of known arrays, as the items that they write.

So are `np.add.at(a, i, v)`, `np.copyto(a, v)`, `np.multiply(u, v, out=a)` and `np.modf(u, a, b)`.

As items they are written into views, whose adjoints and tangents are plain text.
"""

from __future__ import annotations

import builtins
import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Atom,
    Bind,
    Const,
    Function,
    Move,
    Ref,
    Star,
    Stmt,
    Store,
    Try,
    Var,
    With,
    replace,
)
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import standins_flat
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.tiers import several

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such writes as items; itself where there are none."""
    if not any((isinstance(s, Store) and s.fn is builtins.setattr) or (
            isinstance(s, Bind) and _writes(s, False)) for s in ir.statements(function)):
        return function
    # A handler may meet what a ufunc has written a part of.
    stopped = any(isinstance(s, (Try, With)) for s in ir.walk(function.body))
    body = ir.rewritten(function.body, lambda s: _items(s, context) if not isinstance(s, Bind) else
                        _called(s, context) if _writes(s, stopped) else None)
    return function if body is function.body else replace(function, body=body)


def _items(s: Stmt, context: Context) -> list[Stmt] | None:
    """The statements that do the same, the last of which writes; None where that is not known."""
    if not isinstance(s, Store) or s.fn is not builtins.setattr:
        return None
    kind, name = kind_of_atom(s.target, context), getattr(s.key, "value", None)
    if not kind.is_array or kind.field == "int" or s.value is None:
        return None
    before: list[Stmt] = []

    def bound(fn: object, *args: Atom) -> Var:
        made = context.names(f"{getattr(s.target, 'name', 'array')}_{name}")
        context.kinds[made] = ANY
        before.append(Bind((made,), Ref(fn), args, (), s.loc))
        return Var(made)

    target, value = s.target, s.value
    if name == "flat":
        if not kind_of_atom(value, context).is_scalar:
            value = bound(standins_flat.filled, target, value)
    elif name in ("real", "imag") and kind.field == "complex":
        target = bound(getattr, target, Const(name))
    elif name != "real":
        return None
    return [*before, replace(s, fn=operator.setitem, target=target, key=Const(...), value=value,
                             place="item")]


def _writes(s: Bind, stopped: bool) -> bool:
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if isinstance(fn, np.ufunc):
        return not stopped and (_out(s, fn) is not None or _into_several(s, fn))
    return fn is np.copyto or (isinstance(fn, types.BuiltinMethodType) and fn == ops.scatter_add)


def _out(s: Bind, fn: np.ufunc) -> Any:
    """Where a ufunc of one result writes it; None where it makes an array."""
    if fn.nout != 1:
        return None
    if len(s.args) == fn.nin + 1 and not s.kwargs:
        return s.args[-1]
    return s.kwargs[0][1] if len(s.args) == fn.nin and [k for k, _ in s.kwargs] == ["out"] else None


def _into_several(s: Bind, fn: np.ufunc) -> bool:
    """`np.modf(x, a, b)`, or with the first of the arrays alone."""
    return fn.nout > 1 and fn.nin < len(s.args) <= fn.nin + fn.nout and not s.kwargs


def _parted(s: Bind, fn: np.ufunc, context: Context) -> list[Stmt] | None:
    """The same for a ufunc of several results."""
    outs = [a for a in s.args[fn.nin:] if isinstance(a, Var)]
    if not all(_holds_floats(kind_of_atom(a, context)) for a in outs) or \
            len({*outs}) < len(s.args) - fn.nin:
        return None
    found = Var(context.names("parts"))
    values = [Var(context.names("part")) for _ in range(fn.nout)]
    context.kinds.update({v.name: ANY for v in (found, *values)})
    made: list[Stmt] = [
        Bind((found.name,), s.fn, s.args[:fn.nin], (), s.loc),
        *[Bind((v.name,), Ref(operator.getitem), (found, Const(i)), (), s.loc)
          for i, v in enumerate(values)],
        *[Store(operator.setitem, out, Const(...), v, "item", s.loc)
          for out, v in zip(outs, values, strict=False)],
        *[Bind((t,), Ref(ops.tuple_), (*outs, *values[len(outs):]), (), s.loc)
          for t in s.targets]]
    return made


def _called(s: Bind, context: Context) -> list[Stmt] | None:
    """The same for a call that writes into an array of floats."""
    if Star in map(type, s.args):
        return None
    fn: Any = s.fn.object  # type: ignore[union-attr]
    if isinstance(fn, np.ufunc) and fn.nout > 1:
        return _parted(s, fn, context)
    args: list[Any] = list(s.args)
    given = [kind_of_atom(a, context) for a in args]
    target: Any = _out(s, fn) if isinstance(fn, np.ufunc) else next(iter(args), None)
    if not isinstance(target, Var) or not _holds_floats(kind_of_atom(target, context)) or not all(
            k.is_number and k.field in ("real", "int") for k in given):
        return None
    before: list[Stmt] = []
    if isinstance(fn, np.ufunc):
        value = Var(context.names(f"{target.name}_1"))
        context.kinds[value.name] = ANY
        before.append(Bind((value.name,), s.fn, s.args[:fn.nin], (), s.loc))
        write = Store(operator.setitem, target, Const(...), value, "item", s.loc)
    elif s.kwargs:
        return None
    elif fn is np.copyto:
        if len(s.args) != 2 or args[1] == target:
            return None  # what may not be written may be copied onto itself
        write = Store(operator.setitem, target, Const(...), args[1], "item", s.loc)
    elif len(s.args) == 3 and several(given[1]):
        write = Store(ops.scatter_add, target, args[1], args[2], "item", s.loc)
    else:
        return None
    found = target if isinstance(fn, np.ufunc) else Const(None)
    return [*before, write, *[Move((t,), (found,), s.loc) for t in s.targets]]


def _holds_floats(kind: Kind) -> bool:
    return kind.is_array and kind.field == "real" and kind.dtype is not None and \
        kind.dtype != np.float16
