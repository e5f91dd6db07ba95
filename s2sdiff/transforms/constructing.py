"""How objects that become variables are made, and how their attributes are read and written."""

from __future__ import annotations

import builtins
import functools
import inspect
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Free, Move, Ref, Store, Var, replace
from s2sdiff.kinds import kind_of
from s2sdiff.runtime import cells, markers
from s2sdiff.runtime.declared import is_constant
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.known_classes import Classes
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.objects import DISPLAYS, Seen

__all__ = ["Constructing"]


class Constructing(Classes):
    """Objects of classes that are known, with their constructors and attributes."""

    #: The methods that are written in; in how many bodies that an exception may leave.
    methods: list[Any]
    attempts: int

    def pasted(self, s: Bind, method: Any, callers: tuple[Any, ...]) -> Block:
        """A method's body in the place of a call."""
        raise NotImplementedError

    def statements(self, block: Block, callers: tuple[Any, ...],
                   kept: set[str] | None = None) -> Block:
        """What stands for statements."""
        raise NotImplementedError

    def construct(self, s: Bind, cls: Any, callers: tuple[Any, ...]) -> Block | None:
        if (s.loc.file, s.loc.line, s.loc.column) in self.banned:
            return None
        return self.built(s, cls, callers)

    def built(self, s: Bind, cls: Any, callers: tuple[Any, ...]) -> Block | None:
        """The variables of a new object."""
        (name,), site = s.targets, (s.loc.file, s.loc.line, s.loc.column)
        if name not in self.once:
            own = self.names(name)
            self.once.add(own)
            made = self.built(replace(s, targets=(own,)), cls, callers)
            self.complete.add(own)
            return (*(made or ()), *self.copy(name, own, s.loc))
        self.objects[name], self.sites[name], self.fields[name] = cls, {site}, {}
        self.made_in[name] = self.blocks[-1]
        self.methods += [cls, cls.__init__]
        if self.attempts:
            raise Seen({site})
        if isinstance(s.fn, Free):
            self.guards.append(Guard(None, s.fn.name, (), cls))
        elif s.calls(ops.method):
            owner, key = s.args[:2]
            assert isinstance(owner, Free)
            assert isinstance(key, Const)
            self.guards.append(Guard(None, owner.name, (key.value,), cls))
            s = replace(s, args=s.args[2:])
        if cls is types.SimpleNamespace or members.in_fields(cls) or members.is_named(cls):
            filled = self.filled(s, cls, name, callers)
            after = members.member(cls, "__post_init__")
            if after is None:
                return filled
            call = Bind((), Ref(after), (Var(name),), (), s.loc)
            return self.surely(name, (*filled, *self.pasted(call, after, callers)))
        init = members.constructor(cls)
        if init is None:
            if s.args or s.kwargs or cls.__init__ is not object.__init__:
                raise Seen({site})
            return ()
        self.guards.append(Guard(cls, "__init__", (), init))
        call = Bind((), Ref(init), (Var(name), *s.args), s.kwargs, s.loc)
        return self.surely(name, self.pasted(call, init, callers))

    def filled(self, s: Bind, cls: Any, name: str, callers: tuple[Any, ...]) -> Block:
        """What a constructor does that takes what the fields hold, or makes it."""
        makers, given = self.given(s, cls, name)
        made: list[ir.Stmt] = []
        for m in makers:
            fn = m.fn.object if isinstance(m.fn, Ref) else None  # type: ignore[union-attr]
            if not isinstance(fn, types.FunctionType) or fn in DISPLAYS.values():
                made += self.statements((m,), callers)
                continue
            try:
                made += self.pasted(m, fn, callers)  # type: ignore[arg-type]
            except Seen as seen:
                raise Seen(seen.sites or self.sites[name]) from None
        return (*made, *[m for k, a in given.items() for m in self.put(name, k, a, s.loc)])

    def surely(self, name: str, body: Block) -> Block:
        """What makes an object, if it puts all attributes there on every way."""
        sure = {t for b in body if isinstance(b, (Bind, Move)) for t in b.targets}
        if not self.leaves(name) <= sure | self.same.keys():
            raise Seen(self.sites[name])
        return body

    # --------------------------------------------------------------------------- attributes

    def store(self, s: Store, callers: tuple[Any, ...]) -> Block | None:
        owner = self.object_of(s.target)
        if owner is None:
            return None
        assert isinstance(s.key, Const)
        name = s.key.value
        self.no_function(owner)
        if self.objects[owner] is cells.cell:
            return self.filled_cell(owner, s.value, s.loc)
        found = members.member(self.objects[owner], name)
        if isinstance(found, property) and s.value is not None and isinstance(
                found.fset, types.FunctionType):
            return self.set_by(found, s, owner, callers)
        late = owner in self.complete and name not in self.fields[owner]
        if late and self.is_there_from_now_on(s, owner):
            self.filled_later.setdefault(self.blocks[-1], set()).add(owner)
            late = False
        if owner in self.complete:
            self.stored.add(owner)
        if s.value is None or late or not members.settable(self.objects[owner], name):
            # What a constructor leaves out would be read without being there.
            raise Seen(self.sites[owner])
        if s.fn is builtins.setattr:
            return self.put(owner, name, s.value, s.loc)
        if name not in self.fields[owner] or is_constant(self.objects[owner], name):
            raise Seen(self.sites[owner])
        target = self.fields[owner][name]
        return (Bind((target,), Ref(s.fn), (Var(target), s.value), (), s.loc),)

    def stored_plainly(self, s: Bind) -> Block | None:
        """`object.__setattr__(o, name, v)`, by which frozen classes write."""
        _, _, target, key, value = s.args
        owner = self.object_of(target)
        if owner is None or self.meant(s.args[0]) is not object:
            return None
        self.no_function(owner)
        name = getattr(key, "value", None)
        if not isinstance(name, str) or isinstance(value, ir.Star) or members.member(
                self.objects[owner], name) is not None or (
                owner in self.complete and name not in self.fields[owner]):
            raise Seen(self.sites[owner])
        if owner in self.complete:
            self.stored.add(owner)
        return self.put(owner, name, value, s.loc)

    def is_there_from_now_on(self, s: Store, owner: str) -> bool:
        """Whether what a constructor left out is set in the block that makes the object: all that
        reads it there comes behind."""
        return s.fn is builtins.setattr and owner not in self.copied and not self.attempts and \
            self.made_in.get(owner) == self.blocks[-1]

    def set_by(self, found: property, s: Store, owner: str, callers: tuple[Any, ...]) -> Block:
        """`o.name = v`, or `o.name += v`, where the class has a function that sets it."""
        cls, name = self.objects[owner], s.key.value  # type: ignore[union-attr]
        self.guards.append(Guard(cls, name, (), found))
        self.methods.append(found)
        made: Block = ()
        value: Any = s.value
        if s.fn is not builtins.setattr:
            was, given = Var(self.names(f"{owner}_{name}")), value
            value = Var(self.names(f"{owner}_{name}"))
            self.once |= {was.name, value.name}
            made = self.statements((
                Bind((was.name,), Ref(getattr), (Var(owner), Const(name)), (), s.loc),
                Bind((value.name,), Ref(s.fn), (was, given), (), s.loc)), callers)
        assert found.fset is not None
        call = Bind((), Ref(found.fset), (Var(owner), value), (), s.loc)
        return (*made, *self.pasted(call, found.fset, callers))

    def no_function(self, owner: str) -> None:
        """What a function has as attributes is not what it captures, which stands under fields."""
        if type(self.objects[owner]) is cells.Maker:
            raise Seen(self.sites[owner])

    def attribute(self, s: Bind, owner: str, name: str, callers: tuple[Any, ...]) -> Block:
        self.no_function(owner)
        found = members.member(self.objects[owner], name)
        if isinstance(found, property) and isinstance(found.fget, types.FunctionType):
            self.guards.append(Guard(self.objects[owner], name, (), found))
            self.methods.append(found)
            return self.pasted(replace(s, fn=Ref(found.fget), args=(Var(owner),)), found.fget,
                               callers)
        if isinstance(found, functools.cached_property):
            if name not in self.fields[owner]:
                return self.cached(s, found, owner, name, callers)
            found = None
        if found is None and name not in self.fields[owner]:
            return (self.of_its_class(s, owner, name),)
        if found is not None:
            raise Seen(self.sites[owner])
        if not s.targets:
            return ()  # it only looks whether there is such
        held = (Var(self.fields[owner][name]),)
        if is_constant(self.objects[owner], name):
            return (Bind(s.targets, Ref(markers.stop_gradient), held, (), s.loc),)
        read = Move(s.targets, held, s.loc)
        function = self.moved(read)
        return (read,) if function is None else function

    def cached(self, s: Bind, found: functools.cached_property, owner: str, name: str,
               callers: tuple[Any, ...]) -> Block:
        """The first read of a property that is kept, where all others come behind it."""
        written = Store(builtins.setattr, Var(owner), Const(name), None, "attribute", s.loc)
        if not isinstance(found.func, types.FunctionType) or owner not in self.complete or \
                not self.is_there_from_now_on(written, owner):
            raise Seen(self.sites[owner])
        self.guards.append(Guard(self.objects[owner], name, (), found))
        self.filled_later.setdefault(self.blocks[-1], set()).add(owner)
        value = self.names(f"{owner}_{name}")
        self.once.add(value)
        call = Bind((value,), Ref(found.func), (Var(owner),), (), s.loc)
        made = self.pasted(call, found.func, callers)
        kept = self.put(owner, name, Var(value), s.loc)
        read = tuple([Move((t,), (Var(self.fields[owner][name]),), s.loc) for t in s.targets])
        return (*made, *kept, *read)

    def of_its_class(self, s: Bind, owner: str, name: str) -> Bind:
        """What no object has itself, and its class has for all: read there, as it is then."""
        cls = self.objects[owner]
        value = inspect.getattr_static(cls, name, _MISSING)
        if not isinstance(cls, type) or value is _MISSING or not members.is_value(value):
            raise Seen(self.sites[owner])
        self.guards.append(Guard(cls, name, (), None, kind_of(value, name)))
        read: ir.Atom = Ref(cls)
        if namespace_value(self.function.origin, cls.__name__) is cls:
            self.guards.append(Guard(None, cls.__name__, (), cls))
            read = Free(cls.__name__)
        return replace(s, fn=Ref(getattr), args=(read, Const(name)))


_MISSING = object()
