"""From a Python function to IR: scopes settled, one operation per Bind, nothing left out."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.frontend import scopes, source
from s2sdiff.frontend.cells import Unfollowed, settled
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.frontend.consumers import opened
from s2sdiff.frontend.context import Context, Unfit, fresh
from s2sdiff.frontend.definitions import may_stand_elsewhere
from s2sdiff.frontend.delays import assigned_once, lists, nested_generators
from s2sdiff.frontend.expressions import expression
from s2sdiff.frontend.flats import flats
from s2sdiff.frontend.functions import written_outside
from s2sdiff.frontend.lifted import lifted
from s2sdiff.frontend.mangling import mangled
from s2sdiff.frontend.nested import find
from s2sdiff.frontend.statements import block
from s2sdiff.frontend.surveys import surveyed
from s2sdiff.frontend.unbound import Undeletable, after_deletions, released
from s2sdiff.frontend.vectorized import vectorized
from s2sdiff.frontend.weaving import in_a_list
from s2sdiff.ir import (
    Bind,
    Block,
    Exit,
    Function,
    Param,
    Stmt,
    replace,
    walk,
)
from s2sdiff.runtime.marking import LISTED
from s2sdiff.runtime.special_fields import with_defaults

__all__ = ["lower"]


def lower(function: Any, verbatim: bool = False) -> Function:
    """The IR of a Python function.

    What has no case becomes `Opaque` or `Raw`; only functions without source, generators and
    coroutines are refused.  With `verbatim`, nested functions that travel are kept so, too.

    Examples
    --------
    >>> from s2sdiff.frontend import source
    >>> def wave(x, w):
    ...     return abs(x) * w
    >>> for statement in lower(wave).body:
    ...     print(statement)  # doctest: +ELLIPSIS
    Bind(targets=('abs_x',), fn=Free(name='abs'), args=(Var(name='x'),), ...
    Bind(targets=('result_1',), fn=Ref(mul), args=(Var(name='abs_x'), Var(name='w')), ...
    Exit(kind='return', value=Var(name='result_1'), ...
    """
    listing = hasattr(function, LISTED)
    parsed = source.read(function, listing)
    node = mangled(parsed.node, parsed.private, parsed.lines)  # a node of our own, so in place
    stands = {} if verbatim else {**lifted(node, parsed), **vectorized(node, parsed)}
    body = node.body if isinstance(node.body, list) else [node.body]
    text = "".join(parsed.lines.values())
    outside = scopes.declared(body) if "global" in text or "nonlocal" in text else frozenset()
    sites, read, inside = surveyed(body)
    params = scopes.parameters(node.args)
    local = (frozenset([name for name, _ in sites]) | frozenset(params)) - outside
    free = (frozenset(read) - local - stands.keys()) | outside
    free |= {"__class__"} & set(parsed.function.__code__.co_freevars)
    names = frozenset(params) | inside | free
    name, code = parsed.function.__name__, parsed.function.__code__
    ctx = Context(
        file=parsed.file,
        function=name,
        origin=parsed.function,
        local=local,
        free=free,
        declared=outside,
        rebindable=parsed.rebindable,
        sites=sites,
        loops=tuple(scopes.loops(node)),
        lines=parsed.lines,
        walrus=":=" in text,
        taken=set(names),
        captured=frozenset(n for c in (code, *nested_codes(code)) for n in c.co_cellvars),
        shared=_bound_inside(body) if "nonlocal" in text else frozenset(),
        outer=scopes.declared(body, gast.Nonlocal) if "nonlocal" in text else frozenset(),
        verbatim=verbatim,
        flats=flats(body) if ".flat" in text else {},
        weaving=(function.__code__,) if listing else (),
        stands=stands,
    )
    lowered = _lowered(ctx, node, body, names)
    if listing:
        lowered = in_a_list(ctx, lowered, ctx.loc(node))
    free |= ctx.borrowed
    if any(isinstance(s, Bind) and s.calls(globals) for s in walk(lowered)):
        free |= {"globals"}  # which are another function's where this one is written into it
    return Function(
        name=name,
        params=_params(node.args, with_defaults(parsed.function)),
        body=lowered,
        loc=ctx.loc(node),
        origin=parsed.function,
        names=names | ctx.borrowed,
        free=free,
        lines=parsed.lines,
        bases=ctx.bases,
        entered=frozenset(ctx.entered),
        hinted=frozenset(ctx.hinted),
    )


def _bound_inside(body: list[Any]) -> frozenset[str]:
    """Variables that nested functions bind."""
    inside = [n for s in body for n in gast.walk(s) if isinstance(n, scopes.FUNCTIONS)]
    return frozenset().union(*map(written_outside, inside))


def _lowered(ctx: Context, node: Any, body: list[Any], names: frozenset[str]) -> Block:
    """The body; again without what turns out not to go."""
    while True:
        try:
            return _attempt(ctx, node, body)
        except Unfit as found:
            again = found.args[0] in ctx.kept
            ctx.kept.add(found.args[0])
        except Unfollowed:
            again = ctx.verbatim
            ctx = replace(ctx, verbatim=True)
        except Undeletable:
            again = not ctx.deletes
            ctx = replace(ctx, deletes=False)
        if again:
            raise refusal(
                UnsupportedError, f"{ctx.function} has functions or generators in it that cannot "
                "be followed", "write them down as loops", ctx.loc(node))
        for used in (ctx.nested, ctx.taken, ctx.made, ctx.own, ctx.bases, ctx.generators,
                     ctx.delayed, ctx.delayable, ctx.borrowed):
            used.clear()
        ctx.taken.update(names)


def _attempt(ctx: Context, node: Any, body: list[Any]) -> Block:
    ctx.nested.update(find(body, ctx.local, ctx.declared, lambda n: may_stand_elsewhere(ctx, n),
                           lambda nodes: opened(ctx, nodes)))
    ctx.generators.update(nested_generators(ctx, body))
    ctx.lists.update(lists(ctx, body))
    ctx.delayable.update(assigned_once(ctx, body))
    lowered = _body(ctx, node, body)
    made = released(lowered, ctx.captured)
    unbinds = made is not lowered or any("del" in line for line in ctx.lines.values())
    if next(nested_codes(ctx.origin.__code__), None) is not None:
        params = scopes.parameters(node.args)
        made = settled(made, params, lambda n: fresh(ctx, n, n.endswith("_cell")), ctx.loc(node))
    return after_deletions(made) if unbinds else made


def _body(ctx: Context, node: Any, body: list[Any]) -> Block:
    if isinstance(node.body, list):
        return block(ctx, body)
    out: list[Stmt] = []
    value = expression(ctx, node.body, out, "result")
    return (*out, Exit("return", value, ctx.loc(node.body)))


def _params(arguments: Any, defaults: tuple[str, ...]) -> tuple[Param, ...]:
    """The parameters; which have defaults, the function says, where somebody may set them."""
    found = [Param(a.id, kind, a.id in defaults) for kind, several in (
        ("posonly", arguments.posonlyargs), ("plain", arguments.args)) for a in several]
    if arguments.vararg:
        found.append(Param(arguments.vararg.id, "star"))
    found += [Param(a.id, "kwonly", a.id in defaults) for a in arguments.kwonlyargs]
    if arguments.kwarg:
        found.append(Param(arguments.kwarg.id, "starstar"))
    return tuple(found)
