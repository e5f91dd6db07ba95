"""The two functions that a generator function becomes: what makes the frame, and its step."""

from __future__ import annotations

import ast
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.converting import converted
from s2sdiff.frontend.frames import Frame, Names, Unfit, made
from s2sdiff.frontend.stages import Stager
from s2sdiff.frontend.straightened import straightened
from s2sdiff.frontend.unset import may_be_unset
from s2sdiff.frontend.yields import own

__all__ = ["staged"]

#: What draws all items of a generator expression before anything else can happen.
_AT_ONCE = frozenset({"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted",
                      "sum", "tuple"})
_INSTEAD = "write it as a function that gives a list"


def staged(function: Any, node: Any, qualname: str, derived: bool) -> tuple[Any, Any, Any]:
    """The step, what makes its frame, and the names by which they read what is given to them.

    `function` is gast's node, `node` the same as Python's; `derived`: it has `__class__`.
    """
    params = scopes.parameters(function.args)
    names = Names(set(scopes.identifiers(function)) | {"super", "__class__"})
    node.body = _without_deletions(node.body)
    known = {*params, *scopes.bound(function.body)} - scopes.declared(function.body)
    node.body = straightened(node.body, known, names)
    body = converted(node).body
    outside = scopes.declared(body)
    sites = [(n, s) for n, s in scopes.binding_sites(body) if n not in outside]
    caught = {n for n, s in sites if isinstance(s, gast.ExceptHandler)}
    bound = {n for n, _ in sites} - caught
    _check(function, node, sites, caught, bound)
    variables = list(dict.fromkeys([*params, *[n for n, _ in sites if n not in caught]]))
    boxed = frozenset(_seen_inside(body) & bound)
    for n, s in sites:
        if n in boxed and not isinstance(s, (gast.Name, gast.FunctionDef, gast.ClassDef)):
            raise Unfit(f"with a function in it that sees {n}", s, _INSTEAD)
    first = params[0] if derived and params else None
    unset = may_be_unset(node.body, params, known & set(variables))
    frame = Frame(variables, boxed, names, first, unset)
    stager = Stager(frame)
    inner = stager.block(node.body, False)
    state = frame.state(params)
    stored = [v for v in state if v in bound or v in frame.extra]
    start = _start(frame, node, [*state, *sorted(boxed)], params, stager, qualname)
    step = _step(frame, node, inner, state, stored)
    return step, start, names.helpers


def _without_deletions(body: list[Any]) -> list[Any]:
    """A body that does not delete what it surely has bound, and nobody reads from there on."""
    inner = [n for s in body for n in ast.walk(s) if isinstance(n, _SEEING)]
    seen = {name for i in inner for name in _names(i)}
    out: list[Any] = []
    for i, s in enumerate(body):
        if isinstance(s, ast.Delete) and out:
            names, later = _names(s), {name for t in body[i + 1:] for name in _names(t)}
            if all(isinstance(t, ast.Name) for t in s.targets) and len({*names}) == len(names) \
                    and _surely_bound(out).issuperset(names) and later.isdisjoint(names) \
                    and seen.isdisjoint(names):
                continue
        out.append(s)
    return out


#: What may see a variable of the function around after a statement is over.
_SEEING = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Global, ast.Nonlocal, ast.GeneratorExp)


def _names(node: Any) -> list[str]:
    return [name for n in ast.walk(node) for name in (
        [n.id] if isinstance(n, ast.Name) else getattr(n, "names", ())) if isinstance(name, str)]


def _surely_bound(body: list[Any]) -> set[str]:
    """What statements bind whichever way is taken, and do not delete."""
    found: set[str] = set()
    for s in body:
        if isinstance(s, ast.Assign):
            found |= {t.id for t in s.targets if isinstance(t, ast.Name)}
        elif isinstance(s, ast.If):
            found |= _surely_bound(s.body) & _surely_bound(s.orelse)
        found -= {name for n in ast.walk(s) if isinstance(n, ast.Delete) for name in _names(n)}
    return found


def _check(function: Any, node: Any, sites: Any, caught: set[str], bound: set[str]) -> None:
    for n in own(node):
        if isinstance(n, ast.Delete) and any(isinstance(t, ast.Name) for t in n.targets):
            raise Unfit("that deletes a variable", n, _INSTEAD)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and not n.args and \
                n.func.id in ("locals", "vars", "dir"):
            raise Unfit("that looks at its variables", n, _INSTEAD)
    for n in ast.walk(node):
        if isinstance(n, ast.Nonlocal) and set(n.names) & (bound | set(
                scopes.parameters(function.args))):
            raise Unfit("with a function in it that binds its variables", n, _INSTEAD)
    for n, s in sites:
        if n in caught and n in bound:
            raise Unfit(f"that binds {n} in an except and elsewhere", s, "use two names")


def _seen_inside(body: list[Any]) -> set[str]:
    """Names that functions and generator expressions read, unless they are used up at once."""
    found: set[str] = set()

    def visit(node: Any, at_once: bool = False) -> None:
        if isinstance(node, (*scopes.FUNCTIONS, gast.ClassDef)):
            for part in scopes.outer_parts(node):
                visit(part)
            found.update(_read_of(node))
            return
        if isinstance(node, gast.GeneratorExp) and not at_once:
            found.update(scopes.read([node]))
        name = node.func.id if isinstance(node, gast.Call) and isinstance(
            node.func, gast.Name) else ""
        for child in gast.iter_child_nodes(node):
            visit(child, name in _AT_ONCE)

    for s in body:
        visit(s)
    return found


def _read_of(node: Any) -> list[str]:
    if isinstance(node, gast.Lambda):
        return scopes.read([node])
    return [*scopes.read([node]), node.name]


def _start(frame: Frame, node: Any, state: list[str], params: list[str], stager: Stager,
           qualname: str) -> Any:
    f, step = frame.frame, frame.helper("step")
    marks = ", ".join([repr(tuple(m)) for m in (stager.tried_in, stager.held, stager.handing)])
    body = made(f"{f} = {frame.helper('Resumed')}({step}, {qualname!r}, {marks})", node)
    for v in state:
        value = v if v in params else frame.helper("UNBOUND") if v in frame.unset else "None"
        body += made(f"{f}.{frame.fields[v]} = {value}", node)
    body += made(f"{f}.follow()\nreturn {f}", node)
    for a in ast.walk(node.args):
        if isinstance(a, ast.arg):
            a.annotation = None
    start: Any = ast.FunctionDef(name=frame.fresh("start"), args=node.args, body=body,
                                 decorator_list=[], returns=None)
    return _placed(start, node)


def _step(frame: Frame, node: Any, inner: list[Any], state: list[str], stored: list[str]) -> Any:
    f, at = frame.frame, frame.at
    outside = [s for s in node.body if isinstance(s, (ast.Global, ast.Nonlocal))]
    body = [*outside, *made(f"{at} = {f}.at", node)]
    body += made(f"if {at} == -1: return {frame.helper('END')}", node)
    body += made(f"{f}.at = -1", node)
    for v in state:
        body += made(f"{v} = {f}.{frame.fields[v]}", node)
    body += [_Ended(frame, stored).visit(s) for s in inner
             if not isinstance(s, (ast.Global, ast.Nonlocal))]
    body += made(f"return {frame.helper('END')}", node)
    args = ast.arguments(posonlyargs=[], args=[ast.arg(arg=f)], vararg=None, kwonlyargs=[],
                         kw_defaults=[], kwarg=None, defaults=[])
    step: Any = ast.FunctionDef(name=frame.fresh("step"), args=args, body=body,
                                decorator_list=[], returns=None)
    return _placed(step, node)


class _Ended(ast.NodeTransformer):
    """With the stores in front of each item that is given."""

    def __init__(self, frame: Frame, stored: list[str]) -> None:
        self.frame, self.stored = frame, stored

    def visit__Left(self, node: Any) -> Any:
        frame, f = self.frame, self.frame.frame
        stores = [s for v in self.stored
                for s in made(f"{f}.{frame.fields[v]} = {v}", node.like)]
        return [*stores, *made(f"{f}.at = {node.k}", node.like),
                *made(f"return {frame.item}", node.like)]


def _placed(function: Any, node: Any) -> Any:
    function.type_params = []
    for n in ast.walk(function):
        if isinstance(n, (ast.expr, ast.stmt, ast.ExceptHandler, ast.arg)) and not hasattr(
                n, "lineno"):
            ast.copy_location(n, node)
    function.lineno, function.end_lineno = node.lineno, node.end_lineno
    return function
