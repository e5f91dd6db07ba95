"""What is kept verbatim: expressions as `Opaque`, statements as `Raw`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import gast

from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, Unfit, Verbatim, bind, harmless, outside
from s2sdiff.ir import Opaque, Raw, Ref, Stmt, Var

__all__ = ["later_values", "opaque", "raw", "reads_frame", "reads_frame_inside"]

#: Builtins that look at the running frame, whose names generated code does not keep.
_FRAME = {"dir": 0, "eval": None, "exec": None, "globals": None, "locals": None, "vars": 0}
_NAMES = {
    gast.AsyncFor: "async for", gast.AsyncWith: "async with", gast.ClassDef: "class",
    gast.FunctionDef: "nested function", gast.Import: "import",
    gast.AsyncFunctionDef: "nested async function", gast.ImportFrom: "import",
}


def reads_frame(ctx: Context, node: Any) -> str | None:
    """`"locals()"` where a call looks at the variables of the running function."""
    if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Name)):
        return None
    name = node.func.id
    if name in ctx.local or name not in _FRAME:
        return None
    few = _FRAME[name] is None or not (node.args or node.keywords)
    builtin = getattr(outside(ctx.origin, name), "__module__", None) == "builtins"
    return f"{name}()" if few and builtin else None


def reads_frame_inside(ctx: Context, node: Any) -> str | None:
    """The first such call anywhere in a node."""
    return next(filter(None, (reads_frame(ctx, n) for n in gast.walk(node))), None)


def opaque(ctx: Context, node: Any, out: list[Stmt], target: str,
           made: Collection[str] = ()) -> Var:
    """Bind `target` to an expression that is kept as it is; it may read names `made` for it."""
    walrus = next((n for n in gast.walk(node) if isinstance(n, gast.NamedExpr)), None)
    if walrus is not None and set(scopes.bound(node)):
        raise Verbatim("assignment expression inside another scope")
    frame = reads_frame_inside(ctx, node)
    if frame:
        raise Verbatim(f"expression with {frame}")
    changing = later_values(ctx, node)
    if changing:
        raise Verbatim(f"nested function that sees later values of {', '.join(changing)}")
    params = _unique(n for n in scopes.read(node) if n in ctx.local or n in made)
    _functions_are_kept(ctx, params)
    return bind(ctx, out, target, Ref(Opaque(node, params)), [Var(p) for p in params], node)


def _functions_are_kept(ctx: Context, names: Iterable[str]) -> None:
    """What is kept as it is written calls nested functions that have to be there."""
    for name in names:
        if name in ctx.nested:
            raise Unfit(ctx.nested[name].node)
        if name in ctx.delayed:
            raise Unfit(ctx.delayed[name].written)
        if name in ctx.generators:
            raise Unfit(ctx.generators[name])


def raw(ctx: Context, node: Any, what: str | None = None) -> Raw:
    """A statement that is kept as it is."""
    writes = _unique(name for name, _ in scopes.binding_sites(node) if name in ctx.local)
    reads = [name for name in scopes.read(node) if name in ctx.local]
    if isinstance(node, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)):
        reads = [name for name in reads if name != node.name]
    elif not isinstance(node, (gast.Import, gast.ImportFrom)):
        # Where it does not write on some path, the old value stays.
        reads += [name for name in writes if _bound_elsewhere(ctx, name, node)]
    _functions_are_kept(ctx, reads)
    pairs = tuple([(name, Var(name)) for name in _unique(reads)])
    return Raw(node, pairs, tuple([(name, name) for name in writes]),
               _what(ctx, node, what), ctx.loc(node), _may_write_memory(ctx, node))


def _what(ctx: Context, node: Any, reason: str | None) -> str:
    """The construct, and everything about it that a later pass has to refuse or respect."""
    facts = []
    frame = reads_frame_inside(ctx, node)
    if frame and reason is None:
        facts.append(f"with {frame}")
    jumps = _unique(scopes.escapes(node))
    if jumps:
        facts.append(f"with {' and '.join(jumps)}")
    outer = [name for name, _ in scopes.binding_sites(node) if name in ctx.declared]
    if outer and reason is None:
        facts.append(f"that assigns the outside name {outer[0]}")
    rebound = [name for name in _nonlocal(node) if name in ctx.local]
    if rebound:
        facts.append(f"that rebinds {', '.join(_unique(rebound))}")
    changing = later_values(ctx, node)
    if changing and reason is None:
        facts.append(f"that sees later values of {', '.join(changing)}")
    what = reason or _NAMES.get(type(node), type(node).__name__.lower())
    return f"{what} {', '.join(facts)}" if facts else what


def _nonlocal(node: Any) -> Iterator[str]:
    for n in gast.walk(node):
        if isinstance(n, gast.Nonlocal):
            yield from n.names


def _may_write_memory(ctx: Context, node: Any) -> bool:
    if isinstance(node, (gast.Import, gast.ImportFrom)):
        return False
    if isinstance(node, (gast.FunctionDef, gast.AsyncFunctionDef)):
        defaults = [*node.args.defaults, *[d for d in node.args.kw_defaults if d is not None]]
        return bool(node.decorator_list) or not all(harmless(ctx, d) for d in defaults)
    return True


def later_values(ctx: Context, node: Any) -> tuple[str, ...]:
    """Variables that a function inside `node` captures and that may be bound again after it.

    Such a function sees the new value, so that it is not a function of what it captured.
    """
    found = []
    for inner in _capturing(ctx, node):
        seen = {name for name in scopes.read(inner) if name in ctx.local}
        end = (inner.end_lineno, inner.end_col_offset)
        around = [loop for loop in ctx.loops if _inside(inner, loop)]
        for name, site in ctx.sites:
            if name not in seen or site is inner:
                continue
            after = (site.lineno, site.col_offset) >= end and not _inside(site, inner)
            if after or any(_inside(site, loop) for loop in around):
                found.append(name)
    return _unique(found)


def _capturing(ctx: Context, node: Any, consumed: bool = False) -> Iterator[Any]:
    if isinstance(node, (*scopes.FUNCTIONS, gast.GeneratorExp)) and not consumed:
        yield node
        return
    if isinstance(node, scopes.FUNCTIONS):
        return
    # What a known function is given (sum, sorted, max) it has used up when it returns.
    keeps = {"iter", "zip", "enumerate", "partial", "vectorize", "frompyfunc"}
    used_up = (
        isinstance(node, gast.Call) and isinstance(node.func, (gast.Name, gast.Attribute))
        and harmless(ctx, node)
        and (node.func.attr if isinstance(node.func, gast.Attribute) else node.func.id) not in keeps
    )
    for child in gast.iter_child_nodes(node):
        if isinstance(child, gast.keyword):
            yield from _capturing(ctx, child.value, used_up)
        else:
            yield from _capturing(ctx, child, used_up)


def _inside(node: Any, outer: Any) -> bool:
    start, end = (outer.lineno, outer.col_offset), (outer.end_lineno, outer.end_col_offset)
    return start <= (node.lineno, node.col_offset) < end


def _bound_elsewhere(ctx: Context, name: str, node: Any) -> bool:
    if name in ctx.origin.__code__.co_varnames[: _parameter_count(ctx)]:
        return True
    if any(_inside(node, loop) for loop in ctx.loops):
        return True
    return any(n == name and not _inside(site, node) for n, site in ctx.sites)


def _parameter_count(ctx: Context) -> int:
    code = ctx.origin.__code__
    stars = bool(code.co_flags & 4) + bool(code.co_flags & 8)
    return code.co_argcount + code.co_kwonlyargcount + stars


def _unique(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


