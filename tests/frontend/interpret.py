"""Run IR directly in Python, statement by statement, to test what produces and rewrites it."""

from __future__ import annotations

import ast
import builtins
import inspect
from typing import Any

import gast

from s2sdiff import ir, ops
from s2sdiff.runtime import cells
from tests.frontend.attempts import run_attempt
from tests.frontend.kept import run_raw

__all__ = ["Environment", "run"]

_KINDS = {
    "posonly": inspect.Parameter.POSITIONAL_ONLY,
    "plain": inspect.Parameter.POSITIONAL_OR_KEYWORD,
    "star": inspect.Parameter.VAR_POSITIONAL,
    "kwonly": inspect.Parameter.KEYWORD_ONLY,
    "starstar": inspect.Parameter.VAR_KEYWORD,
}


class Environment(dict):
    """The variables; what is missing is looked up around the function, at that moment."""

    def __init__(self, origin: Any, outer: Environment | None = None) -> None:
        super().__init__()
        self.origin, self.outer = origin, outer
        self.declared: set[str] = set()

    def __setitem__(self, name: str, item: Any) -> None:
        if name in self.declared:
            assert self.outer is not None
            self.outer[name] = item
        else:
            super().__setitem__(name, item)

    def __missing__(self, name: str) -> Any:
        if self.outer is not None:
            return self.outer[name]
        return outside(self.origin, name)


def outside(origin: Any, name: str) -> Any:
    """What a name means in the closure, the globals or the builtins of a function."""
    cells = dict(zip(origin.__code__.co_freevars, origin.__closure__ or (), strict=True))
    if name in cells:
        try:
            return cells[name].cell_contents
        except ValueError:
            raise KeyError(name) from None
    if name in origin.__globals__:
        return origin.__globals__[name]
    return vars(builtins)[name]


def run(function: ir.Function, *args: Any, **kwargs: Any) -> Any:
    """Call a function in IR."""
    defaults = inspect.signature(function.origin).parameters
    signature = inspect.Signature([
        inspect.Parameter(p.name, _KINDS[p.kind],
                          default=defaults[p.name].default if p.has_default else inspect._empty)
        for p in function.params
    ])
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    env = Environment(function.origin)
    env.update(bound.arguments)
    done = block(function.body, env)
    return done[1] if done is not None else None


def value(atom: Any, env: Environment) -> Any:
    """What an atom stands for."""
    match atom:
        case ir.Var(name):
            try:
                return env[name] if env.outer is not None else dict.__getitem__(env, name)
            except KeyError:
                raise UnboundLocalError(name) from None
        case ir.Free(name):
            try:
                return outside(env.origin, name)
            except KeyError:
                raise NameError(name) from None
        case ir.Const(constant):
            return constant
        case ir.Ref(known):
            return _opaque(known, env) if isinstance(known, ir.Opaque) else known
        case ir.Inlined(bind):
            return _call(bind, env)
    raise TypeError(f"not an atom: {atom!r}")


def _opaque(opaque: ir.Opaque, env: Environment) -> Any:
    function = ast.parse(f"lambda {', '.join(opaque.params)}: None", mode="eval")
    assert isinstance(function.body, ast.Lambda)
    function.body.body = gast.gast_to_ast(opaque.node)
    return eval(compile(ast.fix_missing_locations(function), "<opaque>", "eval"), env)


def _call(bind: ir.Bind, env: Environment) -> Any:
    function = value(bind.fn, env)
    if function is globals:
        return env.origin.__globals__
    if function is cells.own_cell:
        names = env.origin.__code__.co_freevars
        return env.origin.__closure__[names.index(value(bind.args[0], env))]
    args: list[Any] = []
    for a in bind.args:
        if isinstance(a, ir.Star):
            args.extend(value(a.value, env))
        else:
            args.append(value(a, env))
    kwargs: dict[str, Any] = {}
    for name, a in bind.kwargs:
        more = dict(value(a, env)) if name is None else {name: value(a, env)}
        if more.keys() & kwargs.keys():
            raise TypeError("repeated keyword argument")
        kwargs.update(more)
    return function(*args, **kwargs)


def assign(pattern: Any, item: Any, env: Environment) -> None:
    """Bind the names of a loop's target."""
    if isinstance(pattern, str):
        env[pattern] = item
        return
    items = list(item)
    if len(items) != len(pattern):
        raise ValueError(f"{len(pattern)} values expected, not {len(items)}")
    for p, i in zip(pattern, items, strict=True):
        assign(p, i, env)


def _bind(s: ir.Bind, env: Environment) -> None:
    _check_length(s, env)
    result = _call(s, env)
    unpacks = s.fn == ir.Ref(ops.unpack)
    if len(s.targets) > 1 or unpacks:
        assign(s.targets, result, env)
    elif s.targets:
        env[s.targets[0]] = result


def _check_length(s: ir.Bind, env: Environment) -> None:
    if s.fn == ir.Ref(ops.unpack):
        items, before, after = [value(a, env) for a in s.args if not isinstance(a, ir.Star)]
        if after is not None and isinstance(items, (tuple, list)) and len(items) < before + after:
            raise ValueError(f"at least {before + after} values expected, not {len(items)}")


def _store(s: ir.Store, env: Environment) -> None:
    target = value(s.target, env)
    key = value(s.key, env) if s.key is not None else None
    if s.fn.__name__ in ("setitem", "setattr"):
        s.fn(target, key, value(s.value, env))
    elif s.fn.__name__ in ("delitem", "delattr"):
        s.fn(target, key)
    elif s.place == "item":
        target[key] = s.fn(target[key], value(s.value, env))
    elif s.place == "attribute":
        setattr(target, key, s.fn(getattr(target, key), value(s.value, env)))
    else:
        assert isinstance(s.target, ir.Var)
        env[s.target.name] = s.fn(target, value(s.value, env))


def block(statements: ir.Block, env: Environment) -> tuple[str, Any] | None:
    """Run a block; how it was left ("return", "break", "continue"; with the value), or None."""
    for s in statements:
        done = _statement(s, env)
        if done is not None:
            return done
    return None


def _statement(s: ir.Stmt, env: Environment) -> tuple[str, Any] | None:
    match s:
        case ir.Bind():
            _bind(s, env)
        case ir.Store():
            _store(s, env)
        case ir.Move(targets, sources):
            found = [None if a is ir.UNDEFINED else value(a, env) for a in sources]
            for name, atom, item in zip(targets, sources, found, strict=True):
                if atom is ir.UNDEFINED:
                    env.pop(name, None)
                else:
                    env[name] = item
        case ir.If(test, then, orelse):
            return block(then if value(test, env) else orelse, env)
        case ir.For(target, source, body, orelse):
            for item in value(source, env):
                assign(target, item, env)
                done = block(body, env)
                if done is not None and done[0] == "break":
                    return None
                if done is not None and done[0] == "return":
                    return done
            return block(orelse, env)
        case ir.While():
            return _while(s, env)
        case ir.Try() | ir.With():
            return run_attempt(s, env, block, value)
        case ir.Exit("raise", None):
            raise
        case ir.Exit("raise", atom, _, cause):
            if cause is not None:
                raise value(atom, env) from value(cause, env)
            raise value(atom, env)
        case ir.Exit(kind, atom):
            return kind, value(atom, env) if atom is not None else None
        case ir.Def(name, params, body):
            env[name] = _nested(params, body, env)
        case ir.Raw(gast.Nonlocal()):
            env.declared.update(ir.reads(s))
        case ir.Raw():
            return run_raw(s, env, value)
    return None


def _while(s: ir.While, env: Environment) -> tuple[str, Any] | None:
    while True:
        done = block(s.head, env)
        if done is None:
            if not value(s.test, env):
                return block(s.orelse, env)
            done = block(s.body, env)
        if done is not None and done[0] == "break":
            return None
        if done is not None and done[0] == "return":
            return done


def _nested(params: tuple[str, ...], body: ir.Block, outer: Environment) -> Any:
    def function(*args: Any) -> Any:
        env = Environment(outer.origin, outer)
        env.update(zip(params, args, strict=True))
        done = block(body, env)
        return done[1] if done is not None else None

    return function
