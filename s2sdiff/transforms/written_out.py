"""Loops over known lists, tuples and dicts of objects or functions, written out item by item.

`for layer in self.layers: x = layer(x)` calls something else in each round.  As a loop, nothing is
known of what is called; item by item each is a known function.  So is `for W, b in layers`, as each
item is of another kind, and has its cotangent in a place.  Loops over numbers stay loops.
Where a call has a star before a known list, its items are written in the place of it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Atom,
    Bind,
    Block,
    Const,
    Exit,
    For,
    Function,
    Move,
    Raw,
    Ref,
    Star,
    Var,
    replace,
)
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import of_classes, staying
from s2sdiff.transforms.context import Context

__all__ = ["Writer", "holds_code", "holds_parts", "in_rounds", "rounds_of",
           "shows_code"]

#: So many statements a loop may become, before helpers are written into it.
_LIMIT = 200


def in_rounds(function: Function, context: Context) -> Function:
    """The function with such loops and stars written out; itself where there are none."""
    writer = Writer(function, context)
    body = writer.block(function.body)
    if body is function.body:
        return function
    read = {n for s in ir.walk(body) for n in ir.reads(s)}

    def unread(s: ir.Stmt) -> list[ir.Stmt] | None:
        """Slices of lists that only a loop walked over."""
        return [] if isinstance(s, Bind) and s.calls(operator.getitem) and \
            writer.walked.issuperset(s.targets) and read.isdisjoint(s.targets) else None

    return replace(function, body=ir.rewritten(body, unread) if writer.walked else body)


def holds_code(kind: Kind) -> bool:
    """An object whose class is known, a known function, or a tuple that has one."""
    return of_classes.is_object(kind) or (callable(kind.value) and kind.field is None) or (
        kind.type in (tuple, list, dict) and any(map(holds_code, kind.items or ())))


def shows_code(function: Function) -> bool:
    """Whether there is a display of functions in it."""
    return not _DISPLAYS.isdisjoint(ir.called(function)) and any(
        isinstance(s, Bind) and isinstance(s.fn, Ref) and id(s.fn.object) in _DISPLAYS and any(
            isinstance(a, Ref) and callable(a.object) for a in s.args)
        for s in ir.statements(function))


_DISPLAYS = frozenset(map(id, (ops.tuple_, ops.list_, ops.dict_)))


def holds_parts(kind: Kind) -> bool:
    """A container of objects, or of containers of arrays: what is in it has a place of its own."""
    return holds_code(kind) or (kind.type in _CONTAINERS and any(
        k.type in _CONTAINERS and any(map(_has_array, k.items or ())) for k in kind.items or ()))


_CONTAINERS = (tuple, list, dict)


def _has_array(kind: Kind) -> bool:
    return (kind.is_array and kind.field != "int") or (
        kind.type in _CONTAINERS and any(map(_has_array, kind.items or ())))


def _some_parts(kinds: Iterable[Kind]) -> bool:
    return any(map(holds_parts, kinds))


def rounds_of(source: Atom, made: dict[str, Bind], kind_of: Callable[[Any], Kind],
              wanted: Callable[[Iterable[Kind]], bool]) -> list[Any] | None:
    """For each round what is drawn: an atom, an owner and a key, or a list of such.

    None where that is not known, or the kinds of what is looped over are not `wanted`.
    """
    kind, call = kind_of(source), made.get(getattr(source, "name", ""))
    if call is not None and call.calls(operator.getitem):
        # A slice that is written down, as in `layers[:-1]`: its items lie in the whole.
        owner, key = ir.plain_args(call)
        whole, at = kind_of(owner), _literal(key, made)
        if at is not None and whole.type in (list, tuple) and whole.items is not None:
            return [(owner, i) for i in range(len(whole.items))[at]] if wanted([whole]) else None
    if kind.type in (list, tuple) and kind.items is not None:
        return [(source, i) for i in range(len(kind.items))] if wanted([kind]) else None
    if kind.type is dict and type(kind.value) is tuple:
        return list(map(Const, kind.value)) if wanted([kind]) else None
    if call is None or call.kwargs or any(isinstance(a, Star) for a in call.args):
        return None
    if call.calls(ops.method) and len(call.args) == 2:
        owner, name = call.args
        known = kind_of(owner)
        if known.type is not dict or type(known.value) is not tuple or not wanted([known]) or \
                not isinstance(name, Const):
            return None
        ways = {"items": lambda k: [Const(k), (owner, k)], "values": lambda k: (owner, k),
                "keys": Const}
        return [ways[name.value](k) for k in known.value] if name.value in ways else None
    if call.calls(reversed) or (call.calls(enumerate) and len(call.args) == 1):
        found = rounds_of(ir.plain_args(call)[0], made, kind_of, wanted)
        if found is None or call.calls(reversed):
            return found and found[::-1]
        return [[Const(i), drawn] for i, drawn in enumerate(found)]
    if call.calls(zip) and call.args:
        kinds = [kind_of(a) for a in call.args]
        known = all(k.type in (list, tuple) and k.items is not None for k in kinds)
        if not known or not wanted(kinds):
            return None
        count = min(len(k.items or ()) for k in kinds)
        return [[(a, i) for a in call.args] for i in range(count)]
    return None


def _literal(key: Any, made: dict[str, Bind]) -> slice | None:
    """The slice that an index is, if it is written down."""
    if isinstance(key, Const):
        return key.value if isinstance(key.value, slice) else None
    call = made.get(getattr(key, "name", ""))
    if call is None or not call.calls(slice) or not all(isinstance(a, Const) for a in call.args):
        return None
    return slice(*[a.value for a in call.args if isinstance(a, Const)])


class Writer:
    """Writes the loops of a function out, round by round."""

    def __init__(self, function: Function, context: Context) -> None:
        self.function, self.context = function, context
        self.made = {s.targets[0]: s for s in ir.statements(function)
                     if isinstance(s, Bind) and len(s.targets) == 1}
        #: The variables that such loops walk over.
        self.walked: set[str] = set()
        #: What the variables that a loop carried have after it.
        self.last: dict[str, Atom] = {}

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            if self.last:
                (s,) = _substituted((s,), self.last)
            if isinstance(s, For):
                out += self.loop(s)
            elif isinstance(s, Bind):
                out += self.starred(s)
            else:
                inner = ir.blocks(s)
                new = tuple(map(self.block, inner))
                same = all(map(operator.is_, new, inner))
                out.append(s if same else ir.with_blocks(s, new))
        return ir.unless_same(out, block)

    # -------------------------------------------------------------------------------- stars

    def starred(self, s: Bind) -> Block:
        """A call of a known function, with the items of a known list where it had a star."""
        if not any(isinstance(a, Star) for a in s.args) or not isinstance(s.fn, Ref) or not \
                has_source(s.fn.object):
            return (s,)
        before: list[ir.Stmt] = []
        args: list[ir.Arg] = []
        for a in s.args:
            kind = self.kind(a.value) if isinstance(a, Star) else ANY
            if not isinstance(a, Star):
                args.append(a)
            elif kind.type in (list, tuple) and kind.items is not None:
                for i in range(len(kind.items)):
                    item = self.context.names(getattr(a.value, "name", "item"))
                    before.append(Bind((item,), Ref(operator.getitem), (a.value, Const(i)), (),
                                       s.loc))
                    args.append(Var(item))
            else:
                return (s,)
        return (*before, replace(s, args=tuple(args)))

    def kind(self, a: Any) -> Kind:
        return self.context.kinds.get(a.name, ANY) if isinstance(a, Var) else ANY

    # -------------------------------------------------------------------------------- loops

    def loop(self, s: For) -> Block:
        inner = self.block(s.body)
        s = s if inner is s.body else replace(s, body=inner)
        rounds = rounds_of(s.source, self.made, self.kind, _some_parts)
        made = None if rounds is None else self.in_rounds(s, rounds)
        if made is not None and isinstance(s.source, Var):
            self.walked.add(s.source.name)
        return (s,) if made is None else made

    def in_rounds(self, s: For, rounds: list[Any]) -> Block | None:
        """A loop's rounds one after the other; None where it has to stay a loop."""
        last = s.body[-1] if s.body else None
        carried = last.targets if isinstance(last, Move) else ()
        own = ir.all_defs(s.body).union(ir.pattern_names(s.target)) - set(carried)
        if not self.fits(s, len(rounds), own, carried):
            return None
        body = s.body[:-1] if carried else s.body
        now: dict[str, Atom] = {h: Var(h) for h in carried}
        out: list[ir.Stmt] = []
        for values in rounds:
            names = {n: self.context.names(self.context.names.bases.get(n, n)) for n in
                     sorted(own)}
            env = dict(now)
            if not self.bind(s.target, values, names, env, s, out):
                return None
            out += _substituted(ir.rename(body, names), env)
            if carried:
                assert isinstance(last, Move)
                now = {h: _value(a, names, env) for h, a in zip(carried, last.sources)}
        self.last.update({h: a for h, a in now.items() if a != Var(h)})
        return tuple(out)

    def fits(self, s: For, count: int, own: set[str], carried: tuple[str, ...]) -> bool:
        """Nothing leaves the loop, or reads what only a round has, and it does not get long."""
        inside = list(ir.walk(s.body))
        if s.orelse or count * len(inside) > _LIMIT or any(
                isinstance(t, (Exit, Raw, ir.Def, ir.Try, ir.With)) or (
                    isinstance(t, Move) and UNDEFINED in t.sources) for t in inside):
            return False
        mine = {id(t) for t in inside}
        outside = {n for t in ir.walk(self.function.body) if id(t) not in mine
                   for n in ir.reads(t)}
        return own.isdisjoint(outside) and not set(carried) & set(ir.pattern_names(s.target))

    def bind(self, target: ir.Pattern, drawn: Any, names: dict[str, str], env: dict[str, Atom],
             s: For, out: list[ir.Stmt]) -> bool:
        """Give a loop's targets what a round draws."""
        if isinstance(target, str):
            if isinstance(drawn, list):
                return False
            name = names.pop(target)
            if isinstance(drawn, Const):
                env[target] = drawn
            else:
                owner, key = drawn
                out.append(Bind((name,), Ref(operator.getitem), (owner, Const(key)), (), s.loc))
                env[target] = Var(name)
            return True
        if isinstance(drawn, tuple):
            drawn = self.parts_drawn(drawn, len(target), s, out)
        return isinstance(drawn, list) and len(drawn) == len(target) and all(
            self.bind(t, d, names, env, s, out) for t, d in zip(target, drawn))

    def parts_drawn(self, drawn: tuple[Atom, Any], count: int, s: For,
                    out: list[ir.Stmt]) -> Any:
        """What a round draws, item by item, where it is known to have so many."""
        owner, key = drawn
        known = self.context.kinds.get(owner.name, ANY) if isinstance(owner, Var) else ANY
        kind = staying.part_of(known, key)
        if kind.type not in (list, tuple) or kind.items is None or len(kind.items) != count:
            return None
        item = self.context.names(getattr(owner, "name", "item"))
        out.append(Bind((item,), Ref(operator.getitem), (owner, Const(key)), (), s.loc))
        self.context.kinds[item] = kind
        return [(Var(item), i) for i in range(count)]


def _value(a: Atom, names: dict[str, str], env: dict[str, Atom]) -> Atom:
    if not isinstance(a, Var):
        return a
    return Var(names[a.name]) if a.name in names else env.get(a.name, a)


def _substituted(block: Block, env: dict[str, Atom]) -> Block:
    """A block with variables read as others, in inner blocks, too."""
    def inside(s: ir.Stmt) -> Iterator[Block]:
        for b in ir.blocks(s):
            yield _substituted(b, env)

    out: list[ir.Stmt] = []
    for s in block:
        new = ir.substitute(s, env)
        blocks = tuple(inside(new))
        same = all(map(operator.is_, blocks, ir.blocks(new)))
        out.append(new if same else ir.with_blocks(new, blocks))
    return ir.unless_same(out, block)
