"""Which iterators have a state that is seen, so that no loop over an index does what they do."""

from __future__ import annotations

from s2sdiff import ir, registry
from s2sdiff.ir import Bind, For, Free, Function, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import drawing, standins, suspects
from s2sdiff.runtime.walks import View, Walk
from s2sdiff.transforms import writing
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.drawn_readers import meant, sources, starred
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.varying import Ways, closed, may_vary

__all__ = ["YIELDING", "ahead", "beside_itself", "calls", "given", "leading_out", "may_go_along",
           "of_class", "only_looked_at", "reached", "says", "unknown"]


def calls(name: str, made: dict[str, Bind], readers: list[ir.Stmt]) -> bool:
    """Whether it draws from what calls a function, for which a loop over an index may not do."""
    s = made[name]
    inner = [made[a.name] for a in sources(s) if isinstance(a, Var) and a.name in made]
    if standins.is_lazy(meant(s)) and any(starred(r, name) for r in readers):
        return True
    if not any(standins.is_lazy(meant(i)) for i in inner):
        return False
    indexed = meant(s) in (zip, enumerate, map) and any(isinstance(r, For) for r in readers)
    return not indexed or not all(_waits(i, s) for i in inner)


def _waits(inner: Bind, outer: Bind) -> bool:
    """Whether a loop over an index calls what is called in the same rounds as an iterator does."""
    if not standins.is_lazy(meant(inner)):
        return True
    if meant(inner) is not map or len(inner.args) != 2:
        return False
    last = meant(outer) is not zip or outer.args[-1] == Var(inner.targets[0])
    return last or _pure(inner.args[0])


def _pure(function: ir.Arg) -> bool:
    try:
        rule = registry.find(function.object) if isinstance(function, Ref) else None
    except TypeError:
        return False
    return rule is not None and rule.pure


def of_class(s: Bind, context: Context) -> bool:
    """Whether it draws from an object whose class says in Python how it is walked over."""
    if meant(s) is reversed:
        return any(says(kind_of_atom(a, context), n) for a in s.args if not isinstance(a, ir.Star)
                   for n in ("__reversed__", "__getitem__"))
    return any(not isinstance(a, ir.Star) and (
        says(kind_of_atom(a, context), "__iter__") or getattr(a, "name", None)
        in context.generators) for a in sources(s))


def may_go_along(made: Bind, readers: list[ir.Stmt], context: Context) -> bool:
    """Whether a loop draws from what may be walked over by a generator, which goes on with it."""
    return suspects.any_of(YIELDING) and any(
        isinstance(a, Var) and unknown(kind_of_atom(a, context)) for a in sources(made)) and any(
        isinstance(r, For) for r in readers)


YIELDING = frozenset({suspects.yielding("__iter__")})


def unknown(kind: Kind) -> bool:
    """Whether it may be an object of a class of the user's."""
    return kind.type is None and not kind.is_number and not kind.is_array


def beside_itself(s: Bind, context: Context) -> bool:
    """Whether it draws twice from one thing of which nothing is known."""
    found = [a for a in sources(s) if isinstance(a, Var) and kind_of_atom(a, context).type is None]
    return len(set(found)) < len(found)


def says(kind: Kind, name: str) -> bool:
    """Whether the class of a value has a method in Python, and no rule."""
    return kind.type not in (None, Walk, View) and drawing.in_python(
        getattr(kind.type, name, None)) and registry.find(kind.type) is None


def ahead(group: set[str], made: dict[str, Bind], readers: dict[str, list[ir.Stmt]],
          function: Function, context: Context) -> bool:
    """Whether something may be written, or is called, in a loop over what cannot be read at an
    index then."""
    later = any(standins.is_lazy(meant(made[n])) for n in group)
    return any(not _indexed(made[n], context) for n in group) and any(
        isinstance(s, For) and (later or writing.writes_in(s.body, function.origin, context))
        for n in group for s in readers[n])


def _indexed(s: Bind, context: Context) -> bool:
    if meant(s) is reversed and not isinstance(s.args[0], ir.Star):
        kind = kind_of_atom(s.args[0], context)
        return kind.is_array or kind.type in (tuple, list, range)
    return meant(s) in (iter, zip, enumerate, map) and not any(
        isinstance(a, ir.Star) for a in s.args)


def given(function: Function, context: Context) -> set[str]:
    """What varies, or may hold what does."""
    free = {t for s in ir.statements(function) if isinstance(s, Bind) and any(
        isinstance(a, Free) for a in s.args) and context.request.places for t in s.targets}
    return free | may_vary(function, context) | {
        p.name for p in function.params if not context.kinds.get(p.name, ANY).inert}


def reached(function: Function, varies: set[str], readers: dict[str, list[ir.Stmt]]) -> set[str]:
    """What varies, or may hold what does after something was written.

    Where a call may write an item, the iterator that gave it holds what was written.
    """
    ways: Ways = [
        (ir.reads(s), (*ir.defines(s), *(ir.reads(s) if isinstance(s, (Bind, ir.Store)) else ())))
        for s in ir.statements(function)]
    ways += [(ir.defines(s), (n,)) for n, found in readers.items() for s in found]
    return closed(set(varies), ways)


def leading_out(function: Function) -> set[str]:
    """What the result, or who called, may depend on: all that is read for it or written to it."""
    ways: Ways = [
        ((*ir.defines(s), *(ir.reads(s) if isinstance(s, (Bind, ir.Store)) else ())), ir.reads(s))
        for s in ir.statements(function)]
    returned = {n for s in ir.statements(function) if isinstance(s, ir.Exit) for n in ir.reads(s)}
    return closed(returned | {p.name for p in function.params}, ways)


def only_looked_at(reader: ir.Stmt, matters: set[str], function: Function,
                   context: Context) -> bool:
    """Whether a loop gives items that do not matter, and are not written."""
    if not isinstance(reader, For) or not matters.isdisjoint(ir.defines(reader)):
        return False
    every = list(ir.statements(function))
    parts = closed(set(ir.defines(reader)), [(ir.reads(s), ir.defines(s)) for s in every])
    return not writing.writes_in(
        tuple([s for s in every if not ir.blocks(s) and not parts.isdisjoint(ir.reads(s))]),
        function.origin, context)
