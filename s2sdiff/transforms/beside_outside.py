"""Writes into arguments that may be what names from outside lead to, too.

`D["k"] = 3 * x` and `G["k"]` are one place where `D` is `G`: then what is read by the name from
outside has a derivative.  Where their classes do not tell them apart, such a write counts as one
into anything, so that what is read from outside is looked up by place.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Free, Function, Ref, Store, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.outside import reads_places
from s2sdiff.runtime.outside_held import unreached
from s2sdiff.runtime.separate import behind
from s2sdiff.transforms import bound_anew
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["checked", "written_names"]


def written_names(function: Function, context: Context) -> frozenset[str]:
    """The variables by which arguments are written that may lie outside, too."""
    memory = context.memory
    written = {name: kinds for s in ir.statements(function)
               for name, kinds in _written(s, context).items()
               if memory.origin_of(name) - {"*"}}
    if not written:
        return frozenset()
    outside = _read_outside(function, context)
    return frozenset(n for n, kinds in written.items() if _meet(kinds, outside))


def checked(function: Function, context: Context) -> Function:
    """With a look, where it begins, whether calls that are not followed may write an argument.

    What they write by names from outside is nothing that the function reads by these.
    """
    calls = dict.fromkeys(s.fn for s in ir.statements(function) if isinstance(s, Bind)
                          and type(s.fn) is Ref and isinstance(s.fn.object, types.FunctionType)
                          and bound_anew.may_bind(s, context))
    if not calls:
        return function
    outside: set[type | None] = set().union(*[_behind(fn.object) for fn in calls])
    given = [Var(p.name) for p in function.params
             if _meet(_inside(context.kinds.get(p.name, ANY)), outside)]
    if not given:
        return function
    first = Bind((), Ref(unreached), (Const(len(given)), *given, *calls), (), function.loc)
    return replace(function, body=(first, *function.body))


def _written(s: ir.Stmt, context: Context) -> dict[str, set[type | None]]:
    """The classes of what a statement writes into, by the variable that leads there.

    None stands for one that is not known.
    """
    if isinstance(s, Store):
        known = kind_of_atom(s.target, context)
        return {s.target.name: {known.type}} if type(s.target) is Var else {}
    if not isinstance(s, Bind):
        return {}
    positions = context.memory.effects(s)
    given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
    found: dict[str, set[type | None]] = {}
    for p in positions:
        a = given.get(p)
        if type(a) is not Var:
            continue
        known = kind_of_atom(a, context)
        found[a.name] = _inside(known)
    return found


def _inside(kind: Kind) -> set[type | None]:
    """The classes of what may be written in something of a kind."""
    if kind.is_fixed or kind.is_scalar:
        return set()
    found: set[type | None] = {kind.type}
    if kind.is_array:
        return found
    parts = kind.items if kind.items is not None else [
        k for k in (kind.each, kind.under) if k is not None]
    if not parts and kind.items is None:
        found.add(None)
    return found.union(*map(_inside, parts))


def _meet(mine: set[type | None], outside: set[type | None]) -> bool:
    return bool(mine and outside) and (
        None in mine or None in outside or not mine.isdisjoint(outside))


def _read_outside(function: Function, context: Context) -> set[type | None]:
    """The classes of what is read by names from outside, here and in what is called."""
    found: set[type | None] = set()
    for s in ir.statements(function):
        if not isinstance(s, (Bind, ir.For, ir.With)):
            continue
        for a in (*ir.atoms(s), *([s.fn] if isinstance(s, Bind) else ())):
            if type(a) is Free and not kind_of_atom(a, context).is_fixed:
                value = namespace_value(function.origin, a.name)
                known = kind_of_atom(a, context)
                if value is MISSING or known.is_array or known.inert or is_inert(value):
                    continue
                cls = class_of(value)
                if isinstance(s, Bind) and a is not s.fn and (
                        s.calls(getattr) or s.calls(operator.getitem)):
                    found.add(cls)
                else:
                    found |= _behind(value)
            elif type(a) is Var and "*" in context.memory.origin_of(a.name):
                known = context.kinds.get(a.name, ANY)
                if not known.is_fixed and not known.is_scalar and not known.inert:
                    found.add(known.type)
            elif type(a) is Ref and isinstance(a.object, (types.FunctionType, type)) and \
                    reads_places(a.object):
                found |= _behind(a.object)
    return found


def _behind(value: Any) -> set[type | None]:
    """The classes of the places that something leads to."""
    places, arrays = behind(value)
    return {class_of(x) for x in places.values()} | ({np.ndarray} if arrays else set())
