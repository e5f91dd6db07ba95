"""Names that are private to a class, as Python spells them in it."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend.scopes import outer_parts

__all__ = ["mangled"]


def mangled(tree: Any, private: str | None, lines: dict[int, str]) -> Any:
    """`tree`, changed so that private names (`__x`) are spelled as inside the class `private`.

    `lines` are the lines of text that it stands on.
    """
    owner = (private or "").lstrip("_")
    # Other characters than ASCII's may stand for underscores.
    if owner and any("__" in line or not line.isascii() for line in lines.values()):
        _mangle(tree, owner)
    return tree


def _mangle(node: Any, owner: str) -> None:
    # https://docs.python.org/3/reference/expressions.html#private-name-mangling
    def spell(name: str) -> str:
        hidden = name.startswith("__") and not name.endswith("__") and "." not in name
        return f"_{owner}{name}" if hidden else name

    if isinstance(node, gast.ClassDef):
        node.name = spell(node.name)
        for child in outer_parts(node):
            _mangle(child, owner)
        return
    # The names of keyword arguments in a call (gast.keyword) stay as they are.
    for field in ("id", "attr", "name", "asname"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            setattr(node, field, spell(value))
    if isinstance(node, (gast.Global, gast.Nonlocal)):
        node.names = [spell(n) for n in node.names]
    for child in gast.iter_child_nodes(node):
        _mangle(child, owner)
