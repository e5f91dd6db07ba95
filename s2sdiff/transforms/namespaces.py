"""Members of modules that are values: `xp = array_namespace(x)`, or a module that is an argument.

Which module it is belongs to its kind, so that `xp.sin(x)` is a call of the one function that it
names there, under a guard, as it is where the name `np` stands for a module.
"""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Move, Ref, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms import array_api, early, imports, inline, keywords
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.holding import has_hash
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["module_of", "written"]


_READERS = frozenset(map(id, (ops.method, getattr)))


def written(function: Function, context: Context) -> Function:
    """The function with calls of what such modules have; itself where there are none."""
    if _READERS.isdisjoint(ir.called(function)) and not any(
            map(module_of, context.kinds.values())):
        return function
    body = ir.rewritten(function.body, lambda s: _named(s, context))
    if body is function.body:
        return function
    found = early.sweep(replace(function, body=body))
    return inline.helpers(keywords.spelled_out(found), context)


def module_of(kind: Kind) -> types.ModuleType | None:
    """Which module a value of this kind is."""
    return kind.value if kind.type is types.ModuleType else None


def _named(s: ir.Stmt, context: Context) -> list[ir.Stmt] | None:
    if not isinstance(s, Bind):
        return None
    if len(s.args) < 2 or not isinstance(s.args[1], Const) or not (
            s.calls(ops.method) or s.calls(getattr)):
        return array_api.promoted(s, context)
    owner = s.args[0]
    module = module_of(kind_of_atom(owner, context))
    if isinstance(owner, Ref) and type(owner.object) is types.ModuleType:
        module = owner.object
    found = None if module is None else _member(module, s.args[1].value, context)
    if found is None:
        return None
    if s.calls(getattr):
        return [Move(s.targets, (found,), s.loc)] if s.targets else []
    made = replace(s, fn=found, args=s.args[2:])
    return [array_api.numpys(made, context) or made]


def _member(module: types.ModuleType, name: str, context: Context) -> Ref | None:
    """A function, a class or a module that a module has under a name."""
    value: Any = vars(module).get(name)
    if not (callable(value) and has_hash(value)) and not isinstance(value, types.ModuleType):
        return None
    context.guard(Guard(imports.namespace_of(module), name, (), value))
    return Ref(value)
