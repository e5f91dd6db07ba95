"""Statements of forward mode that bind what surely has no tangent."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import For, Function, Raw, Var
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["gives_inert", "names_for_functions"]


def gives_inert(s: For, context: Context, keys: set[str]) -> bool:
    """A loop over a display of functions or other things of which none is a number, or over keys.
    """
    if isinstance(s.source, Var) and s.source.name in keys:
        return True
    kind = kind_of_atom(s.source, context)
    return kind.is_tuple and kind.inert and context.active.isdisjoint(ir.reads(s))


def names_for_functions(s: Raw, function: Function) -> bool:
    """`names = globals()` of generated code, which makes nested functions with them."""
    code = getattr(function.origin, "__code__", None)
    return s.what == "expression with globals()" and code is not None and \
        code.co_filename.startswith("<s2sdiff ")
