"""Iterators with a name: `iter`, `next`, `zip` and the like, loops, as operations on places."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, For, Free, Function, Ref, Var, While, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import drawing, standins
from s2sdiff.runtime.drawing_lazily import MAKERS
from s2sdiff.transforms import effects
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.varying import may_vary

__all__ = ["opened"]


def opened(function: Function, context: Context) -> Function:
    """With the functions of `runtime.drawing` for iterators that may give active values.

    Only those of which every reader is known: `next`, a loop, what draws all of it at once, or
    another such iterator; and only where nothing simpler does.
    """
    function = _begun(function, context)
    every = list(ir.walk(function.body))
    made = {s.targets[0]: s for s in every if isinstance(s, Bind) and _makes(s)}
    if not made:
        return function
    readers: dict[str, list[ir.Stmt]] = {n: [] for n in made}
    for s in every:
        for n in ir.reads(s):
            if n in readers:
                readers[n].append(s)
    while True:
        unknown = {n for n in made if not all(_known(s, n, made) for s in readers[n])}
        if not unknown:
            break
        made = {n: s for n, s in made.items() if n not in unknown}
    again = {n for s in every if isinstance(s, (For, While)) for block in ir.blocks(s)
             for n in ir.all_reads(block) - ir.all_defs(block)}
    varies = _reached(function, _given(function, context))
    states = {n for n in made if n in again or len(readers[n]) > 1
              or any(_next(s, n) for s in readers[n])}
    names: set[str] = set()
    for group in _groups(made):
        if not varies.isdisjoint(group) and (
                not states.isdisjoint(group) or any(
                    _calls(n, made, readers[n]) or _of_class(made[n], context) for n in group)
                or _backwards(group, made, readers, function, context)):
            names |= group
    return replace(function, body=_block(function.body, names, context)) if names else function


def _makes(s: Bind) -> bool:
    """A call that makes an iterator, of which all is known but what it walks over."""
    found = _maker(s)
    if found is None or len(s.targets) != 1 or len(s.args) <= found[1]:
        return False
    allowed = {"enumerate": {"start"}, "zip_longest": {"fillvalue"}}
    name = getattr(_object(s), "__name__", "")
    if not {k for k, _ in s.kwargs} <= allowed.get(name, set()):
        return False
    return _object(s) is not iter or (len(s.args) == 1 and not isinstance(s.args[0], ir.Star))


def _object(s: Bind) -> Any:
    return s.fn.object if isinstance(s.fn, Ref) else None


def _maker(s: Bind) -> Any:
    try:
        return MAKERS.get(_object(s))
    except TypeError:
        return None


def _sources(s: Bind) -> tuple[ir.Arg, ...]:
    """The arguments that an iterator draws from."""
    _, first, last = MAKERS[_object(s)]
    return s.args[first:last]


def _given(function: Function, context: Context) -> set[str]:
    """What varies, or may hold what does."""
    free = {t for s in ir.walk(function.body) if isinstance(s, Bind) and any(
        isinstance(a, Free) for a in s.args) and context.request.places for t in s.targets}
    return free | may_vary(function, context) | {
        p.name for p in function.params if not context.kinds.get(p.name, ANY).inert}


def _reached(function: Function, varies: set[str]) -> set[str]:
    """What varies, or may hold what does after something was written."""
    varies = set(varies)
    statements = list(ir.walk(function.body))
    while True:
        size = len(varies)
        for s in statements:
            if not varies.isdisjoint(ir.reads(s)):
                varies.update(ir.defines(s))
                if isinstance(s, (Bind, ir.Store)):
                    varies.update(ir.reads(s))
        if len(varies) == size:
            return varies


def _groups(made: dict[str, Bind]) -> list[set[str]]:
    """Iterators with those that they draw from."""
    groups: list[set[str]] = []
    for n, s in made.items():
        mine = {n, *[a.name for a in _sources(s) if isinstance(a, Var) and a.name in made]}
        for g in [g for g in groups if not g.isdisjoint(mine)]:
            groups.remove(g)
            mine |= g
        groups.append(mine)
    return groups


def _calls(name: str, made: dict[str, Bind], readers: list[ir.Stmt]) -> bool:
    """Whether it draws from what calls a function, for which a loop over an index may not do."""
    s = made[name]
    inner = [made[a.name] for a in _sources(s) if isinstance(a, Var) and a.name in made]
    if not any(standins.is_lazy(_object(i)) for i in inner):
        return False
    indexed = _object(s) in (zip, enumerate, map) and any(isinstance(r, For) for r in readers)
    return not indexed or not all(_waits(i, s) for i in inner)


def _of_class(s: Bind, context: Context) -> bool:
    """Whether it draws from an object whose class says in Python how it is walked over."""
    return any(not isinstance(a, ir.Star) and _says(kind_of_atom(a, context), "__iter__")
               for a in _sources(s))


def _says(kind: Kind, name: str) -> bool:
    return kind.type is not None and drawing.in_python(getattr(kind.type, name, None))


def _backwards(group: set[str], made: dict[str, Bind], readers: dict[str, list[ir.Stmt]],
               function: Function, context: Context) -> bool:
    """Whether what may be written in a loop is walked over from an end that is not known."""
    def unknown(a: ir.Arg) -> bool:
        if isinstance(a, ir.Star):
            return True
        kind = kind_of_atom(a, context)
        return not (kind.is_array or kind.type in (tuple, list, range))

    return any(_object(made[n]) is reversed and unknown(made[n].args[0]) for n in group) and any(
        isinstance(s, For) and effects.writes_in(s.body, function.origin, context)
        for n in group for s in readers[n])


def _begun(function: Function, context: Context) -> Function:
    """With an `iter` in front of loops over objects whose class says how they go on."""
    def begun(block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([begun(b) for b in inner]))
            if isinstance(s, For) and _state(s, function, context):
                name = context.names("it_1")
                out.append(Bind((name,), Ref(iter, "iter"), (s.source,), (), s.loc))
                s = replace(s, source=Var(name))
            out.append(s)
        return ir.unless_same(out, block)

    body = begun(function.body)
    return function if body is function.body else replace(function, body=body)


def _state(s: For, function: Function, context: Context) -> bool:
    """Whether a loop walks over an object that its rounds may see or change."""
    kind = kind_of_atom(s.source, context) if isinstance(s.source, Var) else ANY
    return _says(kind, "__iter__") and (
        _says(kind, "__next__") or effects.writes_in(s.body, function.origin, context))


def _waits(inner: Bind, outer: Bind) -> bool:
    """Whether a loop over an index calls what is called in the same rounds as an iterator does."""
    if not standins.is_lazy(_object(inner)):
        return True
    if _object(inner) is not map or len(inner.args) != 2:
        return False
    last = _object(outer) is not zip or outer.args[-1] == Var(inner.targets[0])
    return last or _pure(inner.args[0])


def _pure(function: ir.Arg) -> bool:
    try:
        rule = registry.find(function.object) if isinstance(function, Ref) else None
    except TypeError:
        return False
    return rule is not None and rule.pure


def _next(s: ir.Stmt, name: str) -> bool:
    return isinstance(s, Bind) and s.calls(next) and len(s.args) in drawing.NEXT and \
        s.args[0] == Var(name) and not s.kwargs and Var(name) not in s.args[1:]


def _known(s: ir.Stmt, name: str, made: dict[str, Bind]) -> bool:
    if isinstance(s, For):
        return s.source == Var(name)
    if not isinstance(s, Bind):
        return False
    if len(s.targets) == 1 and made.get(s.targets[0]) is s:
        others = [a for a in s.args if a not in _sources(s)]
        return Var(name) in _sources(s) and not any(
            name in ir.reads(Bind((), s.fn, (a,), (), s.loc)) for a in others) and not any(
            isinstance(a, ir.Star) and a.value == Var(name) for a in _sources(s))
    return _next(s, name) or (_consumes(_object(s)) and s.args == (Var(name),) and not s.kwargs)


def _consumes(fn: object) -> bool:
    try:
        return fn in standins.CONSUMERS
    except TypeError:
        return False


def _block(block: Block, names: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, names, context) for b in inner]))
        drawn = next((n for n in ir.reads(s) if n in names), None)
        if isinstance(s, Bind) and len(s.targets) == 1 and s.targets[0] in names:
            s = replace(s, fn=Ref(MAKERS[_object(s)][0]))
        elif drawn is None:
            pass
        elif isinstance(s, For):
            s = _loop(s, drawn, context)
        elif isinstance(s, Bind) and s.calls(next):
            s = replace(s, fn=Ref(drawing.NEXT[len(s.args)]))
        elif isinstance(s, Bind):
            items = context.names("items_1")
            out.append(Bind((items,), Ref(drawing.rest), s.args, (), s.loc))
            s = replace(s, args=(Var(items),))
        out.append(s)
    return ir.unless_same(out, block)


def _loop(s: For, name: str, context: Context) -> While:
    """Each round draws an item first, which may be none."""
    item, some = context.names("item_1"), context.names("given_1")
    head = (Bind((item,), Ref(drawing.following), (Var(name),), (), s.loc),
            Bind((some,), Ref(drawing.given), (Var(item),), (), s.loc))
    first: list[ir.Stmt] = []
    if isinstance(s.target, str):
        first.append(ir.Move((s.target,), (Var(item),), s.loc))
    else:
        _unpack(s.target, Var(item), first, context, s.loc)
    left = (ir.Exit("break", None, s.loc),)
    body = (*head, ir.If(Var(some), (*first, *s.body), left, s.loc))
    return While((), Const(True), body, (), s.loc)


def _unpack(target: ir.Pattern, item: Var, out: list[ir.Stmt], context: Context,
            loc: ir.Loc) -> None:
    names = tuple([t if isinstance(t, str) else context.names("item_1") for t in target])
    out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
    for name, t in zip(names, target, strict=True):
        if not isinstance(t, str):
            _unpack(t, Var(name), out, context, loc)
