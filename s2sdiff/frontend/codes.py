"""Does a syntax node belong to a code object?  Asked by compiling the text again."""

from __future__ import annotations
import __future__

import ast
import copy
import functools
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import gast

__all__ = ["FUTURE", "compiled_from", "nested_codes", "of_code", "of_place", "syntax_tree"]

#: The flags of code by which it is compiled as its module asks: annotations that are texts.
FUTURE = 0
for _name in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _name).compiler_flag

#: From this line on no file has any; a node that is given one is found again in compiled code.
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
    flags = code.co_flags & FUTURE
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


def of_place(code: types.CodeType, node: Any, around: types.CodeType,
             root: Callable[[], Any]) -> bool:
    """Whether code inside of `around` that starts on the line of a node may be the node's.

    `root` gives the syntax, as gast's, that `around` is compiled from.
    """
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        return _place(node) in set(positions())
    return _is_code_of(code, node, _function_apart(around, root()))


def of_code(code: types.CodeType, text: str, found: list[Any]) -> list[Any]:
    """Of several (node, …) that start on one line, those that compile to `code`."""
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        places = set(positions())
        here = [f for f in found if _place(f[0]) in places]
        if len(here) == 1:
            return here
    apart = _file_apart(text, code.co_flags & FUTURE)
    here = [f for f in found if _is_code_of(code, f[0], apart)]
    return here or found


def _place(node: Any) -> tuple[int, int, int, int]:
    # A generator expression stands where its items are made.
    body = getattr(node, "elt", None) or (
        node.body[-1] if isinstance(node.body, list) else node.body)
    return body.lineno, body.end_lineno, body.col_offset, body.end_col_offset


#: The code of functions without a name, by the lines and columns that they begin at.
_Places = dict[tuple[int, int], list[types.CodeType]]


def _is_code_of(code: types.CodeType, node: Any, apart: _Places) -> bool:
    again = apart.get((node.lineno, node.col_offset), [])
    return any(_alike(code, c, False) for c in again)


@functools.lru_cache(maxsize=16)
def _file_apart(text: str, flags: int) -> _Places:
    tree = syntax_tree(text)
    assert tree is not None
    return _compiled_apart(copy.deepcopy(tree), flags)


def _function_apart(code: types.CodeType, root: Any) -> _Places:
    inner: Any = gast.gast_to_ast(root)
    if isinstance(inner, ast.expr):
        inner = ast.Expr(value=inner)
    # What it captures are variables of a function around.
    tree: Any = ast.parse(f"def around({', '.join(code.co_freevars)}): pass")
    tree.body[0].body = [inner]
    return _compiled_apart(ast.fix_missing_locations(tree), code.co_flags & FUTURE)


def _compiled_apart(tree: ast.Module, flags: int) -> _Places:
    """Compiled with each function without a name moved to a line of its own: in Python 3.10 code
    has no columns."""
    places = []
    for n in ast.walk(tree):
        if isinstance(n, (ast.Lambda, ast.GeneratorExp)):
            places.append((n.lineno, n.col_offset))
            n.lineno = n.end_lineno = _MARK + len(places) - 1
            # It may end to the left of where it begins, on a later line.
            n.end_col_offset = n.col_offset
    found: _Places = {}
    for c in _codes(tree, flags):
        if c.co_firstlineno >= _MARK:
            found.setdefault(places[c.co_firstlineno - _MARK], []).append(c)
    return found


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
        elif type(c) is not type(d) or (repr(c) != repr(d) and c != d and
                                        _last_name(c) != _last_name(d)):
            return False
    return True


def _last_name(constant: Any) -> Any:
    """Of the full name of a function inside, which is a constant before Python 3.11, its own."""
    return constant.rpartition("<locals>.")[2] if isinstance(constant, str) and \
        "<locals>." in constant else constant
