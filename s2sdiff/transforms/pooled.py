"""Objects of one class that lie in lists become places in lists of their attributes.

`bodies = [Body(...), ...]`, where `Body` is a plain class: each object is a number, the place that
its attributes have in `body_x`, `body_vx` and so on, which are lists of plain values.  What is one
object under two names is one number, so that whoever writes by one name is seen by the other.
Methods are written into their calls, as `unboxed` does.  Any use of such an object but reading and
writing attributes, calling methods, asking whether it is another one, and putting it into lists,
dicts and tuples, and the class keeps its objects.
"""

from __future__ import annotations

import operator
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Function, Move, Ref, Store, Var, replace
from s2sdiff.transforms import closures, members, unboxed
from s2sdiff.transforms.assumptions import Assumptions
from s2sdiff.transforms.bodies import class_of, helper_of
from s2sdiff.transforms.context import Context, Guard, Names
from s2sdiff.transforms.objects import Outlived, Seen, Site
from s2sdiff.transforms.pool_nones import before_call, checked
from s2sdiff.transforms.pool_rules import means
from s2sdiff.transforms.pool_shapes import Shapes, strange

__all__ = ["run"]

#: How often methods are written in whose objects are known only then; and how long a function gets.
_ROUNDS, _LIMIT = 8, 600


class _Kept(Exception):
    """Objects of these classes stay objects."""

    def __init__(self, classes: set[type]) -> None:
        self.classes = classes


def run(function: Function, context: Context) -> Function:
    """The function without the objects that can be done without."""
    plain = unboxed.run(function, context)
    kept: set[type] = set()
    while True:
        left = {c for s in ir.statements(plain) if (c := class_of(s, function.origin)) is not None
                and c is not types.SimpleNamespace and type(s) is Bind}
        if not left - kept:
            return plain
        try:
            return _Pools(function, context, left - kept).written()
        except _Kept as found:
            if found.classes <= kept:
                return plain
            kept |= found.classes


class _Pools:
    """One attempt, for objects of some classes."""

    def __init__(self, function: Function, context: Context, classes: set[type]) -> None:
        self.function, self.context, self.classes = function, context, classes
        #: By class, the list that each attribute lies in; the variables that have new objects.
        self.fields: dict[type, dict[str, str]] = {}
        self.made: dict[str, type] = {}
        self.banned: set[Site] = set()
        self.guards: list[Guard] = []
        self.methods: list[Any] = []
        self.assumptions = Assumptions()

    def written(self) -> Function:
        current, shapes = closures.written_in(self.function), None
        for _ in range(_ROUNDS):
            before = current
            current = self.round(current, shapes)
            if current is before:
                break
            if sum(1 for _ in ir.statements(current)) > _LIMIT:
                raise _Kept(self.classes)
            shapes = Shapes(current, self.made, self.fields)
        else:
            raise _Kept(self.classes)
        if not self.fields:
            raise _Kept(self.classes)
        assert shapes is not None
        wrong = shapes.mixed().union(*[shapes.classes(shapes.of(Var(n)))
                                       for _, n in strange(shapes)])
        if wrong:
            raise _Kept(wrong)
        names = Names({*current.names, *ir.all_defs(current.body)})
        body = _Writer(shapes, self).block(checked(current.body, shapes, names))
        loc = self.function.loc
        start = [Bind((name,), Ref(ops.list_), (), (), loc)
                 for lists in self.fields.values() for name in lists.values()]
        for guard in self.guards:
            self.context.guard(guard)
        self.context.rules.update((id(f), (f, None)) for f in self.methods)
        made, unmet = self.assumptions.settled(
            replace(current, body=(*start, *body), names=frozenset(names.taken),
                    bases={**current.bases, **names.bases}), self.context)
        if unmet:
            raise _Kept(self.classes)
        return made

    def round(self, function: Function, shapes: Shapes | None) -> Function:
        """With the methods written in that are known to be called by now."""
        apart: set[str] = set()
        while True:
            made, fields = dict(self.made), {c: dict(f) for c, f in self.fields.items()}
            pooler = _Pooler(function, self, apart, shapes)
            try:
                body = pooler.block(function.body, ())
                pooler.nothing_left(body)
            except Seen as seen:
                if not seen.sites or seen.sites <= self.banned:
                    raise _Kept(self.classes) from None
                self.banned |= seen.sites
            except Outlived as outlived:
                apart.add(outlived.name)
            else:
                if not pooler.objects and not pooler.written:
                    return function
                self.guards += pooler.guards
                self.methods += pooler.methods
                names = function.names | {n for f in self.fields.values() for n in f.values()}
                return replace(function, body=body, names=names,
                               bases={**function.bases, **pooler.names.bases})
            self.made, self.fields = made, fields


class _Pooler(unboxed.Unboxer):
    """Objects that are seen as such get a place, where their class is one of those."""

    def __init__(self, function: Function, pools: _Pools, apart: set[str],
                 shapes: Shapes | None) -> None:
        super().__init__(function, pools.banned, apart)
        self.assumptions = pools.assumptions
        self.pools, self.shapes = pools, shapes

    def construct(self, s: Bind, cls: Any, callers: tuple[Any, ...]) -> Block | None:
        if (s.loc.file, s.loc.line, s.loc.column) not in self.banned:
            return self.built(s, cls, callers)
        return self.boxed(s, cls, callers) if cls in self.pools.classes else None

    def boxed(self, s: Bind, cls: Any, callers: tuple[Any, ...]) -> Block:
        """A new object as the place that its attributes are put at."""
        (name,), fields = s.targets, self.pools.fields.get(cls)
        own = self.names(name)
        self.once.add(own)
        try:
            body = self.built(replace(s, targets=(own,)), cls, callers)
        except Seen as seen:
            if seen.sites <= self.banned:
                raise _Kept({cls}) from None
            raise
        self.complete.add(own)
        held = self.fields[own]
        inner = self.sites_of({v for v in held.values() if v in self.objects})
        if inner:
            raise Seen(inner)
        if fields is None:
            stem = cls.__name__.lower()
            fields = self.pools.fields[cls] = {f: self.names(f"{stem}_{f}") for f in held}
        if not held or held.keys() != fields.keys() or body is None or \
                not self.same.keys().isdisjoint(held.values()):
            raise _Kept({cls})
        place = self.names(f"{name}_place")
        self.pools.made[place] = cls
        first = next(iter(fields.values()))
        self.written += 1
        return (*body, Bind((place,), Ref(len, "len"), (Var(first),), (), s.loc),
                *[Bind((), Ref(ops.method), (Var(fields[f]), Const("append"), Var(held[f])), (),
                       s.loc) for f in fields],
                Move((name,), (Var(place),), s.loc))

    def statement(self, s: ir.Stmt, callers: tuple[Any, ...]) -> Block | None:
        if self.shapes is not None and not callers:
            found = self.known(s) if isinstance(s, Bind) else \
                self.put_by(s) if isinstance(s, Store) else None
            if found is not None:
                return found
        return super().statement(s, callers)

    def put_by(self, s: Store) -> Block | None:
        """What sets an attribute of an object with a place, where its class says how."""
        assert self.shapes is not None
        cls = self.shapes.object_of(s.target) if s.place == "attribute" else None
        name = s.key.value if isinstance(s.key, Const) else ""
        found = None if cls is None else members.member(cls, name)
        if not isinstance(found, property) or s.fn is not setattr or s.value is None or \
                not isinstance(found.fset, types.FunctionType) or self.shapes.of(s.target).none:
            return None
        self.guards.append(Guard(cls, name, (), found))
        self.methods.append(found)
        return self.written_in(Bind((), Ref(found.fset), (s.target, s.value), (), s.loc),
                               found.fset)

    def known(self, s: Bind) -> Block | None:
        """What a call is that concerns objects with places."""
        assert self.shapes is not None
        cls = self.shapes.object_of(s.fn)
        if cls is not None:
            return self.inside(s, cls, "__call__", (s.fn, *s.args))
        first = s.args[0] if s.args else None
        cls = self.shapes.object_of(first)
        if cls is not None and isinstance(s.fn, (Ref, ir.Free)):
            if s.calls(ops.method) and isinstance(s.args[1], Const):
                return self.inside(s, cls, s.args[1].value, (first, *s.args[2:]))
            if s.calls(getattr) and isinstance(s.args[1], Const):
                found = members.member(cls, s.args[1].value)
                return None if not isinstance(found, property) else self.inside(
                    s, cls, s.args[1].value, (first,))
            fn = s.fn.object if isinstance(s.fn, Ref) else None
            name = unboxed.BINARY.get(fn) if fn in unboxed.BINARY else unboxed.UNARY.get(fn)
            if name is not None and fn not in (operator.eq, operator.ne):
                return self.inside(s, cls, name, s.args)
        given = [a for a in (*s.args, *[a for _, a in s.kwargs]) if isinstance(a, Var)]
        if any(self.shapes.classes(self.shapes.of(a)) for a in given):
            fn = helper_of(s, self.function.origin)
            if fn is not None:
                assert isinstance(s.fn, ir.Free)
                self.guards.append(Guard(None, s.fn.name, (), fn))
                return self.written_in(replace(s, fn=Ref(fn)), fn)
        return None

    def inside(self, s: Bind, cls: type, name: str, args: tuple) -> Block:
        """A method's body, for an object with a place; None has no such method."""
        assert self.shapes is not None
        look = () if not self.shapes.of(args[0]).none else before_call(
            s, cls, name, args, self.names)
        if look is None:
            raise _Kept({cls})
        return (*look, *self.body(s, cls, name, args))

    def body(self, s: Bind, cls: type, name: str, args: tuple) -> Block:
        found = members.member(cls, name)
        if isinstance(found, staticmethod):
            self.guards.append(Guard(cls, name, (), found.__func__))
            self.written += 1
            return (replace(s, fn=Ref(found.__func__), args=args[1:]),)
        self.guards.append(Guard(cls, name, (), found))
        if isinstance(found, property):
            self.methods.append(found)
            found = found.fget
        if not isinstance(found, types.FunctionType) or (
                name in unboxed.BINARY.values() and (
                    "NotImplemented" in found.__code__.co_names
                    or members.gives_way(cls, name))):
            raise _Kept({cls})
        return self.written_in(replace(s, fn=Ref(found), args=args), found)

    def written_in(self, s: Bind, fn: types.FunctionType) -> Block:
        assert self.shapes is not None
        given = [a for a in (*s.args, *[a for _, a in s.kwargs]) if isinstance(a, Var)]
        classes = set().union(*[self.shapes.classes(self.shapes.of(a)) for a in given])
        code = fn.__code__
        if (s.loc.file, s.loc.function) == (code.co_filename, code.co_name):
            raise _Kept(classes)  # it calls itself
        try:
            return self.pasted(s, fn, ())
        except Seen as seen:
            if seen.sites <= self.banned:
                raise _Kept(classes) from None
            raise


class _Writer:
    """Reads and writes of attributes as such of items."""

    def __init__(self, shapes: Shapes, pools: _Pools) -> None:
        self.shapes, self.pools = shapes, pools

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            out.append(ir.with_blocks(s, tuple(map(self.block, inner))) if inner
                       else self.statement(s))
        return tuple(out)

    def list_of(self, owner: Any, key: Any) -> Var | None:
        cls = self.shapes.object_of(owner)
        if cls is None:
            return None
        name = self.pools.fields[cls].get(key.value) if isinstance(key, Const) else None
        found = members.member(cls, str(key.value)) if name is not None else None
        if name is None or found is not None:
            raise _Kept({cls})
        return Var(name)

    def statement(self, s: ir.Stmt) -> ir.Stmt:
        if isinstance(s, Store) and s.place == "attribute":
            held = self.list_of(s.target, s.key)
            if held is None:
                return s
            cls = self.shapes.object_of(s.target)
            assert isinstance(s.key, Const)
            if s.value is None or not members.settable(cls, s.key.value):
                assert cls is not None
                raise _Kept({cls})
            fn = operator.setitem if s.fn is setattr else s.fn
            return replace(s, fn=fn, target=held, key=s.target, place="item")
        fn = means(s.fn, self.shapes.function) if isinstance(s, Bind) and s.args else None
        if isinstance(s, Bind) and (fn is getattr or fn is ops.method):
            cls = self.shapes.object_of(s.args[0])
            if cls is not None and (fn is ops.method or len(s.args) != 2 or s.kwargs):
                raise _Kept({cls})
            held = self.list_of(*s.args[:2]) if cls is not None else None
            return s if held is None else replace(
                s, fn=Ref(operator.getitem), args=(held, s.args[0]))
        if isinstance(s, Bind) and (s.calls(operator.is_) or s.calls(operator.is_not)) and \
                all(self.shapes.object_of(a) for a in s.args):
            return replace(s, fn=Ref(operator.eq if s.calls(operator.is_) else operator.ne))
        return s
