"""`dict(zip(keys, values))` as the loop of a comprehension, of which all is known.

Only where keys are texts or whole numbers, or surely stay: of what may be an active number, which
is no key of a comprehension, the dict is made by its rule.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, For, Function, Ref, Stmt, Store, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms.activity import varying
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.kinds_of_items import element

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such dicts as loops; itself where there are none."""
    called = ir.called(function)
    if id(dict) not in called or id(zip) not in called:
        return function
    varies = varying(function, context)
    zips = {n for s in ir.statements(function)
            if isinstance(s, Bind) and s.calls(zip) and _has_keys(s, varies, context)
            for n in s.targets}
    read = [n for s in ir.statements(function) for n in ir.reads(s) if n in zips]

    def looped(s: Stmt) -> list[Stmt] | None:
        if not isinstance(s, Bind) or not s.calls(dict) or len(s.targets) != 1 or \
                len(s.args) != 1 or s.kwargs or not isinstance(s.args[0], Var) or \
                read.count(s.args[0].name) != 1:
            return None
        key, value = context.names("key_1"), context.names("value_1")
        context.rules[id(dict)] = dict, registry.find(dict)
        put = Store(operator.setitem, Var(s.targets[0]), Var(key), Var(value), "item", s.loc)
        return [replace(s, fn=Ref(ops.dict_), args=()),
                For((key, value), s.args[0], (put,), (), s.loc)]

    body = ir.rewritten(function.body, looped)
    return function if body is function.body else replace(function, body=body)


def _has_keys(s: Bind, varies: set[str], context: Context) -> bool:
    if len(s.targets) != 1 or len(s.args) != 2 or s.kwargs or ir.Star in map(type, s.args):
        return False
    kind, name = kind_of_atom(s.args[0], context), getattr(s.args[0], "name", "")
    if not context.request.places and name not in varies:
        return True
    item = kind if kind.type is str else element(kind)
    return item != Kind() and item.inert
