"""Run a statement that lowering kept as it is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.frontend import scopes

__all__ = ["run_raw"]


def run_raw(s: ir.Raw, env: Any, value: Callable[[Any, Any], Any]) -> tuple[str, Any] | None:
    """Run a statement as it is, with the variables as its global names."""
    node = _Leaving({n for n, _ in (*s.reads, *s.writes)}).visit(gast.gast_to_ast(s.node))
    written = scopes.bound(s.node)
    for name, atom in s.reads:
        if atom != ir.Var(name):
            env[name] = value(atom, env)
    function = ast.parse("def raw(): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    declared = [ast.Global(sorted(written))] if written else []
    function.body = [*declared, node]
    module = ast.fix_missing_locations(ast.Module([function], []))
    before = env.pop("raw", None)
    exec(compile(module, "<raw>", "exec"), env)
    done = env.pop("raw")
    if before is not None:
        env["raw"] = before
    try:
        left = done()
    finally:
        own = {name for name, _ in s.writes}
        for name in written - own:
            if name in env:
                _write_outside(env.origin, name, env.pop(name))
        found = {now: env[name] for name, now in s.writes if name in env}
        env.update(found)
    return left


def _write_outside(origin: Any, name: str, item: Any) -> None:
    if name in origin.__code__.co_freevars:
        origin.__closure__[origin.__code__.co_freevars.index(name)].cell_contents = item
    else:
        origin.__globals__[name] = item


def _signal(kind: str, item: ast.expr) -> ast.Return:
    return ast.Return(ast.Tuple([ast.Constant(kind), item], ast.Load()))


class _Leaving(ast.NodeTransformer):
    """Jumps that leave the statement, as values; `nonlocal` of its variables, as `global`."""

    def __init__(self, variables: set[str]) -> None:
        self.variables, self.loops, self.functions = variables, 0, 0

    def _function(self, node: Any) -> Any:
        self.functions += 1
        self.generic_visit(node)
        self.functions -= 1
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _function

    def _loop(self, node: Any) -> Any:
        self.loops += 1
        node.body = [self.visit(n) for n in node.body]
        self.loops -= 1
        node.orelse = [self.visit(n) for n in node.orelse]
        return node

    visit_For = visit_While = _loop

    def visit_Return(self, node: ast.Return) -> Any:
        if self.functions:
            return node
        return _signal("return", node.value or ast.Constant(None))

    def visit_Break(self, node: ast.Break) -> Any:
        return self._jump(node, "break")

    def visit_Continue(self, node: ast.Continue) -> Any:
        return self._jump(node, "continue")

    def _jump(self, node: Any, kind: str) -> Any:
        if self.functions or self.loops:
            return node
        return _signal(kind, ast.Constant(None))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> Any:
        return ast.Global(node.names) if set(node.names) <= self.variables else node
