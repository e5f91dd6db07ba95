"""Generators that are context managers, as functions: what is before the `yield`, what behind it.

    def shifted(cells):            def shifted(cells):
        cells[0] += 1.0                cells[0] += 1.0
        try:                           given = cells[0]
            yield cells[0]
        finally:                       def leave(kind, error, trace):
            cells[0] -= 1.0                try:
                                               if kind is not None:
                                                   raise error
                                           finally:
                                               cells[0] -= 1.0
                                           return kind is not None
                                       return given, leave
"""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Iterator
from typing import Any

import gast

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.frontend import scopes, source
from s2sdiff.frontend.codes import FUTURE
from s2sdiff.frontend.mangling import mangled
from s2sdiff.ir import Loc

__all__ = ["halves"]


class _Unfit(Exception):
    """Raised inside: why a generator cannot be taken apart, and the node where one sees it."""


def halves(function: Any) -> Any:
    """The function that runs a generator up to its `yield` and gives its value and the rest.

    Raises
    ------
    UnsupportedError
        The `yield` does not stand in a straight place.
    """
    parsed = source.read(function, generators=True)
    node = gast.gast_to_ast(mangled(parsed.node, parsed.private, parsed.lines))
    try:
        made = _parted(node)
    except _Unfit as found:
        reason, at = found.args
        loc = Loc(parsed.file, at.lineno, at.col_offset, function.__name__)
        raise refusal(UnsupportedError, f"{function.__qualname__} is a context manager {reason}",
                      "write it as a class with __enter__ and __exit__, or yield once, in no loop",
                      loc) from None
    return _compiled(made, function)


def _parted(node: Any) -> Any:
    own = list(_own(node.body))
    yields = [n for n in own if isinstance(n, (ast.Yield, ast.YieldFrom))]
    if len(yields) != 1 or isinstance(yields[0], ast.YieldFrom):
        raise _Unfit("that does not yield exactly once", yields[0] if yields else node)
    taken = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
        n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    names = {n: _fresh(n, taken) for n in ("given", "leave", "kind", "error", "trace")}
    before, after = _split(node.body, yields[0], names)
    if any(isinstance(n, ast.Return) for n in _own(before)):
        raise _Unfit("that may return before it yields", yields[0])
    returns = _Returns(names["kind"])
    after = [t for s in [*after, ast.Return(value=None)] for t in _listed(returns.visit(s))]
    outside = [n for n in own if isinstance(n, (ast.Global, ast.Nonlocal))]
    declared = {n for s in outside for n in s.names}
    params = [a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)]
    earlier = set(params) | set(_bound(before)) - declared
    later = set(_bound(after))
    heads: list[Any] = [type(s)(names=[n for n in s.names if n in later]) for s in outside
                        if later & set(s.names)]
    if later & earlier:
        heads.append(ast.Nonlocal(names=sorted(later & earlier)))
    given = f"{names['kind']}, {names['error']}, {names['trace']}"
    leave = _parse(f"def {names['leave']}({given}): pass")
    leave.body = [*heads, *after]
    end = _parse(f"return {names['given']}, {names['leave']}")
    node.body = [*outside, *[s for s in before if not isinstance(s, (ast.Global, ast.Nonlocal))],
                 leave, end]
    node.decorator_list, node.returns = [], None
    for a in ast.walk(node.args):
        if isinstance(a, ast.arg):
            a.annotation = None
    return node


def _split(block: list[Any], found: Any, names: dict[str, str]) -> tuple[list[Any], list[Any]]:
    """What a block does up to the `yield`, and what it does from there."""
    at = next(i for i, s in enumerate(block) if any(n is found for n in ast.walk(s)))
    s, before, after = block[at], list(block[:at]), list(block[at + 1:])
    value = found.value if found.value is not None else ast.Constant(value=None)
    given = ast.Assign(targets=[ast.Name(id=names["given"], ctx=ast.Store())], value=value)
    resumed = _parse(f"if {names['kind']} is not None: raise {names['error']}")
    if isinstance(s, ast.Expr) and s.value is found:
        return [*before, given], [resumed, *after]
    if isinstance(s, ast.Assign) and s.value is found:
        got = ast.Assign(targets=s.targets, value=ast.Constant(value=None))
        return [*before, given], [resumed, got, *after]
    if isinstance(s, ast.Try) and any(n is found for t in s.body for n in ast.walk(t)):
        first, rest = _split(s.body, found, names)
        if len(first) > 1 or not isinstance(value, (ast.Constant, ast.Name)):
            first = _as_before(s, first, after)
        return [*before, *first], [ast.Try(body=rest, handlers=s.handlers, orelse=s.orelse,
                                           finalbody=s.finalbody), *after]
    raise _Unfit(f"that yields inside of a {type(s).__name__.lower()} statement", s)


def _as_before(s: Any, first: list[Any], after: list[Any]) -> list[Any]:
    """What happens in a `try` before the `yield`, with the handlers that may run there, too."""
    ended = _parse("raise RuntimeError(\"generator didn't yield\") from None")
    handlers = [ast.ExceptHandler(type=h.type, name=h.name,
                                  body=_copied([*h.body, *after, ended])) for h in s.handlers]
    if handlers:
        first = [ast.Try(body=first, handlers=handlers, orelse=[], finalbody=[])]
    if not s.finalbody:
        return first
    undone = ast.ExceptHandler(type=None, name=None,
                               body=[*_copied(s.finalbody), ast.Raise(exc=None, cause=None)])
    return [ast.Try(body=first, handlers=[undone], orelse=[], finalbody=[])]


def _copied(block: list[Any]) -> list[Any]:
    return ast.parse("\n".join(ast.unparse(ast.fix_missing_locations(s)) for s in block)).body


def _own(block: list[Any]) -> Iterator[Any]:
    """The nodes that are not in functions inside."""
    for node in block:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _own(list(ast.iter_child_nodes(node)))


def _bound(block: list[Any]) -> Iterator[str]:
    module = ast.fix_missing_locations(ast.Module(body=block, type_ignores=[]))
    tree = gast.ast_to_gast(ast.parse(ast.unparse(module)))
    yield from (name for name, _ in scopes.binding_sites(tree.body))


class _Returns(ast.NodeTransformer):
    """`return` ends a generator, and with it an exception that came in."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def visit_FunctionDef(self, node: Any) -> Any:
        return node

    def visit_Lambda(self, node: Any) -> Any:
        return node

    def visit_Return(self, node: Any) -> Any:
        ended = _parse(f"return {self.kind} is not None")
        return ended if node.value is None else [ast.Expr(value=node.value), ended]


def _listed(made: Any) -> list[Any]:
    return made if isinstance(made, list) else [made]


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _parse(text: str) -> Any:
    return ast.parse(text).body[0]


def _compiled(node: Any, function: Any) -> Any:
    """A function of the syntax, in the place of another one."""
    free = function.__code__.co_freevars
    text = ast.unparse(ast.fix_missing_locations(node)) + "\n"
    if free:
        inner = text.replace("\n", "\n    ").rstrip(" ")
        text = f"def around({', '.join(free)}):\n    {inner}    return {node.name}\n"
    place = function.__code__
    file = f"<halves of {function.__qualname__} {place.co_firstlineno} {place.co_filename}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    module = compile(text, file, "exec", place.co_flags & FUTURE, dont_inherit=True)
    code = next(c for c in module.co_consts if isinstance(c, types.CodeType))
    if free:
        code = next(c for c in code.co_consts if isinstance(c, types.CodeType))
    cells = dict(zip(free, function.__closure__ or (), strict=True))
    made = types.FunctionType(code, function.__globals__, function.__name__,
                              function.__defaults__,
                              tuple([cells[n] for n in code.co_freevars]) or None)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__module__ = function.__module__
    made.__qualname__ = function.__qualname__
    return made
