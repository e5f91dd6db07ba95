"""Verbatim statements that cannot go with variables that have one value each are refused."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.ir import Bind, Block, Const, For, Function, If, Raw, Ref, Try, While, With, replace
from s2sdiff.runtime import planted

__all__ = ["settled_body", "shadowed"]

#: Builtins that have used up what they are given, and called it the last time, when they return.
_CONSUMING = frozenset({
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple",
})


def shadowed(function: Any) -> frozenset[str]:
    """What numbering depends on beside the code: builtins that the module's own names hide."""
    names = function.__globals__.keys()
    return frozenset() if names.isdisjoint(_CONSUMING) else _CONSUMING.intersection(names)


def settled_body(function: Function) -> Block:
    """The body without handlers' own names, and with refusals for what has no single value."""
    raws = [s for s in ir.statements(function) if isinstance(s, Raw)]
    if not raws:
        return function.body
    handled = {h.name.id for s in raws for h in gast.walk(s.node)
               if isinstance(h, gast.ExceptHandler) and h.name is not None}
    others = {n for s in ir.statements(function) for n in (*ir.reads(s), *ir.defines(s))
              if not isinstance(s, Raw)}
    others |= {n for s in raws for n in _bound_otherwise(s.node)}
    others |= {p.name for p in function.params}

    def block(statements: Block, inner: bool) -> Block:
        out: list[ir.Stmt] = []
        for s in statements:
            if isinstance(s, Raw):
                # Python unbinds a handler's name at its end: it means nothing outside of the `try`.
                mine = handled - others
                s = replace(s, reads=tuple([p for p in s.reads if p[0] not in mine]),
                            writes=tuple([p for p in s.writes if p[0] not in mine]))
                why = _many_valued(s, handled & others if inner else set(), function)
                if why is not None:
                    error = refusal(UnsupportedError, *why)
                    args = (Const(UnsupportedError.__name__), Const(str(error)))
                    # What cannot be reached must not hold syntax that the printed names break.
                    names = tuple([now for _, now in s.writes])
                    out.append(Bind(names, Ref(planted.refuse), args, (), s.loc))
                    continue
            loop = isinstance(s, (For, While, If, Try, With))
            out.append(ir.with_blocks(s, tuple([block(b, inner or loop) for b in ir.blocks(s)])))
        return tuple(out)

    return block(function.body, False)


def _bound_otherwise(node: Any) -> set[str]:
    """Names that a statement binds by something else than an exception handler."""
    handlers = {id(n.name) for n in gast.walk(node) if isinstance(n, gast.ExceptHandler)}
    found = {n.name for n in gast.walk(node) if isinstance(n, (gast.FunctionDef, gast.ClassDef))}
    return found | {n.id for n in gast.walk(node) if isinstance(n, gast.Name)
                    and isinstance(n.ctx, (gast.Store, gast.Del)) and id(n) not in handlers}


def _keeps(node: Any, function: Function) -> bool:
    """Whether a function or generator that a statement makes may be used after the statement."""
    used_up: set[int] = set()
    for n in gast.walk(node):
        if isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id in _CONSUMING \
                and n.func.id not in ir.all_defs(function.body) \
                and n.func.id not in {p.name for p in function.params} \
                and not (function.origin and n.func.id in shadowed(function.origin)):
            used_up |= {id(a) for a in (*n.args, *(k.value for k in n.keywords))}
    closures = (gast.Lambda, gast.FunctionDef, gast.AsyncFunctionDef, gast.GeneratorExp)
    return any(isinstance(n, closures) and id(n) not in used_up for n in gast.walk(node))


def _many_valued(s: Raw, unbinds: set[str], function: Function) -> tuple[str, str] | None:
    """Why a verbatim statement cannot go with variables that have one value each."""
    if "that sees later values of" in s.what and _keeps(s.node, function):
        return (f"a {s.what} cannot be followed",
                ("give it the value as a default argument (lambda v=v: ...), or define it "
                 "afterwards"))
    if "the outside name" in s.what:
        return (f"{s.what} is not made from generated code",
                "return the new value and assign it outside")
    if "that rebinds" in s.what:
        return f"a {s.what} cannot be followed", "return the new value and assign it outside"
    names = sorted(unbinds.intersection(n for n, _ in s.writes))
    if names:
        return (f"{names[0]} is the name of a caught exception and of a variable",
                "use a name of its own for the exception")
    return None
