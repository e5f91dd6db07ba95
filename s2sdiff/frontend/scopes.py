"""Python's scoping rules over gast: what a function binds, what a node reads from its function.

A name bound anywhere in a function is local to all of it; comprehensions, lambdas, nested
functions and classes have scopes of their own, except for a walrus inside a comprehension.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

__all__ = [
    "BINDING_NOTHING", "COMPREHENSIONS", "FUNCTIONS", "binding_sites", "bound", "children",
    "declared", "escapes", "identifiers", "loops", "outer_parts", "parameters", "read",
    "statements",
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
    for field in _HOLDING.get(t) or node._fields:
        value = fields.get(field)
        if type(value) is list:
            found += [v for v in value if isinstance(v, gast.AST)] if value else ()
        elif isinstance(value, gast.AST):
            found.append(value)
    return found


#: Fields that hold operators, contexts, texts and numbers, in whatever node they are.
_NAMELESS = frozenset({"attr", "conversion", "ctx", "id", "is_async", "kind", "level", "op", "ops",
                       "simple", "type_comment"})
#: The others, by class of node.
_HOLDING: dict[Any, tuple[str, ...]] = {
    cls: tuple([f for f in cls._fields if f not in _NAMELESS]) for cls in vars(gast).values()
    if isinstance(cls, type) and issubclass(cls, gast.AST)}


def _walrus_only(node: Any) -> Iterator[Any]:
    if isinstance(node, gast.NamedExpr):
        yield node.target
    if isinstance(node, FUNCTIONS):
        below = outer_parts(node)
    else:
        below = children(node)
    for child in below:
        yield from _walrus_only(child)


def binding_sites(nodes: Any) -> list[tuple[str, Any]]:
    """Each (name, node) that binds a name in the scope that `nodes` belong to."""
    found: list[tuple[str, Any]] = []
    _add_sites(nodes if isinstance(nodes, (list, tuple)) else [nodes], found)
    return found


def _add_sites(nodes: Any, found: list[tuple[str, Any]]) -> None:
    for node in nodes:
        t = type(node)
        if t in BINDING_NOTHING:
            if t is not gast.Constant:
                _add_sites(children(node), found)
            continue
        match node:
            case gast.Name():
                if isinstance(node.ctx, (gast.Store, gast.Del)):
                    found.append((node.id, node))
                if node.annotation is None:
                    continue
            case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.ClassDef():
                found.append((node.name, node))
                _add_sites(outer_parts(node), found)
                continue
            case gast.Lambda():
                _add_sites(outer_parts(node), found)
                continue
            case gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
                found += [(target.id, target) for target in _walrus_only(node)]
                continue
            case gast.Import() | gast.ImportFrom():
                found += [(a.asname or a.name.partition(".")[0], node) for a in node.names]
            case gast.ExceptHandler(name=gast.Name(id=name)):
                # The name's own node has no place in the file.
                found.append((name, node))
                _add_sites([*([node.type] if node.type else []), *node.body], found)
                continue
            case gast.MatchAs() | gast.MatchStar():
                if node.name is not None:
                    found.append((getattr(node.name, "id", node.name), node))
            case gast.MatchMapping():
                if node.rest is not None:
                    found.append((getattr(node.rest, "id", node.rest), node))
        _add_sites(children(node), found)


#: Most nodes: they bind what is inside of them, if anything.
BINDING_NOTHING = frozenset({
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


def read(node: Any, hidden: frozenset[str] = frozenset()) -> list[str]:
    """Names that a node reads from its own scope or from scopes around it, with repeats.

    Reads inside nested functions count, as far as the name is not theirs; so do `del x` and the
    target of `x += 1`.
    """
    found: list[str] = []
    _add_read(node if isinstance(node, (list, tuple)) else [node], hidden, found)
    return found


def _add_read(nodes: Any, hidden: frozenset[str], found: list[str]) -> None:
    for node in nodes:
        t = type(node)
        if t is gast.Name:
            if not isinstance(node.ctx, (gast.Store, gast.Param)) and node.id not in hidden:
                found.append(node.id)
        elif t in BINDING_NOTHING and t is not gast.AugAssign:
            if t is not gast.Constant:
                _add_read(children(node), hidden, found)
        else:
            _add_read_by(node, hidden, found)


def _add_read_by(node: Any, hidden: frozenset[str], found: list[str]) -> None:
    """What is read by a node that binds names or has a scope of its own."""
    match node:
        case gast.AugAssign(target=gast.Name(id=name)):
            if name not in hidden:
                found.append(name)
            _add_read([node.value], hidden, found)
        case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.Lambda():
            _add_read(outer_parts(node), hidden, found)
            body = _body(node)
            own = _locals(node) | declared(body, gast.Global)
            found += [n for n in declared(body, gast.Nonlocal) if n not in hidden]
            _add_read(body, hidden | own, found)
        case gast.ClassDef():
            _add_read(outer_parts(node), hidden, found)
            inside = hidden | bound(node.body)
            for statement in node.body:
                # Functions in a class do not see the names that the class body binds.
                nested = isinstance(statement, FUNCTIONS)
                _add_read([statement], hidden if nested else inside, found)
        case gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
            _add_read([node.generators[0].iter], hidden, found)
            inside = hidden | bound([g.target for g in node.generators])
            for position, g in enumerate(node.generators):
                _add_read([g.target, *([g.iter] if position else []), *g.ifs], inside, found)
            parts = (node.key, node.value) if isinstance(node, gast.DictComp) else (node.elt,)
            _add_read(parts, inside, found)
        case gast.AnnAssign():
            _add_read([node.target, *([node.value] if node.value else [])], hidden, found)
        case _:
            _add_read(children(node), hidden, found)


def identifiers(node: Any) -> frozenset[str]:
    """Every name that occurs anywhere in a node, in whatever scope."""
    found: set[str] = set()
    pending = [node]
    while pending:
        n = pending.pop()
        t = type(n)
        if t is gast.Constant:
            continue
        pending += children(n)
        if t is gast.Name:
            found.add(n.id)
        elif t in BINDING_NOTHING:
            continue
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
