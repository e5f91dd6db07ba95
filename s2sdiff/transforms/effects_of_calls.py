"""What calls of methods and of known callables write, in terms of what they are given.

What a callable writes by itself is `effects.summary`, which is handed in.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Free, Ref
from s2sdiff.transforms import known_effects
from s2sdiff.transforms.argument_places import arguments_for, moved
from s2sdiff.transforms.calling_effects import of_keys
from s2sdiff.transforms.draws import only_draws
from s2sdiff.transforms.implicit import method_writes
from s2sdiff.transforms.known_effects import ALL, NOTHING, READING
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.new_memory import MUTATORS

__all__ = ["of_callee", "of_method"]

#: The names of the parameters that a callable may write, "*" for whatever else.
Summary: TypeAlias = Callable[..., frozenset]

#: Methods that take a function as a key.
_SORTING = ("sort", "sort_index", "sort_values")
#: Methods of ufuncs that write nothing but `out`.
_COMPUTING = tuple(map(Const, ("accumulate", "outer", "reduce", "reduceat")))


def of_method(s: Bind, origin: Any, kind: Any, summary: Summary) -> frozenset:
    """What a method writes, of whatever it is called on."""
    owner, name = s.args[:2]
    if known_effects.has_rule(s, kind):
        return NOTHING
    if isinstance(owner, (Free, Ref)):
        value = owner.object if isinstance(owner, Ref) else namespace_value(origin, owner.name)
        if isinstance(value, (types.ModuleType, type)) and isinstance(name, Const):
            shifted = ir.replace(s, args=s.args[2:])
            return moved(of_callee(getattr(value, name.value, None), shifted, kind, summary), 2)
    first = kind(owner)
    if first.type in (type, types.ModuleType):
        # `type(a).fill(a, 1.0)`: a function of which nothing is known.
        return ALL
    if first.type is np.ufunc and name not in _COMPUTING:
        return ALL  # `op.at(a, i, v)`
    if first.is_fixed or first.type in (str, bytes):
        return NOTHING
    if not isinstance(name, Const):
        return ALL
    if only_draws(s, first.type):
        return NOTHING
    if s.kwargs and name.value in _SORTING and of_keys(s, origin, summary):
        return ALL
    if name.value in READING and "inplace" not in dict(s.kwargs):
        known = first.type
        if isinstance(owner, Free) and known is None:
            value = namespace_value(origin, owner.name)
            known = None if value is MISSING else type(value)
        return method_writes(s, known, summary)
    if name.value in MUTATORS and (first.type is None or issubclass(
            first.type, (list, dict, set, np.ndarray))):
        # An object of another class may do anything in a method of this name.
        return frozenset({0}) if first.type is not None else ALL
    return frozenset({0}) if first.is_array else ALL


def of_callee(target: Any, s: Bind, kind: Any, summary: Summary,
              context: Any = None) -> frozenset:
    """What a call of a known callable writes, in terms of the call's arguments."""
    names = summary(target)
    if names and context is not None:
        known = context.callee_writes(s, [kind(a) for a in s.args], context)
        if known is not None and "*" not in known:
            names = known if "*" in names else names & known
    if not names or "*" in names:
        return names
    found = arguments_for(names, s, target)
    given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
    kinds = {f: kind(given[f]) for f in found if f in given}
    if any(isinstance(k.type, type) and issubclass(k.type, (
            type, types.ModuleType, types.FunctionType)) for k in kinds.values()):
        return ALL  # an attribute of a class, module or function, which anybody may read
    return frozenset(f for f in found if f not in kinds or not kinds[f].is_fixed)
