"""Methods of objects that become variables, and functions that are given such, in their calls."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import errors, ir, registry
from s2sdiff.ir import Bind, Block, Const, Def, Ref, Var, replace
from s2sdiff.transforms import closures, inline, members, unrolled
from s2sdiff.transforms.bodies import Captured, body_of
from s2sdiff.transforms.constructing import Constructing
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.early import lowered
from s2sdiff.transforms.objects import Seen, apart, bound_once

__all__ = ["Calls"]

#: No more statements are written into a function, and no deeper in each other.
LIMIT, DEPTH = 300, 8

#: Objects with one of these are more to NumPy's numbers than something unknown.
_FOR_NUMPY = ("__array_ufunc__", "__array_priority__", "__array__", "__array_interface__",
              "__array_struct__", "__len__", "__getitem__", "__float__", "__complex__", "__index__")


class Calls(Constructing):
    """Objects of classes that are known, and what is called of them."""

    #: Names that are bound once, and are told apart where another object may be bound meanwhile.
    apart: set[str]
    writer: closures.Writer
    #: How many statements were written in.
    written: int

    def reflected(self, s: Bind, name: str, callers: tuple[Any, ...]) -> Block | None:
        """`0.5 * vector`: of a number, which knows nothing of vectors."""
        number, other = s.args[0], self.object_of(s.args[1])
        cls = self.objects.get(other or "")
        if other is None or type(cls) is not type or any(hasattr(cls, n) for n in _FOR_NUMPY):
            return None
        name = f"__r{name[2:]}"
        if not isinstance(members.member(cls, name), types.FunctionType):
            return None
        if isinstance(number, Const) and type(number.value) in (int, float, complex):
            return self.method(s, other, name, (number,), callers)
        given = self.names("factor")
        mark = self.assumptions.mark(given, number, self.sites[other], None, s.loc)
        return (mark, *self.method(s, other, name, (Var(given),), callers))

    def method(self, s: Bind, owner: str, name: str, args: tuple,
               callers: tuple[Any, ...]) -> Block:
        cls = self.objects[owner]
        function = self.made_function(owner) if name == "__call__" else None
        if function is not None:
            s = self.with_defaults(s, owner, function[0].__code__)
            return self.pasted(s, function[0], callers, function[1])
        found = members.member(cls, name)
        if found is None and name in self.fields[owner]:
            return self.statements((replace(s, fn=Var(self.fields[owner][name]), args=args),),
                                   callers)
        if found is None:
            held = self.names(f"{owner}_{name}")
            self.once.add(held)
            read = Bind((held,), Ref(getattr), (Var(owner), Const(name)), (), s.loc)
            return (self.of_its_class(read, owner, name), replace(s, fn=Var(held), args=args))
        if isinstance(found, staticmethod):
            self.guards.append(Guard(cls, name, (), found.__func__))
            return (replace(s, fn=Ref(found.__func__), args=args),)
        if found is NotImplemented:
            known = self.of_class_method(replace(s, args=(Ref(cls), Const(name), *args)))
            if known is not None:
                return self.pasted(*known, callers)
        if not isinstance(found, types.FunctionType):
            raise Seen(self.sites[owner])
        self.guards.append(Guard(cls, name, (), found))
        return self.pasted(replace(s, fn=Ref(found), args=(Var(owner), *args)), found, callers)

    def inherited(self, s: Bind, name: str, within: Any, owner: str,
                  callers: tuple[Any, ...]) -> Block:
        """`super().name(...)`"""
        cls = self.objects[owner]
        for base in cls.__mro__[cls.__mro__.index(within) + 1:]:
            found = vars(base).get(name)
            if base is object and name == "__init__" and len(s.args) == 2 and not s.kwargs:
                return ()
            ruled = registry.find(found) is not None
            if name == "__init__" and members.in_fields(base) and not ruled and \
                    members.member(cls, "__post_init__") is None:
                return self.filled(replace(s, args=s.args[2:]), base, owner, callers)
            if isinstance(found, types.FunctionType) and not ruled and not members.in_fields(base):
                self.guards.append(Guard(base, name, (), found))
                return self.pasted(replace(s, fn=Ref(found), args=(Var(owner), *s.args[2:])), found,
                                   callers)
            if found is not None:
                break
        raise Seen(self.sites[owner])

    def pasted(self, s: Bind, method: Any, callers: tuple[Any, ...],
               captured: Captured | None = None) -> Block:
        """A method's body in the place of a call; `captured`, by name, is what a function has."""
        sites = self.sites_of({n for a in (s.fn, *s.args) if (n := self.object_of(a))})
        # An object may ask the parts that it is made of what it is asked itself.
        key = method.__code__, self.object_of(s.args[0]) if s.args else None
        if key in callers or len(callers) >= DEPTH:
            raise Seen(sites)
        try:
            body = body_of(method, self.function, self.guards, captured)
            helper = lowered(method)
        except errors.DifferentiationError:
            raise Seen(sites) from None
        if body is not None:
            helper, body = unrolled.handed_on(helper, body, s)
        starred = any(p.kind in ("star", "starstar") for p in helper.params)
        env = None if body is None or starred else inline.arguments_of(s, helper)
        if env is None:
            raise Seen(sites)
        assert body is not None
        params = tuple(p.name for p in helper.params)
        d = Def(method.__name__, params, body, helper.loc)
        self.names.taken |= set(params) | ir.all_defs(body)
        self.writer.used.add(d.name)
        args = tuple(env[p] for p in params)
        made = self.writer.called(Bind(s.targets, Var(d.name), args, (), s.loc), d)
        made = apart(made, self.names, set(s.targets))
        if captured is None:
            self.methods.append(method)
        self.written += sum(1 for _ in ir.walk(made))
        if self.written > LIMIT:
            raise Seen(sites)
        self.once |= bound_once(made).difference(s.targets, self.apart)
        return self.statements(made, (*callers, key), set(s.targets))
