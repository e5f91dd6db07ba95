"""Dicts of known keys that are only read and written by these, as a variable for each key.

    s = {"u": x, "n": 0}                   s_u, s_n = x, 0
    s["u"] = s["u"] * 0.5                  s_u = s_u * 0.5
    s["n"] += 1                            s_n += 1
    return s                               return {"u": s_u, "n": s_n}

Nobody else has such a dict, and none of its keys comes or goes.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, Exit, Function, Move, Ref, Star, Store, Var, replace
from s2sdiff.transforms.fresh_names import Names

__all__ = ["written"]

_FRAMES = frozenset({"locals", "vars", "eval", "exec", "dir"})


def written(function: Function) -> Function:
    """The function with such dicts as variables; itself where there are none."""
    found: dict[str, tuple[Any, ...]] = {}
    for s in function.body:
        keys = _keys(s)
        if keys is not None and isinstance(s, Bind):
            found[s.targets[0]] = keys
    known = found and not function.free & _FRAMES
    found = {n: k for n, k in found.items() if known and n not in function.free
             and _is_apart(n, k, function)}
    if not found:
        return function
    names = Names({*function.names, *function.free, *ir.all_names(function.body)})
    fields = {(n, k): names(f"{n}_{k}" if f"{n}_{k}".isidentifier() else f"{n}_item")
              for n, keys in found.items() for k in keys}
    body = ir.rewritten(function.body, lambda s: _written(s, found, fields))
    return replace(function, body=body)


def _keys(s: ir.Stmt) -> tuple[Any, ...] | None:
    """The keys of a display, if all are texts that are told, each once."""
    if not isinstance(s, Bind) or not s.calls(ops.dict_) or len(s.targets) != 1 or s.kwargs or \
            not s.args or any(isinstance(a, Star) for a in s.args):
        return None
    keys = tuple([a.value if isinstance(a, Const) else None for a in s.args[::2]])
    told = all(type(k) is str for k in keys) and len({*keys}) == len(keys)
    return keys if told and 2 * len(keys) == len(s.args) else None


def _is_apart(name: str, keys: tuple[Any, ...], function: Function) -> bool:
    """Whether a dict is made once, before all else, and used by these keys alone."""
    made = False
    for s in ir.walk(function.body):
        if isinstance(s, Def) and name in {*ir.all_names(s.body), *s.params}:
            return False
        if name not in ir.defines(s) and name not in ir.reads(s):
            continue
        if not made:
            made = _keys(s) == keys and name in ir.defines(s) and name not in ir.reads(s)
            if not made:
                return False
            continue
        if name in ir.defines(s) and not isinstance(s, Store):
            return False
        if not (_reads(s, name, keys) or _writes(s, name, keys) or _returns(s, name)):
            return False
    return made


def _reads(s: ir.Stmt, name: str, keys: tuple[Any, ...]) -> bool:
    return isinstance(s, Bind) and s.calls(operator.getitem) and len(s.args) == 2 and \
        s.args[0] == Var(name) and _is_key(s.args[1], keys)


def _writes(s: ir.Stmt, name: str, keys: tuple[Any, ...]) -> bool:
    return isinstance(s, Store) and s.place == "item" and s.target == Var(name) and \
        s.value != Var(name) and (s.fn is operator.setitem or s.fn in ops.IN_PLACE) and \
        _is_key(s.key, keys)


def _is_key(a: Any, keys: tuple[Any, ...]) -> bool:
    return isinstance(a, Const) and type(a.value) is str and a.value in keys


def _returns(s: ir.Stmt, name: str) -> bool:
    return isinstance(s, Exit) and s.kind == "return" and s.value == Var(name)


def _written(s: ir.Stmt, found: dict[str, tuple[Any, ...]],
             fields: dict[tuple[str, Any], str]) -> Block | None:
    if isinstance(s, Bind) and s.calls(ops.dict_) and s.targets[0] in found:
        name = s.targets[0]
        targets = tuple([fields[name, k] for k in found[name]])
        return (Move(targets, tuple(ir.plain_args(s)[1::2]), s.loc),)
    if isinstance(s, Bind) and s.calls(operator.getitem):
        owner, key = s.args[0], s.args[1]
        if isinstance(owner, Var) and owner.name in found and isinstance(key, Const):
            return (Move(s.targets, (Var(fields[owner.name, key.value]),), s.loc),)
    if isinstance(s, Store) and isinstance(s.target, Var) and s.target.name in found and \
            isinstance(s.key, Const):
        field = fields[s.target.name, s.key.value]
        assert s.value is not None
        if s.fn is operator.setitem:
            return (Move((field,), (s.value,), s.loc),)
        return (Bind((field,), Ref(s.fn), (Var(field), s.value), (), s.loc),)
    if isinstance(s, Exit) and isinstance(s.value, Var) and s.value.name in found:
        name = s.value.name
        args = [a for k in found[name] for a in (Const(k), Var(fields[name, k]))]
        made = Bind((name,), Ref(ops.dict_), tuple(args), (), s.loc)
        return (made, s)
    return None
