"""Writes through what stands for a module, or for the dict that its names are in.

Whoever reads such a name reads no variable, so that no statement is seen to depend on the write:
`vars(settings)["scale"] = x`, `globals().update(scale=x)`, `sys.modules[name].scale = x`.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import operator
import sys
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Store, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime import cells, common
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.reaching import written_atoms
from s2sdiff.transforms.varying import closed

__all__ = ["check", "defaults_shown", "found"]

#: What gives modules or their names.
_GIVING = frozenset(map(id, (
    builtins.vars, builtins.globals, builtins.locals, builtins.__import__,
    importlib.import_module)))
#: Attributes in which names are that others read.
_ATTRIBUTES = ("__dict__", "__globals__", "__builtins__", "__kwdefaults__", "f_globals",
               "f_builtins")
_HELD = ((Const("__dict__"),), (Const("__kwdefaults__"),))
#: Calls that write what they are given first.
_WRITING = (builtins.setattr, object.__setattr__, operator.setitem, ops.method)


def found(function: Function, context: Context) -> dict[str, bool]:
    """Variables that may stand for a module or its names; whether one is what a function holds."""
    attributes: dict[str, str] = {}
    given: set[str] = set()
    functions: set[str] = set()
    named = _named_functions(function)
    moves: list[Any] = []
    items: list[Any] = []
    for s in ir.statements(function):
        if isinstance(s, Move):
            moves += [((a.name,), (t,)) for t, a in zip(s.targets, s.sources, strict=True)
                      if isinstance(a, Var)]
        elif isinstance(s, Bind) and len(s.targets) == 1 and isinstance(s.fn, Ref):
            first = next(iter(s.args), None)
            if _is_function(first, function.origin, named, context) and (
                    s.calls(vars) or s.args[1:] in _HELD):
                functions.add(s.targets[0])
            elif id(s.fn.object) in _GIVING or _reads_modules(s):
                given.add(s.targets[0])
            elif s.fn.object is getattr and len(s.args) > 1 and isinstance(s.args[1], Const):
                attributes[s.targets[0]] = s.args[1].value
            elif isinstance(first, Var) and (s.calls(operator.getitem) or s.calls(ops.method)):
                items.append(((first.name,), s.targets))
    modules = {n for n, a in attributes.items() if a == "modules"}
    # What is taken out of `sys.modules` is a module.
    given |= closed(set(modules), [*moves, *items]) if modules else set()
    given |= {n for n, a in attributes.items() if a in _ATTRIBUTES}
    functions |= {n for n, a in attributes.items() if a == "__kwdefaults__"}
    functions = closed(functions, moves)
    return {n: n in functions for n in closed(given | functions, moves)}


def _reads_modules(s: Bind) -> bool:
    return any(type(a) is Ref and a.object is sys.modules for a in s.args)


def _is_function(a: Any, origin: Any, named: set[str], context: Context) -> bool:
    if isinstance(a, Var):
        return a.name in named or kind_of_atom(a, context).type is types.FunctionType
    return a is not None and isinstance(_outside(a, origin), types.FunctionType)


def _outside(a: Any, origin: Any) -> Any:
    return namespace_value(origin, a.name) if isinstance(a, Free) else getattr(a, "object", None)


def _named_functions(function: Function) -> set[str]:
    """Copies of names that mean functions."""
    return {t for s in ir.statements(function) if isinstance(s, Move)
            for t, a in zip(s.targets, s.sources, strict=True)
            if isinstance(a, Free) and isinstance(_outside(a, function.origin), types.FunctionType)}


def check(s: ir.Stmt, context: Context) -> list[Bind]:
    """The check in front of a statement that may write an active value to such a name.

    So it is where nobody knows what is written, and it seems not to matter.
    """
    names = context.common
    known = isinstance(s, Store) or (isinstance(s, Bind) and any(map(s.calls, _WRITING)))
    if (not names and not known) or (isinstance(s, Bind) and isinstance(s.fn, Ref)
                                     and isinstance(s.fn.object, cells.Maker)):
        return []  # what makes functions and classes gets the names that are read in them
    values = [a for a in dict.fromkeys(ir.atoms(s))
              if isinstance(a, Var) and a.name in context.varies]
    made = []
    for a in dict.fromkeys(written_atoms(s, context)) if values else ():
        given = tuple([v for v in values if v != a])
        if not given:
            continue
        if isinstance(a, Var) and names.get(a.name):
            made.append(Bind((), Ref(common.held), given, (), s.loc))
        elif isinstance(a, Var) and (a.name in names or (
                known and a == _first(s) and a.name not in context.active
                and kind_of_atom(a, context) == ANY)):
            made.append(Bind((), Ref(common.owned), (a, *given), (), s.loc))
    if values and isinstance(s, Bind) and s.calls(object.__setattr__) and not isinstance(
            s.args[0], Var):
        made.append(Bind((), Ref(common.owned), (s.args[0], *values), (), s.loc))
    return made


def _first(s: ir.Stmt) -> Any:
    return s.target if isinstance(s, Store) else s.args[0] if isinstance(s, Bind) else None


def defaults_shown(s: ir.Stmt, context: Context) -> list[Bind]:
    """What makes sure that the signature of a function which varies shows nothing active."""
    if not isinstance(s, Bind) or not (s.calls(inspect.signature) or s.calls(
            inspect.getfullargspec)) or context.varies.isdisjoint(ir.reads(s)):
        return []
    return [Bind((), Ref(common.no_defaults), s.args[:1], (), s.loc)]
