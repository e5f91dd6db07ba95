"""Objects that nobody else sees become variables, one for each attribute.

An object of a plain class that is made here, and of which only attributes are read and written and
methods called, needs no memory: its class's methods are written into the calls, and its attributes
are variables of the function.  As soon as it goes anywhere else it stays an object.
"""

from __future__ import annotations

import operator
import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Free, Function, Move, Ref, Star, Store, Var, replace
from s2sdiff.runtime import standins_elementwise
from s2sdiff.transforms import (
    closures,
    given_functions,
    given_to_solvers,
    members,
    named_objects,
)
from s2sdiff.transforms.bodies import (
    class_method_of,
    class_of,
    helper_of,
    is_factory,
    makes,
)
from s2sdiff.transforms.calls_written_in import Calls
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.objects import Outlived, Seen, Site, apart, bound_once

__all__ = ["BINARY", "UNARY", "Unboxer", "concerns", "run"]

BINARY = {getattr(operator, n): f"__{n.strip('_')}__" for n in (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lt", "le", "gt", "ge",
    "eq", "ne", "and_", "or_", "xor")}
UNARY = {operator.neg: "__neg__", operator.pos: "__pos__", abs: "__abs__", len: "__len__",
         operator.getitem: "__getitem__"}
BUILTINS: dict[str, Any] = {"abs": abs, "len": len}


def concerns(function: Function) -> bool:
    """Whether the function makes objects of classes, or functions."""
    origin = function.origin
    for s in ir.statements(function):
        if type(s) is not Bind or (
                type(s.fn) is Ref and type(s.fn.object) is types.BuiltinFunctionType):
            continue  # as most: operators
        helper = helper_of(s, origin)
        if makes(s) or class_of(s, origin) or is_factory(helper) or _is_elementwise(helper) or \
                class_method_of(s, origin) is not None:
            return True
    return False


def _is_elementwise(fn: Any) -> bool:
    """What stands for an `np.vectorize`; the function that it is given may be of a module."""
    return fn is not None and fn.__module__ == standins_elementwise.__name__


def run(function: Function, context: Context) -> Function:
    """The function without the objects that can be done without."""
    banned: set[Site] = set()
    apart: set[str] = set()
    while True:
        unboxer = Unboxer(function, banned, apart)
        try:
            body = unboxer.block(function.body, ())
            unboxer.nothing_left(body)
        except Seen as seen:
            if not seen.sites or seen.sites <= banned:
                return function
            banned |= seen.sites
            continue
        except Outlived as outlived:
            if outlived.name in apart:
                return function  # to tell it apart once more would change nothing
            apart.add(outlived.name)
            continue
        if not unboxer.objects and not unboxer.written:
            return function
        made = replace(function, body=body, bases={**function.bases, **unboxer.names.bases})
        made, unmet = unboxer.assumptions.settled(made, context)
        if unmet:
            if unmet <= banned:
                return function
            banned |= unmet
            continue
        for guard in unboxer.guards:
            context.guard(guard)
        context.rules.update((id(f), (f, None)) for f in unboxer.methods)
        return made


class Unboxer(Calls):
    def __init__(self, function: Function, banned: set[Site], apart: set[str]) -> None:
        super().__init__(function, banned)
        self.apart = apart
        self.once -= apart
        self.writer = closures.Writer(function, self.names)
        self.guards: list[Guard] = []
        self.methods: list[Any] = []
        self.written, self.attempts, self.count = 0, 0, 0

    # ------------------------------------------------------------------------------- blocks

    def block(self, block: Block, callers: tuple[Any, ...]) -> Block:
        before = set(self.same)
        self.count += 1
        self.blocks.append(self.count)
        made = self.statements(block, callers)
        left = self.blocks.pop()
        self.complete -= self.filled_in.pop(left, set())
        self.left |= self.filled_later.pop(left, set())
        # In the next round, its object may be another one by the time that it is bound.
        self.over |= self.same.keys() - before
        return made

    def statements(self, block: Block, callers: tuple[Any, ...],
                   kept: set[str] | None = None) -> Block:
        """What stands for statements, where nobody else has their names but those `kept`."""
        out: list[ir.Stmt] = []
        before: list[ir.Stmt] = []
        rest = block
        while rest:
            s, rest = self.settled(rest[0]), rest[1:]
            if isinstance(s, tuple):
                rest = (*s, *rest)
                if kept is not None:
                    rest = apart(rest, self.names, kept, before)
                    self.once |= bound_once((*before, *rest)).difference(kept, self.apart)
                continue
            before.append(s)
            self.not_implemented(s)
            made = self.statement(s, callers)
            if made is None:
                self.looked_at(s)
                inner = ir.blocks(s)
                if inner:
                    self.attempts += isinstance(s, (ir.Try, ir.With))
                    s = ir.with_blocks(s, tuple([self.block(b, callers) for b in inner]))
                    self.attempts -= isinstance(s, (ir.Try, ir.With))
                made = (s,)
            out += made
        return tuple(out)

    # --------------------------------------------------------------------------- statements

    def statement(self, s: ir.Stmt, callers: tuple[Any, ...]) -> Block | None:
        """What stands for a statement that makes or uses objects; None: it does not."""
        if isinstance(s, Store) and s.place == "attribute":
            return self.store(s, callers)
        if isinstance(s, Move):
            return self.moved(s)
        if not isinstance(s, Bind):
            return None
        made = self.made(s)
        if made is not None:
            return made
        s = named_objects.changed(s, self, self.guards, self.function.origin) or s
        cls = class_of(s, self.function.origin)
        if cls is not None:
            made = self.construct(s, cls, callers)
            self.complete.update(s.targets)
            return made
        if s.calls(super) and len(s.args) == 2 and isinstance(s.args[0], Ref) and \
                self.object_of(s.args[1]):
            self.parents[s.targets[0]] = s.args[0].object, str(self.object_of(s.args[1]))
            return ()
        lifted = given_to_solvers.called(s, self)
        if lifted is not None:
            return lifted
        if s.args and not isinstance(s.args[0], Star):
            found = self.used(s, callers)
            if found is not None:
                return found
        owner = self.object_of(s.fn)
        return self.helper(s, callers) if owner is None else \
            self.method(s, owner, "__call__", s.args, callers)

    def helper(self, s: Bind, callers: tuple[Any, ...]) -> Block | None:
        """A call of a function of the user's that is given such an object, or gives one."""
        fn = helper_of(s, self.function.origin)
        makes_one = is_factory(fn)
        if fn is None or not (makes_one or _is_elementwise(fn) or any(
                map(self.object_of, (*s.args, *[a for _, a in s.kwargs])))):
            return None
        if makes_one:
            self.factories.append(fn.__code__)
        if isinstance(s.fn, Free):
            self.guards.append(Guard(None, s.fn.name, (), fn))
        made = given_functions.called(s, fn, self)
        if made is not None:
            return made
        return self.pasted(replace(s, fn=Ref(fn)), fn, callers)

    def used(self, s: Bind, callers: tuple[Any, ...]) -> Block | None:
        first, owner = s.args[0], self.object_of(s.args[0])
        if s.calls(ops.method) and isinstance(s.args[1], Const):
            if isinstance(first, Var) and first.name in self.parents:
                return self.inherited(s, s.args[1].value, *self.parents[first.name], callers)
            if owner is not None:
                return self.method(s, owner, s.args[1].value, s.args[2:], callers)
        if owner is None and s.calls(ops.method):
            if s.args[1] == Const("__setattr__") and len(s.args) == 5:
                return self.stored_plainly(s)
            known = self.of_class_method(s)
            return None if known is None else self.pasted(*known, callers)
        fn = s.fn.object if isinstance(s.fn, Ref) else BUILTINS.get(getattr(s.fn, "name", ""))
        if isinstance(s.fn, Free) and namespace_value(self.function.origin, s.fn.name) is not fn:
            return None
        if owner is None and fn in BINARY and len(s.args) == 2:
            return self.reflected(s, BINARY[fn], callers)
        if owner is None or fn is None:
            return None
        if fn is getattr and len(s.args) == 2 and isinstance(s.args[1], Const):
            return self.attribute(s, owner, s.args[1].value, callers)
        if fn in (operator.is_, operator.is_not) and s.args[1] == Const(None):
            return (Move(s.targets, (Const(fn is operator.is_not),), s.loc),)
        items = named_objects.used(s, fn, self)
        if items is not None:
            return self.statements(items, callers)
        if fn in ops.IN_PLACE and isinstance(members.member(
                self.objects[owner], f"__{fn.__name__}__"), types.FunctionType):
            return self.method(s, owner, f"__{fn.__name__}__", s.args[1:], callers)
        fn = ops.IN_PLACE.get(fn, fn)
        name = BINARY.get(fn) if fn in BINARY else UNARY.get(fn)
        if name is None or s.kwargs or not isinstance(
                members.member(self.objects[owner], name), types.FunctionType) or (
                fn in BINARY and members.gives_way(self.objects[owner], name)):
            return None
        return self.method(s, owner, name, s.args[1:], callers)
