"""The statements of methods that `unboxed` writes into the calls."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Block, Def, Free, Function, Ref
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.early import lowered
from s2sdiff.transforms.resolve import MISSING, namespace_value

__all__ = ["body_of"]


def body_of(method: Any, here: Function, guards: list[Guard]) -> Block | None:
    """The statements of a method, where its names mean the same `here`; None where they do not."""
    function = lowered(method)
    if any(isinstance(b, (ir.Raw, Def, ir.Try, ir.With)) for b in ir.statements(function)):
        return None
    code, env = method.__code__, {}
    for a in dict.fromkeys(a for b in ir.statements(function) for a in ir.atoms(b)):
        if not isinstance(a, Free):
            continue
        if a.name == "__class__" and "__class__" in code.co_freevars:
            at = code.co_freevars.index("__class__")
            env[a] = Ref(method.__closure__[at].cell_contents)
        elif a.name in code.co_freevars or _means_another(a.name, method, here, guards):
            return None
    return _with(function.body, env) if env else function.body


def _means_another(name: str, method: Any, here: Function, guards: list[Guard]) -> bool:
    origin = here.origin
    if origin is None or name in here.names - here.free:
        return True
    mine = namespace_value(origin, name)
    if mine is MISSING or namespace_value(method, name) is not mine:
        return True
    if method.__globals__ is not origin.__globals__:
        guards.append(Guard(method, name, (), mine))
    return False


def _with(block: Block, env: dict[Any, Any]) -> Block:
    out = []
    for s in block:
        s = ir.substitute(s, env)
        inner = ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([_with(b, env) for b in inner])) if inner else s)
    return tuple(out)
