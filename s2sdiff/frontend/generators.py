"""Loops over generators: the generator's body is written down, with the loop's where it yields.

That is what Python does one after the other, in the same order, so nothing about laziness, or about
what the two write and read of each other, needs a thought.  It serves generator functions of the
same module, generator expressions, and whatever `runtime.generators` has such functions for.
"""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass, replace
from typing import Any

import gast

from s2sdiff.frontend import files, scopes, source
from s2sdiff.frontend.context import Context, fresh
from s2sdiff.frontend.drawable import fits, once, writable
from s2sdiff.frontend.looping import indexed, known, loops_well, may_end_early, unzipped
from s2sdiff.frontend.names_left_out import left_out
from s2sdiff.frontend.nested import Nested, in_order_of_parameters
from s2sdiff.frontend.order import Lower, in_order
from s2sdiff.frontend.shields import shielded, unshielded, with_free
from s2sdiff.frontend.weaving import YIELDS
from s2sdiff.ir import (
    Atom,
    Bind,
    Block,
    Const,
    Free,
    Move,
    Raw,
    Stmt,
    Var,
    rename,
)
from s2sdiff.runtime import generators

__all__ = ["Drawn", "draws", "later", "pieces", "written"]

#: How deep generators may stand in each other.
_DEPTH = 4


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a loop draws from: a node, and what was evaluated where the iterator was made."""

    node: Any
    made: Made
    atoms: tuple[Any, ...]
    ctx: Context
    statement: Any = None
    #: How many functions it is handed over to, whose names are not those here.
    handed: int = 0

    @property
    def written(self) -> Any:
        """The node that says what is drawn from: it is kept as it is where that does not go."""
        return self.node if self.statement is None else self.statement


@dataclass(frozen=True, eq=False)
class Made:
    """A generator function to write down: its syntax, and the argument nodes by parameter."""

    function: Any
    node: Any
    given: dict[str, Any]
    defaults: dict[str, Any]
    #: The callees that are left out, which must go on meaning what they mean.
    callees: tuple[Any, ...] = ()


def draws(ctx: Context, node: Any) -> Drawn | Made | Any | None:
    """What a loop over an expression can be written with; None where it is a loop like others."""
    if node in ctx.kept:
        return None
    if isinstance(node, gast.GeneratorExp):
        return node if loops_well(node) and not may_end_early(node) and _plain(node) else None
    if isinstance(node, gast.Name):
        return ctx.delayed.get(node.id)
    if isinstance(node, gast.Call) and len(ctx.weaving) < _DEPTH:
        return _called(ctx, node)
    return None


def _plain(node: Any) -> bool:
    return not any(isinstance(n, (*scopes.FUNCTIONS, gast.NamedExpr)) for n in gast.walk(node))


def _called(ctx: Context, node: Any) -> Made | None:
    if isinstance(node.func, gast.Name) and node.func.id in ctx.generators:
        return _nested(ctx, ctx.generators[node.func.id], node)
    function = known(ctx, node.func)
    if function is None or any(isinstance(a, gast.Starred) for a in node.args) or \
            any(k.arg is None for k in node.keywords):
        return None
    if not (isinstance(function, types.FunctionType) and inspect.isgeneratorfunction(function)):
        if node.keywords and function is not enumerate:
            return None
        keeps = bool(node.args) and isinstance(node.args[0], gast.Constant) and \
            node.args[0].value is None
        function, given = unzipped(ctx, function, node)
        others = tuple(i for i, a in enumerate(given.args) if draws(ctx, a) is not None)
        if function is zip and not all(i in others or indexed(ctx, a)
                                       for i, a in enumerate(given.args)):
            return None
        count = len(given.args) + len(given.keywords)
        function = generators.standin(function, count, others, keeps)
        if function is None:
            return None
        if given is not node:
            made = _made(ctx, function, given)
            return None if made is None else replace(made, callees=(node.args[1].func,))
    elif function.__closure__:
        return None
    if any(code is function.__code__ for code in ctx.weaving) or hasattr(function, "__wrapped__"):
        return None
    return _made(ctx, function, node)


def _nested(ctx: Context, definition: Any, node: Any) -> Made | None:
    """A call of a generator function that is defined in the function at hand."""
    a = definition.args
    nested = Nested(definition.name, definition, definition, tuple(scopes.parameters(a)),
                    frozenset())
    keywords = [(k.arg, k.value) for k in node.keywords]
    given = None if a.vararg or a.kwarg or any(isinstance(n, gast.Starred) for n in node.args) \
        else in_order_of_parameters(nested, [*node.args], keywords)
    defaults = [*a.defaults, *[d for d in a.kw_defaults if d is not None]]
    if given is None or definition in ctx.weaving or not writable(definition) or \
            not all(isinstance(d, gast.Constant) for d in defaults):
        return None
    pairs = dict(zip(nested.parameters, given, strict=True))
    single = all(once(definition.body, name) for name, n in pairs.items()
               if draws(ctx, n) is not None)
    return Made(None, definition, pairs, {}) if single else None


def _made(ctx: Context, function: Any, node: Any) -> Made | None:
    try:
        parsed = source.read(function, generators=True)
        bound = inspect.signature(function).bind(
            *node.args, **{k.arg: k.value for k in node.keywords})
    except Exception:
        # Without its source, or called as it cannot be: that is said where it is called.
        return None
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(function).parameters
    if any(p.kind in kinds for p in parameters.values()):
        return None
    given = dict(bound.arguments)
    defaults = {n: p.default for n, p in parameters.items() if n not in given}
    single = all(once(parsed.node.body, name) for name, n in given.items()
               if draws(ctx, n) is not None)
    if not single or not all(isinstance(d, (int, float, complex, str, bytes, type(None)))
               for d in defaults.values()) or not fits(ctx, function, parsed.node):
        return None
    return Made(function, parsed.node, given, defaults)


def pieces(ctx: Context, node: Any, out: list[Stmt], lower: Lower) -> Block | None:
    """The statements of what a loop draws from, with a Bind of `weaving.yields` for each item.

    What is evaluated when the iterator is made goes to `out`.  None where it is a loop like others.
    """
    found = draws(ctx, node)
    if found is None:
        return None
    drawn = found if isinstance(found, Drawn) else later(ctx, node, out, lower)
    assert drawn is not None
    return written(drawn, lower)


def written(drawn: Drawn, lower: Lower) -> Block:
    """The statements of what a loop draws from, where the loop stands."""
    made = _of_expression(drawn.ctx, drawn, lower) \
        if isinstance(drawn.node, gast.GeneratorExp) else _of_function(drawn)
    return shielded(made, drawn.handed) if drawn.handed else made


def later(ctx: Context, node: Any, out: list[Stmt], lower: Lower) -> Drawn | None:
    """What is evaluated when an iterator is made goes to `out`; the rest is left for its loop."""
    found = draws(ctx, node)
    if found is None or isinstance(found, Drawn):
        return found
    if isinstance(node, gast.GeneratorExp):
        first = node.generators[0].iter
        source = later(ctx, first, out, lower) or _still(
            ctx, lower(ctx, first, out, "items"), out, node)
        return Drawn(node, found, (source,), ctx)
    for callee in (node.func, *found.callees) if found.function is not None else ():
        left_out(ctx, callee, out, lower, "generator")
    nodes = list(found.given.values())
    walks = {id(n): later(ctx, n, out, lower) for n in nodes if draws(ctx, n) is not None}
    plain = [n for n in nodes if id(n) not in walks]
    atoms = dict(zip(map(id, plain), in_order(ctx, plain, out, "items", lower), strict=True))
    return Drawn(node, found, tuple([
        walks[id(n)] if id(n) in walks else _still(ctx, atoms[id(n)], out, n) for n in nodes]), ctx)


def _still(ctx: Context, atom: Atom, out: list[Stmt], node: Any) -> Atom:
    """The atom, or a copy of a variable, which may be bound again before the loop."""
    if not isinstance(atom, Var) or atom.name in ctx.made:
        return atom
    name = fresh(ctx, atom.name)
    ctx.bases[name] = atom.name
    out.append(Move((name,), (atom,), ctx.loc(node)))
    return Var(name)


def _of_expression(ctx: Context, drawn: Drawn, lower: Lower) -> Block:
    # What lowers generators is lowered by what is imported here.
    from s2sdiff.frontend.comprehensions import loops

    node = drawn.node

    def fill(inner: Context, body: list[Stmt]) -> None:
        value = lower(inner, node.elt, body, "item")
        body.append(Bind((), YIELDS, (value,), (), ctx.loc(node)))

    return loops(ctx, node, drawn.atoms[0], fill, lower)


@dataclass(frozen=True)
class _Elsewhere(Context):
    """A context whose statements stand where a loop over what they give stands."""

    place: Any = None

    def loc(self, node: Any) -> Any:
        return self.place


def _of_function(drawn: Drawn) -> Block:
    from s2sdiff.frontend.statements import block

    ctx, made, loc = drawn.ctx, drawn.made, drawn.ctx.loc(drawn.node)
    body = made.node.body
    own = dict.fromkeys((*made.given, *made.defaults, *sorted(scopes.bound(body))))
    outside = frozenset(n for n in scopes.read(body) if n not in own)
    values = {f: getattr(ctx, f) for f in ctx.__dataclass_fields__} | {
        "place": loc, "delayed": {}, "nested": {}, "lists": set(),
        "weaving": (*ctx.weaving, made.node if made.function is None else made.function.__code__),
    }
    sites, around = tuple(scopes.binding_sites(body)), tuple(scopes.loops(made.node))
    if made.function is None:
        values |= {"local": ctx.local | frozenset(own), "sites": ctx.sites + sites,
                   "loops": ctx.loops + around, "declared": ctx.declared - frozenset(own)}
    else:
        values |= {
            "origin": made.function, "local": frozenset(own), "free": outside, "sites": sites,
            "loops": around, "declared": frozenset(), "captured": frozenset(), "generators": {},
            "shared": frozenset(), "outer": frozenset(), "walrus": False,
            "rebindable": files.file_of(made.function).rebindable,
        }
    inner = _Elsewhere(**values)
    names = {n: fresh(ctx, n, True) for n in own}
    # What is written into this one must not take the names that its variables have until then.
    ctx.taken.update(own)
    start: list[Stmt] = []
    for name, atom in zip(made.given, drawn.atoms, strict=True):
        if isinstance(atom, Drawn):
            inner.delayed[name] = replace(atom, handed=atom.handed + 1)
        else:
            start.append(Move((names[name],), (atom,), loc))
    start += [Move((names[n],), (Const(v),), loc) for n, v in made.defaults.items()]
    lowered = block(inner, body)
    if made.function is not None:
        if made.function.__globals__ is not ctx.origin.__globals__:
            theirs = [n for n in sorted(outside) if n in made.function.__globals__]
            outside -= frozenset(theirs)
            lowered = _imported(ctx, made.function.__module__, theirs, lowered, loc)
        ctx.borrowed.update(outside)
    # What is handed over is named outside, and what is bound to it inside.
    return (*start, *unshielded(rename(lowered, names)))


def _imported(ctx: Context, module: str, theirs: list[str], block: Block, loc: Any) -> Block:
    """Statements of another module, behind an import of what they read there."""
    if not theirs:
        return block
    names = {n: fresh(ctx, n, n not in ctx.free) for n in theirs}
    aliases = [gast.alias(n, names[n]) for n in theirs]
    node = gast.ImportFrom(module, aliases, 0)
    gast.fix_missing_locations(gast.Module([node], []))
    writes = tuple([(n, n) for n in names.values()])
    first = Raw(node, (), writes, "import", loc, False)
    return first, *with_free({Free(n): Var(m) for n, m in names.items()}, block)
