"""Expressions that are kept as written, and may store an active value where nobody looks."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.ir import Opaque
from s2sdiff.transforms import known_effects

__all__ = ["stores", "verdict"]

#: What an expression that is kept as written may call on active values.
_LOOKING = frozenset({
    "len", "abs", "float", "int", "str", "repr", "bool", "isinstance", "type", "range", "zip",
    "enumerate", "max", "min", "sum", "any", "all", "round", "tuple", "list", "dict", "set",
    "sorted", "reversed", "format", "hasattr", "getattr", "callable", "id", "map", "filter",
    "print",
})


def verdict(opaque: Opaque, touched: list[str]) -> tuple[str, str] | None:
    """Why an expression that reads these active variables is refused; None: nothing to fear."""
    node = opaque.node
    if isinstance(node, gast.Lambda):
        return None
    if stores(opaque):
        reason = ("an expression that is kept as written stores an active value "
                  f"({', '.join(touched)})")
        return reason, "write it as a loop"
    for part in gast.walk(node):
        if isinstance(part, gast.Call):
            callee = part.func
            name = getattr(callee, "id", None) or getattr(callee, "attr", "")
            known = name in _LOOKING or (isinstance(callee, gast.Attribute) and (
                name in known_effects.READING or _of_numpy(callee)))
            if not known:
                reason = (f"{name or 'a call'}() in an expression that is kept as written may "
                          f"store an active value ({', '.join(touched)})")
                return reason, "write it as a statement of its own"
    return None


def stores(opaque: Opaque) -> bool:
    """Whether an expression writes an attribute or an item: `[0 for o.x in values]`."""
    return not isinstance(opaque.node, gast.Lambda) and any(
        isinstance(part, (gast.Attribute, gast.Subscript)) and isinstance(part.ctx, gast.Store)
        for part in gast.walk(opaque.node))


def _of_numpy(callee: Any) -> bool:
    return isinstance(callee.value, gast.Name) and callee.value.id in ("np", "numpy", "math")
