"""Find the source of a function object: the file's text, and in it the function's own node.

The outermost statement that the function stands in is parsed, behind as many empty lines as there
are lines before it, so lines and columns are the file's.  The node is then checked against the
function's code object, so that a file that was edited after its import is noticed; where the check
fails, or is not possible, the whole file is parsed.
"""

from __future__ import annotations

import ast
import copy
import inspect
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from s2sdiff.errors import SourceError, UnsupportedError, refusal
from s2sdiff.frontend import files
from s2sdiff.frontend.codes import compiled_from, nested_codes, of_code, of_place, syntax_tree
from s2sdiff.frontend.converting import converted
from s2sdiff.ir import Loc

__all__ = ["Parsed", "enter", "read"]

_Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Parsed:
    """A function's syntax with where it stands.

    `private` is the class whose private names (`__x`) the function spells short, `rebindable` the
    names that some function of the file declares `global` or `nonlocal`.
    """

    node: Any
    file: str
    first_line: int
    lines: dict[int, str]
    qualname: str
    is_lambda: bool
    private: str | None
    rebindable: frozenset[str]
    function: Any


def read(function: Any, generators: bool = False, stepped: bool = False) -> Parsed:
    """The syntax of a Python function; of one that yields only with `generators`, where it is
    given nothing back, or `stepped`.

    Raises
    ------
    SourceError
        Not a Python function, no source text, or a text that is not the one that was compiled.
    UnsupportedError
        A generator or a coroutine.
    """
    if isinstance(function, types.MethodType):
        function = function.__func__
    if not isinstance(function, types.FunctionType):
        raise _no_function(function)
    code = function.__code__
    entered = _entered.get(id(code))
    if entered is not None:
        return _written_anew(entered, function)
    file = files.file_of(function)
    node, private = _in_block(function, file) or _in_file(function, file)
    if isinstance(node, ast.GeneratorExp):
        node = _as_function(node)
    _check_kind(function, node, generators, stepped)
    assert node.end_lineno is not None
    wanted = range(min(code.co_firstlineno, node.lineno), node.end_lineno + 1)
    return Parsed(
        node=converted(node),
        file=code.co_filename,
        first_line=node.lineno,
        lines={n: file.lines[n - 1] for n in wanted},
        qualname=function.__qualname__,
        is_lambda=isinstance(node, ast.Lambda),
        private=private,
        rebindable=file.rebindable,
        function=function,
    )


#: By identity, code that was written anew of a function's: itself, its node, and whose it was.
_entered: dict[int, tuple[types.CodeType, Any, Parsed]] = {}


def enter(code: types.CodeType, node: Any, of: Parsed) -> None:
    """Code that was made of a function's syntax, and stands in its file only so."""
    for n in ast.walk(node):
        # A node that was made, not parsed, may leave fields to its class.
        n.__dict__.update({f: getattr(n, f) for f in n._fields
                           if f not in n.__dict__ and hasattr(n, f)})
    _entered[id(code)] = code, node, of
    nodes = [n for n in ast.walk(node) if isinstance(n, _FUNCTIONS) and n is not node]
    for inner in nested_codes(code):
        found = [n for n in nodes if _name(n) == inner.co_name and _first_line(n) ==
                 inner.co_firstlineno]
        if len(found) > 1:
            found = [n for n in found if of_place(inner, n, code, lambda: converted(node))]
        if len(found) == 1:
            _entered[id(inner)] = inner, found[0], of


def _written_anew(entered: tuple[types.CodeType, Any, Parsed], function: Any) -> Parsed:
    _, node, of = entered
    node = copy.deepcopy(node)
    if isinstance(node, ast.GeneratorExp):
        node = _as_function(node)
    return replace(of, node=converted(node), first_line=node.lineno,
                   qualname=function.__qualname__, is_lambda=isinstance(node, ast.Lambda),
                   private=None, function=function)


def _as_function(node: ast.GeneratorExp) -> ast.FunctionDef:
    """The generator function that a generator expression is, of an iterator over its items."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    items = "items"
    while items in names:
        items += "_"
    body: Any = ast.Expr(value=ast.Yield(value=node.elt))
    for g in reversed(node.generators):
        for test in reversed(g.ifs):
            body = ast.If(test=test, body=[body], orelse=[])
        body = ast.For(target=g.target, iter=g.iter, body=[body], orelse=[], type_comment=None)
    body.iter = ast.Name(id=items, ctx=ast.Load())
    given = ast.arg(arg=items, annotation=None, type_comment=None)
    args = ast.arguments(posonlyargs=[], args=[given], vararg=None, kwonlyargs=[], kw_defaults=[],
                         kwarg=None, defaults=[])
    made: Any = ast.FunctionDef(name="genexpr", args=args, body=[body], decorator_list=[],
                                returns=None)
    made.type_params, made.type_comment = [], None
    for n in ast.walk(made):
        if not hasattr(n, "lineno") and isinstance(n, (ast.expr, ast.stmt, ast.arg)):
            ast.copy_location(n, node)
    return made


def _no_function(target: Any) -> Exception:
    name = getattr(target, "__qualname__", None) or repr(target)
    kind = type(target).__name__
    if isinstance(target, type):
        return refusal(
            SourceError, f"{name} is a class, not a function",
            "pass a function that makes an instance, or one of its methods",
        )
    if inspect.isfunction(vars(type(target)).get("__call__")):
        return refusal(
            SourceError, f"{name} is an object of class {kind}, which has no source of its own",
            "pass its `__call__` or a function that calls it",
        )
    return refusal(
        SourceError, f"{name} ({kind}) has no Python source",
        "register a derivative for it with @s2sdiff.derivative(of=...)",
    )


def _functions(node: ast.AST, line: int,
               private: str | None = None) -> Iterator[tuple[_Node, str | None]]:
    """The functions that start on a line, with the class that each stands in."""
    for child in ast.iter_child_nodes(node):
        if getattr(child, "end_lineno", line) < line:
            continue
        first = _first_line(child) if isinstance(child, _DEFINITIONS) else \
            getattr(child, "lineno", line)
        if first > line:
            continue
        if first == line and isinstance(child, _FUNCTIONS):
            yield child, private
        inner = child.name if isinstance(child, ast.ClassDef) else private
        yield from _functions(child, line, inner)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)
_DEFINITIONS = (*_FUNCTIONS[:3], ast.ClassDef)


def _first_line(node: Any) -> int:
    if isinstance(node, (ast.Lambda, ast.GeneratorExp)):
        return node.lineno
    return min([node.lineno, *[d.lineno for d in node.decorator_list]])


def _name(node: _Node) -> str:
    unnamed = {ast.Lambda: "<lambda>", ast.GeneratorExp: "<genexpr>"}
    return unnamed.get(type(node)) or getattr(node, "name")  # noqa: B009 (the others have one)


def _in_block(function: types.FunctionType, file: files.File) -> tuple[_Node, str | None] | None:
    """The node, parsed with no more than its outermost statement; None where that is in doubt."""
    # pytest rewrites assert statements, so the code of its test modules is never the file's own.
    code = function.__code__
    if any(name.startswith("@py") for name in _all_names(code)):
        return None
    text = files.block(file, code.co_firstlineno)
    if text is None:
        return None
    return next((f for f in _find(code, text) if compiled_from(code, text, f[0], True)), None)


def _in_file(function: types.FunctionType, file: files.File) -> tuple[_Node, str | None]:
    code = function.__code__
    loc = Loc(code.co_filename, code.co_firstlineno, 0, function.__name__)
    if syntax_tree(file.text) is None:
        raise refusal(
            SourceError,
            f"the source of {function.__qualname__} ({code.co_filename}) is not valid Python now",
            "mend the file and import it again", loc,
        )
    # Generated code is compiled with names from outside as cells, which its text does not show.
    rewritten = code.co_filename.startswith("<s2sdiff ") or any(
        name.startswith("@py") for name in _all_names(code))
    for found in _find(code, file.text):
        if rewritten or compiled_from(code, file.text, found[0]):
            return found
    if code.co_filename == "<string>":
        # From Python 3.13 on, `linecache` has under this name what `python -c` was given.
        raise files.no_text(function, code.co_filename)
    raise refusal(
        SourceError,
        f"the text of {function.__qualname__} is not what was compiled: the file changed "
        "after it was imported, or an import hook rewrote it",
        "import the module again", loc,
    )


def _find(code: types.CodeType, text: str) -> list[tuple[_Node, str | None]]:
    """The nodes that may be a code object's, each with the class that it stands in."""
    tree = syntax_tree(text)
    if tree is None:
        return []
    found = [
        (node, private) for node, private in _functions(tree, code.co_firstlineno)
        if _name(node) == code.co_name
    ]
    return of_code(code, text, found) if len(found) > 1 else found


def _all_names(code: types.CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _all_names(constant)


def _check_kind(function: types.FunctionType, node: _Node, generators: bool, stepped: bool) -> None:
    loc = Loc(function.__code__.co_filename, node.lineno, node.col_offset, function.__name__)
    if isinstance(node, ast.AsyncFunctionDef):
        raise refusal(
            UnsupportedError, f"{function.__qualname__} is an async function",
            "put the computation into a plain function and await outside of it", loc,
        )
    if not inspect.isgeneratorfunction(function) or stepped:
        return
    yields = [n for n in _own(node) if isinstance(n, (ast.Yield, ast.YieldFrom))]
    statements = [n.value for n in _own(node) if isinstance(n, ast.Expr)]
    sent = [n for n in yields if n not in statements]
    if sent or not generators:
        place = next(iter(sent or yields))
        loc = Loc(loc.file, place.lineno, place.col_offset, loc.function)
        raise refusal(
            UnsupportedError, f"{function.__qualname__} is a generator",
            "collect the values in a list and return it", loc,
        )


def _own(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _own(child)
