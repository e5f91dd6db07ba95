"""Variables of a function that may be read before they are bound, by Python's own nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

__all__ = ["may_be_unset"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def may_be_unset(body: list[Any], params: Iterable[str], names: set[str]) -> set[str]:
    """Which of the names some read may find without a value.

    A function inside counts as reading where it is made: later, no more names are without one.

    >>> body = ast.parse("if c: x = 1\\nelse: y = 2\\nx + y\\nz = 3\\nz").body
    >>> sorted(may_be_unset(body, ["c"], {"x", "y", "z"}))
    ['x', 'y']
    """
    flow = _Flow(names)
    flow.block(body, frozenset(params))
    return flow.found


#: The names that are bound where something comes to; None where nothing does.
_Bound = frozenset[str] | None


def _met(*ways: _Bound) -> _Bound:
    known = [w for w in ways if w is not None]
    return frozenset.intersection(*known) if known else None


class _Flow:
    def __init__(self, names: set[str]) -> None:
        self.names, self.found = names, set[str]()
        #: What is bound at each way out of the loops around, by `break`.
        self.breaks: list[list[_Bound]] = []

    def block(self, body: list[Any], bound: _Bound) -> _Bound:
        for s in body:
            if bound is None:
                return None
            bound = self.statement(s, bound)
        return bound

    def statement(self, s: Any, bound: frozenset[str]) -> _Bound:
        match s:
            case ast.If():
                bound = self.read(s.test, bound)
                return _met(self.block(s.body, bound), self.block(s.orelse, bound))
            case ast.While():
                return self.loop(s, self.read(s.test, bound), frozenset())
            case ast.For():
                return self.loop(s, self.read(s.iter, bound), self.targets(s.target, bound))
            case ast.Try():
                return self.tried(s, bound)
            case ast.With():
                for item in s.items:
                    bound = self.read(item.context_expr, bound)
                    if item.optional_vars is not None:
                        bound |= self.targets(item.optional_vars, bound)
                # It may have swallowed what was raised anywhere in the body.
                self.block(s.body, bound)
                return bound
            case ast.Match():
                bound = self.read(s.subject, bound)
                ends, caught_all = [], False
                for c in s.cases:
                    own = bound | {n for p in ast.walk(c.pattern) for n in _captured(p)}
                    own = own if c.guard is None else self.read(c.guard, own)
                    ends.append(self.block(c.body, own))
                    caught_all |= c.guard is None and isinstance(
                        c.pattern, ast.MatchAs) and c.pattern.pattern is None
                return _met(*ends, *([] if caught_all else [bound]))
            case ast.Return() | ast.Raise():
                self.read(s, bound)
                return None
            case ast.Break():
                self.breaks[-1].append(bound)
                return None
            case ast.Continue():
                return None
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return self.read(s, bound) | {s.name}
            case ast.Assign():
                bound = self.read(s.value, bound)
                return bound.union(*(self.targets(t, bound) for t in s.targets))
            case ast.AugAssign(target=ast.Name(id=name)):
                self.ask(name, bound)
                return self.read(s.value, bound)
            case ast.AnnAssign():
                if s.value is None:
                    return bound
                bound = self.read(s.value, bound)
                return bound | self.targets(s.target, bound)
            case ast.Import() | ast.ImportFrom():
                return bound | {a.asname or a.name.partition(".")[0] for a in s.names}
        return self.read(s, bound)

    def loop(self, s: Any, bound: frozenset[str], each: frozenset[str]) -> _Bound:
        self.breaks.append([])
        self.block(s.body, bound | each)
        broken = self.breaks.pop()
        endless = isinstance(s, ast.While) and isinstance(s.test, ast.Constant) and s.test.value
        return _met(*broken, None if endless else self.block(s.orelse, bound))

    def tried(self, s: Any, bound: frozenset[str]) -> _Bound:
        end = self.block(s.body, bound)
        ends = [None if end is None else self.block(s.orelse, end)]
        for h in s.handlers:
            own = bound if h.type is None else self.read(h.type, bound)
            ends.append(self.block(h.body, own if h.name is None else own | {h.name}))
        behind = _met(*ends)
        if s.finalbody:
            made = self.block(s.finalbody, bound)
            behind = None if behind is None or made is None else behind | made
        return behind

    def targets(self, target: Any, bound: frozenset[str]) -> frozenset[str]:
        """The names that a target binds; what is evaluated for it counts as read."""
        self.read(target, bound)
        return frozenset(n.id for n in ast.walk(target)
                         if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))

    def ask(self, name: str, bound: frozenset[str]) -> None:
        if name in self.names and name not in bound:
            self.found.add(name)

    def read(self, node: Any, bound: frozenset[str]) -> frozenset[str]:
        """Look at what an expression reads; what is bound behind it."""
        match node:
            case ast.Name(ctx=ast.Load()):
                self.ask(node.id, bound)
            case ast.NamedExpr(target=ast.Name(id=name)):
                return self.read(node.value, bound) | {name}
            case ast.BoolOp():
                first = self.read(node.values[0], bound)
                inner = first
                for v in node.values[1:]:
                    inner = self.read(v, inner)
                return first
            case ast.IfExp():
                bound = self.read(node.test, bound)
                return self.read(node.body, bound) & self.read(node.orelse, bound)
            case _ if isinstance(node, (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)):
                own = _bound_inside(node)
                for n in ast.walk(node):
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and \
                            n.id not in own:
                        self.ask(n.id, bound)
            case _:
                for child in ast.iter_child_nodes(node):
                    bound = self.read(child, bound)
        return bound


def _bound_inside(node: Any) -> set[str]:
    """Names that are, or may be, of an inner scope's own."""
    found = {a.arg for a in ast.walk(node) if isinstance(a, ast.arg)}
    return found | {n.id for n in ast.walk(node)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _captured(pattern: Any) -> list[str]:
    name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
    return [name] if isinstance(name, str) else []
