"""Renaming inside pieces of the user's syntax that stay as they are (`Opaque` and `Raw`)."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Mapping
from typing import Any

import gast

__all__ = ["renamed", "to_ast"]

Env = Mapping[str, ast.expr]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def to_ast(node: Any) -> Any:
    """A new `ast` node for a gast node."""
    return gast.gast_to_ast(node)


def renamed(node: Any, env: Env) -> Any:
    """`node` with the names in `env` replaced, where they mean the variables around it.

    Names that a comprehension, a lambda or a nested function binds itself stay, unless a
    replacement reads one of the same name: then the inner one is renamed.

    >>> tree = ast.parse("[x * i for i in x]", mode="eval").body
    >>> ast.unparse(renamed(tree, {"x": ast.Name("x_1", ast.Load())}))
    '[x_1 * i for i in x_1]'
    >>> ast.unparse(renamed(tree, {"x": ast.Name("i", ast.Load())}))
    '[i * i_1 for i_1 in i]'
    """
    if isinstance(node, list):
        return [renamed(n, env) for n in node]
    if not isinstance(node, ast.AST):
        return node
    match node:
        case ast.Name(name):
            if name not in env:
                return node
            if isinstance(node.ctx, ast.Load):
                return copy.deepcopy(env[name])
            return ast.Name(_name(name, env), node.ctx)
        case ast.Lambda(arguments, body):
            inner = _inside(env, _parameters(arguments))
            return ast.Lambda(_arguments(arguments, env, inner), renamed(body, inner))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _function(node, env, _name(node.name, env))
        case ast.ClassDef():
            return _class(node, env)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return _comprehension(node, env)
        case ast.Global(names) | ast.Nonlocal(names):
            return type(node)([_name(n, env) for n in names])
        case ast.Import(aliases):
            return _import(node, aliases, env)
        case ast.ImportFrom(module, aliases, level):
            return ast.ImportFrom(module, [_alias(a, env) for a in aliases], level)
    fields = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, str) and name in ("name", "rest") and not isinstance(node, ast.alias):
            value = _name(value, env)  # except handlers and match patterns
        fields[name] = renamed(value, env)
    return type(node)(**fields)


def _name(name: str, env: Env) -> str:
    found = env.get(name)
    return found.id if isinstance(found, ast.Name) else name


def _parameters(arguments: ast.arguments) -> set[str]:
    return {a.arg for a in ast.walk(arguments) if isinstance(a, ast.arg)}


def _inside(env: Env, bound: Iterable[str]) -> dict[str, ast.expr]:
    bound = set(bound)
    inner = {k: v for k, v in env.items() if k not in bound}
    read = {n.id for v in inner.values() for n in ast.walk(v) if isinstance(n, ast.Name)}
    for name in sorted(bound & read):
        new, count = name, 0
        while new in bound | read | set(env):
            count += 1
            new = f"{name}_{count}"
        inner[name] = ast.Name(new, ast.Load())
    return inner


def _arguments(arguments: ast.arguments, env: Env, inner: Env) -> ast.arguments:
    def parameter(a: ast.arg | None) -> Any:
        return a and ast.arg(_name(a.arg, inner), renamed(a.annotation, env))

    return ast.arguments(
        [parameter(a) for a in arguments.posonlyargs], [parameter(a) for a in arguments.args],
        parameter(arguments.vararg), [parameter(a) for a in arguments.kwonlyargs],
        renamed(arguments.kw_defaults, env), parameter(arguments.kwarg),
        renamed(arguments.defaults, env),
    )


def _function(node: Any, env: Env, name: str) -> Any:
    inner = _inside(env, _parameters(node.args) | _bound(node.body))
    own = ("body", "args", "name")
    fields = {k: renamed(v, env) for k, v in ast.iter_fields(node) if k not in own}
    arguments = _arguments(node.args, env, inner)
    return type(node)(**fields, name=name, args=arguments, body=renamed(node.body, inner))


def _class(node: ast.ClassDef, env: Env) -> ast.ClassDef:
    bound = _bound(node.body)
    inner = {k: v for k, v in env.items() if k not in bound}
    # Methods do not see the names of the class body: theirs are the names around the class.
    body = [
        _function(s, env, s.name) if isinstance(s, _FUNCTIONS) else renamed(s, inner)
        for s in node.body
    ]
    fields = {k: renamed(v, env) for k, v in ast.iter_fields(node) if k not in ("body", "name")}
    return ast.ClassDef(**fields, name=_name(node.name, env), body=body)


def _comprehension(node: Any, env: Env) -> Any:
    inner = _inside(env, {n for g in node.generators for n in _bound([g.target])})
    generators = [
        ast.comprehension(renamed(g.target, inner), renamed(g.iter, inner if i else env),
                          renamed(g.ifs, inner), g.is_async)
        for i, g in enumerate(node.generators)
    ]
    fields = {k: renamed(v, inner) for k, v in ast.iter_fields(node) if k != "generators"}
    return type(node)(**fields, generators=generators)


def _alias(alias: ast.alias, env: Env) -> ast.alias:
    name = alias.asname or alias.name
    new = _name(name, env)
    return ast.alias(alias.name, None if new == alias.name else new)


def _import(node: ast.Import, aliases: list[ast.alias], env: Env) -> ast.stmt:
    if len(aliases) == 1 and "." in aliases[0].name and aliases[0].asname is None:
        root = aliases[0].name.partition(".")[0]
        if _name(root, env) == root:
            return node
        # `import a.b` binds a, `import a.b as c` binds b.
        call = ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant(aliases[0].name)], [])
        return ast.Assign([ast.Name(_name(root, env), ast.Store())], call, lineno=0)
    return ast.Import([a if "." in a.name and not a.asname else _alias(a, env) for a in aliases])


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that statements bind in their own scope."""
    found: set[str] = set()
    outer: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                found.add(name)
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                found |= {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
                continue
            case ast.Name(name, ast.Store() | ast.Del()):
                found.add(name)
            case ast.Global(names) | ast.Nonlocal(names):
                outer.update(names)
            case ast.alias(name, asname):
                found.add(asname or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
        pending += ast.iter_child_nodes(node)
    return found - outer
