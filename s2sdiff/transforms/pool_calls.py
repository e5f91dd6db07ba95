"""What becomes of the calls that concern objects with places, and of the calls that make them.

Methods, operators, properties and helpers are written in.  Where an object may be of several
classes which do not share the method, branches ask for the name of its class.
"""

from __future__ import annotations

import operator
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Function, Move, Ref, Store, Var, replace
from s2sdiff.transforms import members, unboxed
from s2sdiff.transforms.bodies import helper_of
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.objects import Seen
from s2sdiff.transforms.pool_families import Kept, in_order
from s2sdiff.transforms.pool_nones import before_call
from s2sdiff.transforms.pool_statements import Shapes

__all__ = ["Pooler"]


class Pooler(unboxed.Unboxer):
    """Objects that are seen as such get a place, where their class is one of those."""

    def __init__(self, function: Function, pools: Any, apart: set[str],
                 shapes: Shapes | None) -> None:
        super().__init__(function, pools.banned, apart)
        self.assumptions = pools.assumptions
        self.pools, self.shapes = pools, shapes
        #: By what `super()` gave: the class in which it stands, and the object.
        self.bases: dict[str, tuple[type, Var]] = {}
        #: By a test: the object whose class it asks for, its classes if it holds, and if not.
        self.narrowed: dict[str, tuple[Var, set[type], set[type]]] = {}

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
                raise Kept({cls}) from None
            raise
        self.complete.add(own)
        held = self.fields[own]
        inner = self.sites_of({v for v in held.values() if v in self.objects})
        if inner:
            raise Seen(inner)
        family = self.pools.families.get(cls)
        if fields is None:
            stem = cls.__name__.lower()
            shared = {} if family is None else family.named(self.names)
            fields = self.pools.fields[cls] = {
                f: shared[f] if f in shared else self.names(f"{stem}_{f}") for f in held}
        if not held or held.keys() != fields.keys() or body is None or \
                not self.same.keys().isdisjoint(held.values()):
            raise Kept({cls})
        place = self.names(f"{name}_place")
        self.pools.made[place] = cls
        first = next(iter(fields.values())) if family is None else family.lists[0]
        self.written += 1
        kept = () if family is None else family.kept(cls, fields, self.names, s.loc)
        return (*body, Bind((place,), Ref(len, "len"), (Var(first),), (), s.loc), *kept,
                *[Bind((), Ref(ops.method), (Var(fields[f]), Const("append"), Var(held[f])), (),
                       s.loc) for f in fields],
                Move((name,), (Var(place),), s.loc))

    def settled(self, s: ir.Stmt) -> ir.Stmt | Block:
        if isinstance(s, ir.If) and isinstance(s.test, Var) and s.test.name in self.narrowed:
            owner, found, others = self.narrowed.pop(s.test.name)
            s = replace(s, then=self.within(s.then, owner, found, s.loc),
                        orelse=self.within(s.orelse, owner, others, s.loc))
        return super().settled(s)

    def tested(self, s: Bind, owner: str | None) -> ir.Stmt | Block:
        # What it may be, if it is none of the objects that are made now, shapes will say.
        unknown = owner is None and (self.shapes is None or self.shapes.of(s.args[0]).objects)
        return s if unknown else super().tested(s, owner)

    def within(self, block: Block, owner: Var, classes: set[type], loc: ir.Loc) -> Block:
        """A block in which an object is known to be of one of these classes."""
        if owner.name in ir.all_defs(block) or owner.name not in ir.all_reads(block):
            return block
        own = self.names(owner.name)
        self.once.add(own)
        return (Bind((own,), Ref(ops.narrowed), (owner, *map(Ref, in_order(classes))), (), loc),
                *ir.substituted(block, {owner.name: Var(own)}))

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
        classes = self.shapes.of(s.target).objects if s.place == "attribute" else set()
        name = s.key.value if isinstance(s.key, Const) else ""
        ways = {id(found): found for c in classes
                if (found := members.member(c, name)) is not None}
        found = ways.popitem()[1] if len(ways) == 1 else None
        if not isinstance(found, property) or s.fn is not setattr or s.value is None or \
                not isinstance(found.fset, types.FunctionType) or self.shapes.of(s.target).none:
            return None
        self.guards += [Guard(c, name, (), found) for c in classes]
        self.methods.append(found)
        return self.written_in(Bind((), Ref(found.fset), (s.target, s.value), (), s.loc),
                               found.fset)

    def known(self, s: Bind) -> Block | None:
        """What a call is that concerns objects with places."""
        assert self.shapes is not None
        owner = s.fn if self.shapes.of(s.fn).objects else s.args[0] if s.args else None
        classes = self.shapes.of(owner).objects
        if classes:
            found = self.asked_of(s, owner, classes) or self.called_on(s, owner, classes)
            if found is not None:
                return found
        given = [a for a in (*s.args, *[a for _, a in s.kwargs]) if isinstance(a, Var)]
        if given and given[0].name in self.bases:
            return self.on_base(s, *self.bases[given[0].name])
        if any(self.shapes.classes(self.shapes.of(a)) for a in given):
            if s.calls(super):
                return self.base(s)
            fn = helper_of(s, self.function.origin)
            if fn is not None:
                if isinstance(s.fn, ir.Free):
                    self.guards.append(Guard(None, s.fn.name, (), fn))
                return self.written_in(replace(s, fn=Ref(fn)), fn)
        return None

    def called_on(self, s: Bind, owner: Any, classes: set[type]) -> Block | None:
        """A call of a method, an operator, or a property that is read."""
        if owner is s.fn:
            return self.inside(s, classes, "__call__", (s.fn, *s.args))
        if not isinstance(s.fn, (Ref, ir.Free)):
            return None
        name = s.args[1].value if len(s.args) > 1 and isinstance(s.args[1], Const) else None
        if s.calls(ops.method) and name is not None:
            if any(isinstance(members.member(c, name), property) for c in classes):
                # What the property gives is called.
                held = self.names(name)
                self.once.add(held)
                read = Bind((held,), Ref(getattr), s.args[:2], (), s.loc)
                return (*self.inside(read, classes, name, (owner,)),
                        replace(s, fn=Var(held), args=s.args[2:]))
            return self.inside(s, classes, name, (owner, *s.args[2:]))
        if s.calls(getattr) and name is not None:
            return self.inside(s, classes, name, (owner,)) if any(
                isinstance(members.member(c, name), property) for c in classes) else None
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        name = unboxed.BINARY.get(fn) if fn in unboxed.BINARY else unboxed.UNARY.get(fn)
        if name is None or fn in (operator.eq, operator.ne):
            return None
        return self.inside(s, classes, name, s.args)

    def asked_of(self, s: Bind, owner: Any, classes: set[type]) -> Block | None:
        """`isinstance(o, C)`"""
        fn = s.fn.object if isinstance(s.fn, Ref) else getattr(s.fn, "name", None)
        if fn not in (isinstance, "isinstance") or len(s.args) != 2 or self.shapes is None or \
                self.shapes.of(owner).none or (isinstance(s.fn, ir.Free) and namespace_value(
                    self.function.origin, "isinstance") is not isinstance):
            return None
        asked = self.meant(s.args[1])
        if type(asked) is not type:
            return None
        if self.shapes.of(owner).other:
            raise Kept(classes)  # it may be what was given, of which the test asks
        found = {c for c in classes if issubclass(c, asked)}
        if found and found != classes:
            self.narrowed[s.targets[0]] = owner, found, classes - found
            label, name = self.label(owner, s.loc), tuple(sorted(c.__name__ for c in found))
            return (label, replace(s, fn=Ref(ops.contains), args=(
                Var(label.targets[0]), Const(name))))
        self.written += 1
        return (Move(s.targets, (Const(bool(found)),), s.loc),)

    def base(self, s: Bind) -> Block | None:
        """`super()` in a method of an object with a place."""
        within = s.args[0].object if isinstance(s.args[0], Ref) else None
        if len(s.args) != 2 or not isinstance(within, type) or not isinstance(s.args[1], Var):
            return None
        self.bases[s.targets[0]] = within, s.args[1]
        return ()

    def on_base(self, s: Bind, within: type, owner: Var) -> Block:
        """`super().name(...)`"""
        assert self.shapes is not None
        classes = self.shapes.of(owner).objects
        name = s.args[1].value if s.calls(ops.method) and isinstance(s.args[1], Const) else ""
        found = {next((vars(b)[name] for b in c.__mro__[c.__mro__.index(within) + 1:]
                       if name in vars(b)), None) for c in classes if within in c.__mro__}
        fn = found.pop() if len(found) == 1 else None
        if not isinstance(fn, types.FunctionType) or registry.find(fn) is not None:
            raise Kept(set(classes))
        bases = dict.fromkeys(b for c in classes for b in c.__mro__)
        self.guards += [Guard(b, name, (), fn) for b in bases if vars(b).get(name) is fn]
        return self.written_in(replace(s, fn=Ref(fn), args=(owner, *s.args[2:])), fn)

    def label(self, owner: Any, loc: ir.Loc) -> Bind:
        """The name of an object's class."""
        name = self.names(f"{owner.name}_class")
        self.once.add(name)
        self.written += 1
        return Bind((name,), Ref(ops.class_name), (owner,), (), loc)

    def inside(self, s: Bind, classes: set[type], name: str, args: tuple) -> Block:
        """A method's body, for an object with a place, or one for each class that it may have."""
        assert self.shapes is not None
        ways: dict[int, list[type]] = {}
        for c in in_order(classes):
            ways.setdefault(id(members.member(c, name)), []).append(c)
        (cls, *others), *rest = ways.values()
        if not rest:
            self.guards += [_guard(c, name) for c in others]
            return self.one(s, cls, name, args)
        if self.shapes.of(args[0]).none:
            raise Kept(classes)
        label = self.label(args[0], s.loc)
        block: Block = ()
        for way in reversed(list(ways.values())):
            own, test = self.names(args[0].name), self.names("test")
            self.once |= {own, test}
            self.guards += [_guard(c, name) for c in way[1:]]
            made = (Bind((own,), Ref(ops.narrowed), (args[0], *map(Ref, way)), (), s.loc),
                    *self.body(s, way[0], name, (Var(own), *args[1:])))
            names = tuple([c.__name__ for c in way])
            block = made if not block else (
                Bind((test,), Ref(ops.contains), (Var(label.targets[0]), Const(names)), (), s.loc)
                if len(way) > 1 else
                Bind((test,), Ref(operator.eq), (Var(label.targets[0]), Const(*names)), (), s.loc),
                ir.If(Var(test), made, block, s.loc))
        return (label, *block)

    def one(self, s: Bind, cls: type, name: str, args: tuple) -> Block:
        """A method's body, for an object with a place; None has no such method."""
        assert self.shapes is not None
        look = () if not self.shapes.of(args[0]).none else before_call(
            s, cls, name, args, self.names)
        if look is None:
            raise Kept({cls})
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
            raise Kept({cls})
        return self.written_in(replace(s, fn=Ref(found), args=args), found)

    def written_in(self, s: Bind, fn: types.FunctionType) -> Block:
        assert self.shapes is not None
        given = [a for a in (*s.args, *[a for _, a in s.kwargs]) if isinstance(a, Var)]
        classes = set().union(*[self.shapes.classes(self.shapes.of(a)) for a in given])
        code = fn.__code__
        lines = [n for *_, n in code.co_lines() if n is not None]
        if s.loc.file == code.co_filename and min(lines) <= s.loc.line <= max(lines):
            raise Kept(classes)  # it calls itself
        try:
            return self.pasted(s, fn, ())
        except Seen as seen:
            if seen.sites <= self.banned:
                raise Kept(classes) from None
            raise


def _guard(cls: type, name: str) -> Guard:
    """That a class has the method that it has now."""
    found = members.member(cls, name)
    return Guard(cls, name, (), found.__func__ if isinstance(found, staticmethod) else found)
