"""`import` inside of a function: what a name means is known if the module is loaded already."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.ir import Ref

__all__ = ["imported", "namespace_of"]


def imported(s: ir.Raw) -> dict[str, tuple[Ref, types.ModuleType, str]]:
    """By variable: what an import binds it to, and the module and name where that is found.

    A module's own name there is empty.  Modules that nobody has loaded yet are left out.
    """
    if not isinstance(s.node, (gast.Import, gast.ImportFrom)):
        return {}
    found: dict[str, tuple[Ref, types.ModuleType, str]] = {}
    now = dict(s.writes)
    for alias in s.node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        if bound not in now:
            continue
        if isinstance(s.node, gast.Import):
            name = alias.name if alias.asname else bound
            module, attribute = sys.modules.get(name), ""
        elif s.node.level or s.node.module is None:
            continue
        else:
            module, attribute = sys.modules.get(s.node.module), alias.name
        if not isinstance(module, types.ModuleType):
            continue
        value = getattr(module, attribute, None) if attribute else module
        if callable(value) or isinstance(value, types.ModuleType):
            found[now[bound]] = Ref(value, now[bound]), module, attribute
    return found


@functools.lru_cache(maxsize=256)
def namespace_of(module: types.ModuleType) -> Any:
    """A function whose globals are a module's names, as the owner of guards on them."""
    return types.FunctionType((lambda: None).__code__, vars(module))
