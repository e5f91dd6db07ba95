"""A rule's pullback as a function of its own: from a cotangent and the arguments to one entry each.

A rule gives a value and a pullback, which holds what it needs.  Where that is differentiated again,
or transposed, the pullback is better a function of the arguments: `norm_back(bar, x, 1)` is
`norm(x, 1)[1](bar)`, of which the text is the rule's own, with `return value, pullback` written as
`return pullback(bar)`.  So there are kinds for all that it reads, and no closure.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import textwrap
import types
from collections.abc import Iterable
from typing import Any

from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import Printed
from s2sdiff.registry import Rule
from s2sdiff.runtime.arrays import match

__all__ = ["back_of"]

#: Entries that wait to be asked for, or that are not known, are found when a pullback runs.
_FOUND_LATER = frozenset({"Later", "NotImplemented"})
_OWN = "s2sdiff.rules."
_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD,
          inspect.Parameter.KEYWORD_ONLY)


@functools.lru_cache(maxsize=4096)
def back_of(rule: Rule, slots: tuple[Any, ...]) -> Any:
    """The function that gives the entries for the arguments in `slots`; None where there is none.

    It takes the cotangent, and then what the rule takes; one entry comes bare.
    """
    function = rule.function
    if rule.constant or rule.writes or not rule.pure or not isinstance(
            function, types.FunctionType) or not _is_own(function):
        return None
    parameters = list(inspect.signature(function).parameters.values())
    if any(p.kind not in _PLAIN for p in parameters):
        return None
    returned = rule.wrt if rule.wrt is not None else tuple([p.name for p in parameters])
    names = [parameters[s].name if isinstance(s, int) and s < len(parameters) else s
             for s in slots]
    if any(n not in returned for n in names) or len(set(names)) != len(names):
        return None
    alone = len(returned) == 1
    return _back(function, None if alone else tuple([returned.index(n) for n in names]),
                 tuple(names))


def _is_own(function: types.FunctionType) -> bool:
    return (function.__module__ or "").startswith(_OWN) and \
        _FOUND_LATER.isdisjoint(_names(function.__code__))


def _names(code: types.CodeType) -> set[str]:
    """The names that a function's code reads, and that of functions in it."""
    found = {*code.co_names, *code.co_freevars}
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            found |= _names(inner)
    return found


def _signature(parameters: list[inspect.Parameter]) -> str:
    parts: list[str] = []
    kinds = [p.kind for p in parameters]
    for i, p in enumerate(parameters):
        if p.kind is inspect.Parameter.KEYWORD_ONLY and p.kind not in kinds[:i]:
            parts.append("*")
        parts.append(p.name if p.default is p.empty else f"{p.name}=None")
        if p.kind is inspect.Parameter.POSITIONAL_ONLY and p.kind not in kinds[i + 1:]:
            parts.append("/")
    return ", ".join(parts)


@functools.lru_cache(maxsize=4096)
def _back(function: types.FunctionType, places: tuple[int, ...] | None,
          like: tuple[str, ...] = ()) -> Any:
    """The rule's text with its pullback called; None for a rule without.

    `places` are those of the entries, where there are several, and `like` the parameters that they
    are cotangents of.  Rules that hand on what another one gives hand on what that one's pullback
    gives.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return None
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        return None
    names = _namespace(function)
    returns = _Returns(function, names, places, like)
    body: list[ast.stmt] = []
    for s in definition.body:
        if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)):
            made = returns.visit(s)
            body += made if isinstance(made, list) else [made]
    if returns.failed:
        return None
    name = f"{function.__name__}_back"
    while name in names:
        name += "_1"
    parameters = list(inspect.signature(function).parameters.values())
    lines = "\n".join(textwrap.indent(ast.unparse(ast.fix_missing_locations(s)), "    ")
                      for s in body)
    text = f"def {name}(cotangent, {_signature(parameters)}):\n{lines}\n"
    made = load(Printed(text, {}, ()), name, None, names={**names, **returns.names})
    return _with_defaults(made, function)


def _with_defaults(made: Any, function: types.FunctionType) -> Any:
    made.__defaults__, made.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return made


def _namespace(function: types.FunctionType) -> dict[str, Any]:
    """What the names in a function mean."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {**function.__globals__, **{n: c.cell_contents for n, c in cells}}


def _applied(pullback: ast.expr, bar: ast.Name) -> ast.expr:
    """A call of a pullback; of a lambda, what it gives."""
    if not isinstance(pullback, ast.Lambda) or len(pullback.args.args) != 1:
        return ast.Call(pullback, [bar], [])
    name = pullback.args.args[0].arg

    class Renamed(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> Any:
            return bar if node.id == name else node

    return Renamed().visit(pullback.body)


class _Returns(ast.NodeTransformer):
    """`return value, pullback` as `return pullback(cotangent)`, but in functions inside."""

    def __init__(self, function: types.FunctionType, names: dict[str, Any],
                 places: tuple[int, ...] | None, like: tuple[str, ...]) -> None:
        self.function, self.known, self.places, self.like = function, names, places, like
        self.names: dict[str, Any] = {"matched": match} if like else {}
        self.failed = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        made = node.value
        bar = ast.Name("cotangent", ast.Load())
        if isinstance(made, ast.Tuple) and len(made.elts) == 2:
            return self.picked(_applied(made.elts[1], bar))
        called = self.known.get(made.func.id, getattr(builtins, made.func.id, None)) \
            if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) else None
        other = _back(called, self.places) if isinstance(called, types.FunctionType) and _is_own(called) and \
            called is not self.function else None
        if other is None or not isinstance(made, ast.Call):
            self.failed = True
            return node
        self.names[other.__name__] = other
        call = ast.Call(ast.Name(other.__name__, ast.Load()), [bar, *made.args], made.keywords)
        return self.picked(call) if self.places is None or not self.like else self.several(
            call, range(len(self.places)))

    def picked(self, entries: ast.expr) -> Any:
        """The return of some of the entries."""
        if self.places is None:
            return ast.Return(self.matched([entries])[0])
        return self.several(entries, self.places)

    def several(self, entries: ast.expr, places: Iterable[int]) -> Any:
        found = ast.Name("found_entries", ast.Load())
        parts: list[ast.expr] = [ast.Subscript(found, ast.Constant(i), ast.Load()) for i in places]
        if len(parts) == 1 and places is not self.places:
            parts = [found]  # what another function picked
        parts = self.matched(parts)
        result = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return [ast.Assign([ast.Name("found_entries", ast.Store())], entries, lineno=0),
                ast.Return(result)]

    def matched(self, entries: list[ast.expr]) -> list[ast.expr]:
        """In the types of the arguments."""
        return [ast.Call(ast.Name("matched", ast.Load()), [e, ast.Name(n, ast.Load())], [])
                for e, n in zip(entries, self.like, strict=True)] if self.like else entries
