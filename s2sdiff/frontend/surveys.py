"""What names a function's body binds, reads and has in it, in one walk where it has one scope."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend.scopes import BINDING_NOTHING, binding_sites, children, identifiers, read

__all__ = ["surveyed"]


def surveyed(body: list[Any]) -> tuple[tuple[tuple[str, Any], ...], list[str], frozenset[str]]:
    """`binding_sites`, `read` and `identifiers` of a body: most have no scope in them."""
    sites: list[tuple[str, Any]] = []
    read_in: list[str] = []
    if not _survey(body, sites, read_in):
        return tuple(binding_sites(body)), read(body), frozenset().union(*map(identifiers, body))
    return tuple(sites), read_in, frozenset([*[name for name, _ in sites], *read_in])


def _survey(nodes: list[Any], sites: list[tuple[str, Any]], read_in: list[str]) -> bool:
    """Note the names in nodes; False where one of them does more than binding and reading Names."""
    for node in nodes:
        t = type(node)
        if t is gast.Name:
            if node.annotation is not None or type(node.ctx) is gast.Param:
                return False
            if type(node.ctx) is not gast.Load:
                sites.append((node.id, node))
            if type(node.ctx) is not gast.Store:
                read_in.append(node.id)
        elif t in _SURVEYED:
            if t is gast.AugAssign and type(node.target) is gast.Name:
                read_in.append(node.target.id)
            if t is not gast.Constant and not _survey(children(node), sites, read_in):
                return False
        else:
            return False
    return True


_SURVEYED = BINDING_NOTHING | {
    gast.Assert, gast.Break, gast.Continue, gast.Delete, gast.Dict, gast.For, gast.FormattedValue,
    gast.IfExp, gast.JoinedStr, gast.List, gast.NamedExpr, gast.Pass, gast.Raise, gast.Set,
    gast.Slice, gast.Starred, gast.While, gast.With, gast.withitem,
}
