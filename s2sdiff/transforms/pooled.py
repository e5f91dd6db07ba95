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

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Function, Move, Ref, Store, Var, replace
from s2sdiff.transforms import closures, members, unboxed
from s2sdiff.transforms.assumptions import Assumptions
from s2sdiff.transforms.bodies import class_of, helper_of
from s2sdiff.transforms.context import Context, Guard, Names
from s2sdiff.transforms.objects import Outlived, Seen, Site
from s2sdiff.transforms.pool_families import Family, Kept, Together, joined
from s2sdiff.transforms.pool_nones import before_call, checked
from s2sdiff.transforms.pool_shapes import Shapes, strange
from s2sdiff.transforms.pool_writing import Writer
from s2sdiff.transforms.resolve import namespace_value

__all__ = ["run"]

#: How often methods are written in whose objects are known only then; and how long a function gets.
_ROUNDS, _LIMIT = 8, 600


def run(function: Function, context: Context) -> Function:
    """The function without the objects that can be done without."""
    plain = unboxed.run(function, context)
    kept: set[type] = set()
    families: dict[type, Family] = {}
    while True:
        left = {c for s in ir.statements(plain) if (c := class_of(s, function.origin)) is not None
                and c is not types.SimpleNamespace and type(s) is Bind}
        if not left - kept:
            return plain
        try:
            return _Pools(function, context, left - kept, families).written()
        except Together as found:
            families = joined(families, found.fields)
        except Kept as found:
            if found.classes <= kept:
                return plain
            kept |= found.classes


class _Pools:
    """One attempt, for objects of some classes."""

    def __init__(self, function: Function, context: Context, classes: set[type],
                 families: dict[type, Family]) -> None:
        self.function, self.context, self.classes = function, context, classes
        self.families = families
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
                raise Kept(self.classes)
            shapes = Shapes(current, self.made, self.fields, self.families)
            together = shapes.together()
            if together:
                raise Together({c: set(self.fields[c]) for c in together})
        else:
            raise Kept(self.classes)
        if not self.fields:
            raise Kept(self.classes)
        assert shapes is not None
        wrong = shapes.mixed().union(*[shapes.classes(shapes.of(Var(n)))
                                       for _, n in strange(shapes)])
        if wrong:
            raise Kept(wrong)
        names = Names({*current.names, *ir.all_defs(current.body)})
        body = Writer(shapes, self.fields, names).block(checked(current.body, shapes, names))
        loc = self.function.loc
        lists = {n for fields in self.fields.values() for n in fields.values()}
        lists |= {n for c in self.fields if (f := self.families.get(c)) for n in f.lists}
        start = [Bind((name,), Ref(ops.list_), (), (), loc) for name in sorted(lists)]
        for guard in self.guards:
            self.context.guard(guard)
        self.context.rules.update((id(f), (f, None)) for f in self.methods)
        made, unmet = self.assumptions.settled(
            replace(current, body=(*start, *body), names=frozenset(names.taken),
                    bases={**current.bases, **names.bases}), self.context)
        if unmet:
            raise Kept(self.classes)
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
                    raise Kept(self.classes) from None
                self.banned |= seen.sites
            except Outlived as outlived:
                apart.add(outlived.name)
            else:
                if not pooler.objects and not pooler.written:
                    return function
                self.guards += pooler.guards
                self.methods += pooler.methods
                names = function.names | {n for f in self.fields.values() for n in f.values()}
                names |= {n for f in self.families.values() for n in f.lists}
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
        #: By what `super()` gave: the class in which it stands, and the object.
        self.bases: dict[str, tuple[type, Var]] = {}

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
            common = {} if family is None else family.named(self.names)
            fields = self.pools.fields[cls] = {
                f: common[f] if f in common else self.names(f"{stem}_{f}") for f in held}
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
                assert isinstance(s.fn, ir.Free)
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
        found = {c for c in classes if issubclass(c, asked)}
        if found and found != classes:
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
        self.guards += [Guard(b, name, (), fn) for b in within.__mro__ if vars(b).get(name) is fn]
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
        for c in sorted(classes, key=lambda c: c.__qualname__):
            ways.setdefault(id(members.member(c, name)), []).append(c)
        (cls, *others), *rest = ways.values()
        if not rest:
            self.guards += [Guard(c, name, (), members.member(c, name)) for c in others]
            return self.of_class(s, cls, name, args)
        if self.shapes.of(args[0]).none:
            raise Kept(classes)
        label = self.label(args[0], s.loc)
        block: Block = ()
        for way in reversed(list(ways.values())):
            own, test = self.names(args[0].name), self.names("test")
            self.once |= {own, test}
            self.guards += [Guard(c, name, (), members.member(c, name)) for c in way[1:]]
            made = (Bind((own,), Ref(ops.narrowed), (args[0], *map(Ref, way)), (), s.loc),
                    *self.body(s, way[0], name, (Var(own), *args[1:])))
            names = tuple([c.__name__ for c in way])
            block = made if not block else (
                Bind((test,), Ref(ops.contains), (Var(label.targets[0]), Const(names)), (), s.loc)
                if len(way) > 1 else
                Bind((test,), Ref(operator.eq), (Var(label.targets[0]), Const(*names)), (), s.loc),
                ir.If(Var(test), made, block, s.loc))
        return (label, *block)

    def of_class(self, s: Bind, cls: type, name: str, args: tuple) -> Block:
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
