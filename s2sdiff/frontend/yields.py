"""Questions about statements of generators: where they yield, and where they jump."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

__all__ = ["NESTED", "in_loop", "leaves", "own", "yields"]

NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def own(node: Any) -> Iterator[Any]:
    """A node and those in it that are not in functions inside."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, NESTED):
            yield from own(child)


def yields(node: Any) -> int:
    """How often a node yields, as it is written."""
    return 0 if isinstance(node, NESTED) else sum(
        isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own(node))


def in_loop(nodes: list[Any]) -> bool:
    """Whether some statements have a `break` or `continue` of the loop around them."""
    for n in nodes:
        if isinstance(n, (ast.Break, ast.Continue)):
            return True
        if not isinstance(n, NESTED) and in_loop(
                n.orelse if isinstance(n, _LOOPS) else list(ast.iter_child_nodes(n))):
            return True
    return False


def leaves(node: Any) -> bool:
    """Whether a statement may jump to what is around it."""
    return in_loop([node]) or any(isinstance(n, ast.Return) for n in own(node))
