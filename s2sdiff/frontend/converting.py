"""Python's syntax nodes as gast's: what `gast.ast_to_gast` gives, in less than half of its time."""

from __future__ import annotations

import ast
from typing import Any

import gast
from gast.ast3 import Ast3ToGAst

__all__ = ["converted"]


class _Others(Ast3ToGAst):
    """gast's own translation of a node that differs; what is inside of it comes back here."""

    def visit(self, node: Any) -> Any:
        return super().visit(node) if type(node) in _DIFFERENT else converted(node)


def converted(node: Any) -> Any:
    """The gast node of a node that a parser made."""
    t = type(node)
    cls = _ALIKE.get(t)
    if cls is None:
        return _parameter(node) if t is ast.arg else _others.visit(node)
    made = cls.__new__(cls)
    fields = made.__dict__
    fields.update(node.__dict__)
    if t is ast.Constant:
        return made
    if t is ast.Name:
        fields["ctx"] = _CONTEXTS[type(node.ctx)]
        fields["annotation"] = fields["type_comment"] = None
        return made
    for field in t._fields:
        value = fields.get(field)
        if type(value) is list:
            fields[field] = [converted(v) if isinstance(v, ast.AST) else v for v in value]
        elif isinstance(value, ast.AST):
            fields[field] = _CONTEXTS.get(type(value)) or converted(value)
    return made


def _parameter(node: ast.arg) -> Any:
    made = gast.Name.__new__(gast.Name)
    fields = made.__dict__
    fields.update(node.__dict__)
    fields["id"], fields["ctx"] = fields.pop("arg"), gast.Param()
    if node.annotation is not None:
        fields["annotation"] = converted(node.annotation)
    return made


_KNOWN = {cls: getattr(gast, cls.__name__) for cls in vars(ast).values()
          if isinstance(cls, type) and issubclass(cls, ast.AST) and hasattr(gast, cls.__name__)}
_OWN = {name.partition("_")[2] for name in dir(Ast3ToGAst) if name.startswith("visit_")} - \
    {"Name", "Constant"}
_DIFFERENT = frozenset(cls for cls in vars(ast).values() if isinstance(cls, type) and
                       (cls not in _KNOWN or cls.__name__ in _OWN))
#: Those that have the same fields in both.
_ALIKE: dict[Any, Any] = {cls: to for cls, to in _KNOWN.items() if cls not in _DIFFERENT}
_CONTEXTS: dict[Any, Any] = {
    c: getattr(gast, c.__name__)() for c in (ast.Load, ast.Store, ast.Del)
}
_others = _Others()
