"""What is made of all values of a dict at once: of a list of them, that a loop makes.

    total = sum(d.values())                 values = []
                                            for item in d.values(): values.append(item)
                                            total = sum(values)

So they are read one by one, by their keys, as any loop over a dict does.  Python draws all that a
view gives, and nothing else happens meanwhile.
"""

from __future__ import annotations

import builtins
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, Free, Function, Move, Ref, Star, Var, replace
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.reach_of_wrt import varying

__all__ = ["written"]

_TAKING = ("list", "max", "min", "sorted", "sum", "tuple")
_VIEWS = ("items", "values")


def written(function: Function, context: Context) -> Function:
    """The function with such lists where a dict may vary; itself where there are none."""
    statements = list(ir.statements(function))
    views = {s.targets[0]: s for s in statements if isinstance(s, Bind) and len(s.targets) == 1
             and s.calls(ops.method) and len(s.args) == 2 and not s.kwargs
             and isinstance(s.args[1], Const) and s.args[1].value in _VIEWS
             and isinstance(s.args[0], Var)}
    if not views:
        return function
    reads = [n for s in statements for n in ir.reads(s) if n in views]
    varies = varying(statements, context.request.wrt)
    found = {id(s) for s in statements if isinstance(s, Bind) and _takes(s, function.origin)
             and (name := getattr(s.args[0], "name", "")) in views and reads.count(name) == 1
             and not varies.isdisjoint(ir.reads(views[name]))}
    if not found:
        return function
    names = Names({*function.names, *function.free, *ir.all_names(function.body)})
    for s in statements:
        if id(s) in found and isinstance(s, Bind) and isinstance(s.fn, Free):
            context.guard(Guard(None, s.fn.name, (), getattr(builtins, s.fn.name)))
    body = ir.rewritten(function.body, lambda s: _listed(s, names)
                        if isinstance(s, Bind) and id(s) in found else None)
    return replace(function, body=body, names=frozenset(names.taken),
                   bases={**function.bases, **names.bases})


def _takes(s: Bind, origin: Any) -> bool:
    known = s.calls(list) or (
        isinstance(s.fn, Free) and s.fn.name in _TAKING
        and namespace_value(origin, s.fn.name) is getattr(builtins, s.fn.name))
    return known and len(s.targets) == 1 and len(s.args) == 1 and isinstance(s.args[0], Var) and \
        dict(s.kwargs).keys() <= {"reverse"}


def _listed(s: Bind, names: Names) -> Block:
    (view,), loc = s.args, s.loc
    assert not isinstance(view, Star)
    made, item = names("values"), names("item")
    put = Bind((), Ref(ops.method), (Var(made), Const("append"), Var(item)), (), loc)
    whole = s.calls(list) or (isinstance(s.fn, Free) and s.fn.name == "list")
    last = Move(s.targets, (Var(made),), loc) if whole else replace(s, args=(Var(made),))
    return (Bind((made,), Ref(ops.list_), (), (), loc), For(item, view, (put,), (), loc), last)
