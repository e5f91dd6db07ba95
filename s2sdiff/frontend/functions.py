"""Nested functions that travel: made from their code, and from cells of what they capture."""

from __future__ import annotations

import ast
import builtins
import types
from dataclasses import dataclass
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend.codes import nested_codes, of_place
from s2sdiff.frontend.context import Context, Unfit, bind, fresh
from s2sdiff.frontend.mangling import mangled
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.frontend.scopes import FUNCTIONS, parameters
from s2sdiff.frontend.scopes import read as read_in
from s2sdiff.frontend.source import read as read_source
from s2sdiff.ir import UNDEFINED, Arg, Atom, Const, Loc, Move, Ref, Star, Stmt, Var
from s2sdiff.runtime import cells, class_making

__all__ = ["Making", "beginning", "class_value", "function_value", "generator_value", "own_cell",
           "written_outside"]

_FUTURE_ANNOTATIONS = 0x1000000


@dataclass(frozen=True, eq=False)
class Making:
    """A function is made: the arguments at `variables` are variables that it captures.

    It binds those at `written` itself, and may delete those at `deleted`.  `cells.settled` turns
    all of them into cells.
    """

    maker: cells.Maker
    variables: tuple[int, ...]
    written: frozenset[int]
    deleted: frozenset[int]


def beginning(ctx: Context, node: Any, own: tuple[str, ...], loc: Loc) -> list[Stmt]:
    """The place where a scope inside of the function begins, if functions may capture from it."""
    if not own or ctx.captured.isdisjoint(own) or \
            not any(isinstance(n, (*FUNCTIONS, gast.GeneratorExp)) for n in gast.walk(node)):
        return []
    return [Move(own, (UNDEFINED,) * len(own), loc)]


def written_outside(node: Any) -> frozenset[str]:
    """Names that functions in a node bind for the functions around them."""
    return frozenset(name for n in gast.walk(node) if isinstance(n, gast.Nonlocal)
                     for name in n.names)


def function_value(ctx: Context, node: Any, out: list[Stmt], target: str,
                   lower: Lower) -> Var | None:
    """Bind `target` to a new function, or None where it has to be kept as it is written."""
    code = None if ctx.verbatim else _code(ctx, node)
    if code is None or getattr(node, "type_params", None):
        return None
    kinds = {name: _kind(ctx, name) for name in code.co_freevars}
    annotated = _annotations(ctx, node)
    if None in kinds.values() or annotated is None:
        return None
    a = node.args
    decorators = list(getattr(node, "decorator_list", ()))
    keyword_only = [(p.id, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True)
                    if d is not None]
    operands = [*decorators, *a.defaults, *[d for _, d in keyword_only],
                *[n for n in annotated if not isinstance(n, str)]]
    atoms = in_order(ctx, operands, out, "value", lower)
    given = iter(atoms[len(decorators):])
    kwargs: list[tuple[str | None, Atom]] = []
    if a.defaults:
        values = [next(given) for _ in a.defaults]
        made = bind(ctx, out, fresh(ctx, "defaults"), ops.tuple_, values, node)
        kwargs.append(("defaults", made))
    if keyword_only:
        pairs = [x for name, _ in keyword_only for x in (Const(name), next(given))]
        made = bind(ctx, out, fresh(ctx, "defaults"), ops.dict_, pairs, node)
        kwargs.append(("kwdefaults", made))
    if annotated:
        notes = [Const(n) if isinstance(n, str) else next(given) for n in annotated]
        made = bind(ctx, out, fresh(ctx, "annotations"), ops.tuple_, notes, node)
        kwargs.append(("annotations", made))
    return _made(ctx, node, out, target, _maker(ctx, code), kinds, kwargs,
                 atoms[:len(decorators)])


def generator_value(ctx: Context, node: Any, out: list[Stmt], target: str,
                    lower: Lower) -> Var | None:
    """Bind `target` to what a generator expression gives: Python calls a function of its items.

    None where it reads nothing of the function's, or has to be kept as it is written.
    """
    read = frozenset(read_in(node))
    own = ctx.local | frozenset(ctx.origin.__code__.co_freevars)
    if ctx.verbatim or read.isdisjoint(own) or any(
            isinstance(n, (gast.NamedExpr, gast.Await)) for n in gast.walk(node)):
        return None
    code = _code_of(ctx, node, "<genexpr>", node.lineno)
    if code is None:
        return None
    kinds = {name: _kind(ctx, name) for name in code.co_freevars}
    if None in kinds.values():
        return None
    items = lower(ctx, node.generators[0].iter, out, "items")
    it = bind(ctx, out, fresh(ctx, "it"), Ref(iter, "iter"), (items,), node)
    made = _made(ctx, node, out, fresh(ctx, "generator"), _maker(ctx, code), kinds, [], [])
    return bind(ctx, out, target, made, (it,), node)


def _made(ctx: Context, node: Any, out: list[Stmt], target: str, maker: cells.Maker,
          kinds: dict[str, str | None], kwargs: list[tuple[str | None, Atom]],
          decorators: list[Atom]) -> Var:
    space = bind(ctx, out, fresh(ctx, "names"), Ref(builtins.globals, "globals"), (), node)
    args: list[Arg] = [space, *[_captured(ctx, name, kind, out, node)
                                for name, kind in kinds.items()]]
    variables = tuple([i for i, kind in enumerate(kinds.values(), 1) if kind == "variable"])
    outside = written_outside(node)
    written = frozenset(i for i, name in enumerate(kinds, 1) if name in outside)
    gone = {n.id for n in gast.walk(node)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Del)}
    deleted = frozenset(i for i, name in enumerate(kinds, 1) if name in outside & gone)
    making = Making(maker, variables, written, deleted)
    names = [fresh(ctx, target) for _ in decorators] + [target]
    found = bind(ctx, out, names.pop(0), Ref(making), args, node, kwargs)
    for decorator, name in zip(reversed(decorators), names, strict=True):
        found = bind(ctx, out, name, decorator, (found,), node)
    return found


def class_value(ctx: Context, node: Any, out: list[Stmt], target: str, lower: Lower) -> Var | None:
    """Bind `target` to a new class, or None where the statement has to be kept as it is written.

    What its methods capture has cells; its body itself reads no variable of the function.
    """
    code = None if ctx.verbatim else _class_code(ctx, node)
    if code is None or getattr(node, "type_params", None) or _reads_variables(ctx, node):
        return None
    kinds = {name: _kind(ctx, name) for name in code.co_freevars}
    if None in kinds.values() or any(k.arg is None for k in node.keywords):
        return None
    decorators = list(node.decorator_list)
    bases = [b.value if isinstance(b, gast.Starred) else b for b in node.bases]
    atoms = in_order(ctx, [*decorators, *bases, *[k.value for k in node.keywords]], out,
                     "value", lower)
    rest = atoms[len(decorators):]
    kwargs: list[tuple[str | None, Atom]] = []
    if any(isinstance(b, gast.Starred) for b in node.bases):
        given = [Star(a) if isinstance(b, gast.Starred) else a
                 for a, b in zip(rest, node.bases, strict=False)]
        kwargs.append(("bases", bind(ctx, out, fresh(ctx, "bases"), ops.tuple_, given, node)))
    else:
        kwargs += [(class_making.base_name(i), a) for i, a in enumerate(rest[:len(bases)])]
    kwargs += [(class_making.keyword_name(k.arg), a)
               for k, a in zip(node.keywords, rest[len(bases):], strict=True)]
    maker = cells.ClassMaker(code, f"{ctx.origin.__qualname__}.<locals>.{code.co_name}")
    return _made(ctx, node, out, target, maker, kinds, kwargs, atoms[:len(decorators)])


def _class_code(ctx: Context, node: Any) -> types.CodeType | None:
    line = min([node.lineno, *[d.lineno for d in node.decorator_list]])
    found = [c for c in nested_codes(ctx.origin.__code__)
             if c.co_name == node.name and c.co_firstlineno in (line, node.lineno)
             and not c.co_flags & 1]  # code of a class has no variables of its own
    return found[0] if len(found) == 1 else None


def _reads_variables(ctx: Context, node: Any) -> bool:
    """Whether the body of a class, and not its methods, reads what may have a derivative."""
    waiting = list(node.body)
    while waiting:
        n = waiting.pop()
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and (
                n.id in ctx.local or n.id in ctx.origin.__code__.co_freevars):
            return True
        if isinstance(n, (gast.Nonlocal, gast.Global, gast.NamedExpr)):
            return True
        if isinstance(n, FUNCTIONS):
            # Of a function that is defined there, what is computed beside its body.
            a = n.args
            waiting += [*getattr(n, "decorator_list", ()), *a.defaults,
                        *[d for d in a.kw_defaults if d is not None],
                        *[p.annotation for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)
                          if p.annotation is not None]]
            continue
        waiting += gast.iter_child_nodes(n)
    return False


def _kind(ctx: Context, name: str) -> str | None:
    if name in ctx.nested:
        raise Unfit(ctx.nested[name].node)
    if name in ctx.generators:
        raise Unfit(ctx.generators[name])
    if name in ctx.local:
        return "variable"
    return "outside" if name in ctx.origin.__code__.co_freevars else None


def _captured(ctx: Context, name: str, kind: str | None, out: list[Stmt], node: Any) -> Var:
    if kind == "variable":
        return Var(name)
    return own_cell(ctx, name, out, node)


def own_cell(ctx: Context, name: str, out: list[Stmt], node: Any) -> Var:
    """The cell of a name that the function itself captures."""
    return bind(ctx, out, fresh(ctx, f"{name}_cell"), cells.own_cell, (Const(name),), node)


def _maker(ctx: Context, code: types.CodeType) -> cells.Maker:
    outer = ctx.origin.__qualname__
    source = None
    if "<" not in outer:
        source = f"rt.maker({outer}, {code.co_name!r}, {code.co_firstlineno})"
    return cells.Maker(code, f"{outer}.<locals>.{code.co_name}", source)


def _code(ctx: Context, node: Any) -> types.CodeType | None:
    """The code object of a nested function, if it is surely the one."""
    name = getattr(node, "name", "<lambda>")
    line = min([node.lineno, *[d.lineno for d in getattr(node, "decorator_list", ())]])
    code = _code_of(ctx, node, name, line)
    fits = code is not None and [*_arguments(code)] == parameters(node.args)
    return code if fits else None


def _code_of(ctx: Context, node: Any, name: str, line: int) -> types.CodeType | None:
    around = ctx.origin.__code__
    found = [c for c in nested_codes(around) if c.co_name == name and c.co_firstlineno == line]
    if len(found) > 1 or isinstance(node, gast.GeneratorExp):
        found = [c for c in found if of_place(c, node, around, lambda: _root(ctx))]
    return found[0] if found and all(c == found[0] for c in found) else None


def _root(ctx: Context) -> Any:
    parsed = read_source(ctx.origin, True, True)
    return mangled(parsed.node, parsed.private, parsed.lines)


def _arguments(code: types.CodeType) -> tuple[str, ...]:
    """The parameters in the order of a signature, which puts `*args` before keywords."""
    count = code.co_argcount
    names = list(code.co_varnames[:count + code.co_kwonlyargcount])
    rest = len(names)
    if code.co_flags & 4:
        names.insert(count, code.co_varnames[rest])
        rest += 1
    if code.co_flags & 8:
        names.append(code.co_varnames[rest])
    return tuple(names)


def _annotations(ctx: Context, node: Any) -> list[Any] | None:
    """Names and notes in turn, texts where the module has them as texts."""
    a = node.args
    every = [*a.posonlyargs, *a.args, *filter(None, (a.vararg,)), *a.kwonlyargs,
             *filter(None, (a.kwarg,))]
    pairs = [(p.id, p.annotation) for p in every if p.annotation is not None]
    if getattr(node, "returns", None) is not None:
        pairs.append(("return", node.returns))
    if not pairs:
        return []
    if ctx.origin.__code__.co_flags & _FUTURE_ANNOTATIONS:
        return [x for name, note in pairs
                for x in (name, ast.unparse(gast.gast_to_ast(note)))]
    return [x for name, note in pairs for x in (name, note)]
