"""Text that is nested deeper than Python's tokenizer goes, as a syntax tree with its own lines."""

from __future__ import annotations

import ast

__all__ = ["parsed"]

#: Python reads up to 100 levels; below this one the text is read apart.
_LEVEL = 80
_MARGIN = 4 * _LEVEL


def parsed(text: str) -> ast.Module:
    """The syntax tree of a text whose levels are four columns each.

    >>> text = "".join(f"{4 * n * ' '}if x:\\n" for n in range(150)) + 600 * " " + "x = 1\\n"
    >>> found = [n for n in ast.walk(parsed(text)) if isinstance(n, ast.Assign)]
    >>> found[0].lineno, found[0].col_offset
    (151, 600)
    """
    lines = text.split("\n")
    blocks = {}
    at = 0
    while at < len(lines) - 1:
        if _opens(lines[at], lines[at + 1]):
            end = at + 1
            while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) >= _MARGIN):
                end += 1
            inner = [line[_MARGIN:] for line in lines[at + 1:end]]
            blocks[at + 2] = parsed("\n" * (at + 1) + "\n".join(inner) + "\n")
            lines[at + 1:end] = [_MARGIN * " " + "pass", *[""] * (end - at - 2)]
            at = end
        else:
            at += 1
    tree = ast.parse("\n".join(lines))
    if blocks:
        _put_in(tree, blocks)
    return tree


def _opens(line: str, following: str) -> bool:
    """Whether a block begins that stands at the margin."""
    return line.rstrip().endswith(":") and _indent(line) == _MARGIN - 4 and \
        _indent(following) == _MARGIN


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _put_in(tree: ast.Module, blocks: dict[int, ast.Module]) -> None:
    """Blocks, by their first line, in the place of the statements that stand for them."""
    for node in [*ast.walk(tree)]:
        for field in ("body", "orelse", "finalbody"):
            found = getattr(node, field, None)
            if isinstance(found, list) and len(found) == 1 and isinstance(found[0], ast.Pass) \
                    and found[0].lineno in blocks:
                block = blocks[found[0].lineno]
                for inner in ast.walk(block):
                    if isinstance(inner, (ast.stmt, ast.expr, ast.excepthandler, ast.arg,
                                          ast.keyword, ast.alias)):
                        inner.col_offset += _MARGIN
                        inner.end_col_offset = (inner.end_col_offset or 0) + _MARGIN
                found[:] = block.body
