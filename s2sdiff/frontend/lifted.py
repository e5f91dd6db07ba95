"""Nested functions that operators are given, as functions of what they capture.

    def f(x):                                     def f(x):
        def g(p):                                     return grad(g)(2.0, x)
            return math.sin(p * x)
        return grad(g)(2.0)                       def g(p, x): return math.sin(p * x)

What `g` captures is then an argument of the derivative, which does not move, and whose cotangent is
that of any argument.  As a closure it would have a cell, of which nothing is known where the
derivative's code is differentiated again.  Functions that `g` calls, and derivatives of such that
have a name, are written into it.
"""

from __future__ import annotations

import ast
import copy
import types
from dataclasses import dataclass
from typing import Any

import gast

from s2sdiff.frontend import lifting_scopes, scopes, source
from s2sdiff.frontend.codes import FUTURE
from s2sdiff.frontend.context import meant, path_of
from s2sdiff.frontend.scopes import FUNCTIONS, parameters
from s2sdiff.frontend.standing_names import Standing
from s2sdiff.runtime import nested

__all__ = ["lifted"]


def lifted(node: Any, parsed: source.Parsed) -> dict[str, Any]:
    """Write operators of nested functions in a function's node anew; what its new names mean."""
    # Most functions have none in them, as their code says without a walk.
    if not any(isinstance(c, types.CodeType) for c in parsed.function.__code__.co_consts):
        return {}
    whole = lifting_scopes.with_statements(node)
    if not any(isinstance(n, FUNCTIONS) for s in whole.body for n in gast.walk(s)):
        return {}
    lifting = _Lifting(whole, parsed)
    lifting.block(whole.body, set(parameters(node.args)))
    lifting.tidy(whole)
    node.body = whole.body if lifting.stands else node.body
    return lifting.stands


#: By the code of a function, and the place in it: what was lifted out.
_made: dict[Any, Any] = {}


@dataclass(frozen=True, eq=False)
class _Closure:
    """A nested function: its node, the data that it captures, and what it has to have in it."""

    node: Any
    captured: tuple[str, ...]
    inside: tuple[Any, ...]


class _Lifting(Standing):
    def __init__(self, node: Any, parsed: source.Parsed) -> None:
        super().__init__()
        self.parsed = parsed
        bound = [*parameters(node.args), *[n for n, _ in scopes.binding_sites(node.body)]]
        self.local = frozenset(bound)
        self.visible = self.local | frozenset(parsed.function.__code__.co_freevars)
        self.banned = frozenset(n for f in gast.walk(node) if isinstance(
            f, (gast.Nonlocal, gast.Global)) for n in f.names)
        self.defined: dict[str, Any] = {}
        for s in lifting_scopes.own(node.body):
            name = s.name if isinstance(s, gast.FunctionDef) else self.assigned(s)
            if name is not None and bound.count(name) == 1 and name not in self.banned:
                self.defined[name] = s

    def assigned(self, s: Any) -> str | None:
        """The name that a lambda, or what an operator gives, is bound to."""
        target: Any = s.targets[0] if isinstance(s, gast.Assign) and len(s.targets) == 1 else None
        if not isinstance(target, gast.Name):
            return None
        value = s.value
        while isinstance(value, gast.Call) and value.args and nested.makes(
                self.operator(value.func)):
            value = value.args[0]
        kinds = (gast.Lambda, gast.Name) if value is not s.value else gast.Lambda
        return target.id if isinstance(value, kinds) else None

    def block(self, block: list[Any], bound: set[str]) -> None:
        """The statements in order; `bound` are the names that surely are by then."""
        for s in block:
            if isinstance(s, gast.FunctionDef):
                bound.add(s.name)
                continue
            for field, value in gast.iter_fields(s):
                if field in ("body", "orelse", "finalbody", "handlers"):
                    continue
                setattr(s, field, self.expressions(value, bound))
            if isinstance(s, (gast.Assign, gast.AnnAssign)):
                bound |= scopes.bound(s)
            inner = set(bound)
            if isinstance(s, gast.For):
                inner |= {n.id for n in gast.walk(s.target) if isinstance(n, gast.Name)}
            for field in ("body", "orelse", "finalbody"):
                self.block(getattr(s, field, None) or [], set(inner))
            for handler in getattr(s, "handlers", ()):
                self.block(handler.body, set(bound))

    def expressions(self, value: Any, bound: set[str]) -> Any:
        """An expression, or several, with what can be lifted out of it."""
        if isinstance(value, list):
            return [self.expressions(v, bound) for v in value]
        if not isinstance(value, gast.AST) or isinstance(value, (
                *FUNCTIONS, gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)):
            return value
        for field, inner in gast.iter_fields(value):
            if isinstance(inner, (gast.AST, list)):
                setattr(value, field, self.expressions(inner, bound))
        return self.call(value, bound) if isinstance(value, gast.Call) else value

    def call(self, s: Any, bound: set[str]) -> Any:
        """A call of an operator, or of what one gives, if a nested function is lifted out of it."""
        if any(isinstance(a, gast.Starred) for a in s.args) or s.keywords:
            return s
        chain, closure = self.derivative(s.func, bound)
        if closure is not None and chain and len(s.args) == len(closure.node.args.args):
            given = [*s.args, *self.names(closure)]
            return gast.copy_location(gast.Call(self.rebuilt(chain, closure), given, []), s)
        operator = self.operator(s.func)
        if getattr(operator, "__name__", "") not in ("jvp", "hvp") or operator not in \
                nested.OPERATORS or len(s.args) != 3 or not all(
                isinstance(a, gast.Tuple) for a in s.args[1:]):
            return s
        chain, closure = self.derivative(s.args[0], bound)
        count = 0 if closure is None else len(closure.node.args.args)
        if closure is None or any(len(a.elts) != count for a in s.args[1:]):
            return s
        self.checked(s.func, operator)
        function = self.rebuilt(chain, closure)
        along = [gast.Constant(None, None) for _ in closure.captured]
        primals, tangents = (gast.Tuple([*a.elts, *more], gast.Load()) for a, more in (
            (s.args[1], self.names(closure)), (s.args[2], along)))
        if operator.__name__ == "jvp":
            return gast.copy_location(gast.Call(s.func, [function, primals, tangents], []), s)
        if count != 1:
            return s
        made = gast.Call(self.standing(lifting_scopes.named("grad", nested.MAKERS)), [function], [])
        made = gast.Call(self.standing(lifting_scopes.named("jvp", nested.OPERATORS)),
                         [made, primals, tangents], [])
        return gast.copy_location(gast.Subscript(made, gast.Constant(1, None), gast.Load()), s)

    def derivative(self, node: Any, bound: set[str]) -> tuple[list[Any], _Closure | None]:
        """The operators that make a function, the outermost first, and the nested function."""
        chain: list[Any] = []
        while True:
            if isinstance(node, gast.Name) and node.id in bound and node.id in self.defined:
                found = self.defined[node.id]
                node = found if isinstance(found, gast.FunctionDef) else found.value
            if isinstance(node, (gast.FunctionDef, gast.Lambda)):
                closure = self.closure(node)
                free = closure is not None and bound.issuperset(
                    n for n in closure.captured if n in self.local)
                return chain, closure if free else None
            operator = self.operator(node.func) if isinstance(node, gast.Call) else None
            if operator is None or not nested.makes(operator) or not node.args or not all(
                    map(lifting_scopes.plain, (*node.args[1:], *[k.value for k in node.keywords]))):
                return chain, None
            self.checked(node.func, operator)
            chain.append(node)
            node = node.args[0]

    def operator(self, node: Any) -> Any:
        """The operator that a path of names from outside means now, or None."""
        root = node
        while isinstance(root, gast.Attribute):
            root = root.value
        if not isinstance(root, gast.Name) or root.id in self.local:
            return None
        found = meant(self.parsed.function, path_of(node))
        known = isinstance(found, types.FunctionType) and (
            nested.makes(found) or found in nested.OPERATORS)
        return found if known else None

    def rebuilt(self, chain: list[Any], closure: _Closure) -> Any:
        """What the operators make of the function that was lifted out."""
        node: Any = self.standing(self.function(closure))
        for made in reversed(chain):
            node = gast.copy_location(
                gast.Call(made.func, [node, *made.args[1:]], made.keywords), made)
        return node

    def names(self, closure: _Closure) -> list[Any]:
        return [gast.copy_location(gast.Name(n, gast.Load(), None, None), closure.node)
                for n in closure.captured]

    def closure(self, node: Any) -> _Closure | None:
        """What a nested function captures, and which functions are written into it."""
        inside: dict[str, Any] = {}
        captured: dict[str, None] = {}
        waiting = [node]
        while waiting:
            f = waiting.pop()
            if not lifting_scopes.simple(f):
                return None
            for name in self.captures(f):
                if name in self.banned:
                    return None
                found = self.defined.get(name)
                if found is None:
                    captured[name] = None
                elif name not in inside:
                    inside[name] = found
                    waiting.append(found if isinstance(found, gast.FunctionDef) else found.value)
        if node in inside.values() or not (captured or inside) or any(
                not captured.keys().isdisjoint(self.called(f)) for f in (
                    node, *inside.values())):
            return None
        own = {*parameters(node.args), *(scopes.bound(node.body) if isinstance(
            node, gast.FunctionDef) else ())}
        if not own.isdisjoint((*captured, *inside)):
            return None
        order = [s for s in self.defined.values() if any(s is t for t in inside.values())]
        return _Closure(node, tuple(sorted(captured)), tuple(order))

    def called(self, node: Any) -> set[str]:
        """Names that are called, or whose derivative is taken: what they hold may vary."""
        found: set[str] = set()
        for n in gast.walk(node):
            if isinstance(n, gast.Call):
                given = n.args[:1] if self.operator(n.func) is not None else []
                found |= {a.id for a in (n.func, *given) if isinstance(a, gast.Name)}
        return found

    def captures(self, node: Any) -> list[str]:
        return [n for n in dict.fromkeys(scopes.read(node)) if n in self.visible]

    def function(self, closure: _Closure) -> Any:
        """The function that was lifted out, made once."""
        origin, node = self.parsed.function, closure.node
        key = origin.__code__, id(origin.__globals__), node.lineno, node.col_offset
        found = _made.get(key)
        if found is None:
            if len(_made) > 1024:
                _made.clear()
            found = _made[key] = _compiled(closure, self.parsed)
        return found

    def tidy(self, node: Any) -> None:
        """Leave out the functions that nobody asks for any more, and have operators looked at."""
        if not self.stands:
            return
        while True:
            counts: dict[str, int] = {}
            for n in gast.walk(node):
                if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load):
                    counts[n.id] = counts.get(n.id, 0) + 1
            gone = [s for n, s in self.defined.items() if not counts.get(n)]
            if not gone:
                break
            for n in [n for n, s in self.defined.items() if any(s is t for t in gone)]:
                del self.defined[n]
            lifting_scopes.leave_out(node, gone)
        self.look(node)


def _compiled(closure: _Closure, parsed: source.Parsed) -> Any:
    node = closure.node
    body = node.body if isinstance(node, gast.FunctionDef) else [
        gast.copy_location(gast.Return(node.body), node)]
    name = getattr(node, "name", "function")
    args = copy.deepcopy(node.args)
    args.args = [*args.args, *[gast.Name(n, gast.Param(), None, None) for n in closure.captured]]
    made = gast.FunctionDef(name, args, copy.deepcopy([*closure.inside, *body]), [], None, None)
    made = gast.fix_missing_locations(gast.copy_location(made, node))
    tree = ast.fix_missing_locations(gast.gast_to_ast(gast.Module([made], [])))
    definition = tree.body[0]
    if not hasattr(definition, "type_params"):
        definition.type_params = []
    origin = parsed.function
    flags = origin.__code__.co_flags & FUTURE
    module = compile(tree, parsed.file, "exec", flags, dont_inherit=True)
    code = next(c for c in module.co_consts if isinstance(c, types.CodeType))
    function = types.FunctionType(code, origin.__globals__, name)
    function.__module__, function.__qualname__ = origin.__module__, name
    source.enter(code, definition, parsed)
    return function
