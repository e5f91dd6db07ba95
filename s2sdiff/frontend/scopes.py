"""Python's scoping rules over gast: what a function binds, what a node reads from its function.

A name bound anywhere in a function is local to all of it; comprehensions, lambdas, nested
functions and classes have scopes of their own, except for a walrus inside a comprehension.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

__all__ = [
    "COMPREHENSIONS", "FUNCTIONS", "binding_sites", "bound", "children", "declared", "escapes",
    "identifiers", "loops", "outer_parts", "parameters", "read", "statements",
]

FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def parameters(arguments: Any) -> list[str]:
    """Names of all parameters of a gast `arguments`, in the order of a signature."""
    found = [*arguments.posonlyargs, *arguments.args]
    found += [arguments.vararg] if arguments.vararg else []
    found += arguments.kwonlyargs
    found += [arguments.kwarg] if arguments.kwarg else []
    return [a.id for a in found]


def outer_parts(node: Any) -> list[Any]:
    """What a function or class definition evaluates in the scope around it."""
    if isinstance(node, gast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    a = node.args
    parts = [*a.defaults, *[d for d in a.kw_defaults if d is not None]]
    if not isinstance(node, gast.Lambda):
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
        notes = [p.annotation for p in every if p.annotation is not None]
        parts = [*node.decorator_list, *parts, *notes, *([node.returns] if node.returns else [])]
    return parts


def _body(node: Any) -> list[Any]:
    return node.body if isinstance(node.body, list) else [node.body]


def children(node: Any) -> list[Any]:
    """The nodes right below a node that may hold a name: operators and contexts are left out."""
    t = type(node)
    if t is gast.Constant:
        return []
    if t is gast.Name:
        return [] if node.annotation is None else [node.annotation]
    found: list[Any] = []
    fields = node.__dict__
    for field in node._fields:
        value = fields.get(field)
        t = type(value)
        if value is None or t is str or t is int or t in _NAMELESS:
            continue
        if t is list:
            found += [v for v in value if isinstance(v, gast.AST)]
        elif isinstance(value, gast.AST):
            found.append(value)
    return found


_NAMELESS = frozenset(
    cls for cls in vars(gast).values() if isinstance(cls, type)
    and issubclass(cls, (gast.expr_context, gast.operator, gast.unaryop, gast.boolop)))


def _walrus_only(node: Any) -> Iterator[Any]:
    if isinstance(node, gast.NamedExpr):
        yield node.target
    if isinstance(node, FUNCTIONS):
        below = outer_parts(node)
    else:
        below = children(node)
    for child in below:
        yield from _walrus_only(child)


def binding_sites(nodes: Any) -> Iterator[tuple[str, Any]]:
    """Each (name, node) that binds a name in the scope that `nodes` belong to."""
    for node in nodes if isinstance(nodes, (list, tuple)) else [nodes]:
        if type(node) in _BINDING_NOTHING:
            yield from binding_sites(children(node))
            continue
        match node:
            case gast.Name():
                if isinstance(node.ctx, (gast.Store, gast.Del)):
                    yield node.id, node
                if node.annotation is None:
                    continue
            case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.ClassDef():
                yield node.name, node
                yield from binding_sites(outer_parts(node))
                continue
            case gast.Lambda():
                yield from binding_sites(outer_parts(node))
                continue
            case gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
                for target in _walrus_only(node):
                    yield target.id, target
                continue
            case gast.Import() | gast.ImportFrom():
                for a in node.names:
                    yield a.asname or a.name.partition(".")[0], node
            case gast.ExceptHandler(name=gast.Name(id=name)):
                # The name's own node has no place in the file.
                yield name, node
                yield from binding_sites([*([node.type] if node.type else []), *node.body])
                continue
            case gast.MatchAs() | gast.MatchStar():
                if node.name is not None:
                    yield getattr(node.name, "id", node.name), node
            case gast.MatchMapping():
                if node.rest is not None:
                    yield getattr(node.rest, "id", node.rest), node
        yield from binding_sites(children(node))


#: Most nodes: they bind what is inside of them, if anything.
_BINDING_NOTHING = frozenset({
    gast.Constant, gast.Call, gast.BinOp, gast.Attribute, gast.Expr, gast.Assign, gast.AugAssign,
    gast.Compare, gast.UnaryOp, gast.Subscript, gast.Return, gast.Tuple, gast.If, gast.keyword,
    gast.BoolOp,
})


def _declarations(nodes: list[Any]) -> Iterator[Any]:
    for node in nodes:
        if isinstance(node, (gast.Global, gast.Nonlocal)):
            yield node
        elif not isinstance(node, _UNDECLARING):
            yield from _declarations(children(node))


#: Declarations are statements, and those in other scopes are not this scope's.
_UNDECLARING = (gast.expr, gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)


def declared(nodes: list[Any], kind: Any = (gast.Global, gast.Nonlocal)) -> frozenset[str]:
    """Names that `global` or `nonlocal` statements of this scope declare."""
    found = (n for n in _declarations(nodes) if isinstance(n, kind))
    return frozenset(name for n in found for name in n.names)


def bound(nodes: Any) -> frozenset[str]:
    """Names that statements bind in their scope, declared ones included."""
    return frozenset(name for name, _ in binding_sites(nodes))


def _locals(function: Any) -> frozenset[str]:
    body = _body(function)
    return bound(body) - declared(body) | frozenset(parameters(function.args))


def read(node: Any, hidden: frozenset[str] = frozenset()) -> Iterator[str]:
    """Names that a node reads from its own scope or from scopes around it, with repeats.

    Reads inside nested functions count, as far as the name is not theirs; so do `del x` and the
    target of `x += 1`.
    """
    match node:
        case list() | tuple():
            for n in node:
                yield from read(n, hidden)
        case gast.Name():
            if not isinstance(node.ctx, (gast.Store, gast.Param)) and node.id not in hidden:
                yield node.id
        case gast.AugAssign(target=gast.Name(id=name)):
            if name not in hidden:
                yield name
            yield from read(node.value, hidden)
        case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.Lambda():
            yield from read(outer_parts(node), hidden)
            body = _body(node)
            own = _locals(node) | declared(body, gast.Global)
            yield from (n for n in declared(body, gast.Nonlocal) if n not in hidden)
            yield from read(body, hidden | own)
        case gast.ClassDef():
            yield from read(outer_parts(node), hidden)
            inside = hidden | bound(node.body)
            for statement in node.body:
                # Functions in a class do not see the names that the class body binds.
                nested = isinstance(statement, FUNCTIONS)
                yield from read(statement, hidden if nested else inside)
        case gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
            yield from read(node.generators[0].iter, hidden)
            inside = hidden | bound([g.target for g in node.generators])
            for position, g in enumerate(node.generators):
                yield from read(g.target, inside)
                yield from read(g.iter, inside) if position else ()
                yield from read(g.ifs, inside)
            parts = (node.key, node.value) if isinstance(node, gast.DictComp) else (node.elt,)
            yield from read(parts, inside)
        case gast.AnnAssign():
            yield from read([node.target, *([node.value] if node.value else [])], hidden)
        case _:
            yield from read(children(node), hidden)


def identifiers(node: Any) -> frozenset[str]:
    """Every name that occurs anywhere in a node, in whatever scope."""
    found: set[str] = set()
    pending = [node]
    while pending:
        n = pending.pop()
        pending += children(n)
        if isinstance(n, gast.Name):
            found.add(n.id)
        elif isinstance(n, (gast.Global, gast.Nonlocal)):
            found.update(n.names)
        elif isinstance(n, _NAMING):
            found.update(name for name, _ in binding_sites([n]))
    return frozenset(found)


#: What binds a name otherwise than by a Name; the walk comes to what is inside of them by itself.
_NAMING = (
    gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Import, gast.ImportFrom,
    gast.ExceptHandler, gast.MatchAs, gast.MatchStar, gast.MatchMapping,
)


def loops(node: Any) -> list[Any]:
    """The `for` and `while` statements in a node, in whatever scope."""
    return [n for n in statements([node]) if isinstance(n, (gast.For, gast.While))]


def statements(nodes: list[Any]) -> list[Any]:
    """The nodes and all below them that are no expressions, in whatever scope."""
    found, pending = [], [*nodes]
    while pending:
        n = pending.pop()
        found.append(n)
        pending += [c for c in children(n) if not isinstance(c, gast.expr)]
    return found


def escapes(node: Any, looped: bool = False) -> Iterator[str]:
    """The jumps that leave a statement: "return", "break", "continue"."""
    match node:
        case gast.Return():
            yield "return"
        case gast.Break() | gast.Continue():
            if not looped:
                yield type(node).__name__.lower()
        case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.Lambda() | gast.ClassDef():
            return
        case gast.For() | gast.While() | gast.AsyncFor():
            for child in node.body:
                yield from escapes(child, True)
            for child in node.orelse:
                yield from escapes(child, looped)
        case _:
            for child in gast.iter_child_nodes(node):
                yield from escapes(child, looped)
