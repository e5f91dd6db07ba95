"""Whether statements write memory, and the classes of what shares it: `context.memory`."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Free, Function, Move, Raw, Ref, Store, Var, With, replace
from s2sdiff.kinds import Kind
from s2sdiff.runtime import cells, suspects
from s2sdiff.transforms import kinds, notes, order
from s2sdiff.transforms.alias import Memory
from s2sdiff.transforms.bound_meanwhile import rebindable
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.effects import returned_by, written_by
from s2sdiff.transforms.implicit import RUNNING
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value

#: By identity of a statement: itself, which keeps it alive, and what it writes.
Effects = dict[int, tuple[ir.Stmt, frozenset]]

__all__ = ["analyse", "writes", "writes_in", "written_anywhere"]


def analyse(function: Function, context: Context) -> Function:
    """Fill `context.memory` if some statement may write memory that backward code knows of."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    def looked_at(function: Function, known: Effects) -> Memory:
        moves = [(t, a) for s in ir.statements(function) if type(s) is Move
                 for t, a in zip(s.targets, s.sources, strict=True)]
        outside: dict[Any, ir.Atom] = {t: a for t, a in moves if type(a) is Free}
        if outside:
            counts = collections.Counter([t for t, _ in moves])
            outside = {t: a for t, a in outside.items() if counts[t] == 1}
            # These are asked for as what they are copies of.
            known = {i: found for i, found in known.items()
                     if outside.keys().isdisjoint(ir.reads(found[0]))}

        def effects(s: Bind) -> frozenset:
            # Several passes ask for each statement, and kinds stay what they are.
            found = known.get(id(s))
            if found is None:
                read: Any = ir.substitute(s, outside) if outside else s
                found = known[id(s)] = s, written_by(
                    read, function.origin, kind, context)
            return found[1]

        return Memory(function, kind, effects, lambda s: returned_by(s, function.origin))

    while True:
        # What is looked at shows classes, by which other calls may write.
        names, known = suspects.state.names, Effects()
        written = [_writes(s, function.origin, kind, context, known)
                   for s in ir.statements(function)]
        context.writes, context.rebound = any(written), notes.bound(function.origin)
        context.replaced = notes.replaced()
        if names == suspects.state.names:
            break
    if context.writes:
        function = replace(function, body=_marked(function.body, known))
    if context.writes or context.request.volatile or context.request.places:
        context.memory = looked_at(function, known)
        if context.request.places or context.memory.written_in("*"):
            captured = _in_cells(function, context)
            classes = {n for n in function.free if isinstance(
                namespace_value(function.origin, n), type)}
            named = replace(function, body=_named(function.body, context, captured, classes))
            if named.body is not function.body:
                function = kinds.infer(named, context)
                context.memory = looked_at(function, {})
    return function


def _marked(block: Block, known: Effects) -> Block:
    """With a note at operators that run a method which writes: nothing is moved over them."""
    def marked(s: ir.Stmt) -> Block | None:
        written = known.get(id(s))
        if written is None or not written[1] or not isinstance(s, Bind) or not order.pure(s):
            return None
        assert isinstance(s.fn, Ref)
        made = replace(s, fn=Ref(s.fn.object, s.fn.spelling, True))
        known[id(made)] = made, written[1]
        return (made,)

    return ir.rewritten(block, marked)


def _in_cells(function: Function, context: Context) -> tuple[str, ...]:
    """The captured names that are read in their cells.

    Where no caller keeps cotangents by place, those that a function beside this one may bind.
    """
    origin: Any = function.origin
    if origin is None:
        return ()
    names = origin.__code__.co_freevars
    return names if context.request.places else tuple([n for n in names if rebindable(origin, n)])


def _named(block: Block, context: Context, captured: tuple[str, ...],
           classes: set[str]) -> Block:
    """What is read from outside, and may be written there, in variables, which have cotangents.

    Those in cells are seen there: a number has no place but its cell.
    """
    out: list[ir.Stmt] = []
    for s in block:
        given = {}
        seen = {} if not captured else {
            a: Var(context.names(a.name)) for a in dict.fromkeys(ir.atoms(s))
            if isinstance(a, Free) and a.name in captured and not kind_of_atom(a, context).inert
            and not isinstance(s, ir.Raw)}
        for a, v in seen.items():
            cell = context.names(f"{a.name}_cell")
            out.append(Bind((cell,), Ref(cells.own_cell), (Const(a.name),), (), s.loc))
            out.append(Bind((v.name,), Ref(cells.seen), (Var(cell), a), (), s.loc))
        if seen:
            s = _seen(s, seen)
        for a in ir.atoms(s) if isinstance(s, (Bind, Store)) else ():
            free = isinstance(a, Free) and not kind_of_atom(a, context).is_fixed
            if free and a not in given and a != getattr(s, "fn", None):
                given[a] = Var(context.names(a.name))
        if isinstance(s, Store) and s.target in given:
            # What is active is refused there under the name; the rest is written over.
            context.written_outside[given[s.target].name] = s.target
        if isinstance(s, ir.For) and isinstance(s.source, Free) and s.source.name not in classes:
            # Its items have cotangents and tangents where they lie; an enumeration has none.
            given[s.source] = Var(context.names(s.source.name))
            s = replace(s, source=given[s.source])
        if given:
            out.append(Move(tuple(v.name for v in given.values()), tuple(given), s.loc))
            s = _with(s, given) if isinstance(s, (Bind, Store)) else s
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_named(b, context, captured, classes) for b in inner))
        out.append(s)
    return ir.unless_same(out, block)


def _seen(s: Any, seen: dict[Any, Var]) -> ir.Stmt:
    """A statement that reads variables where it read from outside."""
    def new(a: Any) -> Any:
        if isinstance(a, ir.Star):
            return ir.Star(new(a.value))
        return seen.get(a, a) if isinstance(a, Free) else a

    match s:
        case Bind():
            return replace(s, fn=new(s.fn), args=tuple(map(new, s.args)),
                           kwargs=tuple((k, new(a)) for k, a in s.kwargs))
        case Store():
            return replace(s, target=new(s.target), key=new(s.key), value=new(s.value))
        case Move():
            return replace(s, sources=tuple(map(new, s.sources)))
        case ir.If() | ir.While():
            return replace(s, test=new(s.test))
        case ir.For():
            return replace(s, source=new(s.source))
        case ir.Exit():
            return replace(s, value=new(s.value), cause=new(s.cause))
    return s


def _with(s: Any, given: dict[Any, Var]) -> ir.Stmt:
    def new(a: Any) -> Any:
        if isinstance(a, ir.Star):
            return ir.Star(new(a.value))
        return given.get(a, a) if isinstance(a, Free) else a

    if isinstance(s, Store):
        return replace(s, target=new(s.target), key=new(s.key), value=new(s.value))
    return replace(s, args=tuple(map(new, s.args)), kwargs=tuple((k, new(a)) for k, a in s.kwargs))


def writes(s: ir.Stmt, origin: Any, context: Context) -> bool:
    """Whether a statement may write memory."""
    return _writes(s, origin, lambda a: kind_of_atom(a, context), context)


def writes_in(block: Block, origin: Any, context: Context,
              but: Callable[[ir.Stmt], bool] = lambda s: False) -> bool:
    """Whether a block may write anything that existed before, other than statements `but` do."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    return any(not but(s) and _writes(s, origin, kind, context) for s in ir.walk(block))


def written_anywhere(block: Block, origin: Any, context: Context) -> bool:
    """Whether a block may write what nobody knows."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    return any((isinstance(s, Raw) and s.memory) or (isinstance(s, (Bind, With, *RUNNING))
               and "*" in written_by(s, origin, kind, context)) for s in ir.walk(block))


def _writes(s: ir.Stmt, origin: Any, kind: Any, context: Context,
            known: Effects | None = None) -> bool:
    """Whether a statement may write; what a call or a `with` writes is noted in `known`."""
    if isinstance(s, (Bind, With, *RUNNING)):
        found = written_by(s, origin, kind, context)
        if known is not None:
            known[id(s)] = s, found
        return bool(found)
    return s.memory if isinstance(s, Raw) else isinstance(s, Store)
