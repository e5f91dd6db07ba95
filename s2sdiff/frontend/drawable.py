"""Which generator functions can be written down where they are drawn from."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context
from s2sdiff.frontend.looping import loops_well, may_end_early

__all__ = ["fits", "once", "writable"]


def once(body: list[Any], name: str) -> bool:
    """A parameter is read in one place, which is what a loop that runs once draws from."""
    nodes = [n for s in body for n in gast.walk(s)]
    reads = sum(isinstance(n, gast.Name) and n.id == name for n in nodes)
    return reads == 1 and _drawn_once(body, name)


def _drawn_once(body: list[Any], name: str) -> bool:
    for s in body:
        source = _source(s)
        if isinstance(source, gast.Name) and source.id == name:
            return True
        if isinstance(s, gast.If) and (_drawn_once(s.body, name) or _drawn_once(s.orelse, name)):
            return True
    return False


def _source(statement: Any) -> Any:
    """What a statement draws from as a loop does; None where it is no such statement."""
    if isinstance(statement, gast.For):
        return statement.iter
    if isinstance(statement, gast.Expr) and isinstance(statement.value, gast.YieldFrom):
        return statement.value.value
    return None


_UNFIT = (*scopes.FUNCTIONS, gast.ClassDef, gast.Global, gast.Nonlocal, gast.NamedExpr, gast.Try,
          gast.With, gast.Await, gast.Import, gast.ImportFrom, gast.Delete)


def fits(ctx: Context, function: Any, node: Any) -> bool:
    """Whether the body of a generator function can be written where it is drawn from."""
    if not writable(node):
        return False
    own = scopes.bound(node.body) | set(scopes.parameters(node.args))
    outside = frozenset(n for n in scopes.read(node.body) if n not in own)
    hidden = ctx.local | set(ctx.origin.__code__.co_freevars)
    foreign = function.__globals__ is not ctx.origin.__globals__
    own_module = sys.modules.get(function.__module__)
    if foreign and any(n in function.__globals__ for n in outside) and \
            getattr(own_module, "__dict__", None) is not function.__globals__:
        return False
    if foreign:
        # Names of its module are imported under other names.
        outside = frozenset(n for n in outside if n not in function.__globals__)
    return not (outside & hidden) and not (foreign and any(
        not hasattr(builtins, n) or n in ctx.origin.__globals__ for n in outside))


def writable(node: Any) -> bool:
    """Whether there is nothing in a generator function that only a function can do."""
    nodes = [n for s in node.body for n in gast.walk(s)]
    statements = {id(n.value) for n in nodes if isinstance(n, gast.Expr)}
    for n in nodes:
        if isinstance(n, _UNFIT) or (isinstance(n, gast.Return) and n.value is not None):
            return False
        if isinstance(n, (gast.Yield, gast.YieldFrom)) and id(n) not in statements:
            return False
        if isinstance(n, scopes.COMPREHENSIONS) and not loops_well(n):
            return False
    return not node.decorator_list and not may_end_early(node) and \
        _FRAMES.isdisjoint(scopes.read(node.body))


#: Builtins that look at the running frame.
_FRAMES = {"locals", "globals", "vars", "eval", "exec", "dir", "super", "__class__"}
