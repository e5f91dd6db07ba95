"""The parameters of a printed function, and the defaults that they have."""

from __future__ import annotations

import ast
from typing import Any

from s2sdiff.backend import names as naming
from s2sdiff.backend.names import Names

__all__ = ["default_of", "parameters"]


def parameters(names: Names) -> str:
    """What stands between the brackets of a `def`."""
    params = names.function.params
    positional = [p for p in params if p.kind in ("posonly", "plain")]
    # A default in front of a parameter without one is not Python.
    required = max([i for i, p in enumerate(positional) if not p.has_default], default=-1)
    dropped = {p.name for p in positional[:required + 1]}
    found = []
    for i, p in enumerate(params):
        before = params[i - 1].kind if i else ""
        if before == "posonly" and p.kind != "posonly":
            found.append("/")
        if p.kind == "kwonly" and before not in ("star", "kwonly"):
            found.append("*")
        text = {"star": "*", "starstar": "**"}.get(p.kind, "") + p.name
        if p.has_default and p.name not in dropped:
            text += f"={_default(names, p.name)}"
        found.append(text)
    if params and params[-1].kind == "posonly":
        found.append("/")
    return ", ".join(found)


def _default(names: Names, name: str) -> str:
    default = default_of(names.function.origin, name)
    if _literal(default):
        return ast.unparse(naming.constant(names, default))
    cell = naming.fresh(names, f"{name}_default")
    names.cells[cell] = default
    return cell


def _literal(content: Any) -> bool:
    if type(content) is tuple:
        return all(_literal(c) for c in content)
    return type(content) in (int, float, str, bool, type(None))


def default_of(origin: Any, name: str) -> Any:
    """The default of a parameter of a Python function (None where it has none)."""
    if origin is None:
        return None
    if name in (origin.__kwdefaults__ or {}):
        return origin.__kwdefaults__[name]
    positional = origin.__code__.co_varnames[:origin.__code__.co_argcount]
    defaults = origin.__defaults__ or ()
    return dict(zip(reversed(positional), reversed(defaults), strict=False)).get(name)
