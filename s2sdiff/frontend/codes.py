"""Does a syntax node belong to a code object?  Asked by compiling the text again."""

from __future__ import annotations
import __future__

import ast
import copy
import functools
import types
import warnings
from collections.abc import Iterator
from typing import Any

__all__ = ["compiled_from", "nested_codes", "of_code", "of_place", "syntax_tree"]

_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag

#: A line that no file has; the node that is given it can be found again among compiled code.
_MARK = 10_000_000


@functools.lru_cache(maxsize=64)
def syntax_tree(text: str) -> ast.Module | None:
    """The syntax tree of a whole file, or None where it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it was compiled before, and warned then
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def compiled_from(code: types.CodeType, text: str, node: Any, whole: bool = False) -> bool:
    """Whether compiling `text` gives `code` again, for the node that starts on its first line.

    `whole`: nothing less than all of the text is compiled.
    """
    flags = code.co_flags & _FUTURE
    # Notebooks compile a cell statement by statement, which is also the quick way for a long file;
    # in a file that was compiled as a whole, imports beside a function matter to it.
    if not whole and any(_alike(code, again) for again in
                         _compiled(text, flags, _outermost(text, node.lineno))):
        return True
    return any(_alike(code, again) for again in _compiled(text, flags, None))


def _outermost(text: str, line: int) -> range | None:
    tree = syntax_tree(text)
    for n in tree.body if tree is not None else ():
        lines = range(_start(n), (n.end_lineno or n.lineno) + 1)
        if line in lines:
            return lines
    return None


@functools.lru_cache(maxsize=128)
def _compiled(text: str, flags: int, lines: range | None) -> tuple[types.CodeType, ...]:
    """Every code object of a text, or of the outermost statements on some lines."""
    tree = syntax_tree(text)
    assert tree is not None
    if lines is not None:
        body = [n for n in tree.body if _start(n) in lines]
        tree = ast.Module(body=body, type_ignores=[])
    return _codes(tree, flags)


def _codes(tree: ast.Module, flags: int) -> tuple[types.CodeType, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = compile(tree, "<text>", "exec", flags, dont_inherit=True)
    return tuple(nested_codes(whole))


def _start(node: Any) -> int:
    return min([node.lineno, *[d.lineno for d in getattr(node, "decorator_list", ())]])


def nested_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code objects of all that is defined inside."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from nested_codes(constant)


def of_place(code: types.CodeType, node: Any) -> bool:
    """Whether code that starts on the line of a node may be the node's, by its columns."""
    positions = getattr(code, "co_positions", None)
    return positions is None or _place(node) in set(positions())


def of_code(code: types.CodeType, text: str, found: list[Any]) -> list[Any]:
    """Of several (node, …) that start on one line, those that compile to `code`."""
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        places = set(positions())
        here = [f for f in found if _place(f[0]) in places]
        if len(here) == 1:
            return here
    # Without columns (Python 3.10): move one node at a time to a line of its own.
    here = [f for f in found if _is_code_of(code, text, f[0])]
    return here or found


def _place(node: Any) -> tuple[int, int, int, int]:
    # A generator expression stands where its items are made.
    body = getattr(node, "elt", None) or (
        node.body[-1] if isinstance(node.body, list) else node.body)
    return body.lineno, body.end_lineno, body.col_offset, body.end_col_offset


def _is_code_of(code: types.CodeType, text: str, node: Any) -> bool:
    tree = syntax_tree(text)
    assert tree is not None
    moved = copy.deepcopy(tree)
    for original, n in zip(ast.walk(tree), ast.walk(moved), strict=True):
        if original is node:
            n.lineno = n.end_lineno = _MARK  # type: ignore[attr-defined]
            # It may end to the left of where it begins, on a later line.
            n.end_col_offset = n.col_offset  # type: ignore[attr-defined]
    codes = _codes(moved, code.co_flags & _FUTURE)
    return any(c.co_firstlineno == _MARK and _alike(code, c, False) for c in codes)


def _alike(a: types.CodeType, b: types.CodeType, lines: bool = True) -> bool:
    if lines and a.co_firstlineno != b.co_firstlineno:
        return False
    same = all(
        getattr(a, field) == getattr(b, field)
        for field in ("co_name", "co_code", "co_names", "co_varnames", "co_freevars",
                      "co_cellvars", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount")
    )
    return same and _same_constants(a.co_consts, b.co_consts)


def _same_constants(a: Any, b: Any) -> bool:
    if len(a) != len(b):
        return False
    for c, d in zip(a, b, strict=True):
        if isinstance(c, types.CodeType):
            if not (isinstance(d, types.CodeType) and _alike(c, d, False)):
                return False
        elif isinstance(c, tuple) and isinstance(d, tuple):
            if not _same_constants(c, d):
                return False
        elif type(c) is not type(d) or (repr(c) != repr(d) and c != d):
            return False
    return True
