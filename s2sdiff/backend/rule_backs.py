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
from typing import Any

from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import Printed
from s2sdiff.registry import Rule
from s2sdiff.runtime.arrays import match

__all__ = ["back_of"]

#: Entries that wait to be asked for, or that are not known, are found when a pullback runs.
_FOUND_LATER = frozenset({"Later", "NotImplemented"})
_OWN = "s2sdiff.rules."


def back_of(rule: Rule, slots: tuple[Any, ...], count: int, names: tuple[str, ...] = ()) -> Any:
    """The function that gives the entries for the arguments in `slots`; None where there is none.

    It takes the cotangent, and then what the rule takes; one entry comes bare.

    Parameters
    ----------
    count, names : how many positional arguments the call has, and by which names it gives others
    """
    function = rule.function
    own = isinstance(function, types.FunctionType) and _is_own(function)
    return _back_of(rule, slots, count, names) if own and not (
        rule.constant or rule.writes) and rule.pure else None


@functools.lru_cache(maxsize=4096)
def _back_of(rule: Rule, slots: tuple[Any, ...], count: int, names: tuple[str, ...]) -> Any:
    """`back_of` of one of the library's rules, which stay what they are."""
    function: Any = rule.function
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())
    # Of a function that says of itself that it takes something else, the text does not fit.
    own = function.__code__.co_varnames[:function.__code__.co_argcount
                                        + function.__code__.co_kwonlyargcount]
    if any(p.kind is p.VAR_KEYWORD or (p.kind is not p.VAR_POSITIONAL and p.name not in own)
           for p in parameters):
        return None
    try:
        signature.bind(*range(count), **dict.fromkeys(names))
    except TypeError:
        return None
    returned = rule.wrt if rule.wrt is not None else tuple([p.name for p in parameters])
    entries = tuple([_entry(slot, parameters, returned) for slot in slots])
    if None in entries or len(set(entries)) != len(entries):
        return None
    made = _back(function, entries)
    if made is not None:
        # Each entry is of the kind of its argument.
        made.__s2sdiff_entries__ = tuple([s + 1 if isinstance(s, int) else s for s in slots])
    return made


#: A parameter, with the index of one of those in its star's place; where its entry is, if there
#: are several.
Entry = tuple[str, int | None, int | None]


def _entry(slot: Any, parameters: list[inspect.Parameter],
           returned: tuple[str, ...]) -> Entry | None:
    name, index = slot, None
    if isinstance(slot, int):
        star = next((i for i, p in enumerate(parameters) if p.kind is p.VAR_POSITIONAL),
                    len(parameters))
        if slot >= star < len(parameters):
            index = slot - star
        elif slot >= len(parameters):
            return None
        name = parameters[min(slot, star)].name
    if name not in returned:
        return None
    return name, index, returned.index(name) if len(returned) > 1 else None


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
        if p.kind is p.VAR_POSITIONAL:
            parts.append(f"*{p.name}")
            continue
        if p.kind is p.VAR_KEYWORD:
            parts.append(f"**{p.name}")
            continue
        if p.kind is p.KEYWORD_ONLY and p.VAR_POSITIONAL not in kinds and p.kind not in kinds[:i]:
            parts.append("*")
        parts.append(p.name if p.default is p.empty else f"{p.name}=None")
        if p.kind is p.POSITIONAL_ONLY and p.kind not in kinds[i + 1:]:
            parts.append("/")
    return ", ".join(parts)


@functools.lru_cache(maxsize=4096)
def _back(function: types.FunctionType, wanted: tuple[Entry, ...] | None) -> Any:
    """The rule's text with its pullback called, which gives the entries that are wanted.

    None: all of them, as they are.  Rules that hand on what another one gives hand on what that
    one's pullback gives.  For a rule of whose text this cannot be made there is none.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return None
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        return None
    names = _namespace(function)
    returns = _Returns(function, names, wanted, _bound_anew(definition))
    # What an entry is to be like is what was given, which `a = np.asarray(a)` hides.
    body: list[ast.stmt] = [
        ast.Assign([ast.Name(kept, ast.Store())], ast.Name(name, ast.Load()), lineno=0)
        for name, kept in returns.given.items()]
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


def _bound_anew(definition: ast.FunctionDef) -> set[str]:
    """The names that a function binds, beside what its parameters are bound to."""
    return {n.id for s in definition.body for n in ast.walk(s)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


class _Returns(ast.NodeTransformer):
    """`return value, pullback` as `return pullback(cotangent)`, but in functions inside."""

    def __init__(self, function: types.FunctionType, names: dict[str, Any],
                 wanted: tuple[Entry, ...] | None, bound: set[str]) -> None:
        self.function, self.known, self.wanted = function, names, wanted
        self.given = {name: f"{name}_given" for name, _, _ in wanted or () if name in bound}
        self.names: dict[str, Any] = {} if wanted is None else {"matched": match}
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
        own = isinstance(called, types.FunctionType) and _is_own(called)
        other = _back(called, None) if own and called is not self.function else None
        if other is None or not isinstance(made, ast.Call):
            self.failed = True
            return node
        self.names[other.__name__] = other
        return self.picked(ast.Call(ast.Name(other.__name__, ast.Load()), [bar, *made.args],
                                    made.keywords))

    def picked(self, entries: ast.expr) -> Any:
        """The return of some of the entries, in the types of the arguments."""
        if self.wanted is None:
            return ast.Return(entries)
        found: ast.expr = ast.Name("found_entries", ast.Load())
        parts: list[ast.expr] = []
        for name, index, at in self.wanted:
            like: ast.expr = ast.Name(self.given.get(name, name), ast.Load())
            entry = found if at is None else _item(found, at)
            if index is not None:
                entry, like = _item(entry, index), _item(like, index)
            parts.append(ast.Call(ast.Name("matched", ast.Load()), [entry, like], []))
        result = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return [ast.Assign([ast.Name("found_entries", ast.Store())], entries, lineno=0),
                ast.Return(result)]


def _item(of: ast.expr, index: int) -> ast.expr:
    return ast.Subscript(of, ast.Constant(index), ast.Load())
