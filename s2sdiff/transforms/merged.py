"""Dicts that are made of others, all of whose keys are known, as displays of what these hold.

`{**p, "b": x}`, `dict(p)`, `p.copy()` and `p | q` read each item and make a dict of them, which
then may become a variable for each item.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Function, Ref, Stmt, Var, replace
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

#: Larger dicts are not written down.
_ITEMS = 16


def written(function: Function, context: Context) -> Function:
    """The function with such displays; itself where there are none."""
    if not any(isinstance(s, Bind) and _made_of(s) for s in ir.statements(function)):
        return function

    def shown(s: Stmt) -> list[Stmt] | None:
        given = _made_of(s) if isinstance(s, Bind) and len(s.targets) == 1 else ()
        keys = [_keys(a, context) for a in given]
        if not isinstance(s, Bind) or not given or None in keys or not registry.is_own(dict):
            return None
        found: dict[str, Any] = {}
        for a, names in zip(given, keys, strict=True):
            found.update(dict.fromkeys(names or (), a))
        found.update({str(k): (a,) for k, a in s.kwargs})
        order = dict.fromkeys([*[k for names in keys for k in names or ()], *found])
        if len(order) > _ITEMS:
            return None
        out: list[Stmt] = []
        items: list[ir.Atom] = []
        for key in order:
            source = found[key]
            if isinstance(source, tuple):
                items += [Const(key), source[0]]
                continue
            name = context.names(f"{source.name}_{key}" if key.isidentifier() else "item_1")
            out.append(Bind((name,), Ref(operator.getitem), (source, Const(key)), (), s.loc))
            items += [Const(key), Var(name)]
        context.rules[id(dict)] = dict, registry.find(dict)
        return [*out, replace(s, fn=Ref(ops.dict_), args=tuple(items), kwargs=())]

    body = ir.rewritten(function.body, shown)
    return function if body is function.body else replace(function, body=body)


def _made_of(s: Bind) -> tuple[Var, ...]:
    """The dicts that a dict is made of, if a statement makes one, and nothing but keywords."""
    args = s.args
    if any(k is None for k, _ in s.kwargs) or not all(isinstance(a, (Var, Const)) for a in args):
        return ()
    one = s.calls(dict) and len(args) == 1
    two = s.calls(operator.or_) and len(args) == 2 and not s.kwargs
    copied = s.calls(ops.method) and args[1:] == (Const("copy"),) and not s.kwargs
    found = args if two else args[:1] if one or copied else ()
    return found if all(isinstance(a, Var) for a in found) else ()  # type: ignore[return-value]


def _keys(a: Var, context: Context) -> tuple[str, ...] | None:
    """The keys of a dict, in order, where all of it is known; an argument's are asked at a call."""
    kind = kind_of_atom(a, context)
    known = kind.type is dict and kind.items is not None and type(kind.value) is tuple
    return kind.value if known and all(type(k) is str for k in kind.value) else None
