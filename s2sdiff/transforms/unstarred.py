"""Calls of functions with stars as calls of such without, for as many arguments as they give."""

from __future__ import annotations

import types

from s2sdiff import ir, registry
from s2sdiff.frontend.opened_stars import without_stars
from s2sdiff.ir import Bind, Function, Ref, Star, Stmt, replace
from s2sdiff.runtime import standins, standins_managers
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.varying import may_vary

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with such calls, where something that they are given may vary."""
    varies = may_vary(function, context)

    def called(s: Stmt) -> list[Stmt] | None:
        fn = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
        if not isinstance(s, Bind) or not isinstance(fn, types.FunctionType) or \
                not fn.__code__.co_flags & 0x0C or varies.isdisjoint(ir.reads(s)) or \
                Star in map(type, s.args) or None in dict(s.kwargs) or not has_source(fn) or \
                registry.find(fn) is not None or _is_special(fn):
            return None
        plain = without_stars(fn, len(s.args), tuple([str(k) for k, _ in s.kwargs]))
        if plain is None:
            return None
        context.rules[id(fn)] = fn, None
        return [replace(s, fn=Ref(plain), args=(*s.args, *[a for _, a in s.kwargs]), kwargs=())]

    body = ir.rewritten(function.body, called)
    return function if body is function.body else replace(function, body=body)


def _is_special(fn: types.FunctionType) -> bool:
    """It is known by what it is, as what makes managers is, or is the compiler's own."""
    known = standins.for_call(fn, {}) is not None or standins.is_lazy(fn) or \
        standins_managers.is_manager(fn) or standins_managers.is_decorated(fn)
    return known or (fn.__module__ or "").startswith("s2sdiff")
